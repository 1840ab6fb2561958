"""Marian, M2M100 and NLLB of transformers as hops between two languages."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from functools import cache
from itertools import groupby
from pathlib import Path
from typing import Any

from localize.backends._quiet import quiet
from localize.backends.translation._nmt_hardware import Running
from localize.backends.translation._nmt_lines import Hypothesis
from localize.backends.translation._nmt_models import languages
from localize.backends.translation._nmt_sentences import is_strange
from localize.backends.translation._protection import spellings
from localize.errors import SetupError, WorkError
from localize.model_cards import Installed

WHERE = "translation engine transformers"
LONGEST = 128
"""Most tokens of one sentence's translation; what has not ended before is none."""
FIX = "LOCALIZE_MT_DEVICE=cpu and LOCALIZE_MT_COMPUTE=float32 run anywhere; else import the model again"


class Seq2Seq:
    """One model between two languages."""

    def __init__(self, model: Installed, source: str, target: str, how: Running) -> None:
        self._model, self._tokenizer, self._turn = weights(model.folder, model.digest, "seq2seq", how)
        self._source, self._batch, family = _code(model.card.family, source), how.batch, model.card.family
        code = _code(family, target)
        self._first = None if not code else self._id(family, code)

    def _id(self, family: str, code: str) -> int:
        if family == "m2m100":
            return int(self._tokenizer.get_lang_id(code))
        return int(self._tokenizer.convert_tokens_to_ids(code))

    def spells(self, mark: str) -> bool:
        with self._turn:
            ids = [*self._tokenizer(mark, add_special_tokens=False)["input_ids"], *self._written(mark)]
        return self._tokenizer.unk_token_id not in ids

    def _written(self, text: str) -> list[int]:
        """As the answer would have it: a model of one pair has a tokenizer for each side."""
        how = {"text": text} if self._source else {"text_target": text}
        return list(self._tokenizer(**how, add_special_tokens=False)["input_ids"])

    def _kept_out(self, words: Sequence[str]) -> list[list[int]]:
        """What the answer may not have, with what the model itself never says."""
        spelled = [self._written(form) for word in words for form in spellings(word)]
        own = self._model.generation_config.bad_words_ids or []
        return [*own, *(ids for ids in spelled if ids and self._tokenizer.unk_token_id not in ids)]

    def translate(self, texts: Sequence[str], count: int, without: Sequence[str] = ()) -> list[tuple[Hypothesis, ...]]:
        """Beam search without sampling, sentences of the same length side by side, so that none is padded.

        Raises ``WorkError`` when the library gives up.
        """
        made: dict[int, tuple[Hypothesis, ...]] = {}
        try:
            with self._turn:
                for numbers, ids in self._batches(texts):
                    found = self._generated(ids, count, without)
                    made |= dict(zip(numbers, found, strict=True))
        except (RuntimeError, ValueError, IndexError) as error:
            raise WorkError(f"the model stopped ({error})", WHERE, "a smaller LOCALIZE_MT_BATCH needs less") from error
        return [made[number] for number in range(len(texts))]

    def _batches(self, texts: Sequence[str]) -> Iterator[tuple[list[int], Any]]:
        import torch

        if self._source:
            self._tokenizer.src_lang = self._source
        given = [self._tokenizer(text)["input_ids"] for text in texts]
        order = sorted(range(len(given)), key=lambda number: len(given[number]))
        for _, alike in groupby(order, key=lambda number: len(given[number])):
            numbers = list(alike)
            for start in range(0, len(numbers), self._batch):
                part = numbers[start : start + self._batch]
                yield part, torch.tensor([given[number] for number in part], device=self._model.device)

    def _generated(self, ids: Any, count: int, without: Sequence[str]) -> list[tuple[Hypothesis, ...]]:
        import torch

        with torch.inference_mode():
            out = self._model.generate(
                input_ids=ids, attention_mask=torch.ones_like(ids), num_beams=max(count, 4), num_return_sequences=count,
                do_sample=False, max_new_tokens=LONGEST, max_length=None, forced_bos_token_id=self._first,
                return_dict_in_generate=True, output_scores=True, bad_words_ids=self._kept_out(without) or None,
            )  # fmt: skip
        scores = [float(score) for score in out.sequences_scores]
        told = [self._told(one) for one in out.sequences]
        return [_distinct(told[n : n + count], scores[n : n + count]) for n in range(0, len(told), count)]

    def _told(self, tokens: Any) -> str:
        """The words; none where the sentence was cut, which some models hide behind a forced end sign.

        A sentence begins with a sign of its own, for models of many languages that of an end.
        """
        said = [token for token in tokens.tolist()[1:] if token != self._first]
        if self._tokenizer.unk_token_id in said or self._tokenizer.eos_token_id not in tokens.tolist()[1:LONGEST]:
            return ""
        text = " ".join(self._tokenizer.decode(said, skip_special_tokens=True).split())
        return "" if is_strange(text) else text


def _distinct(texts: Sequence[str], scores: Sequence[float]) -> tuple[Hypothesis, ...]:
    made: dict[str, Hypothesis] = {}
    for text, score in zip(texts, scores, strict=True):
        if text:
            made.setdefault(text, Hypothesis(text, score))
    return tuple(made.values())


def _code(family: str, language: str) -> str:
    if family == "nllb":
        return languages()[language]["nllb"]
    return language if family == "m2m100" else ""


@cache
def weights(folder: Path, digest: str, kind: str, how: Running) -> tuple[Any, Any, threading.RLock]:
    """Model, tokenizer and the lock that whoever uses them holds: loaded once for all markets.

    ``kind`` is ``seq2seq`` or ``chat``; ``digest`` is there so that other files are another model.  Raises
    ``SetupError``.  No code that comes with weights is run, and nothing is fetched.
    """
    with quiet():
        try:
            import torch
            import transformers

            maker = transformers.AutoModelForSeq2SeqLM if kind == "seq2seq" else transformers.AutoModelForCausalLM
            transformers.utils.logging.disable_progress_bar()
            own = {"local_files_only": True, "trust_remote_code": False}
            tokenizer = transformers.AutoTokenizer.from_pretrained(str(folder), **own)
            model = maker.from_pretrained(str(folder), dtype=getattr(torch, how.compute), **own)
            return model.to(how.device).eval(), tokenizer, threading.RLock()
        except (OSError, ValueError, RuntimeError, KeyError, TypeError, ImportError, AttributeError) as error:
            what = f"the model cannot be loaded ({type(error).__name__}: {error})"
            raise SetupError(what, str(folder), FIX) from error
