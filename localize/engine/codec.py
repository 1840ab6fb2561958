"""Domain values to JSON and back, and the one spelling of a recipe that its hash is taken of."""

from __future__ import annotations

import hashlib
import json
from functools import cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pydantic import TypeAdapter


@cache
def _adapter(kind: Any) -> TypeAdapter[Any]:
    from pydantic import TypeAdapter

    return TypeAdapter(kind)


def plain(value: Any) -> Any:
    """Dataclasses, tuples, fractions and dates → what ``json`` can write."""
    from pydantic_core import to_jsonable_python

    return to_jsonable_python(value, fallback=str)


def restore(data: Any, kind: Any) -> Any:
    """The opposite of ``plain``: JSON data → a value of type ``kind``.  Raises ``ValueError`` when it does not fit."""
    return _adapter(kind).validate_json(json.dumps(data))


def spell(value: Any) -> str:
    """One canonical spelling: sorted keys, no spaces, real characters."""
    return json.dumps(plain(value), ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def fingerprint(value: Any) -> str:
    """SHA-256 in hex of the canonical spelling of ``value``."""
    return hashlib.sha256(spell(value).encode()).hexdigest()
