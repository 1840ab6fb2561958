"""What imperfect senses make of an episode whose truth is known: a recogniser's errors and a caption reader's.

Everything follows from one seed.  The rates are stated, not measured on any engine; ``HEARING`` is what a middling
recogniser does to a drama with music, ``READING`` a good caption reader on a show that leaves some lines uncaptioned.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from typing import Any

import numpy as np

from localize.episode import Word
from localize.timing import Ms, Span

VOWELS = set("aeiouyɑɐəɛɔɤɨɪʊœɚ")
INVENTED = ("请不吝点赞订阅转发", "字幕由志愿者提供", "谢谢大家观看", "优优独播剧场")
"""Phrases recognisers are known to make up over music."""


@dataclass(frozen=True, slots=True)
class Utterance:
    """A line as it was really said: its text, its time in ms, and when each of its Chinese characters sounds."""

    text: str
    span: Span
    characters: tuple[tuple[str, Span], ...]
    kind: str = "speech"
    speaker: str = ""


@dataclass(frozen=True, slots=True)
class Hearing:
    """Error rates of a recogniser: per character, per line, and σ of its word times in ms.

    ``joined`` is how often two lines less than 800 ms apart come as one segment.  A right character scores 0.7–1, a
    wrong one 0.3–0.9, an invented line 0.2–0.7: engines' scores are only loosely related to the truth.
    """

    homophone: float = 0.08
    deletion: float = 0.05
    insertion: float = 0.03
    missed: float = 0.15
    invented: float = 0.10
    joined: float = 0.30
    jitter: float = 80.0


@dataclass(frozen=True, slots=True)
class Reading:
    """Error rates of captions and their reader: misread characters, lines without a caption, captions without speech.

    ``lead`` and ``hold`` are mean and σ in ms of how a caption's start and end differ from the speech.
    """

    misread: float = 0.015
    uncaptioned: float = 0.08
    silent: float = 0.08
    lead: tuple[float, float] = (0.0, 0.0)
    hold: tuple[float, float] = (160.0, 0.0)


LOOSE = Reading(lead=(-60.0, 180.0), hold=(200.0, 250.0))
"""Captions set by hand: they come up to half a second early or late and stay beyond the words."""


@dataclass(frozen=True, slots=True)
class Shown:
    """A caption as it was read; ``score`` is what the reader says of itself, ``spoken`` whether anybody says it."""

    text: str
    span: Span
    score: float
    spoken: bool = True


def utterance(line: Mapping[str, Any]) -> Utterance:
    """A line of a ``truth.json`` with the time of each character, from the vowels of its phonemes."""
    text, start, end = line["text"], line["start"], line["end"]
    phonemes = [(one["start"], one["end"], one["ipa"]) for one in line["phonemes"]]
    said = [c for c in text if "\u3400" <= c <= "\u9fff"]
    vowels = [(a, b) for a, b, ipa in phonemes if VOWELS & set(ipa)]
    if len(vowels) != len(said):
        edges = [start + (end - start) * i // max(len(said), 1) for i in range(len(said) + 1)]
    else:
        consonants = [next((a for a, b, _ in phonemes if b == low), low) for low, _ in vowels]
        edges = [start, *consonants[1:], end]
    times = [Span(Ms(a), Ms(max(b, a + 1))) for a, b in pairwise(edges)]
    return Utterance(
        text, Span(Ms(start), Ms(end)), tuple(zip(said, times, strict=True)), line["kind"], line["speaker"]
    )


@cache
def _by_sound() -> dict[str, str]:
    """The 3 755 commonest characters (first plane of GB 2312) by pinyin without tone."""
    from pypinyin import lazy_pinyin

    found: dict[str, str] = {}
    for row in range(0xB0, 0xD8):
        for cell in range(0xA1, 0xFF):
            try:
                char = bytes((row, cell)).decode("gb2312")
            except UnicodeDecodeError:
                continue
            sound = lazy_pinyin(char)[0]
            found[sound] = found.get(sound, "") + char
    return found


def _other(rng: np.random.Generator, char: str, alike: bool) -> str:
    """Another character, of the same sound or of any."""
    from pypinyin import lazy_pinyin

    table = _by_sound()
    pool = table.get(lazy_pinyin(char)[0], "") if alike else "".join(table.values())
    pool = pool.replace(char, "")
    return pool[int(rng.integers(len(pool)))] if pool else char


def recognised(said: Sequence[Utterance], length: int, rates: Hearing, seed: int) -> list[tuple[Word, ...]]:
    """Segments of words, in time order, as a recogniser with these errors would give them."""
    rng = np.random.default_rng([seed, 1])
    segments: list[list[Word]] = []
    for line in said:
        if rng.random() < rates.missed:
            continue
        words = list(_words(line, length, rates, rng))
        near = bool(segments) and words and words[0].span.start - segments[-1][-1].span.end < 800
        if near and rng.random() < rates.joined:
            segments[-1] += words
        elif words:
            segments.append(words)
    segments += _made_up(said, length, rates, rng)
    return [tuple(words) for words in sorted(segments, key=lambda words: words[0].span)]


def nonsense(segments: Sequence[Sequence[Word]], seed: int) -> list[tuple[Word, ...]]:
    """The same segments as an untrained model fills them: any characters, hardly believed, times σ 400 ms off."""
    rng = np.random.default_rng([seed, 5])

    def spoilt(one: Word, by: int) -> Word:
        start = max(0, one.span.start + by)
        return Word(_other(rng, one.text, False), Span(Ms(start), Ms(start + one.span.length)), 0.007)

    shifts = [round(float(rng.normal(0.0, 400.0))) for _ in segments]
    found = [tuple(spoilt(one, by) for one in words) for words, by in zip(segments, shifts, strict=True)]
    return sorted(found, key=lambda words: words[0].span)


def _words(line: Utterance, length: int, rates: Hearing, rng: np.random.Generator) -> Iterator[Word]:
    def score(low: float, high: float) -> float:
        return round(float(rng.uniform(low, high)), 3)

    edges = np.array([line.characters[0][1].start, *(span.end for _, span in line.characters)], float)
    edges = np.maximum.accumulate(edges + rng.normal(0.0, rates.jitter, len(edges)))
    for place, (char, _) in enumerate(line.characters):
        start, end = max(0, round(edges[place])), min(round(edges[place + 1]), length)
        if rng.random() < rates.deletion or end <= start:
            continue
        wrong = bool(rng.random() < rates.homophone)
        text = _other(rng, char, True) if wrong else char
        extra = bool(rng.random() < rates.insertion) and end - start > 1
        until = (start + end) // 2 if extra else end
        yield Word(text, Span(Ms(start), Ms(until)), score(0.3, 0.9) if wrong else score(0.7, 1.0))
        if extra:
            yield Word(_other(rng, char, False), Span(Ms(until), Ms(end)), score(0.3, 0.9))


def _made_up(said: Sequence[Utterance], length: int, rates: Hearing, rng: np.random.Generator) -> list[list[Word]]:
    """Invented lines in the longest pauses."""
    edges = [0, *(edge for line in said for edge in (line.span.start, line.span.end)), length]
    gaps = sorted(zip(edges[::2], edges[1::2], strict=True), key=lambda gap: gap[0] - gap[1])
    made = []
    for start, end in gaps[: round(rates.invented * len(said))]:
        text = INVENTED[int(rng.integers(len(INVENTED)))]
        step = min(max(end - start, 200) / len(text), 200)
        at = [Ms(min(round(start + i * step), length - len(text) + i)) for i in range(len(text) + 1)]
        made.append([Word(c, Span(at[i], Ms(max(at[i + 1], at[i] + 1))), round(float(rng.uniform(0.2, 0.7)), 3))
                     for i, c in enumerate(text)])  # fmt: skip
    return made


def read(said: Sequence[Utterance], length: int, rates: Reading, seed: int) -> list[Shown]:
    """Captions in time order as they would be read; those nobody says lie in the longest pauses."""
    rng = np.random.default_rng([seed, 2])
    shown: list[Shown] = []
    for line in said:
        if rng.random() < rates.uncaptioned:
            continue
        wrong = rng.random(len(line.text)) < rates.misread
        pairs = zip(line.text, wrong, strict=True)
        text = "".join(_other(rng, c, False) if bad and c.isalnum() else c for c, bad in pairs)
        start = max(0, line.span.start + round(float(np.clip(rng.normal(*rates.lead), -500, 500))))
        end = min(length, line.span.end + round(float(np.clip(rng.normal(*rates.hold), -400, 900))))
        score = float(rng.uniform(0.75, 0.95)) if wrong.any() else float(rng.uniform(0.93, 1.0))
        shown.append(Shown(text, Span(Ms(start), Ms(max(end, start + 400))), round(score, 3)))
    shown = _in_turn(shown)
    edges = [0, *(edge for one in shown for edge in (one.span.start, one.span.end)), length]
    quiet = _quiet(said, length)
    for number, (start, end) in enumerate(quiet[: round(rates.silent * len(said))]):
        text = ("（手机震动）", "门外有人", "一个小时后")[number % 3]
        stop = min(end, start + 1500)
        if not any(start < b and a < stop for a, b in zip(edges[1::2], edges[2::2], strict=False)):
            shown.append(Shown(text, Span(Ms(start), Ms(stop)), 0.97, False))
    return sorted(shown, key=lambda one: one.span)


def shared(said: Sequence[Utterance]) -> list[Shown]:
    """Perfect captions, but two lines less than 250 ms apart stand in one."""
    shown: list[Shown] = []
    free = True
    for line in said:
        before = shown[-1] if shown else None
        if before is not None and free and line.span.start - before.span.end < 250:
            shown[-1] = Shown(before.text + line.text, Span(before.span.start, line.span.end), 0.98)
            free = False
        else:
            shown.append(Shown(line.text, line.span, 0.98))
            free = True
    return shown


def _quiet(said: Sequence[Utterance], length: int) -> list[tuple[int, int]]:
    """Pauses over a second, the longest first, 100 ms kept free at both ends."""
    edges = [0, *(edge for line in said for edge in (line.span.start, line.span.end)), length]
    gaps = [(a + 100, b - 100) for a, b in zip(edges[::2], edges[1::2], strict=True) if b - a > 1000]
    return sorted(gaps, key=lambda gap: gap[0] - gap[1])


def _in_turn(shown: Sequence[Shown]) -> list[Shown]:
    """One caption at a time: the next one takes the last one's place, 40 ms apart."""
    kept: list[Shown] = []
    for one in shown:
        start = max(one.span.start, kept[-1].span.start + 400) if kept else one.span.start
        if kept and kept[-1].span.end > start - 40:
            before = kept.pop()
            kept.append(Shown(before.text, Span(before.span.start, Ms(start - 40)), before.score))
        kept.append(Shown(one.text, Span(Ms(start), Ms(max(one.span.end, start + 400))), one.score))
    return kept
