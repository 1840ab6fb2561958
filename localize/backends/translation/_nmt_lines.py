"""Lines through one model or two: cut into sentences, terms protected, checked, put together in up to three lengths.

Where the series has a pivot and a model here translates from it, what the pivot says is translated, not the Chinese.
A line that is asked for again is looked for further out: more translations of every sentence, also by way of other
English, and none with a forbidden word in it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Protocol

from localize.backends.translation._chat_answers import PER_SIGN, SPARE
from localize.backends.translation._nmt_models import language_of
from localize.backends.translation._nmt_sentences import sentences
from localize.backends.translation._protection import FAMILIES, Protected, holds, protect, restored, shown
from localize.glossary import occurs
from localize.han import chinese_left
from localize.model_cards import PIVOT
from localize.roles import Translation, TranslationRequest
from localize.version import Variants

CHUNK = 16
"""Lines settled together, so that a killed run keeps what is done."""
HYPOTHESES = 4
"""Translations of one sentence a model is asked for; also the width of its beam."""
MANY = 12
"""The same for a line that is asked for again."""
SHORTER, LONGER = 0.9, 1.1
"""From so many characters of the best one on, another translation counts as shorter or longer …"""
BEHIND = 0.2
"""… if its score is no more than this behind, in nats per token: the end of a beam holds stumps (our own limit)."""
NOTHING_USABLE = "the model gave no usable translation"
NOT_BY_PIVOT = "translated from the Chinese: no translation of what the pivot says could be used"
PIVOT_UNREAD = "translated from the Chinese: no model here translates from what the pivot says"
_CIRCLE = re.compile(r"(?i)(\b.{1,40}?)(?:[\s,.]*\1\b){3,}")
_PLAIN = str.maketrans("，。！？；：、“”‘’（）～", ",.!?;:,\"\"''()~")


@dataclass(frozen=True, slots=True)
class Hypothesis:
    """One translation of a sentence; ``score`` is the model's own, nats per token, 0 where it gives none; ``via`` is
    the English it came through, if any.  With a ``doubt`` the words are kept and never taken.
    """

    text: str
    score: float = 0.0
    via: str = ""
    doubt: str = ""


class Hop(Protocol):
    """One model between two languages."""

    def translate(self, texts: Sequence[str], count: int, without: Sequence[str] = ()) -> list[tuple[Hypothesis, ...]]:
        """For every text up to ``count`` translations, the best first; none where the model gave nothing usable.

        The words ``without`` are kept out as far as the library can.
        """
        ...

    def spells(self, mark: str) -> bool:
        """Whether the vocabulary has the signs of a mark on both sides."""
        ...


@dataclass(frozen=True, slots=True)
class _Start:
    """What one line is translated from, with its terms as they stand there: its Chinese, or the pivot's English."""

    request: TranslationRequest
    english: bool = False

    @property
    def text(self) -> str:
        return self.request.pivot if self.english else self.request.source

    def protected(self, family: Sequence[str]) -> Protected:
        return protect(self.text, self.request.pivot_terms if self.english else self.request.terms, family)


@dataclass(frozen=True, slots=True)
class _Way:
    """One attempt at one line: what went in, and per sentence the candidates that came out."""

    start: _Start
    given: Protected
    candidates: tuple[tuple[Hypothesis, ...], ...]


