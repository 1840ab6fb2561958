"""Which receipts a run used, and which runs an episode's name stands for."""

from __future__ import annotations

from pathlib import Path

import pytest

from localize.engine.events import Event
from localize.engine.journal import Journal, history, known_as, path_of
from localize.engine.store import Store
from localize.errors import WorkError


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path)


def used(journal: Journal, *titles: str) -> None:
    for title in titles:
        journal(Event("done", "translate", title, "id-ID", key="a" * 64))


def test_an_episode_is_known_by_file_and_by_name(store: Store) -> None:
    for name in ("ep01", "Show.S01.E02"):
        used(Journal(store, name), "L0001 id-ID")
        for asked in (name, f"{name}.mp4", f"folder/{name}.mp4"):
            assert known_as(store, asked) == name
            assert [use.title for use in history(store, asked).uses] == ["L0001 id-ID"]
    assert history(store, "ep02").uses == ()


def test_two_episodes_of_one_name_are_told_apart_by_their_place(store: Store, tmp_path: Path) -> None:
    for show in ("one", "other"):
        used(Journal(store, "ep01", tmp_path / show / "ep01.mp4", tmp_path / show / "S"), f"{show} id-ID")
    for asked, show in ((str(tmp_path / "one" / "ep01.mp4"), "one"), ("ep01", "other"), ("moved/ep01.mp4", "other")):
        found = history(store, asked)
        assert [use.title for use in found.uses] == [f"{show} id-ID"]
        assert (found.media, found.series) == (tmp_path / show / "ep01.mp4", tmp_path / show / "S")


def test_a_project_that_was_moved_keeps_its_history(store: Store, tmp_path: Path) -> None:
    for number, place in enumerate(("old", "new", "other show")):
        journal = Journal(store, "ep01", tmp_path / place / "ep01.mp4")
        journal(Event("reused", "probe", key=str(number // 2) * 64))
        used(journal, f"{place.split()[0]} id-ID")
    found = history(store, str(tmp_path / "new" / "ep01.mp4"))
    assert [use.title for use in found.uses if use.title] == ["old id-ID", "new id-ID"]


def test_a_torn_last_line_and_a_run_without_receipts_do_no_harm(store: Store) -> None:
    used(Journal(store, "ep01"), "L0001 id-ID")
    Journal(store, "ep01")(Event("note", message="nothing used"))
    with path_of(store, "ep01").open("a", encoding="utf-8") as file:
        file.write('{"run": "2026')
    assert len(history(store, "ep01").uses) == 1
    assert len(path_of(store, "ep01").read_text("utf-8").splitlines()) == 3


def test_a_journal_that_cannot_be_written_says_so(store: Store) -> None:
    journal = Journal(store, "ep01")
    path_of(store, "ep01").mkdir()
    with pytest.raises(WorkError, match="cannot write"):
        used(journal, "L0001 id-ID")
