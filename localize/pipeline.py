"""One episode through the house, for its markets.

``localize(order, store, tell, stop)`` is the whole job: draw the plan, import people's edits, analyse the episode once,
then build every market's version side by side.  A market that fails or meets a closed gate leaves the others alone.
"""

from __future__ import annotations

import os
import shutil
import threading
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import contextmanager
from dataclasses import asdict, dataclass

from localize.edits import Edit
from localize.engine import adaptations, table
from localize.engine.analysis import Analysis, analyse, probed
from localize.engine.delivery import Delivered, deliver
from localize.engine.events import Event, Listener, everyone, failed, hearing_warnings
from localize.engine.given import check_files, check_music_effects, check_out, writable
from localize.engine.journal import Journal
from localize.engine.local import Runner, Stopped
from localize.engine.order import Order
from localize.engine.original import partial
from localize.engine.pivot import ahead
from localize.engine.plan import Plan, draw
from localize.engine.readiness import speaks
from localize.engine.region import Script, regionalise
from localize.engine.store import Store
from localize.engine.timings import Timings
from localize.engine.transcript import import_transcript
from localize.engine.voice_casting import casting_of, unvoiced
from localize.errors import InputError, LocalizeError, WorkError
from localize.formats.naming import check_template
from localize.market import Market
from localize.media.probe import require_file
from localize.renaming import renamed
from localize.series import SERIES_FILE, SeriesBible, create_series, find_series, is_series, open_series

PATIENCE = 3.0
"""Seconds the markets get to put their work down after Ctrl-C; what is committed is kept in any case."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of each market: a delivered version or the error that stopped it."""

    delivered: tuple[Delivered, ...]
    failed: tuple[tuple[str, LocalizeError], ...]

    @property
    def exit_code(self) -> int:
        """0 when every market was delivered, else the highest code among the failures."""
        return max((error.exit_code for _, error in self.failed), default=0)


def localize(order: Order, store: Store, tell: Listener, stop: threading.Event) -> Outcome:
    """Do the whole order.  Raises when nothing could be done for any market; ``Stopped`` when the person stopped it."""
    with hearing_warnings(tell):
        return _localize(order, store, tell, stop)


def _localize(order: Order, store: Store, tell: Listener, stop: threading.Event) -> Outcome:
    from localize.media.ffmpeg import stop_all

    check(order)
    check_out(order)
    plan = draw(order)
    timings = Timings()
    runner = Runner(store, everyone(timings, Journal(store, order.stem, order.episode, order.series), tell), stop)
    try:
        source = probed(order, runner)
        _tell_plan(plan, tell)
        check_music_effects(order, source)
        found = find_series(order.episode, order.series)
        started = found is None or not is_series(found)
        bible = series_of(order, tell)
        order, mute = unvoiced(order, bible, tell, plan)
        if not order.markets:
            return Outcome((), mute)
        words = table.import_all(order, bible)  # first: they were written about the lines as they still were
        imported = (*import_transcript(order, bible, source.picture.length), *words)
        _tell_edits(order, bible, imported, tell)
        if decided := adaptations.import_all(order, bible):
            many = f"{len(decided)} decisions" if len(decided) > 1 else "1 decision"
            tell(Event("note", message=f"took {many} on adaptations"))
        try:
            work = analyse(order, plan, bible, source, runner)
        except InputError:
            _take_back(bible, started)
            raise
        bible = bible.within(work.episode.number)
        missing = partial(work.episode.on_screen, work.episode.lines)
        if missing:
            tell(Event("warning", message=missing))
        try:
            work, ready = ahead(order, plan, bible, work, runner)
            futures = _side_by_side(order, plan, bible, work, runner, timings, ready)
            for market, spent in timings.spent():
                who = "engines behind an address" if spent.characters else "the translation engine"
                told = f"{market}: {who} used {spent.told()}"
                tell(Event("note", market=market, message=told, facts=spent.facts()))
            return _finish(futures, mute, tell)
        finally:
            work.plates.settle()
    except KeyboardInterrupt:
        stop.set()
        stop_all()
        raise


def _tell_edits(order: Order, bible: SeriesBible, imported: Sequence[Edit], tell: Listener) -> None:
    if imported:
        many = f"{len(imported)} edits" if len(imported) > 1 else "1 edit"
        tell(Event("note", message=f"took {many} from the tables"))
    for market in order.markets:
        lines = table.reopened(order, bible, imported, market)
        if lines:
            be, them = ("are drafts", "their words") if len(lines) > 1 else ("is a draft", "its words")
            told = (
                f"{market.code}: {', '.join(lines)} {be} again, because {them} changed; set status to reviewed to sign"
            )
            tell(Event("note", market=market.code, message=told))


