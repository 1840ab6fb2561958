"""What a source says about its colours, in the names ffmpeg's filters take."""

from __future__ import annotations

from pathlib import Path

from localize.media.encode import Colour

# ISO/IEC 23091-2 code points (H.273), the numbers every codec carries; 2 means "not said".
_SPACE = {1: "bt709", 4: "fcc", 5: "bt470bg", 6: "smpte170m", 7: "smpte240m", 9: "bt2020nc", 10: "bt2020c"}
_PRIMARIES = {1: "bt709", 4: "bt470m", 5: "bt470bg", 6: "smpte170m", 7: "smpte240m", 9: "bt2020"}
_TRANSFER = {1: "bt709", 4: "bt470m", 5: "bt470bg", 6: "smpte170m", 7: "smpte240m", 8: "linear",
             13: "iec61966-2-1", 14: "bt2020-10", 15: "bt2020-12",
             16: "smpte2084", 18: "arib-std-b67"}  # fmt: skip
_RANGE = {1: "tv", 2: "pc"}


def colour(path: Path, stream: int, turned: bool = False) -> Colour:
    """The tags of a picture stream; ``turned`` when it is shown on its side: pixels turn with it."""
    import av

    with av.open(str(path)) as container:
        video = next(s for s in container.streams.video if s.index == stream)
        context, aspect = video.codec_context, video.sample_aspect_ratio
        if aspect and turned:
            aspect = 1 / aspect
        return Colour(
            _SPACE.get(context.colorspace, ""), _PRIMARIES.get(context.color_primaries, ""),
            _TRANSFER.get(context.color_trc, ""), _RANGE.get(context.color_range, ""),
            f"{aspect.numerator}/{aspect.denominator}" if aspect and aspect > 0 and aspect != 1 else "",
        )  # fmt: skip
