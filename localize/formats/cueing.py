"""When cues come and go: chained to speech, to cuts and to each other.

All distances are in frames of the picture, after the Netflix subtitle timing guidelines; a cue's first frame
is in, its last is out.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import pairwise

from localize.formats.rows import Cues, Limits, ends_sentence, length, split, straddles
from localize.market import SubtitleLimits
from localize.timing import Span, frame_start, span

LINGER = 500  # ms a cue may stay after its speech ends
CHAIN = 12  # frames at 24–25 fps (half a second): a shorter gap between cues is closed
SNAP = 7  # frames: an in-time this close before a cut moves onto it
AHEAD = 12  # frames: an in-time 8–11 frames before a cut moves here instead
EARLY = 3  # frames: an in-time this close after a cut moves onto it
OUT = 2  # frames between an out-time and the cut after it, and between two cues at least
SHARED = 0.4  # of the shorter line: two people talking at once this long get one cue with dashes


@dataclass(frozen=True, slots=True)
class Said:
    """A line's subtitle text and when it is spoken.  ``style`` is ``""`` or ``"italic"``."""

    line: str
    span: Span
    text: str
    speaker: str = ""
    style: str = ""


@dataclass(frozen=True, slots=True)
class Draft:
    """A cue in the making: frames ``start``–``end``, the frame speech ends at, and what it shows."""

    start: int
    end: int
    speech: int
    rows: tuple[str, ...]
    lines: tuple[str, ...]
    style: str = ""

    @property
    def chars(self) -> int:
        return sum(map(length, self.rows)) + len(self.rows) - 1


