"""Who name plates show and the cast does not know: suggested to a person, never added by itself."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from localize.corrections import sayable
from localize.episode import Line, OnScreenText
from localize.media.nameplates import Plate, names_on_plates
from localize.series import Character
from localize.stages._who import NOBODY, is_plate_of
from localize.version import Finding


@dataclass(frozen=True, slots=True)
class Newcomer:
    """A ``name`` on plates that nobody in the cast has, and the ``role`` they tell besides (may be empty).

    ``lines`` are said while a plate shows; ``voice`` is the stranger who says most of them, empty when none does, and
    ``handle`` what commands call them.
    """

    name: str
    role: str
    lines: tuple[str, ...]
    voice: str
    handle: str = ""

    @property
    def called(self) -> str:
        """The name with the role, as a plate has them."""
        return f"{self.name} ({self.role})" if self.role else self.name


def newcomers(texts: Iterable[OnScreenText], lines: Sequence[Line], cast: Sequence[Character]) -> tuple[Newcomer, ...]:
    """In order of appearance; ``lines`` have their speakers."""
    return tuple(
        _met(plate, lines, cast)
        for plate in names_on_plates(texts)
        if not any(is_plate_of(plate.name, one) or _is_role_of(plate, one) for one in cast)
    )


def _is_role_of(plate: Plate, one: Character) -> bool:
    """Whether what was taken for the name is what a member of the cast is, and the other row the name."""
    return any(is_plate_of(word, one) for word in plate.role.split())


def _met(plate: Plate, lines: Sequence[Line], cast: Sequence[Character]) -> Newcomer:
    said = [line for line in lines if any(line.span.overlap(span) > 0 for span in plate.spans)]
    known = {NOBODY, *(one.id for one in cast)}
    spoken = dict[str, int]()
    for line in said:
        if line.speaker not in known:
            spoken[line.speaker] = spoken.get(line.speaker, 0) + line.span.length
    voice = max(spoken, key=lambda who: spoken[who], default="")
    handle = sayable(voice, {line.id: line.speaker for line in lines})
    return Newcomer(plate.name, plate.role, tuple(line.id for line in said), voice, handle)


def introductions(found: Iterable[Newcomer], episode: str = "EPISODE") -> tuple[Finding, ...]:
    """A note for each: who it is, where, and the command that would let them join the cast."""
    return tuple(
        Finding(
            "speaker", one.lines[0] if one.lines else "", "note",
            f"a name plate shows {one.called}, whom the cast does not know"
            + (f"; said meanwhile: {' '.join(one.lines)}" if one.lines else ""),
            way_in(one, episode),
        )
        for one in found
    )  # fmt: skip


def way_in(one: Newcomer, episode: str) -> str:
    """What a person can do to let somebody join the cast."""
    if one.voice:
        return f"if it is {one.voice}: localize cast {episode} rename '{one.handle}' {one.name}"
    return f"add {one.name} to the series' cast.toml, or write it among the aliases of who it is"
