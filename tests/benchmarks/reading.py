"""How well burned-in text is read, and how fast, against two plain ways of reading in the same run.

    python tests/benchmarks/reading.py                       the renderings, over painted scenery
    python tests/benchmarks/reading.py --over FOOTAGE        the same texts over a clip of your own
    python tests/benchmarks/reading.py --only yellow --plain no
    python tests/benchmarks/reading.py CLIP TRUTH            a real clip; TRUTH is JSON: [[start s, end s, text], …]

The plain ways read three frames a second and join equal neighbouring texts: (a) whole frames, (b) the band where the
captions are known to stand.  Lines are matched to the truth by time and words; CER counts what is missing too.  CPU
seconds are this process's on all cores, so they hold on a busy machine; decoding and cut detection are inside.
"""

from __future__ import annotations

import argparse
import json
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import numpy as np
from rapidfuzz import fuzz
from rapidfuzz.distance import Levenshtein
from renderings import RENDERINGS, Truth, write

from localize import backends
from localize.episode import OnScreenText, Picture
from localize.media.probe import look
from localize.media.side_by_side import in_order
from localize.media.video import frames
from localize.roles import Ocr, ReadText
from localize.stages import Choice, ocr, shots

A_SECOND = 3
"""Frames a second the plain ways read, as the readers that work frame by frame do by default."""
Found = tuple[float, float, str]


class Desk:
    def progress(self, done: float, total: float) -> None:
        pass


@dataclass(frozen=True)
class Score:
    """Of ``lines``: read exactly, characters wrong or missing, and the errors of starts and ends in ms."""

    lines: int
    exact: int
    wrong: int
    letters: int
    extra: int
    errors: tuple[float, ...]
    cpu: float
    length: float

    def row(self, ratio: float | None = None) -> str:
        off = f"{np.mean(self.errors):>5.0f} {max(self.errors):>5.0f}" if self.errors else "    –     –"
        cer, speed = self.wrong / max(1, self.letters), 2 * self.length / max(self.cpu, 1e-3)
        exact = f"{self.exact}/{self.lines}"
        times = f"{ratio:>6.2f}" if ratio is not None else f"{self.cpu:>6.1f}"
        return f"{exact:>6} {cer:>6.3f} {self.extra:>5} {off} {speed:>6.1f} {times}"


def bare(text: str) -> str:
    return "".join(mark for mark in text if mark.isalnum()).lower()


def score(truth: Sequence[Found], found: Sequence[Found], cpu: float, length: float) -> Score:
    """Each line against the reading that shares time with it and is most like it."""
    used, exact, wrong, errors = set(), 0, 0, []
    for start, end, text in truth:
        near = [i for i, one in enumerate(found) if min(end, one[1]) > max(start, one[0])]
        likes = {i: fuzz.ratio(bare(text), bare(found[i][2])) for i in near}
        best = max(near, key=lambda i: (likes[i], found[i][1] - found[i][0]), default=None)
        if best is None or likes[best] < 40:
            wrong += len(bare(text))
            continue
        used.add(best)
        distance = Levenshtein.distance(bare(text), bare(found[best][2]))
        exact, wrong = exact + (distance == 0), wrong + distance
        errors += [abs(found[best][0] - start), abs(found[best][1] - end)]
    letters = sum(len(bare(text)) for *_, text in truth)
    return Score(len(truth), exact, wrong, letters, len(found) - len(used), tuple(errors), cpu, length)


def ours(path: Path, picture: Picture) -> tuple[list[OnScreenText], float]:
    """The stage's answer and what it cost."""
    began = time.process_time()
    ((_, cuts),) = shots.work([shots.Job(path, "", picture)], Desk())  # type: ignore[arg-type]
    cut = time.process_time() - began
    job = ocr.Job(path, "", picture, cuts, Choice.of(backends.card("ocr", "rapid")))
    began = time.process_time()
    ((_, texts),) = ocr.work([job], Desk())  # type: ignore[arg-type]
    assert cut >= 0
    return list(texts), time.process_time() - began


def plain(path: Path, picture: Picture, reader: Ocr, band: tuple[int, int] | None) -> tuple[list[Found], float]:
    """Three frames a second, whole or cut to ``band``; equal neighbours at one place joined."""
    began = time.process_time()
    step = max(1, round(picture.rate / A_SECOND))
    top, bottom = band or (0, picture.height)
    stops = range(0, picture.frames, step)
    shown = ((n, at, pixels[top:bottom]) for n, at, pixels in frames(path, picture, only=stops))
    reads = in_order(shown, lambda one: (one[1], reader.read(one[2])), 2, 3)
    found: list[tuple[list[float], ReadText]] = []
    each = float(Fraction(1000 * step) / picture.rate)
    for at, texts in reads:
        for text in _rows(texts) if band else texts:
            if text.confidence < 0.75:
                continue
            for spans, other in reversed(found):
                level = abs(other.box.y0 - text.box.y0) < other.box.height
                if at - spans[1] <= 1 and level and fuzz.ratio(other.text, text.text) > 75:
                    spans[1] = at + each
                    break
            else:
                found.append(([at, at + each], text))
    return [(spans[0], spans[1], text.text) for spans, text in found], time.process_time() - began


def _rows(texts: Sequence[ReadText]) -> list[ReadText]:
    """What a band's reading says, as one text."""
    if not texts:
        return []
    text = "".join(t.text for t in texts)
    return [ReadText(texts[0].box, text, min(t.confidence for t in texts))]


