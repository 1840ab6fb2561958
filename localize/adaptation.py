"""The rules of cultural adaptation: read from ``markets/adaptation/*.toml``, by subject, with who reviewed them."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from itertools import product
from typing import Any

LEVELS: Mapping[int, str] = {
    0: "literal: only wrong figures are put right",
    1: "terms, idioms, titles, units and money in the market's words",
    2: "the cast under local names, besides",
    3: "picture edits are listed for people; none is made here",
    4: "a remake with a local cast is proposed; none is made here",
}
"""What each level of adaptation means (domain facts §4.1).  What is said in a line ends at ``IN_DIALOGUE``."""
DEFAULT = 1
IN_DIALOGUE = 2
SUBJECTS = (
    "tropes", "idioms", "kinship", "address", "measures", "money", "customs", "sensitive", "profanity", "parallels",
)  # fmt: skip
WEIGHTS = ("mild", "moderate", "strong")


@dataclass(frozen=True, slots=True)
class Review:
    """Who read one subject's rules for a market: ``draft`` until a native reader signs."""

    subject: str
    market: str
    status: str = "draft"
    reviewed_by: str = ""
    on: str = ""

    @property
    def signed(self) -> bool:
        return self.status == "reviewed" and bool(self.reviewed_by)


@dataclass(frozen=True, slots=True)
class Wording:
    """One rule in one market: what a literal rendering looks like and what to say.

    ``swaps`` are (literal, instead), tried in order; ``say`` is what the market says.  ``picture``: the picture may
    contradict it, so it is only offered.  ``flag`` names the sensitive topic it touches, ``use`` where it may serve.
    ``beside``: a literal wording without these words is but a part of the saying where one of them stands in the text.
    ``offer``: literal wordings that are good words too, or fit no sentence as they are; ``sure``: Chinese without which
    another sense is as likely; ``but``: Chinese that, outside the words of the rule, shows the other sense.
    """

    id: str
    zh: tuple[str, ...]
    unless: tuple[str, ...]
    setting: str
    level: int
    picture: bool
    use: tuple[str, ...]
    why: str
    say: str
    swaps: tuple[tuple[str, str], ...]
    flag: str = ""
    beside: tuple[str, ...] = ()
    offer: tuple[str, ...] = ()
    sure: tuple[str, ...] = ()
    but: tuple[str, ...] = ()

    @property
    def kind(self) -> str:
        """``trope``, ``idiom``, ``kinship`` …: what a market file turns on in ``rules``."""
        return self.id.partition(".")[0]

    def applies(self, zh: str, setting: str = "") -> bool:
        """Whether the Chinese line calls for it; ``setting`` is the series'."""
        here = not self.setting or not setting or setting.startswith(self.setting)
        called = here and any(word in zh for word in self.zh) and not any(word in zh for word in self.unless)
        return called and not any(word in re.sub(self._words, "", zh) for word in self.but)

    def times(self, zh: str) -> int:
        """How often the Chinese line says it."""
        return len(re.findall(self._words, zh))

    def surely(self, zh: str) -> bool:
        """Whether the Chinese line can mean nothing else."""
        return not self.sure or any(word in zh for word in self.sure)

    @property
    def _words(self) -> str:
        return "|".join(map(re.escape, sorted(self.zh, key=len, reverse=True)))


@lru_cache(maxsize=1)
def tables() -> Mapping[str, dict[str, Any]]:
    """Every file of ``markets/adaptation``, by subject."""
    folder = files("localize.markets") / "adaptation"
    found = (one for one in folder.iterdir() if one.name.endswith(".toml"))
    return {one.name.removesuffix(".toml"): tomllib.loads(one.read_text("utf-8")) for one in found}


@lru_cache(maxsize=1)
def rules_table() -> Mapping[str, Any]:
    """All subjects as one: ``rule`` (a list), ``address``, ``unit`` and ``money`` (tables by name)."""
    every = [row for subject in SUBJECTS for row in tables()[subject].get("rule", ())]
    return {
        "rule": every, "address": tables()["address"]["address"], "unit": tables()["measures"]["unit"],
        "money": tables()["money"]["money"], "apart": tables()["address"]["apart"],
        "unless": tables()["address"]["unless"], "offer": tables()["address"]["offer"],
    }  # fmt: skip


