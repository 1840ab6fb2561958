"""Which receipts a run used, and what changed since the run before: the answer to ``localize why``."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from localize.engine.events import Event
from localize.engine.store import Store, disk_error
from localize.errors import InputError


class Journal:
    """Appends one JSON line per receipt used; the file can be deleted with the store."""

    def __init__(self, store: Store, episode: str) -> None:
        self._path = path_of(store, episode)
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise disk_error(error, self._path.parent) from error
        self._lock = threading.Lock()
        self._run = datetime.now(UTC).isoformat(timespec="milliseconds")

    def __call__(self, event: Event) -> None:
        if event.kind not in ("done", "reused"):
            return
        row = {"run": self._run, "stage": event.stage, "title": event.title, "market": event.market,
               "key": event.key, "kind": event.kind}  # fmt: skip
        try:
            with self._lock, self._path.open("a", encoding="utf-8") as file:
                file.write(json.dumps(row, ensure_ascii=False) + "\n")
        except OSError as error:
            raise disk_error(error, self._path) from error


def known_as(store: Store, episode: str) -> str:
    """The name an episode's journal goes by, from its file or its name with or without the suffix."""
    name = Path(episode).name
    return name if path_of(store, name).is_file() else Path(name).stem


def path_of(store: Store, episode: str) -> Path:
    return store.root / "journal" / f"{episode}.jsonl"


def explain(store: Store, episode: str, wanted: str, market: str) -> str:
    """In words: the receipts behind a line or stage, and how each differs from the one before it."""
    rows = list(_rows(path_of(store, episode)))
    if not rows:
        raise InputError(
            f"nothing is known of {episode}", "localize why", "run the episode first, with the same --store"
        )
    chosen = [row for row in rows if (_about(row, wanted) and market in ("", row["market"])) or _shared(row, wanted)]
    if not chosen:
        raise InputError(
            f"{episode} has no line or stage {wanted!r}", market, "ids are in lines.csv; stages in localize plan"
        )
    history: dict[tuple[str, str, str], list[str]] = {}
    for row in chosen:
        keys = history.setdefault((row["stage"], row["title"], row["market"]), [])
        if not keys or keys[-1] != row["key"]:
            keys.append(row["key"])
    return "\n".join(_tell(store, *name, keys) for name, keys in history.items())


def _about(row: dict[str, str], wanted: str) -> bool:
    return wanted in (row["stage"], *row["title"].split())


def _shared(row: dict[str, str], wanted: str) -> bool:
    return not row["market"] and _about(row, wanted)


def _tell(store: Store, stage: str, title: str, market: str, keys: list[str]) -> str:
    now = store.receipt(keys[-1])
    head = " ".join(part for part in (stage, title, "" if title.endswith(market) else market) if part)
    if now is None:
        return f"{head}: its receipt is gone; the next run makes it again"
    engine = next(_engines(now.recipe), "")
    lines = [f"{head}: made {now.made} in {now.seconds:.1f} s{f' by {engine}' if engine else ''}"]
    before = store.receipt(keys[-2]) if len(keys) > 1 else None
    if before is None:
        lines += [f"    {name} = {_short(value)}" for name, value in now.recipe.items() if name != "revision"]
    else:
        lines += [f"    {change}" for change in differences(before.recipe, now.recipe)]
    return "\n".join(lines)


def differences(before: Any, now: Any, name: str = "") -> list[str]:
    """What changed from one recipe to the next, one sentence each."""
    if before == now:
        return []
    if isinstance(before, dict) and isinstance(now, dict):
        found = []
        for key in dict.fromkeys([*before, *now]):
            found += differences(before.get(key), now.get(key), f"{name}.{key}".strip("."))
        return found
    if isinstance(before, list) and isinstance(now, list):
        gone = [item for item in before if item not in now]
        new = [item for item in now if item not in before]
        if len(gone) == len(new) == 1:
            return differences(gone[0], new[0], name)
        return [f"{name} lost {_short(item)}" for item in gone] + [f"{name} gained {_short(item)}" for item in new]
    return [f"{name} was {_short(before)}, now {_short(now)}"]


def _engines(recipe: Any) -> Iterator[str]:
    if isinstance(recipe, dict):
        if "engine" in recipe and isinstance(recipe["engine"], str):
            yield f"{recipe['engine']} {recipe.get('version', '')}".strip()
        for value in recipe.values():
            yield from _engines(value)


def _short(value: Any) -> str:
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 90 else f"{text[:87]}…"


def _rows(path: Path) -> Iterator[dict[str, str]]:
    try:
        lines = path.read_text("utf-8").splitlines()
    except FileNotFoundError:
        return
    for line in lines:
        try:
            yield json.loads(line)
        except ValueError:
            continue  # the torn last line of a killed run
