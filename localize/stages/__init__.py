"""The verbs of the house, one per file, in walking order.

A stage turns jobs into answers.  It is retry-safe, knows nothing of other stages, and reaches the outside only through
its ``Desk``.  Its module constant ``STAGE`` is what the pipeline runs::

    STAGE = Stage("probe", revision=1, answer=Source, recipe=recipe, work=work)

``recipe(job)`` returns everything the answer depends on (values only: paths and scratch folders do not belong in it);
its hash is the name of the receipt.  ``work(jobs, desk)`` gets the jobs nobody answered yet, as one batch, and yields
``(job, answer)`` one by one; each is committed at once, so nothing done is ever done again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Generic, Protocol, TypeVar

from localize.episode import Asset
from localize.roles import Backend, Role
from localize.version import NOTHING, Spent

J = TypeVar("J")
R = TypeVar("R")


class Desk(Protocol):
    """What a stage may touch: the store, a scratch folder on the same disk, and a way to say how far it is."""

    def keep(self, path: Path, kind: str) -> Asset:
        """Move a finished file into the store."""
        ...

    def path(self, asset: Asset) -> Path:
        """Where the bytes of ``asset`` can be read.  Never write there."""
        ...

    def scratch(self, suffix: str = "") -> Path:
        """A fresh file name in a folder that is removed afterwards."""
        ...

    def progress(self, done: float, total: float) -> None:
        """Say how much of the running batch is done; cheap, call it often.  Raises when the run is being stopped."""
        ...


@dataclass(frozen=True, slots=True)
class Choice:
    """The engine the plan picked for a stage, with its options (a model directory, an endpoint)."""

    role: Role
    name: str
    version: str
    options: tuple[tuple[str, str], ...] = ()
    identity: tuple[tuple[str, str], ...] = ()

    @staticmethod
    def of(card: Backend, options: Mapping[str, str] | None = None) -> Choice:
        chosen = options or {}
        identity = card.identity(chosen)
        return Choice(
            card.role, card.name, card.version, tuple(sorted(chosen.items())), tuple(sorted(identity.items()))
        )

    def recipe(self) -> dict[str, Any]:
        """What of this choice an answer depends on: never keys, addresses or paths."""
        return {"engine": self.name, "version": self.version, **dict(self.identity)}


@dataclass(frozen=True, slots=True)
class Stage(Generic[J, R]):
    """One verb.  ``revision`` goes up whenever the code would answer the same recipe differently.

    ``title(job)`` names a job for a person (``"L0007 id-ID"``); ``shared`` says that all markets use the answer.
    ``lasting(job, answer)`` is false for an answer worth asking for again, such as a line an engine lost.
    ``spent(answer)`` is what an engine behind an address used up for it.
    """

    name: str
    revision: int
    answer: Any
    recipe: Callable[[J], Mapping[str, Any]]
    work: Callable[[Sequence[J], Desk], Iterator[tuple[J, R]]]
    title: Callable[[J], str] = field(default=lambda job: "")
    shared: bool = False
    lasting: Callable[[J, R], bool] = field(default=lambda job, answer: True)
    spent: Callable[[R], Spent] = field(default=lambda answer: NOTHING)
