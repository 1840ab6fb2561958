import csv
import io
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from localize.edits import STATUSES, Row
from localize.errors import InputError
from localize.formats import lines_csv

PLAIN = Row("L0001", "00:00:01,000", "00:00:02,500", "lin_wan", "你为什么骗我？", "Why did you lie to me?",
            "Why lie to me?", "Why lie?", "", "Why? (memory 80: close)", "memory", "draft", "",
            "0123456789ab")  # fmt: skip

cell = st.text(st.characters(exclude_categories=["Cs"]), max_size=30) | st.sampled_from(
    [
        "=1+1",
        "-No.",
        "--",
        "@you",
        "+1",
        "'Cause",
        "''=x",
        "'-",
        '"',
        '""',
        "a,b;c\td",
        "a\nb",
        "\r",
        "＝SUM(A1)",
        " =1",
        "'",
    ]
)
rows = st.lists(
    st.builds(
        Row, st.text("LT0123456789", min_size=1, max_size=6), *[cell] * 10,
        st.sampled_from(STATUSES), cell, cell,
    ),
    max_size=6, unique_by=lambda row: row.id,
)  # fmt: skip


@settings(max_examples=300, deadline=None)
@given(rows)
def test_every_text_comes_back_as_it_was(table: list[Row]) -> None:
    assert lines_csv.decode(lines_csv.encode(table), "lines.csv") == tuple(table)


@settings(max_examples=200, deadline=None)
@given(cell)
def test_no_cell_can_start_a_formula(text: str) -> None:
    assert not lines_csv.neutral(text).lstrip(" ").startswith(("=", "+", "-", "@", "\t", "\r"))


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_spreadsheet_flavours_are_read(delimiter: str, encoding: str) -> None:
    out = io.StringIO(newline="")
    row = [getattr(PLAIN, name) for name in lines_csv.COLUMNS]
    csv.writer(out, delimiter=delimiter).writerows([lines_csv.COLUMNS, row, [""] * len(row)])
    text = out.getvalue()
    assert lines_csv.decode(text.encode(encoding), "x") == (PLAIN,)


def test_rows_know_their_line_in_the_file() -> None:
    from dataclasses import replace

    two = (replace(PLAIN, note="first\nsecond"), replace(PLAIN, id="L0002"))
    assert [row.number for row in lines_csv.decode(lines_csv.encode(two), "x")] == [2, 4]


def _text() -> str:
    return lines_csv.encode([PLAIN]).decode("utf-8-sig")


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "empty"),
        (_text().encode("gb18030"), "GBK"),
        (b"\xff\xfea", "encoding is unknown"),
        (_text().replace(",note,", ",").encode(), "missing column: note"),
        (_text().replace(",note,", ",note,mine,").encode(), "unknown column: mine"),
        (_text().replace(",note,", ",note,note,").encode(), "repeated column: note"),
        (_text().encode() + _text().splitlines()[1].encode(), "stands twice (first in line 2)"),
        (_text().replace("0123456789ab\r\n", "").encode()[:-1], "cells instead of"),
        (_text().replace("Why lie to me?", '"Why lie').encode(), "cannot be read"),
        (_text().replace("Why lie to me?", 'x,"').encode(), "cannot be read"),
        (_text().replace("draft", "done").encode(), "status 'done' is unknown"),
        (_text().replace("L0001", "").encode(), "the row has no id"),
    ],
)
def test_damage_is_named_with_file_line_and_what_next(data: bytes, said: str) -> None:
    with pytest.raises(InputError) as caught:
        lines_csv.decode(data, "out/en-US/lines.csv")
    assert said in str(caught.value)
    assert caught.value.where.startswith("out/en-US/lines.csv")
    assert caught.value.fix


def test_writing_is_all_or_nothing(tmp_path: Path) -> None:
    path = tmp_path / "en-US" / "lines.csv"
    lines_csv.write(path, [PLAIN])
    assert path.read_bytes().startswith(b"\xef\xbb\xbfid,start,end,")
    assert lines_csv.read(path) == (PLAIN,)
    with pytest.raises(InputError):
        lines_csv.write(path / "below-a-file.csv", [PLAIN])
    assert [one.name for one in path.parent.iterdir()] == ["lines.csv"]


def test_a_missing_table_is_an_input_error(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot be read"):
        lines_csv.read(tmp_path / "lines.csv")
