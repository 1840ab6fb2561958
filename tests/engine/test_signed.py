"""A signature holds: lines that a person signed stay as they were when something around them changes."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import replace

import pytest
import walk
from chat_server import Server, answer, chat_server, lines_of
from walk import Place, Ran

from localize.engine.events import Event
from localize.engine.store import Store
from localize.pipeline import localize

SAID = ("他把旧船票折成了一只鸟。", "井里的月亮比天上的重。", "邮差忘了给灯塔送信。", "没人记得那把绿色的伞。")


@pytest.fixture
def server() -> Iterator[Server]:
    with chat_server() as made:
        yield made


def run(place: Place, server: Server) -> Ran:
    settings = {"url": server.url, "model": "moon-1", "concurrency": "1"}
    order = replace(place.order("en", deliver="sub"), options={"translation": settings}, transcript="sidecar")
    events: list[Event] = []
    return Ran(localize(order, Store(place.store), events.append, threading.Event()), events)


def says(server: Server, words: str) -> None:
    server.usual = lambda body: answer(lines_of(body), lambda one: f"{words} {one['id']}.")


def with_new_lines(place: Place) -> None:
    """Four lines that nothing but an engine can translate."""
    blocks = (f"{n}\n00:00:0{n},000 --> 00:00:0{n},900\n{text}\n" for n, text in enumerate(SAID, start=1))
    place.episode.with_suffix(".srt").write_text("\n".join(blocks), encoding="utf-8")
    for script in (place.series / "scripts").iterdir():
        script.unlink()


def test_signed_lines_are_not_asked_for_when_a_neighbour_is_corrected(fresh: Place, server: Server) -> None:
    with_new_lines(fresh)
    says(server, "First words of")
    assert run(fresh, server).outcome.exit_code == 0
    table, mine = fresh.table("en-US"), ("L0001", "L0002", "L0003")
    before = {line: dict(walk.cells(table, line)) for line in (*mine, "L0004")}
    assert before["L0001"]["dub"] == "First words of L0001." and before["L0004"]["origin"] == "machine"
    walk.edit(table, "L0001", status="reviewed")
    walk.edit(table, "L0002", status="locked")
    walk.edit(table, "L0003", status="reviewed", dub="A letter for the lighthouse.")
    walk.edit(fresh.out / "transcript.csv", "L0004", text="没人记得那把蓝色的伞。")
    says(server, "Other words of")
    questions = len(server.seen)
    ran = run(fresh, server)
    assert ran.outcome.exit_code == 0, ran.told("failed")
    assert not {one for lines in server.asked()[questions:] for one in lines} & set(mine)
    after = {line: dict(walk.cells(table, line)) for line in before}
    assert [after[line]["seen"] for line in mine] == [before[line]["seen"] for line in mine]
    assert [after[line]["dub"] for line in before] == [
        "First words of L0001.", "First words of L0002.", "A letter for the lighthouse.", "Other words of L0004.",
    ]  # fmt: skip
    assert [after[line]["status"] for line in before] == ["reviewed", "locked", "reviewed", "draft"]
    again = run(fresh, server)
    assert "nothing to do" in again.told("delivered") and not again.done("en-US")["translate"]


def test_who_corrects_the_chinese_under_a_signature_is_asked_again(fresh: Place, server: Server) -> None:
    with_new_lines(fresh)
    says(server, "First words of")
    run(fresh, server)
    walk.edit(fresh.table("en-US"), "L0001", status="reviewed")
    walk.edit(fresh.out / "transcript.csv", "L0001", text="他把新船票折成了一只鸟。")
    ran = run(fresh, server)
    assert ran.outcome.exit_code == 2 and "L0001" in ran.told("failed")


def test_signed_lines_that_are_joined_bring_their_words_along(fresh: Place, server: Server) -> None:
    with_new_lines(fresh)
    says(server, "First words of")
    assert run(fresh, server).outcome.exit_code == 0
    table, transcript = fresh.table("en-US"), fresh.out / "transcript.csv"
    walk.edit(table, "L0001", status="reviewed")
    walk.edit(table, "L0002", status="locked")
    head, first, _, *rest = transcript.read_text("utf-8-sig").splitlines(keepends=True)
    transcript.write_text("".join((head, first.replace("L0001", "L0001 L0002"), *rest)), "utf-8-sig")
    says(server, "Other words of")
    ran = run(fresh, server)
    assert ran.outcome.exit_code == 0, ran.told("failed")
    cells = dict(walk.cells(table, "L0001"))
    assert (cells["dub"], cells["status"]) == ("First words of L0001. First words of L0002.", "draft")


@pytest.mark.parametrize("signed", [False, True])
def test_the_subtitle_of_a_line_whose_dub_was_typed_is_joined_as_it_was(
    fresh: Place, server: Server, signed: bool
) -> None:
    with_new_lines(fresh)
    says(server, "First words of")
    assert run(fresh, server).outcome.exit_code == 0
    table, transcript = fresh.table("en-US"), fresh.out / "transcript.csv"
    if signed:
        walk.edit(table, "L0001", status="reviewed")
        assert run(fresh, server).outcome.exit_code == 0
    walk.edit(table, "L0001", dub="A bird of tickets.")
    walk.edit(table, "L0002", status="reviewed")
    assert run(fresh, server).outcome.exit_code == 0
    was = transcript.read_text("utf-8-sig")
    head, first, _, *rest = was.splitlines(keepends=True)
    transcript.write_text("".join((head, first.replace("L0001", "L0001 L0002"), *rest)), "utf-8-sig")
    assert run(fresh, server).outcome.exit_code == 0
    cells = dict(walk.cells(table, "L0001"))
    assert cells["dub"] == "A bird of tickets. First words of L0002."
    assert cells["subtitle"] == "First words of L0001. First words of L0002."


def alone(place: Place) -> Ran:
    """A run without the engine."""
    order = replace(place.order("en", deliver="sub"), transcript="sidecar")
    events: list[Event] = []
    return Ran(localize(order, Store(place.store), events.append, threading.Event()), events)


def test_a_run_without_the_engine_keeps_what_it_found(fresh: Place, server: Server) -> None:
    with_new_lines(fresh)
    says(server, "First words of")
    assert run(fresh, server).outcome.exit_code == 0
    table = fresh.table("en-US")
    before = table.read_bytes()
    ran = alone(fresh)
    assert ran.outcome.exit_code == 0, ran.told("failed")
    assert table.read_bytes() == before and "nothing to do" in ran.told("delivered")
    assert "keep the words one found before: L0001, L0002, L0003, L0004" in ran.told("note")
    walk.edit(table, "L0001", dub="A bird of tickets.", subtitle="A bird of tickets.")
    assert "nothing to do" not in alone(fresh).told("delivered")
    after = [walk.cells(table, f"L000{n}")["dub"] for n in range(1, 5)]
    assert after == ["A bird of tickets.", *(f"First words of L000{n}." for n in (2, 3, 4))]
    terms = "source,en-US,kind\n月亮,moon,idiom\n"
    (fresh.series / "terms.csv").write_text(terms, "utf-8")
    ran = alone(fresh)
    assert ran.outcome.exit_code == 5 and "L0002" in ran.told("failed") and "L0003" not in ran.told("failed")
    assert walk.cells(table, "L0002")["offer"].startswith("First words of L0002. (machine: 月亮 must be")
