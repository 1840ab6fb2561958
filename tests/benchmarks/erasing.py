"""How well burned-in captions are erased, and how fast, against spatial inpainting alone in the same run.

    python tests/benchmarks/erasing.py BURNED CLEAN

BURNED shows the captions, CLEAN the same pictures without them.  Captions are found and erased by our own stages
(shots, ocr, erase), once with each engine.  What is judged is fixed by the two files, not by what an engine painted on:
per caption the pixels in which BURNED and CLEAN differ by more than 24 levels in at least half of its frames, widened
with a round 9-px brush.  PSNR is the mean over frames, in BGR against CLEAN; ``pooled`` takes all pixels at once.
Frames per second count captioned frames; CPU seconds are those of this process on all cores.
"""

from __future__ import annotations

import argparse
import tempfile
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from localize import backends
from localize.engine.local import LocalDesk
from localize.engine.store import Store, digest_of
from localize.episode import Box, OnScreenText, Picture, Shot
from localize.media.glyphs import frame_of
from localize.media.patch import Pasting
from localize.media.probe import look
from localize.media.strokes import even
from localize.media.video import frames
from localize.stages import Choice, erase, ocr, shots

LEVELS, BRUSH, ROOM = 24, 9, 24
ENGINES = ("neighbours", "opencv")
Image = NDArray[np.uint8]


@dataclass
class Caption:
    """One caption of the truth: where and when it may differ, how often it did, and the mask that follows."""

    text: OnScreenText
    box: Box
    first: int
    stop: int
    count: int = 0
    differs: NDArray[np.float32] = field(default_factory=lambda: np.zeros(0, np.float32))

    @staticmethod
    def of(text: OnScreenText, picture: Picture) -> Caption:
        box = even(text.box, picture.width, picture.height, ROOM)
        span = frame_of(text.span.start, picture.rate), frame_of(text.span.end, picture.rate)
        return Caption(text, box, *span, differs=np.zeros((box.height, box.width), np.float32))

    def part(self, image: Image) -> Image:
        return image[self.box.y0 : self.box.y1, self.box.x0 : self.box.x1]

    def compare(self, burned: Image, clean: Image) -> None:
        self.differs += cv2.absdiff(self.part(burned), self.part(clean)).max(axis=2) > LEVELS
        self.count += 1

    def mask(self) -> NDArray[np.bool_]:
        steady = (self.differs >= 0.5 * max(1, self.count)).astype(np.uint8)
        return cv2.dilate(steady, cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (BRUSH, BRUSH))) > 0


@dataclass
class Score:
    """Squared errors of one rendering over the masks, frame by frame."""

    each: list[tuple[float, int]] = field(default_factory=list)

    def add(self, image: Image, clean: Image, here: Sequence[tuple[Caption, NDArray[np.bool_]]]) -> None:
        error, count = 0.0, 0
        for caption, mask in here:
            off = caption.part(image)[mask].astype(np.float32) - caption.part(clean)[mask]
            error, count = error + float((off**2).sum()), count + off.size
        self.each.append((error, count))

    def row(self) -> str:
        mean = np.mean([_psnr(error / count) for error, count in self.each])
        pooled = _psnr(sum(error for error, _ in self.each) / sum(count for _, count in self.each))
        return f"{mean:>8.2f} {pooled:>8.2f}"


def _psnr(error: float) -> float:
    return float(10 * np.log10(255**2 / max(error, 1e-6)))


def pairs(burned: Path, clean: Path, picture: Picture) -> Iterator[tuple[int, Image, Image]]:
    """Frame number, the planar frame of ``burned`` and the BGR frame of ``clean``."""
    planar = frames(burned, picture, format="yuv420p")
    for (number, _, one), (_, _, other) in zip(planar, frames(clean, picture), strict=True):
        yield number, one, other


def bgr(planar: Image) -> Image:
    return np.asarray(cv2.cvtColor(planar, cv2.COLOR_YUV2BGR_I420), np.uint8)


