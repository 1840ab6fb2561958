"""libespeak-ng through ctypes: text in, samples and timed phonemes out.

The library keeps its state in globals, so there is one instance, one lock, and every call sets every
parameter.
"""

from __future__ import annotations

import _ctypes
import ctypes as c
import os
import threading
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from localize.errors import SetupError, WorkError
from localize.media.audio import Sound

# speak_lib.h of espeak-ng 1.52
_SYNCHRONOUS = 2
_PHONEME_EVENTS_AS_IPA = 1 | 2
_DO_NOT_EXIT = 1 << 15
_UTF8 = 1
_CHARACTERS = 1
_RATE, _PITCH, _RANGE = 1, 3, 4
_PHONEME = 7


class _Id(c.Union):
    _fields_ = [("number", c.c_int), ("name", c.c_char_p), ("string", c.c_char * 8)]


class _Event(c.Structure):
    """``espeak_EVENT``."""

    _fields_ = [
        ("type", c.c_int),
        ("unique", c.c_uint),
        ("position", c.c_int),
        ("length", c.c_int),
        ("audio_ms", c.c_int),
        ("sample", c.c_int),
        ("user", c.c_void_p),
        ("id", _Id),
    ]


_Callback = c.CFUNCTYPE(c.c_int, c.POINTER(c.c_short), c.c_int, c.POINTER(_Event))


@dataclass(frozen=True, slots=True)
class Raw:
    """What the library said: mono sound at ``rate`` Hz and phonemes as (seconds, IPA)."""

    sound: Sound
    rate: int
    phonemes: tuple[tuple[float, str], ...]


def _private(path: str) -> str:
    """A copy of the library in memory that no other code of this process shares, as a path that can be
    loaded.

    Where there are no memory files the library itself is used; then the same words may differ by a few
    samples.
    """
    if not hasattr(os, "memfd_create"):
        return path
    copy = os.memfd_create("espeak-ng")
    with os.fdopen(copy, "wb", closefd=False) as file:
        file.write(Path(path).read_bytes())
    return f"/proc/self/fd/{copy}"


class Library:
    """The one libespeak-ng of this process: a private copy, loaded anew for every utterance (1.4 ms).

    The library carries the state of its noise and flutter from one utterance to the next, and no call resets
    it; only a fresh copy says the same words twice in the same samples.
    """

    def __init__(self) -> None:
        import espeakng_loader

        self._path = _private(espeakng_loader.get_library_path())
        self._data = espeakng_loader.get_data_path().encode()
        self._lock = threading.Lock()
        self._chunks: list[NDArray[np.int16]] = []
        self._phonemes: list[tuple[float, str]] = []
        self._callback = _Callback(self._receive)
        self._lib: Any = None
        with self._lock:
            self.rate = self._start()

    def _start(self) -> int:
        """Load the library afresh; returns its sample rate."""
        if self._lib is not None:
            handle = self._lib._handle
            self._lib.espeak_Terminate()
            self._lib = None
            _ctypes.dlclose(handle)
        try:
            self._lib = c.CDLL(self._path)
        except OSError as error:
            raise SetupError(
                f"libespeak-ng does not load ({error})", fix="pip install espeakng-loader"
            ) from error
        rate = int(
            self._lib.espeak_Initialize(_SYNCHRONOUS, 0, self._data, _PHONEME_EVENTS_AS_IPA | _DO_NOT_EXIT)
        )
        if rate <= 0:
            raise SetupError(
                "libespeak-ng found no voice data", fix="pip install --force-reinstall espeakng-loader"
            )
        self._lib.espeak_SetSynthCallback(self._callback)
        return rate

    def _receive(self, wave: Any, count: int, events: Any) -> int:
        if count > 0:
            self._chunks.append(np.ctypeslib.as_array(wave, (count,)).copy())
        index = 0
        while events[index].type:
            if events[index].type == _PHONEME:
                ipa = events[index].id.string.decode("utf-8", "ignore")
                self._phonemes.append((events[index].audio_ms / 1000, ipa))
            index += 1
        return 0

    def knows(self, voice: str) -> bool:
        """Whether there is a voice of this name (``es-419``, ``en-us+f2``)."""
        with self._lock:
            return bool(self._lib.espeak_SetVoiceByName(voice.encode()) == 0)

    def say(self, text: str, voice: str, words_per_minute: int, pitch: int, spread: int) -> Raw:
        """Speak plain text.  ``pitch`` and ``spread`` are the library's 0–99."""
        with self._lock:
            self._start()
            self._chunks, self._phonemes = [], []
            if self._lib.espeak_SetVoiceByName(voice.encode()) != 0:
                raise WorkError(f"espeak-ng has no voice {voice!r}")
            for parameter, value in ((_RATE, words_per_minute), (_PITCH, pitch), (_RANGE, spread)):
                self._lib.espeak_SetParameter(parameter, int(value), 0)
            data = text.encode()
            self._lib.espeak_Synth(data, len(data) + 1, 0, _CHARACTERS, 0, _UTF8, None, None)
            self._lib.espeak_Synchronize()
            whole = np.concatenate(self._chunks) if self._chunks else np.zeros(0, np.int16)
            return Raw(whole.astype(np.float32) / np.float32(32768), self.rate, tuple(self._phonemes))


@lru_cache(maxsize=1)
def library() -> Library:
    """The library, started on first use."""
    return Library()
