"""The store: whole or not there, first receipt wins, rubbish of dead runs goes."""

from __future__ import annotations

import errno
import json
import os
import threading
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest

from localize.engine.store import Receipt, Store, assets_in, digest_of, disk_error
from localize.episode import Asset
from localize.errors import InputError

KEY = "ab" * 32


def receipt(answer: Any, key: str = KEY) -> Receipt:
    return Receipt(key, "mix", "en-US", {"a": 1}, answer, "2026-01-01T00:00:00+00:00", 1.5, "x86_64")


def kept(store: Store, text: str) -> Asset:
    path = store.scratch() / "x"
    path.write_text(text, encoding="utf-8")
    return store.keep(path, "text/plain")


def test_a_file_is_found_by_its_content_and_twins_are_one(tmp_path: Path) -> None:
    store = Store(tmp_path)
    one, twin, other = kept(store, "天"), kept(store, "天"), kept(store, "地")
    assert one == twin != other
    assert store.path(one).read_text("utf-8") == "天" and digest_of(store.path(one)) == one.digest
    assert len([path for path in (tmp_path / "files").rglob("*") if path.is_file()]) == 2


def test_a_receipt_counts_only_while_its_files_are_whole(tmp_path: Path) -> None:
    store = Store(tmp_path)
    asset = kept(store, "sound")
    made = store.commit(receipt({"takes": [{"audio": asdict(asset)}]}))
    assert store.receipt(KEY) == made and list(assets_in(made.answer)) == [asset]
    store.path(asset).write_text("s", encoding="utf-8")
    assert store.receipt(KEY) is None
    store.path(asset).unlink()
    assert store.receipt(KEY) is None
    kept(store, "sound")
    assert store.receipt(KEY) == made


def test_the_first_receipt_wins(tmp_path: Path) -> None:
    store = Store(tmp_path)
    first = store.commit(receipt("first"))
    assert store.commit(receipt("second")) == first == store.receipt(KEY)
    store.drop(receipt("something else"))
    assert store.receipt(KEY) == first, "only what was read is dropped"
    store.drop(first)
    assert store.receipt(KEY) is None and store.commit(receipt("second")).answer == "second"


def test_many_writers_agree(tmp_path: Path) -> None:
    store, won, start = Store(tmp_path), [], threading.Barrier(8)

    def write(number: int) -> None:
        start.wait()
        won.append(store.commit(receipt(number)).answer)

    threads = [threading.Thread(target=write, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    final = store.receipt(KEY)
    assert final is not None and won == [final.answer] * 8
    assert [path.name for path in (tmp_path / "receipts" / KEY[:2]).iterdir()] == [f"{KEY}.json"]


def test_a_writer_that_saw_nothing_does_not_overwrite_the_first(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store, link = Store(tmp_path), os.link
    other: list[Receipt] = []

    def late(source: Path, target: Path) -> None:
        monkeypatch.setattr(os, "link", link)
        other.append(Store(tmp_path).commit(receipt("first")))
        link(source, target)

    monkeypatch.setattr(os, "link", late)
    assert store.commit(receipt("second")) == other[0] == store.receipt(KEY)
    assert other[0].answer == "first"


def test_many_writers_replace_one_damaged_receipt_once(tmp_path: Path) -> None:
    store = Store(tmp_path)
    for number in range(20):
        key = f"{number:064}"
        path = tmp_path / "receipts" / key[:2] / f"{key}.json"
        path.parent.mkdir(exist_ok=True)
        path.write_text("{", encoding="utf-8")
        start = threading.Barrier(4)
        won: list[Any] = []

        def write(who: int, key: str = key, start: Any = start, won: list[Any] = won) -> None:
            start.wait()
            won.append(store.commit(receipt(who, key)).answer)

        threads = [threading.Thread(target=write, args=(who,)) for who in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        final = store.receipt(key)
        assert final is not None and won == [final.answer] * 4


@pytest.mark.parametrize("damage", ["", "{", '{"key": 1}', "[]"])
def test_a_damaged_receipt_is_none_and_is_replaced(tmp_path: Path, damage: str) -> None:
    store = Store(tmp_path)
    store.commit(receipt("old"))
    path = tmp_path / "receipts" / KEY[:2] / f"{KEY}.json"
    path.write_text(damage, encoding="utf-8")
    assert store.receipt(KEY) is None
    assert store.commit(receipt("new")).answer == "new"
    assert json.loads(path.read_text("utf-8"))["answer"] == "new"


def test_scratch_of_dead_runs_is_swept_and_that_of_living_ones_kept(tmp_path: Path) -> None:
    mine = Store(tmp_path).scratch()
    dead = [tmp_path / "scratch" / name for name in ("999999999-ab", "strange")]
    for folder in dead:
        folder.mkdir()
        (folder / "half.wav").write_bytes(b"0")
    Store(tmp_path)
    assert mine.is_dir() and mine.name.startswith(f"{os.getpid()}-")
    assert not any(folder.exists() for folder in dead)


def test_a_receipt_that_a_killed_run_was_writing_is_swept(tmp_path: Path) -> None:
    Store(tmp_path)
    half = tmp_path / "scratch" / "999999999-ab.json"
    half.write_text("{", "utf-8")
    Store(tmp_path).commit(receipt({}))
    assert not half.exists()
    assert [path.name for path in (tmp_path / "receipts").rglob("*") if path.is_file()] == [f"{KEY}.json"]


def test_a_place_that_cannot_be_a_store(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x", encoding="utf-8")
    with pytest.raises(InputError, match="--store DIR"):
        Store(tmp_path / "file" / "store")


def test_disk_errors_in_words(tmp_path: Path) -> None:
    for number in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
        assert "the disk is full" in str(disk_error(OSError(number, "x"), tmp_path))
        assert Store(tmp_path).full(OSError(number, "x"))
    assert "permissions" in str(disk_error(OSError(errno.EACCES, "Permission denied"), tmp_path))
    assert not Store(tmp_path).full(ValueError("bad sound"))
