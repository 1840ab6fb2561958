"""What of the source's culture stays, is explained or becomes local in a version, and what is left to people.

Domain facts §7.4 define the two numbers.  They describe a version; they are no score of its quality.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from localize.adaptation import IN_DIALOGUE, LEVELS, Topic, parallels, rules_table, told, topics, wordings
from localize.episode import Line, OnScreenText
from localize.market import Market
from localize.measures import converted, unit_rows
from localize.rates import Policy, say_sum
from localize.series import SeriesBible
from localize.sums import sums
from localize.swaps import occurs, swapped
from localize.titles import bare_titles
from localize.version import Adaptation, Proposal, Rendering
from localize.wording import currency_name

State = Literal["localised", "explained", "retained", "unknown"]
RATE = (
    "localised cultural items / all recognised ones (names, titles, terms, idioms, kinship, money, measures, customs)"
)
HYBRIDITY = "entropy of retained, explained and localised items over log 3: 0 all of one kind, 1 an even mix"


@dataclass(frozen=True, slots=True)
class Item:
    """Something of the source's culture in a line, and what became of it."""

    line: str
    kind: str
    zh: str
    state: State


@dataclass(frozen=True, slots=True)
class Culture:
    """How many cultural items are what; ``unknown`` ones are in words nobody here recognises, and count for nothing."""

    localised: int = 0
    explained: int = 0
    retained: int = 0
    unknown: int = 0

    @staticmethod
    def of(found: Iterable[Item]) -> Culture:
        count = Counter(one.state for one in found)
        return Culture(count["localised"], count["explained"], count["retained"], count["unknown"])

    @property
    def recognised(self) -> int:
        return self.localised + self.explained + self.retained

    @property
    def rate(self) -> float | None:
        """Local representation rate, 0–1; None where nothing was recognised."""
        return self.localised / self.recognised if self.recognised else None

    @property
    def hybridity(self) -> float | None:
        """Cultural hybridity, 0–1; None where nothing was recognised."""
        if not self.recognised:
            return None
        parts = [count / self.recognised for count in (self.localised, self.explained, self.retained) if count]
        return abs(-sum(part * math.log(part) for part in parts) / math.log(3))


@dataclass(frozen=True, slots=True)
class Heard:
    """A sensitive topic and the lines it is heard in."""

    topic: Topic
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Adapting:
    """How a version was adapted: what its report and manifest tell beside the changes themselves."""

    level: int
    money: str
    reviewed: str
    culture: Culture
    heard: tuple[Heard, ...] = ()
    proposals: tuple[Proposal, ...] = ()

    @property
    def meaning(self) -> str:
        return LEVELS[self.level]


def adapting(
    level: int, bible: SeriesBible, market: Market, lines: Sequence[Line], said: dict[str, Rendering],
    changes: Sequence[Adaptation], texts: Sequence[OnScreenText],
) -> Adapting:  # fmt: skip
    """Everything there is to tell of one market's adaptation.  ``said`` are the final words by line."""
    policy = bible.money_policy(market.code) if level else Policy()
    spoken = [line for line in lines if line.id in said and said[line.id].origin != "source"]
    found = (one for line in spoken for one in items(line, said[line.id].subtitle, bible, market, policy))
    return Adapting(
        level, policy.told, told(market.code), Culture.of(found), tuple(_heard(lines, market)),
        tuple(proposals(level, bible, market, lines, changes, texts)),
    )  # fmt: skip


