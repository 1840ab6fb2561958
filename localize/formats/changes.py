"""What changed from one delivered version to the next, for people."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

ChangeKind = Literal["line", "setting", "engine", "listing", "file", "other"]
_SECTIONS: tuple[tuple[ChangeKind, str, str], ...] = (
    ("line", "lines", "Lines"), ("setting", "settings", "Settings"), ("engine", "engines", "Engines"),
    ("listing", "", "Listing"), ("file", "", "Files"), ("other", "", "Other"),
)  # fmt: skip
MADE_OF = "made_of"
"""The field of a manifest for what a version depends on beside its lines, settings and engines: ``given`` (told as
settings), ``document`` (the listing) and others, each a value or a table.
"""
_GIVEN = ("series", "episode", "source")
_LISTED = ("title", "titles", "hook", "synopsis", "tags", "hashtags", "status")
_BESIDE = (
    "made", "schema", "market", "number", "previous", "key", "changes", "files", "series_snapshot", "spent", "terms",
    "adaptation", "lengths", "matches", "casting", "lines", "settings", "engines", "listing", MADE_OF, *_GIVEN,
)  # fmt: skip
"""What is told elsewhere, and what makes no version another one."""
ELSE = "something else changed:"


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
    """Differences between two manifests in ``lines``, ``settings``, ``engines`` and the listing, in the order of
    ``now``; where there is none, every other field that differs.

    Each of these maps a name to a value or to a table of fields, as in
    ``{"lines": {"L0007": {"dub": …, "subtitle": …}}}``.
    """
    both = MADE_OF in before and MADE_OF in now
    found = (
        *_between("line", before.get("lines", {}), now.get("lines", {})),
        *_between("setting", _settings(before, both), _settings(now, both)),
        *_between("engine", before.get("engines", {}), now.get("engines", {})),
        *_between("listing", _listing(before, both), _listing(now, both)),
    )
    return found or tuple(_between("other", _rest(before, both), _rest(now, both)))


def _settings(manifest: Mapping[str, Any], both: bool) -> dict[str, Any]:
    """What a person decides: the settings, whose episode it is, and what was given with it."""
    given = {name: _named(manifest[name]) for name in _GIVEN if name in manifest}
    return {**manifest.get("settings", {}), **given, **(manifest[MADE_OF].get("given", {}) if both else {})}


def _named(value: Any) -> str:
    """A file as its name and the first of its SHA-256."""
    named = isinstance(value, Mapping) and {"name", "digest"} <= value.keys()
    return f"{value['name']} ({value['digest'][:12]})" if named else _said(value)


def _listing(manifest: Mapping[str, Any], both: bool) -> dict[str, Any]:
    """What platforms show, the words without where they are from."""
    told = {name: _words(manifest["listing"][name]) for name in _LISTED if name in manifest.get("listing", {})}
    if both:
        document = manifest[MADE_OF].get("document", {})
        told |= {f"{name} {field}": _words(value) for name in ("series", "episode")
                 for field, value in document.get(name, {}).items() if (name, field) != ("series", "id")}  # fmt: skip
        told["names"] = ", ".join(f"{source} {local}" for source, local in document.get("names", {}).items())
    return told


def _words(value: Any) -> str:
    return " · ".join(_said(one) for one in value) if isinstance(value, (list, tuple)) else _said(value)


def _rest(manifest: Mapping[str, Any], both: bool) -> dict[str, Any]:
    """Everything else a version is told from others by, under the ``ELSE`` that says so."""
    fields = {name: value for name, value in manifest.items() if name not in _BESIDE}
    if both:
        fields |= {name: value for name, value in manifest[MADE_OF].items() if name != "given"}
    return {ELSE: {place: value for name, inner in fields.items() for place, value in _flat(name, inner)}}


def _flat(name: str, value: Any) -> Iterator[tuple[str, Any]]:
    """Tables field by field, lists row by row: what tells that one row is new and which."""
    if isinstance(value, Mapping):
        for field, inner in value.items():
            yield from _flat(f"{name} {field}", inner)
    elif isinstance(value, (list, tuple)) and all(isinstance(one, Mapping) and "message" in one for one in value):
        for one in value:
            yield f"{name} {one.get('check', '')} {one.get('line', '')}".strip(), one["message"]
    else:
        yield name, value


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
    if number == 1 and not previous and not found:
        return f"# {market} v{number}\n\nThe first version.\n"
    since = f"What changed since v{previous}." if previous else "There is no version before that can be read."
    text = [f"# {market} v{number}", "", since]
    for kind, _, title in _SECTIONS:
        own = [change for change in found if change.kind == kind]
        if own:
            text += ["", f"## {title}", "", *(f"- {_safe(change.text)}" for change in own)]
    if not found and previous:
        text += ["", f"No line, setting, engine or listing differs; what else changed, v{previous} did not record."]
    return "\n".join(text) + "\n"


def _safe(text: str) -> str:
    """On one line, with Markdown's own marks made harmless."""
    flat = " ".join(text.split())
    return "".join(f"\\{c}" if c in "\\`*_[]<>#|" else c for c in flat)
