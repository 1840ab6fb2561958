"""Subtitles that begin and end together: rows of one subtitle that a program wrote apart, or two people in turn."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from localize.episode import Line
from localize.timing import Ms, Span


def in_turn(lines: Sequence[Line]) -> tuple[list[Line], int]:
    """Lines of exactly the same time one after the other, by how much they say; and how many there were.

    No dub could speak two at once, and a person who wants that sets the times by hand.  Songs keep their time, and so
    do lines too short to be divided.
    """
    stacks: dict[Span, list[int]] = {}
    for number, line in enumerate(lines):
        if line.kind != "song":
            stacks.setdefault(line.span, []).append(number)
    found, moved = list(lines), 0
    for span, numbers in stacks.items():
        if len(numbers) < 2 or span.length < 2 * len(numbers):
            continue
        moved += len(numbers)
        sizes = [max(1, sum(char.isalnum() for char in lines[number].text)) for number in numbers]
        at, said = int(span.start), 0
        for place, (number, size) in enumerate(zip(numbers, sizes, strict=True), start=1):
            said += size
            last = span.end - (len(numbers) - place)
            end = max(at + 1, min(last, span.start + span.length * said // sum(sizes)))
            found[number] = replace(lines[number], span=Span(Ms(at), Ms(end)), words=())
            at = end
    return found, moved
