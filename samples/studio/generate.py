"""Other episodes of other shows: a cast, a look and lines of the phrasebook, all drawn from a seed.

They exist so that nothing in the toolkit can lean on the sample's own names, places, colours or frame rate.
"""

from __future__ import annotations

import csv
import re
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import replace
from fractions import Fraction
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np

from .script import Actor, Captions, Effect, Music, Script, ScriptLine, ScriptOverlay, ScriptShot, actors

HERE = Path(__file__).parent
PHRASEBOOK = HERE.parents[1] / "glossaries" / "drama-phrasebook.csv"
MARKETS = ("en-US", "es-419", "id-ID")
_SLOT = re.compile(r"\{(\w+)\}")
_NAMES, _SLOTS = {"NAME"}, {"NAME", "MONEY", "NUM"}
Row = dict[str, str]


@lru_cache(maxsize=1)
def tables() -> dict[str, Any]:
    """What generated episodes are varied by (``generate.toml``)."""
    return tomllib.loads((HERE / "generate.toml").read_text(encoding="utf-8"))


@lru_cache(maxsize=1)
def _rows() -> tuple[tuple[Row, frozenset[str]], ...]:
    """Phrasebook rows fit for a modern quarrel, with the slots each one has."""
    want = tables()["lines"]
    good, bad = set(want["tags"]), set(want["not_tags"])
    kept = []
    with PHRASEBOOK.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            tags, slots = set(row["tags"].split("|")), frozenset(_SLOT.findall(row["zh"]))
            fits = (
                want["shortest"] <= len(row["zh"]) <= want["longest"] and row["register"] in want["registers"]
            )
            if fits and tags & good and not tags & bad and slots <= _SLOTS:
                kept.append((row, slots))
    return tuple(kept)


def _pick(rng: np.random.Generator, values: Any) -> Any:
    return values[int(rng.integers(len(values)))]


def _cast(rng: np.random.Generator, count: int) -> tuple[Actor, ...]:
    """A woman, a man and then elders, with names that share no surname."""
    company, names = actors(HERE / "actors.toml"), tables()["names"]
    kinds = ["heroine-", "hero-", _pick(rng, ["elder-f-", "elder-m-"])][:count]
    surnames = rng.permutation(len(names["surnames"]))
    givens = {gender: rng.permutation(len(names[gender])) for gender in ("female", "male")}
    chosen = []
    for place, (kind, number) in enumerate(zip(kinds, surnames, strict=False)):
        actor = _pick(rng, [a for a in company if a.character.id.startswith(kind)])
        gender = actor.character.gender
        family, given = names["surnames"][number], names[gender][givens[gender][place]]
        romanised = f"{family[1]}_{given[1]}".lower()
        chosen.append(
            replace(actor, character=replace(actor.character, id=romanised, name=family[0] + given[0]))
        )
    return tuple(chosen)


def latin_name(character_id: str) -> str:
    """``su_nian`` as a name on screen: Su Nian."""
    return " ".join(part.capitalize() for part in character_id.split("_"))


def _fill(row: Row, named: Actor, rng: np.random.Generator) -> tuple[str, tuple[tuple[str, str], ...]]:
    """The Chinese line and its renderings with every slot filled alike."""
    money, number = _pick(rng, tables()["money"]), _pick(rng, tables()["number"])
    latin = latin_name(named.character.id)

    def filled(text: str, market: str) -> str:
        name = named.character.name if market == "zh" else latin
        text = text.format(NAME=name, MONEY=money[market], NUM=number[market])
        return re.sub(r"[^\W\d_]", lambda m: m.group().upper(), text, count=1) if text[:1].islower() else text

    columns = {"en-US": "en", "es-419": "es-419", "id-ID": "id-ID"}
    return filled(row["zh"], "zh"), tuple((m, filled(row[columns[m]], m)) for m in MARKETS)


def _line(row: Row, speaker: Actor, to: Actor, absent: Actor, rng: np.random.Generator) -> ScriptLine:
    """One line; a name called out is the addressee's, a name talked about is somebody else's."""
    called = re.search(r"^\{NAME\}[，？！]|[，是]\{NAME\}", row["zh"])
    text, renderings = _fill(row, to if called else absent, rng)
    mood = tables()["lines"]["emotions"][row["register"]]
    pause = int(rng.integers(320, 620))
    people = (speaker.character.id, to.character.id)
    return ScriptLine(people[0], text, people[1], mood, pause, renderings=renderings)


