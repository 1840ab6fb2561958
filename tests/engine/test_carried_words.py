"""What people gave an episode for its markets comes along to another cut: scripts, questions, verdicts, takes."""

from __future__ import annotations

from pathlib import Path

import pytest

from localize import queries, verdicts
from localize.engine import carried_words, ledger
from localize.engine.carried import record_path
from localize.engine.carried_words import left_behind, spoken_before
from localize.engine.conform import carry
from localize.episode import Line, Piece
from localize.repeats import Said, path_of, text_of
from localize.script import match, read_script
from localize.series import SeriesBible, create_series
from localize.timing import Ms, span
from localize.version import Variants

SAID = ("夫人，我嫁的是人。", "三年了，他没信过我。", "别叫我陆太太。", "再给我一次机会。")
STARTS = (1_000, 9_000, 13_000, 18_000)
MOVED = (Piece(span(0, 4_000), Ms(16_000), 1.0), Piece(span(4_000, 8_000), Ms(0), 1.0),
         Piece(span(8_000, 12_000), Ms(8_000), 1.0))  # fmt: skip
"""The last scene first, then the beginning; the third line is cut out."""
DIGESTS = ("a" * 64, "b" * 64)
SCRIPT = """start,end,source,dub,subtitle,short,long,status
"00:00:01,200","00:00:03,300",夫人，我嫁的是人。,"Madam, I married.","Madam, I married.",A man.,"A man, Madam.",locked
,,三年了，他没信过我。,He never believed me.,He never believed me.,,,reviewed
"00:00:13,000","00:00:15,000",别叫我陆太太。,Don't call me Mrs. Lu.,Not Mrs. Lu.,,,reviewed
"00:00:18,100","00:00:20,000",再给我一次机会。,One more chance.,One more chance.,,,draft
"""


def series(folder: Path) -> SeriesBible:
    bible = create_series(folder / "SERIES", folder / "ep01.mp4")
    lines = [Line("", span(at, at + 2_000), text) for at, text in zip(STARTS, SAID, strict=True)]
    ledger.mint(bible.root / "lines" / "ep01.json", lines)
    (bible.root / "scripts").mkdir()
    (bible.root / "scripts" / "ep01.en-US.csv").write_text(SCRIPT, "utf-8")
    return bible


def test_a_translators_script_moves_with_the_picture(tmp_path: Path) -> None:
    bible = series(tmp_path)
    assert carry(bible, ("ep01", "ep01_v2"), DIGESTS, MOVED)
    rows = read_script(bible.root / "scripts" / "ep01_v2.en-US.csv")
    now = {"L0004": (2_000, 3), "L0001": (5_000, 0), "L0002": (9_000, 1)}
    found = match([Line(name, span(at, at + 2_000), SAID[n]) for name, (at, n) in now.items()], rows)
    assert {name: (row.dub.normal, row.status) for name, row in found.rows.items()} == {
        "L0004": ("One more chance.", "draft"), "L0001": ("Madam, I married.", "locked"),
        "L0002": ("He never believed me.", "reviewed"),
    }  # fmt: skip
    assert found.rows["L0001"].dub == Variants("Madam, I married.", "A man.", "A man, Madam.")
    assert [row.span for row in rows][:2] == [span(2_100, 4_000), span(5_200, 7_300)]
    assert (bible.root / "scripts" / "ep01.en-US.csv").read_text("utf-8") == SCRIPT


def test_rows_nothing_places_come_along_wherever_they_stand(tmp_path: Path) -> None:
    bible = series(tmp_path)
    script = bible.root / "scripts" / "ep01.en-US.csv"
    head, *rows = SCRIPT.splitlines(keepends=True)
    script.write_text("".join((head, ",,片头曲唱起来啦啦啦,La la la.,,,,draft\n", *rows)), "utf-8")
    assert carry(bible, ("ep01", "ep01_v2"), DIGESTS, MOVED)
    rows_now = read_script(bible.root / "scripts" / "ep01_v2.en-US.csv")
    assert [row.dub.normal for row in rows_now] == [
        "La la la.", "One more chance.", "Madam, I married.", "He never believed me."
    ]  # fmt: skip


