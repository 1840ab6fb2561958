"""What an engine that speaks is asked, and what it answers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from localize.version import Phone
from localize.voice import Voice

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Sound = NDArray[np.float32]


@dataclass(frozen=True, slots=True, eq=False)
class Reference:
    """The clip a voice is cloned from: clean mono ``sound`` of one person at ``rate`` Hz.

    ``digest`` names the clip (the SHA-256 of its file), ``text`` is what is said in it in ``language`` (empty: nobody
    knows), ``consent`` the digest of the consent record that allows this use: engines refuse a clip without one.
    """

    sound: Sound
    rate: int
    digest: str
    consent: str
    text: str = ""
    language: str = ""


@dataclass(frozen=True, slots=True)
class SpeechRequest:
    """What to say, how.  ``seconds`` is the wished length or 0.

    ``actor`` is the actor's own line when consent lets us move toward it (mono, ``actor_rate`` Hz); ``reference`` is
    what an engine that clones takes the voice from, under the same consent.
    """

    text: str
    language: str
    voice: Voice
    emotion: str = ""
    seconds: float = 0.0
    actor: Sound | None = None
    actor_rate: int = 0
    reference: Reference | None = None


@dataclass(frozen=True, slots=True)
class Speech:
    """Spoken sound, mono float32 at ``rate`` Hz, with phoneme times where the engine knows them.

    ``characters`` is what an engine behind an address was sent for it, all tries that were answered together, and
    ``cost`` what that is at the price the person gave; None without one.
    """

    sound: Sound
    rate: int
    phones: tuple[Phone, ...] = ()
    characters: int = 0
    cost: float | None = None


class Tts(Protocol):
    def speak(self, request: SpeechRequest) -> Speech:
        """The words of one line.

        Raises ``InputError`` for what this engine cannot say or a clip it cannot use, ``GateError`` for a clip without
        consent, and ``WorkError`` when it failed: the other lines go on.
        """
        ...
