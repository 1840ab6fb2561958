"""Mandarin speech with phoneme times from libespeak-ng, through the wheel ``espeakng_loader``.

The library carries the phase of its oscillators from one sentence into the next, in static memory that
neither terminating nor initialising it clears.  To give the same samples for the same words, every sentence
is therefore said by a private copy of the library, loaded for it and closed after it (about 30 ms).  Voices
with a ``breath`` line (f2, f3, f5) read memory they never wrote and differ from run to run: cast others.
"""

from __future__ import annotations

import ctypes as c
import shutil
import tempfile
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

Samples = NDArray[Any]  # float32

_RETRIEVAL = 1
_PHONEME_EVENTS_AS_IPA = 1 | 2
_UTF8 = 1
_POSITION_CHARACTER = 1
_RATE, _PITCH, _RANGE = 1, 3, 4
_EVENT_PHONEME = 7
_ONE_AT_A_TIME = threading.Lock()


class _Id(c.Union):
    _fields_ = [("number", c.c_int), ("name", c.c_char_p), ("string", c.c_char * 8)]


class _Event(c.Structure):
    """``espeak_EVENT`` of speak_lib.h."""

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
class Speech:
    """Mono sound at ``rate`` Hz and the phonemes in it as (seconds from the start, IPA)."""

    sound: Samples
    rate: int
    phonemes: tuple[tuple[float, str], ...]


class _Synthesiser:
    """One private copy of libespeak-ng, with a buffer its callback fills."""

    def __init__(self, library: Path) -> None:
        import espeakng_loader

        self._lib: Any = c.CDLL(str(library))
        data = espeakng_loader.get_data_path().encode()
        self.rate = int(self._lib.espeak_Initialize(_RETRIEVAL, 0, data, _PHONEME_EVENTS_AS_IPA))
        if self.rate <= 0:
            raise OSError(f"libespeak-ng did not start with the data at {data!r}; reinstall espeakng_loader")
        self._chunks: list[NDArray[np.int16]] = []
        self._phonemes: list[tuple[float, str]] = []
        self._callback = _Callback(self._receive)
        self._lib.espeak_SetSynthCallback(self._callback)

    def _receive(self, wave: Any, count: int, events: Any) -> int:
        if count > 0:
            self._chunks.append(np.ctypeslib.as_array(wave, (count,)).copy())
        index = 0
        while events[index].type:
            if events[index].type == _EVENT_PHONEME:
                name = events[index].id.string.decode("utf-8", "ignore")
                self._phonemes.append((events[index].audio_ms / 1000, name))
            index += 1
        return 0

    def say(self, text: str, voice: str, words_per_minute: int, pitch: int, spread: int) -> Speech:
        if self._lib.espeak_SetVoiceByName(voice.encode()) != 0:
            raise ValueError(f"libespeak-ng has no voice {voice!r}")
        for parameter, value in ((_RATE, words_per_minute), (_PITCH, pitch), (_RANGE, spread)):
            self._lib.espeak_SetParameter(parameter, int(value), 0)
        data = text.encode()
        self._lib.espeak_Synth(data, len(data) + 1, 0, _POSITION_CHARACTER, 0, _UTF8, None, None)
        self._lib.espeak_Synchronize()
        sound = np.concatenate(self._chunks).astype(np.float32) / np.float32(32768)
        return Speech(sound, self.rate, tuple(self._phonemes))

    def close(self) -> None:
        self._lib.espeak_Terminate()
        handle, self._lib = self._lib._handle, None
        dlclose = c.CDLL(None).dlclose
        dlclose.argtypes = [c.c_void_p]
        dlclose(handle)


def say(
    text: str, voice: str = "cmn", *, words_per_minute: int = 165, pitch: int = 50, spread: int = 50
) -> Speech:
    """Speak ``text`` with an espeak-ng voice such as ``cmn+f2``; ``pitch`` and ``spread`` are 0..99."""
    import espeakng_loader

    with _ONE_AT_A_TIME, tempfile.TemporaryDirectory() as folder:
        library = Path(folder) / "libespeak-ng.so"
        shutil.copyfile(espeakng_loader.get_library_path(), library)
        c.CDLL(None).srand(1)  # the library's hiss comes from the C library's random numbers
        synthesiser = _Synthesiser(library)
        try:
            return synthesiser.say(text, voice, words_per_minute, pitch, spread)
        finally:
            synthesiser.close()
