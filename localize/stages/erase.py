"""Takes burned-in text out of one shot: lossless patches of the picture, one per run of captions.

Nothing outside the strokes (with outline and shadow) changes by a single bit.  What was erased is read again
in the middle of every text; where it can still be read the shot is done once more with a wider brush, and
what is readable even then is reported, never hidden."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, ThreadPoolExecutor, wait
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from localize import backends
from localize.episode import Box, OnScreenText, Patch, Picture, Shot
from localize.stages import Choice, Desk, Stage
from localize.timing import Ms

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from localize.media.erasing import Erasure
    from localize.media.glyphs import Glyphs
    from localize.media.tape import Tape
    from localize.roles import Inpainting, Ocr


_AT_ONCE = 4
"""Shots worked on at a time, at most; each holds its tape (up to 96 MB) or two seconds of its crop, some 50 MB."""
_BEAT = 0.5
"""Seconds between two words about the progress, which is also how soon a stop is noticed."""


@dataclass(frozen=True, slots=True)
class Job:
    """One ``shot`` of the file at ``path`` and the ``texts`` to erase that overlap it.

    ``engine`` fills; ``reader`` reads the result as a check, None leaves the check out.
    """

    path: Path
    digest: str
    picture: Picture
    shot: Shot
    texts: tuple[OnScreenText, ...]
    engine: Choice
    reader: Choice | None = None


@dataclass(frozen=True, slots=True)
class Erased:
    """The patches of a shot, and what can still be read: (text id, what was read)."""

    patches: tuple[Patch, ...]
    residue: tuple[tuple[str, str], ...] = ()


def recipe(job: Job) -> dict[str, Any]:
    """The file, the shot, the texts and both engines."""
    return {
        "file": job.digest,
        "picture": job.picture,
        "shot": job.shot,
        "texts": job.texts,
        "engine": job.engine.recipe(),
        "reader": job.reader.recipe() if job.reader else None,
    }


def work(jobs: Sequence[Job], desk: Desk) -> Iterator[tuple[Job, Erased]]:
    """One answer per shot, as each is finished; shots are spread over the cores and do not depend on each other."""
    from localize.media.glyphs import glyphs

    ordered = sorted(jobs, key=lambda job: job.shot.span)
    if not ordered:
        return
    taped = [(job, _tape(job)) for job in ordered]
    across = {text.id: text for job, tape in taped for text in job.texts if not _within(job, text, tape)}
    found = glyphs(ordered[0].path, ordered[0].picture, across.values())
    stopping = threading.Event()
    pool = ThreadPoolExecutor(min(_AT_ONCE, os.cpu_count() or 1), "erase")
    try:
        running = {
            pool.submit(_erase, *taped.pop(0), found, desk, *_engines(job), stopping): job for job in ordered
        }
        left = set(running)
        while left:
            desk.progress(len(running) - len(left), len(running))
            finished, left = wait(left, timeout=_BEAT, return_when=FIRST_COMPLETED)
            for future in sorted(finished, key=lambda f: running[f].shot.span):
                yield running[future], _kept(running[future], future.result(), desk)
    finally:
        stopping.set()
        pool.shutdown(wait=True, cancel_futures=True)


def _engines(job: Job) -> tuple[Inpainting, Ocr | None]:
    engine: Inpainting = backends.load("inpainting", job.engine.name, dict(job.engine.options))
    if job.reader is None:
        return engine, None
    reader: Ocr = backends.load("ocr", job.reader.name, dict(job.reader.options))
    return engine, reader


def _tape(job: Job) -> Tape | None:
    """What the shot shows where its texts stand; None when that is too much to be held."""
    from localize.media.erasing import watched
    from localize.media.tape import MOST, Tape

    tape = Tape(job.path, job.picture, *_frames(job), watched(job.texts, job.picture))
    return tape if tape.bytes <= MOST else None


def _within(job: Job, text: OnScreenText, tape: Tape | None) -> bool:
    """Whether all of the text is on the shot's tape."""
    from localize.media.glyphs import frames_of

    first, stop = frames_of(text, job.picture)
    return tape is not None and tape.start <= first and stop <= tape.stop


def _frames(job: Job) -> tuple[int, int]:
    from localize.media.glyphs import frame_of

    start, end = (frame_of(at, job.picture.rate) for at in (job.shot.span.start, job.shot.span.end))
    return start, min(end, job.picture.frames)


def _erase(
    job: Job, tape: Tape | None, across: Mapping[str, Glyphs], desk: Desk, engine: Inpainting, reader: Ocr | None,
    stop: threading.Event,
) -> list[Erasure]:  # fmt: skip
    from localize.media.erasing import erase
    from localize.media.glyphs import taped
    from localize.media.video import frames

    own = taped(tape, [text for text in job.texts if text.id not in across]) if tape else {}
    texts = [own.get(text.id) or across[text.id] for text in job.texts]

    def streamed(box: Box, low: int, high: int) -> Iterator[tuple[int, Ms, NDArray[np.uint8]]]:
        return frames(job.path, job.picture, low, high, box=box, format="yuv420p", beside=True)

    look = tape.frames if tape else streamed
    return list(erase(look, job.picture, job.shot, texts, engine, reader, desk.scratch, stop.is_set))


def _kept(job: Job, erasures: Sequence[Erasure], desk: Desk) -> Erased:
    residue = tuple(left for erasure in erasures for left in erasure.residue)
    return Erased(tuple(_patch(job, erasure, desk) for erasure in erasures), residue)


def _patch(job: Job, erasure: Erasure, desk: Desk) -> Patch:
    asset = desk.keep(erasure.path, "video/x-matroska")
    return Patch(job.shot.id, erasure.span, erasure.box, erasure.first, erasure.count, asset)


def _title(job: Job) -> str:
    return job.shot.id


STAGE = Stage("erase", revision=6, answer=Erased, recipe=recipe, work=work, title=_title)