def _side_by_side(
    order: Order,
    plan: Plan,
    bible: SeriesBible,
    work: Analysis,
    runner: Runner,
    timings: Timings,
    ready: Mapping[str, Script],
) -> dict[str, Future[Delivered]]:
    """Every market in its own thread, as many at once as there are cores; the heavy work is in child processes."""
    from localize.media.ffmpeg import stop_all

    def one(market: Market) -> Delivered:
        own = runner.of(market.code)
        try:
            here = renamed(bible, market.code, order.adapt_level)
            region = regionalise(order, plan, here, work, market, own, ready.get(market.code))
            return deliver(order, plan, here, work, region, own, timings)
        except LocalizeError as error:
            runner.tell(failed(error, _told(market.code, error), market.code))
            raise
        except Exception as error:
            what, fix = f"{type(error).__name__}: {error}", "run again with --debug for the whole trace"
            whole = WorkError(what, market.code, fix)
            runner.tell(failed(whole, market=market.code))
            raise whole from error

    workers = max(1, min(len(order.markets), os.cpu_count() or 1))
    pool = ThreadPoolExecutor(workers, thread_name_prefix="market")
    futures = {market.code: pool.submit(one, market) for market in order.markets}
    try:
        wait(futures.values())
    except KeyboardInterrupt:
        runner.stop.set()
        pool.shutdown(wait=False, cancel_futures=True)
        stop_all()
        wait(futures.values(), PATIENCE)
        raise
    pool.shutdown()
    return futures


def _finish(
    futures: dict[str, Future[Delivered]], mute: Sequence[tuple[str, LocalizeError]], tell: Listener
) -> Outcome:
    delivered: list[Delivered] = []
    failed: list[tuple[str, LocalizeError]] = [*mute]
    for code, future in futures.items():
        error = future.exception()
        if error is None:
            delivered.append(future.result())
        elif isinstance(error, LocalizeError):
            failed.append((code, error))
        else:
            raise error
    for one in delivered:
        state = "delivered" if one.new else f"nothing to do, version {one.number} is current:"
        tell(Event("delivered", market=one.market, message=f"{one.market}: {state} {one.folder}"))
    return Outcome(tuple(delivered), tuple(failed))


def casting_rows(order: Order, plan: Plan) -> list[tuple[str, str, str, str]]:
    """Market, character, voice and why, for the plan; empty without a series directory."""
    found = find_series(order.episode, order.series)
    if found is None or not is_series(found) or "tts" not in plan.choices:
        return []
    bible = open_series(found)
    return [
        (market.code, cast.speaker, f"{cast.voice.name} ({cast.voice.grade})", cast.why)
        for market in order.markets
        if speaks(market)  # the plan's notes say where no voice does
        for cast in casting_of(order, bible, bible.speakers(), market)
    ]


def check(order: Order, elsewhere: str = "choose another folder with --out DIR", looking: bool = False) -> None:
    """What can be told before any work: the files and the series are there, the output can be written.

    ``elsewhere`` is what to do where it cannot; whoever is only ``looking`` writes nothing.

    Raises ``InputError``.
    """
    require_file(order.episode)
    check_files(order)
    find_series(order.episode, order.series)
    check_template(order.template)
    if not looking and not writable(order.out):
        raise InputError("the output folder cannot be written", str(order.out), elsewhere)


def series_of(order: Order, tell: Listener) -> SeriesBible:
    """The series directory given or found; a fresh one, there or beside the episode, when there is none."""
    found = find_series(order.episode, order.series)
    if found is not None and is_series(found):
        return open_series(found)
    fresh = create_series(found or order.episode.resolve().parent / "SERIES", order.episode)
    tell(Event("note", message=f"started a series directory: {fresh.root} (cast, terms, edits; keep it)"))
    return fresh


@contextmanager
def series_for(order: Order, tell: Listener) -> Iterator[SeriesBible]:
    """``series_of`` for one command: a directory it started for an episode it then refuses is taken back."""
    found = find_series(order.episode, order.series)
    started = found is None or not is_series(found)
    bible = series_of(order, tell)
    try:
        yield bible
    except InputError:
        _take_back(bible, started)
        raise


def _take_back(bible: SeriesBible, started: bool) -> None:
    """Remove the series directory this run ``started`` for an episode it then refused, while it holds nothing else."""
    if started and {path.name for path in bible.root.iterdir()} <= {SERIES_FILE, ".lock"}:
        shutil.rmtree(bible.root, ignore_errors=True)


def _tell_plan(plan: Plan, tell: Listener) -> None:
    for row in plan.rows:
        grade = f" [{row.grade}]" if row.grade == "preview" else ""
        licence = f" · {row.licence}" if row.licence else ""
        better = f"\n{'':13}better: {row.better} → {row.fix}" if row.better else ""
        line = f"  {row.stage:<11}{row.engine + grade:<26} {row.why}{licence}{better}"
        tell(Event("plan", row.stage, message=line, facts=tuple(asdict(row).items())))


def _told(code: str, error: LocalizeError) -> str:
    return str(error) if error.where == code else f"{code}: {error}"


__all__ = ["Outcome", "Stopped", "casting_rows", "check", "localize", "series_for", "series_of"]
