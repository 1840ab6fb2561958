from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from localize import edit_log
from localize.edits import Edit
from localize.errors import InputError


def edit(field: str, value: str) -> Edit:
    when = "2026-11-21T09:00:00+00:00"
    return Edit("ep01", "L0001", "id-ID", field, value, "sari", when, "0123456789ab")  # type: ignore[arg-type]


def test_the_log_keeps_everything_in_order(tmp_path: Path) -> None:
    log = tmp_path / "edits" / "ep01.jsonl"
    assert edit_log.read(log) == ()
    edit_log.append(log, [edit("dub", "a\nb"), edit("note", "“x”")])
    edit_log.append(log, [edit("dub", "c")])
    assert edit_log.read(log) == (edit("dub", "a\nb"), edit("note", "“x”"), edit("dub", "c"))


@given(cut=st.integers(min_value=1, max_value=400))
def test_a_torn_last_line_is_kept_aside(tmp_path_factory: pytest.TempPathFactory, cut: int) -> None:
    log = tmp_path_factory.mktemp("log") / "ep01.jsonl"
    whole = [edit("dub", "satu"), edit("dub", "dua")]
    edit_log.append(log, whole)
    data = log.read_bytes()
    torn = data[: max(0, len(data) - cut)]
    log.write_bytes(torn)
    kept = edit_log.read(log)
    assert kept == tuple(whole[: len(kept)])
    aside = log.with_name("ep01.jsonl.torn")
    held = log.read_bytes() + (aside.read_bytes() if aside.exists() else b"")
    assert held.replace(b"\n", b"") == torn.replace(b"\n", b"")
    edit_log.append(log, [edit("dub", "tiga")])
    assert edit_log.read(log)[-1].value == "tiga"


@pytest.mark.parametrize("tail", [b'{"episode": "ep01", "li', b"\0" * 4096, b'{"episode": "\xe4\xbd', b"null"])
def test_what_a_crash_left_at_the_end_loses_no_earlier_edit_and_is_told(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, tail: bytes
) -> None:
    log = tmp_path / "ep01.jsonl"
    edit_log.append(log, [edit("dub", "satu"), edit("dub", "dua")])
    whole = log.read_bytes()
    log.write_bytes(whole + tail)
    assert [one.value for one in edit_log.read(log)] == ["satu", "dua"]
    assert "all before it are there" in caplog.text and "ep01.jsonl.torn" in caplog.text
    assert log.read_bytes() == whole and log.with_name("ep01.jsonl.torn").read_bytes() == tail + b"\n"


@given(cut=st.integers(min_value=0, max_value=400))
def test_a_look_sees_what_a_reading_would_and_leaves_no_trace(
    tmp_path_factory: pytest.TempPathFactory, cut: int
) -> None:
    log = tmp_path_factory.mktemp("log") / "ep01.jsonl"
    assert edit_log.peek(log) == ()
    edit_log.append(log, [edit("dub", "satu"), edit("dub", "dua")])
    log.write_bytes(log.read_bytes()[: -cut or None])
    log.with_name(".ep01.jsonl.lock").unlink(missing_ok=True)
    before = log.read_bytes()
    seen = edit_log.peek(log)
    assert list(log.parent.iterdir()) == [log] and log.read_bytes() == before
    assert seen == edit_log.read(log)


def test_a_log_that_passed_through_windows_is_read(tmp_path: Path) -> None:
    log = tmp_path / "ep01.jsonl"
    edit_log.append(log, [edit("dub", "satu"), edit("dub", "dua")])
    log.write_bytes(b"\xef\xbb\xbf" + log.read_bytes().replace(b"\n", b"\r\n"))
    assert [one.value for one in edit_log.read(log)] == ["satu", "dua"]


@pytest.mark.parametrize("line", ["{}", '{"episode": 1}', "nonsense", '["a"]'])
def test_damage_inside_the_log_is_never_skipped(tmp_path: Path, line: str) -> None:
    log = tmp_path / "ep01.jsonl"
    edit_log.append(log, [edit("dub", "a")])
    log.write_text(line + "\n" + log.read_text("utf-8"), "utf-8")
    with pytest.raises(InputError) as caught:
        edit_log.read(log)
    assert caught.value.where == f"{log}, line 1" and "every other line" in caught.value.fix


def test_an_edit_of_an_unknown_field_is_refused(tmp_path: Path) -> None:
    log = tmp_path / "ep01.jsonl"
    edit_log.append(log, [edit("speaker", "S2")])
    with pytest.raises(InputError, match="'speaker'"):
        edit_log.read(log)
