"""One unit of time: whole milliseconds from the start of the episode."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import NewType

from localize.errors import InputError

Ms = NewType("Ms", int)
"""Whole milliseconds from the start of the episode."""


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A stretch of time: ``start`` is in, ``end`` is out.  Never empty, never negative."""

    start: Ms
    end: Ms

    def __post_init__(self) -> None:
        if self.start < 0 or self.end <= self.start:
            raise InputError(f"a span must start at 0 or later and end after its start, not {self.start}–{self.end} ms")

    @property
    def length(self) -> Ms:
        return Ms(self.end - self.start)

    def overlap(self, other: Span) -> Ms:
        """Milliseconds both spans share; 0 when they do not meet."""
        return Ms(max(0, min(self.end, other.end) - max(self.start, other.start)))

    def __contains__(self, at: object) -> bool:
        return isinstance(at, int) and self.start <= at < self.end


def span(start: int, end: int) -> Span:
    """Shorthand for ``Span(Ms(start), Ms(end))``."""
    return Span(Ms(start), Ms(end))


def frame_at(at: int, rate: Fraction) -> int:
    """The number of the frame on screen at ``at`` ms."""
    return int(Fraction(at, 1000) * rate)


def frame_start(number: int, rate: Fraction) -> Ms:
    """When frame ``number`` appears, rounded to the nearest millisecond."""
    return Ms(round(Fraction(number * 1000) / rate))


def clock(at: int, comma: bool = True) -> str:
    """``3_723_004`` → ``"01:02:03,004"`` (a dot instead of the comma when ``comma`` is false)."""
    hours, rest = divmod(at, 3_600_000)
    minutes, rest = divmod(rest, 60_000)
    seconds, ms = divmod(rest, 1000)
    return f"{hours:02}:{minutes:02}:{seconds:02}{',' if comma else '.'}{ms:03}"


def parse_clock(text: str) -> Ms:
    """``"01:02:03,004"``, ``"02:03.4"`` or ``"3.5"`` → milliseconds.  Raises ``InputError`` on anything else."""
    try:
        *high, low = text.strip().replace(",", ".").split(":")
        seconds = Fraction(low)
        for power, part in enumerate(reversed(high), start=1):
            seconds += int(part) * 60**power
    except (ValueError, ZeroDivisionError):
        raise InputError(f"not a time: {text!r}", fix="write times as 00:01:02,345") from None
    if seconds < 0:
        raise InputError(f"a time cannot be negative: {text!r}")
    return Ms(round(seconds * 1000))
