"""An episode with captions where a recogniser is ready: both are asked, and what they say is one transcript."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import walk
from local_server import Question
from speech_server import SpeechServer
from walk import Place

from localize.engine.analysis import Analysis, analyse, probed
from localize.engine.events import Event
from localize.engine.fusion import still_so, talked
from localize.engine.local import Runner
from localize.engine.order import Transcript
from localize.engine.plan import draw
from localize.engine.store import Store
from localize.episode import Line, Word
from localize.errors import InputError, SetupError
from localize.evidence import Evidence
from localize.media import audio
from localize.series import open_series
from localize.timing import Ms, Span, span


@pytest.fixture(scope="module")
def place(clip: Place, tmp_path_factory: pytest.TempPathFactory) -> Place:
    return walk.copy(clip, tmp_path_factory.mktemp("fusion") / "it")


def told(
    place: Place, transcript: Transcript, url: str = "", model: str = "simulated"
) -> tuple[Analysis, Counter[str], list[Event]]:
    """The shared analysis, how often each stage had to work for it, and what was said meanwhile."""
    options = {"asr": {"url": url, "model": model}} if url else {}
    order = replace(place.order("en"), transcript=transcript, options=options)
    events: list[Event] = []
    runner = Runner(Store(place.store), events.append, threading.Event())
    source, plan, bible = probed(order, runner), draw(order), open_series(place.series)
    work = analyse(order, plan, bible, source, runner)
    work.plates.settle()
    return work, Counter(one.stage for one in events if one.kind == "done"), events


def analysed(place: Place, transcript: Transcript, url: str = "") -> tuple[Analysis, Counter[str]]:
    return told(place, transcript, url)[:2]


def sounds(place: Place) -> tuple[Any, int]:
    return np.concatenate(list(audio.decode(place.episode, audio.first_track(place.episode), 1)))[:, 0], audio.RATE


def said(read: Analysis, other: int = -1) -> list[list[Word]]:
    """The lines as they are said, but for one, of which the recogniser makes something else."""
    segments = []
    for number, line in enumerate(read.episode.lines):
        said = [c for c in line.text if c.isalnum()] if number != other else list("天冷快穿衣服")
        step = line.span.length // len(said)
        at = [line.span.start + step * n for n in range(len(said) + 1)]
        segments.append([Word(c, Span(Ms(a), Ms(b)), 0.9) for c, a, b in zip(said, at, at[1:], strict=False)])
    return segments


@pytest.fixture(scope="module")
def read(place: Place) -> Analysis:
    return analysed(place, "captions")[0]


@pytest.fixture(scope="module")
def server(place: Place, read: Analysis) -> Iterator[SpeechServer]:
    """Hears the lines as they are said, but for the second, of which it makes something else."""
    with SpeechServer(*sounds(place), said(read, other=1)) as running:
        yield running


def test_captions_keep_their_words_and_ids_and_get_a_second_witness(
    place: Place, read: Analysis, server: SpeechServer
) -> None:
    work, done = analysed(place, "auto", server.url)
    assert work.transcript == "captions+asr"
    assert [(line.id, line.text) for line in work.episode.lines] == [(one.id, one.text) for one in read.episode.lines]
    assert {"activity", "listen", "fuse"} <= set(done)
    assert [one.line for one in work.evidence] == [line.id for line in work.episode.lines]
    assert all(one.witnesses == ("captions", "recogniser") and one.confidence for one in work.evidence)
    agreements = [one.agreement or 0.0 for one in work.evidence]
    assert agreements[0] == agreements[2] == 1.0 and agreements[1] < 0.5
    assert work.evidence[1].said == "天冷快穿衣服"
    assert not analysed(place, "auto", server.url)[1]


def test_either_can_be_asked_for_alone(place: Place, read: Analysis, server: SpeechServer) -> None:
    asked = len(server.asked)
    work, _ = analysed(place, "captions", server.url)
    assert work.transcript == "captions" and work.evidence == () and len(server.asked) == asked
    assert analysed(place, "captions+asr", server.url)[0].transcript == "captions+asr"
    heard, done = analysed(place, "asr", server.url)
    assert heard.transcript == "asr" and [line.text for line in heard.episode.lines][1] == "天冷快穿衣服"
    assert "listen" not in done and len(server.asked) == asked, "it was heard before"


class English(SpeechServer):
    def _answer(self, asked: Question) -> dict[str, Any]:
        return super()._answer(asked) | {"language": "english"}


class Credits(SpeechServer):
    """Thanks for watching beside what is said."""

    def _answer(self, asked: Question) -> dict[str, Any]:
        told = super()._answer(asked)
        last = {"id": 9, "start": told["duration"] - 0.9, "end": told["duration"], "text": "谢谢观看"}
        return told | {"segments": [*told["segments"], last], "words": []}


def test_another_language_in_the_sound_leaves_the_captions(place: Place, read: Analysis) -> None:
    with English(*sounds(place), said(read)) as server:
        work, _, events = told(place, "auto", server.url, "english")
        assert work.transcript == "captions" and len(work.episode.lines) == len(read.episode.lines)
        (warned,) = (one for one in events if one.kind == "warning" and "english" in one.message)
        assert "--transcript captions" in warned.message
        with pytest.raises(InputError, match="english"):
            told(place, "captions+asr", server.url, "english")


def test_what_recognisers_write_over_silence_is_asked_for(place: Place, read: Analysis) -> None:
    with Credits(*sounds(place), said(read)) as server:
        work, _, events = told(place, "asr", server.url, "credits")
    assert [one.text for one in work.doubted] == ["谢谢观看"]
    assert not any("谢谢观看" in line.text for line in work.episode.lines)
    assert any("谢谢观看" in one.message for one in events if one.kind == "warning")
    table = (place.order("en").out / "transcript.csv").read_text("utf-8-sig")
    assert f"{work.doubted[0].line}," in table


def test_the_recogniser_is_told_the_names_of_the_cast(place: Place, read: Analysis, server: SpeechServer) -> None:
    analysed(place, "captions+asr", server.url)
    names = [one.name for one in open_series(place.series).cast]
    assert names and all(name in server.asked[0]["prompt"] for name in names)


def test_fusion_without_a_recogniser_says_what_is_missing(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("LOCALIZE_ASR_URL", "LOCALIZE_ASR_MODEL"):
        monkeypatch.delenv(name, raising=False)
    with pytest.raises(SetupError, match="recogniser"):
        analysed(place, "captions+asr")


def test_what_a_person_settled_needs_no_witness() -> None:
    minted = tuple(Line(f"L000{n}", span(1000 * n, 1000 * n + 500), "晚了") for n in (1, 2, 3))
    lines = (minted[0], replace(minted[1], text="早了"))
    evidence = tuple(Evidence("", ("captions",)) for _ in minted)
    assert still_so(evidence, minted, lines) == (Evidence("L0001", ("captions",)),)


def test_where_somebody_talks_is_not_moved_by_corrections() -> None:
    known = (span(1_000, 3_000), span(2_500, 4_000))
    moved, divided, missed = span(1_200, 4_600), span(3_000, 3_400), span(6_000, 7_000)
    assert talked(known, [moved, divided]) == known
    assert talked(known, [moved, missed]) == (*known, missed)
