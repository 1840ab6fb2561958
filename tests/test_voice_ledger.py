"""The chain: what is written stands, and whatever is done to it afterwards shows."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from localize import voice_ledger
from localize.voice_ledger import LEDGER, append, flaws, read

FACTS = [{"what": "audition", "voice": f"v{number}", "text": "你好"} for number in range(5)]


@pytest.fixture
def root(tmp_path: Path) -> Path:
    append(tmp_path, FACTS[:2], "Ana")
    append(tmp_path, FACTS[2:], "Ben")
    return tmp_path


def lines(root: Path) -> list[str]:
    return (root / LEDGER).read_text("utf-8").splitlines()


def put(root: Path, found: list[str]) -> None:
    (root / LEDGER).write_text("".join(f"{line}\n" for line in found), "utf-8")


def told(root: Path) -> str:
    return "; ".join(f"{one.line}: {one.message}" for one in flaws(root))


def test_records_are_numbered_signed_and_chained(root: Path) -> None:
    found = read(root)
    assert [one["number"] for one in found] == [1, 2, 3, 4, 5]
    assert [one["by"] for one in found] == ["Ana", "Ana", "Ben", "Ben", "Ben"]
    assert [one["before"] for one in found[1:]] == [one["hash"] for one in found[:-1]]
    assert not flaws(root)


def test_a_changed_record_shows(root: Path) -> None:
    found = lines(root)
    found[2] = found[2].replace('"v2"', '"v9"')
    put(root, found)
    assert told(root) == "3: record 3 was changed after it was written"


def test_a_record_changed_with_its_hash_shows_in_the_next(root: Path) -> None:
    found = lines(root)
    record = json.loads(found[2]) | {"voice": "v9"}
    found[2] = json.dumps(record | {"hash": voice_ledger.hash_of(record)}, ensure_ascii=False)
    put(root, found)
    assert told(root).startswith("4: record 4 does not follow")


@pytest.mark.parametrize(
    ("order", "says"),
    [([0, 1, 3, 4], "record 3 missing before record 4"), ([0, 4], "records 2 to 4 missing before record 5"),
     ([1, 2, 3, 4], "record 1 missing before record 2"), ([0, 2, 1, 3, 4], "record 2 stands after record 3"),
     ([0, 1, 1, 2, 3, 4], "record 2 stands after record 2")],
)  # fmt: skip
def test_removed_and_moved_records_show(root: Path, order: list[int], says: str) -> None:
    found = lines(root)
    put(root, [found[number] for number in order])
    assert says in told(root)


def test_a_record_cut_off_in_the_middle_shows(root: Path) -> None:
    found = lines(root)
    put(root, [found[0], found[1][:40], *found[2:]])
    assert "2: no record" in told(root) and not any(one.torn for one in flaws(root))


def test_a_torn_last_line_is_known_for_what_it_is_and_set_aside(root: Path) -> None:
    whole = (root / LEDGER).read_bytes()
    (root / LEDGER).write_bytes(whole[:-30])
    assert [(one.line, one.torn) for one in flaws(root)] == [(5, True)]
    append(root, FACTS[4:], "Ana")
    assert not flaws(root) and len(read(root)) == 5
    assert (root / f"{LEDGER}.torn").read_bytes().startswith(b'{"number": 5')


def test_a_last_line_that_lost_only_its_end_is_kept(root: Path) -> None:
    (root / LEDGER).write_bytes((root / LEDGER).read_bytes()[:-1])
    append(root, FACTS[:1], "Ana")
    assert not flaws(root) and len(read(root)) == 6


def test_a_version_is_recorded_once(root: Path) -> None:
    version = {"what": "version", "manifest": "a" * 64}
    assert len(append(root, [version], "Ana")) == 1
    before = (root / LEDGER).read_bytes()
    assert append(root, [version], "Ana") == () and (root / LEDGER).read_bytes() == before
