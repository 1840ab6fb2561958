"""The numbers a translation states, in figures or in words."""

from __future__ import annotations

import re
from fractions import Fraction

from localize.joined_numbers import joined, numbers
from localize.spaced_numbers import phrases, rows

_ORDINAL = re.compile(r"(?i)(hundred|thousand|million|billion)th\b")


def values(text: str, language: str) -> set[Fraction]:
    """Every number in ``text``, ambiguous figures in each reading (``1.500`` is 1500 and 1.5), English ordinals too."""
    if joined(language):
        return {one.value for one in numbers(text, language)}
    found = {value for one in phrases(text, language) for value in one.values}
    counted = _ORDINAL.sub(r"\1", text) if language.startswith("en") else text
    return found | ({value for one in phrases(counted, language) for value in one.values} if counted != text else set())


def digits(text: str, language: str) -> str:
    """The figures of ``text`` one after the other, with words for single ones: ``eight eight six 6`` is 8866."""
    ones = {word: str(value) for word, value in rows(language).get("add", {}).items() if value < 10}
    return "".join(
        word if word.isdigit() else ones.get(word, "") for word in re.findall(r"\d|\w+?(?=\d|\b)", text.casefold())
    )
