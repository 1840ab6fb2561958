"""What vouches for a line: the caption that was read, the words that were heard, the sound under both."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from localize.timing import Span

Witness = Literal["captions", "recogniser"]
LEAST_WEIGHT = 0.5
"""What a recogniser's word counts for at least beside the reader's, in ``confidence`` (own judgement)."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """How sure one line is, and who says so.  Every share and score is 0–1; None is "nobody told".

    ``line`` is the line's id.  ``witnesses`` are the senses its words come from, the one whose text stands first.
    ``read`` is the caption reader's own score, ``heard`` the mean of the recogniser's own word scores.  ``agreement``
    is how alike caption and recognised words sound, syllable by syllable.  ``confidence`` is ``(read + weight ·
    agreement) / (1 + weight)``: the reader's score and the recogniser's vote for the text, which counts as much as
    the recogniser trusts itself (``heard``), but at least ``LEAST_WEIGHT``: who was not understood confirmed nothing.
    A recogniser without scores counts fully.  With one witness there is no confidence, only that witness's own score.
    ``said`` is what the recogniser heard where that is not the text of the line.  ``speech`` is the share of the
    line's time in which somebody talks, None when nobody looked.  ``timed`` is false where words and caption are too
    far apart, or the words too doubtful, for them to tell its time, which is the caption's.  The parts of a divided
    caption share all but ``speech``.
    """

    line: str
    witnesses: tuple[Witness, ...]
    read: float | None = None
    heard: float | None = None
    agreement: float | None = None
    confidence: float | None = None
    said: str = ""
    speech: float | None = None
    timed: bool = True

    def only_heard(self) -> bool:
        """Whether no caption shows this line."""
        return self.witnesses == ("recogniser",)

    def silent(self, below: float) -> bool:
        """Whether nobody is heard under this caption: no recognised words, and speech in less than this share of it."""
        return self.witnesses == ("captions",) and self.speech is not None and self.speech < below


def confidence(read: float | None, heard: float | None, agreement: float | None) -> float | None:
    """The formula of ``Evidence``; None unless both witnesses spoke and the reader scored itself."""
    if read is None or agreement is None:
        return None
    weight = 1.0 if heard is None else max(heard, LEAST_WEIGHT)
    return round((read + weight * agreement) / (1 + weight), 4)


@dataclass(frozen=True, slots=True)
class Doubted:
    """What was recognised at ``span`` and is no line, for ``reason``, unless a person gives ``line`` its words."""

    line: str
    span: Span
    text: str
    reason: str


Teller = Literal["person", "label", "voice", "guess", "nobody"]
Whom = Literal["person", "scene", "gaze", "nobody"]


@dataclass(frozen=True, slots=True)
class Provenance:
    """Where the parts of one line come from.

    ``text`` and ``time`` name senses (captions, recogniser), a kind of file (sidecar, embedded) or a person; time from
    the recogniser is told by the sound.  ``speaker`` was told by a person, a label in the subtitle file, or the voice
    and its scene; a "guess" is a close call between ``maybe``, likeliest first.  ``addressee`` was told by a person,
    the scene (names called out, turns) or gaze.  ``evidence`` is what a fused line has.
    """

    line: str
    text: tuple[str, ...]
    time: str
    speaker: Teller
    maybe: tuple[str, ...] = ()
    evidence: Evidence | None = None
    addressee: Whom = "nobody"
