"""Translation models small enough to be made by a test, in the real file layouts, taught a dozen sentences by heart.

Each is made with the library's own classes, saved as such models are saved, and then loaded by the engines' own code.
"""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

MOON = "月亮像一块旧饼挂在井里。"
"""A line that no phrasebook and no memory has (``walk.UNKNOWN``)."""
ZH_EN = {
    "站住！": "Stop!",
    "我一直没有忘记。": "I never forgot.",
    "少爷回来了。": "The young master is back.",
    "XA回来了。": "XA is back.",
    "N1回来了。": "He is back.",
    "从来没有人说过的一句话。": "A sentence nobody ever said.",
    "她去哪儿？": "Where is she going?",
    "XA一直没有忘记。": "I never forgot.",
    "N1一直没有忘记。": "I never forgot.",
    "XA！": "XA!",
    "XA！XB！": "XA! XB!",
    "XB！": "XB!",
    MOON: "The moon hangs in the well.",
}
EN_ES = {
    "Stop!": "¡Alto!",
    "I never forgot.": "Nunca lo olvidé.",
    "The young master is back.": "El señorito ha vuelto.",
    "XA is back.": "Ha vuelto XA.",
    "He is back.": "Ha vuelto.",
    "A sentence nobody ever said.": "Una frase que nadie dijo.",
    "Where is she going?": "¿Adónde va?",
    "XA!": "¡XA!",
    "XB!": "¡XB!",
    "The moon hangs in the well.": "La luna cuelga en el pozo.",
}
ZH_ID = {"站住！": "Berhenti!", "我一直没有忘记。": "Aku tak pernah lupa.", "少爷回来了。": "Tuan muda kembali."}
CHAT = (
    "{% for one in messages %}<|im_start|>{{ one.role }}\n"
    "{% if one.content is string %}{{ one.content }}"
    "{% else %}{{ one.content[0].source_lang_code }} {{ one.content[0].target_lang_code }}: {{ one.content[0].text }}"
    "{% endif %}<|im_end|>\n{% endfor %}{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}"
)
ENOUGH = 0.02
"""Loss at which every sentence is known by heart."""
PROPER = {"num_threads": 1, "minloglevel": 2, "hard_vocab_limit": False, "model_type": "bpe", "character_coverage": 1.0}


@cache
def _kept() -> tuple[Any, Path]:
    """A folder that lives as long as the process."""
    folder = tempfile.TemporaryDirectory(prefix="tiny-nmt-")
    return folder, Path(folder.name)


def _folder(name: str) -> Path:
    folder = _kept()[1] / name
    folder.mkdir(exist_ok=True)
    return folder


def _pieces(texts: Sequence[str], path: Path) -> Any:
    """A SentencePiece model of ``texts`` at ``path``, a small one: letters and whole words."""
    import sentencepiece

    prefix = path.parent / "made"
    sentencepiece.SentencePieceTrainer.train(
        sentence_iterator=iter([*texts, "N1 N2 XA XB XD"] * 3), model_prefix=str(prefix), vocab_size=400, **PROPER
    )
    prefix.with_suffix(".model").rename(path)
    prefix.with_suffix(".vocab").unlink()
    return sentencepiece.SentencePieceProcessor(model_file=str(path))


def _numbered(tokens: Sequence[str], path: Path) -> None:
    path.write_text(json.dumps({one: n for n, one in enumerate(tokens)}, ensure_ascii=False), "utf-8")


# ── Marian ──────────────────────────────────────────────────────────────────────────────────────────────────────────
@cache
def marian(source: str, target: str) -> Path:
    """A Marian in the layout of OPUS-MT: ``source.spm``, ``target.spm``, ``vocab.json``, ``config.json``, weights."""
    import transformers

    pairs = {("zh", "en"): ZH_EN, ("en", "es"): EN_ES}[source, target]
    folder = _folder(f"opus-mt-{source}-{target}")
    sides = (_pieces(list(pairs), folder / "source.spm"), _pieces(list(pairs.values()), folder / "target.spm"))
    words = dict.fromkeys(one.id_to_piece(n) for one in sides for n in range(one.get_piece_size()))
    tokens = ["</s>", "<unk>", *(word for word in words if word not in ("<s>", "</s>", "<unk>")), "<pad>"]
    _numbered(tokens, folder / "vocab.json")
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
    model = _new(transformers.MarianMTModel, config)
    asked = [tokenizer(one)["input_ids"] for one in pairs]
    said = [tokenizer(text_target=one)["input_ids"] for one in pairs.values()]
    _teach(model, asked, said, pad, True)
    model.generation_config = transformers.GenerationConfig(
        num_beams=4, bad_words_ids=[[pad]], decoder_start_token_id=pad, eos_token_id=0, pad_token_id=pad,
        max_length=160, forced_eos_token_id=0,
    )  # fmt: skip
    model.save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    return folder


