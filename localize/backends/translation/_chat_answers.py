"""What of a model's answer can be used: JSON wherever it stands, checked line by line, and nothing that looks wrong."""

from __future__ import annotations

import json
import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, ValidationError

from localize.backends.translation._chat_prompt import PROMPT
from localize.backends.translation._refusals import TOLD, refuses
from localize.han import HAN
from localize.roles import TranslationRequest
from localize.version import Variants

SPARE, PER_SIGN = 60, 12
"""Characters an answer may have: ``SPARE`` and ``PER_SIGN`` for each of the source's.  A Chinese character becomes
about four in English (domain facts §1.3); three times that is no translation any more."""
LONG, PER_HAN = 10, 0.4
"""From so many Chinese characters on, an answer of fewer letters than ``PER_HAN`` for each is none: a tenth of what a
translation into Latin letters takes, and "OK" or "HACKED" where a line ordered the model to say so."""
SHINGLE = 7
"""Words in a row that an answer may not share with the prompt."""
ALIKE = 4
"""From so many different lines on, one and the same answer for all of them is none …"""
SAID_MUCH = 6
"""… if two of them have at least so many characters: 不, 不行 and 不要 may all be No."""
_DECODER = json.JSONDecoder(strict=False)
_THOUGHT = re.compile(r"(?is)<(think|thinking|reasoning)>.*?(</\1>|\Z)")
_THOUGHT_ENDS = re.compile(r"(?is)\A.*</(?:think|thinking|reasoning)>")


def _row(value: Any) -> Any:
    """One clean row: no line ends, no control characters, no halves of surrogates."""
    if value is None:
        return ""
    if not isinstance(value, str):
        return value
    whole = value.encode("utf-8", "ignore").decode()
    return " ".join("".join(c for c in whole if c.isspace() or unicodedata.category(c) != "Cc").split())


Row = Annotated[str, BeforeValidator(_row)]


class Said(BaseModel):
    """One line of the answer."""

    model_config = ConfigDict(extra="ignore", coerce_numbers_to_str=True)

    id: Row
    normal: Row
    short: Row = ""
    long: Row = ""
    subtitle: Row = ""


def spoken(text: str) -> str:
    """The answer without the reasoning some models write before it, closed, unclosed or opened by the template."""
    return _THOUGHT_ENDS.sub("", _THOUGHT.sub("", text)).strip()


def usable(text: str, batch: Sequence[TranslationRequest]) -> tuple[dict[str, Said], dict[str, tuple[Said, str]]]:
    """Answers by line id: those to take, and those to doubt with the reason.

    Unknown ids are passed over, and an id with two different answers has none.  Words that seem to be a refusal stay
    beside their doubt: they may be the line.
    """
    asked = {one.line: one for one in batch}
    found: dict[str, Said] = {}
    doubled: set[str] = set()
    for row in _rows(spoken(text)):
        try:
            said = Said.model_validate(row)
        except ValidationError:
            continue
        if said.id in asked and said.normal and found.setdefault(said.id, said) != said:
            doubled.add(said.id)
    kept = {name: _trimmed(said, asked[name]) for name, said in found.items() if name not in doubled}
    doubts = dict.fromkeys(monotonous({name: said.normal for name, said in kept.items()}, asked), SAME)
    doubts |= {name: why for name, said in kept.items() if (why := _doubt(said, asked[name]))}
    taken = {name: said for name, said in kept.items() if name not in doubts}
    return taken, {name: (kept[name], why) for name, why in doubts.items()}


DECLINED = "the model declined: "
SAME = "the model gives the same answer to different lines"


def monotonous(said: Mapping[str, str], asked: Mapping[str, TranslationRequest]) -> list[str]:
    """Lines that share their answer with too many others that say something else."""
    found = []
    for words, count in Counter(map(str.casefold, said.values())).items():
        names = [name for name, one in said.items() if one.casefold() == words] if count >= ALIKE else []
        sources = {asked[name].source for name in names}
        if len(sources) >= ALIKE and sum(len(one) >= SAID_MUCH for one in sources) >= 2:
            found += names
    return found


def variants(said: Said) -> Variants:
    """The dub's three lengths."""
    return Variants(said.normal, said.short, said.long)


def _rows(text: str) -> Iterator[Any]:
    """Objects that may be lines: the last whole answer's, else every whole object of a broken one."""
    whole: list[Any] | None = None
    loose: list[Any] = []
    at = text.find("{")
    while at >= 0:
        try:
            value, end = _DECODER.raw_decode(text, at)
        except (ValueError, RecursionError):
            end = at + 1
        else:
            listed = _listed(value)
            whole = listed if listed is not None else whole
            loose.append(value)
        at = text.find("{", end)
    yield from loose if whole is None else whole


def _listed(value: dict[str, Any]) -> list[Any] | None:
    lists = (value.get("lines"), *value.values())
    return next((one for one in lists if isinstance(one, list) and one and all(isinstance(x, dict) for x in one)), None)


def _trimmed(said: Said, request: TranslationRequest) -> Said:
    """Without variants that are none: a short one longer than the normal, a long one shorter or endless."""
    most = _most(request)
    short = said.short if len(said.short) <= len(said.normal) else ""
    long = said.long if len(said.normal) <= len(said.long) <= most else ""
    subtitle = said.subtitle if len(said.subtitle) <= most else ""
    return said.model_copy(update={"short": short, "long": long, "subtitle": subtitle})


def _most(request: TranslationRequest) -> int:
    return SPARE + PER_SIGN * len("".join(request.source.split()))


def _doubt(said: Said, request: TranslationRequest) -> str:
    if len(said.normal) > _most(request):
        return "the answer is far longer than the line"
    han = sum(map(len, HAN.findall(request.source)))
    if han >= LONG and sum(sign.isalnum() for sign in said.normal) < PER_HAN * han:
        return "the answer is far shorter than the line"
    texts = (said.normal, said.short, said.long, said.subtitle)
    if refusal := next((text for text in texts if refuses(text, request.source)), ""):
        return f"{DECLINED}{refusal[:TOLD]}"
    if any(_shingles(text) & _prompt() for text in texts):
        return "the answer repeats the instructions"
    if any(mark in text for text in texts for mark in ('{"', '"id"', '"normal"', "```")):
        return "the answer holds pieces of its own format"
    return ""


def _shingles(text: str) -> frozenset[tuple[str, ...]]:
    words = re.findall(r"\w+", text.casefold())
    return frozenset(tuple(words[n : n + SHINGLE]) for n in range(len(words) - SHINGLE + 1))


@lru_cache(maxsize=1)
def _prompt() -> frozenset[tuple[str, ...]]:
    return _shingles(PROMPT)
