"""One self-contained HTML page per version: what a client looks at and what an editor works from.

The page loads nothing from anywhere but the version's own folder (the video).  Everything shown is in
``ReportFacts``.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib.resources import files
from typing import Any
from urllib.parse import quote

from localize.culture import HYBRIDITY, RATE, Adapting
from localize.enforcing import GOAL, Accuracy
from localize.episode import Line, Source
from localize.evidence import Provenance
from localize.formats import plots, sync
from localize.market import Market
from localize.timing import clock
from localize.version import Adaptation, Finding, Listing, Loudness, Placed, Rendering
from localize.voice import Casting, Consent, Grade

ORIGINS = ("person", "memory", "phrasebook", "machine", "source")
SEVERITIES = ("block", "warn", "note")
NO_TERMS = Accuracy(0, ())


@dataclass(frozen=True, slots=True)
class EngineUse:
    """One row of the plan as carried out; ``better`` names a missing engine, ``fix`` what gets it."""

    stage: str
    engine: str
    why: str
    licence: str = ""
    grade: str = ""
    better: str = ""
    fix: str = ""


@dataclass(frozen=True, slots=True)
class StageTime:
    """A stage's jobs, made or reused, and the seconds the made ones took; no ``market`` when shared."""

    stage: str
    market: str
    done: int
    reused: int
    seconds: float


@dataclass(frozen=True, slots=True)
class Voicing:
    """Who speaks with which voice; ``consent`` is what that character's actor signed, if anything."""

    name: str
    casting: Casting
    consent: Consent | None = None


@dataclass(frozen=True, slots=True)
class TermUse:
    """A settled term and the lines it was used in."""

    source: str
    target: str
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FileMade:
    """A file of this version: ``kind`` (dub, srt …), ``name`` relative to the report, ``size`` in bytes."""

    kind: str
    name: str
    size: int
    digest: str = ""


@dataclass(frozen=True, slots=True)
class ReportFacts:
    """Everything a report shows.  ``video`` is relative to the report.

    ``names`` are (speaker id, name to show); ``notes`` (line id, a person's remark); ``sources`` tell where the lines
    come from.  ``loudness``
    was measured on the encoded file, ``target`` and ``ceiling`` are what was aimed at, in LUFS and dBTP.
    ``curve`` is the short-term loudness in LUFS every ``curve_step`` ms.
    """

    title: str
    series: str
    episode: str
    number: int
    market: Market
    version: int
    made: str
    grade: Grade
    source: Source
    source_name: str
    transcript: str = ""
    video: str = ""
    files: tuple[FileMade, ...] = ()
    names: tuple[tuple[str, str], ...] = ()
    lines: tuple[Line, ...] = ()
    sources: tuple[Provenance, ...] = ()
    renderings: tuple[Rendering, ...] = ()
    placed: tuple[Placed, ...] = ()
    findings: tuple[Finding, ...] = ()
    adaptations: tuple[Adaptation, ...] = ()
    terms: tuple[TermUse, ...] = ()
    kept: Accuracy = NO_TERMS
    voicings: tuple[Voicing, ...] = ()
    engines: tuple[EngineUse, ...] = ()
    times: tuple[StageTime, ...] = ()
    loudness: Loudness | None = None
    target: float = -14.0
    ceiling: float = -1.0
    curve: tuple[float, ...] = ()
    curve_step: int = 500
    changes: tuple[str, ...] = ()
    notes: tuple[tuple[str, str], ...] = ()
    listing: Listing | None = None
    adapting: Adapting | None = None


def report(facts: ReportFacts) -> str:
    """The page as one HTML text."""
    from jinja2 import Environment, FunctionLoader, StrictUndefined
    from markupsafe import Markup

    room = files("localize.formats")
    environment = Environment(
        loader=FunctionLoader(lambda name: (room / name).read_text("utf-8")), autoescape=True,
        undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True,
    )  # fmt: skip
    environment.filters |= {"clock": _clock, "megabytes": _megabytes, "signed": _signed, "href": quote}
    drawn = dict(_drawings(facts))
    drawings = {name: Markup(drawn.get(name, "")) for name in ("timeline", "origins", "loudness")}
    return environment.get_template("report.html.j2").render(
        facts=facts, rows=tuple(_rows(facts)), drawings=drawings, origins=_counts(facts),
        sync=sync.measure(facts.lines, facts.placed), findings=_sorted(facts.findings),
        known={line.id for line in facts.lines}, speakers=[_name(facts, one) for one in _speakers(facts)],
        axis=plots.AXIS, lane=plots.LANE, seconds=facts.source.picture.length / 1000,
        better=[one for one in facts.engines if one.better], goal=GOAL, rate=RATE, hybridity=HYBRIDITY,
        weight={severity: sum(one.severity == severity for one in facts.findings) for severity in SEVERITIES},
    )  # fmt: skip


