"""Walking an episode without working: what receipts would answer, and where the walk comes to its end."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

from localize.engine.codec import restore
from localize.engine.local import Runner, key_of
from localize.stages import Stage

J = TypeVar("J")
R = TypeVar("R")


class UnansweredError(Exception):
    """A stage that would have to run, so that what comes after it cannot be told."""

    def __init__(self, stage: str) -> None:
        super().__init__(stage)
        self.stage = stage


@dataclass(frozen=True)
class Lookup(Runner):
    """A runner that only reads: the same jobs and recipes as the real run, and no answer but those that are there.

    ``seen`` says of every (stage, market) it was asked for which jobs, by receipt key, were met: (title, answered).
    ``halted`` holds, where the walk came to its end at a stage, its jobs that are answered, with their answers, and
    ``missed`` the others.
    """

    seen: dict[tuple[str, str], dict[str, tuple[str, bool]]] = field(default_factory=dict)
    halted: dict[tuple[str, str], list[tuple[Any, Any]]] = field(default_factory=dict)
    missed: dict[tuple[str, str], list[Any]] = field(default_factory=dict)

    @property
    def looking(self) -> bool:
        return True

    def of(self, market: str) -> Lookup:
        return Lookup(self.store, self.tell, self.stop, market, self.seen, self.halted, self.missed)

    def run(self, stage: Stage[J, R], jobs: Sequence[J]) -> list[R]:
        """Answers in the order of ``jobs``.  Raises ``UnansweredError`` unless all of them are there."""
        return self.met(stage, jobs, stage.name)

    def met(self, stage: Stage[J, R], jobs: Sequence[J], name: str) -> list[R]:
        """``run``, on record under another ``name`` than the stage's."""
        keys = [key_of(stage, job) for job in jobs]
        met = self.seen.setdefault((name, "" if stage.shared else self.market), {})
        answers: dict[str, R] = {}
        for key, job in zip(keys, jobs, strict=True):
            if key not in met or key not in answers:
                found = self._found(stage, key)
                met[key] = (stage.title(job), bool(found))
                answers.update((key, one) for one in found)
        if len(answers) < len(set(keys)):
            known = list(zip(keys, jobs, strict=True))
            self.halted[stage.name, self.market] = [(job, answers[key]) for key, job in known if key in answers]
            self.missed[stage.name, self.market] = [job for key, job in known if key not in answers]
            raise UnansweredError(stage.name)
        return [answers[key] for key in keys]

    def _found(self, stage: Stage[J, R], key: str) -> tuple[R, ...]:
        """The answer under ``key``, if there is one that can still be read."""
        receipt = self.store.receipt(key)
        if receipt is None:
            return ()
        try:
            return (restore(receipt.answer, stage.answer),)
        except ValueError:  # written by a version whose answer had another shape: the run makes it again
            return ()
