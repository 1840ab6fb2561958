"""The transcription protocol against a real server on this machine that errs by script."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from talk import talk
from transcription_server import Server, transcription_server, whisper

from localize.backends.asr.openai_speech import BACKEND, Transcriptions
from localize.errors import InputError, LocalizeError, SetupError, WorkError
from localize.media import audio
from localize.roles import Heard

RATE = 16_000


def quiet(seconds: float) -> audio.Sound:
    return np.zeros(round(seconds * RATE), np.float32)


SOUND = np.concatenate([quiet(2), talk(3), quiet(2), talk(2, pitch=210.0), quiet(3)])
"""Speech at 2–5 s and 7–9 s of 12 s."""


@pytest.fixture
def server() -> Iterator[Server]:
    with transcription_server() as made:
        yield made


def ask(server: Server, sound: audio.Sound = SOUND, rate: int = RATE, **more: Any) -> list[Heard]:
    engine = Transcriptions(server.url, "whisper-1", "secret", pause=0.01, **more)
    return list(engine.transcribe(sound, rate, "zh-CN"))


def test_speech_is_heard_where_it_is(server: Server) -> None:
    heard = ask(server)
    assert [one.text for one in heard] == ["你来了吧", "你来了吧"]
    for one, (start, end) in zip(heard, ((2000, 5000), (7000, 9000)), strict=True):
        assert abs(one.span.start - start) < 150 and abs(one.span.end - end) < 150
        assert "".join(word.text for word in one.words) == one.text
        assert one.confidence == 0.8, "exp(avg_logprob), the recogniser's own"
        assert {word.confidence for word in one.words} == {None}, "no word has a score of its own"
    (fields,) = server.asked
    assert fields == {
        "model": ["whisper-1"], "language": ["zh"], "response_format": ["verbose_json"], "temperature": ["0"],
        "prompt": ["以下是普通话的对话。"],
        "timestamp_granularities[]": ["word", "segment"],
    }  # fmt: skip
    assert server.keys == ["Bearer secret"]
    assert 7.5 < len(server.heard[0]) / RATE < 8.5, "silence before and after is not sent"


def test_any_rate_is_sent_as_16_khz_and_a_prompt_goes_along(server: Server) -> None:
    sound = audio.resample(SOUND, RATE, 48_000)
    assert [
        abs(one.span.start - at) < 150
        for one, at in zip(ask(server, sound, 48_000, prompt="沈晚"), (2000, 7000), strict=True)
    ] == [True] * 2
    assert server.asked[0]["prompt"] == ["沈晚"]


def test_long_sounds_go_out_in_pieces_with_their_offsets_restored(server: Server) -> None:
    long = np.concatenate([SOUND, quiet(280), SOUND])
    heard = ask(server, long)
    assert len(server.asked) == 2
    for one, start in zip(heard, (2000, 7000, 294_000, 299_000), strict=True):
        assert abs(one.span.start - start) < 150


def test_words_inside_segments_bring_their_own_probability(server: Server) -> None:
    def faster(sound: audio.Sound) -> dict[str, Any]:
        answer = whisper(sound)
        words = [word | {"probability": 0.5 + 0.125 * (n % 4)} for n, word in enumerate(answer.pop("words"))]
        for n, segment in enumerate(answer["segments"]):
            segment["words"] = words[4 * n : 4 * n + 4]
        return answer

    server.answer = faster
    assert [one.confidence for one in ask(server)] == [0.6875, 0.6875]


def test_words_without_segments_are_enough(server: Server) -> None:
    server.answer = lambda sound: whisper(sound) | {"segments": None}
    heard = ask(server)
    assert [one.text for one in heard] == ["你来了吧", "你来了吧"], "the pause between parts them"
    assert heard[0].confidence is None


def test_segments_without_words_keep_their_times(server: Server) -> None:
    server.answer = lambda sound: {name: value for name, value in whisper(sound).items() if name != "words"}
    heard = ask(server)
    assert [one.words for one in heard] == [(), ()] and abs(heard[1].span.start - 7000) < 150


def test_a_recogniser_that_errs_is_doubted(server: Server) -> None:
    def erring(sound: audio.Sound) -> dict[str, Any]:
        texts = [
            (0.6, 2.0, "我会上课吗" * 6),
            (2.0, 3.2, "谢谢观看"),
            (3.6, 5.2, "请不吝点赞 订阅 转发"),
            (6, 7, "（音乐）"),
        ]
        texts += [(7.1, 90.0, "站住！"), (95, 99, "走吧。"), (float("nan"), 3, "嗯"), ("0", None, "啊")]
        return {
            "text": "".join(text for *_, text in texts),
            "segments": [{"start": start, "end": end, "text": text} for start, end, text in texts] + ["?", {"id": 1}],
        }

    server.answer = erring
    heard = ask(server)
    assert [(one.text[:4], one.doubts) for one in heard] == [
        ("我会上课", ("loop", "pace")), ("谢谢观看", ("boilerplate",)),
        ("请不吝点", ("silence", "boilerplate")), ("站住！", ()),
        ("嗯", ("damaged",)), ("啊", ("damaged",)), ("unre", ("damaged",)),
    ]  # fmt: skip
    assert all(0 <= one.span.start < one.span.end <= 12_000 for one in heard)


def test_one_stretch_over_everything_is_parted_where_nobody_speaks(server: Server) -> None:
    def whole(sound: audio.Sound) -> dict[str, Any]:
        return {
            "text": "你来了吧。你来了吧。",
            "segments": [{"start": 0.0, "end": 12.0, "text": "你来了吧。你来了吧。"}],
        }

    server.answer = whole
    first, second = ask(server)
    assert first.text == second.text == "你来了吧。" and first.words == ()
    assert first.span.end < second.span.start and abs(second.span.start - 7000) < 150


def test_what_the_recogniser_itself_calls_silence_is_doubted(server: Server) -> None:
    def unsure(sound: audio.Sound) -> dict[str, Any]:
        answer = whisper(sound)
        first, second = answer["segments"]
        segments = [first | {"no_speech_prob": 0.9, "avg_logprob": -1.4}, second | {"no_speech_prob": 0.9}]
        return answer | {"segments": segments}

    server.answer = unsure
    assert [one.doubts for one in ask(server)] == [("silence",), ()]


def test_silence_is_not_sent(server: Server) -> None:
    assert ask(server, quiet(5)) == [] and ask(server, quiet(0)) == [] and server.asked == []


@pytest.mark.parametrize("fault", [503, 429, "hang up", b'{"text": "\xe4\xbd', b"<html>busy</html>"])
def test_a_server_that_recovers_is_asked_again(server: Server, fault: Any) -> None:
    server.faults = [fault]
    assert len(ask(server)) == 2 and len(server.asked) == 2


@pytest.mark.parametrize(
    ("faults", "error", "says"),
    [
        ([500] * 4, WorkError, "HTTP 500"),
        (["hang up"] * 4, WorkError, "no answer after 4 tries"),
        ([b'{"text": "half'] * 4, WorkError, "not JSON"),
        ([b"[]"], WorkError, "not a transcription"),
        ([b'{"choices": []}'], WorkError, "not a transcription"),
        ([b'{"text": "\\u8d70\\u5427"}'], WorkError, "no timestamps"),
        ([b'{"text": "Go away.", "language": "english", "segments": []}'], InputError, "heard english, not zh"),
        ([401], SetupError, "key"),
        ([404], SetupError, "address or model"),
        ([400], SetupError, "does not take"),
        ([413], WorkError, "HTTP 413"),
    ],
)  # fmt: skip
def test_a_server_that_stays_broken_is_a_typed_error(
    server: Server, faults: list[Any], error: type[LocalizeError], says: str
) -> None:
    server.faults = faults
    with pytest.raises(error, match=says) as caught:
        ask(server)
    assert caught.value.fix and "secret" not in str(caught.value)


def test_nobody_at_home_is_a_typed_error() -> None:
    with pytest.raises(WorkError, match="4 tries"):
        list(Transcriptions("http://127.0.0.1:9/v1", "m", "", pause=0.01).transcribe(SOUND, RATE, "zh-CN"))


def test_the_card(tmp_path: Any) -> None:
    options = {"url": "http://127.0.0.1:1/v1", "model": "whisper-1", "key": "secret"}
    assert BACKEND.available(options).ready
    told = str(BACKEND.identity(options))
    assert "whisper-1" in told and "secret" not in told and "127.0.0.1" not in told
    for missing in ("url", "model"):
        state = BACKEND.available({name: value for name, value in options.items() if name != missing})
        assert not state.ready and state.why and state.fix
    assert not BACKEND.available(options | {"url": "ftp://x"}).ready
    assert "folder" in BACKEND.available(options | {"model": str(tmp_path)}).why