def lines_of(texts: Sequence[OnScreenText]) -> list[Found]:
    return [(t.span.start, t.span.end, t.text) for t in texts if t.kind == "subtitle" and not t.language]


def others_right(texts: Sequence[OnScreenText], truth: Sequence[Truth]) -> tuple[int, int, int]:
    """Of the texts that are not dialogue: how many are found with words and kind, how many there are, how many too
    many."""
    want = [(t.kind, bare(t.text)) for t in truth if t.kind != "subtitle"] + [
        ("second", bare(t.second)) for t in truth if t.second
    ]
    have = [("second" if t.kind == "subtitle" else t.kind, bare(t.text)) for t in texts
            if t.kind != "subtitle" or t.language]  # fmt: skip
    right = 0
    for one in want:
        if one in have:
            have.remove(one)
            right += 1
    return right, len(want), len(have)


HEAD = f"{'':<24}{'lines':>6} {'CER':>6} {'extra':>5} {'mean':>5} {'max':>5} {'×real':>6} {'CPU s':>6}"


def measure(name: str, path: Path, truth: Sequence[Truth], against: bool, verbose: bool) -> list[Score]:
    """Read one clip in all three ways and print its rows."""
    picture = look(path, "").picture
    said = [(t.start, t.end, t.text) for t in truth if t.kind == "subtitle"]
    texts, cpu = ours(path, picture)
    scores = [score(said, lines_of(texts), cpu, picture.length / 1000)]
    right, want, extra = others_right(texts, truth)
    print(f"{name:<24}{scores[0].row()}  others {right}/{want}" + (f", {extra} too many" if extra else ""), flush=True)
    if verbose:
        for t in texts:
            print(f"    {t.span.start:>6} {t.span.end:>6} {t.kind:<10} {t.text}  {t.box}  {t.confidence:.2f}")
    if against:
        reader: Ocr = backends.load("ocr", "rapid", {})
        boxes = [t.box for t in truth if t.kind == "subtitle"]
        band = (min(b[1] for b in boxes), max(b[3] for b in boxes)) if all(boxes) and boxes[0] else None
        for way, where in (("(a) frames, 3/s", None), ("(b) known band, 3/s", _wider(band, texts, picture))):
            plainly, spent = plain(path, picture, reader, where)
            scores.append(score(said, plainly, spent, picture.length / 1000))
            print(f"  {way:<22}{scores[-1].row()}", flush=True)
    return scores


def _wider(band: tuple[int, int] | None, texts: Sequence[OnScreenText], picture: Picture) -> tuple[int, int]:
    """The known band with some room; for a clip without boxes in its truth, where our reading found it."""
    if band is None or band[1] <= band[0]:
        found = [t.box for t in texts if t.kind == "subtitle"]
        band = (min(b.y0 for b in found), max(b.y1 for b in found))
    room = round(0.02 * picture.height)
    return max(0, band[0] - room), min(picture.height, band[1] + room)


def total(scores: Sequence[Score]) -> Score:
    def of(pick: Callable[[Score], float]) -> float:
        return sum(pick(one) for one in scores)

    return Score(int(of(lambda s: s.lines)), int(of(lambda s: s.exact)), int(of(lambda s: s.wrong)),
                 int(of(lambda s: s.letters)), int(of(lambda s: s.extra)),
                 tuple(error for one in scores for error in one.errors),
                 of(lambda s: s.cpu), of(lambda s: s.length))  # fmt: skip


def summary(rows: Sequence[Sequence[Score]]) -> None:
    ways = [total(column) for column in zip(*rows, strict=True)]
    print()
    for name, one in zip(("all, ours", "all, (a) frames", "all, (b) known band"), ways, strict=False):
        print(f"{name:<24}{one.row()}")
    if len(ways) == 3:
        mean = [float(np.mean(one.errors)) if one.errors else 0.0 for one in ways]
        print(f"\nagainst (a): {ways[1].cpu / ways[0].cpu:.2f} × the speed, {ways[0].exact - ways[1].exact:+d} lines, "
              f"timing error {mean[0] / mean[1]:.2f} of it; against (b): {ways[2].cpu / ways[0].cpu:.2f} × the speed, "
              f"{ways[0].exact - ways[2].exact:+d} lines, timing error {mean[0] / mean[2]:.2f} of it")  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("clip", nargs="?", type=Path)
    parser.add_argument("truth", nargs="?", type=Path)
    parser.add_argument("--over", type=Path, help="footage to draw the renderings over")
    parser.add_argument("--only", default="", help="renderings whose names hold this")
    parser.add_argument("--plain", choices=("yes", "no"), default="yes", help="compare with the plain ways")
    parser.add_argument("--texts", action="store_true", help="print every text that was read")
    asked = parser.parse_args()
    print(HEAD)
    if asked.clip:
        known = json.loads(asked.truth.read_text("utf-8")) if asked.truth else []
        truth = [Truth(round(a * 1000), round(b * 1000), text, "subtitle", (0, 0, 0, 0)) for a, b, text in known]
        summary([measure(asked.clip.name, asked.clip, truth, asked.plain == "yes", True)])
        return
    rows = []
    with tempfile.TemporaryDirectory() as folder:
        for clip in RENDERINGS:
            if asked.only in clip.name:
                path = Path(folder, "clip.mp4")
                truth = write(clip, path, asked.over)
                rows.append(measure(clip.name, path, truth, asked.plain == "yes", asked.texts))
    summary(rows)


if __name__ == "__main__":
    main()
