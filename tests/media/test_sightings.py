"""Which of several readings of one text is taken."""

from __future__ import annotations

from localize.episode import Box
from localize.media.sightings import Sighting, Track, is_certain, tracks
from localize.roles import ReadText


def seen(read: int, text: str, confidence: float, left: int = 0) -> Sighting:
    return Sighting(read, ReadText(Box(left, 0, 300, 80), text, confidence))


def test_readings_that_miss_a_character_bear_out_the_whole() -> None:
    found = [seen(0, "年后", 0.999, 100), seen(1, "三年后", 0.96), seen(2, "年后", 0.998, 100)]
    assert Track(found).best.text == "三年后"
    assert [track.best.text for track in tracks(found)] == ["三年后"], "a box inside another is the same place"


def test_an_unsure_or_foreign_sign_more_is_not_borne_out() -> None:
    assert Track([seen(0, "年后", 0.99), seen(1, "·年后", 0.95), seen(2, "年后", 0.98)]).best.text == "年后"
    assert Track([seen(0, "年后", 0.99), seen(1, "口年后", 0.7), seen(2, "年后", 0.98)]).best.text == "年后"


def test_two_latin_signs_are_writing_when_a_second_read_sees_them() -> None:
    assert not is_certain(Track([seen(1, "14", 0.95)]))
    assert is_certain(Track([seen(1, "14", 0.95), seen(2, "14", 0.95)]))
    assert is_certain(Track([seen(1, "第4", 0.95)])) and is_certain(Track([seen(1, "EP4", 0.95)]))
