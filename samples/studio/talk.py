"""Episodes made to be heard: two to six voices, lines that run into each other, short cries, music underneath.

Nothing of them needs drawing: ``sound.perform`` gives their stems and the times of every line.  They are what the
telling of speakers is measured on (``tests/benchmarks/diarization.py``).
"""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import numpy as np

from . import generate
from .script import Actor, Captions, Music, Script, ScriptLine, ScriptOverlay, ScriptShot, actors

HERE = Path(__file__).parent
EVERY_SHORT = 7  # one line in so many is a cry of one or two syllables
EVERY_OVERLAP = 5  # one line in so many starts before the last one ends
LONGEST_SCENE = 8  # lines, before the place and with it the room's sound changes


def company(rng: np.random.Generator, count: int) -> tuple[Actor, ...]:
    """``count`` of the studio's actors under new names, no two with one surname."""
    names, known = generate.tables()["names"], actors(HERE / "actors.toml")
    givens = {gender: iter(rng.permutation(len(names[gender]))) for gender in ("female", "male")}
    chosen = []
    for number, surname in zip(
        rng.permutation(len(known))[:count], rng.permutation(len(names["surnames"])), strict=False
    ):
        actor, family = known[int(number)], names["surnames"][int(surname)]
        given = names[actor.character.gender][int(next(givens[actor.character.gender]))]
        who = replace(actor.character, id=f"{family[1]}_{given[1]}".lower(), name=family[0] + given[0])
        chosen.append(replace(actor, character=who))
    return tuple(chosen)


def turns(rng: np.random.Generator, cast: tuple[Actor, ...], count: int) -> list[tuple[Actor, Actor]]:
    """Who says each line and to whom.

    Two people talk for a few lines, then somebody else comes in; now and then one says two lines in a row.
    """
    order = list(rng.permutation(len(cast)))
    pair, said = [cast[order[0]], cast[order[1]]], []
    for turn in range(count):
        others = [actor for actor in cast if actor not in pair]
        if others and turn % 4 == 3:
            pair = [pair[1], others[int(rng.integers(len(others)))]]
        speaker, to = pair
        said.append((speaker, to))
        if rng.random() > 0.15:
            pair = [to, speaker]
    return said


def _lines(rng: np.random.Generator, cast: tuple[Actor, ...], count: int) -> list[ScriptLine]:
    texts, shouts = generate.said_lines(rng, cast, turns(rng, cast, count)), generate.tables()["shouts"]["texts"]
    found = []
    for number, line in enumerate(texts):
        if number % EVERY_SHORT == EVERY_SHORT - 1:
            line = replace(line, text=shouts[int(rng.integers(len(shouts)))], renderings=())
        late = number % EVERY_OVERLAP == EVERY_OVERLAP - 2 and found and found[-1].speaker != line.speaker
        found.append(replace(line, pause=-int(rng.integers(250, 700)) if late else int(rng.integers(120, 900))))
    return found


def _plates(cast: tuple[Actor, ...], speaker: str, met: set[str]) -> tuple[ScriptOverlay, ...]:
    """A name plate where somebody is first seen."""
    if speaker in met:
        return ()
    met.add(speaker)
    name = next(actor.character.name for actor in cast if actor.character.id == speaker)
    return (ScriptOverlay("nameplate", name, (0.28, 0.85), 100),)


def conversation(seed: int, speakers: int, lines: int = 24) -> Script:
    """An episode of about a minute with ``speakers`` voices, the same for the same arguments."""
    rng = np.random.default_rng([seed, speakers, 29])
    cast, look = company(rng, speakers), generate.tables()["look"]
    shots: list[ScriptShot] = []
    places, met = rng.permutation(len(look["backgrounds"])), set[str]()
    for number, line in enumerate(_lines(rng, cast, lines)):
        place = look["backgrounds"][places[number // LONGEST_SCENE % len(places)]]
        if line.pause < 0 and shots:
            shots[-1] = replace(shots[-1], lines=(*shots[-1].lines, line), tail=int(rng.integers(80, 300)))
            continue
        shots.append(ScriptShot(
            kind="closeup", characters=(line.speaker,), background=place, lead=line.pause,
            tail=int(rng.integers(80, 300)), lines=(line,), overlays=_plates(cast, line.speaker, met),
        ))  # fmt: skip
    music = Music(("sorrow", "tense", "triumph", "tender")[seed % 4], int(rng.integers(12)), 84.0, seed % 3 == 0)
    return Script(f"talk_{seed}_{speakers}_ep01", "说话", seed, Fraction(25), cast, tuple(shots), Captions(), music)
