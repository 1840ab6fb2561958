"""Which length of a line is spoken, chosen before there is a take: the ladder climbed over estimates.

Only what was chosen is spoken.  The takes then correct the estimates of what was not, line by line, and the ladder is
climbed once more: a length that is chosen only now is spoken as well, so that a wrong estimate costs a take and never
the fit.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from localize.pace import Pace
from localize.stages._ladder import Slot, Variant, Way, climb, reach
from localize.stages.fit import FitLine
from localize.timing import Ms, Span
from localize.version import Take, Variants

LENGTHS: tuple[Variant, ...] = ("short", "normal", "long")


@dataclass(frozen=True, slots=True)
class Wording:
    """What a line may say, and how fast its voice says it."""

    line: FitLine
    dub: Variants
    pace: Pace
    emotion: str = ""

    def texts(self) -> dict[Variant, str]:
        """The lengths there are."""
        told: dict[Variant, str] = {"short": self.dub.short, "normal": self.dub.normal, "long": self.dub.long}
        return {name: text for name, text in told.items() if text.strip()}

    def expected(self) -> dict[Variant, Ms]:
        """The estimated length of each, at least a millisecond."""
        slot = self.line.span.length
        return {name: Ms(max(1, self.pace.in_slot(text, slot, self.emotion))) for name, text in self.texts().items()}


def chosen(
    wordings: Sequence[Wording], until: Ms, kept: Sequence[Span] = (), takes: Sequence[Take] = ()
) -> dict[str, Variant]:
    """The length to speak of each line of a scene, by line id; lines without words are left out.

    ``takes`` are those made so far: their lengths are known.
    """
    able = sorted((one for one in wordings if one.texts()), key=lambda one: one.line.span)
    if all(len(one.texts()) == 1 for one in able):
        return {one.line.id: next(iter(one.texts())) for one in able}
    slots = [_slot(one, kept, [take for take in takes if take.line == one.line.id]) for one in able]
    picked = climb(slots, until)
    return {one.line.id: choice.way.variant for one, choice in zip(able, picked, strict=True)}


def _slot(one: Wording, kept: Sequence[Span], takes: Sequence[Take]) -> Slot:
    lengths = one.expected()
    made = {take.variant: take.length for take in takes}
    off = [made[name] / lengths[name] for name in made if name in lengths]
    scale = sum(off) / len(off) if off else 1.0
    lengths = {name: made.get(name, Ms(max(1, round(ms * scale)))) for name, ms in lengths.items()}
    ways = tuple(Way(name, ms, ms) for name, ms in lengths.items())
    line = one.line
    return Slot(line.span, line.speaker, line.on_screen, ways, *reach(line.span, kept))


def only(dub: Variants, length: Variant) -> Variants:
    """A dub with one of its lengths."""
    kept = {"normal": "", "short": "", "long": "", length: getattr(dub, length)}
    return replace(dub, **kept)
