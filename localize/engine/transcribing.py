"""``localize transcribe``: what is said, when and by whom, as files; nothing is translated."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, get_args

from localize.engine.analysis import probed, transcribed
from localize.engine.events import Listener
from localize.engine.ledger import replace_whole
from localize.engine.local import Runner
from localize.engine.order import Order
from localize.engine.plan import draw
from localize.engine.provenance import provenances
from localize.engine.store import Store
from localize.engine.transcript import corrections, import_transcript, transcript_path
from localize.episode import Episode, Line
from localize.evidence import Provenance
from localize.formats import dapt, srt, transcript_json, vtt
from localize.series import SeriesBible
from localize.version import Cue

Format = Literal["srt", "vtt", "ass", "json", "dapt"]
FORMATS: tuple[Format, ...] = get_args(Format)
SUFFIXES: dict[Format, str] = {"dapt": "dapt.ttml"}


@dataclass(frozen=True, slots=True)
class Transcribed:
    """The episode, where its lines came from, the lines whose speaker is in doubt, and the files that say so."""

    episode: Episode
    origin: str
    unsure: frozenset[str]
    files: tuple[Path, ...]


def transcribe(
    order: Order, bible: SeriesBible, formats: Sequence[Format], store: Store, tell: Listener, stop: threading.Event
) -> Transcribed:
    """Read and hear the episode, and write ``transcript.csv`` and the files of ``formats`` into ``order.out``."""
    runner, plan = Runner(store, tell, stop), draw(order)
    source = probed(order, runner)
    import_transcript(order, bible, source.picture.length)
    episode, origin, found, evidence, doubted = transcribed(order, plan, bible, source, runner)
    told = corrections(order, bible, looking=True)
    sources = provenances(episode.lines, origin, found, evidence, told)
    files = [transcript_path(order)]
    for name in formats:
        path = order.out / f"transcript.{SUFFIXES.get(name, name)}"
        made = WRITERS[name](episode, origin, sources)
        replace_whole(path, transcript_json.with_doubted(made, doubted) if name == "json" else made)
        files.append(path)
    return Transcribed(episode, origin, frozenset((*found.doubts, *(one.line for one in found.shared))), tuple(files))


def cues(episode: Episode) -> tuple[Cue, ...]:
    """One cue a line; songs stand between notes, the custom where a format has no mark of its own."""
    return tuple(Cue(line.id, line.span, (_sung(line),), (line.id,)) for line in episode.lines)


def _sung(line: Line) -> str:
    return f"♪ {line.text} ♪" if line.kind == "song" else line.text


INNER = ("thought", "narration", "song")
"""Kinds of line that stand in italics where the format has any; SubRip has none that all readers share."""


def slanted(episode: Episode) -> tuple[str, ...]:
    """Ids of the lines in italics."""
    return tuple(line.id for line in episode.lines if line.kind in INNER)


EM = 0.06
"""Size of the letters in an ``.ass`` as a share of the picture's width, as captions are burned in."""


def _ass(episode: Episode) -> str:
    """One look for all, as large as captions are burned in, in styles named after kinds of line, which readers know
    them by; who speaks stands in the field for names.
    """
    from pysubs2 import SSAEvent, SSAFile

    from localize.formats.ass import escape

    names, italics = {speaker.id: speaker.name for speaker in episode.speakers}, slanted(episode)
    script, picture = SSAFile(), episode.source.picture
    script.info.update({
        "Title": escape(episode.id), "Language": episode.language, "PlayResX": str(picture.width),
        "PlayResY": str(picture.height), "ScaledBorderAndShadow": "yes",
    })  # fmt: skip
    style = script.styles["Default"]
    style.fontsize, style.outline, style.marginv = EM * picture.width, 0.1 * EM * picture.width, picture.width // 8
    for kind in INNER:
        script.styles[kind.capitalize()] = style.copy()
    for line in episode.lines:
        name = names.get(line.speaker, line.speaker).replace(",", " ")
        text = (r"{\i1}" if line.id in italics else "") + r"\N".join(map(escape, line.text.splitlines()))
        named = line.kind.capitalize() if line.kind in INNER else "Default"
        script.append(SSAEvent(start=line.span.start, end=line.span.end, text=text, name=name, style=named))
    return str(script.to_string("ass"))


Writer = Callable[[Episode, str, Sequence[Provenance]], str]
WRITERS: dict[Format, Writer] = {
    "srt": lambda episode, origin, sources: srt.text(cues(episode)),
    "vtt": lambda episode, origin, sources: vtt.text(cues(episode), episode.language, slanted(episode)),
    "ass": lambda episode, origin, sources: _ass(episode),
    "json": transcript_json.text,
    "dapt": lambda episode, origin, sources: dapt.text(episode.lines, episode.speakers, episode.language),
}
