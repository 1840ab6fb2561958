"""Finding and loading engines: files in the role's folder and entry points, through the same door."""

from __future__ import annotations

import pkgutil
import sys
import threading
from collections.abc import Mapping
from functools import cache
from importlib import import_module
from importlib.metadata import EntryPoint, entry_points
from importlib.util import find_spec
from typing import Any

from localize.errors import SetupError
from localize.roles import Availability, Backend, Role


@cache
def known(role: Role) -> Mapping[str, Backend]:
    """Every engine that can play ``role``, by name, built-in ones first."""
    package = f"localize.backends.{role}"
    cards: list[Backend] = []
    if find_spec(package) is not None:
        folder = import_module(package)
        modules = sorted(info.name for info in pkgutil.iter_modules(folder.__path__) if not info.name.startswith("_"))
        cards += [import_module(f"{package}.{name}").BACKEND for name in modules]
    cards += [_carried(role, entry) for entry in _entries(tuple(sys.path)).select(group=package)]
    return {card.name: card for card in cards}


@cache
def _entries(path: tuple[str, ...]) -> Any:
    """What the packages on ``path`` bring; reading all of their lists takes a while, so one look serves every role."""
    return entry_points()


def _carried(role: Role, entry: EntryPoint) -> Backend:
    """A third-party engine's card; one that cannot be imported gets a card that says so and harms nobody else."""
    try:
        found = entry.load()
    except Exception as error:
        why = f"{entry.value} cannot be imported: {type(error).__name__}: {error}"
        state = Availability(False, why, f"mend or remove the package that brings {entry.name}")
        return Backend(
            role, entry.name, "0", "a third-party engine that cannot be imported", "unknown", None,
            load=lambda options: None, available=lambda options: state,
        )  # fmt: skip
    if not isinstance(found, Backend):
        what = f"{entry.value} is no index card"
        raise SetupError(what, f"entry point {entry.group}", "make it a localize.roles.Backend")
    return found


def card(role: Role, name: str) -> Backend:
    """The index card of one engine; ``SetupError`` names those that exist when it is unknown."""
    try:
        return known(role)[name]
    except KeyError:
        names = ", ".join(known(role)) or "none"
        raise SetupError(f"no {role} engine is called {name!r}", fix=f"known {role} engines: {names}") from None


def availability(role: Role, name: str, options: Mapping[str, str] | None = None) -> Availability:
    """Whether the engine can run here, and what to do when not."""
    return card(role, name).available(options or {})


_loaded: dict[tuple[str, str, tuple[tuple[str, str], ...], tuple[tuple[str, str], ...]], Any] = {}
_loading = threading.RLock()


def load(role: Role, name: str, options: Mapping[str, str] | None = None) -> Any:
    """The engine itself, loaded once per process and options, whatever thread asks; again where the models that are
    here for its market have changed.

    Raises ``SetupError`` when it cannot run.
    """
    chosen = card(role, name)
    models = tuple(sorted(chosen.identity(options or {}).items())) if chosen.by_market else ()
    key = (role, name, tuple(sorted((options or {}).items())), models)
    with _loading:
        if key not in _loaded:
            state = chosen.available(options or {})
            if not state.ready:
                raise SetupError(f"the {role} engine {name} cannot run: {state.why}", fix=state.fix)
            _loaded[key] = chosen.load(options or {})
        return _loaded[key]
