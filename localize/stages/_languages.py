"""Whether the answers of an engine are in the market's language: held against each other, not line by line alone.

A line of a few words seldom holds enough small words to be sure of.  Yet an engine that answers in another language
does so for many lines: where some are surely in it, those that lean the same way are taken for it as well.
"""

from __future__ import annotations

from fractions import Fraction

from localize.written_in import LEAST, Leaning

TOLD = 2
"""Lines surely in another language from which those that lean to it are taken for it …"""
SHARE = Fraction(1, 5)
"""… if they are so large a part of them and of the market's own lines: two English cries among many right lines are no
evidence against a third (our own limit) …"""
LEANING = 3
"""… or lines that only lean to it, if at least as many as lines that are the market's own (our own limits: of 3592
right lines of a language at most 1 in 100 leans to another one, of those in another one 1 in 10 does not)."""
OUTNUMBER = 2
"""How many times more lines must be in another language than in the market's own before a line that tells nothing is
taken for it, too."""


class Answers:
    """The answers of one engine for one market so far, by line and words."""

    def __init__(self) -> None:
        self._heard = dict[tuple[str, str], Leaning]()

    def hear(self, line: str, text: str, leaning: Leaning) -> None:
        """One answer: it takes the place of the line's answer before, unless it has no words at all."""
        if text.strip():
            for before in [one for one in self._heard if one[0] == line]:
                del self._heard[before]
        if leaning.words:
            self._heard[line, text] = leaning

    def doubtful(self, line: str, text: str) -> bool:
        """Whether what the other answers are in may tell what this one is in."""
        one = self._heard.get((line, text))
        return one is not None and not one.sure and one.own <= max(one.others.values(), default=0)

    def language(self, line: str, text: str) -> str:
        """The name of the language an answer is in, as the others tell; empty where it may be the market's own."""
        one = self._heard.get((line, text))
        if one is None or one.sure or not self.doubtful(line, text):
            return one.sure if one else ""
        for name in sorted(one.others, key=lambda name: (-one.others[name], name)):
            if one.others[name] > one.own and one.words > 1 and self._spoken(name):
                return name
            if one.words >= LEAST and self._outnumbered(name):
                return name
        return ""

    def _spoken(self, name: str) -> bool:
        sure, leans, own = self._counts(name)
        told = sure >= TOLD and sure >= SHARE * (sure + own)
        return told or sure + leans >= max(LEANING, own)

    def _outnumbered(self, name: str) -> bool:
        sure, leans, own = self._counts(name)
        return sure >= TOLD and sure + leans > OUTNUMBER * own

    def _counts(self, name: str) -> tuple[int, int, int]:
        """Lines surely in a language, lines that lean to it, and lines that are the market's own."""
        sure, leans, own = set[str](), set[str](), set[str]()
        for (line, _), one in self._heard.items():
            if one.sure == name:
                sure.add(line)
            elif not one.sure and one.others.get(name, 0) > one.own:
                leans.add(line)
            elif not one.sure and one.own > max(one.others.values(), default=0):
                own.add(line)
        return len(sure), len(leans - sure), len(own)
