"""What may be wrong with a term list although every row of it can be read."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import combinations

from localize.glossary import uses_of
from localize.inflection import occurs
from localize.scope import EVERYWHERE, scope_of
from localize.series import Character
from localize.termbase import Entry, Problem, Termbase

STRANGE = {"Cc", "Cf", "Co", "Cn", "Cs"}
"""Unicode categories that no word is written with: controls, private use, unassigned, halves of pairs."""
SCOPES = "write series, episodes (7, 7-12, 7-, -12), markets (id-ID), or both; anything else belongs into note"
SHARED = "dialogue"
"""A row without a use binds everything, dialogue among it."""


def checked(base: Termbase, cast: Sequence[Character] = (), texts: Mapping[str, Sequence[str]] | None = None) -> tuple[
    Problem, ...
]:  # fmt: skip
    """Every problem of ``base`` in the order of its lines: those that keep it from being read, then doubts.

    ``texts`` are the Chinese lines of the episodes that are known, by episode; without any, nothing counts as unused.
    """
    rows = [entry for entry in base.entries if entry["source"]]
    found = [
        *base.problems, *_conflicts(base, rows), *_forbidden(base), *_gaps(base, rows), *_overlaps(base, rows),
        *_names(base, rows, cast), *_scopes(base), *_strange(base), *_unused(rows, texts or {}),
    ]  # fmt: skip
    return tuple(sorted(dict.fromkeys(found), key=lambda one: one.line))


def _binding(rows: Iterable[Entry]) -> list[Entry]:
    return [one for one in rows if one["status"] in ("", "approved") and one["kind"] != "forbidden"]


def _conflicts(base: Termbase, rows: Sequence[Entry]) -> Iterator[Problem]:
    """Two rows that bind the same text and share no form: no translation can keep both."""
    for first, second in _same_source(_binding(rows)):
        if first.key == second.key or not _share(first, second):
            continue
        for market in base.markets:
            one, other = first.forms(market), second.forms(market)
            if one and other and not set(one) & set(other) and _together(first, second, market):
                told = f"{second['source']} is “{second[market]}” here and “{first[market]}” on line {first.number}"
                fix = "give one of the rows another use, or make one row of them: first|second"
                yield Problem(second.number, "warning", "conflict", told, fix, market)


def _same_source(rows: Iterable[Entry]) -> Iterator[tuple[Entry, Entry]]:
    groups: dict[str, list[Entry]] = {}
    for row in rows:
        groups.setdefault(row["source"], []).append(row)
    for group in groups.values():
        yield from combinations(group, 2)


def _forbidden(base: Termbase) -> Iterator[Problem]:
    """Forbidden forms that stand in approved ones: whoever keeps the one breaks the other."""
    approved = _binding(base.entries)
    for rule in base.entries:
        if rule["kind"] != "forbidden":
            continue
        for market in base.markets:
            for form in rule.forms(market):
                for entry in approved:
                    hit = next((said for said in entry.forms(market) if occurs(form, said, market)), "")
                    if hit and rule["source"] in ("", entry["source"]) and _share(rule, entry):
                        told = f"“{form}” is forbidden, and line {entry.number} approves “{hit}” for {entry['source']}"
                        fix = "drop the form from one of the two rows"
                        yield Problem(rule.number, "warning", "forbidden", told, fix, market)


def _share(one: Entry, other: Entry) -> bool:
    """Whether one text may have to keep both."""
    uses = set(uses_of(one["use"])), set(uses_of(other["use"]))
    return not all(uses) or bool(uses[0] & uses[1])


def _together(one: Entry, other: Entry, market: str) -> bool:
    """Whether both hold in some episode of a market, and none outranks the other there."""
    first, second = (scope_of(row["scope"]) or EVERYWHERE for row in (one, other))
    here = all(not scope.markets or market in scope.markets for scope in (first, second))
    outranked = one["use"] == other["use"] and first.narrow != second.narrow
    return here and not outranked and first.meets(second)


def _scopes(base: Termbase) -> Iterator[Problem]:
    """Scopes that bind nothing down although they may be meant to."""
    for row in base.entries:
        found = scope_of(row["scope"])
        if found is None:
            told = f"the scope {row['scope']!r} names no episodes and no market, so the row holds everywhere"
            yield Problem(row.number, "warning", "scope", told, SCOPES)
        elif lost := [code for code in found.markets if code not in base.markets or not row.forms(code)]:
            told = f"the scope names {', '.join(lost)}, where the row has no form"
            yield Problem(row.number, "warning", "scope", told, "fill in the cell, or take the market out of the scope")


def _gaps(base: Termbase, rows: Sequence[Entry]) -> Iterator[Problem]:
    for row in _binding(rows):
        empty = [market for market in base.markets if not row.forms(market)]
        if empty:
            told = f"{row['source']} has no target in {', '.join(empty)}"
            yield Problem(row.number, "warning", "no target", told, "fill in the cell; until then nothing binds there")


def _overlaps(base: Termbase, rows: Sequence[Entry]) -> Iterator[Problem]:
    """Sources that may share characters of a line: the longest wins, which is worth knowing where targets differ."""
    distinct = {
        row["source"]: row for row in reversed(_binding(rows)) if not row["use"] or SHARED in uses_of(row["use"])
    }
    for short, long in combinations(sorted(distinct, key=lambda one: (len(one), distinct[one].number)), 2):
        one, other = distinct[short], distinct[long]
        if short in long:
            lost = [m for m in base.markets if one.forms(m) and other.forms(m) and not _within(one, other, m)]
            if lost:
                told = f"{short} (line {one.number}) does not count inside {long}; targets differ in {', '.join(lost)}"
                yield Problem(other.number, "note", "overlap", told)
        elif size := _joint(short, long) or _joint(long, short):
            told = f"{short} (line {one.number}) and {long} overlap by {size}; where they meet, one hides the other"
            yield Problem(other.number, "warning", "overlap", told, "add the whole as a term of its own")


def _within(one: Entry, other: Entry, market: str) -> bool:
    return any(occurs(form, said, market) for form in one.forms(market) for said in other.forms(market))


def _joint(first: str, second: str) -> str:
    """What ``first`` ends and ``second`` begins with."""
    sizes = range(min(len(first), len(second)) - 1, 0, -1)
    return next((first[-size:] for size in sizes if first.endswith(second[:size])), "")


def _names(base: Termbase, rows: Sequence[Entry], cast: Sequence[Character]) -> Iterator[Problem]:
    """Names nobody in the cast goes by, and names the cast spells otherwise."""
    known = {name: one for one in cast for name in (one.name, *one.aliases)}
    surnames = {one.name[: len(one.name) - 1] for one in cast} | {one.name[:1] for one in cast}
    for row in rows:
        who = known.get(row["source"])
        if row["kind"] != "name":
            continue
        if who is None:
            if cast and row["source"].rstrip("氏") not in surnames and not row["note"]:
                told = f"{row['source']} is a name, and nobody in cast.toml goes by it"
                fix = "add it to the cast or to somebody's aliases, or say in the note who or what it is"
                yield Problem(row.number, "note", "unknown name", told, fix)
            continue
        for market in base.markets:
            called = who.called(market) if row["source"] == who.name else ""
            if called and row.forms(market) and called.casefold() not in map(str.casefold, row.forms(market)):
                told = f"{row['source']} is “{row[market]}” here and “{called}” in cast.toml"
                yield Problem(row.number, "warning", "name", told, "terms.csv wins; make both say the same", market)


def _strange(base: Termbase) -> Iterator[Problem]:
    for row in base.entries:
        for name in ("source", *base.markets):
            odd = [mark for mark in row[name] if mark == "\ufffd" or unicodedata.category(mark) in STRANGE]
            if odd:
                marks = ", ".join(f"U+{ord(mark):04X}" for mark in dict.fromkeys(odd))
                told = f"{name} holds {marks}, which no word is written with: {row[name]!r}"
                yield Problem(
                    row.number, "warning", "characters", told, "type the word again", name if name != "source" else ""
                )


def _unused(rows: Sequence[Entry], texts: Mapping[str, Sequence[str]]) -> Iterator[Problem]:
    whole = "\n".join(text for lines in texts.values() for text in lines)
    if not whole:
        return
    for row in rows:
        if (not row["use"] or SHARED in uses_of(row["use"])) and row["source"] not in whole:
            many = f"{len(texts)} episodes" if len(texts) > 1 else "the one episode"
            told = f"{row['source']} occurs in no line of {many} that {'are' if len(texts) > 1 else 'is'} known"
            yield Problem(row.number, "note", "unused", told)
