"""Sources that cannot serve are passed over and told; lines nobody is heard saying are told as well."""

from __future__ import annotations

import subprocess
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from talk import song, talk

from localize.engine.local import LocalDesk
from localize.episode import Box, OnScreenText
from localize.errors import InputError
from localize.media import audio, ffmpeg
from localize.stages import transcribe
from localize.stages.transcribe import Transcript
from localize.timing import Ms, span

RATE, SECONDS = audio.RATE, 6


def caption(at: int, text: str) -> OnScreenText:
    return OnScreenText("", span(at, at + 1500), Box(100, 900, 500, 950), text, "subtitle")


CHINESE = (caption(200, "你逃不掉的。"), caption(2000, "我等了你整整三年。"), caption(4000, "我真是瞎了眼。"))
ENGLISH = tuple(replace(one, text=text) for one, text in zip(CHINESE, ("Stop!", "I waited.", "2024"), strict=True))


def chord() -> audio.Sound:
    clock = np.arange(SECONDS * RATE) / RATE
    return np.asarray(sum(0.1 * np.sin(2 * np.pi * hertz * clock) for hertz in (220, 277, 330)), np.float32)


def captions(
    desk: LocalDesk, sound: audio.Sound | None, texts: tuple[OnScreenText, ...] = CHINESE, chosen: bool = False
) -> Transcript:
    path = desk.folder.parent / "sound.wav"
    if sound is not None:
        audio.write(path, sound)
    job = transcribe.Job(
        "captions", path, "d", -1, texts, "zh-CN", Ms(SECONDS * 1000), episode=path if sound is not None else None,
        track=0, chosen=chosen,
    )  # fmt: skip
    ((_, found),) = transcribe.work([job], desk)
    assert not list(desk.folder.iterdir())
    return found


@pytest.mark.parametrize(
    ("sound", "told"),
    [
        (np.zeros(SECONDS * RATE, np.float32), "the sound track is silent (not one sample above zero): nobody"),
        (np.full(SECONDS * RATE, 0.0003, np.float32), "the sound track is silent (highest peak -70 dBFS): nobody"),
        (chord(), "hardly anybody is heard: there is speech under 0 of 3 lines"),
    ],
)
def test_lines_that_nobody_is_heard_saying(desk: LocalDesk, sound: audio.Sound, told: str) -> None:
    found = captions(desk, sound)
    assert [line.text for line in found.lines] == [one.text for one in CHINESE]
    [one] = found.findings
    assert (one.check, one.severity) == ("source", "warn") and told in one.message and "--deliver sub" in one.fix


def test_a_silent_film_without_captions_is_called_silent(desk: LocalDesk) -> None:
    found = captions(desk, np.zeros(SECONDS * RATE, np.float32), ())
    assert [one.message.partition(" (")[0] for one in found.findings] == [
        "no burned-in captions, and the sound track is silent"
    ]
    assert captions(desk, chord(), ()).findings == ()


def whispered() -> audio.Sound:
    """Noise in the rhythm of syllables, 40 dB under full scale: no pitch to hear."""
    envelope = np.abs(talk(SECONDS, RATE))
    swell = np.convolve(envelope, np.ones(960) / 960, "same") * (np.sin(np.arange(SECONDS * RATE) / 3800) > -0.6)
    return np.asarray(0.1 * swell * np.random.default_rng(5).standard_normal(len(swell)), np.float32)


def both() -> audio.Sound:
    return (talk(SECONDS, RATE) + talk(SECONDS, RATE, pitch=210.0, seed=3)) / 2


@pytest.mark.parametrize("sound", [talk(SECONDS, RATE), 0.02 * talk(SECONDS, RATE), whispered(), both(), None])
def test_whoever_talks_whispers_or_talks_over_somebody_is_heard(desk: LocalDesk, sound: audio.Sound | None) -> None:
    assert captions(desk, sound).findings == ()


def test_singing_counts_as_being_heard(desk: LocalDesk) -> None:
    assert captions(desk, song(SECONDS, RATE)).findings == ()


def test_captions_in_another_language_are_not_taken_unless_somebody_names_them(desk: LocalDesk) -> None:
    found = captions(desk, None, ENGLISH)
    assert found.lines == () and "only 0 of 2 burned-in captions are Chinese" in found.findings[0].message
    insisted = captions(desk, None, ENGLISH, chosen=True)
    assert len(insisted.lines) == 3 and insisted.findings[0].severity == "warn"
    mixed = captions(desk, None, (CHINESE[0], *ENGLISH[1:]))
    assert len(mixed.lines) == 3 and mixed.findings == ()


def embedded(desk: LocalDesk, text: str, chosen: bool = False) -> Transcript:
    root = desk.folder.parent
    (root / "a.srt").write_text(f"1\n00:00:00,200 --> 00:00:01,700\n{text}\n", "utf-8")
    command = [ffmpeg.binary(), "-nostdin", "-v", "error", "-y", "-f", "lavfi", "-i", "color=s=64x64:d=3:r=5",
               "-i", str(root / "a.srt"), "-c:s", "srt", str(root / "a.mkv")]  # fmt: skip
    subprocess.run(command, check=True)
    job = transcribe.Job("embedded", Path(root / "a.mkv"), "d", 1, (), "zh-CN", Ms(3000), chosen=chosen)
    ((_, found),) = transcribe.work([job], desk)
    return found


def test_an_embedded_track_nobody_asked_for_is_passed_over_when_it_cannot_serve(desk: LocalDesk) -> None:
    assert [line.text for line in embedded(desk, "你逃不掉的。").lines] == ["你逃不掉的。"]
    found = embedded(desk, "You cannot escape.")
    assert found.lines == () and found.findings[0].message == (
        "the embedded subtitles (stream 1) were not taken: "
        "only 0 of 1 subtitles are Chinese, the language of the series"
    )
    with pytest.raises(InputError, match="only 0 of 1"):
        embedded(desk, "You cannot escape.", chosen=True)
