"""The series bible: cast, casting, terms, forms of address, memory and consents, owned by the people of a
show.

It lives in a user-owned folder of TOML and CSV files (``series_files.py`` reads them), safe to keep in
git, outside the store.  Writes take a lock that other processes respect and never overwrite what somebody
changed meanwhile.
"""

from __future__ import annotations

import hashlib
import os
import secrets
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from localize.address_matrix import Address, address_of
from localize.episode import Age, Gender, Speaker
from localize.errors import InputError
from localize.glossary import Glossary, Hit, Term, TranslationMemory
from localize.rates import Kind, Policy, policy
from localize.relations import Relation
from localize.scope import in_scope
from localize.swaps import Renamed
from localize.voice import Consent, Voice

if TYPE_CHECKING:
    from localize.repeats import Said

SERIES_FILE = "series.toml"


@dataclass(frozen=True, slots=True)
class Character:
    """A member of the cast.  ``names`` are (market, name); ``references`` clean mono clips of the voice.

    ``local_names`` are the names of a version with a renamed cast (adaptation level 2); ``families`` are (market, what
    a title goes with) of those who were renamed.
    """

    id: str
    name: str
    aliases: tuple[str, ...] = ()
    gender: Gender = "unknown"
    age: Age = "unknown"
    role: str = ""
    names: tuple[tuple[str, str], ...] = ()
    references: tuple[Path, ...] = ()
    local_names: tuple[tuple[str, str], ...] = ()
    families: tuple[tuple[str, str], ...] = ()

    def called(self, market: str) -> str:
        """The name in a market; empty when the bible gives none."""
        return dict(self.names).get(market, "")


@dataclass(frozen=True, slots=True)
class SeriesListing:
    """What the series' owner wrote for one market; empty strings where nothing was written."""

    market: str
    title: str = ""
    synopsis: str = ""
    hook: str = ""
    tags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SeriesBible:
    """Everything an episode borrows from its series.

    ``casting`` maps a character to market (or ``"*"``) to voice id, ``chosen`` a market to what episodes chose,
    ``voices`` are its own; ``terms``, ``memory``, ``renamed`` (``renaming``) by market, ``consents`` by who
    signed.  ``money`` maps a market (or ``"*"``) to its policy, ``rates`` is the day of ``own_rates``, a yuan's worth.
    ``foretold`` is what episodes will have said, by (episode, market), where a run is only looked ahead to."""

    root: Path
    id: str
    title: str
    language: str = "zh-CN"
    setting: str = "modern-china"
    episodes: int = 0
    names_policy: str = "pinyin_simplified"
    pivot: str = ""
    tropes: tuple[str, ...] = ()
    synopsis: str = ""
    listings: tuple[SeriesListing, ...] = ()
    cast: tuple[Character, ...] = ()
    casting: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    terms: Mapping[str, tuple[Term, ...]] = field(default_factory=dict)
    addresses: tuple[Address, ...] = ()
    relations: tuple[Relation, ...] = ()
    memory: Mapping[str, tuple[Hit, ...]] = field(default_factory=dict)
    consents: Mapping[str, Consent] = field(default_factory=dict)
    voices: Mapping[str, Voice] = field(default_factory=dict)
    chosen: Mapping[str, Mapping[str, tuple[str, str]]] = field(default_factory=dict)
    money: Mapping[str, Kind] = field(default_factory=dict)
    rates: str = ""
    own_rates: Mapping[str, str] = field(default_factory=dict)
    renamed: Mapping[str, tuple[Renamed, ...]] = field(default_factory=dict)
    foretold: Mapping[tuple[str, str], tuple[Said, ...]] = field(default_factory=dict)

    def character(self, id: str) -> Character | None:
        return next((one for one in self.cast if one.id == id), None)

    def speakers(self) -> tuple[Speaker, ...]:
        """The cast as speakers of an episode."""
        return tuple(Speaker(one.id, one.name, one.gender, one.age) for one in self.cast)

    def listing(self, market: str) -> SeriesListing:
        """The owner's words for a market; an empty listing when there are none."""
        return next((one for one in self.listings if one.market == market), SeriesListing(market))

    def voice(self, character: str, market: str) -> str:
        """The voice id cast for a character: the market's own, else the one for any market, else empty."""
        chosen = self.casting.get(character, {})
        return chosen.get(market) or chosen.get("*", "")

    def address(
        self, speaker: str, addressee: str, market: str, number: int = 0, begun: Collection[str] = ()
    ) -> Address | None:
        """The matrix entry for an episode's ``number`` once the scenes ``begun`` have begun (``address_matrix``)."""
        return address_of(self.addresses, speaker, addressee, market, number, begun)

    def consent(self, character: str) -> Consent | None:
        return self.consents.get(character)

    def glossary(self, market: str) -> Glossary:
        """The market's terms and the cast's names as terms; a row of ``terms.csv`` outranks a cast name."""
        own = self.terms.get(market, ())
        sources = {term.source for term in own}
        cast = (one for one in self.cast if one.called(market))
        names = (Term(one.name, (one.called(market),), "name", language=market) for one in cast)
        return Glossary.of((*own, *(term for term in names if term.source not in sources)))

    def within(self, number: int) -> SeriesBible:
        """The bible as it stands in the episode ``number`` (0: nobody knows): terms whose scope holds there."""
        held = {market: in_scope(terms, number, market) for market, terms in self.terms.items()}
        return replace(self, terms=held)

    def money_policy(self, market: str) -> Policy:
        """What becomes of sums in a market.  Raises ``InputError`` where they cannot be converted as asked."""
        kind = self.money.get(market) or self.money.get("*", "keep")
        return policy(kind, market, self.rates, self.own_rates, str(self.root / SERIES_FILE))

    def remembered(self, market: str) -> TranslationMemory:
        """The translation memory of a market."""
        return TranslationMemory(self.memory.get(market, ()))

    def snapshot(self) -> str:
        """SHA-256 over names and contents of everything people wrote in the folder."""
        whole = hashlib.sha256()
        for path in sorted(_written_by_people(self.root)):
            whole.update(f"{path.relative_to(self.root).as_posix()}\0{digest_of(path)}\n".encode())
        return whole.hexdigest()


