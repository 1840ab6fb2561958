"""Episodes made to be looked at: three to five people in a place, who turn their heads to whom they talk to.

Who is where is known, and the camera stays on one side of them all, as it does in films: whom somebody talks to decides
whether they look to the left or to the right.  One line in seven is said past the camera, some are said while only a
listener is seen, and a second person in the picture is not always the one who is meant.  What gaze tells about
addressees is measured on them (``tests/benchmarks/gaze.py``).
"""

from __future__ import annotations

from fractions import Fraction

import numpy as np

from . import generate
from .script import Actor, Captions, Music, Script, ScriptLine, ScriptShot
from .talk import LONGEST_SCENE, company, turns

PAST_THE_CAMERA = 0.14  # share of lines whose speaker looks at nobody in the place
AWAY, CAMERA = (22.0, 38.0), 8.0  # degrees a head turns to somebody; at most, where it does not
KINDS = (("alone", 0.55), ("with addressee", 0.22), ("with another", 0.11), ("listener alone", 0.12))


def conversation(seed: int, speakers: int, lines: int = 24) -> Script:
    """An episode of about a minute with ``speakers`` people, the same for the same arguments."""
    rng = np.random.default_rng([seed, speakers, 41])
    cast, look = company(rng, speakers), generate.tables()["look"]
    said, places = _lines(rng, cast, lines), rng.permutation(len(look["backgrounds"]))
    shots: list[ScriptShot] = []
    where = {actor.character.id: int(at) for actor, at in zip(cast, rng.permutation(len(cast)), strict=True)}
    for number, line in enumerate(said):
        place = look["backgrounds"][places[number // LONGEST_SCENE % len(places)]]
        shots.append(_shot(rng, line, where, place))
    music = Music("tense", int(rng.integers(12)), 84.0)
    return Script(f"look_{seed}_{speakers}_ep01", "看", seed, Fraction(25), cast, tuple(shots), Captions(), music)


def _lines(rng: np.random.Generator, cast: tuple[Actor, ...], count: int) -> list[ScriptLine]:
    return list(generate.said_lines(rng, cast, turns(rng, cast, count)))


def _shot(rng: np.random.Generator, line: ScriptLine, where: dict[str, int], place: str) -> ScriptShot:
    kind = str(rng.choice([name for name, _ in KINDS], p=[share for _, share in KINDS]))
    seen = sorted(_seen(rng, kind, line, where), key=lambda who: where[who])
    turned = tuple(_turn(rng, who, line, where) for who in seen)
    return ScriptShot(
        kind="two" if len(seen) > 1 else "closeup", characters=tuple(seen), background=place,
        lead=int(rng.integers(120, 600)), tail=int(rng.integers(80, 300)), lines=(line,), turns=turned,
    )  # fmt: skip


def _seen(rng: np.random.Generator, kind: str, line: ScriptLine, where: dict[str, int]) -> list[str]:
    assert line.to is not None
    others = [who for who in where if who not in (line.speaker, line.to)]
    return {
        "alone": [line.speaker], "with addressee": [line.speaker, line.to], "listener alone": [line.to],
        "with another": [line.speaker, *others[int(rng.integers(max(1, len(others)))) :][:1]],
    }[kind]  # fmt: skip


def _turn(rng: np.random.Generator, who: str, line: ScriptLine, where: dict[str, int]) -> float:
    """The speaker turns to whom they talk to, everybody else to the speaker."""
    assert line.to is not None
    if rng.random() < PAST_THE_CAMERA:
        return float(rng.uniform(-CAMERA, CAMERA))
    to = line.to if who == line.speaker else line.speaker
    return float(rng.uniform(*AWAY)) * (1 if where[to] > where[who] else -1)
