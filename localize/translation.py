"""What a translation engine is asked and answers: one line with its scene, its people and the market's rules."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from localize.episode import Age, Gender
from localize.version import NOTHING, Spent, Variants


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who speaks or is spoken to in the scene, by the ``name`` the market knows; ``role`` is the bible's."""

    name: str
    gender: Gender = "unknown"
    age: Age = "unknown"
    role: str = ""


@dataclass(frozen=True, slots=True)
class SceneLine:
    """A line of the scene as it is said; ``speaker`` is a name, empty where nobody is known."""

    line: str
    speaker: str
    text: str


@dataclass(frozen=True, slots=True)
class TranslationRequest:
    """One line to translate with everything that may inform it.

    ``seconds`` is the slot the dub must fit, ``syllables`` how many of the market's language fit into it at the pace of
    its voices (0 when nobody knows), ``characters`` how many of a subtitle can be read in it.  ``kind`` is the line's,
    or ``on_screen`` for a text in the picture, which nobody says.  ``speaker`` and ``addressee`` are names, told of in
    ``people``; ``form`` is the form of address and ``call`` what the addressee is called.  ``scene`` names the scene,
    ``context`` holds its lines in order, this one among them.
    ``pivot`` is what the series' pivot market, English as a rule, says here; empty without one.  ``pivot_market`` is
    that market, ``pivot_terms`` are (its form of a term, this market's approved form) of the terms it says.
    ``relations`` are (name, whose what): "wife of Lu Chen".
    ``terms`` are (Chinese, approved form), ``notes`` (Chinese, what to know about it), ``exemplars`` (Chinese, how this
    series or the phrasebook said it), ``guidance`` the market's rules in words, and ``remarks`` what was wrong with the
    last answer.
    """

    line: str
    source: str
    market: str
    seconds: float
    speaker: str = ""
    addressee: str = ""
    form: str = ""
    call: str = ""
    emotion: str = ""
    kind: str = "speech"
    syllables: int = 0
    characters: int = 0
    scene: str = ""
    context: tuple[SceneLine, ...] = ()
    people: tuple[Person, ...] = ()
    relations: tuple[tuple[str, str], ...] = ()
    pivot: str = ""
    pivot_market: str = ""
    pivot_terms: tuple[tuple[str, str], ...] = ()
    terms: tuple[tuple[str, str], ...] = ()
    forbidden: tuple[str, ...] = ()
    notes: tuple[tuple[str, str], ...] = ()
    exemplars: tuple[tuple[str, str], ...] = ()
    guidance: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()

    @property
    def before(self) -> tuple[str, ...]:
        """What is said before this line in its scene."""
        return self._around()[0]

    @property
    def after(self) -> tuple[str, ...]:
        """What is said after it."""
        return self._around()[1]

    def _around(self) -> tuple[tuple[str, ...], tuple[str, ...]]:
        names, texts = [one.line for one in self.context], tuple(one.text for one in self.context)
        if self.line not in names:
            return (), ()
        at = names.index(self.line)
        return texts[:at], texts[at + 1 :]


@dataclass(frozen=True, slots=True)
class Translation:
    """An engine's answer for one line: the dub in up to three lengths and the subtitle.

    ``doubt`` says why the answer must not be taken as it is, or, where it is empty, why there is none (the model
    declined).  ``spent`` is this line's share of what the engine used up, repairs included.  ``pivot`` is the English
    it was translated through, if any; ``told`` is what a person should know of how it came about.
    """

    line: str
    dub: Variants
    subtitle: str
    doubt: str = ""
    spent: Spent = NOTHING
    pivot: str = ""
    told: tuple[str, ...] = ()


class Translator(Protocol):
    def translate(self, requests: Sequence[TranslationRequest]) -> Iterator[Translation]:
        """Answers as they come, in any order.

        A line the engine refuses or loses is not yielded, or yielded with a ``doubt`` when it knows why.
        """
        ...
