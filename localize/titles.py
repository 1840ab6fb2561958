"""Titles people are called by in Chinese, and what stands for them in a market."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files


@dataclass(frozen=True, slots=True)
class Title:
    """A title: ``gender`` is empty when it may be either; ``forms`` are (market, male form, female form).

    ``surname`` titles follow a family name (陆总); their forms hold ``{X}`` in its place.
    """

    zh: str
    gender: str
    surname: bool
    forms: tuple[tuple[str, str, str], ...]

    def form(self, market: str, gender: str = "", surname: str = "") -> str:
        """What to say in ``market``; empty when the table has nothing or the gender is needed but unknown."""
        for code, male, female in self.forms:
            if code == market:
                known = gender if gender in ("male", "female") else self.gender
                if male != female and not known:
                    return ""
                return (female if known == "female" else male).replace("{X}", surname)
        return ""


@lru_cache(maxsize=1)
def titles() -> tuple[Title, ...]:
    """Every title, longest first."""
    table = tomllib.loads((files("localize.glossaries") / "titles.toml").read_text("utf-8"))
    found = []
    for kind, rows in table.items():
        for zh, row in rows.items():
            forms = []
            for market, said in row.items():
                if market != "gender":
                    both = said if isinstance(said, list) else [said]
                    forms.append((market, both[0], both[-1]))
            found.append(Title(zh, row["gender"], kind == "surname", tuple(forms)))
    return tuple(sorted(found, key=lambda title: -len(title.zh)))


@lru_cache(maxsize=1)
def bare_titles() -> dict[str, Title]:
    """Titles that stand alone, by their Chinese."""
    return {title.zh: title for title in titles() if not title.surname}


@lru_cache(maxsize=1)
def surname_titles() -> dict[str, Title]:
    """Titles that follow a family name, by their Chinese."""
    return {title.zh: title for title in titles() if title.surname}
