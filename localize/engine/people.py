"""Who speaks: what a person says about it, and the cast that later episodes are told by.

What concerns one episode's lines goes into its log of edits; who the characters are goes into ``cast.toml``, whose
comments and order stay as the person wrote them.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import count
from pathlib import Path

from localize import edit_log
from localize.corrections import NUMBERED
from localize.edits import Edit
from localize.engine import clips
from localize.engine.order import Order
from localize.engine.store import Store
from localize.engine.strangers import lasting
from localize.engine.table import log_path
from localize.episode import Age, Episode, Gender
from localize.errors import InputError
from localize.series import Character, SeriesBible, digest_of, locked, open_series, write
from localize.tables import read_text


@dataclass(frozen=True, slots=True)
class Heard:
    """One voice of an episode: its lines, how long they are together (ms), and those told by a narrow margin."""

    speaker: str
    name: str
    lines: tuple[str, ...]
    length: int
    unsure: tuple[str, ...]


def voices(episode: Episode, unsure: Iterable[str]) -> tuple[Heard, ...]:
    """The voices of an episode, who says most first; ``unsure`` are ids of lines whose speaker is in doubt."""
    doubted = set(unsure)
    found = []
    for speaker in episode.speakers:
        own = [line for line in episode.lines if line.speaker == speaker.id]
        names = tuple(line.id for line in own)
        length = sum(line.span.length for line in own)
        found.append(Heard(speaker.id, speaker.name, names, length, tuple(n for n in names if n in doubted)))
    return tuple(sorted(found, key=lambda one: (-one.length, one.speaker)))


def assign(order: Order, bible: SeriesBible, lines: Sequence[str], speaker: str, known: Episode) -> str:
    """From now on ``speaker`` says these lines; the name they go by.

    A stranger with a number (``?2``) gets a name that lasts, after the first of their lines (``?L0005``), with all of
    them.  Raises ``InputError`` for unknown lines or speakers.
    """
    ids = {line.id for line in known.lines}
    strange = [name for name in lines if name not in ids]
    if strange:
        fix = f"{order.command} cast {order.episode} lists them"
        raise InputError(f"no line {', '.join(strange)} in {order.stem}", fix=fix)
    _known(bible, known, speaker)
    if not NUMBERED.fullmatch(speaker):
        return _log(order, bible, lines, speaker)
    theirs = tuple(line.id for line in known.lines if line.speaker == speaker or line.id in lines)
    return _log(order, bible, theirs, _lasting(order, bible, theirs, known))


def merge(order: Order, bible: SeriesBible, speaker: str, into: str, known: Episode) -> tuple[str, ...]:
    """Every line of ``speaker`` is ``into``'s, and no clip cut from this episode tells lines by ``speaker`` any more.

    What became of the clips of a member of the cast, in words.
    """
    _known(bible, known, speaker)
    if speaker == into:
        raise InputError(f"{speaker} and {into} are the same", fix="name two speakers")
    lines = _of(known, speaker)
    assign(order, bible, lines, into, known)
    gone, kept = _unheard(bible, speaker, order.stem)
    out = f"{order.command} cast {shlex.quote(str(bible.root))} remove {speaker}"
    told = [f"{one.name}, cut from this episode, is no voice of {speaker} any more; it stays on disk" for one in gone]
    told += [f"{one.name} was not cut from this episode and is {speaker}'s still: lines may be told by it; {out}, "
             f"if {speaker} is {into} throughout" for one in kept]  # fmt: skip
    return tuple(told)


def _unheard(bible: SeriesBible, character: str, episode: str) -> tuple[tuple[Path, ...], tuple[Path, ...]]:
    """Take the clips that were cut from ``episode`` out of a member's references; those, and the ones that stay."""
    import tomlkit

    path = bible.root / "cast.toml"
    if bible.character(character) is None:
        return (), ()
    with locked(bible.root):
        member = open_series(bible.root).character(character)
        own = member.references if member else ()
        gone = tuple(clip for clip in own if clips.cut_from(clip) == episode)
        if gone:
            seen, document = digest_of(path), tomlkit.parse(read_text(path))
            for row in document["character"]:
                if row["id"].strip() == character:
                    for name in [one for one in row["references"] if bible.root / one in gone]:
                        row["references"].remove(name)
            write(path, tomlkit.dumps(document), seen)
    return gone, tuple(clip for clip in own if clip not in gone)


