"""Models small enough to be made by a test, in the real file layout, loaded by the engines' real code."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

CHARACTERS = "你我他是不了来去人好的在有这那说要会看走吧吗呢啊"
"""What a tiny Whisper likes to write, between any other bytes."""
TONES = {"来": 500.0, "了": 800.0, "走": 1250.0, "吧": 2000.0}
"""What the hand-made aligner hears: a character is a tone of so many Hz, all whole cycles per 20 ms frame."""


@cache
def _kept() -> tuple[Any, Path]:
    """A folder that lives as long as the process."""
    folder = tempfile.TemporaryDirectory(prefix="tiny-models-")
    return folder, Path(folder.name)


@cache
def whisper() -> Path:
    """``tiny_whisper``, made once per process."""
    source, target = _kept()[1] / "whisper-hf", _kept()[1] / "tiny"
    source.mkdir()
    return tiny_whisper(source, target)


@cache
def aligner() -> Path:
    """``tone_aligner``, made once per process."""
    folder = _kept()[1] / "tones"
    folder.mkdir()
    return tone_aligner(folder)


# ── Whisper ─────────────────────────────────────────────────────────────────────────────────────────────────────────
def tiny_whisper(source: Path, target: Path) -> Path:
    """A random Whisper (32 wide, one layer) converted for CTranslate2 into ``target``; it prefers ``CHARACTERS``."""
    import torch
    import transformers
    from ctranslate2.converters import TransformersConverter

    tokenizer = _tokenizer(source)
    ids = tokenizer.token_to_id
    torch.manual_seed(7)
    end = ids("<|endoftext|>")
    config = transformers.WhisperConfig(
        vocab_size=tokenizer.get_vocab_size(), d_model=32, encoder_layers=1, decoder_layers=1,
        encoder_attention_heads=2, decoder_attention_heads=2, encoder_ffn_dim=64, decoder_ffn_dim=64, num_mel_bins=80,
        max_target_positions=448, pad_token_id=end, bos_token_id=end, eos_token_id=end,
        decoder_start_token_id=ids("<|startoftranscript|>"), suppress_tokens=[], begin_suppress_tokens=[],
    )  # fmt: skip
    whisper = transformers.WhisperForConditionalGeneration(config)
    with torch.no_grad():
        whisper.model.decoder.embed_tokens.weight[256 : 256 + len(CHARACTERS)] *= 3.0
    whisper.generation_config = transformers.GenerationConfig(
        decoder_start_token_id=ids("<|startoftranscript|>"), eos_token_id=end,
        lang_to_id={"<|en|>": ids("<|en|>"), "<|zh|>": ids("<|zh|>")}, suppress_tokens=[],
        begin_suppress_tokens=[], no_timestamps_token_id=ids("<|notimestamps|>"), alignment_heads=[[0, 0]],
        max_length=40,
    )  # fmt: skip
    whisper.generation_config._from_model_config = False
    whisper.save_pretrained(source)
    fast = transformers.PreTrainedTokenizerFast(
        tokenizer_file=str(source / "tokenizer.json"), eos_token="<|endoftext|>", unk_token="<|endoftext|>",
        bos_token="<|endoftext|>",
    )  # fmt: skip
    fast.save_pretrained(source)
    transformers.WhisperFeatureExtractor().save_pretrained(source)
    TransformersConverter(str(source), copy_files=["tokenizer.json", "preprocessor_config.json"]).convert(str(target))
    return target


def _tokenizer(folder: Path) -> Any:
    """A byte-level tokenizer with whole characters, Whisper's special tokens, languages and time stamps."""
    from tokenizers import Tokenizer, decoders, models, pre_tokenizers

    bytes_ = pre_tokenizers.ByteLevel(add_prefix_space=False)
    whole = ["".join(piece for piece, _ in bytes_.pre_tokenize_str(one)) for one in CHARACTERS]
    vocab = {token: number for number, token in enumerate([*sorted(bytes_.alphabet()), *whole, ""])}
    base = Tokenizer(models.BPE(vocab=vocab, merges=[]))
    base.pre_tokenizer, base.decoder = bytes_, decoders.ByteLevel()
    special = ["<|endoftext|>", "<|startoftranscript|>", "<|en|>", "<|zh|>", "<|translate|>", "<|transcribe|>"]
    special += ["<|startoflm|>", "<|startofprev|>", "<|nospeech|>", "<|notimestamps|>"]
    base.add_special_tokens(special)
    base.add_tokens([f"<|{number * 0.02:.2f}|>" for number in range(1501)])
    base.save(str(folder / "tokenizer.json"))
    return base


