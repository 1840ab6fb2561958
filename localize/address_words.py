"""Which form of address words show, held against the one the address matrix tells.

Only words that one form has and the other has not: pronouns, verbs that are written down, endings.  Where both occur,
or none, nothing is said.
"""

from __future__ import annotations

import re
import tomllib
from functools import cache
from importlib.resources import files
from typing import Any


def other_address_words(text: str, form: str, market: str) -> str:
    """What ``text`` does against ``form`` (as in ``addresses.csv``) in ``market`` (BCP 47), with words that show it.

    Empty where it keeps the form, shows none, or form or language have no list.
    """
    asked = _distance(form)
    if not asked:
        return ""
    shown = {distance: _shown(text, market.partition("-")[0], distance) for distance in ("familiar", "distant")}
    against = "distant" if asked == "familiar" else "familiar"
    if not shown[against] or shown[asked]:
        return ""
    whom = "a stranger" if against == "distant" else "a friend"
    return f"says you as to {whom} (“{shown[against]}”) where the form is {form}"


def _distance(form: str) -> str:
    name = form.strip().casefold()
    return next((distance for distance, names in _table()["forms"].items() if name in names), "")


def _shown(text: str, language: str, distance: str) -> str:
    patterns = _table().get(language, {}).get(distance, ())
    found = (re.search(one, text, re.IGNORECASE) for one in patterns)
    return next((one[0].strip(" .,!?¡¿…") for one in found if one), "")


@cache
def _table() -> dict[str, Any]:
    return tomllib.loads((files("localize.markets") / "address_words.toml").read_text("utf-8"))
