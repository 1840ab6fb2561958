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

cell = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=30) | st.sampled_from(
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
        "007",
        "'007",
        "02:15",
        " 3-4 ",
        "May 5",
        "TRUE",
        "12e45",
        "2024",
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


@pytest.mark.parametrize("end", ["\r\n", "\n", "\r"])
def test_a_header_among_the_rows_line_ends_blanks_and_hints_are_read(end: str) -> None:
    header, row = _text().splitlines()
    text = end.join(["sep=,", row, " , ,", f"{header},,".upper().replace("ID", " Id", 1), ""])
    assert lines_csv.decode(text.encode("utf-8-sig"), "x") == (PLAIN,)


@pytest.mark.parametrize(
    "text", ["007", "1,000", "3-4", "1/2", "02:15", "10:30 pm", "5.0", "12345678901", "12e45", "3 May", "Mayo 5",
             "10月1日", "true", "FALSO"],
)  # fmt: skip
def test_words_that_look_like_numbers_and_dates_are_marked_as_text(text: str) -> None:
    from dataclasses import replace

    row = replace(PLAIN, dub=text, source=text)
    assert f"'{text}" in lines_csv.encode([row]).decode("utf-8-sig")
    assert lines_csv.decode(lines_csv.encode([row]), "x") == (row,)


def test_ordinary_words_numbers_and_times_carry_no_mark() -> None:
    from dataclasses import replace

    row = replace(PLAIN, dub="2024", subtitle="Five May come.", short="50 yuan", long="Room 5", note="true love")
    assert ",'" not in lines_csv.encode([row]).decode() and '"\'' not in lines_csv.encode([row]).decode()


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
        (b"\xff\xfea", "starts like UTF-16"),
        (b"PK\3\4\x14\0\xff", "a spreadsheet's own file"),
        (_text().encode("utf-16-le"), "zero byte"),
        (_text().replace("你", "\xe9").encode("cp1252", "replace"), "not UTF-8: byte 45 of this line is 0xE9"),
        (_text().encode() + b" ,L0009\r\n", "the row has 2 cells"),
        (_text().replace(",note,", ",").encode(), "missing column: note"),
        (_text().replace(",note,", ",note,mine,").encode(), "unknown column: mine"),
        (_text().replace(",note,", ",note,note,").encode(), "repeated column: note"),
        (_text().encode() + _text().splitlines()[1].encode(), "stands twice (first in line 2)"),
        (_text().replace("0123456789ab,,\r\n", "").encode()[:-1], "cells instead of"),
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
