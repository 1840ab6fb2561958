"""Speech activity by the Silero model inside faster-whisper's wheel: onnxruntime only, nothing is downloaded."""

from __future__ import annotations

from typing import TYPE_CHECKING

from localize.timing import Ms, Span

if TYPE_CHECKING:
    from localize.roles import Sound

_RATE = 16_000
_SURE = 0.35  # lower than Silero's 0.5: a whisper under music is worth listening to
_PAUSE = 300  # ms; a shorter pause is inside a sentence
_PAD = 60  # ms around: soft beginnings and ends of words


def silero_spans(sound: Sound, rate: int) -> tuple[Span, ...]:
    """Where somebody speaks in mono ``sound``, in order; ``rate`` must be 16 kHz."""
    from faster_whisper.vad import VadOptions, get_speech_timestamps

    if rate != _RATE:
        raise ValueError(f"Silero listens at {_RATE} Hz, not {rate}")
    if not len(sound):
        return ()
    how = VadOptions(threshold=_SURE, min_speech_duration_ms=100, min_silence_duration_ms=_PAUSE, speech_pad_ms=_PAD)
    length = len(sound) * 1000 // rate
    found = ((one["start"] * 1000 // rate, one["end"] * 1000 // rate) for one in get_speech_timestamps(sound, how))
    return tuple(Span(Ms(start), Ms(min(end, length))) for start, end in found if min(end, length) > start)
