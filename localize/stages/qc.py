"""qc: every check looks at one version; what they see goes to the report and may close the gate."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files
from typing import Any

from localize.checks import Seen, look
from localize.stages import Desk, Stage
from localize.version import NOTHING, Finding

ORDER = ("block", "warn", "note")


@dataclass(frozen=True, slots=True)
class Job:
    """Everything there is to look at in one version."""

    seen: Seen


def recipe(job: Job) -> dict[str, Any]:
    """What is looked at but for its cost, and the checks with their tables as they are now."""
    seen = job.seen
    free = replace(
        seen,
        renderings=tuple(replace(one, spent=NOTHING) for one in seen.renderings),
        texts=tuple((text, replace(one, spent=NOTHING)) for text, one in seen.texts),
    )
    return {"seen": free, "checks": _checks_digest()}


@cache
def _checks_digest() -> str:
    """SHA-256 over the checks and every rule and table beside them, which checks read as well: looking again is cheap,
    and a changed threshold or word list has to be looked at.
    """
    whole, root = hashlib.sha256(), files("localize")
    for folder in (root / "checks", root / "markets", root / "markets" / "adaptation", root):
        for entry in sorted(folder.iterdir(), key=lambda entry: entry.name):
            if entry.name.endswith((".py", ".toml")):
                whole.update(entry.name.encode() + entry.read_bytes())
    return whole.hexdigest()


def work(jobs: Sequence[Job], desk: Desk) -> Iterator[tuple[Job, tuple[Finding, ...]]]:
    """Findings, the worst first."""
    for job in jobs:
        yield job, tuple(sorted(look(job.seen), key=lambda one: (ORDER.index(one.severity), one.line, one.check)))


STAGE = Stage("qc", revision=10, answer=tuple[Finding, ...], recipe=recipe, work=work)
