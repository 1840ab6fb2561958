"""What changed from one delivered version to the next, for people."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

ChangeKind = Literal["line", "setting", "engine", "file"]
_SECTIONS: tuple[tuple[ChangeKind, str, str], ...] = (
    ("line", "lines", "Lines"), ("setting", "settings", "Settings"), ("engine", "engines", "Engines"),
    ("file", "", "Files"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Change:
    """One difference: ``name`` is a line id, setting or role, ``field`` what of it; no side: empty.

    Of a file ``name`` is the whole sentence: ``a.mp4 of v2 was changed: delivered again``.
    """

    kind: ChangeKind
    name: str
    field: str
    before: str
    after: str

    @property
    def text(self) -> str:
        """One sentence: ``L0007 dub: “Get out!” → “Out!”``."""
        head = f"{self.name} {self.field}".strip()
        if self.kind == "file":
            return head
        if not self.before:
            return f"{head}: new, {_quoted(self.after)}"
        if not self.after:
            return f"{head}: gone, was {_quoted(self.before)}"
        return f"{head}: {_quoted(self.before)} → {_quoted(self.after)}"


def changes(before: Mapping[str, Any], now: Mapping[str, Any]) -> tuple[Change, ...]:
    """Differences between two manifests in ``lines``, ``settings`` and ``engines``, in the order of ``now``.

    Each of these maps a name to a value or to a table of fields, as in
    ``{"lines": {"L0007": {"dub": …, "subtitle": …}}}``.
    """
    return tuple(
        change
        for kind, section, _ in _SECTIONS
        if section
        for change in _between(kind, before.get(section, {}), now.get(section, {}))
    )


def _between(kind: ChangeKind, before: Mapping[str, Any], now: Mapping[str, Any]) -> Iterator[Change]:
    for name in dict.fromkeys([*now, *before]):
        old, new = _fields(before.get(name)), _fields(now.get(name))
        for field in dict.fromkeys([*new, *old]):
            if old.get(field, "") != new.get(field, ""):
                yield Change(kind, name, field, old.get(field, ""), new.get(field, ""))


def _fields(value: Any) -> dict[str, str]:
    if value is None:
        return {}
    if isinstance(value, Mapping):
        return {str(field): _said(inner) for field, inner in value.items()}
    return {"": _said(value)}


def _said(value: Any) -> str:
    if isinstance(value, str):
        return value
    return json.dumps(value, ensure_ascii=False, sort_keys=True, default=str)


def _quoted(text: str) -> str:
    return f"“{text}”"


def changes_md(market: str, number: int, previous: int, found: tuple[Change, ...]) -> str:
    """``changes.md``: the change list of version ``number``; ``previous`` is 0 for the first one."""
    if not previous and not found:
        return f"# {market} v{number}\n\nThe first version.\n"
    since = f"What changed since v{previous}." if previous else "There is no version before that can be read."
    text = [f"# {market} v{number}", "", since]
    for kind, _, title in _SECTIONS:
        own = [change for change in found if change.kind == kind]
        if own:
            text += ["", f"## {title}", "", *(f"- {_safe(change.text)}" for change in own)]
    if not found:
        text += ["", "No line, setting or engine changed; the files were made anew (see manifest.json)."]
    return "\n".join(text) + "\n"


def _safe(text: str) -> str:
    """On one line, with Markdown's own marks made harmless."""
    flat = " ".join(text.split())
    return "".join(f"\\{c}" if c in "\\`*_[]<>#|" else c for c in flat)
