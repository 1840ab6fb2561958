"""faster-whisper's real loading and decoding code on a tiny random Whisper in the real file layout."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
import soxr
import tiny_models
from talk import talk

from localize import backends
from localize.errors import SetupError

if TYPE_CHECKING:
    from localize.roles import Sound

pytest.importorskip("faster_whisper", reason="needs localize-drama[asr]")
pytest.importorskip("transformers", reason="needs localize-drama[mt]")
pytest.importorskip("torch", reason="the converter that makes the tiny checkpoint needs torch")


@pytest.fixture(scope="module")
def speech() -> Sound:
    """Three seconds of speech-like sound between silences, 48 kHz: voice activity lets it through to the model."""
    silence = np.zeros(24_000, np.float32)
    return np.concatenate([silence, talk(3.0, 48_000), silence])


@pytest.fixture(scope="module", params=["1", "2"], ids=["one after the other", "side by side"])
def engine(request: pytest.FixtureRequest) -> Any:
    return backends.load("asr", "faster_whisper", {"model": str(tiny_models.whisper()), "batch": request.param})


def test_the_model_loads_and_decodes(engine: Any, speech: Sound) -> None:
    heard = soxr.resample(speech, 48_000, 16_000)
    segments, _ = engine._model.transcribe(heard, language="zh", vad_filter=True, temperature=0.0)
    assert list(segments), "the decoder must have run on the speech"
    assert list(engine.transcribe(np.zeros(32_000, np.float32), 16_000, "zh-CN")) == []


def test_nothing_is_reported_home(engine: Any) -> None:
    assert os.environ["HF_HUB_DISABLE_TELEMETRY"] == os.environ["DO_NOT_TRACK"] == "1"


def test_a_model_that_writes_any_time_and_text_stays_inside_the_sound(engine: Any, speech: Sound) -> None:
    length = len(speech) // 48
    heard = list(engine.transcribe(speech, 48_000, "zh-CN"))
    assert heard, "what the random model writes over speech is kept, doubtful or not"
    for one in heard:
        assert 0 <= one.span.start < one.span.end <= length and one.text
        assert "\ufffd" not in one.text and set(one.text) & set(tiny_models.CHARACTERS)
        assert one.confidence is not None and 0 <= one.confidence <= 1
        assert all(word.text and 0 <= word.span.start < word.span.end <= length for word in one.words)


def test_the_same_sound_gives_the_same_words(engine: Any, speech: Sound) -> None:
    once = list(engine.transcribe(speech, 48_000, "zh-CN"))
    assert list(engine.transcribe(speech, 48_000, "zh-CN")) == once


def test_settings_are_told_and_part_of_the_identity() -> None:
    card = backends.card("asr", "faster_whisper")
    plain = {"model": str(tiny_models.whisper())}
    state = card.available(plain)
    assert state.ready and "tiny in int8 on a" in state.why
    assert card.identity(plain)["model"] == "tiny"
    for change in ({"hotwords": "沈晚 陆沉"}, {"prompt": "对话。"}, {"compute": "float32"}, {"batch": "3"}):
        assert card.identity({**plain, "batch": "1", **change}) != card.identity({**plain, "batch": "1"})


def test_of_a_folder_of_models_the_largest_that_suits_is_taken(tmp_path: Path) -> None:
    shutil.copytree(tiny_models.whisper(), tmp_path / "small")
    shutil.copytree(tiny_models.whisper(), tmp_path / "large")
    with (tmp_path / "large" / "model.bin").open("ab") as file:
        file.write(b"\0")
    card = backends.card("asr", "faster_whisper")
    assert card.identity({"model": str(tmp_path)})["model"] == "large"
    assert "largest of 2 models" in card.available({"model": str(tmp_path)}).why


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ({"model": "."}, r"model\.bin"),
        ({"device": "tpu"}, "LOCALIZE_ASR_DEVICE"),
        ({"batch": "0"}, "LOCALIZE_ASR_BATCH"),
        ({"compute": "int3"}, "cannot be loaded"),
    ],
)
def test_what_cannot_run_says_what_to_do(options: dict[str, str], says: str, tmp_path: Path) -> None:
    given = {"model": str(tiny_models.whisper()), **options}
    if options.get("model"):
        given["model"] = str(tmp_path)
    with pytest.raises(SetupError, match=says) as caught:
        backends.load("asr", "faster_whisper", given)
    assert caught.value.fix


def test_a_broken_model_is_a_typed_error(tmp_path: Path) -> None:
    (tmp_path / "model.bin").write_bytes(b"no model")
    with pytest.raises(SetupError, match="cannot be loaded"):
        backends.load("asr", "faster_whisper", {"model": str(tmp_path)})
