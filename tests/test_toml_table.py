from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from localize.errors import InputError
from localize.toml_table import Table, read_table

TEXT = '''
id = "s"
note = """
[character]
id = "not a key"
"""

[[character]]
id = "a"
names = { "en-US" = "A" }
tags = [
  "x",
  7,
]

[[character]]
  id = "b"
  [character.names]
  "en-US" = 5

[market."en-US"]
title = "T"
until = 2030-12-31T00:00:00
'''


@pytest.fixture
def table(tmp_path: Path) -> Table:
    path = tmp_path / "x.toml"
    path.write_text(TEXT, "utf-8")
    return read_table(path)


def test_values_are_read(table: Table) -> None:
    first, second = table.tables("character")
    assert (first.text("id"), second.text("id"), table.text("absent", "")) == ("a", "b", "")
    assert first.table("names").text("en-US") == "A"
    assert table.table("market").table("en-US").texts("tags") == ()
    assert (table.number("n"), table.flag("f")) == (0, False)


@pytest.mark.parametrize(
    ("ask", "line", "said"),
    [
        (lambda t: t.text("title"), 0, "the key 'title' is missing"),
        (lambda t: t.number("id"), 2, "id must be a whole number, not 's'"),
        (lambda t: t.flag("id"), 2, "id must be true or false"),
        (lambda t: t.table("id"), 2, "id must be a table"),
        (lambda t: t.tables("id"), 2, "id must be a list of tables"),
        (lambda t: t.only("id", "nota", "character"), 3, "the key 'note' is not known"),
        (lambda t: t.tables("character")[0].texts("tags"), 11, "tags must be a list of texts, not ['x', 7]"),
        (lambda t: t.tables("character")[0].text("name"), 8, "the key 'name' is missing"),
        (lambda t: t.tables("character")[0].table("names").text("id-ID"), 10, "'id-ID' is missing"),
        (lambda t: t.tables("character")[1].choice("id", ("a", "c"), "a"), 17, "id cannot be 'b'"),
        (lambda t: t.tables("character")[1].table("names").text("en-US"), 19, "en-US must be text, not 5"),
        (lambda t: t.table("market").table("en-US").day("until"), 23, "until must be a date"),
        (lambda t: t.table("market").table("en-US").day("signed_on"), 21, "'signed_on' is missing"),
    ],
)
def test_what_is_wrong_is_said_with_line_and_way_out(
    table: Table, ask: Callable[[Table], object], line: int, said: str
) -> None:
    with pytest.raises(InputError) as caught:
        ask(table)
    assert caught.value.where == (f"{table.path}, line {line}" if line else str(table.path))
    assert said in caught.value.what and caught.value.fix


@pytest.mark.parametrize(
    ("text", "line"),
    [('id = "s\n', ", line 1"), ("a = 1\nb = “x”\n", ", line 2"), ("a = 1\na = 2\n", ", line 2"), ('a = """', "")],
)
def test_what_is_no_toml_is_said_with_its_line(tmp_path: Path, text: str, line: str) -> None:
    path = tmp_path / "x.toml"
    path.write_text(text, "utf-8")
    with pytest.raises(InputError, match="not valid TOML") as caught:
        read_table(path)
    assert caught.value.where == f"{path}{line}" and caught.value.fix