@dataclass
class Cascade:
    """A translator over one hop, or two with English between; ``whole`` leaves lines uncut.

    ``onward`` translates from English, for lines of which the series' pivot says something in it.
    """

    hops: tuple[Hop, ...]
    whole: bool = False
    onward: Hop | None = None
    families: Mapping[bool, tuple[tuple[str, ...], ...]] = field(init=False)

    def __post_init__(self) -> None:
        self.families = {english: _spelled(self._hops(english)) for english in (False, True)}

    def translate(self, requests: Sequence[TranslationRequest]) -> Iterator[Translation]:
        """Every line once; one that no usable translation was found for comes with a doubt.

        A line whose terms no mark carries through is translated without protection, and says so in ``told``.  One with
        ``remarks`` was wrong before and is searched for more widely.
        """
        first = [one for one in requests if not one.remarks]
        for start in range(0, len(first), CHUNK):
            yield from self._settled(first[start : start + CHUNK], HYPOTHESES)
        for one in requests:
            if one.remarks:
                yield from self._settled([one], MANY, one.forbidden)

    def _hops(self, english: bool) -> tuple[Hop, ...]:
        return self.hops if not english else (self.onward,) if self.onward else ()

    def _settled(
        self, chunk: Sequence[TranslationRequest], count: int, without: Sequence[str] = ()
    ) -> Iterator[Translation]:
        waiting = dict(enumerate(chunk))
        for number, one in list(waiting.items()):
            if not re.search(r"\w", one.source):
                yield _wordless(waiting.pop(number))
        doubted: dict[int, Translation] = {}
        said = {number: _Start(one, english=True) for number, one in waiting.items() if self._by_pivot(one)}
        for number, answer in self._attempts(said, count, without):
            if not answer.doubt:
                yield answer
                del waiting[number]
            elif answer.dub.normal:
                doubted[number] = answer
        rest = {number: _Start(one) for number, one in waiting.items()}
        for number, answer in self._attempts(rest, count, without):
            why = NOT_BY_PIVOT if number in said else PIVOT_UNREAD
            best = answer if answer.dub.normal or number not in doubted else doubted[number]
            yield replace(best, told=(*best.told, why)) if chunk[number].pivot and best is answer else best

    def _by_pivot(self, one: TranslationRequest) -> bool:
        return bool(self.onward and one.pivot) and language_of(one.pivot_market) == PIVOT

    def _attempts(
        self, starts: Mapping[int, _Start], count: int, without: Sequence[str]
    ) -> Iterator[tuple[int, Translation]]:
        """Every line once: with its terms as marks, of one family after the other, else without."""
        waiting = dict(starts)
        english = any(one.english for one in starts.values())
        for family in self.families[english]:
            bound = {number: one.protected(family) for number, one in waiting.items()}
            bound = {number: given for number, given in bound.items() if given.slots}
            for number, way in self._ways({n: (waiting[n], given) for n, given in bound.items()}, count, without):
                answer = _answer(way) if way else None
                if answer is not None:
                    yield number, answer
                    del waiting[number]
        plain = {number: (one, Protected(one.text)) for number, one in waiting.items()}
        for number, way in self._ways(plain, count, without):
            one = waiting[number]
            answer = _answer(way) if way else None
            answer = answer or Translation(one.request.line, Variants(""), "", NOTHING_USABLE)
            yield number, replace(answer, told=_lost(one.request) if one.protected(FAMILIES[0]).slots else ())

    def _ways(
        self, asked: Mapping[int, tuple[_Start, Protected]], count: int, without: Sequence[str]
    ) -> Iterator[tuple[int, _Way | None]]:
        """What became of each line; None where a mark was lost or nothing came out."""
        cut = {
            n: (given.text,) if self.whole else sentences(given.text, english=one.english)
            for n, (one, given) in asked.items()
        }
        texts = list(dict.fromkeys(piece for pieces in cut.values() for piece in pieces))
        english = any(one.english for one, _ in asked.values())
        made = _made(self._hops(english), texts, count, without) if texts else {}
        for number, (one, given) in asked.items():
            yield number, _way(one, given, cut[number], made)


def _spelled(hops: Sequence[Hop]) -> tuple[tuple[str, ...], ...]:
    """The families of marks, without those signs of which some vocabulary lacks."""
    if not hops:
        return ()
    return tuple(
        kept for family in FAMILIES if (kept := tuple(m for m in family if all(hop.spells(m) for hop in hops)))
    )


