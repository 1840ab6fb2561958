"""Where the source's own voice stays in a dub."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import walk

from localize.engine.original import BREATH, audible, lineless, original
from localize.episode import Box, Line, OnScreenText
from localize.media import audio
from localize.timing import Ms, Span, parse_clock, span

LINES = tuple(Line(f"L{n}", where, "走吧") for n, where in enumerate((span(1000, 2000), span(5000, 6000))))
BOX = Box(0, 0, 9, 9)


def shown(where: Span, kind: str = "subtitle") -> OnScreenText:
    return OnScreenText("T1", where, BOX, "等等", kind)  # type: ignore[arg-type]


def test_a_caption_that_shares_no_moment_with_a_line_belongs_to_none() -> None:
    texts = (shown(span(1900, 3000)), shown(span(2000, 3000)), shown(span(2000, 3000), "caption"))
    assert lineless(texts, LINES) == texts[1:2]
    assert original(texts, LINES, LINES[1:]) == (span(2000, 3000), span(5000, 6000))


def test_breath_is_kept_but_not_from_lines_that_are_spoken_anew() -> None:
    assert audible((span(3000, 4000),), LINES, Ms(9000)) == (span(3000 - BREATH, 4000 + BREATH),)
    assert audible((span(2100, 4960),), LINES, Ms(9000)) == (span(2050, 4980),)
    assert audible((span(5000, 6000),), LINES, Ms(6100)) == (span(5000 - BREATH, 6100),)
    assert audible((span(100, 900), span(1000, 2000)), LINES, Ms(9000))[1] == span(1000 - BREATH, 2000 + BREATH)


def test_a_caption_the_subtitle_file_leaves_out_keeps_its_voice(fresh: walk.Place) -> None:
    known = fresh.run("en", deliver="sub")
    rows = [row for row in walk.rows(fresh.table("en-US")) if row["id"].startswith("L")]
    blocks = (f"{n}\n{row['start']} --> {row['end']}\n{row['source']}\n" for n, row in enumerate(rows[:-1], start=1))
    fresh.episode.with_suffix(".srt").write_text("\n".join(blocks), encoding="utf-8")
    ran = fresh.run("en")
    assert known.outcome.exit_code == ran.outcome.exit_code == 0
    (warned,) = (one.message for one in ran.events if one.kind == "warning" and "burned-in" in one.message)
    assert f"1 of {len(rows)} burned-in captions belongs to no line" in warned and rows[-1]["source"] in warned
    folder = fresh.version("en-US", 2)
    found = json.loads((folder / "manifest.json").read_text("utf-8"))["findings"]
    (told,) = (one for one in found if one["check"] == "lineless_caption")
    assert rows[-1]["source"] in told["message"] and "original voice in the sound" in told["message"]
    assert alike(fresh, folder, rows[-1]) > 0.97 > 0.7 > alike(fresh, folder, rows[0])


def alike(place: walk.Place, folder: Path, row: dict[str, str]) -> float:
    """The correlation of the mix with the episode's own sound while a line is said."""
    (mix,) = folder.glob("stems/*mix*.wav")
    inner = slice(*(audio.at(parse_clock(row[end])) for end in ("start", "end")))
    ours = audio.mono(audio.read(mix)[0])[inner]
    theirs = audio.mono(np.concatenate(list(audio.decode(place.episode, audio.first_track(place.episode), 2))))[inner]
    return float(np.corrcoef(ours, theirs)[0, 1])
