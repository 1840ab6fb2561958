"""Lines through one model or two: cut into sentences, terms protected, checked, put together in up to three lengths."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Protocol

from localize.backends.translation._chat_answers import PER_SIGN, SPARE
from localize.backends.translation._protection import FAMILIES, Protected, holds, protect, restored
from localize.han import chinese_left
from localize.roles import Translation, TranslationRequest
from localize.version import Variants

CHUNK = 16
"""Lines settled together, so that a killed run keeps what is done."""
HYPOTHESES = 4
"""Translations of one sentence a model is asked for; also the width of its beam."""
SHORTER, LONGER = 0.9, 1.1
"""From so many characters of the best one on, another translation counts as shorter or longer …"""
BEHIND = 0.2
"""… if its score is no more than this behind, in nats per token: the end of a beam holds stumps (our own limit)."""
_SENTENCE = re.compile(r"[^。！？!?]+[。！？!?…~～\"'”’）)]*|[。！？!?…~～\"'”’）)]+")
_CIRCLE = re.compile(r"(?i)(\b.{1,40}?)(?:[\s,.]*\1\b){3,}")
_PLAIN = str.maketrans("，。！？；：、“”‘’（）～", ",.!?;:,\"\"''()~")


@dataclass(frozen=True, slots=True)
class Hypothesis:
    """One translation of a sentence; ``score`` is the model's own, nats per token, 0 where it gives none."""

    text: str
    score: float = 0.0


class Hop(Protocol):
    """One model between two languages."""

    def translate(self, texts: Sequence[str], count: int) -> list[tuple[Hypothesis, ...]]:
        """For every text up to ``count`` translations, the best first; none where the model gave nothing usable."""
        ...

    def spells(self, mark: str) -> bool:
        """Whether the vocabulary has the signs of a mark on both sides."""
        ...


@dataclass(frozen=True, slots=True)
class _Way:
    """One attempt at one line: its sentences as they go in, what is between, and the candidates that came out."""

    given: Protected
    between: tuple[str, ...]
    candidates: tuple[tuple[Hypothesis, ...], ...]


@dataclass
class Cascade:
    """A translator over one hop, or two with English between; ``whole`` leaves lines uncut."""

    hops: tuple[Hop, ...]
    whole: bool = False
    families: tuple[tuple[str, ...], ...] = field(init=False)

    def __post_init__(self) -> None:
        self.families = tuple(
            kept for family in FAMILIES if (kept := tuple(m for m in family if all(hop.spells(m) for hop in self.hops)))
        )

    def translate(self, requests: Sequence[TranslationRequest]) -> Iterator[Translation]:
        """Every line once; one that no usable translation was found for comes with a doubt.

        A line whose terms no mark carries through is translated without protection, and says so in ``told``.
        """
        for start in range(0, len(requests), CHUNK):
            yield from self._settled(requests[start : start + CHUNK])

    def _settled(self, chunk: Sequence[TranslationRequest]) -> Iterator[Translation]:
        waiting = dict(enumerate(chunk))
        for number, one in list(waiting.items()):
            if not re.search(r"\w", one.source):
                yield _wordless(waiting.pop(number))
        for family in self.families:
            bound = {number: protect(one.source, one.terms, family) for number, one in waiting.items()}
            bound = {number: given for number, given in bound.items() if given.slots}
            for number, way in zip(bound, self._ways(list(bound.values())), strict=True):
                answer = _answer(chunk[number], way) if way else None
                if answer is not None:
                    yield answer
                    del waiting[number]
        plain = [Protected(one.source) for one in waiting.values()]
        for one, way in zip(waiting.values(), self._ways(plain), strict=True):
            answer = _answer(one, way) if way else None
            answer = answer or Translation(one.line, Variants(""), "", "the model gave no usable translation")
            yield replace(answer, told=_lost(one) if self._bindable(one) else ())

    def _bindable(self, one: TranslationRequest) -> bool:
        return bool(protect(one.source, one.terms, FAMILIES[0]).slots)

    def _ways(self, given: Sequence[Protected]) -> list[_Way | None]:
        """What became of each line; None where a mark was lost or nothing came out."""
        cut = [(one.text,) if self.whole else sentences(one.text) for one in given]
        texts = list(dict.fromkeys(piece for pieces in cut for piece in pieces))
        between: dict[str, str] = {}
        for hop in self.hops[:-1]:
            best = hop.translate(texts, 1) if texts else []
            between = {text: found[0].text if found else "" for text, found in zip(texts, best, strict=True)}
        onward = list(dict.fromkeys(text for text in between.values() if text)) if between else texts
        made = self.hops[-1].translate(onward, HYPOTHESES) if onward else []
        final = dict(zip(onward, made, strict=True))
        return [_way(one, pieces, between, final) for one, pieces in zip(given, cut, strict=True)]


def _way(
    given: Protected, pieces: Sequence[str], between: dict[str, str], final: dict[str, tuple[Hypothesis, ...]]
) -> _Way | None:
    passed = tuple(between[piece] for piece in pieces) if between else ()
    candidates = []
    for number, piece in enumerate(pieces):
        slots = given.within(piece)
        if passed and not holds(passed[number], slots, given.slots):
            return None
        found = final.get(passed[number] if passed else piece, ())
        kept = tuple(one for one in found if one.text and holds(one.text, slots, given.slots))
        if not kept:
            return None
        candidates.append(kept)
    return _Way(given, passed, tuple(candidates))


def sentences(text: str) -> tuple[str, ...]:
    """A line cut behind its full stops, question and exclamation marks; signs without words stay with what is before.

    >>> sentences("站住！你去哪儿？")
    ('站住！', '你去哪儿？')
    """
    pieces: list[str] = []
    for match in _SENTENCE.finditer(" ".join(text.split())):
        piece = match[0].strip()
        if pieces and not re.search(r"\w", piece):
            pieces[-1] += piece
        elif piece:
            pieces.append(piece)
    return tuple(pieces)


def _answer(request: TranslationRequest, way: _Way) -> Translation | None:
    """The line in up to three lengths; None when even the best one leaves Chinese standing under marks."""
    best = [found[0] for found in way.candidates]
    near = [[one for one in found if one.score >= found[0].score - BEHIND] for found in way.candidates]
    normal = _joined(way, best)
    short = _joined(way, [min(found, key=lambda one: len(one.text)) for found in near])
    long = _joined(way, [max(found, key=lambda one: len(one.text)) for found in near])
    if way.given.slots and chinese_left(" ".join(one.text for one in best), request.source, request.market):
        return None
    kept = Variants(
        normal,
        short if len(short) <= SHORTER * len(normal) and not _doubt(request, short) else "",
        long if len(long) >= LONGER * len(normal) and not _doubt(request, long) else "",
    )
    pivot = restored(" ".join(way.between), way.given.slots, source=True)
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
