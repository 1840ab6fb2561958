"""Folders laid out like models, with a few bytes where the weights would be."""

from __future__ import annotations

import json
from pathlib import Path

from localize.engine.weights import import_model
from localize.model_cards import Installed


def lay(folder: Path, files: dict[str, str]) -> Path:
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    return folder


def marian(folder: Path, more: str = "") -> Path:
    """As OPUS-MT lies on the hub."""
    return lay(folder, {
        "config.json": '{"model_type": "marian"}', "pytorch_model.bin": f"weights {more}", "source.spm": "s",
        "target.spm": "t", "vocab.json": "{}", "tokenizer_config.json": "{}", "README.md": "words",
        ".gitattributes": "", "tf_model.h5": "other weights", "rust_model.ot": "other weights",
    })  # fmt: skip


def converted(folder: Path, more: str = "") -> Path:
    """As CTranslate2's converter writes a Marian."""
    return lay(folder, {
        "config.json": "{}", "model.bin": f"weights {more}", "shared_vocabulary.json": '["</s>", "a"]',
        "source.spm": "s", "target.spm": "t",
    })  # fmt: skip


def many(folder: Path, family: str) -> Path:
    """An M2M100 or an NLLB."""
    own = {"m2m100": {"vocab.json": "{}", "sentencepiece.bpe.model": "s"}, "nllb": {"tokenizer.json": "{}"}}[family]
    return lay(folder, {"config.json": '{"model_type": "m2m_100"}', "model.safetensors": "weights", **own})


def chat(folder: Path) -> Path:
    """A chat model with its template beside it."""
    config = json.dumps({"model_type": "qwen2", "dtype": "bfloat16"})
    files = {"config.json": config, "model.safetensors": "w", "tokenizer.json": "{}", "chat_template.jinja": "{}"}
    return lay(folder, files)


def here(scratch: Path, *names: str) -> dict[str, Installed]:
    """Known models put in their place; those of OPUS-MT converted."""
    made = {}
    for name in names:
        folder = scratch / f"from-{name}"
        if name.startswith("opus"):
            converted(folder, name)
        elif name.startswith(("m2m100", "nllb")):
            many(folder, name.partition("-")[0])
        else:
            chat(folder)
        made[name] = import_model(folder, name)
    return made