@cache
def wordings(market: str) -> tuple[Wording, ...]:
    """Every rule that says something in ``market``, the milder oaths only where its profanity level asks for them."""
    allowed = tables()["profanity"]["allowed"].get(market, "strong")
    return tuple(
        _wording(row, market)
        for row in rules_table()["rule"]
        if (row.get(market) or row.get("say", {}).get(market))
        and ("weight" not in row or WEIGHTS.index(row["weight"]) > WEIGHTS.index(allowed))
    )


def _wording(row: Mapping[str, Any], market: str) -> Wording:
    say = row.get("say", {}).get(market, "")
    pairs = [
        (before, after)
        for one in row.get(market, ())
        for before, after in ((each, say if isinstance(one, str) else one[1]) for each in _each(one))
    ]
    if row.get("noun") and market.startswith("en"):
        pairs += [(_many(before), _many(after)) for before, after in pairs if not before.endswith("s")]
    return Wording(
        id=row["id"], zh=tuple(row["zh"]), unless=tuple(row.get("unless", ())), setting=row.get("setting", ""),
        level=row["level"], picture=row.get("picture", False), use=tuple(row.get("use", ("dialogue",))),
        why=row["why"], say=say, swaps=tuple(pairs), flag=row.get("flag", ""),
        beside=tuple(row.get("beside", {}).get(market, ())),
        offer=tuple(word.casefold() for word in row.get("offer", {}).get(market, ())),
        sure=tuple(row.get("sure", ())), but=tuple(row.get("but", ())),
    )  # fmt: skip


def _each(one: str | Sequence[str]) -> Iterator[str]:
    """The literal wordings of an entry: ``"crematorio {de|por} perseguir"`` is two."""
    parts = re.split(r"\{([^}]*)\}", one if isinstance(one, str) else one[0])
    for chosen in product(*(part.split("|") if at % 2 else [part] for at, part in enumerate(parts))):
        yield "".join(chosen)


def _many(words: str) -> str:
    """The English plural of words that end in a noun."""
    if words.endswith("man"):
        return words[:-2] + "en"
    if re.search("[^aeiou]y$", words):
        return words[:-1] + "ies"
    return words if words.endswith("s") else words + ("es" if re.search("(x|ch|sh)$", words) else "s")


def reviews(market: str) -> tuple[Review, ...]:
    """Who read the rules of a market, subject by subject; subjects that say nothing there are left out."""
    found = ((subject, tables()[subject].get("status", {}).get(market)) for subject in SUBJECTS)
    return tuple(Review(subject, market, **row) for subject, row in found if row is not None)


def told(market: str) -> str:
    """Who stands for the rules of a market: ``"are drafts: no native reader has signed"``, in a few words."""
    every = reviews(market)
    open_ = [one.subject for one in every if not one.signed]
    if not every:
        return "are not written yet"
    if not open_:
        return f"were reviewed by {', '.join(dict.fromkeys(one.reviewed_by for one in every))}"
    if len(open_) == len(every):
        return "are drafts: no native reader has signed"
    return f"on {', '.join(open_)} are drafts"


def parallels(trope: str, market: str) -> tuple[str, ...]:
    """What a trope is sold as in a market ("for fans of …"): for metadata and remakes, never for a line."""
    return tuple(tables()["parallels"]["parallel"].get(trope, {}).get(market, ()))


@dataclass(frozen=True, slots=True)
class Topic:
    """A sensitive topic and what a market usually does: keep, soften, blur, cut or block."""

    id: str
    zh: tuple[str, ...]
    action: str
    why: str


@cache
def topics(market: str) -> tuple[Topic, ...]:
    """The topics somebody may be touchy about in ``market``."""
    return tuple(
        Topic(name, tuple(row["zh"]), row[market]["action"], row[market]["why"])
        for name, row in tables()["sensitive"]["topic"].items() if market in row
    )  # fmt: skip
