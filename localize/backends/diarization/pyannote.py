"""pyannote.audio: a diarization pipeline of neural networks, from a folder the person has.

``LOCALIZE_DIARIZATION_MODEL`` (or the option ``model``) names a folder with the pipeline's ``config.yaml`` and the
models it names, as published; it is opened, nothing is downloaded.  Only with ``LOCALIZE_HF_TOKEN`` (or the option
``token``), which nobody sets by accident, may the library fetch what a configuration names and the folder lacks.
Telemetry is off.  A model file can run code when it is opened: take it from people you trust.

The clips of the cast are laid before the lines, so that the pipeline itself finds out whose voice is whose: who speaks
in a member's clip is that member.  A line belongs to the voice that is heard longest in it.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Mapping, Sequence
from contextlib import nullcontext
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from localize.backends import _quiet
from localize.backends.diarization._voices import NOBODY
from localize.errors import SetupError, WorkError
from localize.media import audio
from localize.media.audio import Sound
from localize.roles import READY, Attribution, Availability, Backend
from localize.timing import Span

RATE = 16_000
WHERE = "diarization engine pyannote"
_PAUSE = 0.5  # seconds of silence between two clips, and between clips and lines
Shares = NDArray[np.float64]


class Pyannote:
    """One loaded pipeline."""

    def __init__(self, pipeline: Any) -> None:
        self._pipeline = pipeline

    def attribute(
        self, sound: Sound, rate: int, spans: Sequence[Span], references: Mapping[str, Sequence[Sound]], most: int = 0
    ) -> tuple[Attribution, ...]:
        """One attribution per span.  A margin is the share of the line's time by which the voice heard longest leads
        the next; a line in which no voice is found gets ``"?0"``.
        """
        if not spans:
            return ()
        clips = {who: audio.mono(np.concatenate([audio.mono(one) for one in heard]))
                 for who, heard in references.items() if len(heard)}  # fmt: skip
        pieces, places, at = [], [], 0.0
        pause = np.zeros(round(_PAUSE * rate), np.float32)
        for clip in clips.values():
            pieces += [clip, pause]
            places.append((at, at + len(clip) / rate))
            at += (len(clip) + len(pause)) / rate
        stretches = [(at + span.start / 1000, at + span.end / 1000) for span in spans]
        turns = self._turns(np.concatenate([*pieces, audio.mono(sound)]), rate, most)
        voices = sorted({voice for _, _, voice in turns})
        names = _names(_shares(places, turns, voices), list(clips), voices)
        return _told(_shares(stretches, turns, voices), names)

    def _turns(self, sound: Sound, rate: int, most: int) -> list[tuple[float, float, str]]:
        """``(start, end, voice)`` in seconds, overlapping ones too."""
        import torch

        low = torch.from_numpy(np.ascontiguousarray(audio.resample(sound, rate, RATE)))[None]
        bound = {"max_speakers": most} if most else {}
        try:
            with _quiet.quiet(), torch.inference_mode():
                found = self._pipeline({"waveform": low, "sample_rate": RATE, "uri": "episode"}, **bound)
        except (RuntimeError, ValueError, FloatingPointError) as error:
            fix = "choose another engine with --engine diarization=classical"
            raise WorkError(f"the pipeline failed ({error})", WHERE, fix) from error
        annotation = getattr(found, "speaker_diarization", found)
        return [(turn.start, turn.end, str(voice)) for turn, _, voice in annotation.itertracks(yield_label=True)]


def _shares(
    stretches: Sequence[tuple[float, float]], turns: Sequence[tuple[float, float, str]], voices: Sequence[str]
) -> Shares:
    """``(stretches, voices)``: how much of a stretch each voice is heard in, 0–1."""
    shares = np.zeros((len(stretches), len(voices)))
    for row, (start, end) in enumerate(stretches):
        for begin, until, voice in turns:
            shares[row, voices.index(voice)] += max(0.0, min(end, until) - max(start, begin))
        shares[row] /= max(end - start, 1e-3)
    return shares


def _names(clips: Shares, cast: Sequence[str], voices: Sequence[str]) -> list[tuple[str, ...]]:
    """Per voice the members whose clip it is heard longest in, clearest first; none for a stranger."""
    owners: list[list[tuple[float, str]]] = [[] for _ in voices]
    for who, shares in zip(cast, clips, strict=True):
        if len(shares) and shares.max() > 0:
            owners[int(shares.argmax())].append((-float(shares.max()), who))
    return [tuple(who for _, who in sorted(found)) for found in owners]


def _told(shares: Shares, names: Sequence[tuple[str, ...]]) -> tuple[Attribution, ...]:
    """Strangers are numbered by their place among all who speak, so that naming one leaves the others' numbers."""
    order = dict.fromkeys(int(row.argmax()) for row in shares if len(row) and row.max() > 0)
    known = {voice: number for number, voice in enumerate(order, start=1) if not names[voice]}
    found = []
    for row in shares:
        scores = [
            (float(share), who)
            for voice, share in enumerate(row)
            for who in names[voice] or ((f"?{known[voice]}",) if voice in known else ())
        ]
        scores.sort(key=lambda one: -one[0])
        found.append(_answer(scores))
    return tuple(found)


