"""How XTTS and VITS say one line: the voice, the pieces, the length, and what goes wrong."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any

import numpy as np

from localize.backends.tts import _latents, _own_voices
from localize.backends.tts._coqui_models import Model
from localize.backends.tts._pieces import pieces
from localize.backends.tts._words import speakable
from localize.errors import GateError, InputError, LocalizeError, WorkError
from localize.media import audio
from localize.media.audio import Sound
from localize.media.clip import flaw
from localize.roles import Reference, Speech, SpeechRequest
from localize.voice import Voice
from localize.written_in import other_language

WHERE = "tts engine coqui"
MOST = {
    "en": 250, "de": 253, "fr": 273, "es": 239, "it": 213, "pt": 203, "pl": 224, "zh-cn": 82, "ar": 166, "cs": 186,
    "ru": 182, "nl": 251, "tr": 226, "ja": 71, "hu": 224, "ko": 95, "hi": 150,
}  # fmt: skip
"""Signs XTTS says at once: its tokenizer's own limits (coqui-tts 0.28), above which it cuts words off."""
PAUSE = 0.15
"""Seconds of silence between the pieces of a long line."""
SLOWEST = {"zh-cn": 0.5, "ja": 0.4, "ko": 0.4}
SLOW, START = 0.16, 1.5
"""Seconds a sign, and for the line, beyond which XTTS babbles on (about twice a slow speaker's pace)."""
TRIES = 3
"""How often a line that came out too long is drawn anew; the shortest counts."""
_HURRY, _EASE, _LOOSE = 1.08, 0.96, 1.15  # as espeak: factors of the pace, and how much too short a take may be
_CONDITION = "30 6"  # seconds of the clip XTTS looks at, and of a stretch


class Xtts:
    """An XTTS: its latents for a clip are computed once and kept; a voice nobody is cloned for is one of its own."""

    def __init__(self, made: Any, model: Model, own: Mapping[str, Any]) -> None:
        self._model, self._net, self._own = model, made.synthesizer.tts_model, own
        self._known: dict[str, tuple[Any, Any]] = {}
        self._rate = int(self._net.args.output_sample_rate)

    def speak(self, request: SpeechRequest) -> Speech:
        words, code = _said(request, self._model)
        latents, speaker = self._cloned(request.reference) if request.reference else self._speaker(request.voice)
        parts = [self._piece(part, code, latents, speaker, request) for part in pieces(words, MOST.get(code, 200))]
        return _speech(parts, self._rate, request)

    def _piece(self, text: str, code: str, latents: Any, speaker: Any, request: SpeechRequest) -> tuple[Sound, Any]:
        """One piece, and the function that says it ``speed`` times as fast."""
        limit = START + SLOWEST.get(code, SLOW) * len(text)
        drawn = [self._drawn(text, code, latents, speaker, _seed(request, text, 0))]
        while len(drawn[-1][0]) / self._rate > limit and len(drawn) < TRIES:
            drawn.append(self._drawn(text, code, latents, speaker, _seed(request, text, len(drawn))))
        sound, codes = min(drawn, key=lambda one: len(one[0]))
        return sound, lambda speed: self._decoded(codes, speaker, speed)

    def _drawn(self, text: str, code: str, latents: Any, speaker: Any, seed: int) -> tuple[Sound, Any]:
        import torch

        config = self._net.config
        with _failing(text), torch.random.fork_rng(devices=_cards()):
            torch.manual_seed(seed)
            found = self._net.inference(
                text, code, latents, speaker, temperature=config.temperature, length_penalty=config.length_penalty,
                repetition_penalty=config.repetition_penalty, top_k=config.top_k, top_p=config.top_p,
            )  # fmt: skip
        return np.asarray(found["wav"], np.float32).reshape(-1), found["gpt_latents"]

    def _decoded(self, codes: Any, speaker: Any, speed: float) -> Sound:
        """The same drawing of the words, faster or slower; much cheaper than drawing anew."""
        import torch

        with _failing(""), torch.inference_mode():
            drawn = torch.from_numpy(codes).to(self._net.device).transpose(1, 2)
            paced = torch.nn.functional.interpolate(drawn, scale_factor=1 / speed, mode="linear").transpose(1, 2)
            sound = self._net.hifigan_decoder(paced, g=speaker.to(self._net.device)).cpu().squeeze()
        return np.asarray(sound, np.float32).reshape(-1)

    def _cloned(self, clip: Reference) -> tuple[Any, Any]:
        import torch

        checked(clip)
        if clip.digest not in self._known:
            path = _latents.place(self._model.digest, clip.digest, _CONDITION)
            both = _latents.kept(path)
            if both is None:
                both = self._taken(clip)
                _latents.keep(path, *both)
            self._known[clip.digest] = torch.from_numpy(both[0]), torch.from_numpy(both[1])
        return self._known[clip.digest]

    def _taken(self, clip: Reference) -> tuple[Any, Any]:
        import torch

        low = audio.resample(audio.mono(clip.sound), clip.rate, 22_050)
        given = torch.from_numpy(np.ascontiguousarray(low))[None]
        with _failing("the reference clip"), torch.inference_mode():
            latents = self._net.get_gpt_cond_latents(given, 22_050, length=30, chunk_length=6)
            speaker = self._net.get_speaker_embedding(given, 22_050)
        return latents.float().cpu().numpy(), speaker.float().cpu().numpy()

    def _speaker(self, voice: Voice) -> tuple[Any, Any]:
        held = getattr(self._net.speaker_manager, "speakers", None) or {}
        if not held:
            fix = "put speakers_xtts.pth beside its weights, or have a consent for cloning (localize voices consent)"
            raise InputError(f"{self._model.name} has no speakers of its own for {voice.id}", WHERE, fix)
        latents, speaker = held[_own_voices.name_of(voice, "xtts", self._own, tuple(held))].values()
        return latents, speaker


