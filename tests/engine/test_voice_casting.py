"""Episode 37 gets the voices of episode 1: several voices over several episodes, told and cast as a run does."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from localize.engine.local import Runner
from localize.engine.order import Order
from localize.engine.store import Store
from localize.engine.voice_casting import casting_of, unvoiced
from localize.episode import Speaker
from localize.market import resolve
from localize.media import audio
from localize.roles import SpeechRequest
from localize.series import SeriesBible, append, digest_of, open_series
from localize.stages import Choice, diarize
from localize.timing import Span, span
from localize.voice import Wishes, cast_by, licensed_voices, stock_voices
from localize.voice_cards import CHOSEN, COLUMNS

ACTORS = {"lin": "stock-f1", "lu": "stock-m1", "zhou": "stock-elder-f", "gu": "stock-elder-m", "xiao": "stock-child"}
"""Who plays whom in the generated episodes."""
TALK = (
    "我从来没有求过你任何事情。", "你知道我等了那个电话多久吗？", "明天整个公司都会知道你是谁。",
    "她卖掉了房子，替他还了债。", "收拾你的东西，司机在外面等着。", "这枚戒指是奶奶留给我的。",
)  # fmt: skip
PERSONS = '[[character]]\nid = "{who}"\nname = "{who}"\n{told}references = ["cast/{who}.wav"]\n\n'
KIND = {"lin": ("female", "adult"), "lu": ("male", "adult"), "zhou": ("female", "elder"), "gu": ("male", "elder")}


def said(actor: str, text: str) -> np.ndarray:
    from localize import backends

    speech = backends.load("tts", "espeak", {}).speak(SpeechRequest(text, "zh-CN", stock_voices()[actor]))
    return audio.mono(audio.resample(speech.sound, speech.rate, 48_000))


@dataclass(frozen=True)
class Show:
    """A series of generated episodes: takes by (character, sentence), the series' folder, a store."""

    root: Path
    store: Path
    takes: dict[tuple[str, int], np.ndarray]

    def episode(self, number: int, cast: tuple[str, ...]) -> tuple[Path, list[tuple[str, Span]], list[str]]:
        """A dialogue stem, its lines, and who says each of them."""
        sound, lines, truth = [np.zeros(9600, np.float32)], list[tuple[str, Span]](), list[str]()
        for at in range(2 * len(cast)):
            who = cast[(at + number) % len(cast)]
            take = self.takes[who, (at + number) % len(TALK)]
            start = sum(map(len, sound)) // 48
            lines.append((f"L{at + 1:04}", span(start, start + len(take) // 48)))
            truth.append(who)
            sound += [take, np.zeros(14_400, np.float32)]
        stem = audio.write(self.root.parent / f"e{number}.wav", np.concatenate(sound))
        return stem, lines, truth

    def told(self, number: int, cast: tuple[str, ...]) -> tuple[list[str], list[str]]:
        """Who the machine says speaks in an episode, line by line, and the truth."""
        stem, lines, truth = self.episode(number, cast)
        store = Store(self.store)
        runner = Runner(store, lambda event: None, threading.Event())
        bible = open_series(self.root)
        clips = tuple((one.id, one.references, tuple(map(digest_of, one.references))) for one in bible.cast)
        engine = Choice("diarization", "classical", "6")
        job = diarize.Job(store.keep(stem, "audio/wav"), tuple(lines), clips, engine)
        found = dict(runner.one(diarize.STAGE, job))
        return [found[line].speaker for line, _ in lines], truth


@pytest.fixture(scope="module")
def show(tmp_path_factory: pytest.TempPathFactory) -> Show:
    folder = tmp_path_factory.mktemp("show")
    root = folder / "SERIES"
    (root / "cast").mkdir(parents=True)
    (root / "series.toml").write_text('id = "it"\ntitle = "它"\n', "utf-8")
    takes = {(who, at): said(actor, text) for who, actor in ACTORS.items() for at, text in enumerate(TALK)}
    cast = []
    for who in KIND:
        audio.write(root / f"cast/{who}.wav", np.concatenate([takes[who, 0], takes[who, 1], takes[who, 2]]))
        cast.append(PERSONS.format(who=who, told=f'gender = "{KIND[who][0]}"\nage = "{KIND[who][1]}"\n'))
    (root / "cast.toml").write_text("".join(cast), "utf-8")
    return Show(root, folder / "store", takes)


def order(*codes: str) -> Order:
    return Order(Path("e.mp4"), tuple(resolve(one) for one in codes), Path("out"), today=date(2026, 11, 21))


def cast(bible: SeriesBible, *strangers: str, market: str = "es-419") -> dict[str, str]:
    everyone = (*bible.speakers(), *(Speaker(one, one) for one in strangers))
    return {one.speaker: one.voice.id for one in casting_of(order(market), bible, everyone, resolve(market))}


def test_later_episodes_are_told_and_voiced_as_the_first(show: Show) -> None:
    first = cast(open_series(show.root))
    rows = tuple((who, "es-419", voice, "e1", "nearest") for who, voice in first.items())
    append(show.root / CHOSEN, rows, COLUMNS)
    assert len(set(first.values())) == len(KIND), "nobody shares a voice"
    for number, present in ((2, ("lin", "lu")), (3, ("zhou", "gu", "lin")), (4, tuple(KIND))):
        told, truth = show.told(number, present)
        assert told == truth, number
    cast_file = show.root / "cast.toml"
    before = cast_file.read_text("utf-8")
    newcomer = '[[character]]\nid = "bai"\nname = "白"\ngender = "female"\nage = "adult"\n\n'
    cast_file.write_text(newcomer + before, "utf-8")  # who comes first in the file takes nobody's voice
    now = cast(open_series(show.root), "?1")
    assert {who: now[who] for who in first} == first
    assert len(set(now.values())) == len(now)
    cast_file.write_text(before, "utf-8")


def test_a_voice_nobody_in_the_cast_has_is_a_stranger_and_no_member(show: Show) -> None:
    told, truth = show.told(5, ("lin", "gu", "xiao"))
    for one, who in zip(told, truth, strict=True):
        assert one.startswith("?") if who == "xiao" else one == who, (told, truth)


def test_pitch_tells_between_voices_where_gender_and_age_do_not() -> None:
    everyone = [Speaker("low", "低"), Speaker("high", "高"), Speaker("deep", "深", "female", "adult")]
    wishes = Wishes(heights={"low": 95.0, "high": 240.0, "deep": 175.0})
    found = {one.speaker: one.voice for one in cast_by(everyone, wishes, "en-US", "en-US", date(2026, 1, 1))}
    assert found["low"].gender == "male" and found["high"].gender == "female"
    assert found["deep"].pitch < 190


def test_twenty_of_a_kind_need_not_share(show: Show) -> None:
    crowd = [Speaker(f"S{number}", "", "female", "adult") for number in range(20)]
    found = cast_by(crowd, Wishes(), "en-US", "en-US", date(2026, 1, 1))
    assert len({one.voice.id for one in found}) == 20
    assert len(licensed_voices()) == 3 * len(stock_voices())


def test_a_market_nobody_can_voice_is_refused_before_any_work(show: Show) -> None:
    said: list[str] = []
    left, mute = unvoiced(order("en-US", "ja-JP"), open_series(show.root), lambda one: said.append(one.message))
    assert [one.code for one in left.markets] == ["en-US"]
    assert [code for code, _ in mute] == ["ja-JP"] and mute[0][1].exit_code == 5
    assert "no voice speaks ja-JP" in said[-1]
