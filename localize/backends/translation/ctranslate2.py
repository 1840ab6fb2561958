"""Translation models on CTranslate2, without torch: converted OPUS-MT, quickmt, M2M100 and NLLB.

Which of the models that are here (``localize models list``) serve which market is for ``_nmt_models.py`` to say, how
they run for ``_nmt_hardware.py``.  Nothing is ever downloaded.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from localize.backends.translation import _nmt_models as nmt
from localize.backends.translation._nmt_hardware import Running
from localize.backends.translation._nmt_loading import Library, cascade
from localize.backends.translation._nmt_sentences import is_strange
from localize.backends.translation._protection import spellings
from localize.errors import SetupError, WorkError
from localize.model_cards import PIECES, Installed
from localize.roles import Backend

if TYPE_CHECKING:
    from localize.backends.translation._nmt_lines import Cascade, Hypothesis

WHERE = "translation engine ctranslate2"
PACKAGES = ("ctranslate2", "sentencepiece")
INSTALL = "pip install 'localize-drama[nmt]'"
LONGEST = 128
"""Most tokens of one sentence's translation; what has not ended by then is none."""
TARGETS = {"source.spm": "target.spm", "src.spm.model": "tgt.spm.model"}
"""The tokenizer of the other side, where it is a file of its own."""


def able(model: Installed) -> bool:
    """Whether this engine runs it."""
    return model.converted and any((model.folder / name).is_file() for name in PIECES)


class Converted:
    """One converted model between two languages."""

    def __init__(self, model: Installed, source: str, target: str, how: Running) -> None:
        self._pieces, self._words = _tokenizers(model.folder)
        self._translator = _translator(model.folder, model.digest, how)
        self._batch, self._family = how.batch, model.card.family
        told = json.loads((model.folder / "config.json").read_text("utf-8"))
        self._last = str(told.get("eos_token", "</s>"))
        code = _code(self._family, source)
        closes = self._family != "quickmt" and not told.get("add_source_eos")  # else the model adds the sign by itself
        self._begin, self._end = ([code] if code else []), ([self._last] if closes else [])
        self._target = _code(model.card.family, target)
        vocabularies = _vocabularies(model.folder)
        self._known, self._said = vocabularies[0], vocabularies[-1]

    def spells(self, mark: str) -> bool:
        known, said = (set(one.encode(mark, out_type=str)) for one in (self._pieces, self._words))
        return known <= self._known and said <= self._said

    def translate(self, texts: Sequence[str], count: int, without: Sequence[str] = ()) -> list[tuple[Hypothesis, ...]]:
        """Beam search without sampling.  Raises ``WorkError`` when the library gives up."""
        given = [[*self._begin, *self._pieces.encode(text, out_type=str), *self._end] for text in texts]
        width = max(count, 4)
        try:
            found = self._translator.translate_batch(
                given, target_prefix=[[self._target]] * len(given) if self._target else None, beam_size=width,
                num_hypotheses=count, return_scores=True, max_batch_size=self._batch, batch_type="examples",
                max_decoding_length=LONGEST, return_end_token=True, suppress_sequences=self._kept_out(without) or None,
            )  # fmt: skip
        except (RuntimeError, ValueError) as error:
            raise WorkError(f"the model stopped ({error})", WHERE, "a smaller LOCALIZE_MT_BATCH needs less") from error
        return [self._heard(one) for one in found]

    def _kept_out(self, words: Sequence[str]) -> list[list[str]]:
        spelled = (self._words.encode(form, out_type=str) for word in words for form in spellings(word))
        return [tokens for tokens in spelled if tokens and set(tokens) <= self._said]

    def _heard(self, result: Any) -> tuple[Hypothesis, ...]:
        from localize.backends.translation._nmt_lines import Hypothesis

        scores = result.scores or [0.0] * len(result.hypotheses)
        made: dict[str, Hypothesis] = {}
        for tokens, score in zip(result.hypotheses, scores, strict=True):
            if "<unk>" in tokens or tokens[-1:] != [self._last]:  # without its end sign it was cut
                continue
            words = tokens[1:-1] if self._target and tokens[:1] == [self._target] else tokens[:-1]
            text = " ".join(self._words.decode(words).replace("▁", " ").split())
            if text and not is_strange(text):
                made.setdefault(text, Hypothesis(text, float(score)))
        return tuple(made.values())


def _code(family: str, language: str) -> str:
    """The token that names a language, for models of many."""
    if family == "nllb":
        return nmt.languages()[language]["nllb"]
    return f"__{language}__" if family == "m2m100" else ""


def _tokenizers(folder: Path) -> tuple[Any, Any]:
    import sentencepiece

    name = next(name for name in PIECES if (folder / name).is_file())
    try:
        pieces = sentencepiece.SentencePieceProcessor(model_file=str(folder / name))
        other = folder / TARGETS.get(name, name)
        return pieces, sentencepiece.SentencePieceProcessor(model_file=str(other))
    except (RuntimeError, OSError) as error:
        raise SetupError(f"the tokenizer cannot be loaded ({error})", str(folder), "import the model again") from error


def _vocabularies(folder: Path) -> tuple[frozenset[str], ...]:
    """The model's tokens: one set for both sides, or one each."""
    names = ("shared_vocabulary", "source_vocabulary", "target_vocabulary")
    found = []
    for name in names:
        if (folder / f"{name}.json").is_file():
            found.append(frozenset(json.loads((folder / f"{name}.json").read_text("utf-8"))))
        elif (folder / f"{name}.txt").is_file():
            found.append(frozenset((folder / f"{name}.txt").read_text("utf-8").splitlines()))
    return tuple(found) or (frozenset(),)


@cache
def _translator(folder: Path, digest: str, how: Running) -> Any:
    """The weights, loaded once for all markets; ``digest`` is there so that other files are another model."""
    import ctranslate2

    try:
        return ctranslate2.Translator(
            str(folder), device=how.device, compute_type=how.compute, inter_threads=1, intra_threads=how.threads
        )
    except (RuntimeError, ValueError, OSError) as error:
        fix = "LOCALIZE_MT_DEVICE=cpu and LOCALIZE_MT_COMPUTE=int8 run anywhere; else import the model again"
        raise SetupError(f"the model cannot be loaded ({error})", str(folder), fix) from error


LIBRARY = Library(
    "ctranslate2", PACKAGES, INSTALL, able, "converted translation model",
    lambda codes: nmt.fetching(("en-US",), ("quickmt",)) + " (docs/engines.md says how to convert others)",
)  # fmt: skip


def _load(options: Mapping[str, str]) -> Cascade:
    route, how = LIBRARY.loaded(options)
    return cascade(route, lambda model, source, target: Converted(model, source, target, how))


BACKEND = Backend(
    role="translation",
    name="ctranslate2",
    version="3",
    summary="converted translation models on this machine, directly or through English",
    licence="MIT (CTranslate2); each model has its own",
    commercial_use=None,
    load=_load,
    available=LIBRARY.available,
    needs="nmt",
    identity=LIBRARY.identity,
    terms=lambda options: nmt.terms(able, "MIT (CTranslate2)", options),
    by_market=True,
)
