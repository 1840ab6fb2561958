"""A whole run whose missing line a chat server translates, spoils or declines."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import walk
from chat_server import Server, answer, chat_server, lines_of
from walk import Place, Ran

from localize.engine.events import Event
from localize.engine.local import Runner, Stopped
from localize.engine.store import Store
from localize.episode import Line
from localize.pipeline import localize
from localize.roles import SceneLine, TranslationRequest
from localize.stages import Choice, translate
from localize.timing import span

SAID = "La luna cuelga como un pan viejo en el pozo."
KEY = "sk-very-secret"


@pytest.fixture
def server() -> Iterator[Server]:
    with chat_server() as made:
        made.usual = lambda body: answer(lines_of(body), lambda one: SAID)
        yield made


def settings(server: Server) -> dict[str, str]:
    return {"url": server.url, "model": "moon-1", "key": KEY, "price_in": "2", "price_out": "8", "concurrency": "1"}


def run(place: Place, server: Server, **asked: Any) -> Ran:
    events: list[Event] = []
    order = replace(place.order("es", **asked), options={"translation": settings(server)})
    return Ran(localize(order, Store(place.store), events.append, threading.Event()), events)


def test_an_engine_fills_the_line_says_what_it_used_and_is_asked_once(gated: Place, server: Server) -> None:
    ran = run(gated, server)
    assert ran.outcome.exit_code == 0, ran.told("failed")
    asked = [one for lines in server.asked() for one in lines]
    assert len(asked) == len(set(asked)) and asked
    row = walk.cells(gated.table("es-419"), asked[0])
    assert (row["dub"], row["origin"], row["status"]) == (SAID, "machine", "draft")
    questions = len(server.seen)
    used = f"{100 * questions} tokens in, {10 * questions} out, {0.00028 * questions:.4f} at the price given"
    assert f"es-419: the translation engine used {used}" in ran.told("note")
    manifest = json.loads((gated.version("es-419") / "manifest.json").read_text("utf-8"))
    assert manifest["spent"] == {
        "tokens_in": 100 * questions, "tokens_out": 10 * questions, "cost": pytest.approx(0.00028 * questions),
    }  # fmt: skip
    assert used in (gated.version("es-419") / "report.html").read_text("utf-8")
    again = run(gated, server)
    assert len(server.seen) == questions and "nothing to do" in again.told("delivered")
    assert "tokens" not in again.told("note")


def test_neither_key_nor_address_is_written_anywhere(gated: Place, server: Server) -> None:
    ran = run(gated, server)
    told = "\n".join(f"{one.message} {one.facts} {one.title}" for one in ran.events)
    files = [path for path in gated.folder.rglob("*.*") if path.suffix in (".json", ".jsonl", ".csv", ".html")]
    assert any("moon-1" in path.read_text("utf-8", "ignore") for path in files)
    host = server.url.removeprefix("http://").removesuffix("/v1")
    for text in (told, *(path.read_text("utf-8", "ignore") for path in files)):
        assert KEY not in text and host not in text


def test_a_line_the_model_declines_is_told_at_the_gate_and_in_the_report(gated: Place, server: Server) -> None:
    server.usual = "I'm sorry, but I can't help with that."
    ran = run(gated, server)
    assert ran.outcome.exit_code == 5
    said = ran.told("failed")
    assert "the model declined: I'm sorry" in said and "asked for it again" in said
    [failed] = [one for one in ran.events if one.kind == "failed"]
    facts = dict(failed.facts)
    assert facts["doubts"] == (f"the model declined: {server.usual}",) * len(facts["lines"])
    assert "tokens in" in ran.told("note"), "what it cost is told all the same"
    draft = run(gated, server, allow_draft=True)
    [delivered] = draft.outcome.delivered
    [finding] = [one for one in delivered.findings if one.check == "draft_lines" and one.line]
    assert "left in the original" in finding.message and "the model declined" in finding.message


def test_what_a_person_filled_in_is_never_asked_for(gated: Place, server: Server) -> None:
    server.usual = "I can't."
    failed = next(one for one in run(gated, server).events if one.kind == "failed")
    for line in dict(failed.facts)["lines"]:
        walk.edit(gated.table("es-419"), line, dub="La luna.", status="reviewed")
    server.usual, before = (lambda body: answer(lines_of(body), lambda one: SAID)), len(server.seen)
    ran = run(gated, server)
    assert ran.outcome.exit_code == 0, ran.told("failed")
    asked = {one for lines in server.asked()[before:] for one in lines}
    assert not asked & set(dict(failed.facts)["lines"])
    assert walk.cells(gated.table("es-419"), line)["dub"] == "La luna."
    again = run(gated, server)
    assert "nothing to do" in again.told("delivered") and not again.done("es-419")["translate"]


# ── what a stopped run keeps ─────────────────────────────────────────────────────────────────────────────────
def jobs(server: Server, count: int) -> tuple[translate.Job, ...]:
    from localize import backends

    engine = Choice.of(backends.card("translation", "openai_chat"), settings(server))
    lines = [Line(f"L{n:04}", span(n * 2000, n * 2000 + 1500), f"第{n}条没有人翻译过的台词。") for n in range(count)]
    return tuple(translate.Job(line, "es-419", 1.5, engine=engine, scene="S") for line in lines)


def done(events: list[Event]) -> set[str]:
    return {one.title.split()[0] for one in events if one.kind == "done"}


def test_a_crash_in_the_middle_of_a_batch_keeps_the_finished_lines(tmp_path: Path, server: Server) -> None:
    server.usual = lambda body: answer(lines_of(body), lambda one: f"Palabras {one['id']}")
    events: list[Event] = []

    def dies(event: Event) -> None:
        events.append(event)
        if len(done(events)) == 3:
            raise Stopped

    asked = jobs(server, 8)
    with pytest.raises(Stopped):
        Runner(Store(tmp_path), dies, threading.Event()).run(translate.STAGE, asked)
    assert server.asked() == [[job.line.id for job in asked]]
    later: list[Event] = []
    got = Runner(Store(tmp_path), later.append, threading.Event()).run(translate.STAGE, asked)
    assert server.asked()[1:] == [[job.line.id for job in asked if job.line.id not in done(events)]]
    assert [one.dub.normal for one in got] == [f"Palabras {job.line.id}" for job in asked]


def test_a_server_that_dies_keeps_the_batches_before(tmp_path: Path, server: Server) -> None:
    server.usual = lambda body: answer(lines_of(body), lambda one: f"Palabras {one['id']}")
    server.faults = [server.usual, 401]
    asked, events = jobs(server, 40), list[Event]()
    with pytest.raises(Exception, match="refuses the key"):
        Runner(Store(tmp_path), events.append, threading.Event()).run(translate.STAGE, asked)
    first = server.asked()[0]
    assert done(events) == set(first) and 0 < len(first) < 40
    got = Runner(Store(tmp_path), events.append, threading.Event()).run(translate.STAGE, asked)
    assert len(got) == 40 and not set(first) & {one for lines in server.asked()[2:] for one in lines}


@pytest.mark.parametrize(("fault", "code", "told"), [(401, 3, "LOCALIZE_LLM_KEY"), ("down", 4, "run again")])
def test_a_server_that_is_down_or_refuses_the_key_is_told_and_the_same_command_goes_on(
    gated: Place, server: Server, fault: Any, code: int, told: str
) -> None:
    own = settings(server) | {"pause": "0"} | ({"url": "http://127.0.0.1:9/v1"} if fault == "down" else {})
    server.usual = fault
    events: list[Event] = []
    order = replace(gated.order("es"), options={"translation": own})
    outcome = localize(order, Store(gated.store), events.append, threading.Event())
    [failed] = [one for one in events if one.kind == "failed"]
    assert (outcome.exit_code, failed.market) == (code, "es-419")
    assert told in f"{failed.message} {failed.facts}" and KEY not in str(failed)
    assert not gated.version("es-419").exists()
    server.usual = lambda body: answer(lines_of(body), lambda one: SAID)
    assert run(gated, server).outcome.exit_code == 0


def test_a_request_knows_its_neighbours() -> None:
    scene = tuple(SceneLine(f"L{n}", "", text) for n, text in enumerate("一二三"))
    one = TranslationRequest("L1", "二", "en-US", 1.0, context=scene)
    assert (one.before, one.after) == (("一",), ("三",))
    assert replace(one, line="L7").before == replace(one, line="L7").after == ()
