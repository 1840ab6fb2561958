"""whisperx' forced alignment: a wav2vec2 model says when each character or word of a known text is said.

``LOCALIZE_ALIGN_MODEL`` (or the option ``model``) names the folder of a wav2vec2 model with a CTC head, or a folder
with one such folder per language (``zh``, ``en`` …); nothing is ever downloaded.  ``LOCALIZE_ALIGN_DEVICE``
(``device``) is ``cpu`` or ``cuda``.  Text is handed over without punctuation, line by line, so that whisperx needs no
sentence splitter: its own wants data from the network.  It says when words begin; where they end is heard in the
sound, because whisperx gives a Chinese character all the silence behind it.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from localize.backends._quiet import quiet
from localize.episode import Word
from localize.errors import SetupError, WorkError
from localize.roles import READY, Availability, Backend, Heard
from localize.timing import Ms, Span

if TYPE_CHECKING:
    from localize.media.audio import Tape
    from localize.roles import Sound

WHERE = "alignment engine whisperx"
RATE = 16_000
FRAME = 20
"""Milliseconds one answer of a wav2vec2 stands for: text with more characters than frames cannot be placed."""
UNSPACED = ("zh", "ja")
"""Languages written without spaces: every character is a word of its own (whisperx' own list)."""
MOST = 20.0
"""Characters or letters a second beyond which a placed line has collapsed: the sound does not say that text."""
LONGEST = 600
"""Milliseconds a character may last, held or cried; four in a second are usual."""
FALL, HUSH, STEP = 0.1, 8, 10
"""A word is over where the sound stays 20 dB below its loudest for 8 steps of 10 ms."""


class ForcedAlignment:
    """Loads one model per language, when the language is first asked for."""

    def __init__(self, options: Mapping[str, str]) -> None:
        self._options = dict(options)
        self._loaded: dict[str, tuple[Any, dict[str, Any]]] = {}

    def align(
        self, sound: Sound | Tape, rate: int, lines: Sequence[Heard], language: str
    ) -> tuple[tuple[Word, ...], ...]:
        """The words of every line with times inside its span; ``Word.confidence`` is the aligner's own score.

        A line whose text has more characters than the sound has room for, or collapses, gets an empty tuple.  Raises
        ``SetupError`` when there is no model of the language.
        """
        spoken = language.partition("-")[0].lower()
        return tuple(self._aligned(sound, rate, line, spoken) for line in lines)

    def _aligned(self, sound: Sound | Tape, rate: int, line: Heard, language: str) -> tuple[Word, ...]:
        from localize.media.audio import mono, resample

        units = _units(line.text, language in UNSPACED)
        bare = [_bare(unit) for unit in units]
        count = sum(map(len, bare))
        start, end = (at * rate // 1000 for at in (line.span.start, line.span.end))
        part = resample(mono(np.asarray(sound[start:end], np.float32)), rate, RATE)
        if not units or count * FRAME > len(part) * 1000 // RATE:
            return ()
        placed = self._placed(("" if language in UNSPACED else " ").join(bare), part, language)
        if len(placed) != len(units) or _collapsed(placed, bare):
            return ()
        starts = [start for start, _ in placed]
        ends = _ends(part, starts, [len(unit) for unit in bare])
        spans = [_inside(begin, stop, line.span) for begin, stop in zip(starts, ends, strict=True)]
        return tuple(Word(unit, span, score) for unit, span, (_, score) in zip(units, spans, placed, strict=True))

    def _placed(self, text: str, sound: Sound, language: str) -> list[tuple[float, float | None]]:
        """Start in ms and score of every word of ``text``; empty when whisperx cannot place it."""
        import whisperx

        model, meta = self._model(language)
        segment = {"text": text, "start": 0.0, "end": len(sound) / RATE}
        try:
            found = whisperx.align([segment], model, meta, sound, self._device())["word_segments"]
        except (RuntimeError, ValueError, KeyError, IndexError) as error:
            what = f"the aligner stopped at {text[:20]!r} ({type(error).__name__}: {error})"
            raise WorkError(what, WHERE, "check that the model fits the language, and its memory") from error
        if not all("start" in one for one in found):
            return []
        return [(1000 * float(word["start"]), _score(word.get("score"))) for word in found]

    def _model(self, language: str) -> tuple[Any, dict[str, Any]]:
        if language not in self._loaded:
            folder = _folder(self._options, language)
            try:
                with quiet():
                    import whisperx
                    from transformers.utils import logging
                    from whisperx import alignment

                    logging.disable_progress_bar()
                    alignment.nltk_load = lambda resource: _OneSentence
                    self._loaded[language] = whisperx.load_align_model(
                        language, self._device(), model_name=str(folder), model_cache_only=True
                    )
            except (ImportError, OSError, RuntimeError, ValueError, KeyError) as error:
                fix = "it must hold a wav2vec2 with a CTC head: config.json, vocab.json, its processor and weights"
                raise SetupError(f"{folder} cannot be loaded ({error})", WHERE, fix) from error
        return self._loaded[language]

    def _device(self) -> str:
        return _setting(self._options, "device") or "cpu"


class _OneSentence:
    """Stands where whisperx would load a sentence splitter: lines are not divided any further."""

    @staticmethod
    def span_tokenize(text: str) -> list[tuple[int, int]]:
        return [(0, len(text))]


def _units(text: str, unspaced: bool) -> list[str]:
    """Words of ``text`` with the punctuation around them: characters where the language has no spaces."""
    if not unspaced:
        return [unit for unit in text.split() if _bare(unit)]
    units: list[str] = []
    before = ""
    for sign in text:
        if sign.isalnum():
            units.append(before + sign)
            before = ""
        elif units and not sign.isspace() and sign not in "“‘「『《〈（(":
            units[-1] += sign
        elif not sign.isspace():
            before += sign
    return units


def _bare(unit: str) -> str:
    return "".join(sign for sign in unit if sign.isalnum() or sign == "'")


def _score(value: Any) -> float | None:
    return round(float(value), 4) if value is not None and np.isfinite(value) else None


def _collapsed(placed: Sequence[tuple[float, float | None]], units: Sequence[str]) -> bool:
    """Whether the words stand closer together than anybody talks; three are too few to tell."""
    between = placed[-1][0] - placed[0][0]
    return len(units) > 3 and between * MOST < 1000 * sum(map(len, units[:-1]))


def _ends(sound: Sound, starts: Sequence[float], sizes: Sequence[int]) -> list[float]:
    """Where each word ends, in ms: at the next one, when it falls silent, or when it would be too long."""
    from localize.media.audio import level, to_ms

    levels = level(sound, RATE, STEP)
    ends = []
    for number, (start, size) in enumerate(zip(starts, sizes, strict=True)):
        limit = starts[number + 1] if number + 1 < len(starts) else float(to_ms(len(sound), RATE))
        limit = min(limit, start + LONGEST * size)
        first, last = int(start) // STEP, max(int(start) // STEP + 1, int(limit) // STEP)
        ends.append(min(limit, STEP * (first + _silent_after(levels[first:last]))))
    return ends


def _silent_after(levels: NDArray[np.float32]) -> int:
    """After how many steps a word has fallen silent; all of them when it does not."""
    loud = np.flatnonzero(levels > FALL * float(levels.max(initial=0.0)))
    pauses = np.flatnonzero(np.diff(loud, append=len(levels) + HUSH) > HUSH)
    heard = int(loud[pauses[0]]) + 1 if len(loud) else len(levels)
    return heard if len(levels) - heard >= HUSH else len(levels)


def _inside(start: float, end: float, line: Span) -> Span:
    """Milliseconds of the line's sound → a span inside the line, at least 1 ms long."""
    first = min(max(line.start, line.start + round(start)), line.end - 1)
    return Span(Ms(first), Ms(min(max(first + 1, line.start + round(end)), line.end)))


def _setting(options: Mapping[str, str], name: str) -> str:
    return options.get(name) or os.environ.get(f"LOCALIZE_ALIGN_{name.upper()}", "")


def _folder(options: Mapping[str, str], language: str) -> Path:
    """The model of a language: the folder itself, or the one in it with the language's code."""
    root = Path(_setting(options, "model"))
    for folder in (root / language, root):
        if (folder / "config.json").is_file():
            return folder
    raise SetupError(f"{root} holds no alignment model for {language}", WHERE, f"put one into {root / language}")


def _configs(options: Mapping[str, str]) -> list[Path]:
    root = Path(_setting(options, "model"))
    return sorted([*root.glob("config.json"), *root.glob("*/config.json")])


def available(options: Mapping[str, str]) -> Availability:
    """Needs whisperx and at least one model's folder."""
    if find_spec("whisperx") is None:
        return Availability(False, "the package whisperx is not installed", "pip install 'localize-drama[align]'")
    if not _setting(options, "model"):
        fix = "set LOCALIZE_ALIGN_MODEL to the folder of a wav2vec2 model of the spoken language"
        return Availability(False, "no alignment model was named", fix)
    if not _configs(options):
        what = f"{_setting(options, 'model')} holds no config.json, nor does a folder in it"
        return Availability(False, what, "set LOCALIZE_ALIGN_MODEL to a wav2vec2 model's folder")
    return READY


def identity(options: Mapping[str, str]) -> dict[str, str]:
    """The models by their folders' names and the sizes of their weights."""
    kinds = (".safetensors", ".bin")
    return {
        config.parent.name: str(sum(one.stat().st_size for one in config.parent.iterdir() if one.suffix in kinds))
        for config in _configs(options)
    }


BACKEND = Backend(
    role="alignment",
    name="whisperx",
    version="1",
    summary="forced alignment of known text with a wav2vec2 model of the language",
    licence="BSD-2-Clause (code); each wav2vec2 model as its authors say",
    commercial_use=None,
    load=ForcedAlignment,
    available=available,
    needs="align",
    identity=identity,
)
