"""Running a stage: what is known is reused, each answer is kept at once, errors are typed."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from localize import backends
from localize.engine.events import Event
from localize.engine.local import Runner, Stopped, key_of
from localize.engine.store import Store
from localize.episode import Asset
from localize.errors import InputError, WorkError
from localize.stages import Choice, Desk, Stage


@dataclass(frozen=True)
class Job:
    text: str
    path: str = ""


@dataclass(frozen=True)
class Loud:
    text: str
    sound: Asset


Work = Callable[[Sequence[Job], Desk], Iterator[tuple[Job, Loud]]]


def shout(jobs: Sequence[Job], desk: Desk) -> Iterator[tuple[Job, Loud]]:
    for done, job in enumerate(jobs):
        desk.progress(done, len(jobs))
        path = desk.scratch(".txt")
        path.write_text(job.text.upper(), encoding="utf-8")
        yield job, Loud(job.text.upper(), desk.keep(path, "text/plain"))


def recipe(job: Job) -> Mapping[str, Any]:
    return {"text": job.text}


def stage(work: Work = shout, revision: int = 1, **more: Any) -> Stage[Job, Loud]:
    return Stage("shout", revision, Loud, recipe, work, title=lambda job: job.text, **more)


@pytest.fixture
def heard() -> list[Event]:
    return []


@pytest.fixture
def runner(tmp_path: Path, heard: list[Event]) -> Runner:
    return Runner(Store(tmp_path), heard.append, threading.Event(), "en-US")


@dataclass(frozen=True)
class Spoken:
    text: str
    engine: Choice


def test_a_receipt_names_engine_licence_and_machine(runner: Runner) -> None:
    def speak(jobs: Sequence[Spoken], desk: Desk) -> Iterator[tuple[Spoken, str]]:
        yield from ((job, job.text) for job in jobs)

    def made_of(job: Spoken) -> Mapping[str, Any]:
        return {"text": job.text, "engine": job.engine.recipe()}

    card = backends.card("tts", "espeak")
    spoken = Stage("speak", 1, str, made_of, speak)
    job = Spoken("hi", Choice.of(card))
    runner.one(spoken, job)
    receipt = runner.store.receipt(key_of(spoken, job))
    assert receipt is not None
    assert (receipt.backend, receipt.version, receipt.licence) == ("espeak", card.version, card.licence)
    assert re.fullmatch(r"\S+ \S+ \d+ cores", receipt.machine)
    assert len(receipt.recipe["engine"]["emotions"]) == 64
    runner.one(stage(), Job("a"))
    plain = runner.store.receipt(key_of(stage(), Job("a")))
    assert plain is not None and plain.backend == plain.licence == ""


def kinds(heard: list[Event]) -> list[str]:
    return [event.kind for event in heard if event.kind != "progress"]


def test_answers_keep_the_order_and_are_reused(runner: Runner, heard: list[Event]) -> None:
    jobs = [Job("b"), Job("a"), Job("b", "elsewhere")]
    assert [one.text for one in runner.run(stage(), jobs)] == ["B", "A", "B"]
    assert kinds(heard) == ["begin", "done", "done"], "the same recipe twice is one job"
    heard.clear()
    again = runner.run(stage(), [Job("a"), Job("c")])
    assert [one.text for one in again] == ["A", "C"]
    assert kinds(heard) == ["reused", "begin", "done"]
    assert heard[0].market == "en-US" and heard[0].key == key_of(stage(), Job("a"))
    assert runner.store.path(again[0].sound).read_text("utf-8") == "A"


def test_a_shared_stage_belongs_to_no_market(runner: Runner, heard: list[Event]) -> None:
    runner.of("id-ID").one(stage(shared=True), Job("a"))
    assert {event.market for event in heard} == {""}


def test_a_new_revision_works_again(runner: Runner, heard: list[Event]) -> None:
    runner.one(stage(), Job("a"))
    runner.one(stage(revision=2), Job("a"))
    assert kinds(heard).count("done") == 2


def test_what_was_answered_before_a_failure_is_kept(runner: Runner, heard: list[Event]) -> None:
    def breaks(jobs: Sequence[Job], desk: Desk) -> Iterator[tuple[Job, Loud]]:
        yield from shout(jobs[:1], desk)
        raise ZeroDivisionError("engine")

    with pytest.raises(WorkError, match=r"shout: ZeroDivisionError: engine\n.*--debug"):
        runner.run(stage(breaks), [Job("a"), Job("b")])
    assert not list((runner.store.root / "scratch").iterdir())
    heard.clear()
    runner.run(stage(), [Job("a"), Job("b")])
    assert kinds(heard) == ["reused", "begin", "done"]


def test_typed_errors_pass_and_lost_jobs_are_named(runner: Runner) -> None:
    def refuses(jobs: Sequence[Job], desk: Desk) -> Iterator[tuple[Job, Loud]]:
        raise InputError("no", "a.mp4")
        yield

    def forgets(jobs: Sequence[Job], desk: Desk) -> Iterator[tuple[Job, Loud]]:
        yield from shout(jobs[:1], desk)

    def thirsts(jobs: Sequence[Job], desk: Desk) -> Iterator[tuple[Job, Loud]]:
        raise MemoryError
        yield

    with pytest.raises(InputError, match=r"a\.mp4: no"):
        runner.one(stage(refuses), Job("a"))
    with pytest.raises(WorkError, match="gave no answer for b"):
        runner.run(stage(forgets), [Job("a"), Job("b")])
    with pytest.raises(WorkError, match="not enough memory"):
        runner.one(stage(thirsts), Job("c"))


def test_a_stop_is_heard_inside_the_work_and_before_it(runner: Runner) -> None:
    def stops(jobs: Sequence[Job], desk: Desk) -> Iterator[tuple[Job, Loud]]:
        for answer in shout(jobs, desk):
            yield answer
            runner.stop.set()

    with pytest.raises(Stopped):
        runner.run(stage(stops), [Job("a"), Job("b")])
    with pytest.raises(Stopped):
        runner.one(stage(), Job("c"))
    assert runner.store.receipt(key_of(stage(), Job("a"))) is not None


def test_a_command_killed_by_the_stop_is_no_failure(runner: Runner) -> None:
    def killed(jobs: Sequence[Job], desk: Desk) -> Iterator[tuple[Job, Loud]]:
        runner.stop.set()
        raise WorkError("ffmpeg was stopped encoding")
        yield

    with pytest.raises(Stopped):
        runner.one(stage(killed), Job("a"))


def test_an_answer_not_worth_keeping_is_asked_for_again(runner: Runner, heard: list[Event]) -> None:
    fleeting = stage(lasting=lambda job, answer: False)
    assert [runner.one(fleeting, Job("a")).text for _ in range(2)] == ["A", "A"]
    assert kinds(heard).count("done") == 2


def test_a_receipt_of_another_shape_is_made_anew(runner: Runner, heard: list[Event]) -> None:
    key = key_of(stage(), Job("a"))
    path = runner.store.root / "receipts" / key[:2] / f"{key}.json"
    runner.one(stage(), Job("a"))
    path.write_text(path.read_text("utf-8").replace('"text": "A"', '"words": "A"'), encoding="utf-8")
    for expected in ("done", "reused"):
        heard.clear()
        assert runner.one(stage(), Job("a")).text == "A"
        assert kinds(heard)[-1] == expected


def test_the_answer_of_the_run_that_was_first_is_the_one_that_counts(runner: Runner, heard: list[Event]) -> None:
    def first(jobs: Sequence[Job], desk: Desk) -> Iterator[tuple[Job, Loud]]:
        for job, answer in shout(jobs, desk):
            yield job, Loud("first", answer.sound)

    def overtaken(jobs: Sequence[Job], desk: Desk) -> Iterator[tuple[Job, Loud]]:
        Runner(runner.store, heard.append, threading.Event()).run(stage(first), jobs)
        yield from shout(jobs, desk)

    assert runner.one(stage(overtaken), Job("a")).text == "first"
    assert runner.one(stage(), Job("a")).text == "first"
