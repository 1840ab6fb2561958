from __future__ import annotations

import itertools

import numpy as np
import pytest

from localize import backends
from localize.backends.tts.espeak import espeak_language, speakable
from localize.errors import InputError
from localize.media import pitch, spectrum
from localize.roles import Speech, SpeechRequest
from localize.voice import stock_voices

TEXT = "I never thought you would come back. Not after what you did to us!"


def speak(text: str, voice: str, language: str = "en-US", **more: object) -> Speech:
    request = SpeechRequest(text, language, stock_voices()[voice], **more)  # type: ignore[arg-type]
    speech: Speech = backends.load("tts", "espeak").speak(request)
    return speech


@pytest.fixture(scope="module")
def voices() -> dict[str, Speech]:
    return {name: speak(TEXT, name) for name in stock_voices()}


def test_every_stock_voice_speaks_near_the_pitch_on_its_card(voices: dict[str, Speech]) -> None:
    for name, speech in voices.items():
        heard = pitch.median(speech.sound, speech.rate)
        assert 12 * abs(np.log2(heard / stock_voices()[name].pitch)) < 2.0, name


def test_stock_voices_are_told_apart_by_pitch_or_colour(voices: dict[str, Speech]) -> None:
    prints = {name: (pitch.median(one.sound, one.rate), spectrum.long_term(one.sound, one.rate))
              for name, one in voices.items()}  # fmt: skip
    for a, b in itertools.combinations(prints, 2):
        semitones = 12 * abs(np.log2(prints[a][0] / prints[b][0]))
        colour = float(np.sqrt(np.mean((prints[a][1] - prints[b][1]) ** 2)))
        assert semitones / 2 + colour / 3 > 1.5, (a, b, semitones, colour)


@pytest.mark.parametrize(
    ("tag", "name"),
    [
        ("es-419", "es-419"),
        ("es-MX", "es-419"),
        ("es-ES", "es"),
        ("id-ID", "id"),
        ("pt-BR", "pt-br"),
        ("th-TH", "th"),
        ("en-US", "en-us"),
        ("zh-CN", "cmn"),
    ],
)
def test_languages_keep_their_accent(tag: str, name: str) -> None:
    assert espeak_language(tag) == name


def test_an_unknown_language_is_refused() -> None:
    with pytest.raises(InputError):
        espeak_language("xx-XX")


def test_markup_and_control_characters_are_not_read_aloud() -> None:
    assert speakable("  <b>Hi</b>\x00 *you* 😀\u200bthere… ") == "b Hi b you there..."
    plain, dirty = speak("Come here, you", "stock-f1"), speak("Come\x07 here,\n you 😀", "stock-f1")
    assert [phone.ipa for phone in plain.phones] == [phone.ipa for phone in dirty.phones]


def test_numbers_and_entities_are_words() -> None:
    assert len(speak("5,000,000", "stock-m1").phones) > len(speak("5", "stock-m1").phones) + 3
    assert speak("Tom & Jerry", "stock-m1").phones


def test_phones_follow_the_sound_through_the_tract(voices: dict[str, Speech]) -> None:
    for speech in voices.values():
        length = len(speech.sound) / speech.rate * 1000
        assert speech.phones[0].start < 60
        assert 0.85 * length < speech.phones[-1].start < length


def test_a_wished_length_is_approached_but_never_forced() -> None:
    free = len(speak(TEXT, "stock-f1").sound) / 48_000
    slightly = len(speak(TEXT, "stock-f1", seconds=free * 0.95).sound) / 48_000
    much = len(speak(TEXT, "stock-f1", seconds=free * 0.5).sound) / 48_000
    assert slightly == pytest.approx(free * 0.95, rel=0.03)
    assert free * 0.9 < much < free


def test_an_emotion_changes_the_delivery() -> None:
    angry, sad = speak(TEXT, "stock-m1", emotion="angry"), speak(TEXT, "stock-m1", emotion="sad")
    assert len(angry.sound) < len(sad.sound)
    assert pitch.median(angry.sound, 48_000) > pitch.median(sad.sound, 48_000)


def test_the_voice_moves_toward_a_consenting_actor_within_bounds() -> None:
    actor = speak("你以为我还会回来吗？", "stock-f3", "zh-CN", emotion="angry")
    plain = speak(TEXT, "stock-f1")
    moved = speak(TEXT, "stock-f1", actor=actor.sound, actor_rate=actor.rate)
    goal = pitch.median(actor.sound, actor.rate)
    heard = [pitch.median(one.sound, one.rate) for one in (plain, moved)]
    assert abs(np.log2(heard[1] / goal)) < abs(np.log2(heard[0] / goal))
    colour = [spectrum.long_term(one.sound, one.rate) - spectrum.long_term(actor.sound, actor.rate)
              for one in (plain, moved)]  # fmt: skip
    assert np.square(colour[1]).mean() < np.square(colour[0]).mean()
    child = speak(TEXT, "stock-child")
    far = speak(TEXT, "stock-m2", actor=child.sound, actor_rate=child.rate)
    assert 12 * np.log2(pitch.median(far.sound, far.rate) / stock_voices()["stock-m2"].pitch) < 10.0


def test_the_card_is_a_preview_and_names_the_gpl() -> None:
    card = backends.card("tts", "espeak")
    assert card.grade == "preview"
    assert "GPL-3.0" in card.licence