def _written_by_people(root: Path) -> Iterator[Path]:
    for pattern in ("*.toml", "*.csv", "cast/*", "consents/*", "voices/*", "scripts/*", "edits/*"):
        yield from (path for path in root.glob(pattern) if path.is_file() and not path.name.startswith("."))


def find_series(episode: Path, given: Path | None = None) -> Path | None:
    """The series folder of an episode: the one given, else ``SERIES/`` beside it, else the one sibling folder
    that holds a ``series.toml``.  None only when none is given and none is found; a given one that is empty is where
    ``create_series`` may start one.  Raises ``InputError`` when the given one is missing (a slip of the pen must not
    start a second series) or holds something else, and when several siblings could be meant.
    """
    if given is not None:
        if not given.exists():
            fix = f"{_near(given)}to start a new series there, make the empty folder first"
            raise InputError("there is no such series folder", str(given), fix)
        if not is_series(given) and not _free(given):
            fix = "give the series folder, or an empty one to start a series in"
            raise InputError(f"no {SERIES_FILE} in it", str(given), fix)
        return given
    beside = episode.resolve().parent
    if (beside / "SERIES" / SERIES_FILE).is_file():
        return beside / "SERIES"
    found = sorted(path.parent for path in beside.glob(f"*/{SERIES_FILE}"))
    if len(found) > 1:
        names = ", ".join(path.name for path in found)
        raise InputError(f"several series could be meant: {names}", str(beside), "choose one with --series")
    return found[0] if found else None


def is_series(folder: Path) -> bool:
    """Whether a series was started in ``folder``."""
    return (folder / SERIES_FILE).is_file()


