"""Whether a translation keeps the terms of its line, and what of a miss can be mended without guessing.

A miss is mended only where the result must be grammatical: Chinese left standing, a name spelled otherwise or a letter
off, somebody called by a title and nothing else, a forbidden word whose approved one is of the same kind.  Everything
else stays a miss, and becomes a finding.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cache

from localize.adaptation import rules_table
from localize.glossary import Glossary, Term, broken_terms
from localize.inflection import occurs
from localize.titles import titles
from localize.written_in import is_function_word

GOAL = 0.98
"""Share of term hits a run should keep (the project's own goal)."""
LONG = 8
"""Letters of a name from which one letter off is more likely a slip than somebody else (our own limit)."""
PARTS = re.compile(r"[^，。！？；：、…—,.!?;:¡¿\n]+")
_WORD = re.compile(r"\w[\w'’-]*")
_NAMED = re.compile(r"\w(?:(?!['’]s\b)[\w'’-])*")
"""A word without the English 's of an owner."""
_VOWEL = re.compile(r"(?i)[aeio]|un(?!i)|u(?!ni|s[aeiu]|r[aeiu])|hour|heir|honest|honou?r")
_DETERMINED = re.compile(r"(?i)\b(?:el|la|los|las|un|una|unos|unas|del|al|este|esta|ese|esa|mi|tu|su|otro|otra)\s+$")


@dataclass(frozen=True, slots=True)
class Missed:
    """An approved term that a text does not say: ``wanted`` are its forms, ``said`` the text."""

    line: str
    field: str
    source: str
    wanted: tuple[str, ...]
    said: str


@dataclass(frozen=True, slots=True)
class Accuracy:
    """How many hits of approved terms were to be kept in dub and subtitle, and which were not."""

    asked: int
    missed: tuple[Missed, ...]

    @property
    def kept(self) -> int:
        return self.asked - len(self.missed)

    @property
    def share(self) -> float:
        """0–1; 1 where nothing was asked."""
        return self.kept / self.asked if self.asked else 1.0


def accuracy(texts: Iterable[tuple[str, str, Sequence[tuple[str, str]]]], glossary: Glossary) -> Accuracy:
    """Hold translations against the terms of their lines.

    ``texts`` are (line id, Chinese, ((field, translation), …)); an empty translation is no miss but no line.
    """
    asked, missed = 0, []
    for line, source, fields in texts:
        wanted: dict[str, list[Term]] = {}
        for term in glossary.found_in(source):
            if term.kind != "forbidden":
                wanted.setdefault(term.source, []).append(term)
        for name, said in fields:
            if not said.strip():
                continue
            asked += len(wanted)
            missed += [
                Missed(line, name, zh, tuple(form for term in terms for form in term.forms), said)
                for zh, terms in wanted.items()
                if not any(occurs(form, said, term.language) for term in terms for form in term.forms)
            ]
    return Accuracy(asked, tuple(missed))


# ── mending ─────────────────────────────────────────────────────────────────────────────────────────────────
def mended(source: str, said: str, terms: Sequence[Term]) -> tuple[str, tuple[str, ...]]:
    """``said`` with its terms put right as far as grammar allows, and what was done, in words.

    What could not be put right is left as it was: ``broken_terms`` of the result tells.
    """
    done = []
    for term in terms:
        if not term.binds() or not broken_terms([term], said):
            continue
        for way in _FORBIDDEN if term.kind == "forbidden" else _WAYS:
            new = way(source, said, term, terms)
            if new != said and _better(new, said, terms):
                done.append(f"{term.source or 'a forbidden word'}: “{said}” → “{new}”")
                said = new
                break
    return said, tuple(done)


def _better(new: str, said: str, terms: Sequence[Term]) -> bool:
    before, after = (set(broken_terms(terms, text)) for text in (said, new))
    return after < before


def _left_standing(source: str, said: str, term: Term, terms: Sequence[Term]) -> str:
    """The Chinese itself stands in the text."""
    return _spaced(said, term.source, term.target) if term.source in said else said


def _spaced(said: str, word: str, target: str) -> str:
    before, _, after = said.partition(word)
    left = " " if before[-1:].isalnum() else ""
    right = " " if after[:1].isalnum() else ""
    return before + left + target + right + after


def _respelled(source: str, said: str, term: Term, terms: Sequence[Term]) -> str:
    """A name with other accents, hyphens, blanks or capitals, or with family name and given name turned."""
    if term.kind not in ("name", "brand"):
        return said
    words, size = list(_WORD.finditer(said)), len(term.target.split())
    wanted = _letters(term.target)
    turned = {wanted, _letters(" ".join(reversed(term.target.split())))}
    for length in range(1, size + 2):
        for at in range(len(words) - length + 1):
            start, end = words[at].start(), words[at + length - 1].end()
            run = said[start:end]
            if run[:1].isupper() and _letters(run) in turned:
                return said[:start] + term.target + said[end:]
    return _misspelled(source, said, term, terms)


def _misspelled(source: str, said: str, term: Term, terms: Sequence[Term]) -> str:
    """A long name of as many words, one letter of one of them another (Secretary Lim for Secretary Lin), that is
    nobody else's and no word of the language.

    The Chinese must say the name once, every word have its capital, and only one place fit.  A name of one word or of
    few letters is left to people: Mario may be Mario, Shen Wen her sister, Mr. Wong somebody else.
    """
    if term.kind != "name" or source.count(term.source) != 1:
        return said
    words, wanted = list(_NAMED.finditer(said)), [_letters(word) for word in term.target.split()]
    if len(wanted) < 2 or sum(map(len, wanted)) < LONG:
        return said
    others = {_letters(word) for one in terms if one is not term for form in one.forms for word in form.split()}
    runs = [words[at : at + len(wanted)] for at in range(len(words) - len(wanted) + 1)]
    fitting = [own for own in runs if _a_letter_off(own, wanted, others)]
    if len(fitting) != 1:
        return said
    return said[: fitting[0][0].start()] + term.target + said[fitting[0][-1].end() :]


def _a_letter_off(own: Sequence[re.Match[str]], wanted: Sequence[str], others: set[str]) -> bool:
    """Whether the words ``own`` are those of a name, but for one letter of one word.

    A letter more or less is too often a word (Lin Went).
    """
    from rapidfuzz.distance import DamerauLevenshtein

    off = [(_letters(one[0]), word) for one, word in zip(own, wanted, strict=True) if _letters(one[0]) != word]
    if len(off) != 1 or off[0][0] in others or not all(one[0][:1].isupper() for one in own):
        return False
    here, there = off[0]
    near = len(here) == len(there) > 2 and here[0] == there[0] and DamerauLevenshtein.distance(here, there) == 1
    return near and not is_function_word(here)


def _letters(text: str) -> str:
    """Base letters alone: ``Lú-Chén`` and ``Lu chen`` are the same."""
    plain = unicodedata.normalize("NFD", text)
    return "".join(mark for mark in plain.casefold() if mark.isalpha())


def _called(source: str, said: str, term: Term, terms: Sequence[Term]) -> str:
    """Somebody is called by the term alone: where that is the whole line, or the part at its place is nothing but a
    title the tables know, that part is what they are called.
    """
    if term.kind not in ("name", "title"):
        return said
    theirs, ours = list(PARTS.finditer(source)), list(PARTS.finditer(_unspoken(said)))
    if len(theirs) != len(ours):
        return said
    for one, other in zip(theirs, ours, strict=True):
        words = other[0].split()
        if one[0].strip() != term.source or not 0 < len(words) <= len(term.target.split()) + 1:
            continue
        if len(ours) == 1 or _is_title(other[0].strip(), term.language):
            at = other.start() + len(other[0]) - len(other[0].lstrip())
            target = term.target[:1].upper() + term.target[1:] if said[at : at + 1].isupper() else term.target
            return said[:at] + target + said[at + len(other[0].strip()) :]
    return said


def _is_title(said: str, language: str) -> bool:
    """Whether the words are a title of the tables and nothing else, with a family name where it takes one."""
    return any(re.fullmatch(form, said.replace("\u2024", ".")) for form in _titles(language.partition("-")[0]))


@cache
def _titles(language: str) -> tuple[str, ...]:
    """Patterns of what people are called in a language (of every market where it is empty): the forms of
    ``glossaries/titles.toml`` and the literal renderings of ``markets/adaptation/address.toml``.
    """
    kept = [(market, form) for title in titles() for market, *forms in title.forms for form in forms]
    literal = rules_table()["address"].values()
    kept += [(market, form) for row in literal for market, forms in row.items() for form in forms]
    found = {form for market, form in kept if not language or market.partition("-")[0] == language}
    return tuple(sorted(_title_pattern(form) for form in found))


def _title_pattern(form: str) -> str:
    """A title in any case; its family name has a capital, and may be missing."""
    name = r"[^\W\d_a-zà-ÿ][\w'’-]*"
    before, slot, after = form.partition("{X}")
    title = f"(?i:{re.escape((before or after).strip())})"
    if not slot:
        return title
    return f"{title}(?: {name})?" if before else f"(?:{name} )?{title}"


def _unspoken(said: str) -> str:
    """Abbreviations' dots are no ends of parts (Mr. Lu)."""
    return re.sub(r"\b(Mrs?|Ms|Dr|Sra?|Srta|Jr|St)\.", lambda match: match[1] + "\u2024", said)


def _allowed(source: str, said: str, term: Term, terms: Sequence[Term]) -> str:
    """A forbidden form becomes the approved one of the same source, where no word before it must agree with it."""
    approved = next(
        (one for one in terms if one.source == term.source and one.kind != "forbidden" and one.binds()), None
    )
    form = next((form for form in term.forms if re.search(rf"(?i)(?<!\w){re.escape(form)}(?!\w)", said)), "")
    if approved is None or not form:
        return said
    match = re.search(rf"(?i)(?<!\w){re.escape(form)}(?!\w)", said)
    assert match is not None
    before, after = said[: match.start()], said[match.end() :]
    if _DETERMINED.search(before):
        return said
    target = approved.target[:1].upper() + approved.target[1:] if match[0][:1].isupper() else approved.target
    return _article(before, target) + target + after


def _article(before: str, target: str) -> str:
    """English *a* or *an* as the next word wants it."""
    match = re.search(r"(?i)\b(a)n?(\s+)$", before)
    if match is None:
        return before
    return before[: match.start()] + match[1] + ("n" if _VOWEL.match(target) else "") + match[2]


Way = Callable[[str, str, Term, Sequence[Term]], str]
_WAYS: tuple[Way, ...] = (_left_standing, _respelled, _called)
_FORBIDDEN: tuple[Way, ...] = (_allowed,)