# ── what became of it ───────────────────────────────────────────────────────────────────────────────────────
def items(line: Line, text: str, bible: SeriesBible, market: Market, policy: Policy) -> Iterator[Item]:
    """The cultural items of a line and what its words make of them."""
    zh, code = line.text, market.code
    for one in wordings(code):
        if one.kind in market.rules and one.kind not in ("profanity", "sensitive") and one.applies(zh, bible.setting):
            local = {one.say, *(after for _, after in one.swaps)}
            literal = {before for before, _ in one.swaps} - local
            word = next(word for word in one.zh if word in zh)
            yield Item(line.id, one.kind, word, _state(text, local, literal, code))
    for who in bible.cast:
        called = who.called(code)
        if called and any(name in zh for name in (who.name, *who.aliases)):
            own = {called, *dict(who.families).values()}
            renamed = bool(who.families)
            yield Item(
                line.id, "name", who.name, _state(text, own if renamed else set(), set() if renamed else own, code)
            )
    for zh_title, title in bare_titles().items():
        if zh_title in zh and len(zh_title) > 1 and (form := title.form(code)):
            literal = {w for w in rules_table()["address"].get(zh_title, {}).get(code, ()) if "{X}" not in w}
            yield Item(line.id, "title", zh_title, _state(text, {form}, literal, code))
    yield from _figures(line, text, market, policy)


def _figures(line: Line, text: str, market: Market, policy: Policy) -> Iterator[Item]:
    code = market.code
    for one in sums(line.text):
        named = {currency_name(one.currency, Fraction(n), code).replace("{n}", "").strip() for n in (1, 2)}
        worded = {say_sum(one.value, one.currency, code, policy)} if policy.kind != "keep" else set()
        yield Item(line.id, "money", line.text[one.start : one.end], _state(text, worded, named, code))
    for name, row, count in unit_rows(line.text, market.units):
        local = {converted(count, row[market.units], code)}
        yield Item(line.id, "measure", name, _state(text, local, set(row["literal"]) - local, code))


def _state(text: str, local: set[str], literal: set[str], market: str) -> State:
    here = any(occurs(word, text, market) for word in local if word)
    rest = text
    for word in local:  # a literal word inside the local wording is none: miles in "3 miles"
        rest = swapped(rest, word, " ", market) if word else rest
    there = any(occurs(word, rest, market) for word in literal if word)
    return "explained" if here and there else "localised" if here else "retained" if there else "unknown"


# ── what is told and proposed ───────────────────────────────────────────────────────────────────────────────
def _heard(lines: Sequence[Line], market: Market) -> Iterator[Heard]:
    for topic in topics(market.code):
        where = tuple(line.id for line in lines if any(word in line.text for word in topic.zh))
        if where:
            yield Heard(topic, where)


def proposals(
    level: int, bible: SeriesBible, market: Market, lines: Sequence[Line], changes: Sequence[Adaptation],
    texts: Sequence[OnScreenText],
) -> Iterator[Proposal]:  # fmt: skip
    """The work a level above dialogue means for people: which pictures to edit (3), what to shoot anew (4)."""
    if level > IN_DIALOGUE:
        for text in texts:
            if text.kind in ("screen", "watermark", "legal"):
                yield Proposal(3, text.id, "picture.text", f"set “{' '.join(text.text.split())}” anew in the picture",
                               "Chinese writing stays readable in the scene")  # fmt: skip
        for one in dict.fromkeys((one.line, one.rule, one.after) for one in changes if one.decision == "offered"):
            yield Proposal(3, one[0], one[1], f"look at the picture: it decides whether “{one[2]}” may be said",
                           "the picture may contradict the words")  # fmt: skip
        for heard in _heard(lines, market):
            if heard.topic.action in ("blur", "cut", "block"):
                for line in heard.lines:
                    yield Proposal(3, line, f"topic.{heard.topic.id}", f"{heard.topic.action} what the picture shows",
                                   heard.topic.why)  # fmt: skip
    if level > 3:
        for trope in bible.tropes:
            if found := parallels(trope, market.code):
                yield Proposal(4, "", f"parallel.{trope}", f"recast as: {', '.join(found)}",
                               "contradicts faces, streets and writing of this picture")  # fmt: skip
        yield Proposal(
            4, "", "remake.cast", f"a local cast and places for {market.name}", "a remake is another production"
        )
