"""render: one encode per version.

``dub`` has the mixed sound, ``sub`` and ``clean`` the original one; patches are pasted plane by plane and
captions are burned in by libass in the same encode.  A picture or a sound nobody touched is copied, not
encoded again.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import Any, Literal

from localize.episode import Asset, Patch, Picture
from localize.errors import WorkError
from localize.stages import Desk, Stage
from localize.timing import Ms
from localize.version import Loudness


@dataclass(frozen=True, slots=True)
class Job:
    """One version of one episode.  ``sound`` is the encoded mix, ``loudness`` what was measured on it; without a mix
    ``original`` keeps the source's sound.

    ``fonts`` are font files, or one folder of them; ``track`` is the container index of the original sound
    (first when -1); ``film`` the silent picture when it exists.
    """

    path: Path
    digest: str
    picture: Picture
    kind: Literal["dub", "sub", "clean"]
    market: str
    patches: tuple[Patch, ...] = ()
    ass: Asset | None = None
    fonts: tuple[Path, ...] = ()
    sound: Asset | None = None
    original: bool = True
    title: str = ""
    track: int = -1
    loudness: Loudness | None = None
    language: str = ""
    crf: int = 20
    preset: str = "veryfast"
    film: Asset | None = None


@dataclass(frozen=True, slots=True)
class Rendered:
    """The encoded file, the loudness of its sound, its frames and the length of its sound."""

    video: Asset
    loudness: Loudness | None
    frames: int
    audio_ms: int


@dataclass(slots=True)
class _Bench:
    """What one job works with: the encoded sound and its track."""

    job: Job
    desk: Desk
    sound: Path | None = None
    track: int = 0
    litter: list[Path] = field(default_factory=list)


def recipe(job: Job) -> Mapping[str, Any]:
    return {
        "source": job.digest, "picture": asdict(job.picture) | {"rate": str(job.picture.rate)},
        "kind": job.kind, "language": _language(job), "title": job.title, "crf": job.crf,
        "preset": job.preset,
        "patches": [(p.first, p.count, asdict(p.box), p.frames.digest) for p in job.patches],
        "ass": job.ass.digest if job.ass else "", "fonts": _font_digests(job.fonts) if job.ass else [],
        "sound": job.sound.digest if job.sound else "", "original": job.original and not job.sound,
        "track": job.track, "film": job.film.digest if job.film else "",
    }  # fmt: skip


def film_recipe(job: Job) -> Mapping[str, Any]:
    """What a silent picture depends on: versions that look alike share it, whatever is heard with them."""
    heard = ("kind", "language", "title", "sound", "original", "track", "film")
    return {name: value for name, value in recipe(job).items() if name not in heard}


def work(jobs: Sequence[Job], desk: Desk) -> Iterator[tuple[Job, Rendered]]:
    """Raises ``WorkError`` when a file cannot be encoded or does not come out as long as its source."""
    total = sum(job.picture.frames for job in jobs)
    done = 0
    for job in jobs:
        yield job, _render(job, desk, done, total)
        done += job.picture.frames


def _render(job: Job, desk: Desk, done: int, total: int) -> Rendered:
    from localize.media.ffmpeg import loudness
    from localize.media.probe import lengths

    bench = _Bench(job, desk)
    try:
        _prepare_sound(bench)
        out = _film(bench) or _copied_picture(bench) or _encoded_picture(bench, done, total)
        found = lengths(out)
        _require_equal(job, found.picture, found.sound)
        level = job.loudness or (loudness(out) if bench.sound else None)
        return Rendered(desk.keep(out, "video/mp4"), level, found.frames, found.sound or 0)
    finally:
        for path in bench.litter:
            path.unlink(missing_ok=True)


# ── sound ───────────────────────────────────────────────────────────────────────────────────────────────────
def _prepare_sound(bench: _Bench) -> None:
    job = bench.job
    if job.sound:
        bench.sound = bench.desk.path(job.sound)
    elif job.original:
        from localize.media.audio import decode_to_wav
        from localize.media.encode import encode_sound
        from localize.media.original import original

        source = original(job.path, job.track)
        if source.copyable(job.picture):
            bench.sound, bench.track = job.path, source.ordinal
            return
        wav, bench.sound = _scratch(bench, ".wav"), _scratch(bench, ".m4a")
        decode_to_wav(job.path, source.index, 2, wav, job.picture.length)
        encode_sound(wav, bench.sound, job.picture.length)


# ── picture ─────────────────────────────────────────────────────────────────────────────────────────────────
def _film(bench: _Bench) -> Path | None:
    """The picture that was encoded already, in a new file with its sound."""
    from localize.media.encode import copy_picture

    if bench.job.film is None:
        return None
    out = _scratch(bench, ".mp4")
    copy_picture(bench.desk.path(bench.job.film), 0, 0.0, _target(bench, out))
    return out


def _copied_picture(bench: _Bench) -> Path | None:
    """The source's own picture in a new file, when nothing changes it and it fits the grid, or None."""
    from localize.media.encode import copy_picture
    from localize.media.original import picture_in_place
    from localize.media.probe import lengths

    job = bench.job
    if job.patches or job.ass or job.picture.variable:
        return None
    found = picture_in_place(job.path, job.picture)
    if found is None:
        return None
    out = _scratch(bench, ".mp4")
    copy_picture(job.path, *found, _target(bench, out))
    return out if lengths(out).frames == job.picture.frames else None


