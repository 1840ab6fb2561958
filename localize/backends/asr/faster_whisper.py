"""faster-whisper: Whisper on CTranslate2, no torch.  Weights are a local directory the user brings.

``LOCALIZE_ASR_MODEL`` (or the option ``model``) names the directory of a converted Whisper model; nothing is ever
downloaded.  ``_whisper.py`` lists the other settings.  Voice activity comes from the Silero model inside
faster-whisper's own wheel.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from localize.backends import _quiet
from localize.backends.asr._guards import loop, unspoken
from localize.backends.asr._hardware import Running
from localize.backends.asr._lines import mean
from localize.backends.asr._listening import RATE, Window, clamped, listened
from localize.backends.asr._whisper import available, identity, primer, running
from localize.episode import Word
from localize.errors import SetupError, WorkError
from localize.roles import Backend, Heard
from localize.timing import Ms, Span

if TYPE_CHECKING:
    from localize.media.audio import Tape
    from localize.roles import Sound

WHERE = "asr engine faster_whisper"
VAD = {"threshold": 0.35, "min_silence_duration_ms": 500, "speech_pad_ms": 200}
"""Where Whisper itself listens: Silero's spans, padded so that no soft beginning is lost."""
AGAIN = {"no_repeat_ngram_size": 3, "repetition_penalty": 1.1}
"""How a stretch that turned in a circle is decoded once more."""


class FasterWhisper:
    """One loaded model, run as ``how`` says; ``options`` are those of ``_whisper.py``."""

    def __init__(self, how: Running, options: Mapping[str, str]) -> None:
        try:
            with _quiet.quiet():
                from faster_whisper import BatchedInferencePipeline, WhisperModel

                self._model = WhisperModel(
                    str(how.folder), device=how.device, compute_type=how.compute, cpu_threads=how.threads,
                    local_files_only=True,
                )  # fmt: skip
        except (RuntimeError, ValueError, OSError) as error:
            fix = "check the model's folder; LOCALIZE_ASR_DEVICE=cpu and LOCALIZE_ASR_COMPUTE=int8 run anywhere"
            raise SetupError(f"the model cannot be loaded ({error})", WHERE, fix) from error
        self._options, self._batch = options, how.batch
        self._pipeline = BatchedInferencePipeline(self._model) if how.batch > 1 else None

    def transcribe(self, sound: Sound | Tape, rate: int, language: str) -> Iterator[Heard]:
        """Mono sound → judged lines with word times, in order, all inside the sound.

        Only the likeliest words are taken (temperature 0): the sampling a Whisper falls back to otherwise answers
        differently from call to call.  A stretch that turns in a circle is decoded once more without repetitions.
        """
        from localize.backends.asr._silero import silero_spans

        primed = primer(self._options, language)
        spoken = language.partition("-")[0].lower()

        def decode(window: Window) -> Iterator[Heard]:
            for heard in self._stretches(window.sound, spoken, primed, {}):
                yield from self._unlooped(heard, window.sound, spoken, primed) if loop(heard.text) else (heard,)

        yield from listened(sound, rate, decode, silero_spans, primed)

    def _unlooped(self, heard: Heard, sound: Sound, language: str, primed: str) -> Iterator[Heard]:
        """The stretch decoded again; what it was before when that turns in a circle too, or says nothing."""
        part = sound[heard.span.start * RATE // 1000 : heard.span.end * RATE // 1000]
        again = list(self._stretches(part, language, primed, AGAIN))
        if not again or any(loop(one.text) for one in again):
            yield heard
            return
        for one in again:
            words = tuple(Word(w.text, _later(w.span, heard.span.start), w.confidence) for w in one.words)
            yield Heard(_later(one.span, heard.span.start), one.text, words, one.confidence, one.doubts)

    def _stretches(self, sound: Sound, language: str, primed: str, more: Mapping[str, Any]) -> Iterator[Heard]:
        how: dict[str, Any] = {
            "language": language, "temperature": 0.0, "vad_filter": True, "vad_parameters": dict(VAD),
            "word_timestamps": True, "condition_on_previous_text": False, "hotwords": primed or None, **more,
        }  # fmt: skip
        length = len(sound) * 1000 // RATE
        try:
            if self._pipeline is None:
                segments, _ = self._model.transcribe(sound, **how)
            else:
                segments, _ = self._pipeline.transcribe(sound, batch_size=self._batch, **how)
            for segment in segments:
                span = clamped(segment.start * 1000, segment.end * 1000, length)
                if span is not None:
                    words = tuple(_words(segment.words or (), length))
                    score = mean(words)
                    sure = min(1.0, math.exp(segment.avg_logprob)) if score is None else score
                    silent = unspoken(segment.no_speech_prob, segment.avg_logprob)
                    yield Heard(span, segment.text.strip(), words, round(sure, 4), ("silence",) if silent else ())
        except RuntimeError as error:
            fix = "a smaller LOCALIZE_ASR_BATCH, model or LOCALIZE_ASR_COMPUTE=int8 needs less memory"
            raise WorkError(f"the model stopped ({error})", WHERE, fix) from error


def _later(span: Span, by: Ms) -> Span:
    return Span(Ms(span.start + by), Ms(span.end + by))


def _words(words: Any, length: int) -> Iterator[Word]:
    for word in words:
        span = clamped(word.start * 1000, word.end * 1000, length)
        if span is not None and word.word.strip():
            yield Word(word.word.strip(), span, round(float(word.probability), 4))


BACKEND = Backend(
    role="asr",
    name="faster_whisper",
    version="5",
    summary="Whisper on CTranslate2 with word times and voice activity detection",
    licence="MIT (code and OpenAI's Whisper weights; other weights as their authors say)",
    commercial_use=True,
    load=lambda options: FasterWhisper(running(options), options),
    available=lambda options: available(options, "faster_whisper", "pip install 'localize-drama[asr]'"),
    needs="asr",
    identity=identity,
)
