from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from localize.errors import InputError
from localize.media import audio
from localize.timing import Ms


def tone(hertz: float, seconds: float, level: float = 0.3) -> audio.Sound:
    return (level * np.sin(2 * np.pi * hertz * np.arange(int(seconds * audio.RATE)) / audio.RATE)).astype(
        np.float32
    )


def test_wav_round_trip_is_exact_for_16_bit_values(tmp_path: Path) -> None:
    sound = audio.rounded(np.stack([tone(440, 0.5), tone(220, 0.5)], axis=1))
    back, rate = audio.read(audio.write(tmp_path / "a.wav", sound))
    assert rate == audio.RATE
    assert np.array_equal(back, sound)
    assert audio.shape(tmp_path / "a.wav") == (24_000, 2, 48_000)


def test_what_is_too_loud_is_clipped_not_wrapped(tmp_path: Path) -> None:
    back, _ = audio.read(audio.write(tmp_path / "a.wav", np.array([1.5, -1.5, 0.0], np.float32)))
    assert back[0] > 0.99
    assert back[1] == -1.0


def test_decoding_resamples_cuts_and_pads(make: Callable[..., Path], tmp_path: Path) -> None:
    clip = make(
        "a.mp4", "-f", "lavfi", "-i", "sine=frequency=500:sample_rate=44100:duration=1", "-c:a", "aac"
    )
    for length in (400, 1700):
        assert (
            audio.decode_to_wav(clip, audio.first_track(clip), 2, tmp_path / "o.wav", Ms(length))
            == length * 48
        )
        sound, rate = audio.read(tmp_path / "o.wav")
        assert (sound.shape, rate) == ((length * 48, 2), 48_000)
    spectrum = np.abs(np.fft.rfft(sound[9_600:33_600, 0]))
    assert abs(np.argmax(spectrum) * 2 - 500) <= 2
    assert not sound[60_000:].any()


def test_a_late_track_starts_with_silence(make: Callable[..., Path], tmp_path: Path) -> None:
    picture = ("-f", "lavfi", "-i", "color=c=gray:s=64x64:r=25:d=2")
    sine = ("-itsoffset", "0.5", "-f", "lavfi", "-i", "sine=frequency=500:sample_rate=48000:duration=1")
    clip = make("late.mkv", *picture, *sine, "-map", "0:v", "-map", "1:a", "-c:a", "pcm_s16le")
    audio.decode_to_wav(clip, 1, 1, tmp_path / "o.wav", Ms(2000))
    levels = audio.level(audio.read(tmp_path / "o.wav")[0], step=50)
    assert levels[:9].max() < 1e-4
    assert levels[11:28].min() > 0.05


def test_a_text_file_is_not_sound(tmp_path: Path) -> None:
    fake = tmp_path / "a.wav"
    fake.write_text("hello")
    with pytest.raises(InputError):
        audio.read(fake)
    with pytest.raises(InputError):
        audio.first_track(fake)


def test_fades_start_and_end_at_nothing_and_leave_the_middle() -> None:
    sound = tone(440, 0.2)
    soft = audio.faded(sound, 5, 10)
    assert abs(soft[0]) < 1e-4
    assert abs(soft[-1]) < 1e-4
    assert np.array_equal(soft[300:-600], sound[300:-600])


def test_silence_around_the_words_is_found() -> None:
    sound = np.concatenate([np.zeros(24_000, np.float32), tone(200, 0.5), np.zeros(9_600, np.float32)])
    cut = audio.audible(sound)
    assert abs(cut.start - 24_000) <= 1_500
    assert abs(cut.stop - 48_000) <= 1_500
    assert audio.audible(np.zeros(100, np.float32)) == slice(0, 0)


def test_levels_of_speech_ignore_its_pauses() -> None:
    sound = np.concatenate([tone(200, 1.0), np.zeros(96_000, np.float32)])
    assert audio.active_level(sound) == pytest.approx(0.3 / np.sqrt(2), rel=0.02)
    assert audio.active_level(np.zeros(1000, np.float32)) == 0.0
