"""Look: what the texts in the picture are written in and on, so that their translations can be set alike.

The same for every market, and the pictures have to be decoded for it: done once an episode.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from localize.episode import OnScreenText, Picture
from localize.media.panels import Panel
from localize.stages import Desk, Stage

Rgb = tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class Job:
    """The source with SHA-256 ``digest`` and the ``texts`` in its picture, without their words."""

    path: Path
    digest: str
    picture: Picture
    texts: tuple[OnScreenText, ...]


@dataclass(frozen=True, slots=True)
class Look:
    """By text id: red, green and blue (0–255) of the strokes, and the panel a screen or document is written on.

    A text whose look cannot be told is left out.
    """

    inks: tuple[tuple[str, Rgb], ...] = ()
    panels: tuple[tuple[str, Panel], ...] = ()


UNSEEN = Look()
"""Nothing is known of any text."""


def job_of(path: Path, digest: str, picture: Picture, texts: Sequence[OnScreenText]) -> Job:
    """A look depends on where and when a text stands, not on its words."""
    return Job(path, digest, picture, tuple(replace(one, text="") for one in texts))


def recipe(job: Job) -> Mapping[str, Any]:
    texts = [(one.id, one.span, one.box, one.kind) for one in job.texts]
    return {"file": job.digest, "picture": job.picture, "texts": texts}


def work(jobs: Sequence[Job], desk: Desk) -> Iterator[tuple[Job, Look]]:
    """Raises ``InputError`` when the picture cannot be decoded."""
    from localize.media.inks import inks
    from localize.media.panels import panels

    for number, job in enumerate(jobs, start=1):
        screens = [one for one in job.texts if one.kind == "screen"]
        others = [one for one in job.texts if one.kind != "screen"]
        colours = inks(job.path, job.picture, others)
        yield job, Look(tuple(colours.items()), tuple(panels(job.path, job.picture, screens).items()))
        desk.progress(number, len(jobs))


STAGE = Stage("look", revision=1, answer=Look, recipe=recipe, work=work,
              title=lambda job: job.path.name, shared=True)  # fmt: skip
