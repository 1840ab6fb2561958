"""What a person reads, and a script is told, when lines of a market have no translation."""

from __future__ import annotations

import os
import shlex
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import fields
from pathlib import Path

from localize import backends
from localize.engine import table
from localize.engine.kept import damaged
from localize.engine.order import Order, default_out, home, user
from localize.episode import Line
from localize.errors import GateError
from localize.market import Market

EMPTY: Mapping[str, str] = {}
WORDS = 6
"""How many untranslated lines are quoted; of the rest the ids are told."""


def untranslated(count: int) -> str:
    """``"1 line has no translation"``."""
    return "1 line has no translation" if count == 1 else f"{count} lines have no translation"


def untranslated_gate(
    order: Order, market: Market, drafts: Sequence[Line], store: Path | None = None, doubts: Mapping[str, str] = EMPTY
) -> GateError:
    """Every line, the first with their words; where to fill them in; how to go on, with the same ``store``.

    ``doubts`` say by line id why an engine that was asked did not help.  ``facts`` holds ``lines`` (ids), ``sources``
    (their words), ``doubts`` (empty where there is none), ``table`` (the file to fill in) and ``resume``.
    """
    path, resume = str(table.table_path(order, market)), resume_command(order, market, store)
    told = {name: f" ({doubt})" for name, doubt in doubts.items() if doubt}
    quoted = [f"\n      {line.id} {line.text}{told.get(line.id, '')}" for line in drafts[:WORDS]]
    rest = [f"\n      and {', '.join(line.id for line in drafts[WORDS:])}"] if len(drafts) > WORDS else []
    them = "it" if len(drafts) == 1 else "them"
    fix = (
        f"fill in dub and subtitle in {path} (offer holds what came close), then run\n      {resume}",
        f"or run it as it is: the engine is asked for {them} again"
        if told
        else f"or let an engine translate {them}: {_engine(order)} (localize doctor)",
        "or add --allow-draft: what is missing stays Chinese, marked as a draft",
        "or drop a line: leave both columns empty and set its status to locked",
    )
    facts = (
        ("lines", tuple(line.id for line in drafts)), ("sources", tuple(line.text for line in drafts)),
        ("table", path), ("resume", resume),
        *((("doubts", tuple(doubts.get(line.id, "") for line in drafts)),) if told else ()),
    )  # fmt: skip
    what = untranslated(len(drafts)) + "".join((*quoted, *rest))
    return GateError(what, market.code, "\n    ".join(fix), facts)


def _engine(order: Order) -> str:
    """What keeps the chat endpoint from translating: it is not set, or what was set cannot be right."""
    options = order.options.get("translation", {})
    state = backends.known("translation")["openai_chat"].available(options)
    unset = not options.get("url") and not os.environ.get("LOCALIZE_LLM_URL")
    if state.ready or unset:
        broken = damaged()
        address = "set LOCALIZE_LLM_URL, or "
        return f"{address}mend {broken}" if broken else f"{address}get a model with localize models"
    return f"{state.why}; {state.fix}"


def resume_command(order: Order, market: Market, store: Path | None = None) -> str:
    """The command that takes this market up again with everything it was asked with, quoted for a shell."""
    words = ["--to", market.code, *_given(order)]
    if store not in (None, home() / "store"):
        words += ["--store", str(store)]
    name = str(order.episode)
    words = [*words, "--", name] if name.startswith("-") else [name, *words]
    return f"{order.command} {shlex.join(words)}"


def _given(order: Order) -> Iterator[str]:
    """The options that are not as they would be anyway."""
    plain = {one.name: one.default for one in fields(Order)} | {"out": default_out(order.episode), "by": user()}
    for name, option in OPTIONS.items():
        value = getattr(order, name)
        if value not in (plain[name], ""):
            yield from (option, ",".join(value) if isinstance(value, tuple) else str(value))
    for role, engine in sorted(order.engines.items()):
        yield from ("--engine", f"{role}={engine}")
    model = order.options.get("asr", {}).get("model")
    if model:
        yield from ("--asr-model", model)
    if order.allow_noncommercial:
        yield "--allow-noncommercial"


OPTIONS = {
    "series": "--series", "out": "--out", "deliver": "--deliver", "subtitles": "--subtitles", "transcript":
    "--transcript", "music_effects": "--me", "audio_track": "--audio-track",
    "platform": "--platform", "template": "--template", "number": "--number",
    "adapt_level": "--adapt-level",
    "preset": "--preset", "by": "--by",
}  # fmt: skip
"""Field of an order → the option that sets it."""