def test_rows_of_what_was_cut_out_are_told(tmp_path: Path) -> None:
    bible = series(tmp_path)
    entries = ledger.read(bible.root / "lines" / "ep01.json")
    (left,) = left_behind(bible, ("ep01", "ep01_v2"), MOVED, entries)
    assert left == "ep01.en-US.csv, line 4: " + SAID[2]
    assert carry(bible, ("ep01", "ep01_v2"), DIGESTS, MOVED)
    assert left_behind(bible, ("ep01", "ep01_v2"), MOVED, entries) == ()


def test_a_script_somebody_wrote_for_the_new_cut_stays(tmp_path: Path) -> None:
    bible = series(tmp_path)
    own = bible.root / "scripts" / "ep01_v2.en-US.csv"
    own.write_text("source,dub\n你好,Hi\n", "utf-8")
    carry(bible, ("ep01", "ep01_v2"), DIGESTS, MOVED)
    assert own.read_text("utf-8") == "source,dub\n你好,Hi\n"


def test_a_cut_of_the_same_name_keeps_the_earlier_script_beside(tmp_path: Path) -> None:
    bible = series(tmp_path)
    carry(bible, ("ep01", "ep01"), DIGESTS, MOVED)
    assert (bible.root / "scripts" / "earlier" / f"ep01.en-US.{'a' * 8}.csv").read_text("utf-8") == SCRIPT
    assert len(read_script(bible.root / "scripts" / "ep01.en-US.csv")) == 3


def test_questions_and_verdicts_come_along_once(tmp_path: Path) -> None:
    bible = series(tmp_path)
    asked = queries.ask(bible.root, "ep01", "en-US", [("L0001", "Who is meant?"), ("L0003", "Why?")], "Ana")
    queries.answer(bible.root, asked[0].id, "The mother.", "Bo")
    said = verdicts.Verdict("ep01", "en-US", "L0001", "money", SAID[0], "five", "six", "lock", "Bo", "2026-11-21")
    verdicts.add(bible.root, [said])
    for _ in range(2):
        carry(bible, ("ep01", "ep01_v2"), DIGESTS, MOVED)
    (one,) = [one for one in queries.read_queries(bible.root) if one.episode == "ep01_v2"]
    assert (one.line, one.answer, one.answered_by) == ("L0001", "The mother.", "Bo")
    assert one.id not in {one.id for one in asked}
    assert [one.verdict for one in verdicts.read(bible.root) if one.episode == "ep01_v2"] == ["lock"]


def test_questions_come_after_a_run_that_died_before_them(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    bible = series(tmp_path)
    queries.ask(bible.root, "ep01", "en-US", [("L0001", "Who is meant?")], "Ana")

    def killed(*anything: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as dying:
        dying.setattr(carried_words, "hand_over", killed)
        with pytest.raises(KeyboardInterrupt):
            carry(bible, ("ep01", "ep01_v2"), DIGESTS, MOVED)
    for _ in range(2):
        assert not carry(bible, ("ep01", "ep01_v2"), DIGESTS, MOVED)
        assert [one.line for one in queries.read_queries(bible.root) if one.episode == "ep01_v2"] == ["L0001"]
    record = record_path(bible, "ep01_v2")
    before = record.stat().st_mtime_ns
    queries.ask(bible.root, "ep01", "en-US", [("L0002", "Since when?")], "Ana")
    assert not carry(bible, ("ep01", "ep01_v2"), DIGESTS, MOVED)
    assert record.stat().st_mtime_ns == before, "nothing is done again"
    assert len([one for one in queries.read_queries(bible.root) if one.episode == "ep01_v2"]) == 1


def test_it_is_known_how_the_lines_were_spoken_through_several_cuts(tmp_path: Path) -> None:
    bible = series(tmp_path)
    spoken = Said("ep01", 1, "L0001", span(1_000, 3_000), "mu", "", "", SAID[0], Variants("Madam."), "Madam.",
                  "person", "locked", "ff:12")  # fmt: skip
    path_of(bible.root, "ep01", "en-US").parent.mkdir()
    path_of(bible.root, "ep01", "en-US").write_text(text_of([spoken]), "utf-8")
    carry(bible, ("ep01", "ep01_v2"), DIGESTS, MOVED)
    carry(bible, ("ep01_v2", "ep01_v3"), ("b" * 64, "c" * 64), MOVED)
    (then,) = spoken_before(bible, "ep01_v3", "en-US")["L0001"]
    assert (then.span, then.dub.normal, then.stem) == (span(1_000, 3_000), "Madam.", "ff:12")
