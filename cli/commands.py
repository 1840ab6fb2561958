"""What each command does: build the order, call, print.  Loaded only when a command runs."""

from __future__ import annotations

import json
import os
import sys
import threading
import traceback
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any, Literal, NoReturn

from localize.cli import show
from localize.cli.stopping import STOPPED, heed

from localize.adaptation import DEFAULT
from localize.edits import Edit
from localize.engine.events import everyone
from localize.engine.order import PRESETS, TRANSCRIPTS, Order, default_out, home, kinds, user
from localize.errors import InputError
from localize.market import markets, platforms, resolve
from localize.roles import ROLES

View = Literal["screen", "json", "quiet"]


def localise(asked: Mapping[str, Any], store: Path | None, view: View, debug: bool = False) -> None:
    """Run an order to its end; exits with the worst market's code.  With ``debug`` the trace of each market's error
    follows.
    """
    from localize.engine.store import Store
    from localize.pipeline import check, localize

    order = order_from(asked)
    stop = threading.Event()
    heed(stop)
    codes = tuple(market.code for market in order.markets)
    screen = {"json": show.JsonLines, "quiet": show.Quiet}.get(view, lambda: show.Screen(codes, order.deliver))()
    try:
        with screen:
            check(order)  # before the store: an order that is refused leaves nothing behind
            outcome = localize(order, Store(store or home() / "store"), everyone(screen), stop)
        if view == "screen":
            _questions(order)
    except KeyboardInterrupt:
        _stopped()
    if debug:
        for _, error in outcome.failed:
            traceback.print_exception(error)
    if outcome.exit_code:
        sys.exit(outcome.exit_code)


def _questions(order: Order) -> None:
    """What translators asked about this episode and nobody answered, at the end of what a person reads."""
    from localize.cli.queries import still_open

    from localize.series import find_series

    root = find_series(order.episode, order.series)
    try:
        if root is not None:
            still_open(root, order.stem, order.command)
    except InputError as error:  # the episode is delivered; a table nobody can read is no reason to fail
        print(f"localize: {error}", file=sys.stderr)


def _stopped() -> NoReturn:
    """Ctrl-C: say that nothing is lost, and leave at once, whatever a thread is still in the middle of."""
    print(STOPPED, file=sys.stderr)
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(130)


def show_plan(asked: Mapping[str, Any], store: Path | None, as_json: bool) -> None:
    """What would run, why, and what of it is done already."""
    from localize.engine.lookahead import foresee
    from localize.engine.plan import draw
    from localize.engine.store import Store
    from localize.pipeline import casting_rows, check

    order = order_from(asked)
    check(order, looking=True)
    plan = draw(order)
    outlook = foresee(order, plan, Store(store or home() / "store", read_only=True))
    voices = casting_rows(order, plan)
    if as_json:
        states = [asdict(state) | {"told": state.told} for state in outlook.states]
        print(json.dumps({
            "lines": asdict(outlook.lines), "rows": [asdict(row) for row in plan.rows], "states": states,
            "notes": outlook.notes, "casting": voices, "idle": outlook.idle,
        }, ensure_ascii=False))  # fmt: skip
        return
    show.plan_head(order, outlook)
    show.outlook_table(outlook)
    show.plan_table(plan, outlook.lines)
    if voices:
        print()
        show.table("", ("market", "character", "voice", "why"), show.merged(voices))


def show_why(episode: str, line: str, to: str, series: Path | None, store: Path | None) -> None:
    """A line or stage in the markets asked for, or in all: whose words, what from, what changed."""
    from localize.engine.journal import history
    from localize.engine.store import Store
    from localize.engine.why import explain

    codes = [resolve(part).code for part in to.split(",") if part.strip()] or [""]
    place = Store(store or home() / "store", read_only=True)
    past = history(place, episode)
    if not past.uses:
        fix = "run the episode first, or name the --store it was run with"
        raise InputError("no run of this episode is known", episode, fix)
    given = Path(episode)
    log = _log(given if given.is_file() else past.media or given, series or past.series)
    for code in codes:
        print(explain(place, past, line, code, log))


def _log(episode: Path, series: Path | None) -> tuple[Edit, ...]:
    """What people edited in this episode; nothing when its series is not to be found, which is said."""
    from localize import edit_log
    from localize.series import find_series

    try:
        root = find_series(episode, series)
    except InputError as error:
        print(f"localize: edits are not told: {error}", file=sys.stderr)
        return ()
    return edit_log.peek(root / "edits" / f"{episode.stem}.jsonl") if root else ()


def order_from(asked: Mapping[str, Any]) -> Order:
    """Command-line words → an order.  Raises ``InputError`` on anything unknown, before any work."""
    episode: Path = asked["episode"]
    transcript, platform = asked.get("transcript", "auto"), asked.get("platform", "tiktok")
    preset = asked.get("preset", "veryfast")
    _known("lines cannot come from", transcript, "--transcript", TRANSCRIPTS)
    _known("no platform is called", platform, "--platform", platforms())
    _known("no x264 preset is called", preset, "--preset", PRESETS)
    return Order(
        episode=episode,
        markets=_markets(asked["to"]),
        out=asked.get("out") or default_out(episode),
        series=asked.get("series"),
        deliver=kinds(asked.get("deliver", "dub")),
        transcript=transcript,
        subtitles=asked.get("subtitles"),
        music_effects=asked.get("me"),
        audio_track=asked.get("audio_track"),
        allow_draft=asked.get("allow_draft", False),
        adapt_level=asked.get("adapt_level", DEFAULT),
        allow_noncommercial=asked.get("allow_noncommercial", False),
        engines=_engines(asked.get("engine") or []),
        options=_options(asked.get("asr_model")),
        platform=platform,
        template=asked.get("template", "{series}_E{ep:03}_{market}_{kind}_v{n}"),
        number=asked.get("number"),
        preset=preset,
        by=asked.get("by") or user(),
        command=show.called(),
    )


def _options(asr_model: Path | None) -> dict[str, dict[str, str]]:
    if asr_model is None:
        return {}
    if not asr_model.is_dir():
        fix = "give the folder of a converted Whisper model (docs/engines.md says how to get one)"
        raise InputError("there is no such folder", f"--asr-model {asr_model}", fix)
    return {"asr": {"model": str(asr_model.absolute())}}


def _known(what: str, value: str, option: str, choices: Iterable[str]) -> None:
    if value not in choices:
        raise InputError(f"{what} {value!r}", option, f"choose from {', '.join(choices)}")


def _markets(to: str) -> tuple[Any, ...]:
    if to.strip().lower() == "all":
        return tuple(markets().values())
    chosen = {market.code: market for market in (resolve(part) for part in to.split(",") if part.strip())}
    if not chosen:
        raise InputError("no market was named", "--to", f"known markets: {', '.join(markets())} (or all)")
    return tuple(chosen.values())


def _engines(pairs: list[str]) -> dict[str, str]:
    chosen: dict[str, str] = {}
    for pair in pairs:
        role, _, name = pair.partition("=")
        if role not in ROLES or not name:
            raise InputError(
                f"not an engine choice: {pair!r}", "--engine", f"write role=name; roles: {', '.join(ROLES)}"
            )
        chosen[role] = name
    return chosen