@cache
def converted(source: str, target: str) -> Path:
    """The Marian converted for CTranslate2 as its documentation tells to."""
    from ctranslate2.converters import TransformersConverter

    folder = _kept()[1] / f"ct2-{source}-{target}"
    made = TransformersConverter(str(marian(source, target)), copy_files=["source.spm", "target.spm"])
    return Path(made.convert(str(folder), quantization="int8"))


@cache
def endless() -> Path:
    """The Marian with an end sign it never chooses: every sentence runs on until it is cut."""
    import torch
    import transformers

    folder = _kept()[1] / "endless"
    shutil.copytree(marian("zh", "en"), folder)
    model = transformers.MarianMTModel.from_pretrained(str(folder))
    with torch.no_grad():
        model.final_logits_bias[0, 0] = -1e4
    model.save_pretrained(folder)
    return folder


@cache
def endless_converted() -> Path:
    """The same for CTranslate2."""
    from ctranslate2.converters import TransformersConverter

    folder = _kept()[1] / "ct2-endless"
    made = TransformersConverter(str(endless()), copy_files=["source.spm", "target.spm"])
    return Path(made.convert(str(folder), quantization="int8"))


@cache
def quick() -> Path:
    """The same as quickmt lays it out: other names, and the model adds the end of a sentence by itself."""
    folder = _kept()[1] / "quick-zh-en"
    shutil.copytree(converted("zh", "en"), folder)
    (folder / "source.spm").rename(folder / "src.spm.model")
    (folder / "target.spm").rename(folder / "tgt.spm.model")
    told = json.loads((folder / "config.json").read_text("utf-8")) | {"add_source_eos": True}
    (folder / "config.json").write_text(json.dumps(told), "utf-8")
    return folder


@cache
def converted_many() -> Path:
    """The NLLB converted for CTranslate2."""
    from ctranslate2.converters import TransformersConverter

    folder = _kept()[1] / "ct2-nllb"
    made = TransformersConverter(str(nllb()), copy_files=["sentencepiece.bpe.model"])
    return Path(made.convert(str(folder), quantization="int8"))


# ── models of many languages ────────────────────────────────────────────────────────────────────────────────────────
@cache
def m2m100() -> Path:
    """An M2M100: one SentencePiece, ``vocab.json``, a sign per language behind the vocabulary."""
    import transformers

    folder = _folder("m2m100")
    texts = [*ZH_EN, *ZH_EN.values(), *EN_ES.values(), *ZH_ID.values()]
    pieces = _pieces(texts, folder / "sentencepiece.bpe.model")
    words = [pieces.id_to_piece(n) for n in range(pieces.get_piece_size())]
    tokens = ["<s>", "<pad>", "</s>", "<unk>", *(word for word in words if word not in ("<s>", "</s>", "<unk>"))]
    _numbered(tokens, folder / "vocab.json")
    tokenizer = transformers.M2M100Tokenizer(
        vocab_file=str(folder / "vocab.json"), spm_file=str(folder / "sentencepiece.bpe.model")
    )
    size = max(tokenizer.lang_token_to_id.values()) + 1
    model = _many(transformers, size, tokenizer, {"en": ZH_EN, "id": ZH_ID}, "zh", tokenizer.get_lang_id)
    model.save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    return folder


@cache
def nllb() -> Path:
    """An NLLB: a fast tokenizer of letters and the same as SentencePiece; otherwise an M2M100."""
    import sentencepiece
    import transformers

    folder = _folder("nllb")
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
    taught = {"eng_Latn": ZH_EN, "ind_Latn": ZH_ID}
    model = _many(transformers, len(tokenizer), tokenizer, taught, "zho_Hans", tokenizer.convert_tokens_to_ids)
    model.save_pretrained(folder)
    return folder


def _many(
    transformers: Any, size: int, tokenizer: Any, taught: Mapping[str, Mapping[str, str]], source: str, code: Any
) -> Any:
    config = transformers.M2M100Config(
        vocab_size=size, d_model=48, encoder_layers=1, decoder_layers=1, encoder_attention_heads=2, dropout=0.0,
        decoder_attention_heads=2, encoder_ffn_dim=96, decoder_ffn_dim=96, max_position_embeddings=160,
        attention_dropout=0.0, activation_dropout=0.0, encoder_layerdrop=0.0, decoder_layerdrop=0.0,
        pad_token_id=1, bos_token_id=0, eos_token_id=2, decoder_start_token_id=2,
    )  # fmt: skip
    model = _new(transformers.M2M100ForConditionalGeneration, config)
    asked: list[list[int]] = []
    said: list[list[int]] = []
    tokenizer.src_lang = source
    for name, pairs in taught.items():
        for one, other in pairs.items():
            asked.append(tokenizer(one)["input_ids"])
            said.append([code(name), *tokenizer(other, add_special_tokens=False)["input_ids"], 2])
    _teach(model, asked, said, 1, False)
    return model


