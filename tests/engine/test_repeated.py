"""A recap over two episodes: its words and its takes are those of the episode before, and what differs is told."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace

import walk
from walk import Place

from localize.engine.repeated import differing
from localize.episode import Line
from localize.repeats import Earlier, Said
from localize.timing import clock, parse_clock, span
from localize.version import Rendering, Status, Variants


def test_a_recap_reuses_words_and_takes_and_a_differing_line_is_told(delivered: Place) -> None:
    before = [row for row in walk.rows(delivered.table("en-US")) if row["id"].startswith("L")]
    assert (delivered.series / "said" / f"{delivered.stem}.en-US.csv").is_file()
    again = Place(delivered.folder, delivered.stem.replace("ep01", "ep02"))
    shutil.copy(delivered.episode, again.episode)
    blocks = []
    for number, row in enumerate(before, start=1):  # the same words, cut a little otherwise
        start, end = parse_clock(row["start"]) + 30, parse_clock(row["end"]) - 20
        blocks.append(f"{number}\n{clock(start)} --> {clock(end)}\n{row['source']}\n")
    again.episode.with_suffix(".srt").write_text("\n".join(blocks), "utf-8")
    script = f"source,dub,status\n{before[0]['source']},Something else entirely.,reviewed\n"
    (again.series / "scripts" / f"{again.stem}.en-US.csv").write_text(script, "utf-8")
    ran = again.run("en")
    assert ran.outcome.exit_code == 0, ran.told("failed")
    now = [row for row in walk.rows(again.table("en-US")) if row["id"].startswith("L")]
    assert [(row["dub"], row["subtitle"], row["origin"]) for row in now[1:]] == [
        (row["dub"], row["subtitle"], "memory") for row in before[1:]
    ]
    assert ran.done("en-US")["synthesize"] == 1, "only the line with other words is spoken"
    manifest = json.loads((again.version("en-US") / "manifest.json").read_text("utf-8"))
    told = [one for one in manifest["findings"] if one["check"] == "repeat"]
    assert [one["line"] for one in told] == [now[0]["id"]]
    assert f"{delivered.stem} {before[0]['id']} says “{before[0]['dub']}”" in told[0]["message"]
    assert sum(again.run("en").done().values()) == 0


def line(id: str, text: str, addressee: str | None = None, who: str = "lu") -> Line:
    at = int(id[1:]) * 1000
    return Line(id, span(at, at + 900), text, who, addressee)


def made(id: str, dub: str, status: Status = "reviewed") -> Rendering:
    return Rendering(id, "en-US", Variants(dub), dub, "person", status)


def test_what_differs_from_approved_words_is_told_and_nothing_else() -> None:
    def known(*more: tuple[str, str, Status]) -> Earlier:
        return Earlier(
            Said("ep01", 1, f"L{n}", span(n, n + 800), "lu", "wan", "", zh, Variants(dub), dub, "person", status)
            for n, (zh, dub, status) in enumerate(more, start=1)
        )  # fmt: skip

    said = (line("L1", "别叫我陆太太。", "wan"), line("L2", "别叫我陆太太。"), line("L3", "什么？", "wan"))
    words = {"L1": made("L1", "Not Mrs. Lu."), "L2": made("L2", "Don't."), "L3": made("L3", "Huh?")}
    earlier = known(("别叫我陆太太。", "Don't call me Mrs. Lu.", "reviewed"), ("什么？", "What?", "locked"))
    assert list(differing(said, words, earlier, "ep02")) == [
        ("L1", "ep01 L1", "Don't call me Mrs. Lu."), ("L2", "ep02 L1", "Not Mrs. Lu."),
    ]  # fmt: skip
    kept = {**words, "L1": made("L1", "Don't call me Mrs. Lu"), "L2": made("L2", "don't call me Mrs. Lu!")}
    assert not list(differing(said, kept, earlier, "ep02"))
    draft = known(("别叫我陆太太。", "Don't call me Mrs. Lu.", "draft"))
    assert not list(differing(said[:1], words, draft, "ep02"))
    (told,) = earlier.of(said[0])
    formal = Earlier([replace(told, form="usted", call="señor Lu")])
    assert list(differing(said[:1], words, formal, "ep02", {"L1": ("usted", "señor Lu")}))
    assert not list(differing(said[:1], words, formal, "ep02", {"L1": ("tu", "Chen")})), "addressed otherwise by now"
    other = (line("L1", "别叫我陆太太。", "zhou"),)
    assert not list(differing(other, words, earlier, "ep02")), "said to somebody else"