@dataclass(frozen=True, slots=True)
class Pace:
    """A market's timing in frames of one picture."""

    rate: Fraction
    shortest: int
    longest: int
    gap: int
    linger: int
    chars_per_second: float
    last: int

    @staticmethod
    def of(limits: SubtitleLimits, rate: Fraction, duration: int) -> Pace:
        """``duration`` in ms; no cue outlasts the picture."""
        frames = Fraction(rate, 1000)
        return Pace(
            rate, -int(-limits.shortest * frames // 1), int(limits.longest * frames),
            max(OUT, int(limits.gap * frames)), int(LINGER * frames), limits.chars_per_second, int(duration *
            frames),
        )  # fmt: skip

    def frame(self, at: int) -> int:
        return round(at * self.rate / 1000)

    def reading(self, chars: int) -> int:
        """Frames it takes to read so many characters."""
        return -int(-chars * self.rate // Fraction(self.chars_per_second))

    def span(self, draft: Draft) -> Span:
        return span(frame_start(draft.start, self.rate), frame_start(draft.end, self.rate))


def cue(
    said: Sequence[Said], rows: Limits, limits: SubtitleLimits, pace: Pace, cuts: Sequence[int]
) -> tuple[Draft, ...]:
    """Cues for every line of ``said``; ``cuts`` are the first frames of shots.  No two cues overlap."""
    whole = _apart(_together(sorted(said, key=lambda one: (one.span, one.line)), rows, limits, pace), pace)
    free = [*(min(one.end + pace.linger, after.start - pace.gap) for one, after in pairwise(whole)), pace.last]
    drafts = _in_turn(
        [part for one, until in zip(whole, free, strict=False) for part in _parts(one, until, rows, pace)], pace
    )
    drafts = _each(drafts, pace, lambda one, before, after: _readable(one, after, pace))
    drafts = _each(drafts, pace, lambda one, before, after: _in_at_cut(one, before, cuts, pace))
    drafts = _each(drafts, pace, lambda one, before, after: _out_at_cut(one, after, cuts, pace))
    return tuple(_each(drafts, pace, lambda one, before, after: _chained(one, after, cuts, pace)))


def _each(drafts: Sequence[Draft], pace: Pace, change: Callable[[Draft, int, int], Draft]) -> list[Draft]:
    """``change(cue, first frame it may start at, last frame it may end at)`` for every cue, in order."""
    done: list[Draft] = []
    for number, one in enumerate(drafts):
        before = done[-1].end + pace.gap if done else 0
        after = drafts[number + 1].start - pace.gap if number + 1 < len(drafts) else pace.last
        done.append(change(one, before, after))
    return done


# ── who shares a cue, who gives way ──────────────────────────────────────────────────────────────────────
def _together(said: Sequence[Said], rows: Limits, limits: SubtitleLimits, pace: Pace) -> list[Draft | Said]:
    """Two people at once become one cue with dashes when each fits a row."""
    found: list[Draft | Said] = []
    for one in said:
        last = found[-1] if found else None
        if isinstance(last, Said) and _at_once(last, one):
            both = tuple(split(f"{limits.dash}{each.text}", replace(rows, rows=1)) for each in (last, one))
            if all(len(parts) == 1 for parts in both):
                found[-1] = Draft(
                    pace.frame(last.span.start), pace.frame(max(last.span.end, one.span.end)),
                    pace.frame(max(last.span.end, one.span.end)), (both[0][0][0], both[1][0][0]),
                    (last.line, one.line), last.style if last.style == one.style else "",
                )  # fmt: skip
                continue
        found.append(one)
    return found


def _at_once(one: Said, other: Said) -> bool:
    shorter = min(one.span.length, other.span.length)
    return one.speaker != other.speaker and one.span.overlap(other.span) >= SHARED * shorter


def _apart(found: Sequence[Draft | Said], pace: Pace) -> list[Draft]:
    """Lines as one-cue drafts that do not overlap; of two that did, the earlier gives way to the later."""
    drafts: list[Draft] = []
    for one in found:
        new = _whole(one, pace) if isinstance(one, Said) else one
        if drafts and drafts[-1].end + pace.gap > new.start:
            drafts[-1], new = _parted(drafts[-1], new, pace)
        drafts.append(new)
    return drafts


def _whole(one: Said, pace: Pace) -> Draft:
    start, end = pace.frame(one.span.start), pace.frame(one.span.end)
    return Draft(start, max(end, start + 1), end, (one.text,), (one.line,), one.style)


def _parted(last: Draft, new: Draft, pace: Pace) -> tuple[Draft, Draft]:
    """Part two overlapping cues where the second begins, or, if that leaves too little, by their lengths."""
    at = new.start
    if at - pace.gap - last.start < pace.shortest:
        end = max(last.end, new.end, last.start + 2 * (pace.gap + 1))
        share = Fraction(last.chars, max(1, last.chars + new.chars))
        at = max(at, last.start + int((end - last.start) * share), last.start + pace.gap + 1)
    first = replace(last, end=max(last.start + 1, at - pace.gap), speech=min(last.speech, at))
    return first, replace(new, start=max(at, first.end + pace.gap), end=max(new.end, at + 1, first.end + pace.gap + 1))


# ── a line in parts ──────────────────────────────────────────────────────────────────────────────────────
def _parts(one: Draft, until: int, rows: Limits, pace: Pace) -> list[Draft]:
    """A long line as several cues, its time shared out by characters; none is seen after frame ``until``."""
    if len(one.rows) > 1:
        return [one]
    laid = _laid(one, until, rows, pace)
    ends, parts, start = _ends(one, laid, until, pace), [], one.start
    for number, (part, end) in enumerate(zip(laid, ends, strict=True)):
        out = end if number == len(laid) - 1 else max(start + 1, end - pace.gap)
        parts.append(replace(one, rows=part, start=start, end=max(out, start + 1), speech=max(end, start + 1)))
        start = max(end, out + pace.gap)
    return parts


def _laid(one: Draft, until: int, rows: Limits, pace: Pace) -> Cues:
    """The rows of a line's cues; one cue more where a row would begin a sentence it cannot hold and time allows."""
    text, least = one.rows[0], -(-(one.end - one.start) // pace.longest)
    laid = split(text, rows, least)
    if "\n" in text or not any(straddles(part, rows.language) for part in laid):
        return laid
    more = split(text, rows, len(laid) + 1)
    whole = all(ends_sentence(part[-1].rsplit(" ", 1)[-1], rows.language) for part in more[:-1])
    whole = whole and not any(straddles(part, rows.language) for part in more)
    return more if whole and one.start + sum(_needed(more, pace)) <= until else laid


def _needed(laid: Cues, pace: Pace) -> list[int]:
    """Frames from one part's first to the next one's, so that each can be read."""
    seen = [max(pace.shortest, pace.reading(sum(map(length, part)) + len(part) - 1)) for part in laid]
    return [*(frames + pace.gap for frames in seen[:-1]), seen[-1]]


def _ends(one: Draft, laid: Cues, until: int, pace: Pace) -> list[int]:
    """The frames the parts of a line end at: by characters, and so that each can be read where time allows."""
    total, needed = sum(length(" ".join(part)) for part in laid), _needed(laid, pace)
    enough = one.start + sum(needed) <= until
    done, ends = 0, list[int]()
    for number, part in enumerate(laid[:-1]):
        done += length(" ".join(part))
        end = one.start + (one.end - one.start) * done // total
        if enough:
            low = (ends[-1] if ends else one.start) + needed[number]
            end = min(max(end, low), until - sum(needed[number + 1 :]))
        ends.append(end)
    return [*ends, max(one.end, ends[-1] + 1 if ends else one.start + 1)]


def _in_turn(drafts: Sequence[Draft], pace: Pace) -> list[Draft]:
    """Text crammed into a few frames pushes what follows on; elsewhere this changes nothing."""
    done: list[Draft] = []
    for one in drafts:
        start = max(one.start, done[-1].end + pace.gap) if done else one.start
        done.append(replace(one, start=start, end=max(one.end, start + 1)))
    return done


# ── in and out ───────────────────────────────────────────────────────────────────────────────────────────
def _readable(one: Draft, after: int, pace: Pace) -> Draft:
    """Let a cue stay until it can be read: half a second after speech at most, but for the shortest time."""
    wanted = max(one.end, min(one.start + pace.reading(one.chars), one.speech + pace.linger), one.start + pace.shortest)
    return replace(one, end=max(one.start + 1, min(wanted, after, one.start + pace.longest)))


def _in_at_cut(one: Draft, before: int, cuts: Sequence[int], pace: Pace) -> Draft:
    for cut in cuts:
        ahead = cut - one.start
        if -EARLY <= ahead <= SNAP:
            start = cut
        elif SNAP < ahead < AHEAD:
            start = cut - AHEAD
        else:
            continue
        if before <= start <= one.end - pace.shortest:
            return replace(one, start=start)
    return one


def _out_at_cut(one: Draft, after: int, cuts: Sequence[int], pace: Pace) -> Draft:
    for cut in cuts:
        end = cut - OUT
        near = -AHEAD <= one.end - cut <= SNAP and one.speech - SNAP <= end
        free = end <= min(after, one.speech + pace.linger)
        long_enough = max(pace.shortest, min(pace.reading(one.chars), one.end - one.start))
        if near and free and end - one.start >= long_enough:
            return replace(one, end=end)
    return one


def _chained(one: Draft, after: int, cuts: Sequence[int], pace: Pace) -> Draft:
    """Close a short gap to the next cue, unless a cut lies in it."""
    gap = after - one.end
    over_cut = any(one.end < cut <= after for cut in cuts)
    if 0 < gap + pace.gap < CHAIN * pace.rate / 25 and not over_cut and after - one.start <= pace.longest:
        return replace(one, end=after)
    return one
