"""Cells with nothing but invisible characters are empty, and a version number is given once."""

from pathlib import Path

import walk
from walk import Place


def test_an_invisible_subtitle_is_empty_and_a_number_is_given_once(delivered: Place, tmp_path: Path) -> None:
    first = delivered.version("id-ID")
    first.rename(tmp_path / "archived")
    planned = delivered.cli("plan", delivered.episode, "--to", "id").stdout
    assert "v2 would be delivered" in planned
    walk.edit(delivered.table("id-ID"), "L0002", subtitle="\u200b\u00a0")
    ran = delivered.run("id")
    assert ran.outcome.exit_code == 0, ran.told("failed")
    (done,) = ran.outcome.delivered
    assert done.number == 2 and not first.exists()
    assert "no version before" in (done.folder / "changes.md").read_text("utf-8")
    cues = next(done.folder.glob("*.srt")).read_text("utf-8")
    assert cues.strip() and "\u200b" not in cues


def test_a_dub_with_nothing_to_say_names_its_line_and_debug_shows_the_trace(delivered: Place) -> None:
    walk.edit(delivered.table("id-ID"), "L0003", dub="...")
    done = delivered.cli(delivered.episode, "--to", "id", "--debug")
    assert done.returncode == 2
    assert "line L0003 cannot be spoken: there is nothing to say in '...'" in done.stderr
    assert "Traceback (most recent call last)" in done.stderr and "synthesize.py" in done.stderr
    plain = delivered.cli(delivered.episode, "--to", "id")
    assert plain.returncode == 2 and "Traceback" not in plain.stderr
