"""Running stages on this machine: look up receipts, do the rest, commit each answer at once."""

from __future__ import annotations

import os
import platform
import secrets
import shutil
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

from localize import backends
from localize.engine.codec import fingerprint, plain, restore
from localize.engine.events import Event, Listener
from localize.engine.store import Receipt, Store, disk_full
from localize.episode import Asset
from localize.errors import LocalizeError, WorkError, incomplete
from localize.stages import Choice, Stage

J = TypeVar("J")
R = TypeVar("R")


class Stopped(KeyboardInterrupt):
    """The person stopped the run; everything finished so far is kept."""


@dataclass
class LocalDesk:
    """A stage's desk: the store, one scratch folder, and a voice to say how far it is."""

    store: Store
    folder: Path
    say: Callable[[float, float], None]
    stop: threading.Event

    def keep(self, path: Path, kind: str) -> Asset:
        return self.store.keep(path, kind)

    def path(self, asset: Asset) -> Path:
        return self.store.path(asset)

    def scratch(self, suffix: str = "") -> Path:
        return self.folder / f"{secrets.token_hex(6)}{suffix}"

    def progress(self, done: float, total: float) -> None:
        if self.stop.is_set():
            raise Stopped
        self.say(done, total)


@dataclass(frozen=True)
class Runner:
    """Runs stages over one store and tells one listener.  Safe to use from several threads, one market each."""

    store: Store
    tell: Listener
    stop: threading.Event
    market: str = ""

    @property
    def looking(self) -> bool:
        """Whether this runner only finds out what a run would do: then nobody who is handed it may write anything
        either, no line id, edit, table or version.
        """
        return False

    def of(self, market: str) -> Runner:
        """The same runner, speaking for one market."""
        return Runner(self.store, self.tell, self.stop, market)

    def run(self, stage: Stage[J, R], jobs: Sequence[J]) -> list[R]:
        """Answers in the order of ``jobs``.  Raises the stage's own typed error, or ``WorkError`` for anything else."""
        keys = [key_of(stage, job) for job in jobs]
        answers: dict[str, Any] = {}
        misses: dict[str, J] = {}
        for key, job in zip(keys, jobs, strict=True):
            if key in answers or key in misses:
                continue
            receipt = self.store.receipt(key)
            if receipt is not None:
                try:
                    answers[key] = restore(receipt.answer, stage.answer)
                except ValueError:  # written by a version whose answer had another shape
                    self.store.drop(receipt)
                    receipt = None
            if receipt is None:
                misses[key] = job
            else:
                self._say("reused", stage, stage.title(job), key=key, seconds=receipt.seconds)
        if misses:
            answers.update(self._work(stage, misses))
        return [answers[key] for key in keys]

    def answered(self, stage: Stage[J, R], job: J) -> bool:
        """Whether there is a receipt for a job."""
        return self.store.receipt(key_of(stage, job)) is not None

    def one(self, stage: Stage[J, R], job: J) -> R:
        """The answer to a single job."""
        return self.run(stage, [job])[0]

    def _work(self, stage: Stage[J, R], misses: dict[str, J]) -> Iterator[tuple[str, R]]:
        """Do the misses as one batch, committing each answer as it comes."""
        if self.stop.is_set():
            raise Stopped
        names = {id(job): key for key, job in misses.items()}
        self._say("begin", stage, total=len(misses))
        with self._desk(stage) as desk, self._guard(stage):
            began = time.monotonic()
            for number, (job, answer) in enumerate(stage.work(tuple(misses.values()), desk), start=1):
                key, now = names.pop(id(job)), time.monotonic()
                if stage.lasting(job, answer):
                    mine = _receipt(stage, job, key, answer, now - began)
                    counts = self.store.commit(mine)
                    if counts is not mine:  # another run was first: everybody goes on with its answer
                        answer = restore(counts.answer, stage.answer)
                title = stage.title(job)
                told = {"key": key, "seconds": now - began, "done": number, "total": len(misses)}
                self._say("done", stage, title, **told, facts=stage.spent(answer).facts())
                began = now
                yield key, answer
        if names:
            lost = ", ".join(stage.title(misses[key]) or key[:8] for key in names.values())
            raise WorkError(f"{stage.name} gave no answer for {lost}", stage.name, "run again with --debug")

    @contextmanager
    def _desk(self, stage: Stage[J, R]) -> Iterator[LocalDesk]:
        folder = self.store.scratch()
        try:
            yield LocalDesk(
                self.store, folder, lambda done, total: self._say("progress", stage, done=done, total=total), self.stop
            )
        finally:
            shutil.rmtree(folder, ignore_errors=True)

    @contextmanager
    def _guard(self, stage: Stage[J, R]) -> Iterator[None]:
        """Typed errors pass; anything else becomes a ``WorkError`` that names the stage and keeps its cause."""
        try:
            yield
        except (KeyboardInterrupt, GeneratorExit):
            raise
        except LocalizeError as error:
            if self.stop.is_set():  # its ffmpeg was killed with everything else
                raise Stopped from error
            raise
        except ModuleNotFoundError as error:
            raise incomplete(error) from error
        except MemoryError as error:
            raise WorkError(
                "not enough memory", stage.name, "close other programs or run one market at a time"
            ) from error
        except Exception as error:
            if self.stop.is_set():
                raise Stopped from error
            if self.store.full(error):
                raise disk_full(self.store.root) from error
            what = f"{type(error).__name__}: {error}"
            raise WorkError(what, stage.name, "run again with --debug for the whole trace") from error

    def _say(self, kind: Any, stage: Stage[J, R], title: str = "", **more: Any) -> None:
        market = "" if stage.shared else self.market
        self.tell(Event(kind, stage.name, title, market, **more))


def key_of(stage: Stage[J, R], job: J) -> str:
    """The receipt key of one job: stage, revision and recipe."""
    return fingerprint({"stage": stage.name, "revision": stage.revision, "recipe": stage.recipe(job)})


def _receipt(stage: Stage[J, R], job: J, key: str, answer: R, seconds: float) -> Receipt:
    recipe = {"revision": stage.revision, **plain(stage.recipe(job))}
    made = datetime.now(UTC).isoformat(timespec="seconds")
    return Receipt(
        key, stage.name, stage.title(job), recipe, plain(answer), made, round(seconds, 3), _machine(),
        *_engine(job, recipe),
    )  # fmt: skip


def _engine(job: Any, recipe: Mapping[str, Any]) -> tuple[str, str, str]:
    """Name, version and licence of the engine the recipe names; empty where none was asked."""
    named, chosen = recipe.get("engine"), getattr(job, "engine", None)
    if not isinstance(named, dict) or not isinstance(chosen, Choice):
        return "", "", ""
    return chosen.name, chosen.version, licence_of(chosen)


def licence_of(chosen: Choice) -> str:
    """Of code and weights, where the weights are chosen by options."""
    return backends.card(chosen.role, chosen.name).under(dict(chosen.options)).licence


@cache
def _machine() -> str:
    """System, processor and number of cores."""
    return f"{platform.system()} {platform.machine()} {os.cpu_count() or 1} cores"