def _rows(facts: ReportFacts) -> Iterator[dict[str, Any]]:
    """One row per line, in time order."""
    notes = dict(facts.notes)
    renderings = {one.line: one for one in facts.renderings}
    placed = {one.line: one for one in facts.placed}
    sources = {one.line: one for one in facts.sources}
    for line in facts.lines:
        take = placed.get(line.id)
        yield {
            "line": line,
            "name": _name(facts, line.speaker),
            "rendering": renderings.get(line.id),
            "take": take,
            "pace": _pace(take) if take else "",
            "findings": [one for one in _sorted(facts.findings) if one.line == line.id],
            "note": notes.get(line.id, ""),
            "source": _told(sources[line.id]) if line.id in sources else "",
            "maybe": [_name(facts, one) for one in sources[line.id].maybe] if line.id in sources else [],
        }


def _told(one: Provenance) -> str:
    """Where the words and the time of a line come from, and how sure both senses are of it together."""
    words = " and ".join(one.text)
    told = words if one.time in one.text else f"{words}, timed by {one.time}"
    sure = one.evidence.confidence if one.evidence is not None else None
    return f"{told}, {round(100 * sure)} % sure" if sure is not None else told


def _drawings(facts: ReportFacts) -> Iterator[tuple[str, str]]:
    length = facts.source.picture.length
    if facts.lines:
        title = "When the original speaks and when the dub does, one lane per speaker"
        yield (
            "timeline",
            plots.timeline([_lane(facts, speaker) for speaker in _speakers(facts)], length, title),
        )
        parts = [(name, count, f"origin-{name}") for name, count in _counts(facts)]
        yield "origins", plots.shares(parts, "Where the lines come from")
    if facts.curve:
        title = f"Short-term loudness over time, target {facts.target:g} LUFS"
        yield "loudness", plots.curve(facts.curve, facts.curve_step, facts.target, title)


def _lane(facts: ReportFacts, speaker: str) -> plots.Lane:
    own = {line.id: line for line in facts.lines if line.speaker == speaker}
    source = [
        _bar(line.span.start, line.span.length, "said", f"{line.id} {line.text}", line.id) for line in own.values()
    ]
    dub = [
        _bar(one.start, one.length, _pace(one), f"{one.line} {one.stretch:.2f}× {one.take.text}", one.line)
        for one in facts.placed
        if one.line in own
    ]
    return plots.Lane(_name(facts, speaker), tuple(source), tuple(dub))


def _bar(start: int, length: int, kind: str, tip: str, line: str) -> plots.Bar:
    return plots.Bar(start, start + length, kind, f"{_clock(start)} {tip}", line)


def _pace(one: Placed) -> str:
    """How much a take was hurried, as a class of the style sheet."""
    if one.over > 0 or one.stretch > sync.HARDEST:
        return "pace-over"
    return "pace-high" if one.stretch > sync.NATURAL else "pace-some" if one.stretch > 1.005 else "pace-none"


def _speakers(facts: ReportFacts) -> list[str]:
    return list(dict.fromkeys(line.speaker for line in facts.lines))


def _name(facts: ReportFacts, speaker: str) -> str:
    return dict(facts.names).get(speaker, speaker) or "unknown"


def _counts(facts: ReportFacts) -> list[tuple[str, int]]:
    found: Counter[str] = Counter(one.origin if one.status != "missing" else "source" for one in facts.renderings)
    return [(name, found[name]) for name in ORIGINS]


def _sorted(findings: Sequence[Finding]) -> list[Finding]:
    return sorted(findings, key=lambda one: SEVERITIES.index(one.severity))


def _clock(at: int) -> str:
    """Minutes and seconds with tenths, the way an editor says it."""
    return clock(at, comma=False)[3:-2] if at < 3_600_000 else clock(at, comma=False)[:-2]


def _signed(value: float) -> str:
    return f"{value:.1f}".replace("-", "−")


def _megabytes(size: int) -> str:
    return f"{size / 1e6:.1f} MB" if size >= 1e5 else f"{max(1, round(size / 1e3))} kB"
