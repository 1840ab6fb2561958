"""Which receipts a run used: the memory behind ``localize why``."""

from __future__ import annotations

import json
import secrets
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from localize.engine.events import Event
from localize.engine.store import Store, disk_error


class Journal:
    """Appends one JSON line per receipt used, after one that says what was run; the file can go with the store.

    ``media`` and ``series`` are the paths the run was given.
    """

    def __init__(self, store: Store, episode: str, media: Path | None = None, series: Path | None = None) -> None:
        self._path = path_of(store, episode)
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise disk_error(error, self._path.parent) from error
        self._lock = threading.Lock()
        self._run = f"{datetime.now(UTC).isoformat(timespec='milliseconds')} {secrets.token_hex(2)}"
        self._head: dict[str, str] | None = {
            "run": self._run, "kind": "run", "media": _absolute(media), "series": _absolute(series),
        }  # fmt: skip

    def __call__(self, event: Event) -> None:
        if event.kind not in ("done", "reused"):
            return
        row = {"run": self._run, "stage": event.stage, "title": event.title, "market": event.market,
               "key": event.key, "kind": event.kind}  # fmt: skip
        try:
            with self._lock, self._path.open("a", encoding="utf-8") as file:
                for one in (self._head, row):
                    if one is not None:
                        file.write(json.dumps(one, ensure_ascii=False) + "\n")
                self._head = None
        except OSError as error:
            raise disk_error(error, self._path) from error


def _absolute(path: Path | None) -> str:
    return str(path.absolute()) if path is not None else ""


@dataclass(frozen=True, slots=True)
class Use:
    """A receipt that a run used: ``key`` answered ``stage`` for the job called ``title``."""

    run: str
    stage: str
    title: str
    market: str
    key: str


@dataclass(frozen=True, slots=True)
class History:
    """What was used for one episode, oldest first, and where the latest of these runs had its files."""

    uses: tuple[Use, ...]
    media: Path | None = None
    series: Path | None = None


def known_as(store: Store, episode: str) -> str:
    """The name an episode's journal goes by, from its file or its name with or without the suffix."""
    name = Path(episode).name
    return name if path_of(store, name).is_file() else Path(name).stem


def path_of(store: Store, episode: str) -> Path:
    return store.root / "journal" / f"{episode}.jsonl"


def history(store: Store, episode: str) -> History:
    """What is known of an episode, given as its file or its name; nothing when it never ran with this store.

    Two shows may both have an ``ep01``: a file counts with the runs in its place and those of the same bytes wherever
    they lay; a bare name means the episode that was run last.
    """
    rows = list(_rows(path_of(store, known_as(store, episode))))
    heads = {row["run"]: row for row in rows if row.get("kind") == "run"}
    uses = [Use(row["run"], row["stage"], row["title"], row["market"], row["key"]) for row in rows if "key" in row]
    asked = _absolute(Path(episode))
    if not any(head["media"] == asked for head in heads.values()):
        asked = next((row["media"] for row in reversed(heads.values())), "")
    here = [head for head in heads.values() if head["media"] == asked]
    own = {head["run"] for head in here}
    probed = {use.key for use in uses if use.stage == "probe" and use.run in own}
    own |= {use.run for use in uses if use.key in probed}
    media, series = (here[-1]["media"], here[-1]["series"]) if here else ("", "")
    mine = tuple(use for use in uses if use.run in own or use.run not in heads)
    return History(mine, Path(media) if media else None, Path(series) if series else None)


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
