"""kill -9 and Ctrl-C at and inside every stage: the same command continues, and nothing finished is lost."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import walk
from walk import Place

Event = dict[str, Any]
STAGES = (
    "probe", "shots", "ocr", "transcribe", "separate", "diarize", "erase", "translate", "adapt", "synthesize", "fit",
    "mix", "look", "caption", "film", "render", "metadata", "qc",
)  # fmt: skip
LONG = ("shots", "ocr", "erase", "film")
"""Stages that tell their progress often enough to be struck in the middle of their work."""


@contextmanager
def started(place: Place, *words: str) -> Iterator[subprocess.Popen[str]]:
    """The real command for one market, leader of its own process group, which is empty again afterwards."""
    line = walk.command(place.episode, "--to", "en", "--json", *words)
    child = subprocess.Popen(
        line, env=place.environment(), cwd=place.folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        start_new_session=True,
    )  # fmt: skip
    try:
        yield child
    finally:
        child.kill()
        child.communicate()
        assert not _left_over(child.pid), "a process of the run lives on"


def _left_over(group: int) -> bool:
    """Whether a process of the group is still there after five seconds."""
    for _ in range(50):
        try:
            os.killpg(group, 0)
        except ProcessLookupError:
            return False
        time.sleep(0.1)
    os.killpg(group, signal.SIGKILL)
    return True


def struck(place: Place, when: Callable[[Event], bool], how: int = signal.SIGKILL) -> tuple[list[Event], int, str]:
    """Run until an event asks for the blow, then deal it; the events, the exit status and what stderr said."""
    seen: list[Event] = []
    with started(place) as child:
        assert child.stdout
        for line in child.stdout:
            seen.append(json.loads(line))
            if when(seen[-1]):
                os.kill(child.pid, how)
                break
        said = child.communicate(timeout=60)
        seen += [json.loads(line) for line in said[0].splitlines() if line.startswith("{") and line.endswith("}")]
    return seen, child.returncode, said[1]


def at(kind: str, stage: str) -> Callable[[Event], bool]:
    """When ``stage`` says ``kind``; or finds its work done, because the blow before fell late on a busy machine."""
    return lambda event: event.get("stage") == stage and event["kind"] in (kind, "reused")


def keys(events: list[Event], kind: str) -> set[str]:
    return {event["key"] for event in events if event["kind"] == kind and event.get("key")}


def blows() -> Iterator[tuple[str, str]]:
    for stage in STAGES:
        yield "begin" if stage in ("mix", "separate") else "progress" if stage in LONG else "done", stage
    yield "done", "render"


def test_kill_9_in_every_stage_loses_nothing_that_was_done(delivered: Place) -> None:
    """One chain of killed runs over one store that begins empty; together they do little more than one run."""
    walk.edit(delivered.table("en-US"), "L0002", dub="Three years I waited.")
    for name in ("files", "receipts"):
        (delivered.store / name).rename(delivered.home / name)
    before = walk.tree(delivered.version("en-US"))
    known: set[str] = set()
    for kind, stage in blows():
        events, code, _ = struck(delivered, at(kind, stage))
        assert code == -signal.SIGKILL, f"the run ended before {kind} of {stage}"
        assert not keys(events, "done") & known, f"done again before {kind} of {stage}"
        known |= keys(events, "done")
        assert walk.tree(delivered.version("en-US")) == before
    done = delivered.cli(delivered.episode, "--to", "en", "--json")
    assert done.returncode == 0, done.stderr
    events = walk.events_of(done.stdout)
    assert known <= keys(events, "reused")
    assert walk.tree(delivered.version("en-US")) == before
    assert "Three years I waited." in (delivered.version("en-US", 2) / "changes.md").read_text("utf-8")
    assert not delivered.version("en-US", 3).exists()
    assert walk.leftovers(delivered) == []


def test_kill_9_while_a_version_is_put_in_place(delivered: Place) -> None:
    walk.edit(delivered.table("en-US"), "L0003", subtitle="Blind, I was.")
    before = walk.tree(delivered.version("en-US"))
    with started(delivered) as child:
        while child.poll() is None and not list((delivered.out / "en-US").glob(".v2.partial-*")):
            time.sleep(0.001)
        child.kill()
    again = delivered.cli(delivered.episode, "--to", "en", "--json")
    assert again.returncode == 0, again.stderr
    assert walk.tree(delivered.version("en-US")) == before
    manifest = json.loads((delivered.version("en-US", 2) / "manifest.json").read_text("utf-8"))
    assert manifest["lines"]["L0003"]["subtitle"] == "Blind, I was."
    assert all((delivered.version("en-US", 2) / name).stat().st_size == row["size"]
               for name, row in manifest["files"].items())  # fmt: skip
    assert walk.leftovers(delivered) == []


def test_kill_9_between_the_edit_log_and_the_table_counts_every_edit_once(delivered: Place) -> None:
    walk.edit(delivered.table("en-US"), "L0001", dub="Nowhere to run.", status="reviewed")
    events, code, _ = struck(delivered, lambda event: event["kind"] == "note" and "from the tables" in event["message"])
    assert code == -signal.SIGKILL and "took 1 edit " in events[-1]["message"]
    walk.edit(delivered.table("en-US"), "L0002", dub="Three years.")
    done = delivered.cli(delivered.episode, "--to", "en", "--json")
    assert done.returncode == 0, done.stderr
    log = delivered.series / "edits" / f"{delivered.stem}.jsonl"
    logged = [json.loads(line) for line in log.read_text("utf-8").splitlines()]
    assert [(one["line"], one["field"], one["value"]) for one in logged] == [
        ("L0001", "dub", "Nowhere to run."), ("L0002", "dub", "Three years."),
    ]  # fmt: skip
    shown = {row["id"]: row["dub"] for row in walk.rows(delivered.table("en-US"))}
    assert (shown["L0001"], shown["L0002"]) == ("Nowhere to run.", "Three years.")


def test_a_run_in_the_background_of_a_script_ends_when_it_is_asked_to(fresh: Place) -> None:
    """Shells start such runs deaf to Ctrl-C; what ``kill`` sends must reach them all the same."""
    heard = signal.signal(signal.SIGINT, signal.SIG_IGN)  # a child inherits it
    walk.forget(fresh, keep=("probe", "shots"))
    try:
        events, code, said = struck(fresh, at("begin", "ocr"), signal.SIGTERM)
    finally:
        signal.signal(signal.SIGINT, heard)
    assert (code, said) == (130, "localize: stopped; the same command continues where it was\n")
    assert "ocr" not in {event.get("stage") for event in events if event["kind"] == "done"}


@pytest.mark.parametrize("stage", ["ocr", "synthesize", "film"])
def test_ctrl_c_ends_the_work_in_hand_and_says_how_to_go_on(fresh: Place, stage: str) -> None:
    walk.forget(fresh, keep=STAGES[: STAGES.index(stage)])
    heard = signal.signal(signal.SIGINT, signal.default_int_handler)  # the tests may run in a script's background
    try:
        events, code, said = struck(fresh, at("begin", stage), signal.SIGINT)
    finally:
        signal.signal(signal.SIGINT, heard)
    assert code == 130
    done = {event.get("stage") for event in events if event["kind"] == "done"}
    assert stage not in done or stage not in LONG, "it was finished before it was left"
    assert "render" not in done
    assert said == "localize: stopped; the same command continues where it was\n"
    assert "failed" not in {event["kind"] for event in events}
    assert not fresh.version("en-US").exists()
    assert not list(Path(fresh.folder).rglob("*.partial-*"))
    if stage == "film":
        assert fresh.cli(fresh.episode, "--to", "en", "--quiet").returncode == 0
        assert walk.leftovers(fresh) == []