def _made(
    hops: Sequence[Hop], texts: Sequence[str], count: int, without: Sequence[str]
) -> dict[str, tuple[Hypothesis, ...]]:
    """What comes out behind the last hop for every text, the best first."""
    *before, last = hops
    if not before:
        return dict(zip(texts, last.translate(texts, count, without), strict=True))
    between = before[0].translate(texts, 1 if count == HYPOTHESES else HYPOTHESES)
    onward = list(dict.fromkeys(one.text for found in between for one in found if one.text and not one.doubt))
    made = dict(zip(onward, last.translate(onward, count, without), strict=True)) if onward else {}
    every = {}
    for text, found in zip(texts, between, strict=True):
        through = [
            Hypothesis(said.text, said.score + one.score - found[0].score, one.text)
            for one in found if not one.doubt for said in made.get(one.text, ())
        ]  # fmt: skip
        every[text] = tuple(sorted(through, key=lambda one: -one.score)) or tuple(one for one in found if one.doubt)
    return every


def _way(
    start: _Start, given: Protected, pieces: Sequence[str], made: Mapping[str, Sequence[Hypothesis]]
) -> _Way | None:
    candidates = []
    for piece in pieces:
        slots = given.within(piece)
        kept = [
            one for one in made.get(piece, ())
            if one.text and all(holds(text, slots, given.slots) for text in (one.text, one.via) if text)
        ]  # fmt: skip
        if not kept:
            return None
        wrong = [_wrong(start, piece, one.text) for one in kept]
        candidates.append(tuple(one for one, many in zip(kept, wrong, strict=True) if many == min(wrong)))
    return _Way(start, given, tuple(candidates))


def _wrong(start: _Start, piece: str, said: str) -> int:
    """How many approved terms a sentence breaks that no mark stands for, and how many forbidden words it has."""
    one, due = start.request, dict[str, list[str]]()
    for source, target in one.pivot_terms if start.english else one.terms:
        if source.casefold() in piece.casefold():
            due.setdefault(source.casefold(), []).append(target)
    broken = sum(not any(occurs(form, said, one.market) for form in forms) for forms in due.values())
    return broken + sum(occurs(form, said, one.market) for form in one.forbidden)


def _answer(way: _Way) -> Translation | None:
    """The line in up to three lengths; None when even the best one leaves Chinese standing under marks."""
    request = way.start.request
    best = [found[0] for found in way.candidates]
    near = [[one for one in found if one.score >= found[0].score - BEHIND] for found in way.candidates]
    normal = _joined(way, best)
    if refused := next((one.doubt for one in best if one.doubt), ""):
        return Translation(request.line, Variants(normal), normal, refused)
    short = _joined(way, [min(found, key=lambda one: len(one.text)) for found in near])
    long = _joined(way, [max(found, key=lambda one: len(one.text)) for found in near])
    if way.given.slots and chinese_left(" ".join(one.text for one in best), request.source, request.market):
        return None
    kept = Variants(
        normal,
        short if len(short) <= SHORTER * len(normal) and not _doubt(request, short) else "",
        long if len(long) >= LONGER * len(normal) and not _doubt(request, long) else "",
    )
    through = shown(" ".join(one.via for one in best if one.via), way.given.slots)
    pivot = request.pivot if way.start.english else through
    return Translation(request.line, kept, normal, _doubt(request, normal), pivot=pivot)


def _joined(way: _Way, sentences: Sequence[Hypothesis]) -> str:
    return restored(" ".join(one.text for one in sentences), way.given.slots)


def _doubt(request: TranslationRequest, said: str) -> str:
    """What speaks against a translation as such: the ways in which such models are known to fail."""
    if len(said) > SPARE + PER_SIGN * len("".join(request.source.split())):
        return "the answer is far longer than the line"
    if _CIRCLE.search(said):
        return "the answer turns in a circle"
    return "" if re.search(r"\w", said) else "the answer has no words"


def _wordless(request: TranslationRequest) -> Translation:
    """A line of signs alone needs no model: ……！ becomes …!"""
    said = re.sub(r"…+", "…", request.source.translate(_PLAIN))
    return Translation(request.line, Variants(said), said)


def _lost(request: TranslationRequest) -> tuple[str, ...]:
    terms = ", ".join(dict.fromkeys(source for source, _ in request.terms))
    return (f"{terms}: no mark came through the model, so the line was translated without protecting its terms",)
