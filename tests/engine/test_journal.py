"""``localize why``: what a line was made from, and what changed since the time before."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from localize.engine.events import Event
from localize.engine.journal import Journal, differences, explain, known_as, path_of
from localize.engine.store import Receipt, Store
from localize.errors import InputError, WorkError


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path)


def made(store: Store, key: str, recipe: Any, kind: Any = "done", title: str = "L0007 id-ID") -> None:
    """One run that used one receipt."""
    key = key * 64
    store.commit(Receipt(key, "translate", title, recipe, "x", "2026-11-21T10:00:00+00:00", 0.25, "x86_64"))
    Journal(store, "ep01")(Event(kind, "translate", title, "id-ID", key=key))


def test_a_first_making_lists_what_went_in(store: Store) -> None:
    made(store, "a", {"revision": 1, "text": "少爷！", "engine": {"engine": "espeak", "version": "1.52"}})
    told = explain(store, "ep01", "L0007", "id-ID")
    assert told.startswith("translate L0007 id-ID: made 2026-11-21T10:00:00+00:00 in 0.2 s by espeak 1.52")
    assert "    text = 少爷！" in told and "revision" not in told


def test_a_later_making_lists_what_changed(store: Store) -> None:
    made(store, "a", {"text": "少爷！", "terms": []})
    made(store, "b", {"text": "少爷！", "terms": [["少爷", "Tuan Muda"]]})
    made(store, "b", {}, kind="reused")
    told = explain(store, "ep01", "L0007", "id-ID").splitlines()
    assert told[1:] == ['    terms gained ["少爷", "Tuan Muda"]']


def test_a_stage_can_be_asked_for_and_the_unknown_is_an_input_error(store: Store) -> None:
    made(store, "a", {"text": "x"})
    assert "L0007" in explain(store, "ep01", "translate", "")
    for episode, line, market in (("ep02", "L0007", ""), ("ep01", "L0008", ""), ("ep01", "L0007", "en-US")):
        with pytest.raises(InputError):
            explain(store, episode, line, market)


def test_a_receipt_that_is_gone_and_a_torn_last_line_do_no_harm(store: Store) -> None:
    made(store, "a", {"text": "x"})
    gone = store.receipt("a" * 64)
    assert gone is not None
    store.drop(gone)
    with path_of(store, "ep01").open("a", encoding="utf-8") as file:
        file.write('{"run": "2026')
    assert "its receipt is gone" in explain(store, "ep01", "L0007", "")


def test_an_episode_is_known_by_file_and_by_name(store: Store) -> None:
    for name in ("ep01", "Show.S01.E02"):
        Journal(store, name)(Event("done", "probe", key="a" * 64))
        for asked in (name, f"{name}.mp4", f"folder/{name}.mp4"):
            assert known_as(store, asked) == name


def test_a_journal_that_cannot_be_written_says_so(store: Store) -> None:
    journal = Journal(store, "ep01")
    path_of(store, "ep01").mkdir()
    with pytest.raises(WorkError, match="cannot write"):
        journal(Event("done", "probe", key="a" * 64))


@pytest.mark.parametrize(
    ("before", "now", "told"),
    [
        ({"a": 1}, {"a": 1}, []),
        ({"a": {"b": "x"}}, {"a": {"b": "y"}}, ["a.b was x, now y"]),
        ({"a": 1}, {"b": 2}, ["a was 1, now null", "b was null, now 2"]),
        ({"a": [1, 2]}, {"a": [2, 3, 4]}, ["a lost 1", "a gained 3", "a gained 4"]),
        ({"a": [[1, 2]]}, {"a": [[1, 3]]}, ["a was 2, now 3"]),
        ({"a": "x" * 200}, {"a": ""}, [f"a was {'x' * 87}…, now "]),
    ],
)
def test_differences_are_sentences(before: Any, now: Any, told: list[str]) -> None:
    assert differences(before, now) == told
