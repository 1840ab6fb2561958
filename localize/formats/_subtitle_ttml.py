"""Timed Text (TTML 1 and 2, its DFXP drafts, IMSC, EBU-TT), read for its words and times.

The parser streams, resolves nothing and takes no document type: a subtitle file has none, and entities are how XML
files attack their readers.
"""

from __future__ import annotations

import re
import xml.parsers.expat as expat
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import groupby

from localize.episode import LineKind
from localize.errors import InputError
from localize.formats._subtitle_events import LONGEST_RAW, SOUND, Event, plain

_DEEPEST = 60
_AGENTS, _LONGEST_NAME = 500, 60
_SILENT = ("head", "metadata", "rt", "rp", "script", "style", "agent", "desc", "title", "copyright")
_SOUNDS = ("sound", "music", "quality", "kinesic", "action", "source", "description")
"""Values of ``ttm:role`` (TTML 2, 12.2.2) for what nobody says."""
_KINDS: Mapping[str, LineKind] = {"narration": "narration", "thought": "thought", "lyrics": "song"}
_CLOCK = re.compile(r"(\d{1,3}):(\d{2}):(\d{2})(?:(\.\d{1,9})|:(\d{1,3})(?:\.(\d{1,3}))?)?$")
_OFFSET = re.compile(r"(\d{1,12}(?:\.\d{1,9})?)(h|ms|m|s|f|t)$")
_UNITS = {"h": Fraction(3_600_000), "m": Fraction(60_000), "s": Fraction(1000), "ms": Fraction(1)}
_FIX = "open the file in a subtitle editor and save it again as SubRip (.srt, UTF-8)"


@dataclass(slots=True)
class _Element:
    """An open element: when it begins and ends (None: not before its parent), in exact milliseconds."""

    name: str
    line: int
    begin: Fraction
    end: Fraction | None
    timed: bool
    seq: bool
    silent: bool
    cursor: Fraction
    text: list[tuple[str, str]] = field(default_factory=list)
    size: int = 0
    agent: str = ""
    role: str = ""


@dataclass(frozen=True, slots=True)
class _Clock:
    """How a document counts: frames and ticks per second, subframes per frame."""

    rate: Fraction = Fraction(30)
    ticks: Fraction = Fraction(1)
    sub: int = 1

    @staticmethod
    def of(attributes: Mapping[str, str]) -> _Clock:
        told = {name.rsplit(" ", 1)[-1]: value for name, value in attributes.items()}
        up, down = re.split(r"[ :]+", told.get("frameRateMultiplier", "1 1").strip())
        rate, sub = _whole(told.get("frameRate", "30")), _whole(told.get("subFrameRate", "1"))
        exact = Fraction(rate * _whole(up), _whole(down))
        usual = exact * sub if "frameRate" in told else Fraction(1)
        ticks = Fraction(_whole(told["tickRate"])) if "tickRate" in told else usual
        if not (1 <= exact <= 1000 and ticks > 0 and sub > 0):
            raise ValueError("frame or tick rate out of range")
        return _Clock(exact, ticks, sub)

    def ms(self, text: str) -> Fraction:
        """A time expression in milliseconds.  Raises ``ValueError`` on anything else."""
        found = _CLOCK.match(text.strip())
        if found:
            whole = (int(found[1]) * 60 + int(found[2])) * 60 + int(found[3])
            frames = Fraction(int(found[5] or 0)) + Fraction(int(found[6] or 0), self.sub)
            return 1000 * (whole + Fraction(found[4] or 0) + frames / self.rate)
        offset = _OFFSET.match(text.strip())
        if offset is None:
            raise ValueError(f"not a time: {text[:30]!r}")
        units = _UNITS | {"f": 1000 / self.rate, "t": 1000 / self.ticks}
        return Fraction(offset[1]) * units[offset[2]]


def _whole(text: str) -> int:
    if re.fullmatch(r"\d{1,12}", text) is None:
        raise ValueError(f"not a rate: {text[:30]!r}")
    return int(text)


