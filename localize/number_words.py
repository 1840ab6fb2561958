"""The grammar of a number in words: what a row of number words means as a whole, or that it means nothing.

Sizes fall from left to right; within a group hundreds come before tens before ones.  A smaller size before a larger
one (``cinco mil millones``) counts it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any


@dataclass(frozen=True, slots=True)
class Token:
    """A word at ``start:end`` and what it may be in a number.

    ``counts``: a number word, not one between them.  ``strange``: figures on letters that nobody knows.
    """

    start: int
    end: int
    kinds: frozenset[str]
    word: str = ""
    value: Fraction = Fraction(0)
    counts: bool = False
    strange: bool = False


@dataclass(frozen=True, slots=True)
class Read:
    """A number; ``other`` is what it may mean as well; not ``sure`` where its form is not the usual one."""

    value: Fraction
    sure: bool = True
    other: Fraction | None = None


def read(tokens: Sequence[Token], table: Mapping[str, Any]) -> Read | None:
    """What the words of one number mean together; None where they do not make one."""
    state = _State(tokens, table)
    while state.at < len(tokens):
        if not state.take():
            return None
    return state.done()


@dataclass(slots=True)
class _State:
    """The number so far: ``parts`` are (value, size) that are closed, ``group`` is open, below ``low`` it may grow.

    ``split``: the value so far where "and" may begin another number.
    """

    tokens: Sequence[Token]
    table: Mapping[str, Any]
    at: int = 0
    parts: list[tuple[Fraction, int]] = field(default_factory=list)
    group: Fraction | None = None
    low: Fraction = Fraction(1000)
    joined: bool = False
    over: bool = False
    sure: bool = True
    split: Fraction | None = None

    def take(self) -> bool:
        """One word more; False where it does not fit."""
        token = self.tokens[self.at]
        self.at += 1
        if self.over:
            return False
        if "half" in token.kinds or "parts" in token.kinds:
            return self._share(token)
        if "point" in token.kinds and self.group is not None:
            return self._point()
        for kind in ("figures", "add", "times", "article", "joins"):
            if kind in token.kinds:
                return bool(getattr(self, f"_{kind}")(token))
        return False

    def done(self) -> Read | None:
        if self.joined or (self.group is None and not self.parts):
            return None
        value = sum((value for value, _ in self.parts), self.group or Fraction(0))
        return Read(value, self.sure and self.split is None, self.split)

    def _next(self) -> frozenset[str]:
        return self.tokens[self.at].kinds if self.at < len(self.tokens) else frozenset()

    def _figures(self, token: Token) -> bool:
        fits = self.group is None and not self.joined
        self.group, self.low = token.value, Fraction(0)
        return fits

    def _add(self, token: Token) -> bool:
        if self.group is None:
            self.group, self.low = token.value, _low(token.value)
        elif token.value and token.value < self.low:
            self.group, self.low = self.group + token.value, _low(token.value)
        else:
            return False
        self.joined = False
        return True

    def _article(self, token: Token) -> bool:
        """``a hundred``, ``a million and a half``; before a half it says nothing."""
        if self._next() & {"half", "parts"}:
            return True
        if self.group is not None or "times" not in self._next():
            return False
        self.group, self.low, self.joined = Fraction(1), Fraction(0), False
        return True

    def _joins(self, token: Token) -> bool:
        """``and`` before something smaller: ``a hundred and five``, ``treinta y cinco``, ``one and a half``."""
        half = bool(self._next() & {"half"}) or (
            "article" in self._next() and self.at + 1 < len(self.tokens) and "half" in self.tokens[self.at + 1].kinds
        )
        if self.joined or (self.group is None and not self.parts):
            return False
        ones = self.group is not None and self.group % 100 and self.table.get("joins_ones")
        tens = self.group is not None and (self.group % 100 == 0 or self.table["joins"] == ["e"])
        if not half and self.group is not None and not (ones or (tens and not self.table.get("joins_ones"))):
            return False
        if not half and self.group is None and self.parts[-1][1] >= 1000:
            self.split = sum((value for value, _ in self.parts), Fraction(0))
        self.joined = True
        return True

    def _share(self, token: Token) -> bool:
        """``half a million``, ``one and a half million``, ``three quarters of a million``, ``un millón y medio``."""
        follows = bool(self.table.get("half_follows")) and self.group is not None
        if "parts" in token.kinds:
            if self.joined or self.parts or not self._sized():
                return False
            self.group = (self.group if self.group is not None else Fraction(1)) * token.value
        elif self.joined or follows:
            if self.group is not None:
                self.group += token.value
            else:
                value, size = self.parts.pop()
                self.parts.append((value + size * token.value, size))
                self.over, self.split = True, None
        elif self.group is None and not self.parts:
            self.group = token.value
        else:
            return False
        self.joined, self.low = False, Fraction(0)
        for kind in ("of", "article"):  # a quarter *of a* million
            self.at += int(kind in self._next())
        return True

    def _sized(self) -> bool:
        """Whether a size follows a counted part, maybe after ``of a``."""
        rest = self.tokens[self.at : self.at + 3]
        for one in rest:
            if not one.kinds & {"of", "article"}:
                return "times" in one.kinds and one.value >= 1000
        return False

    def _point(self) -> bool:
        digits = ""
        while self.at < len(self.tokens) and self._next() & {"add", "figures"} and self.tokens[self.at].value < 10:
            digits += str(int(self.tokens[self.at].value))
            self.at += 1
        if not digits or self.group is None or self.group.denominator != 1:
            return False
        self.group, self.low = self.group + Fraction(int(digits), 10 ** len(digits)), Fraction(0)
        return True

    def _times(self, token: Token) -> bool:
        size = int(token.value)
        if token.word == self.table.get("teens") or token.word in self.table.get("tight", ()):
            return self._tight(token.word, size)
        if size < 1000:
            return self._small(size)
        return self._size(token, size)

    def _tight(self, word: str, size: int) -> bool:
        """``dua belas``, ``dua ratus lima puluh``: the last figure only."""
        if self.group is None or self.group.denominator != 1:
            return False
        last = self.group % 10
        if not last or (self.group - last) % (size * 10 if size > 10 else 100) or (size == 100 and self.group > 9):
            return False
        teens = word == self.table.get("teens")
        self.group += 10 if teens else last * (size - 1)
        self.low, self.joined = (Fraction(0) if teens else Fraction(size)), False
        return not (teens and last < 2)

    def _small(self, size: int) -> bool:
        """``three hundred``, ``fifteen hundred``, ``two dozen``; a bare ``hundred`` may be part of something else."""
        if self.joined and self.group is None:
            return False
        self.sure = self.sure and self.group is not None
        group = Fraction(1) if self.group is None else self.group
        self.group, self.low = group * size, Fraction(size if size == 100 else 0)
        return group < 100 and (group.denominator == 1 or size != 100)

    def _size(self, token: Token, size: int) -> bool:
        """A size closes the group; smaller thousands before it count it (``mil quinientos millones``)."""
        inner = [one for one in self.parts if one[1] < size]
        self.parts = [one for one in self.parts if one[1] >= size]
        if inner and (len(inner) > 1 or inner[0][1] != 1000 or size < 10**6):
            return False
        if self.parts and self.parts[-1][1] <= size:
            return False
        lead = sum((value for value, _ in inner), self.group or Fraction(0))
        if not lead:
            self.sure = self.sure and token.word in self.table.get("alone", ())
            lead = Fraction(1)
        self.split = None
        self.parts.append((lead * size, size))
        self.group, self.low, self.joined = None, Fraction(1000), False
        return True


def _low(value: Fraction) -> Fraction:
    """Below this the next word of a group must be: 100 after hundreds, 10 after tens; 0 where nothing may follow."""
    if value >= 100 and value % 100 == 0:
        return Fraction(100)
    return Fraction(10) if value >= 20 and value % 10 == 0 else Fraction(0)
