"""What one market gets: renderings, takes, cues, findings and listings."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from localize.episode import Asset
from localize.timing import Ms, Span

Origin = Literal["person", "memory", "phrasebook", "machine", "source"]
Status = Literal["missing", "draft", "reviewed", "locked"]
Severity = Literal["note", "warn", "block"]
Decision = Literal["applied", "offered", "accepted", "rejected", "locked", "overruled"]
STANDING: tuple[Decision, ...] = ("applied", "accepted", "locked")
"""Decisions after which the change is in the words."""


@dataclass(frozen=True, slots=True)
class Variants:
    """Three lengths of the same thought for the dub; empty strings where no such variant exists."""

    normal: str
    short: str = ""
    long: str = ""


@dataclass(frozen=True, slots=True)
class Offer:
    """A translation that may fit but was not filled in: ``score`` is the text match 0–100, ``why_not`` the doubt."""

    text: str
    origin: Origin
    score: float
    why_not: str
    reference: str = ""


@dataclass(frozen=True, slots=True)
class Spent:
    """What an engine behind an address used up: tokens read and written, as its server counted them, and characters it
    was given to speak.

    ``cost`` is in the currency of the price the person gave per million tokens; None where none was given, and so for a
    sum of which a part has none.
    """

    tokens_in: int = 0
    tokens_out: int = 0
    cost: float | None = None
    characters: int = 0

    def __add__(self, other: Spent) -> Spent:
        costs = [one.cost for one in (self, other) if one]
        known = [cost for cost in costs if cost is not None]
        cost = sum(known) if known and len(known) == len(costs) else None
        tokens = self.tokens_in + other.tokens_in, self.tokens_out + other.tokens_out
        return Spent(*tokens, cost, self.characters + other.characters)

    def __bool__(self) -> bool:
        return bool(self.tokens_in or self.tokens_out or self.characters)

    def facts(self) -> tuple[tuple[str, float], ...]:
        """The fields that say something, by name."""
        told = (("tokens_in", self.tokens_in), ("tokens_out", self.tokens_out), ("cost", self.cost))
        more = (("characters", self.characters),) if self.characters else ()
        return tuple((name, value) for name, value in (*told, *more) if value is not None) if self else ()

    def told(self) -> str:
        """``"12,345 tokens in, 678 out, 0.0123 at the price given"``."""
        cost = "" if self.cost is None else f", {self.cost:.4f} at the price given"
        tokens = f"{self.tokens_in:,} tokens in, {self.tokens_out:,} out" if self.tokens_in or self.tokens_out else ""
        spoken = f"{self.characters:,} characters spoken" if self.characters else ""
        return f"{', '.join(filter(None, (tokens, spoken)))}{cost}"


NOTHING = Spent()


@dataclass(frozen=True, slots=True)
class Rendering:
    """One line in one market.  ``dub`` is spoken, ``subtitle`` is read: two fields, edited apart.

    ``origin`` and ``status`` are separate on purpose: a machine line can be reviewed, a person's can be a draft.
    ``origin == "source"`` marks a line left in the original under ``--allow-draft``.  ``doubt`` says why an engine was
    asked and its words were not taken, ``spent`` what that line cost, ``mended`` what was changed in its words, or left
    out of them, for the sake of approved terms.  ``pivot`` is the English an engine translated it through, with the
    Chinese of approved terms left standing; empty where it went the direct way.
    """

    line: str
    market: str
    dub: Variants
    subtitle: str
    origin: Origin
    status: Status
    reference: str = ""
    offers: tuple[Offer, ...] = ()
    terms: tuple[str, ...] = ()
    doubt: str = ""
    spent: Spent = NOTHING
    mended: tuple[str, ...] = ()
    pivot: str = ""


@dataclass(frozen=True, slots=True)
class Adaptation:
    """One cultural change, on the record.  ``field`` is ``dub`` or ``subtitle``.

    ``decision``: applied by the rules, or offered where a person or the picture has the say; accepted, rejected or
    locked by a person; overruled where a person wrote other words over it.
    """

    line: str
    rule: str
    level: int
    field: str
    before: str
    after: str
    why: str
    decision: Decision = "applied"


@dataclass(frozen=True, slots=True)
class Proposal:
    """Work for people that a level above dialogue means: a picture edit (3) or a remake (4).  Nothing does it here.

    ``where`` is a line, an on-screen text or empty for the whole series.
    """

    level: int
    where: str
    rule: str
    what: str
    why: str


@dataclass(frozen=True, slots=True)
class Phone:
    """One phoneme of a take: ``start`` in ms from the start of the take's audio, IPA."""

    start: Ms
    ipa: str


@dataclass(frozen=True, slots=True)
class Take:
    """One spoken rendering.  ``audio`` is a mono 48 kHz WAV; ``length`` its milliseconds before any fitting."""

    line: str
    variant: Literal["short", "normal", "long"]
    text: str
    audio: Asset
    length: Ms
    voice: str
    phones: tuple[Phone, ...] = ()
    spent: Spent = NOTHING


ON_TIME = Ms(0)
FitStep = Literal["variant", "borrow", "trim", "stretch", "flag"]


@dataclass(frozen=True, slots=True)
class Placed:
    """A take put in its slot: it sounds from ``start`` for ``length`` ms, sped up ``stretch`` times (1.0 = untouched).

    ``steps`` lists the rungs of the fit ladder that were needed, in order; ``over`` is what still sticks out, in ms.
    """

    line: str
    take: Take
    audio: Asset
    start: Ms
    length: Ms
    stretch: float
    steps: tuple[FitStep, ...] = ()
    over: Ms = ON_TIME


@dataclass(frozen=True, slots=True)
class Cue:
    """A subtitle on screen.  A line is not a cue: ``lines`` names the lines it carries."""

    id: str
    span: Span
    rows: tuple[str, ...]
    lines: tuple[str, ...]
    forced: bool = False


@dataclass(frozen=True, slots=True)
class Finding:
    """What a check saw.  ``line`` may be empty when the whole version is meant; ``fix`` says what to do."""

    check: str
    line: str
    severity: Severity
    message: str
    fix: str = ""


@dataclass(frozen=True, slots=True)
class Listing:
    """What a platform shows of this episode in this market.  ``status`` stays draft until a person signs."""

    market: str
    title: str
    titles: tuple[str, ...]
    synopsis: str
    synopses: tuple[tuple[int, str], ...]
    hook: str
    tags: tuple[str, ...]
    hashtags: tuple[str, ...]
    tropes: tuple[str, ...]
    platforms: tuple[tuple[str, tuple[tuple[str, str], ...]], ...]
    status: Status = "draft"


@dataclass(frozen=True, slots=True)
class Loudness:
    """Measured on the encoded file: integrated LUFS, true peak dBTP."""

    integrated: float
    true_peak: float
