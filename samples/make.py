"""Make an episode: picture, sound, the finished file and the truth about it.

python samples/make.py                                  the committed sample, again
python samples/make.py --seed 7 --out DIR               another episode, from a seed
python samples/make.py --script FILE --stems DIR        with its stems and its picture free of text
"""

from __future__ import annotations

import argparse
import dataclasses
import json
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

sys.path.insert(0, str(Path(__file__).parent))

from studio import generate, series
from studio import script as scripts
from studio.script import Script
from studio.sound import Performance, perform
from studio.story import Story
from studio.voices import RATE

SAMPLE = Path(__file__).parent / "scripts" / "too_late_ep03.toml"
LARGEST = 12_000_000  # bytes of a committed sample
Frame = NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class Made:
    """An episode on disk: the finished file, the truth beside it, and what they were made from."""

    video: Path
    truth: Path
    performance: Performance
    stems: Path | None = None


class _File:
    """An mp4 being written: H.264 picture, optionally AAC sound, index at the front."""

    def __init__(self, path: Path, story: Story, *, crf: int, preset: str, sound: bool) -> None:
        import av

        self._container = av.open(str(path), "w", options={"movflags": "+faststart"})
        self._video = self._container.add_stream("libx264", rate=story.rate)
        self._video.width, self._video.height, self._video.pix_fmt = story.width, story.height, "yuv420p"
        self._video.options = {"crf": str(crf), "preset": preset, "threads": "2"}
        self._video.codec_context.time_base = 1 / story.rate
        for name in ("color_primaries", "color_trc", "colorspace"):
            setattr(self._video.codec_context, name, 1)  # BT.709
        self._audio = self._container.add_stream("aac", rate=RATE, layout="stereo") if sound else None
        if self._audio is not None:
            self._audio.bit_rate = 160_000
        self._count = 0
        self._step = 1 / story.rate

    def show(self, frame: Frame) -> None:
        """Append one BGR frame."""
        import av

        picture = av.VideoFrame.from_ndarray(frame, format="bgr24")
        picture = picture.reformat(format="yuv420p", dst_colorspace="ITU709")
        picture.pts, picture.time_base = self._count, self._step
        self._count += 1
        self._container.mux(self._video.encode(picture))

    def hear(self, mix: NDArray[np.float32]) -> None:
        """Append the whole sound, shape (samples, 2)."""
        import av

        assert self._audio is not None
        for start in range(0, len(mix), 1024):
            block = np.ascontiguousarray(mix[start : start + 1024].T, np.float32)
            frame = av.AudioFrame.from_ndarray(block, format="fltp", layout="stereo")
            frame.sample_rate, frame.pts, frame.time_base = RATE, start, Fraction(1, RATE)
            self._container.mux(self._audio.encode(frame))

    def close(self) -> None:
        self._container.mux(self._video.encode(None))
        if self._audio is not None:
            self._container.mux(self._audio.encode(None))
        self._container.close()


def frame_times(story: Story) -> Iterator[int]:
    """The start of every frame in whole milliseconds."""
    count = int(story.length * story.rate / 1000 + Fraction(1, 2))
    return (round(number * 1000 / story.rate) for number in range(count))


def _draw(performance: Performance, video: Path, clean: Path | None, crf: int, preset: str) -> None:
    """Draw every frame once; write it with the burned-in text and, if asked, without."""
    from studio import picture

    story = performance.story
    finished = _File(video, story, crf=crf, preset=preset, sound=True)
    textless = _File(clean, story, crf=16, preset="veryfast", sound=False) if clean else None
    finished.hear(performance.mix)
    for ms, frame in zip(frame_times(story), picture.clean_frames(story), strict=True):
        if textless:
            textless.show(frame)
        finished.show(picture.burn(frame, ms, story))
    finished.close()
    if textless:
        textless.close()


def _plain(value: Any) -> Any:
    """Paths and fractions as text, for JSON."""
    return value.name if isinstance(value, Path) else str(value)


def truth(performance: Performance) -> dict[str, Any]:
    """What a perfect analysis of the episode would find."""
    from studio import picture

    story = dataclasses.asdict(performance.story)
    for person in story["cast"]:
        del person["look"]
    for shot in story["shots"]:
        if not shot["turns"]:
            del shot["turns"]
    return {**story, "stems": sorted(performance.stems), "burned": picture.truth(performance.story)["texts"]}


def _readable(facts: dict[str, Any]) -> str:
    """JSON with one line for every fact, and one for every member of a list of facts."""

    def one(value: Any) -> str:
        return json.dumps(value, ensure_ascii=False, default=_plain)

    def rows(value: Any) -> str:
        if not isinstance(value, list | tuple) or not value or not isinstance(value[0], dict):
            return one(value)
        return "[\n  " + ",\n  ".join(one(row) for row in value) + "\n ]"

    return "{\n " + ",\n ".join(f"{one(key)}: {rows(value)}" for key, value in facts.items()) + "\n}\n"


def _write_stems(performance: Performance, folder: Path) -> None:
    import soundfile

    folder.mkdir(parents=True, exist_ok=True)
    for name, sound in performance.stems.items():
        soundfile.write(folder / f"{name}.wav", sound, RATE, subtype="PCM_16")


def make(
    script: Script,
    out: Path,
    *,
    stems: Path | None = None,
    width: int = 720,
    crf: int = 24,
    preset: str = "slow",
) -> Made:
    """Make the episode ``<stem>.mp4`` and ``<stem>.truth.json`` in the folder ``out``.

    ``stems`` also receives a WAV per speaker, music and effects, and ``clean.mp4``, the picture without text.
    """
    out.mkdir(parents=True, exist_ok=True)
    performance = perform(script, width)
    if stems:
        _write_stems(performance, stems)
    video, beside = out / f"{script.stem}.mp4", out / f"{script.stem}.truth.json"
    _draw(performance, video, stems / "clean.mp4" if stems else None, crf, preset)
    beside.write_text(_readable(truth(performance)), encoding="utf-8")
    return Made(video, beside, performance, stems)


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Make a sample episode and the truth about it.")
    what = parser.add_mutually_exclusive_group()
    what.add_argument("--script", type=Path, default=SAMPLE, help="a script in TOML (default: the sample's)")
    what.add_argument("--seed", type=int, help="make up another episode from this number")
    parser.add_argument(
        "--out", type=Path, default=Path(__file__).parent, help="folder for the finished file"
    )
    parser.add_argument("--stems", type=Path, help="folder for the stems and the picture without text")
    parser.add_argument("--series", type=Path, help="folder for a series directory with cast and recordings")
    parser.add_argument(
        "--markets", nargs="*", default=(), help="with --series: markets that get a filled script"
    )
    parser.add_argument(
        "--width", type=int, default=720, help="pixels across (default 720; the picture is 9:16)"
    )
    return parser.parse_args()


def main() -> int:
    """Run from the command line."""
    asked = _asked()
    script = scripts.read(asked.script) if asked.seed is None else generate.random_story(asked.seed)
    made = make(script, asked.out, stems=asked.stems, width=asked.width)
    if asked.series:
        series.series_for(made.performance, asked.series, asked.markets)
    size = made.video.stat().st_size
    print(f"{made.video}: {made.performance.story.length / 1000:.1f} s, {size / 1e6:.1f} MB")
    return 0 if size <= LARGEST else 1


if __name__ == "__main__":
    sys.exit(main())
