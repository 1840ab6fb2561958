"""A machine's words that a person signed stand while their Chinese stands, whatever an engine would say by now.

What a person signs is named by ``seen``, a hash of the Chinese and the machine's words.  So the words an engine found
are kept in the store under that name, and found again when only the lines around them have changed.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime

from localize.edits import Edit, seen_of
from localize.engine.codec import fingerprint, plain, restore
from localize.engine.local import Runner, key_of
from localize.engine.store import Receipt, Store
from localize.episode import Line
from localize.stages.adapt import Adapted
from localize.stages.translate import STAGE as TRANSLATE
from localize.stages.translate import Job
from localize.version import Rendering

STAGE, REVISION = "signed", 1


def remember(lines: Iterable[Line], answers: Mapping[str, Adapted], runner: Runner) -> None:
    """Keep what an engine said for later signatures; somebody who only looks keeps nothing."""
    if runner.looking:
        return
    for line in lines:
        found = answers[line.id]
        one = found.rendering
        recipe = _recipe(line.id, one.market, seen_of(line.text, one))
        key = fingerprint(recipe)
        if one.origin == "machine" and not _empty(found) and runner.store.receipt(key) is None:
            now = datetime.now(UTC).isoformat(timespec="seconds")
            runner.store.commit(Receipt(key, STAGE, "", recipe, plain(found), now, 0.0, ""))


def words(lines: Iterable[Line], log: Sequence[Edit], market: str, store: Store) -> dict[str, Adapted]:
    """By line: the engine's words under a person's signature, where the Chinese still reads as it did then."""
    last = {edit.line: edit for edit in log if edit.market == market and edit.field != "note"}
    status = {edit.line: edit.value for edit in log if edit.market == market and edit.field == "status"}
    found = {}
    for line in lines:
        if status.get(line.id) not in ("reviewed", "locked"):
            continue
        kept = _of(line, last[line.id].seen, market, store)
        if kept is not None:
            found[line.id] = kept
    return found


def rendering(line: Line, log: Sequence[Edit], market: str, store: Store) -> Rendering | None:
    """The engine's words for one line that a person signed, or wrote other words over, in ``log``."""
    last = next((edit for edit in reversed(log) if (edit.line, edit.market) == (line.id, market)), None)
    kept = _of(line, last.seen, market, store) if last is not None else None
    return kept.rendering if kept is not None else None


def _of(line: Line, seen: str, market: str, store: Store) -> Adapted | None:
    """What an engine had said when somebody saw ``seen``, where the Chinese still reads as it did then."""
    receipt = store.receipt(fingerprint(_recipe(line.id, market, seen)))
    kept = _restored(receipt) if receipt is not None else None
    return kept if kept is not None and seen_of(line.text, kept.rendering) == seen else None


def unasked(jobs: Sequence[Job], kept: Container[str], store: Store) -> tuple[Job, ...]:
    """The jobs, those of ``kept`` lines without an engine unless it has answered the very same question before."""
    return tuple(
        replace(job, engine=None)
        if job.line.id in kept and job.engine is not None and store.receipt(key_of(TRANSLATE, job)) is None
        else job
        for job in jobs
    )


def over(answers: Iterable[Adapted], kept: Mapping[str, Adapted]) -> dict[str, Adapted]:
    """The answers by line, with the signed words where an engine was, or would have been, asked."""
    found = {one.rendering.line: one for one in answers}
    engines = {name for name, one in found.items() if one.rendering.origin == "machine" or _empty(one)}
    return found | {name: one for name, one in kept.items() if name in engines}


def _empty(one: Adapted) -> bool:
    return one.rendering.status == "missing"


def _restored(receipt: Receipt) -> Adapted | None:
    try:
        answer: Adapted = restore(receipt.answer, Adapted)
    except ValueError:  # written by a version whose answer had another shape
        return None
    return answer


def _recipe(line: str, market: str, seen: str) -> dict[str, object]:
    return {"stage": STAGE, "revision": REVISION, "line": line, "market": market, "seen": seen}
