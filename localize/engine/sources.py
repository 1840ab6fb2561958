"""What the source of an episode's lines comes to: what is told of it, and what it heard that is no line."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import chain

from localize.corrections import corrected
from localize.engine.events import Event
from localize.engine.ledger import mint
from localize.engine.order import Order
from localize.engine.transcript import corrections
from localize.episode import Line
from localize.errors import InputError
from localize.evidence import Doubted
from localize.series import SeriesBible
from localize.stages.transcribe import Transcript
from localize.version import Finding

TOLD = {"sidecar": "subtitle file", "embedded": "embedded subtitles", "captions": "burned-in captions"}
"""Where lines may come from, in a person's words."""


def told(one: Finding) -> Event:
    """What the source of the lines has wrong, with the way out where it matters."""
    if one.severity == "note" or not one.fix:
        return Event("note" if one.severity == "note" else "warning", "transcribe", message=one.message)
    return Event("warning", "transcribe", message=f"{one.message} → {one.fix}")


def no_lines(order: Order, asked: str, unfit: Mapping[str, Sequence[Finding]]) -> InputError:
    """What to say where no source has lines; ``unfit`` are those that were there and could not serve."""
    names = TOLD if asked == "auto" else {asked: TOLD.get(asked, asked)}
    found = tuple(chain(*unfit.values()))
    missing = (f"no {name}" for origin, name in names.items() if not unfit.get(origin))
    what = f"no speech was found: {', '.join((*missing, *(one.message for one in found)))}"
    fix = "put a subtitle file beside the episode, name one with --subtitles, or install a recogniser (localize doctor)"
    return InputError(what, str(order.episode), found[-1].fix if found else fix)


def spoken(order: Order, bible: SeriesBible, read: Transcript, looking: bool) -> bool:
    """Whether a source has lines: one that nobody doubts, or one that a person typed, whatever was heard there."""
    if not read.lines or not (read.doubted and all(read.doubted)):
        return bool(read.lines)
    edits = corrections(order, bible, looking)
    if not edits:
        return False
    minted = mint(bible.root / "lines" / f"{order.stem}.json", read.lines, looking=True)
    return bool(corrected(untaken(minted.lines, read.doubted), edits))


def untaken(lines: Sequence[Line], doubted: Sequence[str]) -> tuple[Line, ...]:
    """``lines`` without the words of those that are ``doubted``, as if a person had taken them out."""
    return tuple(replace(line, text="", words=()) if why else line for line, why in _each(lines, doubted))


def doubted_lines(lines: Sequence[Line], doubted: Sequence[str], now: Sequence[Line]) -> tuple[Doubted, ...]:
    """What was recognised in those of ``lines`` that are ``doubted`` and still have no words ``now``."""
    empty = {line.id for line in now if not line.text}
    return tuple(
        Doubted(line.id, line.span, line.text, why) for line, why in _each(lines, doubted) if why and line.id in empty
    )


def _each(lines: Sequence[Line], doubted: Sequence[str]) -> list[tuple[Line, str]]:
    return list(zip(lines, doubted or [""] * len(lines), strict=True))
