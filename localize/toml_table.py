"""Tables people write by hand as TOML: every value knows its line, so that every error can name it."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

from localize.errors import InputError
from localize.tables import did_you_mean, read_text

Trail = tuple[str | int, ...]
_NAME = r"(?:\"[^\"]*\"|'[^']*'|[\w-]+)"
_KEY = re.compile(rf"\s*({_NAME}(?:\s*\.\s*{_NAME})*)\s*=")
_HEADING = re.compile(rf"\s*(\[\[?)\s*({_NAME}(?:\s*\.\s*{_NAME})*)\s*\]")


@dataclass(frozen=True, slots=True)
class Table:
    """A table of a TOML file.  ``trail`` leads to it from the root, ``lines`` says where each trail is written."""

    path: Path
    keys: Mapping[str, Any]
    lines: Mapping[Trail, int]
    trail: Trail = ()

    def place(self, key: str = "") -> str:
        """``cast.toml, line 7``: the line of ``key``, else of the heading above it."""
        trail = (*self.trail, key) if key else self.trail
        known = (self.lines[trail[:end]] for end in range(len(trail), 0, -1) if trail[:end] in self.lines)
        line = next(known, 0)
        return f"{self.path}, line {line}" if line else str(self.path)

    def only(self, *known: str) -> None:
        """Raise ``InputError`` for a key that nothing reads: it is a slip, and would be lost without a word."""
        for key in self.keys:
            if key not in known:
                fix = f"{did_you_mean(key, known)}known keys: {', '.join(known)}; a remark starts with #"
                raise InputError(f"the key {key!r} is not known", self.place(key), fix)

    def text(self, key: str, default: str | None = None) -> str:
        """The text under ``key``.  Raises ``InputError`` when it is missing (without a default) or no text."""
        value = self.keys.get(key, default)
        if value is None:
            raise InputError(f"the key {key!r} is missing", self.place(), f'add {key} = "…"')
        if not isinstance(value, str):
            raise InputError(f"{key} must be text, not {_shown(value)}", self.place(key), f'write {key} = "…"')
        return value.strip()

    def texts(self, key: str) -> tuple[str, ...]:
        """The list of texts under ``key``; empty when absent."""
        value = self.keys.get(key, [])
        if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
            raise InputError(
                f"{key} must be a list of texts, not {_shown(value)}", self.place(key), f'write {key} = ["a", "b"]'
            )
        return tuple(item.strip() for item in value)

    def choice(self, key: str, allowed: Sequence[str], default: str) -> str:
        """The text under ``key``, which must be one of ``allowed``."""
        value = self.text(key, default)
        if value not in allowed:
            fix = f"{did_you_mean(value, allowed)}choose from {', '.join(allowed)}"
            raise InputError(f"{key} cannot be {value!r}", self.place(key), fix)
        return value

    def number(self, key: str) -> int:
        """The whole number from 0 on under ``key``; 0 when absent."""
        value = self.keys.get(key, 0)
        if not isinstance(value, int) or isinstance(value, bool) or value < 0:
            told = f"{key} must be a whole number, not {_shown(value)}"
            raise InputError(told, self.place(key), f"write {key} = 60")
        return value

    def flag(self, key: str) -> bool:
        """True or false; false when absent."""
        value = self.keys.get(key, False)
        if not isinstance(value, bool):
            fix = f"write {key} = true or {key} = false, without quotes"
            raise InputError(f"{key} must be true or false, not {_shown(value)}", self.place(key), fix)
        return value

    def day(self, key: str) -> date:
        """The date under ``key``, which must be there."""
        value = self.keys.get(key)
        if isinstance(value, datetime) or not isinstance(value, date):
            told = f"{key} must be a date, not {_shown(value)}" if value is not None else f"the key {key!r} is missing"
            raise InputError(told, self.place(key), f"write {key} = 2030-12-31, without quotes")
        return value

    def table(self, key: str) -> Table:
        """The table under ``key``; empty when absent."""
        value = self.keys.get(key, {})
        inner = replace(self, keys=value, trail=(*self.trail, key))
        if not isinstance(value, dict):
            raise InputError(
                f"{key} must be a table, not {_shown(value)}", inner.place(), f"write [{key}] above its keys"
            )
        return inner

    def tables(self, key: str) -> tuple[Table, ...]:
        """The tables under the repeated heading ``[[key]]``, in order."""
        value = self.keys.get(key, [])
        if not isinstance(value, list) or not all(isinstance(row, dict) for row in value):
            fix = f"write each under a [[{key}]] heading of its own"
            raise InputError(f"{key} must be a list of tables", self.place(key), fix)
        return tuple(replace(self, keys=row, trail=(*self.trail, key, at)) for at, row in enumerate(value))


def read_table(path: Path) -> Table:
    """A TOML file's root table.  Raises ``InputError`` with the parser's line and column."""
    text = read_text(path)
    try:
        return Table(path, tomllib.loads(text), _lines(text))
    except tomllib.TOMLDecodeError as error:
        found = re.search(r" \(at line (\d+), column (\d+)\)$", str(error))
        where = f"{path}, line {found[1]}" if found else str(path)
        what = str(error) if found is None else f"{str(error)[: found.start()]}, column {found[2]}"
        fix = "mend that line (texts stand in straight quotes); https://toml.io shows the rules"
        raise InputError(f"not valid TOML: {what}", where, fix) from None


def _shown(value: object) -> str:
    shown = f"{value:%Y-%m-%d}" if isinstance(value, date) else repr(value)
    return shown if len(shown) <= 60 else f"{shown[:60]}…"


def _lines(text: str) -> dict[Trail, int]:
    """Where each heading and key of valid TOML is written.  Keys inside inline tables are not told apart."""
    found: dict[Trail, int] = {}
    counts: dict[tuple[str, ...], int] = {}
    at: Trail = ()
    inside = False  # a text of several lines
    for number, line in enumerate(text.split("\n"), start=1):
        if not inside and (heading := _HEADING.match(line)):
            names = _names(heading[2])
            if heading[1] == "[[":
                counts[names] = counts.get(names, -1) + 1
            at = _trail(names, counts)
            found.setdefault(at, number)
        elif not inside and (key := _KEY.match(line)):
            found.setdefault((*at, *_names(key[1])), number)
        inside ^= (line.count('"""') + line.count("'''")) % 2 == 1
    return found


def _trail(names: tuple[str, ...], counts: Mapping[tuple[str, ...], int]) -> Trail:
    """``names`` with the current number after each that is a repeated heading."""
    trail: Trail = ()
    for end, name in enumerate(names, start=1):
        trail += (name, counts[names[:end]]) if names[:end] in counts else (name,)
    return trail


def _names(dotted: str) -> tuple[str, ...]:
    return tuple(name.strip("\"'") for name in re.findall(_NAME, dotted))