def split(order: Order, bible: SeriesBible, speaker: str, lines: Sequence[str], known: Episode) -> str:
    """These lines of ``speaker`` belong to somebody nobody has named yet; the new one's id, ``?L0005`` for instance."""
    own = _of(known, speaker)
    strange = [name for name in lines if name not in own]
    if strange or not lines:
        what = f"{', '.join(strange)} is not said by {speaker}" if strange else "no line was named"
        raise InputError(what, fix=f"lines of {speaker}: {', '.join(own) or 'none'}")
    theirs = tuple(name for name in own if name in lines)
    return _log(order, bible, theirs, _lasting(order, bible, theirs, known))


def _log(order: Order, bible: SeriesBible, lines: Iterable[str], speaker: str) -> str:
    at = datetime.now(UTC).isoformat(timespec="seconds")
    told = [Edit(order.stem, name, "", "speaker", speaker, order.by, at, "") for name in lines]
    edit_log.append(log_path(order, bible), told)
    return speaker


def _lasting(order: Order, bible: SeriesBible, lines: Sequence[str], known: Episode) -> str:
    """A stranger's name after the first of ``lines`` (in time) that nobody is named after yet."""
    said = {edit.line: edit.value for edit in edit_log.read(log_path(order, bible)) if edit.field == "speaker"}
    taken = {*said.values(), *(line.speaker for line in known.lines)}
    return lasting(lines, taken)


def _known(bible: SeriesBible, episode: Episode, speaker: str) -> None:
    cast = [one.id for one in bible.cast]
    names = cast + sorted({line.speaker for line in episode.lines}.difference(cast))
    if speaker not in names:
        raise InputError(f"nobody is called {speaker!r}", fix=f"choose from {', '.join(names)}")


def _of(episode: Episode, speaker: str) -> tuple[str, ...]:
    return tuple(line.id for line in episode.lines if line.speaker == speaker)


# ── the series' cast ────────────────────────────────────────────────────────────────────
def rename(bible: SeriesBible, character: str, name: str) -> None:
    """Give a member of the cast another Chinese name; the id stays, so casting, consents and edits do.

    Raises ``InputError`` for a name that is empty or somebody else's.
    """
    import tomlkit

    path = bible.root / "cast.toml"
    with locked(bible.root):
        cast = open_series(bible.root).cast
        if character not in [one.id for one in cast]:
            raise InputError(f"nobody is called {character!r}", str(path), "run the command again")
        name = _free(name, [one for one in cast if one.id != character], "choose another name")
        seen, document = digest_of(path), tomlkit.parse(read_text(path))
        for row in document["character"]:
            if row["id"].strip() == character:
                row["name"] = name
        write(path, tomlkit.dumps(document), seen)


def remove(bible: SeriesBible, character: str) -> tuple[Path, ...]:
    """Take a member out of ``cast.toml``; their clips, which stay where they are, for nobody is told by them any more.

    Raises ``InputError`` when nobody is called so, or a person's edits or other files of the series still name them.
    """
    import tomlkit

    path = bible.root / "cast.toml"
    with locked(bible.root):
        now = open_series(bible.root)
        member = now.character(character)
        if member is None:
            fix = f"the cast: {', '.join(one.id for one in now.cast) or 'nobody yet'}"
            raise InputError(f"nobody is called {character!r}", str(path), fix)
        _unneeded(now, character)
        seen, document = digest_of(path), tomlkit.parse(read_text(path))
        rows = document["character"]
        del rows[next(at for at, row in enumerate(rows) if row["id"].strip() == character)]
        if not rows:
            del document["character"]
        write(path, tomlkit.dumps(document), seen)
    return member.references


