"""``localize why``: whose words a line has, what it was made from, and what changed since the time before."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from localize.edits import Edit
from localize.engine.codec import plain
from localize.engine.events import Event
from localize.engine.journal import Journal, history
from localize.engine.store import Receipt, Store
from localize.engine.why import explain
from localize.errors import InputError
from localize.stages.adapt import Adapted
from localize.version import Adaptation, Rendering, Variants


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path)


def made(store: Store, key: str, recipe: Any, stage: str = "translate", answer: Any = "x", **more: Any) -> None:
    """One run that used one receipt."""
    title, market = more.get("title", "L0007 id-ID"), more.get("market", "id-ID")
    key = key * 64
    store.commit(Receipt(key, stage, title, recipe, answer, "2026-11-21T10:00:00+00:00", 0.25, "x86_64"))
    Journal(store, "ep01")(Event(more.get("kind", "done"), stage, title, market, key=key))


def why(store: Store, line: str = "L0007", market: str = "id-ID", log: tuple[Edit, ...] = ()) -> list[str]:
    return explain(store, history(store, "ep01"), line, market, log).splitlines()


def adapted(store: Store, dub: str, subtitle: str, *changes: Adaptation, status: Any = "draft") -> None:
    origin: Any = "memory" if dub else "source"
    machine = Rendering("L0007", "id-ID", Variants(dub), subtitle, origin, status, "memory.csv ep01" if dub else "")
    made(store, "c", {"text": "少爷！"}, "adapt", plain(Adapted(machine, changes)))


def edit(field: Any, value: str, day: int, by: str = "Ana") -> Edit:
    return Edit("ep01", "L0007", "id-ID", field, value, by, f"2026-03-{day:02}T09:00:00+00:00", "0" * 12)


def test_a_first_making_lists_what_went_in(store: Store) -> None:
    made(store, "a", {"revision": 1, "text": "少爷！", "engine": {"engine": "espeak", "version": "1.52"}})
    told = why(store)
    assert told[0] == "translate L0007 id-ID: made 2026-11-21 10:00 UTC in 0.2 s by espeak 1.52, from"
    assert "    text: “少爷！”" in told and "revision" not in " ".join(told)
    assert Path(told[-1].partition("receipt: ")[2]).is_file(), "whoever wants every byte finds it there"


def test_a_later_making_lists_what_changed(store: Store) -> None:
    made(store, "a", {"text": "少爷！", "terms": []})
    made(store, "b", {"text": "少爷！", "terms": [["少爷", "Tuan Muda"]]})
    made(store, "b", {}, kind="reused")
    assert why(store)[1:] == ["    terms gained “少爷”, “Tuan Muda”"]


def test_an_edit_is_told_with_its_author_its_day_and_the_words_before(store: Store) -> None:
    adapted(store, "Tuan!", "Tuan Muda!")
    log = (edit("dub", "Tuan Muda, awas!", 2), edit("dub", "Awas!", 4, "Budi"), edit("status", "locked", 5))
    told = why(store, log=log)
    assert told[:6] == [
        "L0007 id-ID: 少爷！",
        "  dub text: written by Budi on 2026-03-04 in lines.csv, was: “Tuan Muda, awas!”",
        "    “Awas!”",
        "  subtitle text: from the series' memory (memory.csv ep01)",
        "    “Tuan Muda!”",
        "  status: locked, set by Ana on 2026-03-05 in lines.csv",
    ]


def test_a_cell_that_follows_the_other_says_whom_it_follows(store: Store) -> None:
    adapted(store, "", "", status="missing")
    assert "  dub text: nobody has translated this line" in why(store)
    told = why(store, log=(edit("dub", "Awas!", 2), edit("note", "softly", 3)))
    assert "  dub text: written by Ana on 2026-03-02 in lines.csv, was: nothing" in told
    assert "  subtitle text: follows what Ana on 2026-03-02 wrote in lines.csv as dub text, was: nothing" in told
    assert "  note: softly, by Ana on 2026-03-03" in told


def test_a_market_rule_is_told(store: Store) -> None:
    change = Adaptation("L0007", "address.总", 1, "dub", "Bos Lu", "Pak Lu", "one form")
    adapted(store, "Pak Lu!", "Pak Lu!", change, replace(change, field="subtitle"), replace(change, before="Bos"))
    assert [told for told in why(store, "l0007") if "market rule" in told] == [
        "  market rule address.总 changed “Bos Lu” to “Pak Lu” in the dub and the subtitle: one form",
        "  market rule address.总 changed Bos to “Pak Lu” in the dub: one form",
    ]


def test_what_people_decided_about_the_line_itself_comes_first(store: Store) -> None:
    adapted(store, "Tuan!", "Tuan!")
    own = Edit("ep01", "L0007", "", "speaker", "gu_bo", "Ana", "2026-03-02T09:00:00+00:00", "")
    told = why(store, log=(replace(own, value="lu_chen"), own, replace(own, field="text", value="少爷？")))
    assert told[:2] == [
        "L0007 is said by gu_bo: decided by Ana on 2026-03-02",
        "L0007 source text is “少爷？”: decided by Ana on 2026-03-02",
    ]


def test_what_was_said_before_lines_were_joined_is_not_said_of_the_joined_line(store: Store) -> None:
    adapted(store, "Tuan! Awas!", "Tuan! Awas!")
    merge = Edit("ep01", "L0007", "", "merge", "L0008", "Ana", "2026-03-02T09:00:00+00:00", "")
    told = why(store, log=(edit("dub", "Tuan!", 1), merge))
    assert told[0] == "L0007 was joined with L0008: decided by Ana on 2026-03-02"
    assert told[2] == "  dub text: from the series' memory (memory.csv ep01)"


def test_every_market_is_told_when_none_is_named(store: Store) -> None:
    made(store, "a", {"text": "x"})
    made(store, "b", {"text": "x"}, title="L0007 en-US", market="en-US")
    assert [line.split()[2] for line in why(store, market="") if line.startswith("translate")] == ["id-ID:", "en-US:"]


def test_a_stage_can_be_asked_for_and_the_unknown_is_an_input_error(store: Store) -> None:
    made(store, "a", {"text": "x"})
    assert "L0007" in why(store, "translate", "")[0]
    for line, market in (("L0008", ""), ("L0007", "en-US")):
        with pytest.raises(InputError):
            why(store, line, market)


def test_a_receipt_that_is_gone_does_no_harm(store: Store) -> None:
    made(store, "a", {"text": "x"})
    gone = store.receipt("a" * 64)
    assert gone is not None
    store.drop(gone)
    assert why(store) == ["translate L0007 id-ID: its receipt is gone; the next run makes it again"]