def _encoded_picture(bench: _Bench, done: int, total: int) -> Path:
    from localize.media.encode import Encoder
    from localize.media.patch import Pasting
    from localize.media.video import frames

    job, out = bench.job, _scratch(bench, ".mp4")
    pasting = Pasting([(p, bench.desk.path(p.frames)) for p in job.patches])
    with Encoder(_target(bench, out)) as encoder:
        for number, _, image in frames(job.path, job.picture, format="yuv420p", beside=True):
            bench.desk.progress(done + number, total)
            pasting.paste(number, image)
            encoder.write(image)
    return out


def _target(bench: _Bench, out: Path) -> Any:
    from localize.media.colour import colour
    from localize.media.encode import Target

    job = bench.job
    return Target(
        out, job.picture, bench.sound, bench.track, bench.desk.path(job.ass) if job.ass else None,
        _font_folder(bench) if job.ass else None,
        colour(job.path, job.picture.stream, job.picture.rotation % 180 != 0),
        _language(job), job.title, job.crf, job.preset,
    )  # fmt: skip


def _font_folder(bench: _Bench) -> Path | None:
    """libass takes one folder: the one given, or a fresh one with links to the files."""
    fonts = bench.job.fonts
    if not fonts or (len(fonts) == 1 and fonts[0].is_dir()):
        return fonts[0] if fonts else None
    folder = bench.desk.scratch()
    folder.mkdir(parents=True, exist_ok=True)
    for font in fonts:
        link = folder / font.name
        if not link.is_symlink():
            link.symlink_to(font.resolve())
    return folder


def _require_equal(job: Job, picture: Ms, sound: Ms | None) -> None:
    """Picture and sound last as long as the source's picture, to a frame."""
    frame = 1000 / float(job.picture.rate) + 1
    for name, length in (("picture", picture), ("sound", sound)):
        if length is not None and abs(length - job.picture.length) > frame:
            raise WorkError(
                f"the {name} came out {length} ms long, not {job.picture.length} ms",
                f"{job.kind} {job.market}",
                "report this with the source's `localize plan`",
            )  # fmt: skip


def _scratch(bench: _Bench, suffix: str) -> Path:
    path = bench.desk.scratch(suffix)
    bench.litter.append(path)
    return path


def _language(job: Job) -> str:
    """What is spoken: the market's language in a dub, the source's own otherwise."""
    return job.language or (job.market if job.sound else "zh")


def _font_digests(fonts: Sequence[Path]) -> list[tuple[str, str]]:
    files = [
        f for font in fonts for f in (sorted(font.iterdir()) if font.is_dir() else [font]) if f.is_file()
    ]
    return [(file.name, _digest(file, file.stat().st_mtime_ns)) for file in files]


@lru_cache(maxsize=64)
def _digest(path: Path, changed: int) -> str:
    return sha256(path.read_bytes()).hexdigest()


STAGE = Stage("render", revision=2, answer=Rendered, recipe=recipe, work=work,
              title=lambda job: f"{job.kind} {job.market}")  # fmt: skip

FILM = Stage("film", revision=1, answer=Rendered, recipe=film_recipe, work=work, title=STAGE.title)
"""The one encode of a picture, without sound: it runs while the sound is being made."""
