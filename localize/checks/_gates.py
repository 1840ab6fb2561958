"""The thresholds of ``gates.toml`` and how a share becomes a severity."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files

from localize.version import Severity


@cache
def gate(check: str) -> dict[str, float]:
    """The thresholds of one check."""
    table = tomllib.loads((files("localize.checks") / "gates.toml").read_text("utf-8"))
    return {name: float(value) for name, value in table[check].items()}


def below(check: str, share: float) -> Severity | None:
    """``block`` or ``warn`` when ``share`` is under that gate, else None."""
    limits = gate(check)
    return "block" if share < limits["block_below"] else "warn" if share < limits["warn_below"] else None
