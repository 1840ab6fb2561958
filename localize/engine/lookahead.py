"""The walk of a run, over receipts alone.

Every stage is asked with the jobs and recipes of a run.  What is answered is reused; where an answer is missing the
stage would run, and what comes after it depends on it.  Nothing is done and nothing is written.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping
from typing import ParamSpec, TypeVar

from localize.engine import adaptations, table, transcript, voice_uses
from localize.engine.analysis import Analysis, analyse, probed, transcripts
from localize.engine.delivery import blocking, gathered, identity, manifest_of
from localize.engine.dubbing import spoken
from localize.engine.fusion import ORIGIN, fuses
from localize.engine.gate import untranslated
from localize.engine.given import check_music_effects, writable
from localize.engine.left_over import left_over, settled_rows
from localize.engine.listing import listing_job
from localize.engine.lookup import Lookup, UnansweredError
from localize.engine.order import Order
from localize.engine.outlook import BEYOND, Lines, Outlook, State, beyond, regional, shared
from localize.engine.pivot import ahead
from localize.engine.plan import Plan
from localize.engine.readiness import standing_short
from localize.engine.region import Regional, Script, captioned, erased, heard, pictured, shown_texts, written
from localize.engine.soundtracks import chosen
from localize.engine.store import Store, digest_of
from localize.engine.timings import Timings
from localize.episode import Source
from localize.errors import LocalizeError
from localize.market import Market
from localize.renaming import renamed
from localize.series import SeriesBible, find_series, is_series, new_series, open_series
from localize.stages import adapt, metadata, package, translate
from localize.stages.transcribe import Job as Transcription

P = ParamSpec("P")
T = TypeVar("T")


def foresee(order: Order, plan: Plan, store: Store, series: SeriesBible | None = None) -> Outlook:
    """Walk ``order`` over the receipts in ``store``; ``series`` stands in for what its folder holds.

    Raises what the run would raise before any work: ``InputError`` for a file, table or series it cannot take.
    """
    look = Lookup(store, lambda event: None, threading.Event())
    source, bible = _source(order, look), series or _bible(order)
    check_music_effects(order, source)
    notes = tuple(_notes(order, bible))
    work, end = None, ""
    try:
        work = analyse(order, plan, bible, source, look)
        bible = bible.within(work.episode.number)
        work, first = ahead(order, plan, bible, work, look)
        notes += tuple(_unseen_pivot(order, bible, first))
        notes += tuple(_left(order, bible, work))
        ends = {
            one.code: _market(order, plan, renamed(bible, one.code, order.adapt_level), work, one, look.of(one.code))
            for one in order.markets
        }
    except UnansweredError as missing:
        end, ends = missing.stage, {}
    finally:
        if work is not None:
            work.plates.settle()
    states = (*shared(plan, look, end), *regional(order, plan, look, end, ends))
    origin = work.transcript if work is not None else _read(order, plan, look, end)
    count = len(work.episode.lines) if work is not None else 0
    further = tuple(beyond(look, (market.code for market in order.markets)))
    asked = {code: tuple(job.line.id for job in jobs if translate.asks(job))
             for (stage, code), jobs in look.missed.items() if stage == translate.STAGE.name}  # fmt: skip
    found = _lines(order, plan, source, bible, origin, count)
    return Outlook(found, states, notes, further, work.episode if work is not None else None, asked)


def _source(order: Order, look: Lookup) -> Source:
    """What is in the file; without a receipt it is looked at here, which takes no time to speak of."""
    from localize.media.probe import look as inspect

    try:
        return probed(order, look)
    except UnansweredError:
        return chosen(order, inspect(order.media, digest_of(order.media)))


def _bible(order: Order) -> SeriesBible:
    """The series, or the one a run would start."""
    found = find_series(order.episode, order.series)
    if found is not None and is_series(found):
        return open_series(found)
    return new_series(found or order.episode.resolve().parent / "SERIES", order.episode)


def _notes(order: Order, bible: SeriesBible) -> Iterator[str]:
    if not is_series(bible.root):
        yield f"a run starts a series directory: {bible.root}"
    if not writable(order.out):
        yield f"{order.out} cannot be written: a run needs --out DIR"
    if transcript.waiting(order, bible):
        yield "transcript.csv holds changes; a run takes them in first, and what depends on them is not told here"
    for market in order.markets:
        edits = len(table.pending(order, bible, market))
        if edits:
            path = table.table_path(order, market)
            many = f"{edits} new edits" if edits > 1 else "1 new edit"
            yield f"{path} holds {many}; a run takes them in first, and so does this plan"
        if decided := len(adaptations.pending(order, bible, market)):
            many = f"{decided} decisions" if decided > 1 else "1 decision"
            yield f"{adaptations.table_path(order, market)} holds {many}; a run takes them in, and so does this plan"
    yield from standing_short(order)


def _unseen_pivot(order: Order, bible: SeriesBible, first: Mapping[str, Script]) -> Iterator[str]:
    """Where the pivot's words could not be told: what the other markets are told by instead."""
    others = [one.code for one in order.markets if one.code != bible.pivot]
    if bible.pivot in (one.code for one in order.markets) and others and bible.pivot not in first:
        yield (
            f"the lines of {bible.pivot}, which other markets go by, cannot be told yet; {', '.join(others)}: told by "
            "those in its table, and new ones may redo more"
        )


def _left(order: Order, bible: SeriesBible, work: Analysis) -> Iterator[str]:
    """What of people's scripts no line has."""
    for market in order.markets:
        words = settled_rows(order, market)
        for one in left_over(order, bible, work, shown_texts(work), market, words):
            yield one.told(order, market.code)


