"""Two episodes nobody tuned for, from other seeds, walked without a setting that knows them.

The studio's own truth says what must be found: lines, times, speakers.
"""

from __future__ import annotations

import json
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from rapidfuzz.distance import Levenshtein

from localize.engine.events import Event
from localize.engine.order import Order, default_out
from localize.engine.store import Store
from localize.formats import lines_csv
from localize.market import resolve
from localize.pipeline import Outcome, localize
from localize.timing import parse_clock

MARKETS = ("en-US", "es-419", "id-ID")
SEEDS = (17, 5)
"""17: 30 fps, yellow serif captions at 0.72, mono music.  5: 24 fps, cream serif captions at 0.80, stereo music."""


@dataclass(frozen=True)
class Walked:
    """One generated episode, what became of it, and the truth about it."""

    outcome: Outcome
    out: Path
    truth: dict[str, Any]
    rows: tuple[Any, ...]


@pytest.fixture(scope="module", params=SEEDS)
def walked(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Walked:
    import make
    from studio import generate, series

    folder = tmp_path_factory.mktemp(f"seed-{request.param}")
    made = make.make(generate.random_story(request.param), folder, preset="veryfast")
    series.series_for(made.performance, folder / "SERIES", scripts=MARKETS)
    order = Order(made.video, tuple(resolve(code) for code in MARKETS), default_out(made.video))
    events: list[Event] = []
    outcome = localize(order, Store(folder / "store"), events.append, threading.Event())
    rows = lines_csv.read(order.out / "en-US" / "lines.csv")
    truth = json.loads(made.truth.read_text("utf-8"))
    return Walked(outcome, order.out, truth, tuple(row for row in rows if row.id.startswith("L")))


def bare(text: str) -> str:
    return "".join(mark for mark in text if mark.isalnum())


def test_every_market_is_delivered(walked: Walked) -> None:
    assert not walked.outcome.failed
    assert [one.market for one in walked.outcome.delivered] == list(MARKETS)
    for one in walked.outcome.delivered:
        assert list(one.folder.glob("*_dub_v1.mp4")) and (one.folder / "report.html").is_file()


def test_every_line_is_read(walked: Walked) -> None:
    said = [line["text"] for line in walked.truth["lines"]]
    assert len(walked.rows) == len(said)
    wrong = sum(Levenshtein.distance(bare(a), bare(row.source)) for a, row in zip(said, walked.rows, strict=True))
    assert wrong <= 0.05 * sum(len(bare(text)) for text in said)


def test_times_are_those_of_the_burned_captions(walked: Walked) -> None:
    burned = [text for text in walked.truth["burned"] if text["kind"] == "subtitle"]
    starts = [abs(parse_clock(row.start) - text["start"]) for row, text in zip(walked.rows, burned, strict=True)]
    ends = [abs(parse_clock(row.end) - text["end"]) for row, text in zip(walked.rows, burned, strict=True)]
    assert sum(starts + ends) / len(starts + ends) <= 42  # a frame at 24 fps


def test_speakers_are_told_by_voice(walked: Walked) -> None:
    said = [line["speaker"] for line in walked.truth["lines"]]
    right = sum(row.speaker == speaker for row, speaker in zip(walked.rows, said, strict=True))
    assert right >= 0.95 * len(said)


def test_no_caption_is_left_and_no_line_is_untranslated(walked: Walked) -> None:
    for one in walked.outcome.delivered:
        assert not [finding for finding in one.findings if finding.severity == "block"]
        assert not [finding for finding in one.findings if finding.check in ("residue", "untranslated")]
