"""A transcription server on this machine that speaks OpenAI's protocol and knows one episode by heart.

It takes whatever piece of the episode a client uploads, in any format PyAV reads, finds where in the episode that
piece belongs by correlating the sounds, and answers with the words there, timed from the piece's beginning.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any

import numpy as np
from local_server import LocalServer, Question, Reply

from localize.episode import Word

RATE = 4000
"""Hz at which sounds are compared; time is told to a quarter of a millisecond."""


class SpeechServer(LocalServer):
    """``segments`` are the words said in ``sound``, in its order; ``asked`` are the fields that came in."""

    def __init__(self, sound: Any, rate: int, segments: Sequence[Sequence[Word]]) -> None:
        super().__init__()
        self._sound = _low(np.asarray(sound, np.float32), rate)
        self._segments = [tuple(words) for words in segments]
        self.asked: list[dict[str, str]] = []

    def reply(self, asked: Question) -> Reply:
        if not asked.path.rstrip("/").endswith("/audio/transcriptions"):
            return Reply({"error": "not here"}, 404)
        return Reply(self._answer(asked), headers={"content-type": "application/json"})

    def _answer(self, asked: Question) -> dict[str, Any]:
        """``verbose_json`` for one upload: segments with their words, and all words, times in seconds."""
        fields = {name: values[-1] for name, values in asked.fields().items()}
        self.asked.append({name: value.decode() for name, value in fields.items() if name != "file"})
        piece = _decoded(fields["file"])
        start = self._where(piece) * 1000 / RATE
        end = start + len(piece) * 1000 / RATE
        inside = [[word for word in words if start <= word.span.start < end] for words in self._segments]
        segments = [_segment(n, words, start) for n, words in enumerate(filter(None, inside))]
        return {
            "task": "transcribe", "language": "chinese", "duration": len(piece) / RATE,
            "text": "".join(one["text"] for one in segments), "segments": segments,
            "words": [word for one in segments for word in one["words"]],
        }  # fmt: skip

    def _where(self, piece: Any) -> int:
        """The sample of the episode the piece begins at: the highest correlation."""
        size = 1 << (len(self._sound) + len(piece)).bit_length()
        both = np.fft.rfft(self._sound, size) * np.conj(np.fft.rfft(piece, size))
        return int(np.argmax(np.fft.irfft(both, size)[: max(1, len(self._sound) - len(piece) + 1)]))


def _segment(number: int, words: Sequence[Word], start: float) -> dict[str, Any]:
    """A stretch as such servers give it; ``avg_logprob`` is the mean of the words' log probabilities."""

    def seconds(ms: float) -> float:
        return round((ms - start) / 1000, 3)

    scores = [max(word.confidence, 1e-3) for word in words]
    timed = [
        {"word": w.text, "start": seconds(w.span.start), "end": seconds(w.span.end), "probability": w.confidence}
        for w in words
    ]
    return {
        "id": number, "start": timed[0]["start"], "end": timed[-1]["end"], "text": "".join(w.text for w in words),
        "avg_logprob": round(float(np.mean(np.log(scores))), 4), "no_speech_prob": 0.02, "compression_ratio": 1.0,
        "temperature": 0.0, "words": timed,
    }  # fmt: skip


def _decoded(data: bytes) -> Any:
    """Any audio file's bytes as mono at ``RATE``."""
    import av

    with av.open(io.BytesIO(data)) as container:
        stream = container.streams.audio[0]
        convert = av.AudioResampler(format="flt", layout="mono", rate=RATE)
        frames = [part.to_ndarray()[0] for frame in container.decode(stream) for part in convert.resample(frame)]
        frames += [part.to_ndarray()[0] for part in convert.resample(None)]
    return np.concatenate(frames)


def _low(sound: Any, rate: int) -> Any:
    import soxr

    return soxr.resample(sound, rate, RATE)