def _answer(scores: Sequence[tuple[float, str]]) -> Attribution:
    if not scores or scores[0][0] <= 0:
        return Attribution(NOBODY, 0.0, tuple((who, 0.0) for _, who in scores))
    rivals = tuple((who, round(scores[0][0] - share, 3)) for share, who in scores[1:])
    return Attribution(scores[0][1], rivals[0][1] if rivals else 0.0, rivals)


# ── the card ────────────────────────────────────────────────────────────────────────────────────────────────
def _model(options: Mapping[str, str]) -> Path | None:
    named = options.get("model") or os.environ.get("LOCALIZE_DIARIZATION_MODEL", "")
    return Path(named) if named else None


def available(options: Mapping[str, str]) -> Availability:
    """Needs the package and a folder with ``config.yaml``."""
    if find_spec("pyannote") is None or find_spec("pyannote.audio") is None:
        return Availability(False, "the package pyannote.audio is not installed", "pip install 'localize-drama[align]'")
    model = _model(options)
    if model is None:
        fix = "set LOCALIZE_DIARIZATION_MODEL to the folder of a pyannote pipeline"
        return Availability(False, "no diarization pipeline was named", fix)
    if not (model / "config.yaml").is_file():
        fix = "download the whole pipeline: config.yaml and the folders it names"
        return Availability(False, f"{model} holds no config.yaml", fix)
    return READY


@lru_cache(maxsize=4)
def _digest(folder: Path, stamps: tuple[tuple[str, int, int], ...]) -> str:
    whole = hashlib.sha256((folder / "config.yaml").read_bytes())
    for name, size, _ in stamps:
        whole.update(f"{name} {size}\n".encode())
        whole.update((folder / name).read_bytes()[-65_536:])
    return whole.hexdigest()


def identity(options: Mapping[str, str]) -> Mapping[str, str]:
    """The configuration, and name, size and last 64 KiB of every model file beside it."""
    folder = _model(options)
    if folder is None or not (folder / "config.yaml").is_file():
        return {"pipeline": ""}
    files = sorted(path for path in folder.rglob("*") if path.suffix in (".bin", ".npz", ".ckpt", ".safetensors"))
    stats = [(path.relative_to(folder).as_posix(), path.stat()) for path in files]
    return {"pipeline": _digest(folder, tuple((name, stat.st_size, stat.st_mtime_ns) for name, stat in stats))}


def load(options: Mapping[str, str]) -> Pyannote:
    """The pipeline of the folder.  Raises ``SetupError`` when something in it is missing or cannot be opened."""
    token = options.get("token") or os.environ.get("LOCALIZE_HF_TOKEN") or None
    os.environ.update(_quiet.NO_TELEMETRY)
    try:
        with nullcontext() if token else _quiet.quiet():
            from pyannote.audio import Pipeline

            pipeline = Pipeline.from_pretrained(str(_model(options)), token=token)
    except Exception as error:  # the library lets anything through that its parts raise
        what = f"the pipeline cannot be opened ({type(error).__name__}: {error})"
        fix = "take the whole folder of a pipeline for pyannote.audio 4: config.yaml, segmentation, embedding, plda"
        raise SetupError(what, str(_model(options)), fix) from error
    if pipeline is None:
        raise SetupError("the pipeline names models nobody has", str(_model(options)), "take its whole folder")
    return Pyannote(pipeline)


BACKEND = Backend(
    role="diarization",
    name="pyannote",
    version="2",
    summary="pyannote.audio's pipeline over the lines and the cast's reference clips",
    licence="MIT (code); each pipeline has its own licence",
    commercial_use=None,
    load=load,
    available=available,
    needs="align",
    identity=identity,
)
