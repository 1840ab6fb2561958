"""The binary: errors carry its reason, names survive its filters, children die with the run."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from pathlib import Path

import ffmpeg
import pytest

from localize.errors import SetupError, WorkError
from localize.media import ffmpeg as tool

Make = Callable[..., Path]

NAMES = [
    "plain.ass",
    "with space.ass",
    "co:lon.ass",
    "quo'te.ass",
    "中文 字幕.ass",
    "br[a]ck;et,s=1.ass",
    "back\\slash.ass",
]
ASS = """[Script Info]
PlayResX: 64
PlayResY: 64
[V4+ Styles]
Format: Name, Fontname, Fontsize, PrimaryColour
Style: D,Sans,20,&H00FFFFFF
[Events]
Format: Layer, Start, End, Style, Text
Dialogue: 0,0:00:00.00,0:00:05.00,D,{\\p1}m 0 0 l 64 0 64 64 0 64
"""


@pytest.mark.parametrize("name", NAMES)
def test_a_subtitle_file_of_any_name_reaches_the_filter(tmp_path: Path, name: str) -> None:
    script = tmp_path / name
    script.write_text(ASS, "utf-8")
    out = tmp_path / "out.gray"
    stream = ffmpeg.input("color=black:s=64x64:r=5:d=0.4", format="lavfi").filter("ass", filename=str(script))
    tool.run(stream.output(str(out), format="rawvideo", pix_fmt="gray"), "drawing")
    assert max(out.read_bytes()) > 200


def test_a_failure_says_what_ffmpeg_said(tmp_path: Path) -> None:
    (tmp_path / "x.mp4").write_bytes(b"nothing")
    with pytest.raises(WorkError, match=r"failed reading: .*Invalid data") as caught:
        tool.run(ffmpeg.input(str(tmp_path / "x.mp4")).output("-", format="null"), "reading", "x.mp4")
    assert caught.value.exit_code == 4 and caught.value.where == "x.mp4" and "\n" not in caught.value.what


def test_a_full_disk_names_the_way_out() -> None:
    with pytest.raises(WorkError, match="No space left") as caught:
        source = ffmpeg.input("testsrc2=d=1", format="lavfi")
        tool.run(source.output("/dev/full", format="rawvideo"), "writing")
    assert "free some space" in caught.value.fix


def test_stop_all_ends_a_running_child() -> None:
    endless = ffmpeg.input("testsrc2", format="lavfi", re=None).output("-", format="null")
    caught: list[WorkError] = []

    def work() -> None:
        with pytest.raises(WorkError) as error:
            tool.run(endless, "waiting")
        caught.append(error.value)

    worker = threading.Thread(target=work)
    worker.start()
    for _ in range(100):
        time.sleep(0.05)
        tool.stop_all()
        if not worker.is_alive():
            break
    worker.join(1)
    assert caught and "stopped" in caught[0].what


def test_another_binary_can_be_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("LOCALIZE_FFMPEG", str(tmp_path / "none"))
    with pytest.raises(SetupError, match="no program"):
        tool.binary()
    monkeypatch.delenv("LOCALIZE_FFMPEG")
    assert Path(tool.binary()).is_file()


def test_loudness_of_a_known_tone_and_of_silence(make: Make) -> None:
    # BS.1770: a 997 Hz sine at 0 dBFS in one channel reads -3.01 LUFS; at -20 dBFS in both, -20.0
    tone = make("t.wav", "-f", "lavfi", "-i", "aevalsrc=0.1*sin(2*PI*997*t)|0.1*sin(2*PI*997*t):s=48000:d=3")
    level = tool.loudness(tone)
    assert level.integrated == pytest.approx(-20.0, abs=0.2) and level.true_peak == pytest.approx(-20.0, abs=0.2)
    silence = tool.loudness(make("s.wav", "-f", "lavfi", "-i", "anullsrc=r=48000:cl=stereo", "-t", "1"))
    assert (silence.integrated, silence.true_peak) == (tool.SILENT_LUFS, tool.SILENT_DBTP)
