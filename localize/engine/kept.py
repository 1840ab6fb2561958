"""Words an engine found stay in a market's table when a later run has no engine: what was made once is not lost.

Each is kept in the store under the ``seen`` of its row, as it was before the market's rules looked at it, and found
again by the table that shows it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from localize.edits import seen_of
from localize.engine import table
from localize.engine.codec import fingerprint, plain, restore
from localize.engine.events import Event
from localize.engine.local import Runner, licence_of
from localize.engine.order import Order
from localize.engine.store import Receipt, Store
from localize.formats import lines_csv
from localize.glossary import broken_terms
from localize.market import Market
from localize.model_cards import installed
from localize.stages.adapt import Adapted
from localize.stages.translate import Job
from localize.version import Offer, Rendering

STAGE, REVISION = "kept", 1
Engine = tuple[str, str, str]
"""Name, version and licence of the engine that found words."""
SHOWN = 12
"""Lines that the note names."""


@dataclass(frozen=True, slots=True)
class Kept:
    """The drafts in the order of their jobs, and by line whose words were kept."""

    drafts: list[Rendering]
    engines: Mapping[str, Engine]


def remember(jobs: Iterable[Job], kept: Kept, answers: Mapping[str, Adapted], runner: Runner) -> None:
    """Keep an engine's words of each line; somebody who only looks keeps nothing."""
    if runner.looking:
        return
    for job, draft in zip(jobs, kept.drafts, strict=True):
        if draft.origin != "machine" or draft.status == "missing":
            continue
        recipe = _recipe(job, seen_of(job.line.text, answers[job.line.id].rendering))
        key = fingerprint(recipe)
        if runner.store.receipt(key) is None:
            now = datetime.now(UTC).isoformat(timespec="seconds")
            whose = kept.engines.get(job.line.id) or _engine(job)
            runner.store.commit(Receipt(key, STAGE, "", recipe, plain(draft), now, 0.0, "", *whose))


def _engine(job: Job) -> Engine:
    return (job.engine.name, job.engine.version, licence_of(job.engine)) if job.engine else ("", "", "")


def drafts(
    order: Order, market: Market, jobs: Sequence[Job], drafted: Sequence[Rendering], closed: Collection[str],
    runner: Runner,
) -> Kept:  # fmt: skip
    """The drafts; where no engine was asked and nothing else was found, with the engine's words the table still shows.

    They are offered only where they break a term that is approved by now.  ``closed`` lines, which a person filled in,
    stay as they are.  A note tells which lines were kept.
    """
    shown = _shown(order, market) if any(one.status == "missing" for one in drafted) else {}
    found, engines = [], dict[str, Engine]()
    for job, draft in zip(jobs, drafted, strict=True):
        asks = draft.status == "missing" and job.engine is None and job.line.id not in closed
        known = _found(job, shown.get(job.line.id, ""), runner.store) if asks else None
        if known is None:
            found.append(draft)
            continue
        before, engine = known
        why = {told for text in (before.dub.normal, before.subtitle) for told in broken_terms(
            job.terms, text, language=job.market)}  # fmt: skip
        if why:
            offer = Offer(before.dub.normal, "machine", 0.0, "; ".join(sorted(why)), before.reference)
            found.append(replace(draft, offers=(offer, *draft.offers)))
        else:
            found.append(replace(before, offers=draft.offers))
            engines[job.line.id] = engine
    if engines:
        runner.tell(Event("note", market=market.code, message=_told(market, tuple(engines))))
    return Kept(found, engines)


def damaged() -> str:
    """The translation models that cannot run, each with what it lacks and the way out; empty when all are whole."""
    lacking = {name: lacks for name, one in installed().items() if (lacks := one.lacks())}
    told = (f"model {name} is damaged ({lacks}): localize models fetch {name}" for name, lacks in lacking.items())
    return "; ".join(told)


def _told(market: Market, lines: Sequence[str]) -> str:
    many = "1 line keeps" if len(lines) == 1 else f"{len(lines)} lines keep"
    named = ", ".join(lines[:SHOWN]) + (f" and {len(lines) - SHOWN} more" if len(lines) > SHOWN else "")
    why = f" ({broken})" if (broken := damaged()) else ""
    return f"{market.code}: no translation engine is ready{why}; {many} the words one found before: {named}"


def _shown(order: Order, market: Market) -> dict[str, str]:
    """By line: the ``seen`` of its row in the table as it stands."""
    path = table.table_path(order, market)
    return {row.id: row.seen for row in lines_csv.read(path)} if path.is_file() else {}


def _found(job: Job, seen: str, store: Store) -> tuple[Rendering, Engine] | None:
    receipt = store.receipt(fingerprint(_recipe(job, seen))) if seen else None
    if receipt is None:
        return None
    try:
        made: Rendering = restore(receipt.answer, Rendering)
    except ValueError:  # written by a version whose answer had another shape
        return None
    return made, (receipt.backend, receipt.version, receipt.licence)


def _recipe(job: Job, seen: str) -> dict[str, object]:
    return {
        "stage": STAGE, "revision": REVISION, "line": job.line.id, "text": job.line.text, "market": job.market,
        "seen": seen,
    }  # fmt: skip
