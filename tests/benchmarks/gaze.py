"""Whom lines are said to, with and without gaze, on drawn conversations of three to five people.

    python tests/benchmarks/gaze.py [--seeds 11,12,13,14]

Every episode is a minute of 24 lines (``samples/studio/looking.py``): heads are drawn turned to whom they talk to, some
lines past the camera, some while only a listener is seen.  The pictures a run would look at are drawn and looked at by
the engine ``face_mesh``, which needs the face models (``localize models fetch``).  Speakers are given.  Prints lines
whose addressee is told, right and wrong, without and with gaze, how well the mesh tells turns, and CPU seconds.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).parents[2] / "samples"))

from studio import looking, sound
from studio.draw_air import Lens
from studio.draw_motion import motions
from studio.draw_scene import Scene, Studio
from studio.story import Shot as Drawn
from studio.story import Spoken, Story

from localize import backends
from localize.addressing import addressed
from localize.episode import Line, Shot
from localize.roles import Gaze, Look
from localize.series import Character
from localize.stages._facing import Faces, facing, open_lines, wanted
from localize.stages.gaze import moments
from localize.stages.transcribe import scenes
from localize.timing import frame_at, frame_start, span

COUNTS = (3, 4, 5)


@dataclass
class Score:
    """Sums over episodes; ``turns`` are (drawn, measured) degrees, ``lips`` (drawn to speak, seen to speak)."""

    lines: Counter[str] = field(default_factory=Counter)
    turns: list[tuple[float, float]] = field(default_factory=list)
    lips: Counter[tuple[bool, bool]] = field(default_factory=Counter)
    seconds: float = 0.0


def drawn(
    story: Story, studio: Studio, lens: Lens, shot: Drawn, said: Sequence[Spoken]
) -> Iterator[tuple[int, np.ndarray]]:
    """The pictures of one shot that the stage would take."""
    scene, where = Scene(studio, shot), span(shot.start, shot.end)
    for line in said:
        for at in moments(span(line.start, line.end), where):
            number = frame_at(at, story.rate)
            ms = frame_start(number, story.rate)
            yield ms, lens.finish(scene.draw(number, float(ms)), number)


def episode(seed: int, count: int, engine: Gaze, score: Score) -> None:
    made = sound.perform(looking.conversation(seed, count), 480)
    story = made.story
    studio, lens = Studio(story, motions(story)), Lens(story.width, story.height, story.seed)
    seen: dict[str, Faces] = {}
    for shot in story.shots:
        said = [one for one in story.lines if shot.start <= (one.start + one.end) // 2 < shot.end]
        pictures = list(drawn(story, studio, lens, shot, said))
        began = time.process_time()
        found = engine.looks(iter(pictures), [span(one.start, one.end) for one in said])
        score.seconds += time.process_time() - began
        for line, looks in zip(said, found, strict=True):
            seen[line.id] = Faces(str(shot.start), looks)
            _faces(shot, line, looks, score)
    _lines(story, seen, score)


def _faces(shot: Drawn, line: Spoken, looks: Sequence[Look], score: Score) -> None:
    score.lines["faces"] += len(shot.characters)
    score.lines["faces found"] += min(len(looks), len(shot.characters))
    if len(looks) == len(shot.characters):
        for who, turn, look in zip(shot.characters, shot.turns, looks, strict=True):
            score.turns.append((turn, look.yaw))
            score.lips[who == line.speaker, look.speaks] += 1


def _lines(story: Story, seen: dict[str, Faces], score: Score) -> None:
    cast = tuple(Character(who.id, who.name, (), who.gender, who.age) for who in story.cast)
    said = [Line(one.id, span(one.start, one.end), one.text, one.speaker, kind=one.kind) for one in story.lines]
    where = scenes(said, [Shot(str(n), span(one.start, one.end)) for n, one in enumerate(story.shots)])
    before, truth = addressed(said, where, cast), {one.id: one.addressee for one in story.lines}
    unknown = open_lines(before)
    told = facing(before, where, seen, cast)
    sideways = [one for one in before if one.id in unknown and seen[one.id].side]
    looked = {*unknown, *(name for one in sideways for name in wanted(one, where, before))}
    score.lines.update({
        "lines": len(before), "told": len(before) - len(unknown), "looked at": len(looked), "by gaze": len(told),
        "told right": sum(one.addressee == truth[one.id] for one in before if one.addressee),
        "by gaze right": sum(one.addressee == truth[one.line] for one in told),
    })  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seeds", default="11,12,13,14")
    asked = parser.parse_args()
    engine, whole = backends.load("gaze", "face_mesh"), Score()
    for count in COUNTS:
        score = Score()
        for seed in asked.seeds.split(","):
            episode(int(seed), count, engine, score)
        _print(f"{count} people", score)
        whole.lines.update(score.lines)
        whole.turns += score.turns
        whole.lips.update(score.lips)
        whole.seconds += score.seconds
    _print("all", whole)


def _print(name: str, score: Score) -> None:
    n = score.lines
    both, right = n["told"] + n["by gaze"], n["told right"] + n["by gaze right"]
    print(f"{name}: {n['lines']} lines, {score.seconds:.1f} CPU s, {n['looked at']} looked at by a run", flush=True)
    print(f"  without gaze: {n['told']} told, {n['told right']} right; precision {n['told right'] / n['told']:.3f}, "
          f"recall {n['told right'] / n['lines']:.3f}")  # fmt: skip
    print(f"  with gaze: {both} told, {right} right; precision {right / both:.3f}, recall {right / n['lines']:.3f} "
          f"({n['by gaze right']} of {n['by gaze']} by gaze right)")  # fmt: skip
    away = [(turn, yaw) for turn, yaw in score.turns if abs(turn) >= 20]
    same = sum(turn * yaw > 0 for turn, yaw in away)
    past = sum(abs(yaw) >= 13 for _, yaw in away)
    still = [yaw for turn, yaw in score.turns if abs(turn) <= looking.CAMERA]
    print(f"  faces found {n['faces found']}/{n['faces']}; of {len(away)} turned away {same} on the right side, {past} "
          f"beyond 13°; of {len(still)} to the camera {sum(abs(yaw) >= 13 for yaw in still)}")  # fmt: skip
    print(f"  lips of {score.lips[True, True]} of {score.lips[True, True] + score.lips[True, False]} speakers are seen "
          f"to speak, and of {score.lips[False, True]} of "
          f"{score.lips[False, True] + score.lips[False, False]} listeners")  # fmt: skip


if __name__ == "__main__":
    main()
