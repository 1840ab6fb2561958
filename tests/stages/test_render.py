"""One encode per version: right length, right pixels, right sound, tags set, nothing left behind."""

from __future__ import annotations

import shutil
import subprocess
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import av
import numpy as np
import pytest
import soundfile

from localize.episode import Asset, Box, Patch
from localize.media.encode import encode_sound
from localize.media.ffmpeg import binary
from localize.media.probe import look
from localize.media.video import frames, planes, write_patch
from localize.stages.render import FILM, Job, Rendered, recipe, work
from localize.timing import Ms, span
from localize.version import Loudness

ASS = """[Script Info]
PlayResX: 144
PlayResY: 256
[V4+ Styles]
Format: Name, Fontname, Fontsize, PrimaryColour
Style: D,Sans,20,&H00FFFFFF
[Events]
Format: Layer, Start, End, Style, Text
Dialogue: 0,0:00:00.50,0:00:01.00,D,{\\an7\\pos(0,200)\\p1}m 0 0 l 144 0 144 20 0 20
"""


class Desk:
    """A folder."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.count, self.stop_at = folder, 0, 2.0
        folder.mkdir()

    def keep(self, path: Path, kind: str) -> Asset:
        digest = sha256(path.read_bytes()).hexdigest()
        size = path.stat().st_size
        path.replace(self.folder / digest)
        return Asset(digest, kind, size)

    def path(self, asset: Asset) -> Path:
        return self.folder / asset.digest

    def scratch(self, suffix: str = "") -> Path:
        self.count += 1
        return self.folder / f"scratch {self.count}'s{suffix}"

    def progress(self, done: float, total: float) -> None:
        if done / total > self.stop_at:
            raise KeyboardInterrupt


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path / "desk: 店's [1]")


def film(tmp_path: Path, *more: str, rate: str = "30000/1001", size: str = "144x256") -> Job:
    path = tmp_path / "第 1 集's: [x].mp4"
    command = [binary(), "-nostdin", "-loglevel", "error", "-f", "lavfi",
               "-i", f"testsrc2=s={size}:r={rate}:d=2",
               "-f", "lavfi", "-i", "sine=440:r=48000:d=2.002", "-pix_fmt", "yuv420p",
               "-vf", "setparams=colorspace=bt709:color_primaries=bt709:color_trc=bt709:range=tv",
               "-c:a", "aac", *more, str(path)]  # fmt: skip
    subprocess.run(command, check=True)
    return Job(path, "digest", look(path, "").picture, "sub", "es-419")


def render(job: Job, desk: Desk) -> tuple[Rendered, Path]:
    [(answered, found)] = work([job], desk)  # type: ignore[arg-type]
    assert answered is job
    left = [path.name for path in desk.folder.iterdir() if path.name.startswith("scratch") and path.is_file()]
    assert not left
    return found, desk.path(found.video)


def noise_patch(job: Job, desk: Desk, first: int, count: int, box: Box) -> Patch:
    file = desk.scratch(".mkv")
    grey = np.full((box.height * 3 // 2, box.width), 128, np.uint8)
    write_patch(file, [grey] * count, box.width, box.height, job.picture.rate)
    return Patch("K0001", span(0, 1), box, first, count, desk.keep(file, "video/x-matroska"))


def mix(desk: Desk, seconds: float, level: float) -> Asset:
    """A mix as it is delivered: clicks over a tone."""
    time = np.arange(round(seconds * 48000)) / 48000
    tone = np.where((time * 20 % 1) < 0.02, level, 0.12) * np.sign(np.sin(2 * np.pi * 300 * time))
    file = desk.scratch(".wav")
    soundfile.write(file, np.stack([tone, tone], axis=1), 48000, subtype="PCM_16")
    return coded(desk, file)


def coded(desk: Desk, wav: Path) -> Asset:
    out = desk.scratch(".m4a")
    encode_sound(wav, out, Ms(2002))
    wav.unlink()
    return desk.keep(out, "audio/mp4")


def test_patches_and_captions_land_on_their_frames_and_nowhere_else(tmp_path: Path, desk: Desk) -> None:
    job = film(tmp_path)
    box = Box(20, 40, 100, 80)
    script = desk.folder / "s"
    script.write_text(ASS, "utf-8")
    job = replace(
        job, patches=(noise_patch(job, desk, 10, 5, box),), ass=desk.keep(script, "text/x-ass"), crf=1
    )
    answer, out = render(job, desk)
    assert answer.frames == job.picture.frames == 60
    for (number, at, mine), (_, _, source) in zip(
        frames(out, job.picture, format="yuv420p"),
        frames(job.path, job.picture, format="yuv420p"),
        strict=True,
    ):
        luma, before = (planes(image)[0].astype(int) for image in (mine, source))
        grey = np.abs(luma[44:76, 24:96] - 128).mean() < 4
        assert grey == (10 <= number < 15), number
        assert (luma[204:216, 10:130].mean() > 220) == (500 <= at < 1000), number
        assert np.abs(luma[:36] - before[:36]).mean() < 3


def test_the_delivered_file_is_tagged_and_starts_with_its_index(tmp_path: Path, desk: Desk) -> None:
    job = replace(film(tmp_path), kind="dub", sound=mix(desk, 2.0, 0.9), title="Él dijo: «it's [ok]»")
    answer, out = render(job, desk)
    with av.open(str(out)) as file:
        video, sound = file.streams.video[0], file.streams.audio[0]
        assert file.metadata["title"] == job.title
        assert sound.metadata["language"] == "spa"
        assert (sound.codec_context.sample_rate, sound.codec_context.channels) == (48000, 2)
        assert video.average_rate == job.picture.rate and video.start_time == 0
        assert (video.codec_context.colorspace, video.codec_context.color_range) == (1, 1)
    data = out.read_bytes()
    assert data.find(b"moov") < data.find(b"mdat")
    assert abs(answer.audio_ms - job.picture.length) <= 34


def test_the_mix_is_copied_and_its_loudness_is_the_one_measured(tmp_path: Path, desk: Desk) -> None:
    told = Loudness(-14.0, -1.2)
    job = replace(film(tmp_path), kind="dub", sound=mix(desk, 2.0, 0.9), loudness=told)
    answer, out = render(job, desk)
    assert answer.loudness == told
    assert job.sound is not None
    with av.open(str(desk.path(job.sound))) as one, av.open(str(out)) as other:
        packets = [[bytes(p) for p in f.demux(audio=0) if p.size] for f in (one, other)]
    assert packets[0] == packets[1]


def test_sound_stays_in_step_with_the_picture(tmp_path: Path, desk: Desk) -> None:
    click = np.zeros((round(2.002 * 48000), 2))
    click[48000:48010] = 0.5
    file = desk.scratch(".wav")
    soundfile.write(file, click, 48000, subtype="PCM_16")
    job = replace(film(tmp_path), kind="dub", sound=coded(desk, file))
    _, out = render(job, desk)
    with av.open(str(out)) as container:
        heard = [(frame.pts, frame.to_ndarray()[0]) for frame in container.decode(audio=0)]
    at = max((abs(samples).max(), pts + int(abs(samples).argmax())) for pts, samples in heard)[1]
    assert at == pytest.approx(48000, abs=48)


def test_what_nobody_touched_is_copied(tmp_path: Path, desk: Desk) -> None:
    job = replace(film(tmp_path), kind="clean")
    answer, out = render(job, desk)
    with av.open(str(job.path)) as one, av.open(str(out)) as other:
        for kind in ("video", "audio"):
            packets = [[bytes(p) for p in f.demux(**{kind: 0}) if p.size] for f in (one, other)]
            assert packets[0] == packets[1], kind
    assert answer.frames == job.picture.frames and answer.loudness is not None


@pytest.mark.parametrize("drawn", [True, False], ids=["new picture", "picture of the source"])
def test_hevc_sources_get_their_sound(drawn: bool, tmp_path: Path, desk: Desk) -> None:
    job = film(tmp_path, "-c:v", "libx265", "-x265-params", "log-level=none", "-tag:v", "hvc1")
    assert job.picture.codec == "hevc"
    if drawn:
        script = desk.folder / "s"
        script.write_text(ASS, "utf-8")
        job = replace(job, ass=desk.keep(script, "text/x-ass"))
    [(_, silent)] = FILM.work([job], desk)  # type: ignore[arg-type]
    answer, out = render(replace(job, film=silent.video, sound=mix(desk, 2.0, 0.3)), desk)
    assert answer.frames == job.picture.frames
    with av.open(str(out)) as container:
        assert container.streams.video[0].codec_context.name == ("h264" if drawn else "hevc")
        assert container.streams.video[0].codec_context.codec_tag == ("avc1" if drawn else "hvc1")
        assert container.streams.audio


def test_odd_variable_and_turned_sources_come_out_on_the_grid(tmp_path: Path, desk: Desk) -> None:
    odd = film(tmp_path, "-filter:v", "format=yuv444p,crop=143:255,select='not(eq(mod(n,5),2))'",
               "-fps_mode", "vfr", "-c:v", "libx264", "-pix_fmt", "yuv444p")  # fmt: skip
    assert odd.picture.variable and (odd.picture.width, odd.picture.height) == (142, 254)
    answer, out = render(odd, desk)
    assert answer.frames == odd.picture.frames == look(out, "").picture.frames
    upright = film(tmp_path, "-y")
    turned = tmp_path / "turned.mp4"
    command = [binary(), "-nostdin", "-loglevel", "error", "-display_rotation", "90"]
    subprocess.run([*command, "-i", str(upright.path), "-c", "copy", str(turned)], check=True)
    job = replace(upright, path=turned, picture=look(turned, "").picture)
    job = replace(job, patches=(noise_patch(job, desk, 0, 60, Box(100, 20, 140, 60)),))
    found = look(render(job, desk)[1], "").picture
    assert (found.width, found.height, found.rotation) == (256, 144, 0)


def test_a_stopped_run_leaves_nothing(tmp_path: Path, desk: Desk) -> None:
    job = film(tmp_path)
    job = replace(job, patches=(noise_patch(job, desk, 0, 60, Box(0, 0, 20, 20)),))
    desk.stop_at = 0.5
    with pytest.raises(KeyboardInterrupt):
        render(job, desk)
    assert not [path for path in desk.folder.iterdir() if path.name.startswith("scratch")]
    desk.stop_at = 2.0
    assert render(job, desk)[0].frames == 60


def test_the_recipe_names_contents_not_places(tmp_path: Path, desk: Desk) -> None:
    job = film(tmp_path)
    font = tmp_path / "A.ttf"
    font.write_bytes(b"one")
    job = replace(job, ass=Asset("a", "text/x-ass", 1), fonts=(font,))
    elsewhere = tmp_path / "other"
    elsewhere.mkdir()
    shutil.copy(font, elsewhere)
    same = recipe(replace(job, path=tmp_path / "moved.mp4", fonts=(elsewhere / "A.ttf",)))
    assert recipe(job) == same and str(tmp_path) not in str(same)
    (elsewhere / "A.ttf").write_bytes(b"two two")
    assert recipe(replace(job, fonts=(elsewhere / "A.ttf",))) != same