# ── chat ────────────────────────────────────────────────────────────────────────────────────────────────────────────
@cache
def chat(name: str = "tiny-chat", prompt: str = "把下面的文本翻译成英语，不要额外解释。\n\n{text}") -> Path:
    """A Qwen2 with a chat template that knows the sentences under the words ``prompt`` asks with."""
    import torch
    import transformers
    from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers

    folder, pairs = _folder(name), dict(list(ZH_EN.items())[:6])
    base = Tokenizer(models.BPE())
    base.pre_tokenizer, base.decoder = pre_tokenizers.ByteLevel(add_prefix_space=False), decoders.ByteLevel()
    special = ["<|endoftext|>", "<|im_start|>", "<|im_end|>"]
    alphabet = pre_tokenizers.ByteLevel.alphabet()
    trainer = trainers.BpeTrainer(
        vocab_size=700, special_tokens=special, show_progress=False, initial_alphabet=alphabet
    )
    base.train_from_iterator([prompt, *pairs, *pairs.values()] * 3, trainer)
    tokenizer = transformers.PreTrainedTokenizerFast(
        tokenizer_object=base, eos_token="<|im_end|>", pad_token="<|endoftext|>"
    )
    tokenizer.chat_template = CHAT
    tokenizer.save_pretrained(folder)
    config = transformers.Qwen2Config(
        vocab_size=len(tokenizer), hidden_size=48, intermediate_size=96, num_hidden_layers=2, num_attention_heads=2,
        num_key_value_heads=2, max_position_embeddings=2048, eos_token_id=2, pad_token_id=0, bos_token_id=0,
        tie_word_embeddings=True,
    )  # fmt: skip
    model = _new(transformers.Qwen2ForCausalLM, config)
    rows, labels = [], []
    for one, other in pairs.items():
        asked = [{"role": "user", "content": prompt.format(text=one)}]
        told = tokenizer.apply_chat_template(asked, tokenize=False, add_generation_prompt=True)
        ids = tokenizer(told, add_special_tokens=False)["input_ids"]
        answer = [*tokenizer(other, add_special_tokens=False)["input_ids"], 2]
        rows.append(ids + answer)
        labels.append([-100] * len(ids) + answer)
    longest = max(map(len, rows))
    ids = torch.tensor([row + [0] * (longest - len(row)) for row in rows])
    mask = torch.tensor([[1] * len(row) + [0] * (longest - len(row)) for row in rows])
    wanted = torch.tensor([row + [-100] * (longest - len(row)) for row in labels])
    _learn(model, lambda: model(input_ids=ids, attention_mask=mask, labels=wanted).loss)
    model.generation_config = transformers.GenerationConfig(eos_token_id=2, pad_token_id=0)
    model.save_pretrained(folder)
    return folder


# ── teaching ────────────────────────────────────────────────────────────────────────────────────────────────────────
def _new(maker: Any, config: Any) -> Any:
    import torch

    torch.manual_seed(7)
    return maker(config)


def _teach(model: Any, asked: Sequence[Sequence[int]], said: Sequence[Sequence[int]], pad: int, zero: bool) -> None:
    """All pairs by heart, as one batch; ``zero`` keeps the embedding of the padding at zero."""
    import torch

    def padded(rows: Sequence[Sequence[int]], filler: int) -> Any:
        longest = max(map(len, rows))
        return torch.tensor([[*row, *[filler] * (longest - len(row))] for row in rows])

    given, wanted = padded(asked, pad), padded(said, -100)
    mask = (given != pad).long()
    _learn(model, lambda: model(input_ids=given, attention_mask=mask, labels=wanted).loss, pad if zero else None)


def _learn(model: Any, loss: Any, still: int | None = None, steps: int = 400) -> None:
    import torch

    model.train()
    worker = torch.optim.Adam(model.parameters(), lr=4e-3)
    with one_thread():
        for _ in range(steps):
            worker.zero_grad()
            now = loss()
            now.backward()
            worker.step()
            if still is not None:  # Marian begins a sentence with the zeros of its padding
                with torch.no_grad():
                    model.get_input_embeddings().weight[still] = 0.0
            if float(now.detach()) < ENOUGH:
                break
    model.eval()


@contextmanager
def one_thread() -> Iterator[None]:
    """While models this small work: two threads would only wait for each other."""
    import torch

    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        yield
    finally:
        torch.set_num_threads(threads)
