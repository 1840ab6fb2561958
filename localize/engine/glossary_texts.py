"""The Chinese that a series is known to say: line tables and transcripts beside it, scripts, memory."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from localize.errors import InputError
from localize.series import find_series, is_series
from localize.spreadsheet import original
from localize.tables import read_rows

VIDEOS = (".mp4", ".mov", ".mkv", ".webm", ".m4v", ".avi", ".ts")
SUFFIX = ".localize"


def place_of(place: Path) -> tuple[Path, Path | None]:
    """(series folder, episode or None) of what a person named: a series folder, a video, or ``terms.csv`` itself.

    Raises ``InputError`` when there is no series.
    """
    if place.is_dir() and is_series(place):
        return place, None
    if place.name == "terms.csv" and is_series(place.parent):
        return place.parent, None
    if place.is_dir() or not place.exists():
        what = "is no series folder (it holds no series.toml)" if place.is_dir() else "there is no such file or folder"
        raise InputError(what, str(place), "give a series folder, or an episode beside one")
    root = find_series(place)
    if root is None:
        raise InputError("no series folder lies beside this episode", str(place), "name it with --series DIR")
    return root, place


def episodes_of(root: Path) -> tuple[Path, ...]:
    """The videos beside a series folder that belong to it, by name."""
    beside = root.resolve().parent
    videos = sorted(path for path in beside.iterdir() if path.suffix.lower() in VIDEOS and path.is_file())
    return tuple(path for path in videos if _belongs(path, root))


def _belongs(video: Path, root: Path) -> bool:
    try:
        found = find_series(video)
    except InputError:
        return False
    return found is not None and found.resolve() == root.resolve()


def known_texts(root: Path, episode: Path | None = None) -> dict[str, tuple[str, ...]]:
    """Lines by episode, each line once for every time it is said; only of ``episode`` where one is given."""
    folders = (
        [episode.with_name(episode.stem + SUFFIX)] if episode else sorted(root.resolve().parent.glob(f"*{SUFFIX}"))
    )
    found: dict[str, tuple[str, ...]] = {}
    for folder in folders:
        tables = (folder / "transcript.csv", *sorted(folder.glob("*/lines.csv")))
        table = next((path for path in tables if path.is_file()), None)
        if table is not None:
            found[folder.name.removesuffix(SUFFIX)] = tuple(_sources(table))
    for path in sorted(root.glob("scripts/*.csv")):
        name = path.stem.rpartition(".")[0]
        if name and name not in found and (episode is None or name == episode.stem):
            found[name] = tuple(_sources(path))
    for name, lines in _remembered(root).items():
        if name not in found and (episode is None or name == episode.stem):
            found[name] = lines
    return found


def _remembered(root: Path) -> dict[str, tuple[str, ...]]:
    """The lines of ``memory.csv`` by the episode they are from, each once for all its markets."""
    path, found = root / "memory.csv", dict[str, dict[str, None]]()
    for row in read_rows(path, ("source",)) if path.is_file() else ():
        found.setdefault(row["episode"] or "memory", {})[original(row["source"])] = None
    return {name: tuple(lines) for name, lines in found.items()}


def _sources(table: Path) -> Iterator[str]:
    for row in read_rows(table, ()):
        yield original(row["text"] or row["source"], respelt=True)
