"""What can be used is described; what cannot is refused in one sentence with a way out."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import pytest

from localize.errors import InputError
from localize.media.ffmpeg import binary
from localize.media.probe import look, require_file

Make = Callable[..., Path]


@pytest.fixture
def make(tmp_path: Path) -> Make:
    def run(name: str, *arguments: str, sound: bool = True, picture: bool = True, seconds: float = 1.0,
            size: str = "64x96", rate: str = "25") -> Path:  # fmt: skip
        path = tmp_path / name
        inputs = ["-f", "lavfi", "-i", f"testsrc2=s={size}:r={rate}:d={seconds}"] if picture else []
        inputs += ["-f", "lavfi", "-i", f"sine=d={seconds}"] if sound else []
        command = [binary(), "-nostdin", "-loglevel", "error", "-y", *inputs]
        subprocess.run([*command, *(arguments or ("-pix_fmt", "yuv420p")), str(path)], check=True)
        return path

    return run


def test_a_plain_episode(make: Make) -> None:
    source = look(make("一 集's: a.mp4", rate="30000/1001"), "d")
    picture = source.picture
    assert (source.digest, source.container, picture.codec) == ("d", "mp4", "h264")
    assert (picture.width, picture.height, picture.rate) == (64, 96, Fraction(30000, 1001))
    assert (picture.frames, picture.length, picture.variable, picture.rotation) == (30, 1001, False, 0)
    assert [(track.rate, track.channels) for track in source.audio] == [(44100, 1)]


def test_tracks_and_subtitles_with_their_languages(make: Make, tmp_path: Path) -> None:
    (tmp_path / "s.srt").write_text("1\n00:00:00,000 --> 00:00:01,000\n你好\n", "utf-8")
    path = make("many.mkv", "-i", str(tmp_path / "s.srt"), "-map", "0", "-map", "1", "-map", "1", "-map", "2",
                "-metadata:s:a:0", "language=chi", "-metadata:s:a:1", "language=eng",
                "-metadata:s:s:0", "language=chi", "-c:s", "srt", "-pix_fmt", "yuv420p")  # fmt: skip
    source = look(path, "d")
    assert source.container == "matroska"
    assert [(track.index, track.language) for track in source.audio] == [(1, "chi"), (2, "eng")]
    assert [(track.index, track.codec, track.language) for track in source.subtitles] == [(3, "subrip", "chi")]


def test_the_end_of_each_track_and_which_of_several_are_silent(make: Make) -> None:
    how = ("-f", "lavfi", "-i", "anullsrc=r=48000:d=1", "-map", "0", "-map", "2", "-map", "1", "-pix_fmt", "yuv420p")
    path = make("two.mkv", *how, "-t", "1")
    assert [track.silent for track in look(path, "").audio] == [True, False]
    (alone,) = look(make("short.mp4", "-filter_complex", "[1]atrim=0:0.4[a]", "-map", "0", "-map", "[a]"), "").audio
    assert not alone.silent and alone.end is not None and abs(alone.end - 400) < 60
    (whole,) = look(make("whole.mp4"), "").audio
    assert whole.end is not None and abs(whole.end - 1000) < 60


def test_half_pictures_are_seen(make: Make) -> None:
    odd = ("-flags", "+ilme+ildct", "-x264opts", "tff=1", "-vf", "setfield=tff", "-pix_fmt", "yuv420p")
    assert look(make("fields.ts", *odd), "").interlaced
    assert not look(make("whole.ts"), "").interlaced


def test_half_a_second_and_4k_are_fine(make: Make) -> None:
    assert look(make("short.mp4", seconds=0.52), "").picture.frames == 13
    picture = look(make("big.mp4", size="2160x3840", seconds=0.12), "").picture
    assert (picture.width, picture.height, picture.frames) == (2160, 3840, 3)


def _refused(path: Path, words: str) -> None:
    with pytest.raises(InputError, match=words) as caught:
        look(path, "")
    assert len(str(caught.value).splitlines()) <= 2 and caught.value.fix and caught.value.exit_code == 2


def test_no_file_a_folder_nothing_in_it_and_text(tmp_path: Path) -> None:
    _refused(tmp_path / "none.mp4", "no such file")
    _refused(tmp_path, "folder")
    (tmp_path / "empty.mp4").touch()
    _refused(tmp_path / "empty.mp4", "empty")
    for name, text in (
        ("a.mp4", "这不是视频。\n" * 200),
        ("b.mp4", "[x]\na = 1\n"),
        ("c.mp4", "1\n00:00:01,000 --> 00:"),
    ):
        (tmp_path / name).write_text(text, "utf-8")
        _refused(tmp_path / name, "text")
    (tmp_path / "noise.mp4").write_bytes(bytes(range(256)) * 50)
    _refused(tmp_path / "noise.mp4", "not a video")


def test_no_sound_no_picture(make: Make) -> None:
    _refused(make("mute.mp4", sound=False), "no sound")
    _refused(make("heard.m4a", "-c:a", "aac", picture=False), "no picture")


def test_cut_off_before_its_index(make: Make, tmp_path: Path) -> None:
    whole = make("whole.mp4", seconds=3).read_bytes()
    (tmp_path / "cut.mp4").write_bytes(whole[: len(whole) * 2 // 3])
    _refused(tmp_path / "cut.mp4", r"cut off: its index \(moov\) is missing")


def test_cut_off_after_its_index_says_how_much_is_there(make: Make, tmp_path: Path) -> None:
    whole = make("whole.mp4", "-movflags", "+faststart", "-pix_fmt", "yuv420p", seconds=6).read_bytes()
    (tmp_path / "cut.mp4").write_bytes(whole[: len(whole) // 2])
    _refused(tmp_path / "cut.mp4", r"cut off: 00:00:0[234]\.\d+ of 00:00:06\.000 can be read")


def test_a_picture_nobody_can_decode(make: Make, tmp_path: Path) -> None:
    whole = make("whole.mp4").read_bytes()
    path = tmp_path / "unknown.mp4"
    path.write_bytes(whole.replace(b"avc1", b"zzz9").replace(b"avcC", b"zzzC"))
    _refused(path, "unknown codec|cannot be decoded")


@pytest.mark.skipif(os.geteuid() == 0, reason="nothing is unreadable for root")
def test_a_file_that_may_not_be_read_is_told(tmp_path: Path) -> None:
    path = tmp_path / "ep.mp4"
    path.write_bytes(b"x")
    path.chmod(0)
    with pytest.raises(InputError, match="cannot be read") as caught:
        require_file(path)
    assert "chmod" in caught.value.fix
    path.chmod(0o600)
    tmp_path.chmod(0)
    with pytest.raises(InputError, match="cannot be read"):
        require_file(path)
    tmp_path.chmod(0o700)
