"""Takes put in their slots, scene by scene: shorter variant, borrowed silence, trimmed pauses, stretch, flag.

The answer's order is that of the lines; a line without takes (left in the original) is skipped and keeps its
slot free of others only through its neighbours' spans.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from localize.episode import Asset
from localize.errors import WorkError
from localize.stages import Desk, Stage
from localize.stages._ladder import ACCEPT, Choice, Slot, Way, climb, reach
from localize.timing import Ms, Span
from localize.version import FitStep, Phone, Placed, Take


@dataclass(frozen=True, slots=True)
class FitLine:
    """A line as the fit sees it; ``on_screen`` lines start within 100 ms of the source."""

    id: str
    span: Span
    speaker: str
    on_screen: bool = True


@dataclass(frozen=True, slots=True)
class Job:
    """One scene.  ``until`` is where the next scene's first line or the episode's end puts a stop to
    borrowing; in ``kept`` the source's own voice sounds, and nobody talks into it.
    """

    scene: str
    lines: tuple[FitLine, ...]
    takes: tuple[Take, ...]
    until: Ms
    kept: tuple[Span, ...] = ()


def recipe(job: Job) -> dict[str, Any]:
    return {
        "lines": tuple(
            (line.id, line.span.start, line.span.end, line.speaker, line.on_screen) for line in job.lines
        ),
        "takes": tuple((take.line, take.variant, take.audio.digest) for take in job.takes),
        "until": job.until,
        "kept": tuple((span.start, span.end) for span in job.kept),
    }


def work(jobs: Sequence[Job], desk: Desk) -> Iterator[tuple[Job, tuple[Placed, ...]]]:
    for done, job in enumerate(jobs):
        desk.progress(done, len(jobs))
        yield job, _placed(job, desk)


def _placed(job: Job, desk: Desk) -> tuple[Placed, ...]:
    from localize.stages._pauses import Pauses

    unknown = {take.line for take in job.takes} - {line.id for line in job.lines}
    if unknown:
        raise WorkError(f"takes for lines that are not in the scene: {', '.join(sorted(unknown))}", job.scene)
    pauses = {take.audio.digest: Pauses.of(desk.path(take.audio)) for take in job.takes}
    lines = sorted((line for line in job.lines if any(take.line == line.id for take in job.takes)),
                   key=lambda line: line.span)  # fmt: skip
    takes = [{take.variant: take for take in job.takes if take.line == line.id} for line in lines]
    slots = [
        Slot(line.span, line.speaker, line.on_screen,
             tuple(Way(take.variant, take.length, Ms(take.length - pauses[take.audio.digest].saved))
                   for take in own.values()),
             *reach(line.span, job.kept))
        for line, own in zip(lines, takes, strict=True)
    ]  # fmt: skip
    chosen = climb(slots, job.until)
    return tuple(
        _fitted(
            line, own[choice.way.variant], choice, pauses[own[choice.way.variant].audio.digest], desk
        )
        for line, own, choice in zip(lines, takes, chosen, strict=True)
    )


def _fitted(line: FitLine, take: Take, choice: Choice, pauses: Any, desk: Desk) -> Placed:
    """The chosen take with its pauses cut and its tempo changed; phones move along."""
    stretch = choice.stretch if choice.stretch > 1.0005 else 1.0
    audio, phones = take.audio, take.phones
    if choice.trim or stretch > 1.0:
        audio = _rendered(take, choice.trim, stretch, pauses, desk)
        moved = (pauses.moved(phone.start) if choice.trim else phone.start for phone in phones)
        phones = tuple(
            Phone(Ms(round(at / stretch)), phone.ipa) for at, phone in zip(moved, phones, strict=True)
        )
    steps = _steps(line, choice, stretch)
    return Placed(
        line.id, replace(take, phones=phones), audio, Ms(choice.start), Ms(choice.length), round(stretch, 4),
        steps, Ms(choice.over),
    )  # fmt: skip


def _rendered(take: Take, trim: bool, stretch: float, pauses: Any, desk: Desk) -> Asset:
    from localize.media import audio
    from localize.media.stretch import tempo

    sound, rate = audio.read(desk.path(take.audio))
    sound = tempo(pauses.cut(sound, rate) if trim else sound, stretch, rate)
    return desk.keep(audio.write(desk.scratch(".wav"), sound, rate), "audio/wav")


def _steps(line: FitLine, choice: Choice, stretch: float) -> tuple[FitStep, ...]:
    taken: list[FitStep] = []
    if choice.way.variant == "short":
        taken.append("variant")
    if choice.start + choice.length > line.span.end:
        taken.append("borrow")
    if choice.trim:
        taken.append("trim")
    if stretch > 1.0:
        taken.append("stretch")
    if stretch > ACCEPT + 1e-3 or choice.over:
        taken.append("flag")
    return tuple(taken)


STAGE = Stage(
    "fit", revision=1, answer=tuple[Placed, ...], recipe=recipe, work=work, title=lambda job: job.scene
)
