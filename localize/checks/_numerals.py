"""The numbers a translation states, in figures or in words."""

from __future__ import annotations

from fractions import Fraction

from localize.joined_numbers import joined, numbers
from localize.spaced_numbers import phrases


def values(text: str, language: str) -> set[Fraction]:
    """Every number in ``text``, ambiguous figures in each reading (``1.500`` is 1500 and 1.5)."""
    if joined(language):
        return {one.value for one in numbers(text, language)}
    return {value for one in phrases(text, language) for value in one.values}
