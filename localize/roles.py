"""What a backend can be.

A backend knows its engine and nothing else: no store, plan, command line, retry or policy.  One engine is one file in
``localize/backends/<role>/``; its module constant ``BACKEND`` is the index card.  Third-party packages register the
same card under the entry point group ``localize.backends.<role>``.

Sound is float32 in −1…1, shape ``(samples,)`` when mono, ``(samples, channels)`` otherwise; pictures are BGR uint8,
shape ``(height, width, 3)``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Literal, Protocol

from localize.episode import Box, Word
from localize.speech import Reference as Reference
from localize.speech import Speech as Speech
from localize.speech import SpeechRequest as SpeechRequest
from localize.speech import Tts as Tts
from localize.timing import Ms, Span
from localize.translation import Person as Person
from localize.translation import SceneLine as SceneLine
from localize.translation import Translation as Translation
from localize.translation import TranslationRequest as TranslationRequest
from localize.translation import Translator as Translator
from localize.voice import Grade

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Sound = NDArray[np.float32]
    Image = NDArray[np.uint8]

Role = Literal[
    "asr", "alignment", "diarization", "active_speaker", "gaze", "ocr", "translation", "tts", "separation", "lipsync",
    "faceswap", "inpainting",
]  # fmt: skip
ROLES: tuple[Role, ...] = (
    "ocr", "separation", "asr", "alignment", "diarization", "active_speaker", "gaze", "translation", "tts",
    "inpainting", "faceswap", "lipsync",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Availability:
    """Whether an engine can run here.  When not: ``why``, and the command or step that mends it."""

    ready: bool
    why: str = ""
    fix: str = ""


READY = Availability(True)


@dataclass(frozen=True, slots=True)
class Backend:
    """The index card of one engine.

    ``version`` changes whenever its answers may; it is part of every receipt.  ``licence`` names code and weights;
    ``commercial_use`` is None when nobody stated it.  ``needs`` is the extra that installs it, empty for the core.
    ``load(options)`` imports the heavy parts and returns the engine; it raises ``SetupError`` when it cannot.
    ``identity(options)`` returns what else its answers depend on (model id, weights digest, prompt hash).
    ``terms(options)`` returns licence and commercial use where they depend on the model the options choose, else None.
    ``by_market`` says that another market may mean another model: then ``options`` hold ``markets`` (codes with commas
    between them, all of the order), ``market`` too when it works, and ``noncommercial`` is ``yes`` where such weights
    are accepted.  ``clones(options)`` says whether a voice of this role is taken from a ``Reference``.
    """

    role: Role
    name: str
    version: str
    summary: str
    licence: str
    commercial_use: bool | None
    load: Callable[[Mapping[str, str]], Any]
    available: Callable[[Mapping[str, str]], Availability]
    needs: str = ""
    grade: Grade = "delivery"
    identity: Callable[[Mapping[str, str]], Mapping[str, str]] = field(default=lambda options: {})
    terms: Callable[[Mapping[str, str]], tuple[str, bool | None] | None] = field(default=lambda options: None)
    by_market: bool = False
    clones: Callable[[Mapping[str, str]], bool] = field(default=lambda options: False)

    def under(self, options: Mapping[str, str]) -> Backend:
        """The card with licence and commercial use of the model that ``options`` choose."""
        told = self.terms(options)
        return self if told is None else replace(self, licence=told[0], commercial_use=told[1])


# ── ocr ──────────────────────────────────────────────────────────────────────────────────────────────────────────────
@dataclass(frozen=True, slots=True)
class ReadText:
    """Text found in one picture; ``confidence`` is the reader's own, 0–1."""

    box: Box
    text: str
    confidence: float


class Ocr(Protocol):
    def read(self, image: Image, side: int = 640) -> tuple[ReadText, ...]:
        """Every text in ``image``; ``side`` caps the longer side the detector works on, in pixels.

        Called from several threads at once.
        """
        ...


# ── separation ───────────────────────────────────────────────────────────────────────────────────────────────────────
class Separation(Protocol):
    def separate(self, mix: Sound, rate: int, speech: Sequence[Span]) -> tuple[Sound, Sound]:
        """``mix`` (samples, channels) → (dialogue, music-and-effects), same shape.  ``speech`` is where talk may be."""
        ...


# ── asr ──────────────────────────────────────────────────────────────────────────────────────────────────────────────
Doubt = Literal["silence", "loop", "boilerplate", "pace", "song", "damaged"]
"""Why recognised words may not be speech: hardly anybody speaks under them; they turn in a circle; recognisers write
them over silence (subtitle credits, "thanks for watching"); nobody talks that fast; it is sung."""


@dataclass(frozen=True, slots=True)
class Heard:
    """A stretch of recognised speech.

    ``confidence`` is the recogniser's own for the whole stretch, 0–1, None when it gives none.  ``doubts`` never lower
    it: they say what speaks against the text.  Only what says itself that nobody speaks is not yielded at all.
    """

    span: Span
    text: str
    words: tuple[Word, ...] = ()
    confidence: float | None = None
    doubts: tuple[Doubt, ...] = ()


