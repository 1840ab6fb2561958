"""faster-whisper: Whisper on CTranslate2, no torch.  Weights are a local directory the user brings.

``LOCALIZE_ASR_MODEL`` (or the option ``model``) names the directory of a converted Whisper model;
nothing is ever downloaded.  Voice activity comes from the Silero model inside faster-whisper's own
wheel.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from localize.episode import Word
from localize.roles import READY, Availability, Backend, Heard
from localize.timing import Ms, Span

if TYPE_CHECKING:
    from localize.roles import Sound

RATE = 16_000


class FasterWhisper:
    """One loaded model.  ``compute`` is CTranslate2's compute type; int8 is what two CPU cores carry."""

    def __init__(self, model: str, compute: str = "int8", threads: int = 2) -> None:
        from faster_whisper import WhisperModel

        self._model = WhisperModel(
            model, device="auto", compute_type=compute, cpu_threads=threads, local_files_only=True
        )

    def transcribe(self, sound: Sound, rate: int, language: str) -> Iterator[Heard]:
        """Mono sound → stretches with word times, in order, all inside the sound.

        Silence and noise are skipped by voice activity.  Only the likeliest words are taken (temperature 0): the
        sampling a Whisper falls back to otherwise answers differently from call to call.
        """
        import soxr

        heard = soxr.resample(sound, rate, RATE) if rate != RATE else sound
        segments, _ = self._model.transcribe(
            heard, language=language.partition("-")[0], vad_filter=True, word_timestamps=True,
            condition_on_previous_text=False, temperature=0.0,
        )  # fmt: skip
        length = len(sound) * 1000 // rate
        for segment in segments:
            span = _span(segment.start, segment.end, length)
            if span is not None and segment.text.strip():
                yield Heard(span, segment.text.strip(), tuple(_words(segment.words or (), length)))


def _span(start: float, end: float, length: int) -> Span | None:
    """Seconds → a span inside the first ``length`` ms; None when nothing of it lies there.

    Whisper writes its time stamps as it writes words: they may reach past the end of the sound.
    """
    first, last = max(0, round(start * 1000)), min(round(end * 1000), length)
    return Span(Ms(first), Ms(last)) if last > first else None


def _words(words: Any, length: int) -> Iterator[Word]:
    for word in words:
        span = _span(word.start, word.end, length)
        if span is not None and word.word.strip():
            yield Word(word.word.strip(), span, float(word.probability))


def _model(options: Mapping[str, str]) -> str:
    return options.get("model") or os.environ.get("LOCALIZE_ASR_MODEL", "")


def available(options: Mapping[str, str]) -> Availability:
    """Needs the package and a model directory with ``model.bin``."""
    if find_spec("faster_whisper") is None:
        return Availability(
            False, "the package faster-whisper is not installed", "pip install 'faster-whisper>=1.2,<2'"
        )
    model = _model(options)
    if not model:
        return Availability(False, "no Whisper model was named", "set LOCALIZE_ASR_MODEL to a converted model's folder")
    if not (Path(model) / "model.bin").is_file():
        return Availability(False, f"{model} holds no model.bin", "convert the model with ct2-transformers-converter")
    return READY


def identity(options: Mapping[str, str]) -> Mapping[str, str]:
    """Name and size of the weights: enough to tell two models apart without hashing gigabytes at every
    plan.
    """
    weights = Path(_model(options)) / "model.bin"
    return {"model": weights.parent.name, "bytes": str(weights.stat().st_size) if weights.is_file() else ""}


BACKEND = Backend(
    role="asr",
    name="faster_whisper",
    version="2",
    summary="Whisper on CTranslate2 with word times and voice activity detection",
    licence="MIT (code and OpenAI's Whisper weights; other weights as their authors say)",
    commercial_use=True,
    load=lambda options: FasterWhisper(_model(options)),
    available=available,
    needs="asr",
    identity=identity,
)
