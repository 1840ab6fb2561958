"""A transcript table with somebody in it who is nobody is refused."""

from __future__ import annotations

from pathlib import Path

import pytest
from transcript_desk import SECOND, THIRD, Desk

from localize.engine.transcript import corrections
from localize.errors import InputError
from localize.series import open_series


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


# ── who is nobody ───────────────────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize(
    ("typed", "told"),
    [
        (("gu_po", ""), "L0002: nobody is called 'gu_po' (speaker)"),
        (("b", "Gu_Bo"), "L0002: nobody is called 'Gu_Bo' (addressee)"),
        (("?阿姨", ""), "nobody is called '?阿姨'"),
        (("?L0099", ""), "nobody is called '?L0099'"),
        (("?L0003", ""), "?L0003 is nobody's name any more: L0003 is said by a"),
    ],
)
def test_a_name_that_is_nobodys_is_refused(desk: Desk, typed: tuple[str, str], told: str) -> None:
    desk.cast("gu_bo", "lu_chen")
    desk.rows("L0001|1|3|a||speech|你好走", f"L0002|3.2|4|{typed[0]}|{typed[1]}|speech|不走", THIRD)
    before = desk.path.read_bytes()
    with pytest.raises(InputError) as caught:
        desk.run()
    assert told in caught.value.what and caught.value.where == f"{desk.path}, line 3"
    assert "choose from gu_bo, lu_chen, a, b" in caught.value.fix and "cast.toml" in caught.value.fix
    assert ("did you mean gu_bo?" in caught.value.fix) == (typed[0] == "gu_po" or typed[1] == "Gu_Bo")
    assert desk.path.read_bytes() == before and corrections(desk.order, desk.bible) == ()


@pytest.mark.parametrize("name", ["gu_bo", "GU_BO", "小gu_bo", "a", "?7", "？7", "?L0002", ""])
def test_everybody_who_is_somebody_is_taken(desk: Desk, name: str) -> None:
    desk.cast("gu_bo", "lu_chen")
    desk.rows("L0001|1|3|a||speech|你好走", f"L0002|3.2|4|{name}|lu_chen|speech|不走", THIRD)
    assert desk.run()[1].speaker == ("?L0002" if name in ("?7", "？7") else name)


def test_a_stranger_is_named_after_a_line_of_theirs(desk: Desk) -> None:
    desk.written("L0001|1|3|?1||speech|你好走", SECOND, "L0003|6|7|a||speech|那就留下")
    desk.rows("L0001|1|3|?1||speech|你好走", "L0002|3.2|4|?L0001||speech|不走", THIRD)
    assert [line.speaker for line in desk.run()[:2]] == ["?L0001", "?L0001"]


def test_a_name_two_members_share_is_refused(desk: Desk) -> None:
    desk.cast("gu_bo", "lu_chen")
    cast = desk.bible.root / "cast.toml"
    cast.write_text(cast.read_text("utf-8").replace("小lu_chen", "小gu_bo"), "utf-8")
    desk.bible = open_series(desk.bible.root)
    desk.change((",b,", ",小gu_bo,"))
    with pytest.raises(InputError, match="several are called '小gu_bo'"):
        desk.run()


def test_a_code_of_subtitle_files_typed_as_words_is_refused_with_its_row(desk: Desk) -> None:
    desk.cast("gu_bo", "lu_chen")
    desk.rows("L0001|1|3|a||speech|你好走", "L0002|3.2|4|a||speech|{\\an8}不走", THIRD)
    with pytest.raises(InputError, match="is a code of subtitle files") as caught:
        desk.run()
    assert caught.value.where == f"{desk.path}, line 3"
    desk.rows("L0001|1|3|a||speech|你好走", "L0002|3.2|4|a||speech|{笑}不走", THIRD)
    assert desk.run()[1].text == "{笑}不走"


def test_an_added_line_that_is_missing_is_called_so(desk: Desk) -> None:
    """The rows as they were lack it, and it is dropped as every line is."""
    before = desk.path.read_bytes()
    desk.rows("L0001|1|3|a||speech|你好走", SECOND, "|4.5|5.5|a||speech|等等", THIRD)
    assert [line.text for line in desk.run()] == ["你好走", "不走", "等等", "那就留下"]
    desk.path.write_bytes(before)
    with pytest.raises(InputError, match="L0004, a line that was added, is missing") as caught:
        desk.run()
    assert "to drop a line, empty its text" in caught.value.fix
