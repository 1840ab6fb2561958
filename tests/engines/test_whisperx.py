"""whisperx' real loading, voice activity, decoding and alignment: a tiny random Whisper and a hand-made wav2vec2."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
import tiny_models
from talk import talk
from tiny_models import TONES, starts, tones

from localize import backends
from localize.errors import SetupError
from localize.roles import Heard
from localize.timing import span

if TYPE_CHECKING:
    from localize.roles import Sound

pytest.importorskip("whisperx", reason="needs localize-drama[align]")

RATE = 16_000


@pytest.fixture(autouse=True)
def nothing_is_fetched(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*given: object, **how: object) -> None:
        raise AssertionError(f"the network was asked for: {given}")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)


@pytest.fixture(scope="module")
def options() -> dict[str, str]:
    return {"model": str(tiny_models.whisper()), "align_model": str(tiny_models.aligner()), "batch": "2"}


@pytest.fixture
def aligner() -> Any:
    return backends.load("alignment", "whisperx", {"model": str(tiny_models.aligner())})


def quiet(seconds: float) -> Sound:
    return np.zeros(round(seconds * RATE), np.float32)


# ── alignment ───────────────────────────────────────────────────────────────────────────────────────────────────────
def test_every_character_is_placed_where_it_sounds(aligner: Any) -> None:
    sound = np.concatenate([quiet(1.0), tones("来了走吧"), quiet(1.0), tones("走了"), quiet(0.5)])
    first, second = Heard(span(800, 2400), "来了，走吧！"), Heard(span(3000, 4000), "走了。")
    words = aligner.align(sound, RATE, [first, second], "zh-CN")
    assert [word.text for word in words[0]] == ["来", "了，", "走", "吧！"]
    assert [word.text for word in words[1]] == ["走", "了。"]
    for line, text, at in ((words[0], "来了走吧", 1000), (words[1], "走了", 3200)):
        for word, start in zip(line, starts(text, at), strict=True):
            assert abs(word.span.start - start) <= 30
            assert abs(word.span.end - (start + 200)) <= 30, "the silence behind a character is not the character"
            assert word.confidence is not None and 0.5 < word.confidence <= 1


def test_any_rate_and_a_mapped_file_will_do(aligner: Any, tmp_path: Path) -> None:
    from localize.media import audio

    sound = np.concatenate([quiet(0.2), tones("来了走吧"), quiet(0.2)])
    line = Heard(span(0, 1600), "来了走吧")
    tape = audio.Tape(audio.write(tmp_path / "a.wav", audio.resample(sound, RATE, 48_000), 48_000))
    for word, start in zip(aligner.align(tape, 48_000, [line], "zh-CN")[0], starts("来了走吧", 200), strict=True):
        assert abs(word.span.start - start) <= 40


def test_text_the_sound_does_not_say_is_not_placed(aligner: Any) -> None:
    sound = np.concatenate([quiet(0.2), tones("来了"), quiet(0.2)])
    lines = [Heard(span(0, 100), "来了走吧来了走吧"), Heard(span(0, 900), "……"), Heard(span(0, 1000), "来了")]
    words = aligner.align(sound, RATE, lines, "zh-CN")
    assert words[0] == () and words[1] == () and len(words[2]) == 2
    wrong = aligner.align(sound, RATE, [Heard(span(0, 1000), "吧走吧走吧走")], "zh-CN")[0]
    assert all(word.confidence is not None and word.confidence < 0.3 for word in wrong), "and else it says so"


def test_a_folder_with_a_model_per_language(tmp_path: Path) -> None:
    shutil.copytree(tiny_models.aligner(), tmp_path / "zh")
    engine = backends.load("alignment", "whisperx", {"model": str(tmp_path)})
    sound = np.concatenate([tones("来了走吧"), quiet(0.5)])
    assert len(engine.align(sound, RATE, [Heard(span(0, 1500), "来了走吧")], "zh-CN")[0]) == 4
    with pytest.raises(SetupError, match="no alignment model for en"):
        engine.align(sound, RATE, [Heard(span(0, 1500), "Come on")], "en-US")


def test_a_broken_model_is_a_typed_error(tmp_path: Path) -> None:
    (tmp_path / "config.json").write_text("{}")
    engine = backends.load("alignment", "whisperx", {"model": str(tmp_path)})
    with pytest.raises(SetupError, match="cannot be loaded"):
        engine.align(tones("来"), RATE, [Heard(span(0, 200), "来")], "zh-CN")


# ── recognition ─────────────────────────────────────────────────────────────────────────────────────────────────────
@pytest.fixture(scope="module")
def speech() -> Sound:
    return np.concatenate([quiet(1), talk(3), quiet(2), talk(2, pitch=210.0), quiet(1)])


def test_speech_is_heard_and_silence_is_not(options: dict[str, str], speech: Sound) -> None:
    engine = backends.load("asr", "whisperx", options)
    heard = list(engine.transcribe(speech, RATE, "zh-CN"))
    assert heard and heard == list(engine.transcribe(speech, RATE, "zh-CN"))
    for one in heard:
        assert 800 <= one.span.start < one.span.end <= 8200
        assert "\ufffd" not in one.text and one.confidence is not None
    assert list(engine.transcribe(quiet(3), RATE, "zh-CN")) == []


def test_what_is_missing_is_named(options: dict[str, str], tmp_path: Path) -> None:
    card = backends.card("asr", "whisperx")
    assert card.available(options).ready
    assert "LOCALIZE_ASR_MODEL" in card.available({"align_model": options["align_model"]}).fix
    assert "LOCALIZE_ALIGN_MODEL" in card.available({"model": options["model"]}).fix
    assert "config.json" in card.available({**options, "align_model": str(tmp_path)}).why
    assert {"model", "align tones"} <= set(card.identity(options))


def test_telemetry_stays_off_and_the_persons_settings_come_back(options: dict[str, str]) -> None:
    code = (
        "import os, sys; from localize import backends; from localize.backends._quiet import quiet\n"
        "backends.load('alignment', 'whisperx', {'model': sys.argv[1]})._model('zh')\n"
        "with quiet(): from pyannote.audio.telemetry.metrics import is_metrics_enabled\n"
        "print(is_metrics_enabled(), os.environ.get('HF_HUB_OFFLINE'), os.environ.get('TRANSFORMERS_OFFLINE'))\n"
    )
    env = {name: value for name, value in os.environ.items() if not name.startswith(("HF_", "PYANNOTE", "TRANSFORM"))}
    told = subprocess.run(
        [sys.executable, "-c", code, options["align_model"]], env={**env, "TRANSFORMERS_OFFLINE": "no"},
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert told.stdout.split() == ["False", "None", "no"]
    assert not told.stderr


def test_the_tones_are_what_the_model_knows() -> None:
    assert all(hertz % 50 == 0 for hertz in TONES.values()), "whole cycles in 20 ms"