class Asr(Protocol):
    def transcribe(self, sound: Sound, rate: int, language: str) -> Iterator[Heard]:
        """Mono ``sound`` → what was said, in order, inside it.  ``language`` is a BCP 47 tag such as ``zh-CN``.

        ``sound`` is read by slices of some minutes, so that a mapped file is never held whole.
        """
        ...


# ── alignment ────────────────────────────────────────────────────────────────────────────────────────────────────────
class Alignment(Protocol):
    def align(self, sound: Sound, rate: int, lines: Sequence[Heard], language: str) -> tuple[tuple[Word, ...], ...]:
        """The words of every line (recognised text or a caption) with their times in the mono ``sound``.

        One tuple per line, in order; a line's words are looked for inside its span only, and are all of its text:
        one per character in Chinese and Japanese, punctuation with the word before.  ``Word.confidence`` is how well
        sound and text fit, the aligner's own.  A line the engine cannot place gets an empty tuple.
        """
        ...


# ── diarization ──────────────────────────────────────────────────────────────────────────────────────────────────────
@dataclass(frozen=True, slots=True)
class Attribution:
    """Who says a stretch: ``speaker`` is a reference's key, or ``"?1"``, ``"?2"`` … for voices outside the cast, the
    same name for the same voice throughout; ``"?0"`` when the stretch holds no voice to tell anything by.

    ``margin`` is how much better the best match is than the next, in the engine's own unit; 0 when there is one only.
    ``rivals`` are the other voices, likeliest first, each with its own margin below the best.  ``clear`` is the margin
    from which on this engine was not seen to err on stretches like this one; 0 when nobody measured that.  A
    ``toneless`` stretch is whispered: somebody is heard, and no voice can be told by it.
    """

    speaker: str
    margin: float
    rivals: tuple[tuple[str, float], ...] = ()
    clear: float = 0.0
    toneless: bool = False


class Diarization(Protocol):
    def attribute(
        self, sound: Sound, rate: int, spans: Sequence[Span], references: Mapping[str, Sequence[Sound]], most: int = 0
    ) -> tuple[Attribution, ...]:
        """One attribution per span of the mono ``sound``; ``references`` are clean mono clips per cast member.

        ``most`` bounds how many voices there can be; 0 when nobody knows.
        """
        ...


# ── active_speaker ───────────────────────────────────────────────────────────────────────────────────────────────────
Sight = Literal["speaks", "off_screen", "unclear", "no_face"]
"""Who is seen to say a line: one face; nobody in the picture; that cannot be told; no face is in the picture."""


@dataclass(frozen=True, slots=True)
class Speaking:
    """What the faces of one shot tell about a line.

    ``face`` is the number of the face that says it, the same for every line of this shot and no other, −1 unless
    ``sight`` is "speaks"; ``beside`` are the faces that were in the picture together with it, so other people's.
    ``motion`` is how much the liveliest mouth moves, in the engine's own unit.
    """

    sight: Sight
    face: int = -1
    beside: tuple[int, ...] = ()
    motion: float = 0.0


class ActiveSpeaker(Protocol):
    def speaking(
        self, frames: Iterable[tuple[Ms, Image]], sound: Sound, rate: int, spans: Sequence[Span]
    ) -> tuple[Speaking, ...]:
        """Per span who is seen to say it.

        ``frames`` are those of one shot, in order and one at a time, with the ms at which each appears; ``sound`` is
        the mono dialogue and ``spans`` are lines, all three on the same clock.
        """
        ...


# ── gaze ─────────────────────────────────────────────────────────────────────────────────────────────────────────────
@dataclass(frozen=True, slots=True)
class Look:
    """One face while a line is said.

    ``face`` is its number, the same for every line of this shot and no other; ``at`` is its middle and ``width`` its
    width, in shares of the picture's width; ``yaw`` is how far the head is turned in degrees as the engine measures
    them, to the right of the picture positive; ``speaks`` is whether these lips move, and no others as much.
    """

    face: int
    at: float
    width: float
    yaw: float
    speaks: bool


class Gaze(Protocol):
    def looks(self, frames: Iterable[tuple[Ms, Image]], spans: Sequence[Span]) -> tuple[tuple[Look, ...], ...]:
        """Per span the faces that are seen, from left to right.

        ``frames`` are pictures of one shot in order, a few for each span, with the ms at which each appears.
        """
        ...


# ── inpainting ───────────────────────────────────────────────────────────────────────────────────────────────────────
class Inpainting(Protocol):
    def fill(self, frames: Sequence[Image], masks: Sequence[Image]) -> Iterator[Image]:
        """Consecutive crops of one shot and their masks (uint8, 255 = replace; same size) → filled crops.

        Called from several threads at once, one shot each.
        """
        ...


# ── faceswap, lipsync ────────────────────────────────────────────────────────────────────────────────────────────────
class FaceSwap(Protocol):
    def swap(self, frames: Sequence[Image], source: Image) -> Iterator[Image]:
        """Frames of one face track with the face of ``source``, a consented picture."""
        ...


class LipSync(Protocol):
    def animate(self, frames: Sequence[Image], sound: Sound, rate: int, fps: float) -> Iterator[Image]:
        """Frames of one face track whose mouth follows ``sound``."""
        ...