# ── where the lines come from ───────────────────────────────────────────────────────────
def _lines(order: Order, plan: Plan, source: Source, bible: SeriesBible, known: str, count: int) -> Lines:
    """The source that was found (``known``), else the first there may be lines in."""
    places = {
        ORIGIN if origin == "captions" and fuses(order, plan) else origin: _told(order, plan, origin, job)
        for origin, job in transcripts(order, plan, bible, source, ())
    }
    places = {origin: told for origin, told in places.items() if order.transcript in ("auto", origin)}
    if known in places:
        return Lines(known, places[known], _why(order, known), count)
    if not places:
        return Lines("", f"nothing: there is no {order.transcript}", _why(order, order.transcript))
    first, *later = places
    told = places[first]
    if first in ("captions", ORIGIN) and order.transcript == "auto":
        told += f", if there are any; else {places[later[0]] if later else 'nothing (no recogniser can run here)'}"
    return Lines(first, told, _why(order, first))


def _read(order: Order, plan: Plan, look: Lookup, end: str) -> str:
    """Where lines were found by an earlier run, although the walk ended later; empty when nobody looked yet."""
    if end == "listen" and ("activity", "") not in look.seen:  # no captions either: fusion looks for speech first
        return "asr"
    asked = [title for title, answered in look.seen.get(("transcribe", ""), {}).values() if answered]
    if not asked or end == "transcribe":
        return ""
    return ORIGIN if asked[-1] == "captions" and fuses(order, plan) else asked[-1]


def _told(order: Order, plan: Plan, origin: str, job: Transcription) -> str:
    recogniser = f"speech recognition ({plan.choices['asr'].name})" if "asr" in plan.choices else ""
    if origin == "sidecar":
        how = "given with --subtitles" if order.subtitles else "beside the episode"
        return f"the subtitle file {job.path.name if job.path else ''} {how}"
    if origin == "embedded":
        return f"the subtitle track in the episode (stream {job.stream})"
    if origin == "asr":
        return recogniser
    if origin == "carried":
        return f"{job.earlier_of}, the cut before this one"
    return f"burned-in captions and {recogniser}" if fuses(order, plan) else "burned-in captions"


def _why(order: Order, origin: str) -> str:
    """What was not there before it in the order of trust."""
    if order.transcript != "auto":
        return f"--transcript {order.transcript}"
    missing = ("no subtitle file", "no subtitle track", "no captions")
    return ", ".join(missing[: {"sidecar": 0, "embedded": 1, "asr": 3, "carried": 3}.get(origin, 2)])


# ── the walk of one market ──────────────────────────────────────────────────────────────
def _market(order: Order, plan: Plan, bible: SeriesBible, work: Analysis, market: Market, look: Lookup) -> State | None:
    """What becomes of the market's version; None when it depends on work that is not done."""
    try:
        script = written(order, plan, bible, work, market, look)
        drafts = script.untranslated(work.episode.lines)
        if drafts and not order.allow_draft:
            return _stopped(market, f"not reached: {untranslated(len(drafts))}", tuple(line.id for line in drafts))
        return _version(order, plan, bible, work, market, script, look)
    except UnansweredError:
        _look_further(bible, market, look)
        return None
    except LocalizeError as error:
        return _stopped(market, f"not reached: {error.what}")


def _look_further(bible: SeriesBible, market: Market, look: Lookup) -> None:
    """Where lines are not translated: what the market's rules would do to those that are."""
    pairs = look.halted.get(("translate", market.code), [])
    jobs = adapt.jobs([job for job, _ in pairs], [made for _, made in pairs], bible, market)
    _reach(look.met, adapt.STAGE, jobs, BEYOND)


def _version(
    order: Order, plan: Plan, bible: SeriesBible, work: Analysis, market: Market, script: Script, look: Lookup
) -> State | None:
    """Every branch of the walk is followed as far as it goes, so that one missing answer hides no other."""
    drafts, dubbed = script.untranslated(work.episode.lines), "dub" in order.deliver
    captions = _reach(captioned, order, work, market, script, drafts, look)
    for kind in order.deliver:
        _reach(work.plates.without, erased(work, script, drafts, kind), look)
    dub = _reach(spoken, order, plan, bible, work, market, script.renderings, look) if dubbed else None
    _reach(look.one, metadata.STAGE, listing_job(order, bible, work, market, script.renderings))
    if captions is None:
        return None
    pictures = _reach(pictured, order, work, market, script, drafts, captions, look)
    if pictures is None or (dubbed and dub is None):
        return None
    jobs, residue = pictures
    films = {kind: heard(job, work, dub, look) for kind, job in jobs.items()}
    region = Regional(market, script, drafts, captions, dub, residue, films)
    parts = gathered(order, plan, bible, work, region, look, Timings())
    held = blocking(parts)
    if held:
        many = f"{len(held)} blocking findings" if len(held) > 1 else "1 blocking finding"
        return State("package", market.code, "stopped", cause=f"held back: {many}: {held[0].message}")
    manifest = manifest_of(parts)
    same, damage = package.same(order.out, market.code, manifest, identity(parts, manifest))
    if same is not None and not damage:
        return State("package", market.code, "current", cause=f"v{same.number} is current, nothing to deliver")
    taken = voice_uses.taken(bible, order.out / market.code)
    cause = f"v{package.next_number(order.out, market.code, taken)} would be delivered"
    return State("package", market.code, "deliver", cause=f"{cause}: {damage}" if damage else cause)


def _reach(step: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T | None:
    """What a step of the walk comes to, or None where answers are missing; what it met is on record either way."""
    try:
        return step(*args, **kwargs)
    except UnansweredError:
        return None


def _stopped(market: Market, why: str, lines: tuple[str, ...] = ()) -> State:
    return State("package", market.code, "stopped", open=lines, cause=why)
