"""The drawings of a report as SVG text.  Colours come from the page's style sheet by class."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape

AXIS, LANE = 22, 46
"""Pixels: height of the time axis, and of one speaker's lane.  The page lines its labels up with them."""


@dataclass(frozen=True, slots=True)
class Bar:
    """A stretch of time, in ms, drawn with class ``kind``; ``tip`` is read aloud, ``link`` an anchor."""

    start: int
    end: int
    kind: str
    tip: str
    link: str = ""


@dataclass(frozen=True, slots=True)
class Lane:
    """One speaker: the original above, the dub below."""

    name: str
    source: tuple[Bar, ...]
    dub: tuple[Bar, ...]


def timeline(lanes: Sequence[Lane], length: int, title: str) -> str:
    """Lanes of speech over ``length`` ms, at least 14 pixels a second so that short lines stay visible."""
    width = max(960, math.ceil(length / 1000 * 14))
    height = AXIS + LANE * len(lanes)
    body = list(_ticks(length, width, height))
    for number, lane in enumerate(lanes):
        top = AXIS + number * LANE
        body.append(f'<line class="rule" x1="0" x2="{width}" y1="{top}" y2="{top}"/>')
        body += [_bar(bar, length, width, top + 7, 12) for bar in lane.source]
        body += [_bar(bar, length, width, top + 23, 16) for bar in lane.dub]
    return _svg(width, height, title, body, fixed=True)


def _ticks(length: int, width: int, height: int) -> Iterator[str]:
    step = next((s for s in (1, 2, 5, 10, 15, 30, 60, 120) if width * s * 1000 / max(length, 1) >= 56), 300)
    for second in range(0, math.floor(length / 1000) + 1, step):
        x = second * 1000 / max(length, 1) * width
        yield f'<line class="grid" x1="{x:.1f}" x2="{x:.1f}" y1="{AXIS - 6}" y2="{height}"/>'
        yield f'<text class="tick" x="{x + 3:.1f}" y="{AXIS - 9}">{second // 60}:{second % 60:02}</text>'


def _bar(bar: Bar, length: int, width: int, top: int, height: int) -> str:
    left = bar.start / max(length, 1) * width
    wide = max(2.0, (bar.end - bar.start) / max(length, 1) * width)
    place = f'x="{left:.1f}" y="{top}" width="{wide:.1f}" height="{height}" rx="3"'
    shape = f'<rect class="{escape(bar.kind)}" {place}><title>{escape(bar.tip)}</title></rect>'
    if not bar.link:
        return shape
    return f'<a href="#{escape(bar.link)}" aria-label="{escape(bar.tip)}">{shape}</a>'


def curve(values: Sequence[float], step: int, target: float, title: str, floor: float = -40.0) -> str:
    """Short-term loudness in LUFS, one value every ``step`` ms, and the target; gaps where it is silent."""
    width, height, left, top = 860, 190, 40, 10
    high = 0.0

    def y(value: float) -> float:
        return top + (high - max(floor, min(high, value))) / (high - floor) * (height - top - 22)

    total = max(1, (len(values) - 1) * step)
    points = [(left + n * step / total * (width - left - 20), value) for n, value in enumerate(values)]
    body = [
        f'<line class="grid" x1="{left}" x2="{width}" y1="{y(mark):.1f}" y2="{y(mark):.1f}"/>'
        f'<text class="tick" x="{left - 6}" y="{y(mark) + 4:.1f}" text-anchor="end">{mark:.0f}</text>'
        for mark in range(int(floor), 1, 10)
    ]
    body += list(_seconds(total, left, width, height))
    band = y(target - 0.5) - y(target + 0.5)
    place = f'x="{left}" y="{y(target + 0.5):.1f}" width="{width - left}" height="{band:.1f}"'
    body.append(f'<rect class="band" {place}/>')
    body.append(f'<line class="target" x1="{left}" x2="{width}" y1="{y(target):.1f}" y2="{y(target):.1f}"/>')
    for run in _runs(points, floor):
        line = " ".join(f"{x:.1f},{y(value):.1f}" for x, value in run)
        first, last = (f"{run[end][0]:.1f},{y(floor):.1f}" for end in (0, -1))
        body.append(f'<polygon class="fill" points="{first} {line} {last}"/>')
        body.append(f'<polyline class="curve" points="{line}"/>')
    return _svg(width, height, title, body)


def _seconds(total: int, left: int, width: int, height: int) -> Iterator[str]:
    step = next((s for s in (5, 10, 15, 30, 60, 120) if total / 1000 / s <= 10), 300)
    for second in range(0, total // 1000 + 1, step):
        x = left + second * 1000 / total * (width - left - 20)
        label = f"{second // 60}:{second % 60:02}"
        yield f'<text class="tick" x="{x:.1f}" y="{height - 5}" text-anchor="middle">{label}</text>'


def _runs(points: Sequence[tuple[float, float]], floor: float) -> Iterator[list[tuple[float, float]]]:
    run: list[tuple[float, float]] = []
    for point in points:
        if point[1] > floor - 20:
            run.append(point)
        elif run:
            yield run
            run = []
    if run:
        yield run


def shares(parts: Sequence[tuple[str, int, str]], title: str) -> str:
    """One bar cut into parts: (name, count, class), empty ones left out."""
    total = sum(count for _, count, _ in parts)
    width, height, left, body = 860.0, 30, 0.0, []
    for name, count, kind in parts:
        wide = width * count / total if total else 0.0
        if not count:
            continue
        place = f'x="{left:.1f}" y="0" width="{max(1.0, wide - 2):.1f}" height="{height}" rx="4"'
        tip = f"<title>{escape(name)}: {count} of {total}</title>"
        body.append(f'<rect class="{escape(kind)}" {place}>{tip}</rect>')
        left += wide
    return _svg(int(width), height, title, body)


def _svg(width: int, height: int, title: str, body: Sequence[str], fixed: bool = False) -> str:
    size = f'width="{width}" height="{height}"' if fixed else 'width="100%"'
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" {size} role="img" '
        f'aria-label="{escape(title)}">{"".join(body)}</svg>'
    )
