"""Makes the pictures of README and docs from delivered versions of the sample.

    localize samples/too_late_ep03.mp4 --to en,es,id
    python samples/pictures.py docs

``docs/report.png`` is the first screens of a report, taken in a browser 1100 px wide.
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from localize.media import fonts, probe
from localize.media.video import frame_at_ms

SAMPLE = Path(__file__).with_name("too_late_ep03.mp4")
MARKETS = ("en-US", "es-419", "id-ID")
WIDE, GAP, HEAD = 250, 10, 34  # pixels of a column, between two, and of the line of names above
LARGEST = 400_000  # bytes of one picture
SHOWN = {
    "versions.png": ((2400, (0, 0, 720, 1280)), (10_400, (0, 60, 720, 1180)), (23_200, (0, 100, 720, 1000))),
    "captions.png": ((5000, (0, 430, 720, 1130)), (32_500, (0, 430, 720, 1130)), (41_000, (0, 430, 720, 1130))),
}
"""Per picture its rows: milliseconds, and the part of the frame."""


def films(sample: Path) -> dict[str, Path]:
    """The source and the newest dub of every market, by name."""
    found = {"source": sample}
    for market in MARKETS:
        versions = sorted(sample.with_suffix(".localize").glob(f"{market}/v*/*_dub_v*.mp4"), key=_number)
        if not versions:
            sys.exit(f"no version for {market} beside {sample}: run localize {sample} --to en,es,id")
        found[market] = versions[-1]
    return found


def _number(film: Path) -> int:
    return int(film.parent.name[1:])


def sheet(shown: dict[str, Path], rows: tuple[tuple[int, tuple[int, int, int, int]], ...]) -> Image.Image:
    """One column per film, one row per moment."""
    highs = [round(WIDE * (y1 - y0) / (x1 - x0)) for _, (x0, y0, x1, y1) in rows]
    size = (len(shown) * (WIDE + GAP) - GAP, HEAD + sum(highs) + GAP * (len(rows) - 1))
    whole = Image.new("RGB", size, "white")
    face = fonts.for_script("Latn").faces[0]
    letters, pen = ImageFont.truetype(str(face.path), 19), ImageDraw.Draw(whole)
    for column, (name, film) in enumerate(shown.items()):
        x, y, picture = column * (WIDE + GAP), HEAD, probe.look(film, "0" * 64).picture
        pen.text((x + 4, 4), name, "black", letters)
        for (at, part), high in zip(rows, highs, strict=True):
            frame = Image.fromarray(np.ascontiguousarray(frame_at_ms(film, picture, at)[..., ::-1]))
            whole.paste(frame.crop(part).resize((WIDE, high), Image.Resampling.LANCZOS), (x, y))
            y += high + GAP
    return whole


def main(folder: Path, sample: Path = SAMPLE) -> None:
    shown = films(sample)
    for name, rows in SHOWN.items():
        whole = sheet(shown, rows)
        for colours in (256, 192, 128, 96, 64):
            whole.quantize(colours, dither=Image.Dither.NONE).save(folder / name, optimize=True)
            if (folder / name).stat().st_size <= LARGEST:
                break
        print(f"{folder / name}: {(folder / name).stat().st_size // 1000} kB")


if __name__ == "__main__":
    main(Path(sys.argv[1]), *(Path(one) for one in sys.argv[2:3]))
