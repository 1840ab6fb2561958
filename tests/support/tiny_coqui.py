"""XTTS and VITS folders of random weights, laid out as the published ones are and made by the library's own classes."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np

from localize.backends import _quiet

LANGUAGES = ["en", "es", "fr", "de", "it", "pt", "pl", "tr", "ru", "nl", "cs", "ar", "zh-cn", "hu", "ko", "ja", "hi"]
SPEAKERS = ("Ana Florence", "Viktor Eka")
CODES = 32
"""Most codes of 46 ms a piece may have: random weights never say that a line is over."""


@cache
def _kept() -> TemporaryDirectory[str]:
    """Lives as long as the process."""
    return TemporaryDirectory(prefix="tiny-coqui-")


def _vocabulary(path: Path) -> None:
    from tokenizers import Tokenizer, models

    special = ["[STOP]", "[UNK]", "[SPACE]", "[START]", *(f"[{one}]" for one in LANGUAGES)]
    signs = dict.fromkeys([*special, *map(chr, range(33, 127)), *"áéíóúñü¿¡ãçêà"])
    made = Tokenizer(models.BPE(vocab={sign: n for n, sign in enumerate(signs)}, merges=[], unk_token="[UNK]"))
    made.add_special_tokens(special)
    made.save(str(path))


@cache
def xtts() -> Path:
    """``config.json``, ``model.pth``, ``vocab.json`` and ``speakers_xtts.pth`` of an XTTS (92 MB: the sizes of decoder
    and speaker encoder are fixed).
    """
    import torch

    folder = Path(_kept().name) / "tiny-xtts"
    folder.mkdir()
    with _quiet.quiet():
        from TTS.tts.configs.xtts_config import XttsArgs, XttsConfig
        from TTS.tts.layers.xtts.tokenizer import VoiceBpeTokenizer
        from TTS.tts.models.xtts import Xtts
    _vocabulary(folder / "vocab.json")
    torch.manual_seed(3)
    sizes = XttsArgs(
        gpt_layers=2, gpt_n_model_channels=64, gpt_n_heads=4, gpt_max_audio_tokens=CODES, gpt_num_audio_tokens=130,
        gpt_start_audio_token=128, gpt_stop_audio_token=129, gpt_use_perceiver_resampler=True, decoder_input_dim=64,
    )  # fmt: skip
    config = XttsConfig(model_args=sizes, languages=LANGUAGES)
    with _quiet.quiet():
        made = Xtts(config)
        made.tokenizer = VoiceBpeTokenizer(str(folder / "vocab.json"))
        made.init_models()
    torch.save({"model": _louder(made.state_dict())}, folder / "model.pth")
    own = {name: {"gpt_cond_latent": torch.randn(1, 32, 64), "speaker_embedding": torch.randn(1, 512, 1)}
           for name in SPEAKERS}  # fmt: skip
    torch.save(own, folder / "speakers_xtts.pth")
    config.save_json(str(folder / "config.json"))
    return folder


def _louder(state: dict[str, Any]) -> dict[str, Any]:
    """Random decoders whisper; the last layer's weights make them heard."""
    for name in state:
        if "conv_post" in name and "weight" in name:
            state[name] = state[name] * 20
    return state


@cache
def vits(speakers: int = 0) -> Path:
    """``config.json`` and ``model_file.pth`` of an English VITS with letters, of one voice or several."""
    import torch

    folder = Path(_kept().name) / f"tiny-vits-{speakers}"
    folder.mkdir()
    with _quiet.quiet():
        from TTS.tts.configs.vits_config import VitsConfig
        from TTS.tts.models.vits import CharactersConfig, Vits, VitsArgs
        from TTS.tts.utils.speakers import SpeakerManager
    torch.manual_seed(5)
    sizes = VitsArgs(
        hidden_channels=16, hidden_channels_ffn_text_encoder=16, num_layers_text_encoder=1, num_heads_text_encoder=1,
        num_layers_posterior_encoder=2, num_layers_flow=1, upsample_initial_channel_decoder=32,
        init_discriminator=False, use_speaker_embedding=speakers > 0, length_scale=4.0, use_sdp=False,
    )  # fmt: skip
    signs = CharactersConfig(
        characters_class="TTS.tts.models.vits.VitsCharacters", pad="_", eos="", bos="", blank="",
        characters="ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz", punctuations="!'(),-.:;? ", phonemes="",
    )  # fmt: skip
    config = VitsConfig(
        model_args=sizes, characters=signs, use_phonemes=False, text_cleaner="basic_cleaners",
        datasets=[{"language": "en", "formatter": "", "dataset_name": "none", "path": ""}],
    )  # fmt: skip
    names = {f"p{225 + n}": n for n in range(speakers)}
    if names:
        manager = SpeakerManager()
        manager.name_to_id = names
        manager.save_ids_to_file(str(folder / "speakers.pth"))
        config.model_args.speakers_file = config.speakers_file = str(folder / "speakers.pth")
    with _quiet.quiet():
        made = Vits.init_from_config(config)
    if names:  # as published: the path on the machine that trained it
        config.model_args.speakers_file = config.speakers_file = "/elsewhere/speakers.pth"
    torch.save({"model": made.state_dict()}, folder / "model_file.pth")
    config.save_json(str(folder / "config.json"))
    return folder


def voice(seconds: float, pitch: float = 140.0, rate: int = 24_000) -> Any:
    """Something voiced in syllables, loud enough to take a voice from."""
    at = np.arange(round(seconds * rate)) / rate
    buzz = sum(np.sin(2 * np.pi * pitch * n * at) / n for n in range(1, 20))
    return (0.12 * buzz * (0.55 + 0.45 * np.sin(2 * np.pi * 4 * at))).astype(np.float32)
