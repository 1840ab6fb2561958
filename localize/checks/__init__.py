"""One quality check per file.

A check explains itself, may carry the way out in each finding, and is silenced per line by ``ignore-<id>`` in
the note column of the table.  A new check is one file here with a module constant ``CHECK``; files that start
with an underscore are shared rulers.
"""

from __future__ import annotations

import pkgutil
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from importlib import import_module

from localize.episode import Line, OnScreenText, Picture
from localize.evidence import Evidence
from localize.market import Market
from localize.timing import Span
from localize.version import Adaptation, Cue, Finding, Loudness, Placed, Rendering, Severity
from localize.voice import Casting


@dataclass(frozen=True, slots=True)
class Seen:
    """Everything a check may look at; what a version does not have stays empty and its checks stay silent.

    ``terms`` are (line id, ((source, target), …)): several targets of one source are alternatives.
    ``forbidden`` are (source, target): the target must not appear where the source says so or, with an empty
    source, anywhere.  ``names`` are (Chinese, approved spelling), ``cast`` (character, number of reference
    clips).  ``texts`` are the on-screen texts a viewer must understand,
    ``lineless`` burned-in captions that no line stands for, of ``captions`` in all, ``dropped`` where people took lines
    out.
    ``residue`` is what a reader still finds where captions were erased. ``widths`` are (cue id, pixels of its
    widest row), ``width`` the pixels allowed. ``evidence`` tells what vouches for each line where captions and
    speech recognition were fused. ``frames`` and ``audio_ms`` measure the delivered file; ``notes`` are (line id,
    note column), ``repeats`` (line id, where, words) what was approved for the same Chinese before and differs
    here, ``pivots`` (line id, before, now) pivots that changed since people settled the line, ``audible`` (line id, dB
    its dub stands above music and effects), ``forms`` (line id, form) the address matrix's forms of address.
    """

    market: Market
    picture: Picture
    lines: tuple[Line, ...] = ()
    renderings: tuple[Rendering, ...] = ()
    cues: tuple[Cue, ...] = ()
    placed: tuple[Placed, ...] = ()
    castings: tuple[Casting, ...] = ()
    adaptations: tuple[Adaptation, ...] = ()
    terms: tuple[tuple[str, tuple[tuple[str, str], ...]], ...] = ()
    forbidden: tuple[tuple[str, str], ...] = ()
    names: tuple[tuple[str, str], ...] = ()
    cast: tuple[tuple[str, int], ...] = ()
    texts: tuple[tuple[OnScreenText, Rendering], ...] = ()
    lineless: tuple[OnScreenText, ...] = ()
    dropped: tuple[Span, ...] = ()
    captions: int = 0
    residue: tuple[OnScreenText, ...] = ()
    loudness: Loudness | None = None
    target_lufs: float = -14.0
    ceiling_dbtp: float = -1.0
    frames: int = 0
    audio_ms: int = 0
    widths: tuple[tuple[str, int], ...] = ()
    width: int = 0
    notes: tuple[tuple[str, str], ...] = ()
    evidence: tuple[Evidence, ...] = ()
    repeats: tuple[tuple[str, str, str], ...] = ()
    pivots: tuple[tuple[str, str, str], ...] = ()
    audible: tuple[tuple[str, float], ...] = ()
    forms: tuple[tuple[str, str], ...] = ()

    def translated(self) -> Iterator[tuple[Line, Rendering]]:
        """Lines with the rendering they got in this market, those left in the original not counted."""
        by_line = {one.line: one for one in self.renderings}
        for line in self.lines:
            one = by_line.get(line.id)
            if one is not None and one.origin != "source" and one.status != "missing":
                yield line, one

    def preview(self) -> bool:
        """Whether any voice is only good enough to listen in: release gates then warn instead of blocking."""
        return any(casting.voice.grade == "preview" for casting in self.castings)


@dataclass(frozen=True, slots=True)
class Check:
    """The index card of one check: ``says`` is what may be wrong, ``severity`` the worst it can be."""

    id: str
    name: str
    says: str
    severity: Severity
    find: Callable[[Seen], Iterable[Finding]]

    def look(self, seen: Seen) -> tuple[Finding, ...]:
        """What this check found, without the lines whose note says ``ignore-<id>``."""
        silenced = re.compile(rf"(?<![\w-])ignore-{re.escape(self.id)}(?![\w-])")
        ignored = {line for line, note in seen.notes if silenced.search(note.casefold())}
        return tuple(one for one in self.find(seen) if not one.line or one.line not in ignored)


@cache
def known() -> dict[str, Check]:
    """Every check in this folder, by id."""
    names = (module.name for module in pkgutil.iter_modules(__path__) if not module.name.startswith("_"))
    checks: list[Check] = [import_module(f"{__name__}.{name}").CHECK for name in names]
    return {check.id: check for check in sorted(checks, key=lambda one: one.id)}


def look(seen: Seen) -> tuple[Finding, ...]:
    """What all checks found, each finding once."""
    return tuple(dict.fromkeys(finding for check in known().values() for finding in check.look(seen)))
