"""What cannot be used is refused in a line or two that say what, where and what next; what is only odd is done."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
import walk
from walk import Place

from localize.media import ffmpeg, probe

SAID = "1\n00:00:00,100 --> 00:00:00,480\n你逃不掉的。\n"
"""One line said within half a second."""


def refused(place: Place, *words: str | Path, code: int = 2, told: str = "", where: str = "") -> str:
    """Run, and check the error: its code, its words, its shape."""
    said = place.cli(*words, "--quiet")
    assert said.returncode == code, said.stderr
    lines = said.stderr.strip().splitlines()
    assert 1 <= len(lines) <= 2, said.stderr
    assert told in said.stderr and where in lines[0]
    assert len(lines) == 1 or lines[1].startswith("  → ")
    assert said.stdout == "" and "Traceback" not in said.stderr
    return said.stderr


def nothing_new(place: Place, before: dict[str, str]) -> bool:
    """Whether the folder holds what it held, but for the store."""
    return {name: value for name, value in walk.tree(place.folder).items() if not name.startswith("home/")} == before


def made(place: Place, name: str, *arguments: str) -> Path:
    """A file made by ffmpeg from the episode."""
    path = place.folder / name
    base = [ffmpeg.binary(), "-nostdin", "-loglevel", "error", "-y"]
    subprocess.run([*base, *(part.format(clip=place.episode) for part in arguments), path], check=True)
    return path


def _text(place: Place) -> None:
    place.episode.write_text("Once upon a time.\n" * 200, encoding="utf-8")


def _empty(place: Place) -> None:
    place.episode.write_bytes(b"")


def _missing(place: Place) -> None:
    place.episode.unlink()


def _folder(place: Place) -> None:
    place.episode.unlink()
    place.episode.mkdir()


def _truncated(place: Place) -> None:
    place.episode.write_bytes(place.episode.read_bytes()[: place.episode.stat().st_size // 3])


def _silent(place: Place) -> None:
    made(place, "x.mp4", "-i", "{clip}", "-an", "-c", "copy").replace(place.episode)


def _blind(place: Place) -> None:
    made(place, "x.mp4", "-i", "{clip}", "-vn", "-c", "copy").replace(place.episode)


def _speechless(place: Place) -> None:
    made(place, "x.mp4", "-f", "lavfi", "-i", "color=gray:s=180x320:r=25:d=1", "-f", "lavfi", "-i", "sine=d=1",
         "-pix_fmt", "yuv420p").replace(place.episode)  # fmt: skip


def _damaged(place: Place) -> None:
    data = bytearray(place.episode.read_bytes())
    data[len(data) // 2 : len(data) // 2 + 4000] = bytes(4000)
    place.episode.write_bytes(data)


def _pipe(place: Place) -> None:
    place.episode.unlink()
    os.mkfifo(place.episode)


@pytest.mark.parametrize(
    ("spoil", "told"),
    [
        (_missing, "there is no such file"),
        (_folder, "is a folder, not an episode"),
        (_pipe, "is a pipe or a device"),
        (_empty, "the file is empty"),
        (_text, "this is text, not a video"),
        (_truncated, "cut off"),
        (_silent, "has no sound"),
        (_blind, "has no picture"),
        (_speechless, "no speech was found"),
    ],
)
def test_media_that_is_no_episode(nothing: Place, spoil: Callable[[Place], None], told: str) -> None:
    spoil(nothing)
    before = walk.tree(nothing.folder)
    refused(nothing, nothing.episode, told=told, where=nothing.episode.name)
    assert nothing_new(nothing, before)


def test_an_empty_file_is_named_as_it_was_given(nothing: Place) -> None:
    (nothing.folder / "empty.mp4").touch()
    said = nothing.cli("empty.mp4", "--to", "en")
    assert (said.returncode, said.stdout) == (2, "")
    assert said.stderr == "localize: empty.mp4: the file is empty (0 bytes)\n  → copy or download it again\n"


def test_a_refused_file_starts_no_series(nothing: Place) -> None:
    shutil.rmtree(nothing.series)
    _text(nothing)
    before = walk.tree(nothing.folder)
    refused(nothing, nothing.episode, told="this is text")
    refused(nothing, ".", told="is a folder")
    refused(nothing, "/", told="is a folder")
    assert nothing_new(nothing, before)


@pytest.mark.parametrize(
    ("spoil", "told"), [(_speechless, "no speech was found"), (_damaged, "the picture is damaged near")]
)
def test_a_film_refused_after_a_look_leaves_no_series_behind(
    nothing: Place, spoil: Callable[[Place], None], told: str
) -> None:
    shutil.rmtree(nothing.series)
    spoil(nothing)
    before = walk.tree(nothing.folder)
    refused(nothing, nothing.episode, told=told)
    assert nothing_new(nothing, before)


TERMS = "source,en-US,es-419,id-ID,kind,use,scope,status,note\n"


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("terms.csv", TERMS.encode() + b"\xff\xfe\x81\x00broken,\xc3", "terms.csv"),
        ("terms.csv", (TERMS + "少爷,Young Master\n少爷,a,b,c,d,e,f,g,h,i,j\n").encode(), "line 3: 11 cells"),
        ("terms.csv", (TERMS + "少爷,Sir,,,nickname,dialogue,series,approved,\n").encode(), "nickname"),
        ("terms.csv", b"word,translation\n", "column 'source' is missing"),
        ("series.toml", b'id = "x\n', "series.toml"),
        ("cast.toml", b"[[character]]\nid = 1\n", "cast.toml"),
        ("casting.toml", b'[nobody]\n"*" = "no-such-voice"\n', "no"),
        ("lines/short_7_ep01.json", b'{"lines": [{"id": 3}]}', "ledger of line ids is damaged"),
        ("edits/short_7_ep01.jsonl", b'{"episode": "torn\n{}\n', "edit log cannot be read"),
    ],
)
def test_series_files_that_cannot_be_read(fresh: Place, name: str, content: bytes, told: str) -> None:
    path = fresh.series / name
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(content)
    before = walk.tree(fresh.folder)
    refused(fresh, fresh.episode, "--to", "en,es,id", told=told)
    assert path.read_bytes() == content
    new = walk.tree(fresh.folder).keys() - before.keys()
    assert not [file for file in new if ".localize/" in file and "/v" in file]


def test_a_subtitle_file_that_is_none(fresh: Place) -> None:
    wrong = fresh.folder / "wrong.srt"
    wrong.write_bytes(bytes(range(256)) * 20)
    refused(fresh, fresh.episode, "--subtitles", wrong, "--to", "en", where="wrong.srt")
    assert not fresh.out.exists()


def _silence(place: Place, name: str, seconds: float) -> Path:
    return made(place, name, "-f", "lavfi", "-i", f"anullsrc=r=48000:cl=stereo:d={seconds}")


def test_a_music_and_effects_track_that_is_none_of_this_episode(nothing: Place) -> None:
    shutil.rmtree(nothing.series)
    (nothing.folder / "empty.wav").write_bytes(b"")
    (nothing.folder / "text.wav").write_text("la la la\n" * 50, encoding="utf-8")
    _silence(nothing, "short.wav", 2)
    _silence(nothing, "long.m4a", 60)
    _silence(nothing, "mute.wav", 6.6)
    before = walk.tree(nothing.folder)
    for name, told in (
        (".", "this is a folder, not a music-and-effects track"), ("empty.wav", "is empty (0 bytes)"),
        ("text.wav", "no sound"), ("short.wav", "shorter than the episode: 2.0 s against"),
        ("long.m4a", "longer than the episode: 60.0 s against"), ("mute.wav", "track is silent"),
        (nothing.episode.name, "this is the episode itself"),
    ):  # fmt: skip
        refused(nothing, nothing.episode, "--me", nothing.folder / name, "--to", "en", told=told, where=name.strip("."))
    assert nothing_new(nothing, before)


def test_an_engine_nobody_has(fresh: Place) -> None:
    refused(fresh, fresh.episode, "--engine", "tts=parrot", code=3, told="known tts engines: coqui, espeak")
    assert not fresh.out.exists()


def test_an_output_folder_that_cannot_be(fresh: Place) -> None:
    (fresh.folder / "file").write_text("in the way", encoding="utf-8")
    refused(fresh, fresh.episode, "--out", fresh.folder / "file" / "out", told="--out DIR")
    refused(fresh, fresh.episode, "--store", fresh.folder / "file" / "store", told="--store DIR")
    planned = fresh.cli("plan", fresh.episode, "--out", fresh.folder / "file" / "out", "--to", "en")
    assert planned.returncode == 0 and "cannot be written: a run needs --out DIR" in planned.stdout
    assert (fresh.folder / "file").read_text("utf-8") == "in the way"


def test_an_output_folder_that_is_read_only(fresh: Place) -> None:
    if os.geteuid() == 0:
        pytest.skip("root may write anywhere")
    fresh.out.mkdir()
    fresh.out.chmod(0o500)
    refused(fresh, fresh.episode, told="cannot be written")


def small(place: Place, size: str, *words: str | Path) -> subprocess.CompletedProcess[str]:
    """Run with a file system of ``size`` mounted at ``small`` in the folder, and list what is left there."""
    folder = place.folder / "small"
    folder.mkdir(exist_ok=True)
    script = 'mount -t tmpfs -o size="$1" none "$2" || exit 99; at="$2"; shift 2; "$@"; code=$?; find "$at"; exit $code'
    if shutil.which("unshare") is None:
        pytest.skip("needs unshare")
    shell = ["unshare", "-rm", "sh", "-c", script, "sh", size, str(folder)]
    done = subprocess.run([*shell, *walk.command(*words)], cwd=place.folder, env=place.environment(),
                          capture_output=True, text=True, timeout=120, check=False)  # fmt: skip
    if "unshare failed" in done.stderr or done.returncode == 99:
        pytest.skip("may not mount a small disk here")
    return done


def test_a_full_disk_under_the_versions(delivered: Place) -> None:
    out = delivered.folder / "small" / "out"
    said = small(delivered, "2m", delivered.episode, "--to", "en", "--out", out, "--quiet")
    assert said.returncode == 2 and "free some space" in said.stderr and "Traceback" not in said.stderr
    assert not [line for line in said.stdout.splitlines() if "/v1" in line or ".partial" in line]


@pytest.mark.parametrize("size", ["8k", "400k"])
def test_a_full_disk_under_the_store(fresh: Place, size: str) -> None:
    words = ("--to", "es", "--quiet", "--engine", "inpainting=opencv", "--store", fresh.folder / "small" / "store")
    said = small(fresh, size, _short(fresh), *words)
    assert said.returncode == 4, said.stderr
    assert "the disk is full" in said.stderr and "free some space" in said.stderr
    assert "Traceback" not in said.stderr and len(said.stderr.strip().splitlines()) == 2
    assert not list(fresh.folder.rglob("v1")) and not list(fresh.folder.rglob(".v*"))


def _short(place: Place, name: str = "half.mp4", *how: str) -> Path:
    """The first moments of the episode as a file of its own, with a subtitle file."""
    path = made(place, name, *(how or ("-t", "0.52", "-i", "{clip}")))
    path.with_suffix(".srt").write_text(SAID, encoding="utf-8")
    row = '"00:00:00,100","00:00:00,480",你逃不掉的。,¡No!,¡No!,,,reviewed'
    script = place.series / "scripts" / f"{path.stem}.es-419.csv"
    script.write_text(f"start,end,source,dub,subtitle,short,long,status\n{row}\n", encoding="utf-8")
    return path


ODD = {
    "half a second": ("-t", "0.52", "-i", "{clip}"),
    "odd size": ("-t", "1", "-i", "{clip}", "-vf", "crop=355:637,format=yuv444p", "-ac", "1", "-ar", "16000"),
    "rotated": ("-t", "1", "-display_rotation", "90", "-i", "{clip}", "-c", "copy"),
    "hevc": ("-t", "1", "-i", "{clip}", "-c:v", "libx265", "-x265-params", "log-level=none", "-tag:v", "hvc1"),
    "variable rate": ("-t", "1", "-i", "{clip}", "-vf", "select='not(between(mod(n,7),2,3))'", "-fps_mode", "vfr"),
}


@pytest.mark.parametrize("how", ODD.values(), ids=ODD)
def test_odd_media_is_done_all_the_same(nothing: Place, how: tuple[str, ...]) -> None:
    path = _short(nothing, "odd ep02.mp4", *how)
    place = Place(nothing.folder, path.stem)
    assert place.run("es", deliver="sub").outcome.exit_code == 0
    [video] = place.version("es-419").glob("*.mp4")
    source, done = probe.look(path, ""), probe.look(video, "")
    assert done.picture.width % 2 == done.picture.height % 2 == 0
    upright = (source.picture.width, source.picture.height)
    assert abs(done.picture.width - upright[0]) <= 1 and abs(done.picture.height - upright[1]) <= 1
    assert abs(done.picture.length - source.picture.length) <= 1000 / done.picture.rate
    assert walk.leftovers(nothing) == []