class Vits:
    """A VITS: one speaker, or several by name."""

    def __init__(self, made: Any, model: Model, own: Mapping[str, Any]) -> None:
        self._api, self._model, self._own = made, model, own
        self._net, self._rate = made.synthesizer.tts_model, int(made.synthesizer.output_sample_rate)
        self._usual = float(self._net.length_scale)
        made.synthesizer.tts_config.audio.do_trim_silence = False  # it would end a line at its first long pause

    def speak(self, request: SpeechRequest) -> Speech:
        words, code = _said(request, self._model)
        there = tuple(self._api.speakers or ())
        name = _own_voices.name_of(request.voice, "vits", self._own, there) if there else None
        parts = [self._piece(part, code, name, request) for part in pieces(words, 300)]
        return _speech(parts, self._rate, request)

    def _piece(self, text: str, code: str, name: str | None, request: SpeechRequest) -> tuple[Sound, Any]:
        def said(speed: float) -> Sound:
            return self._drawn(text, code, name, speed, _seed(request, text, 0))

        return said(1.0), said

    def _drawn(self, text: str, code: str, name: str | None, speed: float, seed: int) -> Sound:
        import torch

        language = code if self._api.is_multi_lingual else None
        with _failing(text), torch.random.fork_rng(devices=_cards()):
            torch.manual_seed(seed)
            self._net.length_scale = self._usual / speed
            try:
                found = self._api.tts(text, speaker=name, language=language, split_sentences=False)
            finally:
                self._net.length_scale = self._usual
        return np.asarray(found, np.float32).reshape(-1)


# ── what both do ────────────────────────────────────────────────────────────────────────────────────────────
def checked(clip: Reference) -> None:
    """Raises ``GateError`` for a clip without consent and ``InputError`` for one no voice can be taken from."""
    if not clip.consent:
        raise GateError("a voice is to be cloned, and no consent is named", WHERE, "localize voices consent")
    what, fix = flaw(clip.sound, clip.rate)
    if what:
        raise InputError(f"no voice can be taken from the reference: {what}", clip.digest[:12], fix)


def _said(request: SpeechRequest, model: Model) -> tuple[str, str]:
    """The words and the model's code of their language.  Raises ``InputError``."""
    words, code = speakable(request.text), model.code(request.language)
    if not code:
        fix = f"it speaks {', '.join(model.languages)}; --engine tts=espeak speaks others"
        raise InputError(f"{model.name} does not speak {request.language}", WHERE, fix)
    if strange := other_language(words, request.language):
        fix = f"write the line in {request.language}"
        raise InputError(f"the words are in {strange}, not {request.language}: {words[:60]!r}", WHERE, fix)
    return words, code


def _seed(request: SpeechRequest, text: str, number: int) -> int:
    clip = request.reference.digest if request.reference else ""
    told = "\n".join((request.voice.id, request.language, request.emotion, clip, text, str(number)))
    return int.from_bytes(hashlib.sha256(told.encode()).digest()[:4], "big")


def _speech(parts: list[tuple[Sound, Any]], rate: int, request: SpeechRequest) -> Speech:
    """The pieces one after the other, tight around the words, a little faster or slower where a length is wished."""
    sound = _joined([one for one, _ in parts], rate, request)
    factor = len(sound) / rate / request.seconds if request.seconds > 0 else 1.0
    if factor > 1.0 or factor < 1.0 / _LOOSE:
        speed = float(np.clip(factor, _EASE, _HURRY))
        sound = _joined([again(speed) for _, again in parts], rate, request)
    return Speech(sound, rate)


def _joined(sounds: list[Sound], rate: int, request: SpeechRequest) -> Sound:
    pause = np.zeros(round(PAUSE * rate), np.float32)
    tight: list[Sound] = []
    for one in sounds:
        if not np.isfinite(one).all() or not len(one) or np.abs(one).max() < 1e-4:
            raise WorkError(f"the model said nothing for {request.text[:60]!r}", WHERE, "change the words of the line")
        tight += [pause, one[audio.audible(one, rate)]]
    whole = np.concatenate(tight[1:])
    return np.asarray(whole / max(1.0, float(np.abs(whole).max())), np.float32)


def _cards() -> list[int]:
    import torch

    return list(range(torch.cuda.device_count()))


class _failing:  # noqa: N801 (used as a verb)
    """Whatever the library raises over one line is that line's ``WorkError``."""

    def __init__(self, text: str) -> None:
        self._text = text

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: Any, error: BaseException | None, trace: Any) -> None:
        if isinstance(error, Exception) and not isinstance(error, LocalizeError | MemoryError):
            first = (str(error).strip().splitlines() or [""])[0][:200]
            about = f" over {self._text[:60]!r}" if self._text else ""
            what = f"the model failed{about} ({type(error).__name__}: {first})"
            raise WorkError(what, WHERE, "LOCALIZE_TTS_DEVICE=cpu needs no card; else change the words") from error
