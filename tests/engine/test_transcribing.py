"""``localize transcribe`` from inside: what a correction costs."""

from __future__ import annotations

import threading
from collections import Counter
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import cast

import pytest

from localize.engine.events import Event
from localize.engine.order import Order
from localize.engine.store import Store
from localize.engine.transcribing import WRITERS, Format, Transcribed, transcribe
from localize.engine.transcript import transcript_path
from localize.episode import Line, LineKind
from localize.formats.subtitle_files import parse
from localize.series import create_series
from localize.timing import clock, span
from tests.support.film import Stretch, film

SAID = ((1_000, "你怎么还有脸回来"), (6_000, "三年前的账我们慢慢算"))


class Show:
    def __init__(self, folder: Path) -> None:
        episode = film(folder / "ep01.mp4", [Stretch(5, 0, 10)])
        rows = (f"{n}\n{clock(at)} --> {clock(at + 2_000)}\n{text}\n" for n, (at, text) in enumerate(SAID, 1))
        episode.with_suffix(".srt").write_text("\n".join(rows), "utf-8")
        self.order = Order(episode, (), folder / "out", by="Mei")
        self.bible, self.store = create_series(folder / "SERIES", episode), Store(folder / "store")

    def run(self) -> tuple[Transcribed, Counter[str]]:
        """The transcript, and how often each stage worked."""
        events: list[Event] = []
        found = transcribe(self.order, self.bible, (), self.store, events.append, threading.Event())
        return found, Counter(event.stage for event in events if event.kind == "done")

    def change(self, old: str, new: str) -> None:
        path = transcript_path(self.order)
        text = path.read_text("utf-8-sig")
        assert old in text
        path.write_text(text.replace(old, new), "utf-8-sig")


@pytest.fixture(scope="module")
def show(tmp_path_factory: pytest.TempPathFactory) -> Show:
    made = Show(tmp_path_factory.mktemp("show"))
    assert made.run()[1]["separate"] == 1
    return made


def test_a_line_that_is_moved_or_divided_leaves_the_stems_alone(show: Show) -> None:
    show.change("00:00:01,000", "00:00:01,200")
    found, done = show.run()
    assert found.episode.lines[0].span.start == 1_200
    assert done["diarize"] == 1 and not done["separate"]  # where the face models are, heads are looked at anew
    assert show.run()[1] == Counter()


def test_a_line_where_nobody_was_known_to_speak_is_listened_for(show: Show) -> None:
    path = transcript_path(show.order)
    path.write_text(path.read_text("utf-8-sig") + ",00:00:04,000,00:00:05,000,,,speech,走\r\n", "utf-8-sig")
    show.change(",00:00:04,000,00:00:05,000,", ',"00:00:04,000","00:00:05,000",')
    found, done = show.run()
    assert [line.text for line in found.episode.lines][1] == "走"
    assert done["separate"] == done["diarize"] == 1


def test_the_ass_says_for_which_picture_its_sizes_are(show: Show) -> None:
    found, _ = show.run()
    picture = found.episode.source.picture
    made = transcribe(show.order, show.bible, ("ass",), show.store, lambda event: None, threading.Event())
    (path,) = (one for one in made.files if one.suffix == ".ass")
    text = path.read_text("utf-8")
    assert f"PlayResX: {picture.width}\n" in text and f"PlayResY: {picture.height}\n" in text
    (size,) = (float(row.split(",")[2]) for row in text.splitlines() if row.startswith("Style: Default,"))
    assert 0.04 * picture.width < size < 0.08 * picture.width


def test_rows_and_kinds_of_lines_survive_every_format(show: Show) -> None:
    show.run()
    found = show.run()[0].episode
    said = [("thought", "我不能输"), ("song", "月亮代表我的心"), ("speech", "先走\n再说"), ("narration", "三年过去了"),
            ("speech", "你来了"), ("speech", "坐吧")]  # fmt: skip
    lines = tuple(
        Line(f"L{n:04}", span(n * 2_000, n * 2_000 + 1_500), text, kind=cast(LineKind, kind))
        for n, (kind, text) in enumerate(said)
    )
    made = replace(found, lines=lines)
    kept = [kind for kind, _ in said]
    for form, known in (("ass", kept), ("dapt", kept), ("vtt", ["song"]), ("srt", ["song"])):
        text = WRITERS[cast(Format, form)](made, "sidecar", ())
        read = parse(text, "out." + ("ttml" if form == "dapt" else form), Fraction(25)).subtitles
        assert [one.text.replace("\n", "") for one in read] == [text.replace("\n", "") for _, text in said]
        told = [str(one.kind) for one in read]
        assert (told if len(known) > 1 else [kind for kind in told if kind != "speech"]) == known
    assert r"先走\N再说" in WRITERS["ass"](made, "", ())