def _unneeded(bible: SeriesBible, character: str) -> None:
    """Raises ``InputError`` where something a person wrote would name nobody without ``character``."""
    for log in sorted((bible.root / "edits").glob("*.jsonl")):
        said = {(one.line, one.field): one.value for one in edit_log.read(log) if one.field in ("speaker", "addressee")}
        lines = sorted({line for (line, _), who in said.items() if who == character})
        if lines:
            fix = f"say first who it is: localize cast EPISODE assign {' '.join(lines)} WHO"
            raise InputError(f"{character} says, or is told, {', '.join(lines)} of {log.stem}", str(log), fix)
    addressed = {who for one in bible.addresses for who in (one.speaker, one.addressee)}
    related = {who for two in bible.relations for who in (two.person, two.of)}
    named: dict[str, Collection[str]] = {
        "casting.toml": bible.casting, "consents": bible.consents, "addresses.csv": addressed, "relations.csv": related,
    }  # fmt: skip
    for file, names in named.items():
        if character in names:
            raise InputError(f"{character} is named there", str(bible.root / file), "take the name out there first")


def introduce(
    order: Order, bible: SeriesBible, speaker: str, name: str, gender: Gender, age: Age, known: Episode, store: Store
) -> Character:
    """Make the stranger ``speaker`` a member of the cast, with a reference clip cut from the lines of this episode.

    Later episodes are told by that clip.  Raises ``InputError`` when the name is taken or too little is heard.
    """
    _known(bible, known, speaker)
    lines = [line for line in known.lines if line.speaker == speaker]
    if sum(line.span.length for line in lines) < clips.LEAST:
        fix = "name them in an episode they say more in"
        raise InputError(f"{speaker} says too little here to be told by it", fix=fix)
    with locked(bible.root):
        cast = open_series(bible.root).cast
        name = _free(name, cast, f"{order.command} cast {order.episode} merge '{speaker}' ID")
        slug = next(one for one in _slugs(name) if _unused(bible.root, one, cast))
        clip = bible.root / "cast" / f"{slug}.wav"
        clips.cut(clip, store.path(known.stems.dialogue), lines, order.stem, known.source.digest)
        character = Character(slug, name, gender=gender, age=age, references=(clip,))
        try:
            _enter(bible.root / "cast.toml", character)
        except InputError:
            clips.remove(clip)  # nothing refers to it, and the next try would take another id
            raise
    _log(order, bible, (line.id for line in lines), character.id)
    return character


def _enter(path: Path, character: Character) -> None:
    """Write a member with one reference clip below those who are in ``cast.toml``.  Call inside ``locked``."""
    import tomlkit

    text = read_text(path) if path.exists() else ""
    seen, document = digest_of(path), tomlkit.parse(text)
    row = tomlkit.table()
    row.update({"id": character.id, "name": character.name, "gender": character.gender, "age": character.age})
    row["references"] = [f"cast/{character.references[0].name}"]
    rows = document.get("character") or tomlkit.aot()
    rows.append(row)
    document["character"] = rows
    write(path, tomlkit.dumps(document), seen)


def _free(name: str, others: Iterable[Character], fix: str) -> str:
    """``name`` without blanks around it, if none of ``others`` goes by it."""
    name = name.strip()
    if not name or name.startswith("?"):
        what = "the name is empty" if not name else f"{name!r} is what strangers are called"
        raise InputError(what, fix="give the name the show uses")
    whose = next((one.id for one in others if name in (one.id, one.name, *one.aliases)), "")
    if whose:
        raise InputError(f"{name} is in the cast already, as {whose}", fix=fix)
    return name


def _slugs(name: str) -> Iterator[str]:
    """Ids from a name: 林婆 → lin_po, lin_po_2 …"""
    from pypinyin import lazy_pinyin

    plain = re.sub(r"[^a-z0-9]+", "_", "_".join(lazy_pinyin(name)).lower()).strip("_") or "character"
    yield plain
    yield from (f"{plain}_{number}" for number in count(2))


def _unused(root: Path, slug: str, cast: Iterable[Character]) -> bool:
    """Whether neither a member nor a clip that a person put there has this id."""
    return (
        all(slug not in (one.id, one.name, *one.aliases) for one in cast)
        and not (root / "cast" / f"{slug}.wav").exists()
    )
