"""Text from the picture, time from the sound: captions and recognised speech become one set of lines.

Captions and recognised words are aligned by how they sound (``_alignment``).  A caption keeps its text, which was
typed by people who knew the script; words that are surely its own (``_votes``) give it its time, held against the
edges of speech activity (``_edges``), and without them it keeps the time it was set at.  Where two voices share a
caption it is divided (``_shared_caption``).  What was heard and is shown nowhere becomes a line of its own, whose one
witness is the recogniser.  A caption under which nobody speaks stays a line, for its words must be translated, and
keeps its kind, for nobody knows whether it is a thought or a sign; its evidence (``speech``) tells, and the check
``silent_caption`` asks a person whether it is to be voiced.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from localize.episode import Line, OnScreenText, Word, dialogue
from localize.evidence import Evidence, confidence
from localize.roles import Heard
from localize.stages import Desk, Stage
from localize.stages._alignment import Pairs, Shown, align
from localize.stages._edges import Activity, apart, times
from localize.stages._hearing import Hearing, hearing, runs
from localize.stages._shared_caption import Said, Turn, changes
from localize.stages._syllables import syllables
from localize.stages._votes import Vote, loose, vote
from localize.timing import Ms, Span

TRUSTED = 0.5
"""A line only heard needs words the recogniser holds for likelier right than wrong."""
IN_SPEECH = 0.5
"""… and speech activity under at least this share of it: hallucinations stand in music and silence."""
AT_ALL = 0.05
"""What something speaks against is no witness of a caption with less speech under it; judged, not counted."""
LEAST = 2
"""… and syllables: one alone is more often noise or a breath than a line."""
ALONE = 250
"""… and this silence, in ms, to a caption's words, or ``LONG`` syllables: else it is a slip inside that caption."""
LONG = 4
LONGEST = 20_000
"""No caption stands longer, in ms: further back nobody looks for one."""
COVERED = 0.5
"""Recognised words that share this much of their time with a caption are about that caption."""


@dataclass(frozen=True, slots=True)
class Caption:
    """A caption as a line, with the reader's own score 0–1 (None when nobody scored it)."""

    line: Line
    score: float | None = None


@dataclass(frozen=True, slots=True)
class Job:
    """``heard`` are recognised stretches with their words, ``speech`` is where somebody talks (None: nobody looked).

    ``turns`` divide captions that two voices share; ``length`` is the episode's.
    """

    captions: tuple[Caption, ...]
    heard: tuple[Heard, ...]
    speech: tuple[Span, ...] | None
    length: Ms
    turns: tuple[Turn, ...] = ()


@dataclass(frozen=True, slots=True)
class Fused:
    """Lines in time order, ids empty, and one ``Evidence`` for each, in the same order."""

    lines: tuple[Line, ...]
    evidence: tuple[Evidence, ...]


@dataclass(frozen=True, slots=True)
class _Draft:
    line: Line
    evidence: Evidence


def recipe(job: Job) -> dict[str, Any]:
    """All of the job."""
    return {"captions": job.captions, "heard": job.heard, "speech": job.speech, "turns": job.turns,
            "length": job.length}  # fmt: skip


def work(jobs: Sequence[Job], desk: Desk) -> Iterator[tuple[Job, Fused]]:
    for done, job in enumerate(jobs):
        desk.progress(done, len(jobs))
        yield job, fuse(job)


def scored(lines: Sequence[Line], texts: Sequence[OnScreenText]) -> tuple[Caption, ...]:
    """Caption lines with the reader's scores: the mean over the subtitle texts they were made of, by length."""
    read = sorted(dialogue(texts), key=lambda text: text.span)
    found = []
    for line in lines:
        own = [text for text in read if text.span.overlap(line.span) * 2 > text.span.length]
        size = sum(len(text.text) for text in own)
        score = round(sum(text.confidence * len(text.text) for text in own) / size, 4) if size else None
        found.append(Caption(line, score))
    return tuple(found)


