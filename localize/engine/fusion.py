"""Captions and a recogniser asked together, where an episode has the one and this machine the other."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from localize import backends
from localize.engine.local import Runner
from localize.engine.order import Order
from localize.engine.plan import Plan
from localize.episode import Line, OnScreenText, Source, Stems, dialogue
from localize.errors import InputError
from localize.evidence import Evidence
from localize.roles import Heard
from localize.series import Character
from localize.stages import Choice, activity, diarize, fuse, listen
from localize.stages._shared_caption import Turn, clauses, told_apart
from localize.timing import Ms, Span
from localize.version import Finding

LISTENING = "source"
"""The findings' name: what the lines come from is not what it should be."""
UNFIT = 0.5
"""Share of the captions with words under them of which one says that the recogniser is no help."""
ORIGIN = "captions+asr"
"""What ``--transcript`` and the report call a fused transcript."""


@dataclass(frozen=True, slots=True)
class Ears:
    """Who is asked what is said and by how many: sound track ``track``, the recogniser, the engine that tells voices.

    ``references`` and ``most`` are those of the diarization; ``stems`` takes the sound apart, given where talk may be.
    """

    track: int
    language: str
    recogniser: Choice
    diarization: Choice
    references: tuple[diarize.Reference, ...]
    most: int
    stems: Callable[[Sequence[Span]], Stems]


def fuses(order: Order, plan: Plan) -> bool:
    """Whether captions, if there are any and nothing comes before them, are fused with what a recogniser hears."""
    return order.transcript in ("auto", ORIGIN) and "asr" in plan.choices


def wanted(order: Order) -> str:
    """Which reading of the episode is asked for: ``auto``, or one that ``transcripts`` knows."""
    return "captions" if order.transcript == ORIGIN else order.transcript


def fused(
    order: Order, source: Source, captions: Sequence[Line], texts: Sequence[OnScreenText], ears: Ears, runner: Runner
) -> tuple[fuse.Fused | None, tuple[Span, ...], tuple[Finding, ...]]:
    """The lines of ``captions`` (read from ``texts``) and of the sound, without ids; where talk may be; what is wrong.

    None where the recogniser heard another language and nobody insists on it: captions do without.
    """
    path, digest, length = order.media, source.digest, source.picture.length
    speech = runner.one(activity.STAGE, activity.Job(path, digest, ears.track, length))
    try:
        heard = listened(order, source, ears.track, ears.language, ears.recogniser, runner)
    except InputError as error:
        if order.transcript == ORIGIN:
            raise
        fix = f"{error.fix}, or say --transcript captions" if error.fix else "say --transcript captions"
        return None, (), (Finding(LISTENING, "", "warn", f"the captions alone are taken: {error.what}", fix),)
    job = fuse.Job(fuse.scored(captions, texts), heard, speech, length)
    whole = runner.one(fuse.STAGE, job)
    talk = merged((*(line.span for line in whole.lines), *(text.span for text in dialogue(texts))))
    turns = _turns(whole.lines, talk, ears, runner)
    both = runner.one(fuse.STAGE, replace(job, turns=turns)) if turns else whole
    return both, talk, tuple(_no_help(both))


def _no_help(both: fuse.Fused) -> Iterator[Finding]:
    """That the recogniser tells when hardly any line is said, for most of what it heard is not what captions show."""
    asked = [one for one in both.evidence if len(one.witnesses) == 2]
    untimed = sum(not one.timed for one in asked)
    if untimed > len(asked) * UNFIT:
        what = (
            f"what was recognised fits or times only {len(asked) - untimed} of {len(asked)} captions that it is under"
        )
        fix = "the others keep their captions' times; look whether recogniser and language are right (localize doctor)"
        yield Finding(LISTENING, "", "warn", what, fix)


def listened(
    order: Order, source: Source, track: int, language: str, recogniser: Choice, runner: Runner
) -> tuple[Heard, ...]:
    """What ``recogniser`` hears in the episode's sound track ``track``; asked once, whatever the words serve."""
    job = listen.Job(order.media, source.digest, track, source.picture.length, language, recogniser)
    return runner.one(listen.STAGE, job)


def recogniser(plan: Plan, cast: Sequence[Character]) -> Choice:
    """The chosen recogniser, told the names it should expect: those of the cast, where it takes any."""
    chosen, names = plan.choice("asr"), " ".join(dict.fromkeys(one.name for one in cast if one.name))
    options = {**dict(chosen.options), "names": names}
    return Choice.of(backends.card("asr", chosen.name), options) if names else chosen


def _turns(lines: Sequence[Line], talk: Sequence[Span], ears: Ears, runner: Runner) -> tuple[Turn, ...]:
    """Who speaks in the clauses of captions that two voices surely share; empty when there are none."""
    parts = [clauses(line) or (line.span,) for line in lines]
    if all(len(own) == 1 for own in parts):
        return ()
    spans = tuple((f"{n}.{m}", span) for n, own in enumerate(parts) for m, span in enumerate(own))
    stem = ears.stems(talk).dialogue
    job = diarize.Job(stem, spans, ears.references, ears.diarization, ears.most)
    answers = runner.one(diarize.STAGE, job)
    told = dict(answers)
    return tuple(
        turn for n, own in enumerate(parts)
        for turn in told_apart([(span, told[f"{n}.{m}"]) for m, span in enumerate(own)])
    )  # fmt: skip


def merged(spans: Iterable[Span]) -> tuple[Span, ...]:
    """The same time in as few spans as possible: where two meet they are one."""
    found: list[Span] = []
    for span in sorted(spans):
        if found and span.start <= found[-1].end:
            found[-1] = Span(found[-1].start, Ms(max(found[-1].end, span.end)))
        else:
            found.append(span)
    return tuple(found)


def talked(known: Sequence[Span], lines: Iterable[Span]) -> tuple[Span, ...]:
    """Where somebody may talk: as far as ``known`` before anybody corrected a line, and where people put ``lines``
    nobody knew of: over half of such a line is in no known stretch.

    So lines that are moved a little, divided or joined leave what was made of ``known`` as it is.
    """
    whole = merged(known)
    return (*known, *(own for own in lines if 2 * sum(own.overlap(one) for one in whole) < own.length))


def still_so(evidence: Sequence[Evidence], minted: Sequence[Line], lines: Iterable[Line]) -> tuple[Evidence, ...]:
    """The evidence with its lines' ids, without lines whose words or times a person has settled since.

    ``minted`` are the fused lines in the order of ``evidence``, ``lines`` what became of them.
    """
    now = {line.id: (line.text, line.span) for line in lines}
    named = (replace(one, line=line.id) for one, line in zip(evidence, minted, strict=False))
    same = {line.id for line in minted if now.get(line.id) == (line.text, line.span)}
    return tuple(one for one in named if one.line in same)
