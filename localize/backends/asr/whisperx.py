"""whisperx: Whisper in batches over voice activity, word times by forced alignment with a model of the language.

Needs two folders, nothing is ever downloaded: ``LOCALIZE_ASR_MODEL``, a Whisper converted for CTranslate2 (settings in
``_whisper.py``), and ``LOCALIZE_ALIGN_MODEL``, a wav2vec2 of the language or a folder with one per language (see the
``alignment`` engine of the same name).  Voice activity comes from the pyannote model inside whisperx' own wheel.  The
sound is handed over as samples: whisperx' own loader would call an ffmpeg.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from localize.backends import _quiet
from localize.backends.alignment import whisperx as alignment
from localize.backends.asr import _whisper
from localize.backends.asr._hardware import Running
from localize.backends.asr._listening import RATE, Window, clamped, listened
from localize.errors import SetupError, WorkError
from localize.roles import Availability, Backend, Heard

if TYPE_CHECKING:
    from localize.media.audio import Tape
    from localize.roles import Sound

WHERE = "asr engine whisperx"
LONGEST = 30
"""Seconds voice activity is gathered into one piece: all a Whisper hears at once."""


class WhisperX:
    """One loaded Whisper, run as ``how`` says, and an aligner; ``options`` are those of ``_whisper.py``."""

    def __init__(self, how: Running, options: Mapping[str, str], aligner: alignment.ForcedAlignment) -> None:
        self._how, self._options, self._aligner = how, options, aligner
        self._pipelines: dict[str, Any] = {}

    def transcribe(self, sound: Sound | Tape, rate: int, language: str) -> Iterator[Heard]:
        """Mono sound → judged lines with word times, in order.

        A word's confidence is the aligner's score; a line the aligner cannot place has no words and the recogniser's
        own confidence.  Beam search only: the same sound gives the same words.
        """
        from localize.backends.asr._silero import silero_spans

        primed = _whisper.primer(self._options, language)
        pipeline = self._pipeline(language.partition("-")[0].lower(), primed)

        def decode(window: Window) -> Iterator[Heard]:
            stretches = list(_stretches(pipeline, window, self._how.batch))
            words = self._aligner.align(window.sound, RATE, stretches, language)
            for heard, placed in zip(stretches, words, strict=True):
                yield Heard(heard.span, heard.text, placed, heard.confidence)

        yield from listened(sound, rate, decode, silero_spans, primed)

    def _pipeline(self, language: str, primed: str) -> Any:
        key = f"{language} {primed}"
        if key not in self._pipelines:
            self._pipelines[key] = _loaded(self._how, language, primed)
        return self._pipelines[key]


def _loaded(how: Running, language: str, primed: str) -> Any:
    try:
        with _quiet.quiet():
            import whisperx

            return whisperx.load_model(
                str(how.folder), how.device, compute_type=how.compute, language=language, vad_method="pyannote",
                threads=how.threads, local_files_only=True, asr_options={"initial_prompt": primed or None},
            )  # fmt: skip
    except (ImportError, OSError, RuntimeError, ValueError) as error:
        fix = "check the model's folder; LOCALIZE_ASR_DEVICE=cpu and LOCALIZE_ASR_COMPUTE=int8 run anywhere"
        raise SetupError(f"the model cannot be loaded ({error})", WHERE, fix) from error


def _stretches(pipeline: Any, window: Window, batch: int) -> Iterator[Heard]:
    """Up to half a minute of text each, with the recogniser's mean probability."""
    try:
        found = pipeline.transcribe(window.sound, batch_size=batch, chunk_size=LONGEST)["segments"]
    except RuntimeError as error:
        fix = "a smaller LOCALIZE_ASR_BATCH, model or LOCALIZE_ASR_COMPUTE=int8 needs less memory"
        raise WorkError(f"the model stopped ({error})", WHERE, fix) from error
    for one in found:
        span = clamped(one["start"] * 1000, one["end"] * 1000, window.length)
        if span is not None and one["text"].strip():
            yield Heard(span, one["text"].strip(), (), round(min(1.0, math.exp(one["avg_logprob"])), 4))


def _align(options: Mapping[str, str]) -> dict[str, str]:
    """The aligner's options: ``align_model`` here is its ``model``."""
    given = {"model": options.get("align_model", ""), "device": options.get("device", "")}
    return {name: value for name, value in given.items() if value}


def _available(options: Mapping[str, str]) -> Availability:
    state = _whisper.available(options, "whisperx", "pip install 'localize-drama[align]'")
    aligner = alignment.available(_align(options))
    return state if not state.ready or aligner.ready else aligner


def _load(options: Mapping[str, str]) -> WhisperX:
    how = _whisper.running(options)
    return WhisperX(how, options, alignment.ForcedAlignment({"device": how.device, **_align(options)}))


BACKEND = Backend(
    role="asr",
    name="whisperx",
    version="3",
    summary="Whisper in batches, word times by forced alignment",
    licence="BSD-2-Clause (code), MIT (Whisper's and its voice activity's weights); the aligner's as its authors say",
    commercial_use=None,
    load=_load,
    available=_available,
    needs="align",
    identity=lambda options: {
        **_whisper.identity(options),
        **{f"align {name}": size for name, size in alignment.identity(_align(options)).items()},
    },
)