def fuse(job: Job) -> Fused:
    """The lines of an episode from everything that saw or heard them.  Deterministic; linear in the episode."""
    captions = sorted(job.captions, key=lambda one: one.line.span)
    heard = hearing([one for one in job.heard if not _doubtful(one)])
    activity = None if job.speech is None else Activity.of(job.speech)
    shown = [Shown(tuple(s.sound for s in syllables(one.line.text)), one.line.span) for one in captions]
    pairs = align(shown, heard.sounds)
    taken = {word for own in pairs if own for word in range(_word(heard, own[0]), _word(heard, own[-1]) + 1)}
    others, extra = _sorted_out(captions, pairs, heard, taken, activity)
    votes = [vote(one.line.text, pairs[n], others.get(n), heard) for n, one in enumerate(captions)]
    doubted = hearing([one for one in job.heard if _doubtful(one) and _over_speech(one, activity)])
    for n, own in enumerate(align(shown, doubted.sounds)):
        votes[n] = votes[n] or vote(captions[n].line.text, own, None, doubted, doubted=True)
    held = loose([one.line.span for one in captions], votes, activity or Activity.of(()))
    drafts = [draft for one, said in zip(captions, votes, strict=True)
              for draft in _captioned(one, said, activity, held, job.turns)]  # fmt: skip
    return _settled([*drafts, *(_only_heard(run, heard, activity) for run in extra)], activity, job.length)


def _doubtful(heard: Heard) -> bool:
    """Whether something speaks against the stretch that speaks against its times as well: singers sing in time."""
    return any(doubt != "song" for doubt in heard.doubts)


def _over_speech(heard: Heard, activity: Activity | None) -> bool:
    """Whether anybody speaks under a doubtful stretch at all: else it is no witness, whatever it sounds like."""
    return activity is None or activity.share(heard.span) >= AT_ALL


def _word(heard: Hearing, pair: tuple[int, int]) -> int:
    return heard.sounds[pair[1]].word


# ── words without a caption ─────────────────────────────────────────────────────────────
def _sorted_out(
    captions: Sequence[Caption], pairs: Sequence[Pairs], heard: Hearing, taken: Collection[int],
    activity: Activity | None,
) -> tuple[dict[int, tuple[int, int]], list[tuple[int, int]]]:  # fmt: skip
    """What unmatched words are: another wording of an unmatched caption (by its number), or lines of their own."""
    starts = [one.line.span.start for one in captions]
    others: dict[int, tuple[int, int]] = {}
    extra: list[tuple[int, int]] = []
    for run in runs(heard, taken):
        span = heard.span(*run)
        near = range(bisect_left(starts, span.start - LONGEST), bisect_left(starts, span.end))
        shared, number = max(((captions[n].line.span.overlap(span), n) for n in near), default=(Ms(0), -1))
        if shared and shared >= COVERED * min(span.length, captions[number].line.span.length):
            if not pairs[number] and number not in others and _in_speech(span, activity):
                others[number] = run
        elif _believed(run, heard, activity, taken):
            extra.append(run)
    return others, extra


def _believed(run: tuple[int, int], heard: Hearing, activity: Activity | None, taken: Collection[int]) -> bool:
    """Whether words that no caption shows were really said."""
    size = len(heard.syllables(*run))
    score, span = heard.score(*run), heard.span(*run)
    if size < LEAST or heard.doubted(*run) or not heard.placed(*run):
        return False
    if (score is not None and score < TRUSTED) or not _in_speech(span, activity):
        return False
    near = (heard.tokens[word].span for word in (run[0] - 1, run[1] + 1) if word in taken)
    return size >= LONG or all(max(one.start - span.end, span.start - one.end) >= ALONE for one in near)


def _in_speech(span: Span, activity: Activity | None) -> bool:
    return activity is None or activity.share(span) >= IN_SPEECH


def _only_heard(run: tuple[int, int], heard: Hearing, activity: Activity | None) -> _Draft:
    span = heard.span(*run)
    if activity is not None:
        span = times(None, (span.start, span.end), activity)
    own = heard.tokens[run[0] : run[1] + 1]
    words = tuple(Word(one.text, one.span, one.confidence) for one in own if one.timed)
    line = Line("", span, heard.text(*run), words=words)
    return _Draft(line, Evidence("", ("recogniser",), heard=heard.score(*run)))


