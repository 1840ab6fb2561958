"""Putting one wording in another's place, as each language writes words."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from localize.han import SIGNS
from localize.written_in import small_words

_UNSPACED = re.compile(rf"[\u0e00-\u0eff\u3040-\u30ff{SIGNS}]")
_HANGUL = re.compile(r"[\uac00-\ud7a3]")
_PARTICLES = (
    ("은", "는"),
    ("이", "가"),
    ("을", "를"),
    ("과", "와"),
    ("으로", "로"),
    ("이야", "야"),
    ("이에요", "예요"),
)
"""Korean particles after a consonant, after a vowel."""
_PARTICLE = re.compile(
    "(?:"
    + "|".join(sorted((form for pair in _PARTICLES for form in pair), key=len, reverse=True))
    + r")(?![\uac00-\ud7a3])"
)

_WHOSE, _STRESSED = "(?:nya|ku|mu)", "(?:lah|kah|pun)"
"""What Indonesian writes on to the end of a word: whose it is, and emphasis."""
_AFTER_HYPHEN = f"-(?:{_WHOSE}{_STRESSED}?|{_STRESSED})"
_WRITTEN_ON = f"{_WHOSE}?{_STRESSED}?"
_SHORT = re.compile(r"\b(?:Mrs?|Ms|Dr|Dra|Prof|St|Sr|Sra|Srta|Bpk)\.$")
"""Titles cut short before a name: their stop ends no sentence."""
WHOLE = 5
"""Letters from which a word with an ending on it is surely that word: su and suku have nothing to do with each other
(our own limit).  Names take their endings after a hyphen (EYD V), so malah is no Ma."""


@dataclass(frozen=True, slots=True)
class Renamed:
    """Somebody under a local name: in full ``before`` → ``after``, with titles ``short_before`` → ``short``.

    ``zh`` is the Chinese name, ``surname`` its family name.
    """

    id: str
    zh: str
    surname: str
    before: str
    after: str
    short_before: str
    short: str


def swapped(text: str, before: str, after: str, market: str) -> str:
    """``text`` with whole words replaced; sentence capitals, the English article, Korean particles and
    Indonesian endings (maharnya) follow.

    Words that are part of ``after`` where it stands already stay: ``teh susu`` in ``teh susu boba``.  A name or a word
    shorter than ``WHOLE`` with something written on to it is another word, and stays; so does what has no capital where
    a name of one word has, and a sentence's first word that the language cannot do without: He knows, An apple.
    """
    low, there = text.casefold(), [one.span() for one in re.finditer(re.escape(after.casefold()), text.casefold())]
    there = there if after and len(low) == len(text) else []
    named, little = before.isalpha() and before.istitle(), small_words(market)

    def put(at: re.Match[str]) -> str:
        if any(start <= at.start() and at.end() <= end and at.end() - at.start() < end - start for start, end in there):
            return at[0]
        ahead = text[: at.start()].rstrip(" ¡¿“\"'(")
        begins = not ahead or (ahead[-1] in ".!?…" and not _SHORT.search(ahead))
        if named and (at["words"][:1].islower() or (begins and before.casefold() in little)):
            return at[0]
        article, said = at.groupdict().get("article") or "", after
        if article:
            grown = "an" if re.match(r"(?i)[aei]|o(?!nce\b|ne\b)|u(?!s|ni)|heir|hour|hon", said) else "a"
            return (grown.capitalize() if article[0].isupper() else grown) + " " + said
        tail = at.groupdict().get("tail") or ""
        said += ("-" if tail and said[-1:].isupper() and not tail.startswith("-") else "") + tail
        if at.groupdict().get("particle"):
            return said + _fitting(said, at["particle"])
        return said[:1].upper() + said[1:] if begins else said

    return _pattern(before, market.partition("-")[0]).sub(put, text)


def swapped_at(text: str, at: int, before: str, after: str) -> str:
    """``text`` with the one ``before`` at ``at`` replaced by ``after``; a Korean particle behind it follows.

    Unchanged where ``before`` does not stand there.
    """
    if at < 0 or not text.startswith(before, at):
        return text
    rest = text[at + len(before) :]
    particle = _PARTICLE.match(rest)
    tail = _fitting(after, particle[0]) + rest[particle.end() :] if particle else rest
    return text[:at] + after + tail


def occurs(words: str, text: str, market: str) -> bool:
    """Whether ``words`` stand in ``text`` where ``swapped`` would find them."""
    return bool(words) and _pattern(words, market.partition("-")[0]).search(text) is not None


def counted(words: str, text: str, market: str) -> int:
    """How often ``words`` stand in ``text`` where ``swapped`` would find them."""
    return sum(1 for _ in _pattern(words, market.partition("-")[0]).finditer(text)) if words else 0


@lru_cache(4096)
def _pattern(before: str, language: str) -> re.Pattern[str]:
    words = re.escape(before)
    if _UNSPACED.search(before):  # no blanks between words: wherever it stands
        return re.compile(f"(?P<words>{words})", re.IGNORECASE)
    if _HANGUL.search(before):  # particles are written on to the word
        return re.compile(rf"(?<!\w)(?P<words>{words})(?P<particle>{_PARTICLE.pattern})?", re.IGNORECASE)
    if language in ("ja", "ko", "th"):  # CEO来た, CEO가
        particle = f"(?P<particle>{_PARTICLE.pattern})?" if language == "ko" else ""
        return re.compile(rf"(?<![a-z0-9])(?P<words>{words})(?![a-z0-9]){particle}", re.IGNORECASE)
    article = "(?:(?P<article>an?) )?" if language == "en" else ""
    tail = f"(?P<tail>{_tails(before)})?" if language == "id" else ""
    return re.compile(rf"(?<!\w){article}(?P<words>{words}){tail}(?!\w)", re.IGNORECASE)


def _tails(before: str) -> str:
    """The endings that may be written on to an Indonesian word: on to a name or a short word only after a hyphen."""
    plain = len(before) >= WHOLE and before == before.lower()
    return f"{_AFTER_HYPHEN}|{_WRITTEN_ON}" if plain else _AFTER_HYPHEN


def _fitting(word: str, particle: str) -> str:
    """The form of a particle that the last syllable of ``word`` asks for."""
    last = word[-1:]
    if not _HANGUL.match(last):
        return particle
    final = (ord(last) - 0xAC00) % 28
    for closed, opened in _PARTICLES:
        if particle in (closed, opened):
            ends_open = not final or (closed == "으로" and final == 8)  # ㄹ takes 로
            return opened if ends_open else closed
    return particle
