"""faster-whisper's real loading and decoding code on a tiny random Whisper in the real file layout."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
import soxr
from talk import talk

from localize import backends
from localize.errors import SetupError

if TYPE_CHECKING:
    from localize.roles import Sound

pytest.importorskip("faster_whisper", reason="needs localize-drama[asr]")
transformers = pytest.importorskip("transformers", reason="needs localize-drama[mt]")
pytest.importorskip("torch", reason="the converter that makes the tiny checkpoint needs torch")


def tokenizer(folder: Path) -> None:
    """A byte-level tokenizer with Whisper's special tokens, languages and time stamps."""
    from tokenizers import Tokenizer, decoders, models, pre_tokenizers

    alphabet = sorted(pre_tokenizers.ByteLevel.alphabet())
    vocab = {token: number for number, token in enumerate([*alphabet, ""])}
    base = Tokenizer(models.BPE(vocab=vocab, merges=[]))
    base.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    base.decoder = decoders.ByteLevel()
    special = ["<|endoftext|>", "<|startoftranscript|>", "<|en|>", "<|zh|>", "<|translate|>", "<|transcribe|>"]
    special += ["<|startoflm|>", "<|startofprev|>", "<|nospeech|>", "<|notimestamps|>"]
    base.add_special_tokens(special)
    base.add_tokens([f"<|{number * 0.02:.2f}|>" for number in range(1501)])
    base.save(str(folder / "tokenizer.json"))


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    import torch
    from ctranslate2.converters import TransformersConverter
    from tokenizers import Tokenizer

    source = tmp_path_factory.mktemp("hf")
    tokenizer(source)
    size = Tokenizer.from_file(str(source / "tokenizer.json")).get_vocab_size()
    ids = Tokenizer.from_file(str(source / "tokenizer.json")).token_to_id
    torch.manual_seed(7)
    config = transformers.WhisperConfig(
        vocab_size=size, d_model=32, encoder_layers=1, decoder_layers=1, encoder_attention_heads=2,
        decoder_attention_heads=2, encoder_ffn_dim=64, decoder_ffn_dim=64, num_mel_bins=80, max_target_positions=448,
        pad_token_id=ids("<|endoftext|>"), bos_token_id=ids("<|endoftext|>"), eos_token_id=ids("<|endoftext|>"),
        decoder_start_token_id=ids("<|startoftranscript|>"), suppress_tokens=[], begin_suppress_tokens=[],
    )  # fmt: skip
    whisper = transformers.WhisperForConditionalGeneration(config)
    whisper.generation_config = transformers.GenerationConfig(
        decoder_start_token_id=ids("<|startoftranscript|>"), eos_token_id=ids("<|endoftext|>"),
        lang_to_id={"<|en|>": ids("<|en|>"), "<|zh|>": ids("<|zh|>")}, suppress_tokens=[], begin_suppress_tokens=[],
        no_timestamps_token_id=ids("<|notimestamps|>"), alignment_heads=[[0, 0]], max_length=40,
    )  # fmt: skip
    whisper.generation_config._from_model_config = False
    whisper.save_pretrained(source)
    fast = transformers.PreTrainedTokenizerFast(
        tokenizer_file=str(source / "tokenizer.json"), eos_token="<|endoftext|>", unk_token="<|endoftext|>",
        bos_token="<|endoftext|>",
    )  # fmt: skip
    fast.save_pretrained(source)
    transformers.WhisperFeatureExtractor().save_pretrained(source)
    target = tmp_path_factory.mktemp("ct2") / "tiny"
    TransformersConverter(str(source), copy_files=["tokenizer.json", "preprocessor_config.json"]).convert(str(target))
    return target


@pytest.fixture(scope="module")
def speech() -> Sound:
    """Three seconds of speech-like sound between silences, 48 kHz: voice activity lets it through to the model."""
    silence = np.zeros(24_000, np.float32)
    return np.concatenate([silence, talk(3.0, 48_000), silence])


@pytest.fixture(scope="module")
def engine(model: Path) -> Any:
    import ctranslate2

    ctranslate2.set_random_seed(7)
    return backends.load("asr", "faster_whisper", {"model": str(model)})


def test_a_tiny_model_loads_and_decodes(model: Path, engine: Any, speech: Sound) -> None:
    card = backends.card("asr", "faster_whisper")
    options = {"model": str(model)}
    assert card.available(options).ready
    assert card.identity(options)["model"] == "tiny"
    heard = soxr.resample(speech, 48_000, 16_000)
    segments, _ = engine._model.transcribe(heard, language="zh", vad_filter=True, temperature=0.0)
    assert list(segments), "the decoder must have run on the speech"
    assert list(engine.transcribe(np.zeros(32_000, np.float32), 16_000, "zh-CN")) == []


def test_a_model_that_writes_any_time_and_text_stays_inside_the_sound(engine: Any, speech: Sound) -> None:
    length = len(speech) // 48
    for one in engine.transcribe(speech, 48_000, "zh-CN"):
        assert 0 <= one.span.start < one.span.end <= length and one.text
        assert all(word.text and 0 <= word.span.start < word.span.end <= length for word in one.words)


def test_the_same_sound_gives_the_same_words(engine: Any, speech: Sound) -> None:
    once = list(engine.transcribe(speech, 48_000, "zh-CN"))
    assert list(engine.transcribe(speech, 48_000, "zh-CN")) == once


def test_a_missing_model_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(SetupError, match=r"model\.bin"):
        backends.load("asr", "faster_whisper", {"model": str(tmp_path)})