def found(burned: Path, picture: Picture, desk: LocalDesk) -> tuple[tuple[Shot, ...], list[OnScreenText]]:
    """The cuts and the captions as our own stages see them."""
    ((_, cuts),) = shots.STAGE.work([shots.Job(burned, "", picture)], desk)
    job = ocr.Job(burned, "", picture, cuts, Choice.of(backends.card("ocr", "rapid")))
    ((_, texts),) = ocr.STAGE.work([job], desk)
    return cuts, [text for text in texts if text.kind == "subtitle"]


def erased(
    name: str, burned: Path, picture: Picture, cuts: Sequence[Shot], texts: Sequence[OnScreenText], desk: LocalDesk
) -> tuple[Pasting, int, float, float]:
    """The patches of one engine, the texts that can still be read, seconds of wall clock and of CPU."""
    engine, reader = Choice.of(backends.card("inpainting", name)), Choice.of(backends.card("ocr", "rapid"))
    inside = ((shot, tuple(text for text in texts if text.span.overlap(shot.span))) for shot in cuts)
    jobs = [erase.Job(burned, "", picture, shot, own, engine, reader) for shot, own in inside if own]
    began, cpu = time.perf_counter(), time.process_time()
    answers = [answer for _, answer in erase.STAGE.work(jobs, desk)]
    wall, cpu = time.perf_counter() - began, time.process_time() - cpu
    patches = Pasting((patch, desk.path(patch.frames)) for answer in answers for patch in answer.patches)
    return patches, len({text for answer in answers for text, _ in answer.residue}), wall, cpu


def scored(
    burned: Path, clean: Path, picture: Picture, captions: Sequence[Caption], made: Mapping[str, Pasting]
) -> dict[str, Score]:
    """The burned picture and every engine's against the clean one, over the masks of the truth."""
    for number, planar, other in pairs(burned, clean, picture):
        for caption in captions:
            if caption.first <= number < caption.stop:
                caption.compare(bgr(planar), other)
    masked = [(caption, mask) for caption in captions if (mask := caption.mask()).any()]
    scores = {name: Score() for name in ("burned", *made)}
    for number, planar, other in pairs(burned, clean, picture):
        here = [pair for pair in masked if pair[0].first <= number < pair[0].stop]
        for name in scores:
            image = planar.copy()
            if name in made:
                made[name].paste(number, image)
            if here:
                scores[name].add(bgr(image), other, here)
    return scores


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("burned", type=Path)
    parser.add_argument("clean", type=Path)
    asked = parser.parse_args()
    picture = look(asked.burned, digest_of(asked.burned)).picture
    with tempfile.TemporaryDirectory() as folder:
        (scratch := Path(folder) / "scratch").mkdir()
        desk = LocalDesk(Store(Path(folder) / "store"), scratch, lambda done, total: None, threading.Event())
        cuts, texts = found(asked.burned, picture, desk)
        made, told = dict[str, Pasting](), dict[str, str]()
        captioned = len({n for text in texts for n in range(*_frames(text, picture))})
        for name in ENGINES:
            made[name], left, wall, cpu = erased(name, asked.burned, picture, cuts, texts, desk)
            told[name] = f"{captioned / wall:>7.1f} {captioned / cpu:>9.1f} {left:>8}"
        captions = [Caption.of(text, picture) for text in texts]
        scores = scored(asked.burned, asked.clean, picture, captions, made)
    print(f"{len(texts)} captions on {captioned} of {picture.frames} frames")
    print(f"{'':<12}{'PSNR dB':>8} {'pooled':>8} {'fps':>7} {'fps/CPU s':>9} {'readable':>8}")
    for name, score in scores.items():
        print(f"{name:<12}{score.row()} {told.get(name, '')}")


def _frames(text: OnScreenText, picture: Picture) -> tuple[int, int]:
    return frame_of(text.span.start, picture.rate), frame_of(text.span.end, picture.rate)


if __name__ == "__main__":
    main()