# ── captions ────────────────────────────────────────────────────────────────────────────
def _captioned(
    caption: Caption, said: Vote | None, activity: Activity | None, held: tuple[bool, bool], turns: Sequence[Turn]
) -> Iterator[_Draft]:
    """The caption's line, or lines when voices share it, with its time and its evidence."""
    known = said.known if said is not None else (None, None)
    span = times(caption.line.span, known, activity or Activity.of(()), held)
    line = replace(caption.line, span=_touching(span, caption.line.span))
    if said is not None and line.kind == "speech" and said.heard.sung(said.first, said.last):
        line = replace(line, kind="song")
    for part in _parts(line, _said(line, said.pairs, said.heard) if said is not None and said.timed else [], turns):
        yield _Draft(part, _evidence(caption, said))


def _touching(span: Span, shown: Span) -> Span:
    """``span`` reaching its caption's time, so that nobody takes the caption for one that no line stands for."""
    return span if span.overlap(shown) else Span(min(span.start, Ms(shown.end - 1)), max(span.end, Ms(shown.start + 1)))


def _parts(line: Line, said: Sequence[Said], turns: Sequence[Turn]) -> Iterator[Line]:
    """The line, cut where another voice takes over; each part ends and begins with its own words."""
    cuts = changes(line.text, said, turns)
    firsts, places = [0, *(first for first, _ in cuts), len(said)], [0, *(cut for _, cut in cuts), len(line.text)]
    for number in range(len(cuts) + 1):
        own = said[firsts[number] : firsts[number + 1]]
        start = own[0].span.start if number else line.span.start
        end = own[-1].span.end if number < len(cuts) else line.span.end
        text = line.text[places[number] : places[number + 1]].strip()
        timed = tuple(Word(line.text[w.start : w.end], w.span, w.confidence) for w in own if w.word)
        yield replace(line, text=text, span=Span(start, Ms(max(end, start + 1))), words=timed)


def _said(line: Line, pairs: Pairs, heard: Hearing) -> list[Said]:
    """The caption's characters under each recognised word, at that word's time: homophones corrected by the caption.

    What the recogniser lost at either end, ``LEAST`` syllables or more, is one stretch.
    """
    sounds, found = syllables(line.text), dict[int, list[int]]()
    for own, other in pairs:
        if heard.tokens[heard.sounds[other].word].timed:
            found.setdefault(heard.sounds[other].word, []).append(own)
    said = [
        Said(sounds[own[0]].start, sounds[own[-1]].end, heard.tokens[word].span, heard.tokens[word].confidence)
        for word, own in found.items()
    ]
    if said and pairs[0][0] >= LEAST and line.span.start < said[0].span.start:
        said.insert(0, Said(0, sounds[pairs[0][0] - 1].end, Span(line.span.start, said[0].span.start), word=False))
    if said and len(sounds) - 1 - pairs[-1][0] >= LEAST and said[-1].span.end < line.span.end:
        rest = sounds[pairs[-1][0] + 1]
        said.append(Said(rest.start, len(line.text), Span(said[-1].span.end, line.span.end), word=False))
    return said


def _evidence(caption: Caption, said: Vote | None) -> Evidence:
    if said is None:
        return Evidence("", ("captions",), read=caption.score)
    words = said.heard.text(said.first, said.last)
    differs = "".join(filter(str.isalnum, words)) != "".join(filter(str.isalnum, caption.line.text))
    return Evidence(
        "", ("captions", "recogniser"), caption.score, said.score, said.agreement,
        confidence(caption.score, said.score, said.agreement), words if differs else "", timed=said.timed,
    )  # fmt: skip


# ── all together ────────────────────────────────────────────────────────────────────────
def _settled(drafts: Sequence[_Draft], activity: Activity | None, length: int) -> Fused:
    """In time order, none reaching into its neighbour, each with the share of its time in which somebody talks."""
    ordered = sorted(drafts, key=lambda draft: draft.line.span)
    spans = apart([draft.line.span for draft in ordered], length)
    return Fused(
        tuple(replace(draft.line, span=span) for draft, span in zip(ordered, spans, strict=True)),
        tuple(
            replace(draft.evidence, speech=None if activity is None else activity.share(span))
            for draft, span in zip(ordered, spans, strict=True)
        ),
    )  # fmt: skip


STAGE = Stage("fuse", revision=6, answer=Fused, recipe=recipe, work=work, shared=True)
