"""Values of a recipe and what changed between two of them, in words a person reads: whole, never cut in the middle."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from itertools import zip_longest
from typing import Any

from localize.timing import clock

HASH = re.compile(r"[0-9a-f]{64}")
WORD = re.compile(r"[A-Za-z0-9_.:+/@-]*[A-Za-z0-9_]")
MOST = 6
"""Entries of a list, or changes of one part, that are told one by one; of the rest the number is told."""
LONG = 200
"""Characters; a part with parts of its own that reads longer is told part by part."""
NAMES = {
    "dub.normal": "dub text", "dub.short": "short dub text", "dub.long": "long dub text", "subtitle": "subtitle text",
}  # fmt: skip
"""Parts of a recipe that a person edits, as the line table calls them."""

CELLS = {
    "placed": ("{}", "at {} ms", "{} ms long"), "lines": ("{}", "from {} ms", "to {} ms"), "slot": ("{} ms",),
    "length": ("{} ms",), "until": ("{} ms",), "target": ("{} LUFS", "at most {} dBTP"), "most": ("{} voices",),
    "kept": ("from {} ms", "to {} ms"), "original": ("from {} ms", "to {} ms"), "voice": ("{}", "{} Hz"),
    "picture": ("{} px wide", "{} px high", "{} frames a second", "{} ms"), "tables": ("hash {}",),
}  # fmt: skip
"""What the numbers of a part are: one form for each cell of it, or of each of its entries."""


def readable(value: Any) -> str:
    """One value: text in quotation marks, hashes by their start, spans as times, what is empty as nothing."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return f"{value:g}"
    if isinstance(value, str) and value:
        return f"sha256 {value[:12]}" if HASH.fullmatch(value) else value if WORD.fullmatch(value) else f"“{value}”"
    if value in (None, "", [], {}):
        return "nothing"
    if isinstance(value, dict):
        return _span(value) or ", ".join(f"{key} {_inner(one)}" for key, one in value.items() if one not in EMPTY)
    if isinstance(value, list):
        return ", ".join(_inner(one) for one in value if one not in EMPTY) or "nothing"
    return str(value)


EMPTY: tuple[Any, ...] = (None, "", [], {})


def _inner(value: Any) -> str:
    text = readable(value)
    return f"({text})" if isinstance(value, (dict, list)) and len(value) > 1 and not text.startswith("at ") else text


def _span(value: Mapping[str, Any]) -> str:
    if value.keys() != {"start", "end"}:
        return ""
    start, end = (clock(value[name], comma=False).removeprefix("00:") for name in ("start", "end"))
    return f"at {start}–{end}"


def parts(recipe: Mapping[str, Any]) -> Iterator[str]:
    """Every part of a recipe on a line of its own; of long lists the first entries and how many more there are."""
    for name, value in recipe.items():
        if name == "revision" or value in EMPTY:
            continue
        whole = _celled(name, value)
        if isinstance(value, list) and isinstance(value[0], (dict, list)):
            yield f"{name}: {len(value)}" if len(value) > 1 else f"{name}:"
            yield from (f"  {_celled(name, one)}" for one in value[:MOST])
            if len(value) > MOST:
                yield f"  and {len(value) - MOST} more"
        elif isinstance(value, dict) and len(whole) > LONG:
            yield f"{name}:"
            yield from (f"  {line}" for line in parts(value))
        else:
            yield f"{_said(name)}: {whole}"


def _celled(name: str, value: Any) -> str:
    """A value, or an entry of one, with the units of its part where it has any; numbers alone have units."""
    cells, forms = value if isinstance(value, list) else [value], CELLS.get(name, ())
    if not forms or any(isinstance(one, dict) for one in cells):
        return readable(value)
    return ", ".join(_cell(form, one) for one, form in zip_longest(cells, forms[: len(cells)]) if one not in EMPTY)


def _cell(form: str | None, one: Any) -> str:
    told = _inner(one)
    return form.format(told) if form and (type(one) in (int, float) or form.startswith("hash")) else told


def differences(before: Any, now: Any) -> list[str]:
    """What changed from one recipe to the next, one sentence each; of one part's many changes only how many."""
    told: dict[str, list[str]] = {}
    for part, sentence in _changes(before, now, ""):
        told.setdefault(part, []).append(sentence)
    found: list[str] = []
    for part, sentences in told.items():
        found += sentences if len(sentences) <= MOST else [f"{_said(part)}: {len(sentences)} changes"]
    return found


def _changes(before: Any, now: Any, name: str) -> Iterator[tuple[str, str]]:
    """``(part, sentence)``; entries of lists are told apart by their id where they have one."""
    part = name.split(" ")[0]
    if before == now:
        return
    if isinstance(before, dict) and isinstance(now, dict) and not _span(now):
        for key in dict.fromkeys([*before, *now]):
            yield from _changes(before.get(key), now.get(key), f"{name}.{key}".strip("."))
    elif isinstance(before, list) and isinstance(now, list) and (_nested(before, now) or _id(before, now)):
        if len(before) == len(now):
            for old, new in zip(before, now, strict=True):
                yield from _changes(old, new, f"{name} {label}" if (label := _id(old, new)) else name)
        else:
            yield from ((part, f"{_said(name)} lost {readable(one)}") for one in before if one not in now)
            yield from ((part, f"{_said(name)} gained {readable(one)}") for one in now if one not in before)
    else:
        yield part, f"{_said(name)} was {readable(before)}, now {readable(now)}"


def _nested(before: list[Any], now: list[Any]) -> bool:
    return any(isinstance(one, (dict, list)) for one in (*before, *now))


def _id(old: Any, new: Any) -> str:
    """What both entries are called: their id, or a first cell that looks like one; empty when they differ in it."""
    names: list[str] = []
    for one in (old, new):
        first = (
            (one.get("id") or one.get("line"))
            if isinstance(one, dict)
            else next(iter(one), "")
            if isinstance(one, list)
            else ""
        )
        names.append(first if isinstance(first, str) and re.fullmatch(r"[A-Z]\d{4}", first) else "")
    return names[0] if names[0] == names[1] else ""


def _said(name: str) -> str:
    path, _, label = name.partition(" ")
    path = path.removeprefix("rendering.")
    return f"{NAMES.get(path, path)} {label}".strip()
