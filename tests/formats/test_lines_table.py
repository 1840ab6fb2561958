import os
import signal
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from localize import edit_log, edits
from localize.edits import Row
from localize.errors import InputError
from localize.formats import lines_csv, lines_table
from localize.formats.lines_table import import_table, pending, rewrite_if_unchanged

NOW = datetime(2026, 11, 21, 9, tzinfo=UTC)
ROWS = tuple(
    Row(
        f"L000{n}",
        "00:00:01,000",
        "00:00:02,000",
        "S1",
        "你好",
        "Hello",
        "Hello",
        "",
        "",
        "",
        "memory",
        "draft",
        "",
        "abc",
    )
    for n in (1, 2, 3)
)


class Place:
    def __init__(self, folder: Path) -> None:
        self.table = folder / "out" / "en-US" / "lines.csv"
        self.base = lines_table.base_path(folder / "series" / "edits", "第1.集", "en-US", self.table)
        self.log = folder / "series" / "edits" / "第1.集.jsonl"

    def take(self) -> tuple[edits.Edit, ...]:
        """What an import logs, which a look at the table tells beforehand without leaving a trace."""
        before = self.files()
        told = pending(self.table, self.base, self.log, "ana", NOW)
        assert self.files() == before
        taken = import_table(self.table, self.base, self.log, "ana", NOW)
        assert taken == told
        return taken

    def files(self) -> dict[Path, bytes]:
        places = (self.table.parent, self.base.parent)
        return {path: path.read_bytes() for place in places if place.exists() for path in place.iterdir()}

    def put(self, rows: tuple[Row, ...]) -> bool:
        return rewrite_if_unchanged(self.table, self.base, rows)

    def person(self, **changes: str) -> None:
        rows = lines_csv.read(self.table)
        lines_csv.write(self.table, (replace(rows[0], **changes), *rows[1:]))


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return Place(tmp_path)


def test_an_edit_travels_from_the_table_to_the_log_once(place: Place) -> None:
    assert place.take() == ()
    assert place.put(ROWS)
    assert place.take() == ()
    place.person(dub="Hi")
    (found,) = place.take()
    assert (found.episode, found.market, found.line, found.field, found.value) == (
        "第1.集",
        "en-US",
        "L0001",
        "dub",
        "Hi",
    )
    assert place.take() == ()
    assert edit_log.read(place.log) == (found,)


def test_a_table_touched_since_the_import_is_left_alone(place: Place) -> None:
    place.put(ROWS)
    place.person(dub="Hi")
    before = place.table.read_bytes()
    assert not place.put(tuple(replace(row, dub="Machine") for row in ROWS))
    assert place.table.read_bytes() == before
    place.take()
    assert place.put((replace(ROWS[0], dub="Hi", origin="person"), *ROWS[1:]))
    assert place.take() == ()


def test_a_spreadsheets_own_flavour_is_no_edit(place: Place) -> None:
    place.put(ROWS)
    text = place.table.read_text("utf-8-sig").replace(",", ";").replace("00:00:01;000", "00:00:01,000")
    place.table.write_text(
        text.replace('"00:00:01,000"', "00:00:01,000").replace('"00:00:02;000"', "00:00:02,000"), "utf-16"
    )
    assert place.take() == ()
    assert place.put(ROWS)
    assert place.table.read_bytes().startswith(b"\xef\xbb\xbf")


def test_a_spanish_spreadsheet_that_sorts_and_cuts_times_loses_no_edit(place: Place) -> None:
    place.put(tuple(replace(row, source="02:15") for row in ROWS))
    shown = place.table.read_text("utf-8-sig").replace('"00:00:01,000","00:00:02,000"', "00:01.0,0:00:02")
    header, *rows = shown.split()
    rows[1] = rows[1].replace(",Hello,", ",3-4,", 1)
    text = "\r\n".join(row.replace(",", ";") for row in ("sep=,", *reversed(rows), header, ";;;"))
    place.table.write_text(text.replace("00:01.0", "00:01,0"), "utf-16")
    (found,) = place.take()
    assert (found.line, found.field, found.value) == ("L0002", "dub", "3-4")
    assert place.put(ROWS) and place.table.read_text("utf-8-sig").count("00:00:01,000") == 3


@pytest.mark.parametrize(
    ("damage", "said"),
    [
        (lambda rows: rows[:-1], "L0003 is missing"),
        (lambda rows: [*rows, rows[1].replace("L0001", "L0009")], "line 5: id 'L0009' is unknown"),
        (lambda rows: [*rows, rows[1]], "line 5: id L0001 stands twice (first in line 2)"),
        (lambda rows: [rows[0], *(row.replace("你好", "??") for row in rows[1:])], "question marks instead of Chinese"),
        (lambda rows: [row.replace(",S1,", ",S2,") for row in rows], "line 2: L0001 speaker was 'S1', is now 'S2'"),
        (lambda rows: [row.replace("Hello", "#REF!") for row in rows], "line 2: L0001 dub is '#REF!'"),
        (lambda rows: [row.replace(",abc", ",") for row in rows], "line 2: L0001 seen was 'abc', is now ''"),
        (lambda rows: rows[1:], "line 1: missing column: id"),
    ],
)
def test_damage_is_refused_with_lines_and_a_way_out(
    place: Place, damage: Callable[[list[str]], list[str]], said: str
) -> None:
    place.put(ROWS)
    place.table.write_text("\n".join(damage(place.table.read_text("utf-8-sig").split())), "utf-8")
    with pytest.raises(InputError) as caught:
        place.take()
    assert said in str(caught.value) and caught.value.where.startswith(str(place.table)) and caught.value.fix
    assert not place.log.exists()


