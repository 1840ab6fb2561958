"""Words of lines that people split or joined live on: as a draft where a person wrote them all, else as an offer."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest

from localize.corrections import corrected, formers, set_aside, standing, told_parts
from localize.edits import Edit, Field, apply, notes
from localize.episode import Asset, Episode, Line, Picture, Source, Stems
from localize.market import resolve
from localize.series import open_series
from localize.stages import translate
from localize.stages._former import Before, while_joined
from localize.timing import Ms, span
from localize.version import Offer, Rendering

SAID = (
    Line("L0001", span(1_000, 3_000), "今天的月亮很圆", "shen"),
    Line("L0002", span(3_200, 5_000), "可是我要回家了", "shen"),
    Line("L0003", span(6_000, 8_000), "滚！", "shen"),
)
JOIN = "00:00:01.000,00:00:03.000,今天的月亮很圆,The moon is round.,Round moon.,locked"
ROWS = (JOIN, "00:00:03.200,00:00:05.000,可是我要回家了,I am off.,I'm off.,reviewed")


class Desk:
    def progress(self, done: float, total: float) -> None: ...


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "scripts").mkdir()
    (tmp_path / "series.toml").write_text('id = "s"\ntitle = "剧"\n', "utf-8")
    return tmp_path


def told(line: str, name: Field, value: str, market: str = "") -> Edit:
    return Edit("ep", line, market, name, value, "Mei", "2026-11-21T10:00:00+00:00", "")


def rendered(
    root: Path, log: tuple[Edit, ...], rows: tuple[str, ...] = (), said: tuple[Line, ...] = SAID
) -> dict[str, Rendering]:
    script = root / "scripts" / "ep.en-US.csv"
    script.write_text("\n".join(("start,end,source,dub,subtitle,status", *rows)) + "\n", "utf-8")
    picture, asset = Picture(720, 1280, Fraction(25), Ms(60_000), 1500, "h264"), Asset("0", "audio/wav", 1)
    one = Episode("ep", "s", 1, "zh-CN", Source("0", "mp4", picture, (), ()), Stems(asset, asset, "none"),
                  lines=corrected(said, log), scenes=())  # fmt: skip
    before = Before(formers(said, log), standing(log))
    jobs = translate.jobs(one, open_series(root), resolve("en"), (), None, (), before)
    made = [answer for _, answer in translate.work(jobs, Desk())]  # type: ignore[arg-type]
    return {one.line: one for one in apply(made, before.current("en-US"))}


def words(one: Rendering) -> tuple[str, str, str, str]:
    return one.dub.normal, one.subtitle, one.origin, one.status


MERGE = told("L0001", "merge", "L0002")
SPLIT = told("L0001", "split", told_parts("L0004", Ms(2_000), "今天的月亮", "很圆"))


def test_a_persons_words_for_both_parts_are_joined_as_a_draft(root: Path) -> None:
    one = rendered(root, (MERGE,), ROWS)["L0001"]
    assert words(one) == ("The moon is round. I am off.", "Round moon. I'm off.", "person", "draft")
    assert one.reference == "joined from L0001 and L0002"
    edits = (told("L0001", "dub", "Look, the moon.", "en-US"), told("L0001", "status", "locked", "en-US"))
    one = rendered(root, (*edits, MERGE), ROWS)["L0001"]
    assert words(one) == ("Look, the moon. I am off.", "Round moon. I'm off.", "person", "draft")
    one = rendered(root, (*edits, MERGE, told("L0001", "status", "reviewed", "en-US")), ROWS)["L0001"]
    assert one.status == "reviewed" and one.dub.normal == "Look, the moon. I am off."


def test_what_one_part_had_is_offered(root: Path) -> None:
    one = rendered(root, (MERGE,), ROWS[1:])["L0001"]
    why = "L0002 alone, before it was joined: the other had no words"
    assert words(one) == ("", "", "source", "missing")
    assert one.offers[0] == Offer("I am off.", "person", 100.0, why, "ep.en-US.csv")
    edit = told("L0002", "dub", "Home now.", "en-US")
    assert rendered(root, (edit, MERGE))["L0001"].offers[0].text == "Home now."


def test_words_that_came_late_for_the_line_that_is_no_more_are_taken(root: Path) -> None:
    late = told("L0002", "dub", "Home now.", "en-US")
    assert rendered(root, (MERGE, late), ROWS)["L0001"].dub.normal == "The moon is round. Home now."


def test_a_phrase_and_a_persons_words_are_offered_together(root: Path) -> None:
    known = (replace(SAID[0], text="滚！"), SAID[1])
    one = rendered(root, (MERGE,), ROWS[1:], known)["L0001"]
    assert one.status == "missing" and one.offers[0].text.endswith(" I am off.")
    assert one.offers[0].why_not == "joined from L0001 (phrasebook) and L0002 (person)"


def test_a_row_for_the_whole_line_stands_as_the_script_says(root: Path) -> None:
    row = "00:00:01.000,00:00:05.000,今天的月亮很圆可是我要回家了,Moon or no moon I go,Moon or no moon I go,locked"
    assert words(rendered(root, (MERGE,), (row,))["L0001"]) == (*["Moon or no moon I go"] * 2, "person", "locked")


def test_three_lines_are_joined_one_after_the_other(root: Path) -> None:
    log = (MERGE, told("L0001", "merge", "L0003"), told("L0001", "note", "", "en-US"))
    row = "00:00:06.000,00:00:08.000,滚！,Out!,Out!,reviewed"
    assert rendered(root, log, (*ROWS, row))["L0001"].dub.normal == "The moon is round. I am off. Out!"


@pytest.mark.parametrize("by", ["script", "edit"])
def test_both_halves_of_a_split_line_are_offered_the_words_it_had(root: Path, by: str) -> None:
    log = (SPLIT,) if by == "script" else (told("L0001", "dub", "The moon is round.", "en-US"), SPLIT)
    found = rendered(root, log, ROWS[:1] if by == "script" else ())
    for name in ("L0001", "L0004"):
        offer = found[name].offers[0]
        assert (offer.text, offer.why_not) == ("The moon is round.", "L0001 before it was split")
    assert found["L0004"].status == "missing"
    assert found["L0001"].dub.normal == ("" if by == "script" else "The moon is round.")


def test_halves_joined_again_are_the_line_they_were(root: Path) -> None:
    found = rendered(root, (SPLIT, told("L0001", "merge", "L0004")), ROWS[:1])
    assert words(found["L0001"]) == ("The moon is round.", "Round moon.", "person", "locked")


def test_lines_nobody_touched_know_nothing_of_it(root: Path) -> None:
    assert rendered(root, ())["L0001"].offers == ()


UNDO = told("L0001", "split", told_parts("L0002", Ms(3_200), SAID[0].text, SAID[1].text))


def test_lines_apart_again_have_the_words_they_had(root: Path) -> None:
    mine = (told("L0001", "dub", "Look, the moon.", "en-US"), told("L0002", "dub", "Home now.", "en-US"))
    signed = (*mine, told("L0001", "status", "locked", "en-US"))
    joined = (MERGE, told("L0001", "dub", "Moon, home.", "en-US"), told("L0001", "text", "月亮"))
    log = (*signed, *joined, UNDO)
    assert corrected(SAID, log) == SAID and formers(SAID, log) == {}
    assert rendered(root, log, ROWS) == rendered(root, signed, ROWS)
    again = rendered(root, (*log, MERGE), ROWS)["L0001"]
    assert again.dub.normal == "Look, the moon. Home now."


def test_both_lines_are_offered_what_was_written_while_they_were_joined(root: Path) -> None:
    joined = (told("L0001", "dub", "Moon, home.", "es-419"), told("L0001", "subtitle", "Home.", "es-419"),
              told("L0001", "note", "Ask the author.", "es-419"))  # fmt: skip
    log = (MERGE, *joined, UNDO)
    assert notes(standing(log), "es-419") == {"L0001": "Ask the author."}
    found = rendered(root, (), ROWS)
    for name in ("L0001", "L0002"):
        first, *_ = while_joined(found[name], set_aside(log)[name, "es-419"]).offers
        why = "written of L0001 while both were joined; subtitle: Home."
        assert (first.text, first.origin, first.why_not) == ("Moon, home.", "person", why)
    lengths = (told("L0001", "short", "Moon.", "es-419"), told("L0001", "long", "Look at the moon.", "es-419"))
    both = set_aside((MERGE, *lengths, UNDO))
    whys = {name: while_joined(found[name], both[name, "es-419"]).offers[0] for name in ("L0001", "L0002")}
    assert {one.text for one in whys.values()} == {"Moon."}
    assert {one.why_not for one in whys.values()} == {
        "written of L0001 as its short length while both were joined; long: Look at the moon."
    }
    later = set_aside((MERGE, *lengths, *joined, UNDO))["L0002", "es-419"]
    assert while_joined(found["L0002"], later).offers[0].why_not == why, "a new dub has no lengths of the old"
    assert set_aside((MERGE, *joined)) == {} and while_joined(found["L0001"], ()) == found["L0001"]


def test_joins_of_joined_lines_are_taken_back_the_last_one_first(root: Path) -> None:
    more = told("L0003", "merge", "L0001")
    back = told("L0003", "split", told_parts("L0001", Ms(1_000), "滚！", "今天的月亮很圆可是我要回家了"))
    assert [line.id for line in corrected(SAID, (MERGE, more, back))] == ["L0001", "L0003"]
    assert corrected(SAID, (MERGE, more, back, UNDO)) == SAID
    assert rendered(root, (MERGE, more, back, UNDO), ROWS) == rendered(root, (), ROWS)
