"""A six-second episode with its series, a store to start from, and ways to run it like a person or a script would."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import os
import shutil
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from localize.cli.commands import order_from

from localize.engine.events import Event
from localize.engine.order import Order
from localize.engine.store import Store
from localize.pipeline import Outcome, localize

SEED, WIDTH = 7, 360
MARKETS = ("en-US", "es-419", "id-ID")
OURS = ("LOCALIZE_LLM_URL", "LOCALIZE_LLM_MODEL", "LOCALIZE_LLM_KEY", "LOCALIZE_BY", "LOCALIZE_FFMPEG")


@dataclass
class Ran:
    """What one run did: its outcome and everything it said."""

    outcome: Outcome
    events: list[Event]

    def done(self, market: str | None = None) -> Counter[str]:
        """Jobs worked on per stage (``reused`` ones do not count), in one market (``""``: shared) or in all."""
        found = (one for one in self.events if one.kind == "done" and market in (None, one.market))
        return Counter(one.stage for one in found)

    def told(self, kind: str) -> str:
        return "\n".join(one.message for one in self.events if one.kind == kind)


@dataclass(frozen=True)
class Place:
    """A folder of one's own: the episode, its ``SERIES``, perhaps versions, and a home with a store."""

    folder: Path
    stem: str = field(default=f"short_{SEED}_ep01")

    @property
    def episode(self) -> Path:
        return self.folder / f"{self.stem}.mp4"

    @property
    def series(self) -> Path:
        return self.folder / "SERIES"

    @property
    def out(self) -> Path:
        return self.folder / f"{self.stem}.localize"

    @property
    def home(self) -> Path:
        return self.folder / "home"

    @property
    def store(self) -> Path:
        return self.home / "store"

    def table(self, market: str) -> Path:
        return self.out / market / "lines.csv"

    def version(self, market: str, number: int = 1) -> Path:
        return self.out / market / f"v{number}"

    def order(self, to: str = "en,es,id", **asked: Any) -> Order:
        return order_from({"episode": self.episode, "to": to, "by": "Ana", **asked})

    def run(self, to: str = "en,es,id", **asked: Any) -> Ran:
        """The whole job in this process."""
        events: list[Event] = []
        outcome = localize(self.order(to, **asked), Store(self.store), events.append, threading.Event())
        return Ran(outcome, events)

    def environment(self) -> dict[str, str]:
        known = {name: value for name, value in os.environ.items() if name not in OURS}
        return known | {"LOCALIZE_HOME": str(self.home), "COLUMNS": "200", "NO_COLOR": "1", "LOCALIZE_BY": "Ana"}

    def cli(self, *words: str | Path, seconds: float = 120, **more: Any) -> subprocess.CompletedProcess[str]:
        """The real command, from this folder."""
        more = {"cwd": self.folder, "env": self.environment(), **more}
        return subprocess.run(command(*words), capture_output=True, text=True, timeout=seconds, check=False, **more)


def command(*words: str | Path) -> list[str]:
    """The argument list that runs the installed command."""
    script = Path(sys.executable).with_name("localize")
    own = [str(script)] if script.exists() else [sys.executable, "-c", "from localize.cli import main; main()"]
    return [*own, *map(str, words)]


def events_of(output: str) -> list[dict[str, Any]]:
    """What ``--json`` printed; fails when a line of it is no JSON object."""
    found = [json.loads(line) for line in output.splitlines()]
    assert all(isinstance(one, dict) and one.get("kind") for one in found)
    return found


def copy(source: Place, target: Path) -> Place:
    """A copy that may be changed freely."""
    ignored = shutil.ignore_patterns("home")
    shutil.copytree(source.folder, target, ignore=ignored)
    place = Place(target, source.stem)
    if source.store.exists():
        copy_store(source, place)
    return place


def copy_store(source: Place, place: Place) -> None:
    """The same receipts and files for another place; the store never changes a file, so links are copies."""
    for name in ("files", "receipts"):
        shutil.copytree(source.store / name, place.store / name, copy_function=os.link)
    if (source.store / "journal").exists():
        shutil.copytree(source.store / "journal", place.store / "journal")


def forget(place: Place, keep: Collection[str] = ("ocr",)) -> None:
    """Lose every receipt but those of some stages: reading captions alone takes longer than all the rest."""
    for path in (place.store / "receipts").rglob("*.json"):
        if json.loads(path.read_text("utf-8"))["stage"] not in keep:
            path.unlink()


def rows(table: Path) -> list[dict[str, str]]:
    """The line table as a spreadsheet shows it."""
    return list(csv.DictReader(io.StringIO(table.read_text("utf-8-sig"), newline="")))


def save(table: Path, changed: list[dict[str, str]]) -> None:
    with table.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.DictWriter(file, list(changed[0]))
        writer.writeheader()
        writer.writerows(changed)


def edit(table: Path, line: str, **cells: str) -> None:
    """Change cells of one line and save, as a translator would."""
    found = rows(table)
    for row in found:
        if row["id"] == line:
            row.update(cells)
    save(table, found)


def cells(table: Path, line: str) -> Mapping[str, str]:
    return next(row for row in rows(table) if row["id"] == line)


def tree(folder: Path) -> dict[str, str]:
    """Every file below a folder by name, with the hash of its bytes; locks, which are empty, left out."""
    files = (path for path in sorted(folder.rglob("*")) if path.is_file() and not path.name.endswith(".lock"))
    return {path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def leftovers(place: Place) -> list[str]:
    """Names that only work in progress may have: partial versions, scratch folders, temporary files."""
    scratch = place.store / "scratch"
    found = [path for path in place.folder.rglob("*") if ".partial-" in path.name or path.name.startswith(".write-")]
    found += [path for path in (place.store / "receipts").rglob(".*") if path.is_file()]
    found += list(scratch.iterdir()) if scratch.exists() else []
    return [path.relative_to(place.folder).as_posix() for path in found]


def make_clip(folder: Path) -> Place:
    """Draw and record the episode and its series: three lines, two speakers, scripts for en-US and id-ID."""
    import make
    from studio import generate, series

    made = make.make(generate.short_story(SEED), folder, width=WIDTH, preset="ultrafast")
    place = Place(folder, made.video.stem)
    made.truth.unlink()
    place.series.mkdir()
    series.series_for(made.performance, place.series, scripts=["en-US", "id-ID"])
    return place


UNKNOWN = "月亮像一块旧饼挂在井里。"
"""A line that no phrasebook and no memory has."""


def with_an_unknown_line(place: Place, known: Place) -> Place:
    """Lay a subtitle file beside the episode whose last line is ``UNKNOWN``; only two scripts have it."""
    lines = [row for row in rows(known.table("en-US")) if row["id"].startswith("L")]
    said = lines[-1]["source"]
    lines[-1]["source"] = UNKNOWN
    blocks = (
        f"{number}\n{row['start']} --> {row['end']}\n{row['source']}\n" for number, row in enumerate(lines, start=1)
    )
    place.episode.with_suffix(".srt").write_text("\n".join(blocks), encoding="utf-8")
    for script in (place.series / "scripts").iterdir():
        script.write_text(script.read_text("utf-8").replace(said, UNKNOWN), encoding="utf-8")
    return place
