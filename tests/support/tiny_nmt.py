"""Translation models small enough to be made by a test, in the real file layouts, taught a dozen sentences by heart.

Each is made with the library's own classes, saved as such models are saved, and then loaded by the engines' own code.
Not ``taught``, they are what the dice gave.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from nmt_teaching import EN_ES, EN_ID, PROPER, ZH_EN, ZH_ID, folder_of, kept, new, numbered, pieces_of, teach


# ── Marian ──────────────────────────────────────────────────────────────────────────────────────────────────────────
@cache
def marian(source: str, target: str, taught: bool = True) -> Path:
    """A Marian in the layout of OPUS-MT: ``source.spm``, ``target.spm``, ``vocab.json``, ``config.json``, weights."""
    import transformers

    pairs = {("zh", "en"): ZH_EN, ("en", "es"): EN_ES}[source, target]
    folder = folder_of(f"opus-mt-{source}-{target}", taught)
    sides = (pieces_of(list(pairs), folder / "source.spm"), pieces_of(list(pairs.values()), folder / "target.spm"))
    words = dict.fromkeys(one.id_to_piece(n) for one in sides for n in range(one.get_piece_size()))
    tokens = ["</s>", "<unk>", *(word for word in words if word not in ("<s>", "</s>", "<unk>")), "<pad>"]
    numbered(tokens, folder / "vocab.json")
    (folder / "tokenizer_config.json").write_text(json.dumps({"source_lang": source, "target_lang": target}), "utf-8")
    tokenizer = transformers.MarianTokenizer.from_pretrained(str(folder))
    size, pad = len(tokens), len(tokens) - 1
    config = transformers.MarianConfig(
        vocab_size=size, d_model=48, encoder_layers=1, decoder_layers=1, encoder_attention_heads=2, dropout=0.0,
        decoder_attention_heads=2, encoder_ffn_dim=96, decoder_ffn_dim=96, max_position_embeddings=160,
        pad_token_id=pad, eos_token_id=0, bos_token_id=0, decoder_start_token_id=pad, forced_eos_token_id=0,
        static_position_embeddings=True, scale_embedding=True, share_encoder_decoder_embeddings=True,
        activation_function="swish", attention_dropout=0.0, activation_dropout=0.0,
    )  # fmt: skip
    model = new(transformers.MarianMTModel, config)
    asked = [tokenizer(one)["input_ids"] for one in pairs]
    said = [tokenizer(text_target=one)["input_ids"] for one in pairs.values()]
    teach(model, asked, said, pad, zero=True, taught=taught)
    model.generation_config = transformers.GenerationConfig(
        num_beams=4, bad_words_ids=[[pad]], decoder_start_token_id=pad, eos_token_id=0, pad_token_id=pad,
        max_length=160, forced_eos_token_id=0,
    )  # fmt: skip
    model.save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    return folder


@cache
def converted(source: str, target: str, taught: bool = True) -> Path:
    """The Marian converted for CTranslate2 as its documentation tells to."""
    return _converted(marian(source, target, taught), "source.spm", "target.spm")


def _converted(model: Path, *tokenizers: str) -> Path:
    from ctranslate2.converters import TransformersConverter, transformers

    class Whole(transformers.M2M100Loader):  # type: ignore[misc]
        """Under transformers 5 the library's loader misses the language signs of an M2M100 and refuses it."""

        def get_vocabulary(self, model: Any, tokenizer: Any) -> list[str]:
            found = super().get_vocabulary(model, tokenizer)
            tokens = [token for token in found if not token.startswith("madeupword")]
            tokens += [sign for sign in getattr(tokenizer, "lang_token_to_id", ()) if sign not in tokens]
            return tokens + [f"madeupword{number}" for number in range(model.config.vocab_size - len(tokens))]

    transformers._MODEL_LOADERS["M2M100Config"] = Whole()
    made = TransformersConverter(str(model), copy_files=list(tokenizers))
    return Path(made.convert(str(kept()[1] / f"ct2-{model.name}"), quantization="int8"))


@cache
def endless() -> Path:
    """The Marian with an end sign it never chooses: every sentence runs on until it is cut."""
    import torch
    import transformers

    folder = kept()[1] / "endless"
    shutil.copytree(marian("zh", "en"), folder)
    model = transformers.MarianMTModel.from_pretrained(str(folder))
    with torch.no_grad():
        model.final_logits_bias[0, 0] = -1e4
    model.save_pretrained(folder)
    return folder


@cache
def endless_converted() -> Path:
    """The same for CTranslate2."""
    return _converted(endless(), "source.spm", "target.spm")