def _free(folder: Path) -> bool:
    """Whether a series may be started in ``folder``: it holds nothing but hidden files."""
    try:
        return all(entry.name.startswith(".") for entry in folder.iterdir())
    except OSError:
        return False


def _near(given: Path) -> str:
    """The series beside a folder that does not exist, the names most like it first, as the start of a sentence."""
    from difflib import SequenceMatcher

    names = [path.parent.name for path in given.parent.glob(f"*/{SERIES_FILE}")]
    like = {name: SequenceMatcher(None, name.lower(), given.name.lower()).ratio() for name in names}
    near = sorted(like, key=lambda name: (-like[name], name))[:3]
    return f"did you mean {' or '.join(str(given.with_name(name)) for name in near)}? " if near else ""


def open_series(path: Path) -> SeriesBible:
    """Read a whole series folder.  Raises ``InputError`` naming file and line or key."""
    from localize.series_files import read_series

    return read_series(path)


def new_series(folder: Path, episode: Path) -> SeriesBible:
    """What ``create_series`` would make there, as a value only."""
    import re

    bare = re.sub(r"(?i)[\s_.-]*e?p?\d+$", "", episode.stem).lower()
    name = re.sub(r"[^a-z0-9]+", "_", bare).strip("_") or "series"
    return SeriesBible(folder, name, episode.stem)


def create_series(folder: Path, episode: Path) -> SeriesBible:
    """Make the smallest series folder for an episode nobody described: an id and the title to fill in."""
    import json

    new = new_series(folder, episode)
    title = json.dumps(new.title, ensure_ascii=False)
    text = f'id = "{new.id}"\ntitle = {title}\nlanguage = "{new.language}"\nsetting = "{new.setting}"\n'
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with locked(folder):
            if not (folder / SERIES_FILE).exists():
                write(folder / SERIES_FILE, text, seen="")
    except OSError as error:
        fix = "choose a writable folder with --series DIR"
        raise InputError(f"no series can be started here: {error.strerror}", str(folder), fix) from error
    return open_series(folder)


# ── writing ─────────────────────────────────────────────────────────────────────────────────────────────────
def digest_of(path: Path) -> str:
    """SHA-256 in hex of a file's bytes; empty when it does not exist."""
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest()
    except FileNotFoundError:
        return ""


@contextmanager
def locked(root: Path, seconds: float = 20.0) -> Iterator[None]:
    """Hold the series' lock, which other processes respect.  Raises ``InputError`` when it stays taken."""
    from filelock import FileLock, Timeout

    try:
        with FileLock(root / ".lock", timeout=seconds):
            yield
    except Timeout:
        fix = "wait for the other run to end, then try again"
        raise InputError("another process is writing to this series", str(root), fix) from None


def write(path: Path, text: str, seen: str) -> None:
    """Replace a file whole, if it still is what was read.  Call inside ``locked``.

    ``seen`` is ``digest_of(path)`` when it was read, empty for a new file.  Raises ``InputError`` when
    somebody changed the file meanwhile; it is then left as it is.
    """
    if digest_of(path) != seen:
        raise InputError("changed since it was read; nothing was written", str(path), "run the command again")
    temporary = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with temporary.open("x", encoding="utf-8", newline="") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
    except OSError as error:
        temporary.unlink(missing_ok=True)
        raise InputError(f"cannot be written: {error.strerror}", str(path), "check the folder's permissions") from error


def append(path: Path, rows: tuple[tuple[str, ...], ...], columns: tuple[str, ...]) -> None:
    """Add rows to a CSV file (made with its header when new), whole and under the lock of its folder."""
    import csv
    import io

    with locked(path.parent):
        seen = digest_of(path)
        old = path.read_text("utf-8-sig") if seen else ",".join(columns) + "\n"
        new = io.StringIO(newline="")
        csv.writer(new, lineterminator="\n").writerows(rows)
        write(path, old + ("" if old.endswith("\n") else "\n") + new.getvalue(), seen)
