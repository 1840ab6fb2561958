"""Words that are settled: the series' terms and the lines it translated before."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Literal

from localize.errors import InputError
from localize.hanzi import simplified
from localize.inflection import occurs as occurs
from localize.market import is_market
from localize.spreadsheet import original
from localize.tables import choice_of, read_rows
from localize.version import Origin

TermKind = Literal["name", "title", "trope", "idiom", "brand", "forbidden"]
KINDS = ("name", "title", "trope", "idiom", "brand", "forbidden")
USES = ("", "dialogue", "tag", "title", "synopsis")
"""What a term is used for; a cell may name several, ``tag|title``, and none means all."""
STATES = ("", "approved", "draft")
CLOSE = 85.0
"""Score from which a match is offered at all; below it a translator types faster (usual in CAT tools)."""


def uses_of(cell: str) -> tuple[str, ...]:
    """The uses a cell names, in its order."""
    return tuple(part.strip() for part in cell.split("|") if part.strip())


@dataclass(frozen=True, slots=True)
class Term:
    """A Chinese term and its approved forms in one market, the preferred one first.

    A ``forbidden`` term's forms must *not* occur, anywhere when ``source`` is empty.  No ``use`` means all.
    ``language`` (BCP 47) is that of the forms; its plurals, genders and affixes count as the form itself.
    """

    source: str
    forms: tuple[str, ...]
    kind: TermKind
    use: str = ""
    scope: str = ""
    status: str = "approved"
    note: str = ""
    language: str = ""

    @property
    def target(self) -> str:
        return self.forms[0] if self.forms else ""

    @property
    def binds_at_all(self) -> bool:
        """Whether any text must follow the term: a draft, or one without a form, binds nothing."""
        return self.status == "approved" and bool(self.forms)

    def binds(self, use: str = "dialogue") -> bool:
        """Whether a target text of this use must follow the term; several uses stand as ``tag|title``."""
        return self.binds_at_all and (not self.use or use in uses_of(self.use))


@dataclass(frozen=True, slots=True)
class Hit:
    """A translation found for a line.  ``score`` 0–100: how alike the Chinese is; ``why_not`` bars
    filling.  ``form`` and ``call`` are how the addressee was addressed when it was said, where that is known.
    """

    source: str
    dub: str
    subtitle: str
    score: float
    origin: Origin
    reference: str
    speaker: str = ""
    addressee: str = ""
    setting: str = ""
    register: str = ""
    why_not: str = ""
    short: str = ""
    long: str = ""
    form: str = ""
    call: str = ""


@dataclass(frozen=True, slots=True)
class Glossary:
    """The terms of one market, longest source first."""

    terms: tuple[Term, ...] = ()

    @staticmethod
    def of(terms: Iterable[Term]) -> Glossary:
        return Glossary(tuple(sorted(terms, key=lambda term: (-len(term.source), term.source))))

    def found_in(self, text: str, use: str = "dialogue") -> tuple[Term, ...]:
        """Terms that bind ``use`` and occur in ``text``, in the order of their places.

        The longest wins where they overlap (陆太太 hides 太太).  What binds nothing (a draft, the series' title) hides
        nothing; forbidden words neither hide nor are hidden, and those without a source are found everywhere.
        """
        text = simplified(text)
        taken = [False] * len(text)
        found: dict[Term, int] = {}
        binding = [term for term in self.terms if simplified(term.source) in text and term.binds(use)]
        for source in dict.fromkeys(simplified(term.source) for term in binding if term.source):
            same = [term for term in binding if simplified(term.source) == source]
            at = text.find(source)
            while at >= 0:
                end = at + len(source)
                free = not any(taken[at:end])
                if free and any(term.kind != "forbidden" for term in same):
                    taken[at:end] = [True] * (end - at)
                for term in same:
                    if free or term.kind == "forbidden":
                        found.setdefault(term, at)
                at = text.find(source, end)
        everywhere = tuple(term for term in binding if not term.source and term.kind == "forbidden")
        return tuple(sorted(found, key=found.__getitem__)) + everywhere


def broken_terms(terms: Iterable[Term], target: str, use: str = "dialogue", language: str = "") -> tuple[str, ...]:
    """What ``target`` does against the terms of its line, in words; empty when it keeps them all.

    ``language`` is that of ``target``, for terms that do not tell theirs.
    """
    wrong = []
    for term in terms:
        if not term.binds(use):
            continue
        used = next((form for form in term.forms if occurs(form, target, term.language or language)), "")
        if term.kind == "forbidden" and used:
            wrong.append(f"“{used}” is forbidden" + (f" for {term.source}" if term.source else ""))
        elif term.kind != "forbidden" and not used:
            wrong.append(f"{term.source} must be “{' or '.join(term.forms)}”")
    return tuple(wrong)


@lru_cache(maxsize=65536)
def normal(text: str) -> str:
    """What two spellings of the same line share: half width, simplified, no punctuation or spaces, lower case.

    Dots inside numbers stay (3.5亿); so do the private-use characters that stand for slots.
    """
    return "".join(phrases(text))


def phrases(text: str) -> list[str]:
    """The parts of ``normal(text)`` that punctuation or spaces kept apart (五百万，一分 are two numbers)."""
    text = simplified(unicodedata.normalize("NFKC", text)).lower()
    text = re.sub(r"(?<=\d),(?=\d{3})", "", text)
    text = re.sub(r"(?<=\d)\.(?=\d)", "\ue0ff", text)
    kept = "".join(c if c.isalnum() or "\ue000" <= c <= "\ue0ff" else " " for c in text)
    return kept.replace("\ue0ff", ".").split()


class TranslationMemory:
    """Lines this series translated before, for one market; finds them by exact and by close wording."""

    def __init__(self, entries: Iterable[Hit] = ()) -> None:
        self._entries: dict[str, list[Hit]] = defaultdict(list)
        for entry in entries:
            self._entries[normal(entry.source)].append(entry)
        self._keys = tuple(self._entries)

    def __len__(self) -> int:
        return sum(map(len, self._entries.values()))

    def hits(self, text: str, limit: int = 3) -> tuple[Hit, ...]:
        """The best matches, best first; among equals the latest row wins.  100 means the same wording."""
        from rapidfuzz import fuzz, process

        key = normal(text)
        if not key or not self._keys:
            return ()
        close = process.extract(key, self._keys, scorer=fuzz.ratio, score_cutoff=CLOSE, limit=limit)
        found = [
            replace(hit, score=round(score, 1)) for name, score, _ in close for hit in reversed(self._entries[name])
        ]
        return tuple(found[:limit])


MEMORY_COLUMNS = (
    "source",
    "speaker",
    "addressee",
    "setting",
    "market",
    "dub",
    "subtitle",
    "short",
    "long",
    "status",
    "episode",
    "from",
    "changed",
    "changed_by",
)
PROVENANCE = ("from", "changed", "changed_by")
"""Where a row of somebody else's memory is from: the file, the day it was last changed there, and who did."""


def read_memory(path: Path) -> Mapping[str, tuple[Hit, ...]]:
    """``memory.csv`` → entries per market; empty rows are left out, drafts say why they are not filled."""
    found: dict[str, list[Hit]] = defaultdict(list)
    for row in read_rows(path, ("source", "market", "dub"), MEMORY_COLUMNS):
        status = choice_of(row["status"], ("", "draft", "reviewed", "locked", "approved"), "status", row.place)
        if not row["source"] or not row["market"]:
            lost = "market" if row["source"] else "source"
            raise InputError(f"the {lost} is missing", row.place, f"fill in {lost}, or empty the whole row")
        if not is_market(row["market"], row.place):
            continue
        dub, subtitle = original(row["dub"] or row["subtitle"]), original(row["subtitle"] or row["dub"])
        if dub:
            doubt = "the earlier line was never reviewed" if status == "draft" else ""
            where = f"{path.name} {row['episode']}".strip()
            if row["from"]:
                told = ", ".join(filter(None, (row["changed_by"], row["changed"])))
                where = f"{row['from']} ({told})" if told else row["from"]
            people = (row["speaker"], row["addressee"], row["setting"])
            lengths = {name: original(row[name]) for name in ("short", "long")}
            hit = Hit(original(row["source"]), dub, subtitle, 100.0, "memory", where, *people, why_not=doubt, **lengths)
            found[row["market"]].append(hit)
    return {market: tuple(hits) for market, hits in found.items()}