class _Reader:
    """Handlers of the parser; events gather in ``found``."""

    def __init__(self, where: str) -> None:
        self.where, self.found, self.clock = where, list[Event](), _Clock()
        self.open: list[_Element] = []
        self.agents: dict[str, str] = {}
        self.agent = ""
        self.parser = expat.ParserCreate("utf-8", " ")
        self.parser.buffer_text = True
        self.parser.StartElementHandler = self.start
        self.parser.EndElementHandler = self.stop
        self.parser.CharacterDataHandler = self.said
        self.parser.StartDoctypeDeclHandler = self.doctype

    def refuse(self, what: str, fix: str = _FIX) -> InputError:
        return InputError(what, f"{self.where}, line {self.parser.CurrentLineNumber}", fix)

    def doctype(self, *_: object) -> None:
        raise self.refuse("declares a document type; subtitle files have none", "delete the <!DOCTYPE …> declaration")

    def start(self, name: str, attributes: dict[str, str]) -> None:
        local = name.rsplit(" ", 1)[-1]
        if local == "agent":
            self.agent = _attribute(attributes, "id")
        if len(self.open) >= _DEEPEST:
            raise self.refuse(f"elements nested more than {_DEEPEST} deep")
        try:
            if not self.open:
                if local != "tt":
                    raise self.refuse(f"the root element is <{local[:30]}>, not <tt>: no subtitle file")
                self.clock = _Clock.of(attributes)
            self.open.append(self._element(local, attributes))
        except (ValueError, ZeroDivisionError) as error:
            raise self.refuse(str(error)) from error
        if local == "br":
            self.said("\n", kept=True)

    def _element(self, name: str, attributes: Mapping[str, str]) -> _Element:
        above = self.open[-1] if self.open else None
        anchor = Fraction(0) if above is None else above.cursor if above.seq else above.begin
        times = {key: self.clock.ms(attributes[key]) for key in ("begin", "end", "dur") if key in attributes}
        begin = anchor + times.get("begin", Fraction(0))
        ends = [anchor + times["end"]] if "end" in times else []
        ends += [begin + times["dur"]] if "dur" in times else []
        ends += [above.end] if above is not None and above.end is not None else []
        ruby = any(key.endswith(" ruby") and value.startswith("text") for key, value in attributes.items())
        return _Element(
            name, self.parser.CurrentLineNumber, begin, min(ends, default=None), bool(times),
            attributes.get("timeContainer") == "seq", ruby or name in _SILENT or bool(above and above.silent), begin,
            agent=_attribute(attributes, "agent") or (above.agent if above else ""),
            role=_attribute(attributes, "role") or (above.role if above else ""),
        )  # fmt: skip

    def said(self, text: str, kept: bool = False) -> None:
        """Text goes to the nearest paragraph, or to a span with times of its own."""
        if self.open and self.open[-1].name == "name" and self.agent and text.strip():
            known = self.agents.get(self.agent, "")
            if len(self.agents) < _AGENTS and len(known) < _LONGEST_NAME:
                self.agents[self.agent] = known or " ".join(text[:_LONGEST_NAME].split())
        if not self.open or self.open[-1].silent:
            return
        holder = next((one for one in reversed(self.open) if _holds(one)), None)
        if holder is not None:
            holder.size += len(text)
            if holder.size > LONGEST_RAW:
                raise self.refuse(f"one subtitle of more than {LONGEST_RAW:,} characters")
            holder.text.append((self.open[-1].agent, text if kept else re.sub(r"\s+", " ", text)))

    def stop(self, name: str) -> None:
        done = self.open.pop()
        self.agent = "" if done.name == "agent" else self.agent
        if self.open and self.open[-1].seq:
            self.open[-1].cursor = done.begin if done.end is None else done.end
        text = "".join(words for _, words in done.text)
        if not _holds(done) or not text.strip():
            return
        if not done.timed and not any(one.timed for one in self.open):
            raise InputError("a paragraph without times", f"{self.where}, line {done.line}", "give it begin and end")
        end = done.begin if done.end is None else done.end
        self.found.append(self._event(done, round(done.begin), round(end)))

    def _event(self, done: _Element, start: int, end: int) -> Event:
        """By the agents that say it; what is marked as a sound is none that anybody says."""
        parts = [(agent, "".join(words for _, words in own)) for agent, own in groupby(done.text, lambda one: one[0])]
        said = tuple((self._called(agent), text) for agent, words in parts if (text := plain(_escaped(words))))
        role = next((one for one in done.role.split() if one in _SOUNDS or one in _KINDS), "")
        return Event(
            done.line, start, end, "\n".join(text for _, text in said) if len({who for who, _ in said}) > 1
            else plain(_escaped("".join(words for _, words in done.text))),
            left=SOUND if role in _SOUNDS else "", voices=said if any(who for who, _ in said) else (),
            kind=_KINDS.get(role, ""),
        )  # fmt: skip

    def _called(self, agents: str) -> str:
        """The name of the one agent; that of an id nobody explained is the id."""
        one = agents.split()
        return self.agents.get(one[0], one[0]) if len(one) == 1 else ""


def _escaped(text: str) -> str:
    return text.replace("<", "&lt;").replace("{", "&#123;")


def _attribute(attributes: Mapping[str, str], name: str) -> str:
    """An attribute of whatever namespace: ``ttm:agent``, ``xml:id``."""
    return next((value.strip() for key, value in attributes.items() if key.rsplit(" ", 1)[-1] == name), "")


def _holds(one: _Element) -> bool:
    return one.name == "p" or (one.name == "span" and one.timed)


def timed_text(text: str, where: str) -> Iterator[Event]:
    """Every paragraph or timed span with text.  Raises ``InputError`` with its line for what is no TTML."""
    reader = _Reader(where)
    data = text.lstrip().encode()
    for at in range(0, max(1, len(data)), 1 << 16):
        try:
            reader.parser.Parse(data[at : at + (1 << 16)], at + (1 << 16) >= len(data))
        except expat.ExpatError as error:
            raise reader.refuse(f"not well-formed XML: {expat.ErrorString(error.code)}") from error
        yield from reader.found
        reader.found.clear()
