"""Market rules: tropes, idioms, kinship, address, names, money, numbers, units.  Every change is on the record.

What a person wrote, and what a person reviewed or locked, is never changed by a rule: there it only offers.  What a
person decided about a change (``verdicts``) outranks every rule.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

from localize.adaptation import DEFAULT, IN_DIALOGUE, rules_table
from localize.episode import Line
from localize.figures import Change, money_changes, number_changes
from localize.inflection import found
from localize.joined_numbers import rows as joined_words
from localize.market import Market
from localize.measures import unit_changes, unit_rows
from localize.rates import KEEP, Policy
from localize.series import SeriesBible
from localize.spaced_numbers import rows as spaced_words
from localize.spaced_numbers import signs
from localize.stages import Desk, Stage, translate
from localize.stages._rules import Rule, address, called, crowded, names, partly, titles, worded
from localize.sums import perhaps_sums, sums
from localize.swaps import swapped, swapped_at
from localize.verdicts import Verdict
from localize.version import NOTHING, STANDING, Adaptation, Decision, Rendering
from localize.wording import amounts


@dataclass(frozen=True, slots=True)
class Job:
    """One rendering, the rules that touch its line, and what people decided about their changes.

    ``figures`` are the kinds of figures its Chinese holds (money, number, unit), ``level`` is what may be said.
    """

    line: Line
    rendering: Rendering
    market: str
    units: str
    figures: tuple[str, ...]
    rules: tuple[Rule, ...] = ()
    level: int = DEFAULT
    policy: Policy = KEEP
    verdicts: tuple[Verdict, ...] = ()


@dataclass(frozen=True, slots=True)
class Adapted:
    """The rendering after the rules, and what they did."""

    rendering: Rendering
    adaptations: tuple[Adaptation, ...] = ()


def jobs(
    asked: Sequence[translate.Job], renderings: Iterable[Rendering], bible: SeriesBible, market: Market,
    level: int = DEFAULT, verdicts: Mapping[str, Sequence[Verdict]] | None = None,
) -> tuple[Job, ...]:  # fmt: skip
    """One job per rendering, with the rules its Chinese calls for and the verdicts on its changes.

    A verdict about other Chinese than the line has now is left out.
    """
    titled, said, renamed = titles(bible, market.code), min(level, IN_DIALOGUE), bible.renamed.get(market.code, ())
    policy, made = bible.money_policy(market.code) if said else KEEP, []
    for job, rendering in zip(asked, renderings, strict=True):
        zh, own = job.line.text, (verdicts or {}).get(job.line.id, ())
        rules = list(worded(zh, market, bible.setting))
        rules += address(called(job, titled), market.code, zh) if "address" in market.rules else ()
        rules += names(zh, renamed)
        made.append(
            Job(
                job.line, rendering, market.code, market.units, _figures(zh, market),
                tuple(rule for rule in rules if rule.level <= said), said, policy,
                tuple(one for one in own if one.source == zh.strip()),
            )
        )  # fmt: skip
    return tuple(made)


def _figures(zh: str, market: Market) -> tuple[str, ...]:
    """The kinds of figures a line holds, of those the market has rules for."""
    held = {
        "money": bool(sums(zh) or perhaps_sums(zh)), "number": any(True for _ in amounts(zh)),
        "unit": bool(unit_rows(zh, market.units)),
    }  # fmt: skip
    return tuple(kind for kind, there in held.items() if there and kind in market.rules)


def recipe(job: Job) -> dict[str, Any]:
    # what was asked and changed before is no word
    words = replace(job.rendering, spent=NOTHING, doubt="", mended=(), pivot="")
    decided = [(one.change, one.after, one.verdict) for one in job.verdicts]
    found = {"text": job.line.text, "rendering": words, "market": job.market, "rules": job.rules}
    if job.figures:
        found |= {
            "figures": job.figures, "tables": _tables_digest(job.line.text, job.market, job.units, job.figures),
            "units": job.units, "level": job.level,
        }  # fmt: skip
        found |= {"policy": job.policy} if "money" in job.figures else {}
    return found | ({"verdicts": decided} if decided else {})


@cache
def _tables_digest(zh: str, market: str, units: str, figures: tuple[str, ...]) -> str:
    """What the number and unit rules read besides the job, of the tables only what this line touches."""
    import hashlib
    import json

    from localize.adaptation import tables
    from localize.wording import table

    every = table()
    sums = rules_table()["money"]
    read: list[Any] = [every["market"].get(market, {}), joined_words(market), spaced_words(market), signs()]
    read += [{name: row for name, row in sums.items() if name not in ("after", "also", "before")}]
    if "unit" in figures and (found := unit_rows(zh, units)):
        read += [*(row for _, row, _ in found), tables()["measures"]["names"]]
    if "money" in figures:
        money = tables()["money"]
        read += [sums, money["vague"].get(market), money["vague"]["steps"], money["named"]]
        read += [{name: row.get(market) for name, row in every["currency"].items()}]
    return hashlib.sha256(json.dumps(read, sort_keys=True).encode()).hexdigest()[:16]


def work(jobs: Sequence[Job], desk: Desk) -> Iterator[tuple[Job, Adapted]]:
    for job in jobs:
        yield job, adapted(job)


def adapted(job: Job) -> Adapted:
    """Apply the rules to dub (all lengths) and subtitle, or only offer where a person decided the words."""
    before = job.rendering
    if before.status == "missing" or before.origin == "source":
        return Adapted(before)
    record: dict[tuple[str, str, str], Adaptation] = {}
    texts = {"normal": before.dub.normal, "short": before.dub.short, "long": before.dub.long}
    texts["subtitle"] = before.subtitle
    for name in texts:
        field, whole = "subtitle" if name == "subtitle" else "dub", texts[name]
        for change, level, picture in _changes(job, whole):
            after = _put(change, whole, texts[name], job.market)
            if after == texts[name]:
                continue
            decision = _decision(job, change, picture)
            entry = Adaptation(
                before.line, change.rule, level, field, change.before, change.after, change.why, decision
            )
            record.setdefault((field, change.rule, change.before.lower()), entry)
            if decision in STANDING:
                texts[name] = after
    dub = replace(before.dub, normal=texts["normal"], short=texts["short"], long=texts["long"])
    return Adapted(replace(before, dub=dub, subtitle=texts["subtitle"]), tuple(record.values()))


def _put(change: Change, whole: str, text: str, market: str) -> str:
    """``text``, which was ``whole`` when the change was found, with the change made."""
    if change.at < 0:
        return swapped(text, change.before, change.after, market)
    return swapped_at(text, _moved(change, whole, text), change.before, change.after)


def _moved(change: Change, whole: str, text: str) -> int:
    """Where the words of a change stand after other changes; -1 where nobody can tell."""
    behind = whole[change.at :]
    if text.startswith(whole[: change.at] + change.before):
        return change.at
    if text.endswith(behind):
        return len(text) - len(behind)
    return text.find(change.before) if text.count(change.before) == 1 else -1


def _decision(job: Job, change: Change, picture: bool) -> Decision:
    """What becomes of a change: a person's verdict, else what the words' origin and the picture allow."""
    for one in job.verdicts:
        if one.change == (change.rule, change.before.lower()):
            if one.verdict == "reject":
                return "rejected"
            if one.verdict == "lock":
                return "locked"
            if one.verdict == "accept" and one.after:
                return "accepted"
    settled = job.rendering.status in ("reviewed", "locked") or job.rendering.origin == "person"
    return "offered" if settled or picture else "applied"


def _changes(job: Job, text: str) -> Iterator[tuple[Change, int, bool]]:
    """What would change in ``text``: what people locked first, then the rules; (change, level, picture).

    A change that a person accepted is made in the words that were accepted, which may be their own.
    """
    kept = {one.change: one for one in job.verdicts if one.verdict == "lock"}
    said = {one.change: one.after for one in job.verdicts if one.verdict == "accept" and one.after}
    ruled = [((each[0].rule, each[0].before.lower()), *each) for each in _ruled(job, text)]
    places = {key: change.at for key, change, _, _ in ruled}
    for key, one in kept.items():
        why = f"locked by {one.by or 'a person'}"
        yield Change(one.rule, one.before, one.after, why, at=places.get(key, -1)), 1, False
    for key, change, level, picture in ruled:
        if key not in kept:
            own = said.get(key, change.after)
            yield change if own.lower() == change.after.lower() else replace(change, after=own), level, picture


def _ruled(job: Job, text: str) -> Iterator[tuple[Change, int, bool]]:
    every = [(rule, *swap) for rule in job.rules for swap in rule.swaps]
    direct = [one for one in every if swapped(text, one[1], one[2], job.market) != text]
    crowds = {rule.id for rule in {one[0] for one in direct} if crowded(rule, text, job.market)}
    for rule, before, after in sorted(every, key=lambda one: -len(one[1])):  # the longer wording is the more exact one
        if (rule, before, after) in direct:
            doubtful = rule.id in crowds or before.casefold() in rule.offer or partly(rule, before, text)
            yield Change(rule.id, before, after, rule.why), rule.level, rule.picture or doubtful
        elif (form := found(before, text, job.market)) and not any(form[0] in one[1].casefold() for one in direct):
            why = f"{rule.why}; in a form of its own, so a person must fit the words around it"
            yield Change(rule.id, form[0], after, why), rule.level, True
    zh, market, figures = job.line.text, job.market, list[Change]()
    if "money" in job.figures:
        figures += money_changes(zh, text, market, job.policy)
    if "number" in job.figures:
        figures += number_changes(zh, text, market)
    if "unit" in job.figures:
        figures += unit_changes(zh, text, market, job.units)
    yield from ((change, change.level, False) for change in figures if change.level <= job.level)


def title(job: Job) -> str:
    """``"L0007 id-ID"``."""
    return f"{job.line.id} {job.market}"


STAGE = Stage("adapt", revision=11, answer=Adapted, recipe=recipe, work=work, title=title)
