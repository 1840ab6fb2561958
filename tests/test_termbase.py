"""``terms.csv`` read whole and changed row by row."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from localize.errors import InputError
from localize.termbase import changed_text, read_termbase, read_terms, termbase_of, with_columns

HEAD = "source,en-US,es-419,kind,use,scope,status,note\n"


def table(tmp_path: Path, text: str, encoding: str = "utf-8") -> Path:
    path = tmp_path / "terms.csv"
    path.write_bytes(text.encode(encoding))
    return path


def test_everything_wrong_is_told_at_once_with_its_line(tmp_path: Path) -> None:
    path = table(tmp_path, HEAD + (
        "少爷,Young Master,,title,,,,\n"
        "少爷,Sir,,title,,,,\n"
        "夫人,Madam,,titel,,,,\n"
        ",x,,name,,,,\n"
        "少爷,Young Master,,title,,,,\n"
    ))  # fmt: skip
    told = [(one.line, one.check, one.weight) for one in read_termbase(path).problems]
    assert told == [(3, "conflict", "error"), (4, "value", "error"), (5, "value", "error"), (6, "duplicate", "error")]
    with pytest.raises(InputError, match=r"already on line 2.*Young Master there, Sir here.*3 more") as caught:
        read_terms(path)
    assert caught.value.where.endswith("line 3") and caught.value.exit_code == 2


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_marks_of_encodings_are_tolerated(tmp_path: Path, encoding: str) -> None:
    [term] = read_terms(table(tmp_path, HEAD + "少爷,Young Master,,title,,,,\n", encoding))["en-US"]
    assert (term.source, term.target) == ("少爷", "Young Master")


@pytest.mark.parametrize("said", ["- Yes, sir.", "—¿Sí?", "=1+1", "+62", "@home", "'Cause", "''tis", "= '-", "－好"])
def test_dashes_and_formulas_come_back_byte_for_byte(tmp_path: Path, said: str) -> None:
    text = HEAD + "# by Ana\n少爷,Young Master,,title,,,,\n夫人,Madam,,title,,,,\n"
    columns = read_termbase(table(tmp_path, text)).columns
    new = changed_text(text, columns, {3: {"en-US": said}}, [{"source": "是", "en-US": said, "kind": "idiom"}])
    found = termbase_of(new, tmp_path / "terms.csv")
    assert [entry["en-US"] for entry in found.entries] == [said, "Madam", said]
    assert not any(line.split(",")[1].startswith(("=", "+", "-", "@", "－")) for line in new.splitlines()[2:])
    assert changed_text(new, columns, {}, []) == new and "# by Ana\n" in new and "夫人,Madam,,title,,,,\n" in new


def test_rows_that_are_not_changed_keep_every_byte(tmp_path: Path) -> None:
    text = '# mine\r\nsource;en-US;kind;note\r\n少爷;"Young; Master";title;"two\r\nlines"\r\n\r\n夫人;Madam ;title;\r\n'
    columns = read_termbase(table(tmp_path, text)).columns
    assert changed_text(text, columns, {6: {"en-US": "Lady"}}, []) == text.replace("Madam ", "Lady")


def test_an_id_is_made_of_what_tells_a_term_apart_unless_somebody_gives_one(tmp_path: Path) -> None:
    text = HEAD + "少爷,Young Master,,title,,,,\n少爷,Heir,,title,tag,,,\n"
    first, second = read_termbase(table(tmp_path, text)).entries
    other = termbase_of(text.replace("Young Master", "Sir"), tmp_path).entries[0]
    assert first.id == other.id != second.id
    wide = with_columns(text, ["id"])
    named = changed_text(wide, [*termbase_of(text, tmp_path).columns, "id"], {2: {"id": "young-master"}}, [])
    assert [one.id for one in termbase_of(named, tmp_path).entries] == ["young-master", second.id]
    twice = changed_text(named, [*termbase_of(text, tmp_path).columns, "id"], {3: {"id": "young-master"}}, [])
    assert termbase_of(twice, tmp_path).problems[0].what == "the id young-master is on line 2"


@given(st.text(st.characters(exclude_categories=["Cs", "Cc", "Z"], include_characters="=+-@'\"|,;"), min_size=1))
def test_any_text_survives_a_change(said: str) -> None:
    new = changed_text(HEAD, HEAD.strip().split(","), {}, [{"source": "少爷", "kind": "title", "note": said}])
    assert termbase_of(new, Path("terms.csv")).entries[0]["note"] == said
