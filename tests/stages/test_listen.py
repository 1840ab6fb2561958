"""A recogniser behind a real server, asked by the stage."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from speech_server import SpeechServer
from talk import talk

from localize import backends
from localize.engine.local import LocalDesk
from localize.episode import Word
from localize.media import audio
from localize.stages import Choice, listen
from localize.timing import Ms, span


def test_what_the_server_hears_comes_with_its_times_and_scores(tmp_path: Path, desk: LocalDesk) -> None:
    quiet = np.zeros(audio.RATE, np.float32)
    sound = np.concatenate([quiet, talk(1.0, audio.RATE), 2 * quiet, talk(1.2, audio.RATE, seed=2), quiet])
    path = audio.write(tmp_path / "a.wav", sound)
    segments = [
        [Word(c, span(start + 250 * n, start + 250 * (n + 1)), 0.9) for n, c in enumerate(text)]
        for start, text in ((1000, "你敢动我"), (3000, "我不敢吗"))
    ]
    with SpeechServer(sound, audio.RATE, segments) as server:
        engine = Choice("asr", "openai_speech", "1", (("model", "simulated"), ("url", server.url)))
        ((_, heard),) = listen.work([listen.Job(path, "d", 0, Ms(5200), "zh-CN", engine)], desk)
    assert [one.text for one in heard] == ["你敢动我", "我不敢吗"]
    for one, words in zip(heard, segments, strict=True):
        assert one.confidence == 0.9 and [word.confidence for word in one.words] == [0.9] * 4
        assert all(abs(a.span.start - b.span.start) <= 2 for a, b in zip(one.words, words, strict=True))
    assert server.asked[0]["language"] == "zh" and not list(desk.folder.iterdir())


def test_the_recipe_holds_the_sound_the_language_and_the_engine(tmp_path: Path) -> None:
    engine = Choice("asr", "openai_speech", "1", (("key", "secret"), ("url", "http://here")), (("model", "m"),))
    told = listen.recipe(listen.Job(tmp_path, "d", 1, Ms(5), "zh-CN", engine))
    assert told["engine"] == {"engine": "openai_speech", "version": "1", "model": "m"}
    assert {"file": "d", "track": 1, "length": 5, "language": "zh-CN"}.items() <= told.items()


ENGINE = """
from localize.roles import READY, Backend, Heard
from localize.timing import span

class Engine:
    def transcribe(self, sound, rate, language):
        piece = sound[: len(sound)]
        assert piece.ndim == 1 and language == "zh-CN"
        loud = abs(piece).max() > 0.1
        yield Heard(span(0, len(sound) * 1000 // rate), "你好" if loud else "没有声音")

BACKEND = Backend("asr", "toy", "1", "a toy", "none", True, lambda options: Engine(), lambda options: READY)
"""


def test_recognition_hears_the_chosen_track_through_the_role(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, desk: LocalDesk
) -> None:
    import imageio_ffmpeg
    import soundfile

    card = tmp_path / "toy_asr-1.dist-info"
    card.mkdir()
    (card / "entry_points.txt").write_text("[localize.backends.asr]\ntoy = toy_asr:BACKEND\n")
    (card / "METADATA").write_text("Name: toy-asr\nVersion: 1\n")
    (tmp_path / "toy_asr.py").write_text(ENGINE)
    monkeypatch.setattr(sys, "path", [str(tmp_path), *sys.path])
    backends.known.cache_clear()
    soundfile.write(tmp_path / "silent.wav", np.zeros(48_000, "float32"), 48_000)
    soundfile.write(tmp_path / "loud.wav", np.full(48_000, 0.5, "float32"), 48_000)
    episode = tmp_path / "two.mkv"
    inputs = [word for name in ("silent", "loud") for word in ("-i", str(tmp_path / f"{name}.wav"))]
    subprocess.run([imageio_ffmpeg.get_ffmpeg_exe(), "-v", "error", *inputs, "-map", "0", "-map", "1", str(episode)],
                   check=True)  # fmt: skip
    job = listen.Job(episode, "d", 1, Ms(1000), "zh-CN", Choice.of(backends.card("asr", "toy")))
    ((_, heard),) = listen.work([job], desk)
    assert [one.text for one in heard] == ["你好"]
    assert listen.recipe(job) != listen.recipe(replace(job, track=0))
    backends.known.cache_clear()