# ── wav2vec2 ────────────────────────────────────────────────────────────────────────────────────────────────────────
def tone_aligner(folder: Path) -> Path:
    """A wav2vec2 whose weights are written by hand: it hears the ``TONES`` and says their characters, 20 ms a frame."""
    import torch
    import transformers

    vocab = {"[PAD]": 0, "<s>": 1, "</s>": 2, "[UNK]": 3, "|": 4} | {one: 5 + n for n, one in enumerate(TONES)}
    (folder / "vocab.json").write_text(json.dumps(vocab, ensure_ascii=False), "utf-8")
    tokenizer = transformers.Wav2Vec2CTCTokenizer(
        str(folder / "vocab.json"), unk_token="[UNK]", pad_token="[PAD]", word_delimiter_token="|"
    )
    hears = transformers.Wav2Vec2FeatureExtractor(feature_size=1, sampling_rate=16_000, do_normalize=False)
    transformers.Wav2Vec2Processor(feature_extractor=hears, tokenizer=tokenizer).save_pretrained(folder)
    config = transformers.Wav2Vec2Config(
        vocab_size=len(vocab), hidden_size=16, num_hidden_layers=0, num_attention_heads=2, intermediate_size=16,
        conv_dim=(16,), conv_kernel=(640,), conv_stride=(320,), num_feat_extract_layers=1, conv_bias=False,
        num_conv_pos_embeddings=2, num_conv_pos_embedding_groups=2, pad_token_id=0,
    )  # fmt: skip
    model = transformers.Wav2Vec2ForCTC(config)
    with torch.no_grad():
        _by_hand(model, torch)
    model.save_pretrained(folder)
    return folder


def _by_hand(model: Any, torch: Any) -> None:
    """Channel ``n`` answers where tone ``n`` begins: as in trained models one frame says it, the others are blank.

    Channels 8 and 9 are constant, so that normalising leaves silence silent.
    """
    for name, weight in model.named_parameters():
        if not name.endswith("original1"):  # the direction of a normalised weight: its length is zeroed instead
            weight.zero_()
    first = model.wav2vec2.feature_extractor.conv_layers[0]
    clock = torch.arange(320) / 16_000
    for n, hertz in enumerate(TONES.values()):
        wave = torch.sin(2 * torch.pi * hertz * clock)
        first.conv.weight[n, 0] = torch.cat([-wave, wave])
    first.layer_norm.weight.fill_(1.0)
    first.layer_norm.bias[8] = first.layer_norm.bias[9] = 6.0
    projection = model.wav2vec2.feature_projection
    projection.layer_norm.weight.fill_(1.0)
    projection.projection.weight.copy_(torch.eye(16))
    model.wav2vec2.encoder.layer_norm.weight.fill_(1.0)
    for n in range(len(TONES)):
        model.lm_head.weight[5 + n, n] = 12.0
    model.lm_head.bias[0] = 3.0


def tones(text: str, seconds: float = 0.2, rate: int = 16_000, gap: float = 0.1) -> Any:
    """``text`` as the aligner hears it: each character a tone of ``seconds``, silence of ``gap`` s between; mono."""
    pieces: list[Any] = []
    for one in text:
        clock = np.arange(round(seconds * rate)) / rate
        tone = 0.3 * np.sin(2 * np.pi * TONES[one] * clock) if one in TONES else np.zeros(len(clock))
        pieces += [tone, np.zeros(round(gap * rate))]
    return np.concatenate(pieces).astype(np.float32)


def starts(text: str, at: int, seconds: float = 0.2, gap: float = 0.1) -> Sequence[int]:
    """When each character of ``tones(text)`` starts, in ms, when the whole starts at ``at`` ms."""
    return [round(at + n * 1000 * (seconds + gap)) for n in range(len(text))]
