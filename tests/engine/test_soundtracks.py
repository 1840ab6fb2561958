"""Which sound track is worked from, and what is told of it and of a music-and-effects track."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest

from localize.engine.order import Order
from localize.engine.soundtracks import chosen, interlaced, poor_track, strange_background, track_of
from localize.episode import Asset, AudioTrack, Picture, Source, Stems
from localize.errors import InputError
from localize.timing import Ms

FIRST = AudioTrack(1, 48_000, 2, "", Ms(10_000))
SILENT, CHINESE = replace(FIRST, index=2, silent=True), replace(FIRST, index=3, language="chi")
PICTURE = Picture(720, 1280, Fraction(25), Ms(10_000), 250, "h264")
ORDER = Order(Path("a.mp4"), (), Path("out"))
SOUND = Asset("0" * 64, "audio/wav", 1)


def source(*tracks: AudioTrack) -> Source:
    return Source("d", "mp4", PICTURE, tracks, ())


@pytest.mark.parametrize(
    ("tracks", "taken"),
    [
        ((FIRST, SILENT), FIRST), ((SILENT, FIRST), FIRST), ((FIRST, CHINESE), CHINESE),
        ((FIRST, replace(CHINESE, silent=True)), FIRST), ((SILENT,), SILENT),
    ],
)  # fmt: skip
def test_a_silent_track_is_passed_over(tracks: tuple[AudioTrack, ...], taken: AudioTrack) -> None:
    assert track_of(source(*tracks)) == taken


def test_that_it_was_is_told_with_the_way_to_another() -> None:
    (found,) = poor_track(source(SILENT, CHINESE))
    assert (found.check, found.severity) == ("source", "warn") and "--audio-track" in found.fix
    assert found.message == "sound track 1 is silent: track 2 (chi, 2 channels) is worked from"
    assert [*poor_track(source(FIRST, CHINESE))] == [*poor_track(source(SILENT))] == []


def test_a_person_names_the_track() -> None:
    picked = chosen(replace(ORDER, audio_track=1), source(FIRST, CHINESE))
    assert track_of(picked) == FIRST and chosen(ORDER, source(FIRST, CHINESE)) == source(FIRST, CHINESE)
    with pytest.raises(InputError, match="no sound track 3") as caught:
        chosen(replace(ORDER, audio_track=3), source(FIRST, SILENT))
    assert "2 (2 channels, silent)" in caught.value.fix


@pytest.mark.parametrize(("end", "told"), [(8000, True), (9600, False), (None, False)])
def test_sound_that_ends_before_the_picture(end: int | None, told: bool) -> None:
    found = [*poor_track(source(replace(FIRST, end=None if end is None else Ms(end))))]
    assert [one.message for one in found] == ["the sound ends 2.0 s before the picture: silence follows"] * told


def test_half_pictures_are_told_with_the_way_out() -> None:
    (found,) = interlaced(replace(source(FIRST), interlaced=True))
    assert found.severity == "warn" and "interlaced" in found.message and "bwdif" in found.fix
    assert not [*interlaced(source(FIRST))]


@pytest.mark.parametrize(("alike", "count"), [(0.1, 1), (0.9, 0), (None, 0)])
def test_a_track_that_is_not_the_background(alike: float | None, count: int) -> None:
    given = replace(ORDER, music_effects=Path("tone.wav"))
    stems = Stems(SOUND, SOUND, "", alike)
    found = [*strange_background(given, stems, ["lin", "?1", "?1"])]
    assert len(found) == count and not [*strange_background(ORDER, stems, ["lin"])]
    for one in found:
        assert "tone.wav" in one.message and "0.10" in one.message and one.message.endswith("known in ?1")
        assert one.severity == "warn" and "leave --me out" in one.fix
