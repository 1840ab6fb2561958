"""The packaged phrasebook: ready-made lines with slots, matched by their Chinese.

A slot ({NAME} {NAME2} {NUM} {MONEY} {PLACE} {TITLE}) is found in the Chinese line by a ``Lexicon`` and by
reading numbers, and filled again in the market's words.  An exact match can be filled in; a close one is only
ever an offer.
"""

from __future__ import annotations

import csv
import io
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from functools import lru_cache
from importlib.resources import files
from itertools import combinations, pairwise

from localize.agreement import setting_of
from localize.glossary import CLOSE, Hit, normal, phrases
from localize.wording import amounts, say_money, say_number

SLOT = re.compile(r"\{(NAME2?|NUM|MONEY|PLACE|TITLE)\}")
MARKS = {
    "NAME": "\ue001",
    "NAME2": "\ue001",
    "NUM": "\ue002",
    "MONEY": "\ue003",
    "PLACE": "\ue004",
    "TITLE": "\ue005",
}
MOST_SLOTS = 3
MONEY_FROM = 10_000
"""From this value on a number without a unit may be a sum of money (五百万)."""


@dataclass(frozen=True, slots=True)
class Phrase:
    """One row: ``slots`` in the order of the Chinese, ``texts`` by market; ``lengths`` are (short, long) by market,
    each empty where nobody wrote one.
    """

    id: str
    zh: str
    slots: tuple[str, ...]
    texts: dict[str, str]
    register: str
    tags: tuple[str, ...]
    lengths: Mapping[str, tuple[str, str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Word:
    """A name, place or title of the series and its form in one market."""

    zh: str
    slot: str
    target: str


@dataclass(frozen=True, slots=True)
class _Filler:
    """A stretch of the normalised line that can fill a slot."""

    start: int
    end: int
    slot: str
    target: str
    value: Fraction | None = None


class Phrasebook:
    """Phrases, indexed by their normalised Chinese with one mark per slot."""

    def __init__(self, phrases: Iterable[Phrase]) -> None:
        self._index: dict[str, list[Phrase]] = defaultdict(list)
        for phrase in phrases:
            self._index[normal(SLOT.sub(lambda slot: MARKS[slot[1]], phrase.zh))].append(phrase)
        self._keys = tuple(self._index)

    def hits(self, text: str, market: str, words: Sequence[Word], limit: int = 3) -> tuple[Hit, ...]:
        """Exact matches, fewest slots first, then close ones (score below 100), in the market's words."""
        plain = normal(text)
        fillers = (*_named(plain, words), *_counted(phrases(text), market))
        found = [
            hit for key, chosen in _skeletons(plain, fillers) for hit in self._exact(key, chosen, market)
        ]
        names = {hit.reference for hit in found}
        found += [hit for hit in self._close(plain, fillers, market) if hit.reference not in names]
        return tuple(found[:limit])

    def _exact(self, key: str, chosen: Sequence[_Filler], market: str) -> Iterator[Hit]:
        for phrase in self._index.get(key, ()):
            hit = _filled(phrase, chosen, market, 100.0)
            if hit is not None:
                yield hit

    def _close(self, plain: str, fillers: Sequence[_Filler], market: str) -> Iterator[Hit]:
        from rapidfuzz import fuzz, process

        seen: set[str] = set()
        for chosen in ((), _greedy(fillers)):
            query = _marked(plain, chosen)
            if len(query) < 4 or (chosen == () and seen):
                continue
            for key, score, _ in process.extract(
                query, self._keys, scorer=fuzz.ratio, score_cutoff=CLOSE, limit=3
            ):
                for phrase in self._index[key]:
                    hit = _filled(phrase, chosen, market, round(score, 1))
                    if hit is not None and phrase.id not in seen and key != query:
                        seen.add(phrase.id)
                        yield hit


@lru_cache(maxsize=1)
def phrasebook() -> Phrasebook:
    """The packaged phrasebook, read once per process."""
    lengths = {row["id"]: lengths_of(row) for row in _rows("drama-phrasebook-lengths.csv")}
    return Phrasebook(_phrase(row, lengths.get(row["id"], {})) for row in _rows("drama-phrasebook.csv"))


def _rows(name: str) -> Iterator[dict[str, str]]:
    """The rows of a table of ``glossaries/``; none where it is not there."""
    table = files("localize.glossaries") / name
    if table.is_file():
        yield from csv.DictReader(io.StringIO(table.read_text("utf-8-sig"), newline=""))


def lengths_of(row: Mapping[str, str | None]) -> dict[str, tuple[str, str]]:
    """(short, long) by market of a row with columns like ``es-419 short``; columns and cells may be missing."""
    codes = dict.fromkeys(name.partition(" ")[0] for name in row if name and " " in name)
    cells = {name: (row.get(name) or "").strip() for code in codes for name in (f"{code} short", f"{code} long")}
    found = {code: (cells[f"{code} short"], cells[f"{code} long"]) for code in codes}
    return {code: both for code, both in found.items() if any(both)}


def _phrase(row: dict[str, str], lengths: Mapping[str, tuple[str, str]]) -> Phrase:
    texts = {"en-US": row["en"], "es-419": row["es-419"], "id-ID": row["id-ID"]}
    slots = tuple(slot[1] for slot in SLOT.finditer(row["zh"]))
    return Phrase(row["id"], row["zh"], slots, texts, row["register"], tuple(row["tags"].split("|")), lengths)


def _named(plain: str, words: Sequence[Word]) -> Iterator[_Filler]:
    for word in words:
        name = normal(word.zh)
        at = plain.find(name) if name else -1
        while at >= 0:
            yield _Filler(at, at + len(name), word.slot, word.target)
            at = plain.find(name, at + 1)


def _counted(parts: Sequence[str], market: str) -> Iterator[_Filler]:
    before = 0
    for part in parts:
        for found in amounts(part):
            start, end = before + found.start, before + found.end
            if not found.currency:
                written = part[found.start : found.end]
                # four figures and more are years, rooms, accounts: said as they stand
                plain = written.isdecimal() and len(written) > 3
                yield _Filler(
                    start, end, "NUM", written if plain else say_number(found.value, market), found.value
                )
            if found.currency or found.value >= MONEY_FROM:
                said = say_money(found.value, found.currency, market)
                yield _Filler(start, end, "MONEY", said, found.value)
        before += len(part)


def _skeletons(plain: str, fillers: Sequence[_Filler]) -> Iterator[tuple[str, tuple[_Filler, ...]]]:
    """The line with every choice of up to three stretches replaced by marks, the plain line first."""
    yield plain, ()
    for count in range(1, MOST_SLOTS + 1):
        for chosen in combinations(sorted(fillers, key=lambda one: (one.start, -one.end)), count):
            if all(one.end <= other.start for one, other in pairwise(chosen)):
                yield _marked(plain, chosen), chosen


def _greedy(fillers: Sequence[_Filler]) -> tuple[_Filler, ...]:
    """The longest stretches that do not overlap, in order."""
    chosen: list[_Filler] = []
    for one in sorted(
        fillers, key=lambda one: (one.start - one.end, one.slot != "MONEY", one.slot != "NAME")
    ):
        if all(one.end <= other.start or one.start >= other.end for other in chosen):
            chosen.append(one)
    return tuple(sorted(chosen, key=lambda one: one.start))


def _marked(plain: str, chosen: Sequence[_Filler]) -> str:
    for one in reversed(chosen):
        plain = plain[: one.start] + MARKS[one.slot] + plain[one.end :]
    return plain


def _filled(phrase: Phrase, chosen: Sequence[_Filler], market: str, score: float) -> Hit | None:
    """The phrase in the market's words; None when the slots do not line up with what was found."""
    if market not in phrase.texts or [MARKS[name] for name in phrase.slots] != [
        MARKS[one.slot] for one in chosen
    ]:
        return None
    values: dict[str, _Filler] = {}
    for name, one in zip(phrase.slots, chosen, strict=True):
        if values.setdefault(name, one).target != one.target:
            return None
    text, both = phrase.texts[market], phrase.lengths.get(market, ("", ""))
    doubts = [f"the Chinese reads {phrase.zh}"] if score < 100 else []
    for name, one in values.items():
        doubts += _slot_doubts(name, one, text, market)
    said = {name: one.target for name, one in values.items()}
    text, short, long = (SLOT.sub(lambda at: _cased(said.get(at[1], at[0]), at), one) for one in (text, *both))
    return Hit(phrase.zh, text, text, score, "phrasebook", phrase.id, setting=setting_of(phrase.tags),
               register=phrase.register, why_not="; ".join(doubts), short=short, long=long)  # fmt: skip


def _slot_doubts(name: str, one: _Filler, text: str, market: str) -> Iterator[str]:
    if name == "NUM" and one.value == 1 and market != "id-ID":
        yield "one may need the singular"
    called = re.search(r"(?:^|[,¡¿!?.] ?)\{TITLE\}(?=$|[,!?.])", text) is not None
    if name == "TITLE" and market == "es-419" and not called:
        yield "the title may need an article here"


def _cased(said: str, at: re.Match[str]) -> str:
    """``said``, with a capital where a sentence begins."""
    before = at.string[: at.start()].rstrip(" ¡¿“\"'(")
    return said[:1].upper() + said[1:] if not before or before[-1] in ".!?…:" else said
