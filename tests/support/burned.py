"""Clips with text burned in and the truth about it: what stands where, from which frame to which.

Drawn with Pillow over moving noise or over footage; everything follows from the arguments, nothing from chance.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from importlib.util import find_spec
from itertools import count, pairwise
from pathlib import Path

import av
import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageColor, ImageDraw, ImageFont

SPEC = find_spec("mplfonts")
FONTS = Path(SPEC.origin).parent / "fonts" if SPEC and SPEC.origin else Path()
SANS, SERIF, HEI = "NotoSansCJKsc-Regular.otf", "NotoSerifCJKsc-Regular.otf", "SimHei.ttf"
PAD = 200
"""Pixels by which the scenery is larger than the picture on every side: the camera moves inside it."""
Pixels = NDArray[np.uint8]


@dataclass(frozen=True)
class Burn:
    """A text from ``start`` to ``stop`` ms.

    ``at`` is its middle row's centre as shares of the picture, or its left end (``align`` "l"); ``size`` the letters'
    height as a share of the width, ``outline`` one of the letters' height.  ``second`` is the same in English, below
    and smaller; ``upright`` writes from top to bottom; ``fade`` is in ms; ``drift`` in pixels a frame.
    """

    start: int
    stop: int
    text: str
    kind: str = "subtitle"
    at: tuple[float, float] = (0.5, 0.75)
    align: str = "m"
    size: float = 0.058
    ink: str = "white"
    outline: float = 0.07
    edge: str = "black"
    font: str = SANS
    second: str = ""
    upright: bool = False
    fade: int = 0
    opacity: float = 1.0
    drift: tuple[float, float] = (0.0, 0.0)


@dataclass(frozen=True)
class Clip:
    """A rendering: its texts, its picture and how it is encoded.  ``pan`` is the camera's speed in pixels a frame."""

    name: str
    burns: tuple[Burn, ...]
    length: int = 10_000
    size: tuple[int, int] = (720, 1280)
    rate: Fraction = Fraction(25)
    pan: tuple[float, float] = (1.0, 0.4)
    scenery: str = "room"
    crf: int = 21
    variable: bool = False
    seed: int = 1


@dataclass(frozen=True)
class Truth:
    """What a viewer sees: when (ms, by the frames that show at least half of its colour), where, what."""

    start: int
    end: int
    text: str
    kind: str
    box: tuple[int, int, int, int]
    second: str = ""


@dataclass
class _Layer:
    """A drawn text: its colours and opacity, and where its upper left corner stands."""

    colour: NDArray[np.float32]
    alpha: NDArray[np.float32]
    x: int
    y: int
    bounds: list[tuple[int, int, int, int]] = field(default_factory=list)


def write(clip: Clip, path: Path, footage: Path | None = None) -> list[Truth]:
    """Encode ``clip`` with a silent sound track; ``footage`` takes the place of its scenery.  Returns the truth."""
    times = _times(clip)
    layers = [_drawn(burn, clip.size) for burn in clip.burns]
    pictures = _footage(footage, clip.size) if footage else _scenery(clip)
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libx264", rate=clip.rate, options={"crf": str(clip.crf), "preset": "veryfast"})
        stream.width, stream.height, stream.pix_fmt = *clip.size, "yuv420p"
        stream.codec_context.time_base = stream.time_base = Fraction(1, 90_000)
        sound = container.add_stream("aac", rate=48_000, layout="mono")
        for number, at in enumerate(times[:-1]):
            picture = next(pictures)
            for burn, layer in zip(clip.burns, layers, strict=True):
                _lay(picture, burn, layer, at, number)
            frame = av.VideoFrame.from_ndarray(picture, "rgb24")
            frame.pts, frame.time_base = round(at * 90), Fraction(1, 90_000)
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
        _silence(container, sound, clip.length)
    return [_truth(burn, layer, times) for burn, layer in zip(clip.burns, layers, strict=True)]


def _times(clip: Clip) -> list[Fraction]:
    """When frames appear, in ms, and when the last one goes.  A variable rate drops frames and shifts others."""
    rng, last = np.random.default_rng(clip.seed), int(clip.length * clip.rate / 1000)
    even = [Fraction(n * 1000) / clip.rate for n in range(last + 1)]
    if not clip.variable:
        return even
    shifts = rng.integers(0, 12, last + 1)
    kept = [n for n in range(last) if n < 2 or n == last - 1 or rng.random() > 0.3]
    return [even[n] + int(shifts[n]) * (n > 1) for n in kept] + [even[last]]


def _truth(burn: Burn, layer: _Layer, times: Sequence[Fraction]) -> Truth:
    shown = [(at, after) for at, after in pairwise(times) if _shown(burn, at) >= 0.5]
    box = tuple(edge(side) for edge, side in zip((min, min, max, max), zip(*layer.bounds, strict=True), strict=True))
    return Truth(round(shown[0][0]), round(shown[-1][1]), burn.text.replace("\n", ""), burn.kind, box, burn.second)


def _drawn(burn: Burn, size: tuple[int, int]) -> _Layer:
    """The text on an empty picture, cut to what it covers."""
    sheet, ink = Image.new("L", size), Image.new("L", size)
    bounds = []
    height = round(burn.size * size[0])
    for x, y, anchor, text, tall in _rows(burn, size, height):
        font, stroke = ImageFont.truetype(str(FONTS / burn.font), tall), round(burn.outline * tall)
        ImageDraw.Draw(sheet).text((x, y), text, 255, font, anchor, stroke_width=stroke)
        ImageDraw.Draw(ink).text((x, y), text, 255, font, anchor)
        bounds.append(tuple(int(v) for v in ImageDraw.Draw(ink).textbbox((x, y), text, font, anchor)))
    x0, y0, x1, y1 = sheet.getbbox() or (0, 0, 1, 1)
    alpha = np.asarray(sheet, np.float32)[y0:y1, x0:x1, None] / 255
    share = np.asarray(ink, np.float32)[y0:y1, x0:x1, None] / 255
    fill, edge = (np.array(ImageColor.getrgb(name), np.float32) for name in (burn.ink, burn.edge))
    return _Layer(share * fill + (1 - share) * edge, alpha, x0, y0, bounds)  # type: ignore[arg-type]