def said_lines(
    rng: np.random.Generator, cast: tuple[Actor, ...], turns: Iterable[tuple[Actor, Actor]], longest: int = 13
) -> Iterator[ScriptLine]:
    """A line of the phrasebook for every turn (speaker, addressee); about one in four has a slot."""
    plain = [row for row, slots in _rows() if not slots and len(row["zh"]) <= longest]
    slotted = [row for row, slots in _rows() if slots]
    used = set[str]()
    for turn, (speaker, to) in enumerate(turns):
        row = _pick(rng, slotted if turn % 4 == 1 else plain)
        while row["id"] in used:
            row = _pick(rng, plain)
        used.add(row["id"])
        others = [actor for actor in cast if actor not in (speaker, to)]
        yield _line(row, speaker, to, others[0] if others else to, rng)


def _lines(
    cast: tuple[Actor, ...], count: int, longest: int, rng: np.random.Generator
) -> Iterator[ScriptLine]:
    """Turns that pass from mouth to mouth."""
    order = rng.permutation(len(cast))
    turns = [(cast[order[n % len(cast)]], cast[order[(n + 1) % len(cast)]]) for n in range(count)]
    yield from said_lines(rng, cast, turns, longest)


def _overlays(
    number: int, actor: Actor, baseline: float, rng: np.random.Generator
) -> tuple[ScriptOverlay, ...]:
    """A name plate on the chest and a caption below it, clear of face and subtitle."""
    if number == 0:
        height = baseline + (0.1 if baseline < 0.74 else -0.09)
        return (ScriptOverlay("nameplate", actor.character.name, (_pick(rng, [0.28, 0.72]), height), 300),)
    if number == 2:
        return (ScriptOverlay("caption", "三天后", (0.5, 0.91), 120, 1400),)
    return ()


def _shots(
    cast: tuple[Actor, ...], lines: list[ScriptLine], baseline: float, rng: np.random.Generator
) -> Iterator[ScriptShot]:
    """One shot a line, mostly close; a shot for two where a pair of lines allows it."""
    look, people = tables()["look"], {actor.character.id: actor for actor in cast}
    background = _pick(rng, look["backgrounds"])
    for number, line in enumerate(lines):
        kind = "two" if number == 3 else "medium" if number == 4 else "closeup"
        seen = (line.speaker, line.to) if kind == "two" and line.to else (line.speaker,)
        sound = (Effect(_pick(rng, look["effects"]), 40, -5.0),) if number % 3 == 0 else ()
        cue = "cliffhanger" if number == len(lines) - 1 else "hit" if number == 2 else None
        yield ScriptShot(
            kind=kind, characters=seen, background=background, camera=_pick(rng, look["cameras"]),
            lead=int(rng.integers(260, 420)),
            tail=int(rng.integers(180, 320)) + (700 if cue == "cliffhanger" else 0),
            cue=cue, lines=(line,), effects=sound,
            overlays=_overlays(number, people[line.speaker], baseline, rng),
        )  # fmt: skip


def random_story(seed: int, lines: int = 7, speakers: int = 3, longest: int = 12) -> Script:
    """An episode of 15 to 20 seconds that shares nothing with the sample but the studio."""
    rng = np.random.default_rng([seed, 11])
    look, cast = tables()["look"], _cast(rng, speakers)
    said = list(_lines(cast, lines, longest, rng))
    captions = Captions(
        font=_pick(rng, look["fonts"]),
        size=int(rng.integers(*look["sizes"])),
        colour=tuple(_pick(rng, look["colours"])),
        baseline=round(float(rng.uniform(*look["baselines"])), 3),
    )
    mood = _pick(rng, ["sorrow", "tense", "triumph", "tender"])
    music = Music(mood, int(rng.integers(12)), float(rng.uniform(68, 96)), bool(rng.random() < 0.4))
    mark = ScriptOverlay("watermark", _pick(rng, look["watermarks"]), (_pick(rng, [0.16, 0.84]), 0.05))
    rate, shots = Fraction(_pick(rng, look["rates"])), tuple(_shots(cast, said, captions.baseline, rng))
    return Script(
        f"seed_{seed}_ep01", said[0].text.strip("。！？"), seed, rate, cast, shots, captions, music, mark
    )


def short_story(seed: int) -> Script:
    """A clip of about six seconds with three lines, for tests that need an episode rather than a drama."""
    return replace(
        random_story(seed, lines=3, speakers=2, longest=8), stem=f"short_{seed}_ep01", rate=Fraction(25)
    )
