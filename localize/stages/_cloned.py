"""The clip a voice is cloned from, as a stage hands it to an engine."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from localize.episode import Asset
from localize.roles import Reference
from localize.stages import Desk


@dataclass(frozen=True, slots=True)
class Cloned:
    """``sound`` is a WAV; ``consent`` the digest of the record that allows its use; ``text`` what is said in it."""

    sound: Asset
    consent: str
    text: str = ""
    language: str = ""

    def recipe(self) -> dict[str, Any]:
        """What an answer depends on: another consent of the same person changes no sample."""
        return {"clip": self.sound.digest, "text": self.text}

    def read(self, desk: Desk) -> Reference:
        from localize.media import audio

        sound, rate = audio.read(desk.path(self.sound))
        return Reference(audio.mono(sound), rate, self.sound.digest, self.consent, self.text, self.language)
