"""Long sounds are heard in windows, and what comes out lies inside the sound, in order, judged."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
from talk import song, talk

from localize.backends.asr._listening import RATE, Window, listened, windows
from localize.episode import Word
from localize.media import audio
from localize.media.speech_activity import speech_spans
from localize.roles import Heard
from localize.timing import Ms, Span, span


def quiet(seconds: float) -> audio.Sound:
    return np.zeros(round(seconds * RATE), np.float32)


def everywhere(sound: audio.Sound, rate: int) -> tuple[Span, ...]:
    return (span(0, len(sound) * 1000 // rate),)


def sentence(number: int, start: int, end: int) -> Heard:
    text = f"这是第{number}句话。"
    return Heard(span(start, end), text, (Word(text, span(start, end), 0.7),))


def test_windows_are_cut_in_silence_and_lose_nothing() -> None:
    pieces = [talk(4), quiet(1), talk(4, seed=2), quiet(1), talk(4, seed=3), quiet(1)]
    sound = np.concatenate(pieces)
    found = list(windows(sound, RATE, speech_spans, longest=10))
    assert sum(len(one.sound) for one in found) == len(sound)
    assert len(found) == 2 and found[0].start == 0
    assert 9_000 < found[1].start < 10_000, "in the pause between the second and the third"
    assert found[0].length == found[1].start


def test_without_a_pause_the_quietest_moment_is_cut() -> None:
    loud = np.random.default_rng(1).standard_normal(12 * RATE).astype(np.float32)
    loud[int(8.5 * RATE) : int(8.6 * RATE)] *= 0.01
    found = list(windows(loud, RATE, everywhere, longest=10))
    assert [one.start for one in found] == [0, 8550]


def test_three_hours_are_never_held() -> None:
    class Mapped:
        """Three hours of silence that only exist where they are looked at."""

        asked = 0

        def __len__(self) -> int:
            return 3 * 3600 * 8_000

        def __getitem__(self, where: slice) -> audio.Sound:
            start, stop, _ = where.indices(len(self))
            self.asked = max(self.asked, stop - start)
            return np.zeros(stop - start, np.float32)

    sound = Mapped()
    assert list(listened(sound, 8_000, lambda window: [], lambda sound, rate: ())) == []  # type: ignore[arg-type]
    assert sound.asked == 300 * 8_000


def test_lines_lie_inside_the_sound_in_order_and_are_judged(tmp_path: Path) -> None:
    sound = np.concatenate([quiet(1), talk(6), quiet(1), talk(6, seed=2), quiet(1)])

    def decode(window: Window) -> Iterator[Heard]:
        yield sentence(2, window.length - 1500, window.length + 9000)
        yield sentence(1, 1200, 3000)
        yield Heard(span(window.length, window.length + 100), "在外面。")
        yield Heard(span(50, 350), "谢谢观看。", confidence=0.9)

    tape = audio.Tape(audio.write(tmp_path / "talk.wav", sound, RATE))
    heard = list(listened(tape, RATE, decode, speech_spans, longest=10))
    assert [one.text for one in heard] == ["谢谢观看。", "这是第1句话。", "这是第2句话。"] * 2
    assert [one.doubts for one in heard] == [("silence", "boilerplate"), (), ()] * 2
    assert [one.span for one in heard] == sorted(one.span for one in heard)
    assert all(one.span.end <= len(sound) // 16 for one in heard)
    assert all(word.span.end <= one.span.end for one in heard for word in one.words)
    assert [one.confidence for one in heard] == [0.9, None, None] * 2


def test_where_nobody_speaks_the_recogniser_is_not_asked() -> None:
    def decode(window: Window) -> Iterator[Heard]:
        raise AssertionError("there is nothing to hear")

    assert list(listened(quiet(5), RATE, decode, speech_spans)) == []
    assert list(listened(quiet(0), RATE, decode, speech_spans)) == []


def test_a_song_is_marked_by_its_sound() -> None:
    def decode(window: Window) -> Iterator[Heard]:
        yield Heard(Span(Ms(500), Ms(4500)), "月亮代表我的心")

    (sung,) = listened(np.concatenate([quiet(0.5), song(4), quiet(0.5)]), RATE, decode, everywhere)
    (said,) = listened(np.concatenate([quiet(0.5), talk(4), quiet(0.5)]), RATE, decode, everywhere)
    assert (sung.doubts, said.doubts) == (("song",), ())


def test_a_stretch_without_word_times_loses_the_silence_around_it() -> None:
    def decode(window: Window) -> Iterator[Heard]:
        yield Heard(span(0, window.length), "你怎么才来")

    (heard,) = listened(np.concatenate([quiet(1), talk(3), quiet(2)]), RATE, decode, speech_spans)
    assert abs(heard.span.start - 1000) < 120 and abs(heard.span.end - 4000) < 120
