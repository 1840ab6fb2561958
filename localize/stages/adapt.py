"""Market rules: tropes, address, money, numbers, units.  Every change is on the record.

What a person wrote, and what a person reviewed or locked, is never changed: there a rule only offers.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Any, Literal

from localize.episode import Line
from localize.figures import Change, money_changes, number_changes, rules_table, unit_changes
from localize.lexicon import surnames
from localize.market import Market
from localize.series import SeriesBible
from localize.stages import Desk, Stage, translate
from localize.titles import bare_titles, surname_titles
from localize.version import NOTHING, Adaptation, Rendering

HIGHEST = 2
"""Dubs and subtitles go up to level 2, culture in dialogue; pictures and remakes begin above (domain
facts §4.1).
"""


@dataclass(frozen=True, slots=True)
class Rule:
    """Literal wordings and what to say instead, in one market.  ``picture``: the picture may contradict
    it.
    """

    id: str
    level: int
    swaps: tuple[tuple[str, str], ...]
    why: str
    picture: bool = False


@dataclass(frozen=True, slots=True)
class Job:
    """One rendering and the rules that touch its line.  ``names`` are (Chinese title, what to call them)."""

    line: Line
    rendering: Rendering
    market: str
    units: str
    figures: tuple[str, ...]
    rules: tuple[Rule, ...] = ()
    setting: str = ""
    names: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Adapted:
    """The rendering after the rules, and what they did."""

    rendering: Rendering
    adaptations: tuple[Adaptation, ...] = ()


def jobs(
    asked: Sequence[translate.Job], renderings: Iterable[Rendering], bible: SeriesBible, market: Market
) -> tuple[Job, ...]:
    """One job per rendering, with the rules its Chinese calls for."""
    titled = _titles(bible, market.code)
    made = []
    for job, rendering in zip(asked, renderings, strict=True):
        names = _called(job, titled) if "address" in market.rules else ()
        rules = [*_tropes(job.line.text, market), *_address(names, market.code)]
        figures = tuple(kind for kind in ("money", "number", "unit") if kind in market.rules)
        made.append(
            Job(job.line, rendering, market.code, market.units, figures, tuple(rules), bible.setting, names)
        )
    return tuple(made)


@cache
def _all_rules(market: str) -> tuple[tuple[Rule, tuple[str, ...], tuple[str, ...]], ...]:
    """(rule, where it applies, where not) for a market."""
    found = []
    for row in rules_table()["rule"]:
        swaps = tuple((before, after) for before, after in row.get(market, ()))
        if swaps and row["level"] <= HIGHEST:
            rule = Rule(row["id"], row["level"], swaps, row["why"], row.get("picture", False))
            found.append((rule, tuple(row["zh"]), tuple(row.get("unless", ()))))
    return tuple(found)


def _tropes(zh: str, market: Market) -> Iterator[Rule]:
    for rule, where, unless in _all_rules(market.code):
        kind = rule.id.split(".")[0]
        if (
            kind in market.rules
            and any(word in zh for word in where)
            and not any(word in zh for word in unless)
        ):
            yield rule


def _titles(bible: SeriesBible, market: str) -> dict[str, tuple[str, str]]:
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


def _called(job: translate.Job, titled: Mapping[str, tuple[str, str]]) -> tuple[tuple[str, str], ...]:
    """The titles of a line and their forms, longest first; the address matrix outranks tables for who is
    called.
    """
    text, found = job.line.text, []
    bound = {term.source for term in job.terms if term.binds()}
    for zh in sorted(titled, key=len, reverse=True):
        if zh in text:
            text = text.replace(zh, "\n")
            called = (
                job.call if job.call and zh not in bound and _vocative(zh, job.line.text) else titled[zh][1]
            )
            found.append((f"{zh}|{titled[zh][0]}", called))
    return tuple(found)


def _vocative(zh: str, text: str) -> bool:
    return re.search(rf"(?:^|[，。！？、…\s]){re.escape(zh)}(?:$|[，。！？、…\s])", text) is not None


def _address(names: Sequence[tuple[str, str]], market: str) -> Iterator[Rule]:
    """One rule per title in the line: its known literal renderings → what the person is called."""
    for key, called in names:
        zh, _, latin = key.partition("|")
        for title, row in rules_table()["address"].items():
            if zh == title or (latin and zh.endswith(title)):
                literal = (
                    form.replace("{X}", latin) for form in row.get(market, ()) if latin or "{X}" not in form
                )
                swaps = tuple((form, called) for form in literal if form.lower() != called.lower())
                if swaps:
                    yield Rule(
                        f"address.{title}", 1, swaps, f"{zh} is called {called} here, one form per show"
                    )


def recipe(job: Job) -> dict[str, Any]:
    # what was asked and changed before is no word
    words = replace(job.rendering, spent=NOTHING, doubt="", mended=(), pivot="")
    return {
        "text": job.line.text, "rendering": words, "market": job.market,
        "units": job.units, "figures": job.figures, "rules": job.rules, "setting": job.setting, "names":
        job.names, "tables": _tables_digest(),
    }  # fmt: skip


@cache
def _tables_digest() -> str:
    """What the number and unit rules read besides the job."""
    import hashlib
    import json

    from localize.wording import table

    tables = [rules_table()["unit"], rules_table()["money"], table()]
    return hashlib.sha256(json.dumps(tables, sort_keys=True).encode()).hexdigest()[:16]


def work(jobs: Sequence[Job], desk: Desk) -> Iterator[tuple[Job, Adapted]]:
    for job in jobs:
        yield job, adapted(job)


def adapted(job: Job) -> Adapted:
    """Apply the rules to dub (all lengths) and subtitle, or only offer where a person decided the words."""
    before = job.rendering
    if before.status == "missing" or before.origin == "source":
        return Adapted(before)
    settled = before.origin == "person" or before.status in ("reviewed", "locked")
    record: dict[tuple[str, str, str], Adaptation] = {}
    texts = {"normal": before.dub.normal, "short": before.dub.short, "long": before.dub.long}
    for name, text in (*texts.items(), ("subtitle", before.subtitle)):
        for change, level, picture in _changes(job, text):
            after = _swapped(texts.get(name, text), change.before, change.after, job.market)
            if after == texts.get(name, text):
                continue
            field = "subtitle" if name == "subtitle" else "dub"
            decision: Literal["applied", "offered"] = "offered" if settled or picture else "applied"
            entry = Adaptation(
                before.line, change.rule, level, field, change.before, change.after, change.why, decision
            )
            record.setdefault((field, change.rule, change.before.lower()), entry)
            if decision == "applied":
                texts[name] = after
    dub = replace(before.dub, normal=texts["normal"], short=texts["short"], long=texts["long"])
    subtitle = texts.get("subtitle", before.subtitle)
    return Adapted(replace(before, dub=dub, subtitle=subtitle), tuple(record.values()))


def _changes(job: Job, text: str) -> Iterator[tuple[Change, int, bool]]:
    """What the rules would change in ``text``: (change, level, the picture may contradict it)."""
    for rule in job.rules:
        for before, after in rule.swaps:
            if _swapped(text, before, after, job.market) != text:
                yield Change(rule.id, before, after, rule.why), rule.level, rule.picture
                break
    zh, market = job.line.text, job.market
    if "money" in job.figures:
        yield from ((change, 1, False) for change in money_changes(zh, text, market))
    if "number" in job.figures:
        yield from ((change, 1, False) for change in number_changes(zh, text, market))
    if "unit" in job.figures:
        yield from ((change, 1, False) for change in unit_changes(zh, text, market, job.units))


def _swapped(text: str, before: str, after: str, market: str) -> str:
    """``text`` with whole words replaced; sentence capitals and the English article follow."""

    def put(at: re.Match[str]) -> str:
        ahead = text[: at.start()].rstrip(" ¡¿“\"'(")
        begins = not ahead or ahead[-1] in ".!?…"
        article, said = at.groupdict().get("article") or "", after
        if article:
            grown = "an" if re.match(r"(?i)[aeio]|u(?!s|ni)|heir|hour|hon", said) else "a"
            return (grown.capitalize() if article[0].isupper() else grown) + " " + said
        return said[:1].upper() + said[1:] if begins else said

    article = "(?:(?P<article>an?) )?" if market.startswith("en") else ""
    return re.sub(rf"(?<!\w){article}{re.escape(before)}(?!\w)", put, text, flags=re.IGNORECASE)


def title(job: Job) -> str:
    """``"L0007 id-ID"``."""
    return f"{job.line.id} {job.market}"


STAGE = Stage("adapt", revision=1, answer=Adapted, recipe=recipe, work=work, title=title)
