"""Files beside the episode: what cannot be used is told before any work."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from localize.engine.given import check_files, check_out, sound_length
from localize.engine.order import Order
from localize.errors import InputError
from localize.media import audio


def tone(path: Path, seconds: float) -> Path:
    return audio.write(path, np.sin(np.arange(round(48_000 * seconds)) / 20).astype(np.float32))


def test_the_length_is_counted_not_believed(tmp_path: Path) -> None:
    path = tone(tmp_path / "me.wav", 3.2)
    assert sound_length(path) == 3200
    path.write_bytes(path.read_bytes()[:200_000])
    assert 2000 < sound_length(path) < 2100


def _text(path: Path) -> None:
    path.write_text("Once upon a time.\n" * 100, encoding="utf-8")


def _noise(path: Path) -> None:
    path.write_bytes(np.random.default_rng(1).bytes(5000))


def _header_only(path: Path) -> None:
    path.write_bytes(tone(path, 1).read_bytes()[:44])


@pytest.mark.parametrize("spoil", [_text, _noise, _header_only])
def test_what_is_no_sound_is_told(tmp_path: Path, spoil: Callable[[Path], None]) -> None:
    spoil(tmp_path / "me.wav")
    with pytest.raises(InputError, match=r"is no sound file|has no sound in it") as caught:
        sound_length(tmp_path / "me.wav")
    assert caught.value.where == str(tmp_path / "me.wav") and "--me" in caught.value.fix


def _folder(path: Path) -> None:
    path.mkdir()


def _empty(path: Path) -> None:
    path.write_bytes(b"")


@pytest.mark.parametrize(
    ("spoil", "said"),
    [(_folder, "this is a folder, not a"), (_empty, r"is empty \(0 bytes\)"), (lambda path: None, "there is no such")],
)
@pytest.mark.parametrize("what", ["music_effects", "subtitles"])
def test_files_that_cannot_be_read(tmp_path: Path, what: str, spoil: Callable[[Path], None], said: str) -> None:
    path = tmp_path / "x.y"
    spoil(path)
    with pytest.raises(InputError, match=said) as caught:
        check_files(Order(tmp_path / "ep.mp4", (), tmp_path / "out", **{what: path}))  # type: ignore[arg-type]
    assert caught.value.where == str(path) and caught.value.fix


def test_the_episode_is_not_its_own_music_and_effects(tmp_path: Path) -> None:
    episode = tone(tmp_path / "ep.mp4", 1)
    with pytest.raises(InputError, match="the episode itself"):
        check_files(Order(episode, (), tmp_path / "out", music_effects=tmp_path / "." / "ep.mp4"))


def test_an_output_folder_nobody_can_make_is_told_before_any_work(tmp_path: Path) -> None:
    place = Path("/proc")
    if not place.is_dir():
        pytest.skip("needs /proc")
    with pytest.raises(InputError, match="nothing can be made in /proc") as told:
        check_out(Order(tmp_path / "ep01.mp4", (), place / "x"))
    assert "--out DIR" in told.value.fix
    check_out(Order(tmp_path / "ep01.mp4", (), tmp_path / "new" / "out"))
    assert list(tmp_path.iterdir()) == []
