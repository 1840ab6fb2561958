"""The rules of a market that the Chinese of a line calls for."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from localize.adaptation import IN_DIALOGUE, rules_table, wordings
from localize.lexicon import surnames
from localize.market import Market
from localize.series import SeriesBible
from localize.stages import translate
from localize.swaps import Renamed, counted, swapped
from localize.titles import bare_titles, surname_titles


@dataclass(frozen=True, slots=True)
class Rule:
    """Literal wordings and what to say instead, in one market.  ``picture``: the picture may contradict it.

    ``beside``: where one of these words stands in the text too, a wording without them is only part of the saying.
    ``offer``: wordings that may be right as they are; ``times``: how often the Chinese says it, 0 where nobody counts.
    """

    id: str
    level: int
    swaps: tuple[tuple[str, str], ...]
    why: str
    picture: bool = False
    beside: tuple[str, ...] = ()
    offer: tuple[str, ...] = ()
    times: int = 0


def worded(zh: str, market: Market, setting: str) -> Iterator[Rule]:
    for one in wordings(market.code):
        if one.swaps and one.kind in market.rules and "dialogue" in one.use and one.applies(zh, setting):
            picture, times = one.picture or not one.surely(zh), 0 if one.kind == "profanity" else one.times(zh)
            yield Rule(one.id, one.level, one.swaps, one.why, picture, one.beside, one.offer, times)


def names(zh: str, renamed: Sequence[Renamed]) -> Iterator[Rule]:
    """One rule per member of the cast who goes by a local name."""
    for one in renamed:
        swaps = [(one.before, one.after)]
        if one.short and any(word in zh for word in (one.zh, one.surname)):
            swaps.append((one.short_before, one.short))
        why = f"{one.zh} is called {one.after} here"
        for swap in swaps:
            yield Rule(f"name.{one.id}", IN_DIALOGUE, (swap,), why)


def titles(bible: SeriesBible, market: str) -> dict[str, tuple[str, str]]:
    """Chinese title → (family name in the market, what to call the person); approved terms come first."""
    found: dict[str, tuple[str, str]] = {}
    for zh, title in bare_titles().items():
        found[zh] = ("", title.form(market))
    for surname, latin, who in surnames(bible, market):
        for zh, title in surname_titles().items():
            found[surname + zh] = (latin, title.form(market, title.gender or who.gender, latin))
    for term in bible.terms.get(market, ()):
        if term.source in found and term.binds() and term.kind == "title":
            found[term.source] = (found[term.source][0], term.target)
    return {zh: pair for zh, pair in found.items() if pair[1]}


def called(job: translate.Job, titled: Mapping[str, tuple[str, str]]) -> tuple[tuple[str, str], ...]:
    """The titles of a line and their forms, longest first; the address matrix outranks tables for who is called."""
    text, found = job.line.text, []
    bound = {term.source for term in job.terms if term.binds()}
    for source in bound - titled.keys():  # 小少爷 is a title of its own where the series says so
        text = text.replace(source, "\n")
    for zh in sorted(titled, key=len, reverse=True):
        if zh in text:
            text = text.replace(zh, "\n")
            alone = re.search(rf"(?:^|[，。！？、…\s]){re.escape(zh)}(?:$|[，。！？、…\s])", job.line.text) is not None
            called = job.call if job.call and zh not in bound and alone else titled[zh][1]
            found.append((f"{zh}|{titled[zh][0]}", called))
    return tuple(found)


def address(names: Sequence[tuple[str, str]], market: str, line: str = "") -> Iterator[Rule]:
    """One rule per title in the line: its known literal renderings → what the person is called.

    None where the Chinese ``line`` names somebody else whom the same words fit: 总统 beside 总裁, CEO beside 董事长.
    """
    for key, called in names:
        zh, _, latin = key.partition("|")
        others = [form.lower() for other, form in names if other != key]  # CEO may stand where 总裁 is in the line too
        rivals = _rivals(zh, [other.partition("|")[0] for other, _ in names], market)
        for title, row in rules_table()["address"].items():
            if any(word in line for word in rules_table()["unless"].get(title, ())):
                continue
            if zh == title or (latin and zh.endswith(title)):
                literal = (form.replace("{X}", latin) for form in row.get(market, ()) if latin or "{X}" not in form)
                swaps = tuple(
                    (form, called) for form in literal
                    if form.lower() != called.lower() and form.lower() not in rivals
                    and not any(form.lower() in other for other in others)
                )  # fmt: skip
                if swaps:
                    why, doubtful = f"{zh} is called {called} here, one form per show", rules_table()["offer"]
                    offer = tuple(doubtful.get(title, {}).get(market, ()))
                    yield Rule(f"address.{title}", 1, swaps, why, offer=offer, times=line.count(zh))


def _rivals(title: str, every: Iterable[str], market: str) -> set[str]:
    """Literal renderings of the titles that never share a form with ``title``, of those in the same line."""
    table = rules_table()
    apart = {other for pair in table["apart"] if title in pair for other in pair if other != title}
    return {form.lower() for other in apart & set(every) for form in table["address"].get(other, {}).get(market, ())}


def partly(rule: Rule, before: str, text: str) -> bool:
    """Whether the rest of the saying stands in the text, which the change would leave literal."""
    low = text.casefold()
    return any(word in low and word not in before.casefold() for word in rule.beside)


def crowded(rule: Rule, text: str, market: str) -> bool:
    """Whether the text has more wordings, literal and local ones, than the Chinese calls for: one of them is another
    thing, and nobody can tell which.
    """
    if not rule.times:
        return False
    rest, found = text, 0
    local = {after for _, after in rule.swaps}
    for word in sorted({*(before for before, _ in rule.swaps), *local}, key=lambda one: (-len(one), one)):
        found += counted(word, rest, market)
        rest = swapped(rest, word, " ", market)
    return found > rule.times