def test_a_refused_table_stays_as_it_is(place: Place) -> None:
    place.put(ROWS)
    place.person(seen="def", dub="Hi")
    before = (place.table.read_bytes(), place.base.read_bytes())
    with pytest.raises(InputError, match="stale seen"):
        place.take()
    assert (place.table.read_bytes(), place.base.read_bytes()) == before
    assert not place.log.exists()


def test_a_table_without_its_snapshot_is_refused(place: Place) -> None:
    lines_csv.write(place.table, ROWS)
    with pytest.raises(InputError, match="snapshot"):
        place.take()
    assert not place.put(ROWS)


def test_every_table_has_a_snapshot_of_its_own_and_a_project_may_be_moved(tmp_path: Path) -> None:
    def name(project: str, out: str) -> str:
        table = tmp_path / project / out / "lines.csv"
        return lines_table.base_path(tmp_path / project / "SERIES" / "edits", "ep01", "en-US", table).name

    assert name("one", "a") != name("one", "b")
    assert name("one", "a") == name("two", "a") == name("one", "b/../a")


def test_a_table_moved_untouched_is_known_and_a_changed_one_is_refused(place: Place) -> None:
    place.put(ROWS)
    market = place.table.parent
    for name in ("here", "there"):
        place.table = market.with_name(name) / "lines.csv"
        place.base = lines_table.base_path(place.base.parent, "第1.集", "en-US", place.table)
        lines_csv.write(place.table, ROWS)
        if name == "here":
            assert place.take() == () and place.put(tuple(replace(row, dub="Machine") for row in ROWS))
            continue
        place.person(dub="Hi")
        with pytest.raises(InputError, match="snapshot"):
            place.take()


def test_a_crash_after_logging_loses_and_doubles_nothing(place: Place) -> None:
    place.put(ROWS)
    place.person(dub="Hi")
    stale = place.base.read_bytes()
    (found,) = place.take()
    place.base.write_bytes(stale)
    assert place.take() == ()
    assert edit_log.read(place.log) == (found,)


def test_a_text_changed_back_and_forth_is_logged_each_time(place: Place) -> None:
    place.put(ROWS)
    for value in ("Hi", "Hello", "Hi"):
        place.person(dub=value)
        place.take()
    assert [one.value for one in edit_log.read(place.log)] == ["Hi", "Hello", "Hi"]


def test_a_length_typed_again_after_a_new_dub_cleared_it_is_an_edit(place: Place) -> None:
    place.put(ROWS)
    place.person(short="Yo")
    place.take()
    place.person(dub="Hi")
    place.take()
    place.put((replace(ROWS[0], dub="Hi"), *ROWS[1:]))
    place.person(short="Yo")
    assert [(one.field, one.value) for one in place.take()] == [("short", "Yo")]


@pytest.mark.parametrize("table_written", [False, True])
@pytest.mark.parametrize("edited", [False, True])
def test_a_crash_inside_a_rewrite_invents_no_edits(place: Place, table_written: bool, edited: bool) -> None:
    place.put(ROWS)
    new = tuple(replace(row, dub="Machine", seen="def") for row in ROWS)
    following = place.base.with_name(place.base.name + ".next")
    lines_csv.write(following, new)
    if table_written:
        lines_csv.write(place.table, new)
    if edited:
        place.person(subtitle="Mine")
    found = place.take()
    assert [(one.line, one.field, one.value) for one in found] == (
        [("L0001", "subtitle", "Mine")] if edited else []
    )
    assert not following.exists()
    assert place.take() == ()


SCRIPT = """
import os, signal, sys
from datetime import UTC, datetime
from pathlib import Path
from localize.formats.lines_table import import_table
calls = 0
def trace(frame, event, arg):
    global calls
    if "localize" in frame.f_code.co_filename:
        calls += event == "line"
        if calls == int(sys.argv[4]):
            os.kill(os.getpid(), signal.SIGKILL)
    return trace
sys.settrace(trace)
import_table(Path(sys.argv[1]), Path(sys.argv[2]), Path(sys.argv[3]), "ana", datetime.now(UTC))
sys.settrace(None)
print(calls)
"""


def _die_at(place: Place, step: int) -> int:
    command = [sys.executable, "-c", SCRIPT, str(place.table), str(place.base), str(place.log), str(step)]
    done = subprocess.run(
        command, capture_output=True, text=True, env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1"}
    )
    return 0 if done.returncode == -signal.SIGKILL else int(done.stdout)


def test_killed_anywhere_the_next_import_has_every_edit_once(tmp_path: Path) -> None:
    first = Place(tmp_path / "count")
    first.put(ROWS)
    first.person(dub="Hi", note="=sum")
    steps = _die_at(first, 0)
    for turn in range(8):
        place = Place(tmp_path / str(turn))
        place.put(ROWS)
        place.person(dub="Hi", note="=sum")
        assert _die_at(place, steps * (turn + 2) // 10) == 0
        place.take()
        assert [(one.field, one.value) for one in edit_log.read(place.log)] == [("dub", "Hi"), ("note", "=sum")]
        assert place.take() == ()
