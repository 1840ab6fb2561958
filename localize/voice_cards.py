"""The voices a series owns: people's voices, each a card ``SERIES/voices/<id>.toml`` beside its reference clip.

A card says whose voice it is, what it speaks (with accent) and which clip it was taken from, with the clip's SHA-256.
Using it takes a consent of the same name in ``SERIES/consents/``.
"""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path
from typing import cast, get_args

from localize.episode import Age, Asset, Gender
from localize.errors import InputError
from localize.series import digest_of
from localize.tables import did_you_mean, read_rows
from localize.toml_table import Table, read_table
from localize.voice import Voice, licensed_voices, stock_voices

FOLDER = "voices"
KEYS = (
    "name", "person", "gender", "age", "languages", "accent", "base", "pitch", "sample", "sha256", "seconds", "licence",
    "added_by", "added_on", "engine",
)  # fmt: skip


def read_voices(root: Path) -> dict[str, Voice]:
    """The series' own voices by id; none without the folder.  Raises ``InputError`` naming file and line."""
    return {path.stem: _voice(read_table(path)) for path in sorted((root / FOLDER).glob("*.toml"))}


def clip_of(root: Path, voice: str) -> Path:
    """Where the reference clip of a series' own voice lies."""
    return root / FOLDER / f"{voice}.wav"


def _voice(table: Table) -> Voice:
    table.only(*KEYS)
    id = table.path.stem
    if id in licensed_voices():
        raise InputError(f"{id} is the name of a stock voice", str(table.path), "give the card another name")
    stock, base = stock_voices(), table.text("base")
    if base not in stock:
        fix = f"{did_you_mean(base, stock)}choose from {', '.join(stock)}"
        raise InputError(f"no stock voice is called {base!r}", table.place("base"), fix)
    known = stock[base]
    return Voice(
        id=id,
        name=table.text("name"),
        engine=table.text("engine", known.engine),
        gender=cast(Gender, table.choice("gender", get_args(Gender), "unknown")),
        age=cast(Age, table.choice("age", ("child", "young", "adult", "elder"), "adult")),
        languages=_languages(table, known),
        licence=table.text("licence"),
        grade=known.grade,
        pitch=float(_pitch(table)),
        settings=known.settings,
        sample=_sample(table),
        person=table.text("person"),
        accent=table.text("accent", ""),
    )


def _pitch(table: Table) -> int:
    found = table.number("pitch")
    if not 50 <= found <= 600:
        raise InputError(f"nobody speaks at {found} Hz", table.place("pitch"), "write the median of the voice in Hz")
    return found


def _languages(table: Table, base: Voice) -> tuple[str, ...]:
    """What the voice speaks; nothing that the engine behind it does not."""
    found = table.texts("languages")
    unknown = [tag for tag in found if tag not in base.languages]
    if unknown or not found:
        told = f"its engine does not speak {', '.join(unknown)}" if unknown else "it speaks no language"
        raise InputError(told, table.place("languages"), f"choose from {', '.join(base.languages)}")
    return found


def _sample(table: Table) -> Asset:
    """The reference clip, byte for byte the one the voice was taken from."""
    path = table.path.with_suffix(".wav")
    if table.text("sample") != path.name or not path.is_file():
        raise InputError(f"the reference clip {path.name} is not beside it", str(table.path), f"put it at {path}")
    found = digest_of(path)
    if found != table.text("sha256").lower():
        told = f"{path.name} is not the clip the voice was taken from (its SHA-256 differs)"
        raise InputError(told, table.place("sha256"), "put the clip back, or add the voice anew under another name")
    return Asset(found, "audio/wav", path.stat().st_size)


# ── what earlier episodes chose ─────────────────────────────────────────────────────────────────────────────
CHOSEN = "chosen_voices.csv"
COLUMNS = ("character", "market", "voice", "episode", "why")


def read_chosen(root: Path, cast: Collection[str], own: Collection[str]) -> dict[str, dict[str, tuple[str, str]]]:
    """Market → character → (voice id, the episode that chose it); the first row counts, others are passed over.

    The program only ever adds rows; people may change or delete them.  Rows of who left the cast stay without effect.
    Raises ``InputError`` for a voice nobody knows.
    """
    path, found = root / CHOSEN, dict[str, dict[str, tuple[str, str]]]()
    for row in read_rows(path, COLUMNS[:3], COLUMNS) if path.exists() else ():
        if row["voice"] not in own and row["voice"] not in licensed_voices():
            fix = f"{did_you_mean(row['voice'], licensed_voices())}or delete the row: another is chosen then"
            raise InputError(f"{row['character']} has {row['voice']!r}, a voice nobody knows", row.place, fix)
        if row["character"] in cast:
            found.setdefault(row["market"], {}).setdefault(row["character"], (row["voice"], row["episode"]))
    return found
