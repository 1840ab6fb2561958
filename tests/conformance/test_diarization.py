"""Every engine that tells voices apart.

What an answer looks like holds for all of them, a pyannote pipeline of random weights included; who is told apart from
whom is asked of those that have learned something.
"""

from __future__ import annotations

from importlib.util import find_spec
from typing import Any

import numpy as np
import pytest
import tiny_pyannote

from localize import backends
from localize.media import audio, room
from localize.roles import SpeechRequest
from localize.timing import span
from localize.voice import stock_voices

CAST = ("stock-f3", "stock-m1", "stock-elder-f")
LINES = (
    (0, "你以为我还会回来吗？", "angry"),
    (1, "签了它，我就放你走。", "cold"),
    (2, "不许你这么说我的女儿！", "shock"),
    (0, "三年了，他一次都没有信过我。", "sad"),
    (1, "沈总，给我们一条活路吧。", "plea"),
    (2, "五百万，够你离开我儿子了吧？", "cold"),
    (1, "再给我一次机会，好不好？", "plea"),
    (0, "晚了，我们早就结束了。", "plain"),
)


def said(text: str, who: str, emotion: str = "") -> audio.Sound:
    return backends.load("tts", "espeak").speak(SpeechRequest(text, "zh-CN", stock_voices()[who], emotion)).sound


@pytest.fixture(scope="module")
def scene() -> tuple[audio.Sound, list[Any], dict[str, list[audio.Sound]]]:
    """Eight lines by three voices in a room, and a dry reference of each voice saying something else."""
    pieces, spans, at = [], [], 0
    for who, text, emotion in LINES:
        wet = room.placed(said(text, CAST[who], emotion), -8.0).mean(axis=1)
        wet = wet[: len(wet) // 48 * 48]
        pieces.append(wet)
        spans.append(span(at, at + len(wet) // 48))
        at += len(wet) // 48
    clip = "今天天气很好，我们一起去公园散步，看看花，喝喝茶，聊聊过去的事情。"
    return np.concatenate(pieces), spans, {who: [said(clip, who)] for who in CAST}


def learned() -> list[str]:
    """Engines whose weights come with them; a pyannote pipeline is the user's, and here only when one was named."""
    names = sorted(backends.known("diarization"))
    return [name for name in names if name != "pyannote" or backends.availability("diarization", name).ready]


@pytest.fixture(params=learned())
def engine(request: pytest.FixtureRequest) -> Any:
    state = backends.availability("diarization", request.param)
    if not state.ready:
        pytest.skip(f"{request.param}: {state.why}")
    return backends.load("diarization", request.param)


def test_the_cast_is_recognised(engine: Any, scene: tuple[Any, Any, Any]) -> None:
    sound, spans, references = scene
    found = engine.attribute(sound, audio.RATE, spans, references)
    assert [one.speaker for one in found] == [CAST[who] for who, _, _ in LINES]
    assert all(one.margin > 0 for one in found)


def test_a_voice_outside_the_cast_is_not_given_to_somebody(engine: Any, scene: tuple[Any, Any, Any]) -> None:
    sound, spans, references = scene
    known = {who: clips for who, clips in references.items() if who != "stock-m1"}
    found = [one.speaker for one in engine.attribute(sound, audio.RATE, spans, known)]
    for (who, _, _), speaker in zip(LINES, found, strict=True):
        assert speaker.startswith("?") if who == 1 else speaker == CAST[who]


def test_without_a_cast_voices_are_told_apart(engine: Any, scene: tuple[Any, Any, Any]) -> None:
    sound, spans, _ = scene
    found = [one.speaker for one in engine.attribute(sound, audio.RATE, spans, {})]
    pairs = {(who, speaker) for (who, _, _), speaker in zip(LINES, found, strict=True)}
    assert len(pairs) == len({speaker for _, speaker in pairs}) == 3
    assert found[0] == "?1"


@pytest.mark.parametrize("named", [0, 1, 2])
def test_who_is_named_by_their_own_lines_takes_nobody_elses(
    engine: Any, scene: tuple[Any, Any, Any], named: int
) -> None:
    sound, spans, _ = scene
    own = [sound[audio.at(where.start) : audio.at(where.end)]
           for where, (who, _, _) in zip(spans, LINES, strict=True) if who == named]  # fmt: skip
    before = [one.speaker for one in engine.attribute(sound, audio.RATE, spans, {})]
    after = [one.speaker for one in engine.attribute(sound, audio.RATE, spans, {"named": own})]
    assert after == ["named" if who == named else was for was, (who, _, _) in zip(before, LINES, strict=True)]


def test_the_number_of_voices_is_bounded(engine: Any, scene: tuple[Any, Any, Any]) -> None:
    sound, spans, _ = scene
    assert len({one.speaker for one in engine.attribute(sound, audio.RATE, spans, {}, 2)}) <= 2


# ── the shape of an answer ──────────────────────────────────────────────────────────────────────────────────
@pytest.fixture(params=sorted(backends.known("diarization")))
def any_engine(request: pytest.FixtureRequest) -> Any:
    """The engine as it is, or with random weights in the real layout."""
    if backends.availability("diarization", request.param).ready:
        return backends.load("diarization", request.param)
    if request.param == "pyannote" and find_spec("pyannote") is not None:
        return backends.load("diarization", "pyannote", {"model": str(tiny_pyannote.folder())})
    pytest.skip(f"{request.param} cannot run here")


@pytest.fixture(scope="module")
def brief(scene: tuple[Any, Any, Any]) -> tuple[audio.Sound, list[Any], dict[str, list[audio.Sound]]]:
    """The first four lines and three seconds of every clip."""
    sound, spans, references = scene
    cut = {who: [clip[: 3 * audio.RATE] for clip in clips] for who, clips in references.items()}
    return sound[: audio.at(spans[3].end)], spans[:4], cut


def test_answers_name_voices_margins_and_rivals(any_engine: Any, brief: tuple[Any, Any, Any]) -> None:
    sound, spans, references = brief
    for clips in (references, {}):
        found = any_engine.attribute(sound, audio.RATE, spans, clips)
        assert len(found) == len(spans)
        for one in found:
            names = [one.speaker, *(name for name, _ in one.rivals)]
            assert all(name in clips or (name[:1] == "?" and name[1:].isdigit()) for name in names)
            assert len(set(names)) == len(names)
            gaps = [gap for _, gap in one.rivals]
            assert gaps == sorted(gaps) and one.margin == (gaps[0] if gaps else 0) >= 0 and one.clear >= 0


def test_the_same_sound_gives_the_same_answer(any_engine: Any, brief: tuple[Any, Any, Any]) -> None:
    sound, spans, references = brief
    first = any_engine.attribute(sound, audio.RATE, spans, references, 5)
    assert any_engine.attribute(sound, audio.RATE, spans, references, 5) == first


def test_strangers_are_numbered_in_the_order_in_which_they_speak(any_engine: Any, brief: tuple[Any, Any, Any]) -> None:
    sound, spans, _ = brief
    found = [one.speaker for one in any_engine.attribute(sound, audio.RATE, spans, {}) if one.speaker != "?0"]
    assert list(dict.fromkeys(found)) == [f"?{number}" for number in range(1, len(set(found)) + 1)]


def test_silence_is_nobody(any_engine: Any) -> None:
    silence = np.zeros(audio.RATE, np.float32)
    assert any_engine.attribute(silence, audio.RATE, [span(0, 500)], {})[0].speaker.startswith("?")
    assert any_engine.attribute(silence, audio.RATE, [], {}) == ()
