"""Whether a ready-made line may be put into somebody's mouth unread: form of address, gender, number,
register, age.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any

from localize.episode import Gender, LineKind

DISTANT = ("usted", "anda", "formal")
BY_NOW = " by now"
"""How every reason ends that words of before are another address than holds now."""
NO_FORM = "-"
"""Written down for a line when the address matrix told no form for it."""
FAMILIAR = ("tu", "tú", "vos", "kamu", "kau", "lo", "informal")


@dataclass(frozen=True, slots=True)
class Occasion:
    """Who says a line to whom, in which form, in which series.  ``shown`` is text in the picture, said by
    nobody, ``call`` what the addressee is called.
    """

    market: str
    speaker: Gender = "unknown"
    addressee: Gender = "unknown"
    known: bool = False
    form: str = ""
    setting: str = ""
    kind: LineKind = "speech"
    shown: bool = False
    call: str = ""


@lru_cache(maxsize=1)
def _table() -> dict[str, Any]:
    return tomllib.loads((files("localize.markets") / "agreement.toml").read_text("utf-8"))


@cache
def _pattern(market: str, what: str) -> re.Pattern[str] | None:
    patterns = _table()["market"].get(market, {}).get(what, [])
    return re.compile("|".join(f"(?:{one})" for one in patterns), re.IGNORECASE) if patterns else None


def setting_of(tags: Sequence[str]) -> str:
    """The age a phrase belongs to, by its tags: ``historical``, ``modern`` or empty when it fits both."""
    for setting, names in _table()["setting"].items():
        if any(tag in names for tag in tags):
            return str(setting)
    return ""


def doubts(zh: str, target: str, register: str, setting: str, occasion: Occasion) -> tuple[str, ...]:
    """Why ``target`` may not stand for ``zh`` on this occasion; empty when nothing speaks against it."""
    found = (
        _setting(setting, occasion), _register(register, zh, occasion), _form(register, zh, target, occasion),
        *_gender(zh, target, occasion), _number(zh, target, occasion),
    )  # fmt: skip
    return tuple(doubt for doubt in found if doubt)


def _says(market: str, what: str, target: str) -> bool:
    pattern = _pattern(market, what)
    return pattern is not None and pattern.search(target) is not None


def _setting(setting: str, occasion: Occasion) -> str:
    here = "modern" if occasion.setting.startswith("modern") else "historical" if occasion.setting else ""
    return f"a {setting} line in a {here} series" if setting and here and setting != here else ""


def _register(register: str, zh: str, occasion: Occasion) -> str:
    unspoken = register in _table()["relation"]["unspoken"]
    if unspoken and not occasion.shown and occasion.kind == "speech":
        return f"written as {register}, not as speech"
    if register and occasion.shown and not unspoken:
        return "written as speech, not for the screen"
    if register in _table()["relation"]["close"] and occasion.form.lower() in DISTANT:
        return f"an intimate line where the form is {occasion.form}"
    return ""


def _form(register: str, zh: str, target: str, occasion: Occasion) -> str:
    """Spanish and Indonesian mark the form of address; it must be the one of the matrix."""
    market, form = occasion.market, occasion.form.lower()
    if _pattern(market, "familiar") is None or occasion.shown or occasion.kind != "speech":
        return ""
    familiar, distant = _says(market, "familiar", target), register in _table()["relation"]["distant"]
    distant = distant or _says(market, "distant", target)
    polite = re.search(_table()["chinese"]["polite"], zh) is not None
    if form in DISTANT and familiar:
        return f"says you as to a friend where the form is {occasion.form}"
    if form in DISTANT and not distant and re.search(_table()["chinese"]["familiar"], zh):
        return f"nothing shows that it keeps the form {occasion.form}"
    if form in FAMILIAR and distant and not familiar and polite:
        return f"says you as to a stranger where the form is {occasion.form}"
    if not form and not occasion.known and (familiar or distant):
        return "nobody knows who is addressed, and the words commit to a form of address"
    return ""


def other_form(target: str, occasion: Occasion) -> str:
    """What ``target``, said by the same to the same person before, does against the form of address that holds by now;
    empty when it keeps it, or shows none.

    Only pronouns count, the first pattern of each list: titles go with either form, and imperatives look like others.
    """
    form, patterns = occasion.form.lower(), _table()["market"].get(occasion.market, {})
    if not patterns.get("familiar") or occasion.shown or occasion.kind != "speech":
        return ""
    first = (patterns.get(what, [])[:1] for what in ("familiar", "distant"))
    familiar, distant = (any(re.search(one, target, re.IGNORECASE) for one in told) for told in first)
    if form in DISTANT and familiar and not distant:
        return f"says you as to a friend where the form is {occasion.form} by now"
    if form in FAMILIAR and distant and not familiar:
        return f"says you as to a stranger where the form is {occasion.form} by now"
    return ""


def other_address(form: str, call: str, target: str, occasion: Occasion) -> str:
    """What ``target``, said in ``form`` to somebody then called ``call``, does against the address that holds by now.

    Verbs carry the form as well (*viene*, *vienes*), so the matrix of then is compared, not the words.
    """
    if occasion.shown or occasion.kind != "speech":
        return ""
    now, marks = occasion.form, bool(_table()["market"].get(occasion.market, {}).get("familiar"))
    if now and form == NO_FORM and marks:
        return f"said when no form of address was told; it is {now} by now"
    if now and form not in ("", NO_FORM) and _kin(form) != _kin(now):
        return f"said in the form {form}, which is {now} by now"
    if occasion.call and call and call != occasion.call and call.casefold() in target.casefold():
        return f"calls them {call}, who are {occasion.call} by now"
    return ""


def _kin(form: str) -> str:
    """One name for forms of the same distance."""
    name = form.casefold()
    return "distant" if name in DISTANT else "familiar" if name in ("tu", "tú", "informal") else name


def _gender(zh: str, target: str, occasion: Occasion) -> Iterator[str]:
    told = re.search(_table()["chinese"]["gendered"], zh) is not None
    for who, gender in (("addressee", occasion.addressee), ("speaker", occasion.speaker)):
        for assumed in ("female", "male"):
            agrees = gender == assumed or (told and who == "addressee")
            if not agrees and _says(occasion.market, f"{who}_{assumed}", target):
                yield f"assumes a {assumed} {who}"


def _number(zh: str, target: str, occasion: Occasion) -> str:
    several = re.search(_table()["chinese"]["plural"], zh) is not None
    if not several and not occasion.shown and occasion.known and _says(occasion.market, "plural", target):
        return "speaks to several people"
    return ""