def _rows(burn: Burn, size: tuple[int, int], height: int) -> Iterator[tuple[float, float, str, str, int]]:
    x, y = burn.at[0] * size[0], burn.at[1] * size[1]
    if burn.upright:
        for place, glyph in enumerate(burn.text):
            yield x, y + (place - (len(burn.text) - 1) / 2) * 1.12 * height, "mm", glyph, height
        return
    rows = burn.text.split("\n")
    for place, row in enumerate(rows):
        yield x, y + (place - (len(rows) - 1) / 2) * 1.35 * height, f"{burn.align}m", row, height
    if burn.second:
        yield x, y + (len(rows) + 0.05) * 1.1 * height, f"{burn.align}m", burn.second, round(0.56 * height)


def _lay(picture: Pixels, burn: Burn, layer: _Layer, at: Fraction, number: int) -> None:
    shown = _shown(burn, at)
    if not shown:
        return
    x, y = layer.x + round(burn.drift[0] * number), layer.y + round(burn.drift[1] * number)
    height, width = layer.alpha.shape[:2]
    part = picture[y : y + height, x : x + width]
    alpha = layer.alpha[: part.shape[0], : part.shape[1]] * (shown * burn.opacity)
    part[:] = (part * (1 - alpha) + layer.colour[: part.shape[0], : part.shape[1]] * alpha + 0.5).astype(np.uint8)


def _shown(burn: Burn, at: Fraction) -> float:
    """How much of the text there is at a time, 0–1."""
    if not burn.start <= at < burn.stop:
        return 0.0
    return min(1.0, float(min(at - burn.start + 20, burn.stop - at)) / burn.fade) if burn.fade else 1.0


def _scenery(clip: Clip) -> Iterator[Pixels]:
    """A camera over a large painted noise, there and back."""
    width, height = clip.size
    painted = _painted(clip)
    grain = np.random.default_rng(clip.seed).normal(0, 4, (4, height, width, 1)).astype(np.int8)
    for number in count():
        x, y = (_swing(number * speed) for speed in clip.pan)
        seen = painted[y : y + height, x : x + width].astype(np.int16) + grain[number % 4, :: -1 if number % 3 else 1]
        yield np.clip(seen, 0, 255).astype(np.uint8)


def _swing(way: float) -> int:
    return int(2 * PAD - abs((way + PAD) % (4 * PAD) - 2 * PAD))


def _painted(clip: Clip) -> Pixels:
    """Cloud-like noise in three sizes, with furniture: hard-edged blocks, bars and discs like lamps and windows."""
    rng = np.random.default_rng(clip.seed)
    width, height = clip.size[0] + 2 * PAD, clip.size[1] + 2 * PAD
    total = np.zeros((height, width, 3), np.float32)
    for cells, strength in ((5, 48), (18, 24), (90, 14)):
        noise = rng.normal(0, 1, (cells * 2, cells, 3)).astype(np.float32)
        noise = 0.75 * noise.mean(axis=2, keepdims=True) * 1.7 + 0.25 * noise
        total += strength * cv2.resize(noise, (width, height), interpolation=cv2.INTER_CUBIC)
    bright = {"room": 85.0, "shirt": 205.0, "night": 45.0}[clip.scenery]
    picture = np.clip(total * (0.3 if clip.scenery == "shirt" else 1.0) + bright, 0, 255).astype(np.uint8)
    for _ in range(26 if clip.scenery != "shirt" else 8):
        x, y = (int(v) for v in rng.integers(0, (width, height)))
        wide, tall, level = int(rng.integers(4, 120)), int(rng.integers(4, 160)), int(rng.integers(20, 235))
        colour = [int(np.clip(level + v, 0, 255)) for v in rng.integers(-25, 25, 3)]
        if rng.random() < 0.6:
            cv2.rectangle(picture, (x, y), (x + wide, y + tall), colour, -1 if rng.random() < 0.7 else 3)
        else:
            cv2.circle(picture, (x, y), wide // 3 + 4, colour, -1 if rng.random() < 0.6 else 3)
    return cv2.GaussianBlur(picture, (0, 0), 0.8)


def _footage(path: Path, size: tuple[int, int]) -> Iterator[Pixels]:
    """The file's pictures filling ``size``, over and over."""
    while True:
        with av.open(str(path)) as container:
            for frame in container.decode(video=0):
                pixels = frame.to_ndarray(format="rgb24")
                scale = max(size[0] / pixels.shape[1], size[1] / pixels.shape[0])
                pixels = cv2.resize(pixels, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
                x, y = (pixels.shape[1] - size[0]) // 2, (pixels.shape[0] - size[1]) // 2
                yield np.ascontiguousarray(pixels[y : y + size[1], x : x + size[0]], np.uint8)


def _silence(container: av.container.OutputContainer, stream: av.AudioStream, length: int) -> None:
    frame = av.AudioFrame.from_ndarray(np.zeros((1, length * 48), np.float32), "fltp", "mono")
    frame.rate, frame.pts = 48_000, 0
    container.mux(stream.encode(frame))
    container.mux(stream.encode(None))