@cache
def quick() -> Path:
    """The same as quickmt lays it out: other names, and the model adds the end of a sentence by itself."""
    folder = kept()[1] / "quick-zh-en"
    shutil.copytree(converted("zh", "en"), folder)
    (folder / "source.spm").rename(folder / "src.spm.model")
    (folder / "target.spm").rename(folder / "tgt.spm.model")
    told = json.loads((folder / "config.json").read_text("utf-8")) | {"add_source_eos": True}
    (folder / "config.json").write_text(json.dumps(told), "utf-8")
    return folder


# ── models of many languages ────────────────────────────────────────────────────────────────────────────────────────
@cache
def m2m100(taught: bool = True) -> Path:
    """An M2M100: one SentencePiece, ``vocab.json``, a sign per language behind the vocabulary."""
    import transformers

    folder = folder_of("m2m100", taught)
    texts = [*ZH_EN, *ZH_EN.values(), *EN_ES.values(), *ZH_ID.values()]
    pieces = pieces_of(texts, folder / "sentencepiece.bpe.model")
    words = [pieces.id_to_piece(n) for n in range(pieces.get_piece_size())]
    tokens = ["<s>", "<pad>", "</s>", "<unk>", *(word for word in words if word not in ("<s>", "</s>", "<unk>"))]
    numbered(tokens, folder / "vocab.json")
    tokenizer = transformers.M2M100Tokenizer(
        vocab_file=str(folder / "vocab.json"), spm_file=str(folder / "sentencepiece.bpe.model")
    )
    size = max(tokenizer.lang_token_to_id.values()) + 1 + tokenizer.num_madeup_words
    known = {("zh", "en"): ZH_EN, ("zh", "id"): ZH_ID, ("en", "id"): EN_ID}
    model = _many(transformers, size, tokenizer, known, tokenizer.get_lang_id, taught)
    model.save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    return folder


@cache
def nllb(taught: bool = True) -> Path:
    """An NLLB: a fast tokenizer of letters and the same as SentencePiece; otherwise an M2M100."""
    import sentencepiece
    import transformers

    folder = folder_of("nllb", taught)
    prefix, texts = folder / "made", [*ZH_EN, *ZH_EN.values(), *ZH_ID.values(), "XANB12"]
    letters = {**PROPER, "model_type": "char", "normalization_rule_name": "identity"}
    sentencepiece.SentencePieceTrainer.train(
        sentence_iterator=iter(texts), model_prefix=str(prefix), vocab_size=400, **letters
    )
    prefix.with_suffix(".model").rename(folder / "sentencepiece.bpe.model")
    prefix.with_suffix(".vocab").unlink()
    signs = sorted({sign for text in (*ZH_EN, *ZH_EN.values(), *ZH_ID.values()) for sign in text} - {" "})
    words = ["<s>", "<pad>", "</s>", "<unk>", "▁", *signs, *"XANB12"]
    vocab = {one: n for n, one in enumerate(dict.fromkeys(words))}
    tokenizer = transformers.NllbTokenizer(vocab=vocab, merges=[], src_lang="zho_Hans", tgt_lang="eng_Latn")
    tokenizer.save_pretrained(folder)
    known = {("zho_Hans", "eng_Latn"): ZH_EN, ("zho_Hans", "ind_Latn"): ZH_ID}
    code = tokenizer.convert_tokens_to_ids
    model = _many(transformers, len(tokenizer), tokenizer, known, code, taught)
    model.save_pretrained(folder)
    return folder


def _many(
    transformers: Any, size: int, tokenizer: Any, known: Mapping[tuple[str, str], Mapping[str, str]], code: Any,
    taught: bool,
) -> Any:  # fmt: skip
    config = transformers.M2M100Config(
        vocab_size=size, d_model=48, encoder_layers=1, decoder_layers=1, encoder_attention_heads=2, dropout=0.0,
        decoder_attention_heads=2, encoder_ffn_dim=96, decoder_ffn_dim=96, max_position_embeddings=160,
        attention_dropout=0.0, activation_dropout=0.0, encoder_layerdrop=0.0, decoder_layerdrop=0.0,
        pad_token_id=1, bos_token_id=0, eos_token_id=2, decoder_start_token_id=2,
    )  # fmt: skip
    model = new(transformers.M2M100ForConditionalGeneration, config)
    asked: list[list[int]] = []
    said: list[list[int]] = []
    for (source, name), pairs in known.items():
        tokenizer.src_lang = source
        for one, other in pairs.items():
            asked.append(tokenizer(one)["input_ids"])
            said.append([code(name), *tokenizer(other, add_special_tokens=False)["input_ids"], 2])
    teach(model, asked, said, 1, zero=False, taught=taught)
    return model


@cache
def converted_many(family: str, taught: bool = True) -> Path:
    """The M2M100 or NLLB (``m2m100``, ``nllb``) converted for CTranslate2."""
    return _converted({"m2m100": m2m100, "nllb": nllb}[family](taught), "sentencepiece.bpe.model")
