"""Who says each line and to whom: the voices heard, then the picture where they do not tell, then what is left open."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from localize.corrections import standing
from localize.edits import Edit
from localize.engine.carried import remembered
from localize.engine.local import Runner
from localize.engine.order import Order
from localize.engine.plan import Plan
from localize.engine.speakers import People, people
from localize.engine.store import digest_of
from localize.engine.watching import gazed, watched
from localize.episode import Line, OnScreenText, Scene, Shot, Source, Stems
from localize.roles import Attribution
from localize.series import SeriesBible
from localize.stages import diarize, share
from localize.stages._who import doubted

WALK_ONS = 3
"""How many voices an episode may have that nobody wrote into the cast."""


def who_speaks(
    order: Order, plan: Plan, bible: SeriesBible, source: Source, runner: Runner, cuts: Sequence[Shot],
    texts: Sequence[OnScreenText], stems: Stems, lines: Sequence[Line], scenes: Sequence[Scene], told: Sequence[Edit],
    before: Mapping[str, str], labels: Mapping[str, str],
) -> People:  # fmt: skip
    """``lines`` with everybody, as far as it can be told; ``told`` are a person's corrections, ``before`` who said a
    line in an earlier cut, for where no voice is heard, ``labels`` the names that a subtitle file gives, by line.
    """
    voices = remembered(_voices_heard(plan, bible, runner, stems, lines), before)
    faces = watched(order, plan, runner, source, cuts, texts, stems, lines, voices, told)
    found = people(lines, scenes, texts, voices, bible, told, faces, labels)
    found = gazed(order, plan, runner, source, cuts, scenes, texts, bible, found)
    settled = {edit.line for edit in standing(told) if edit.field in ("speaker", "text", "span", "split", "merge")}
    return _shared(plan, runner, stems, found, voices, settled)


def references(bible: SeriesBible) -> tuple[tuple[diarize.Reference, ...], int]:
    """The cast's reference clips, and how many voices there can be at most; 0 when nobody knows."""
    clips = tuple(
        (member.id, member.references, tuple(digest_of(clip) for clip in member.references))
        for member in bible.cast if member.references
    )  # fmt: skip
    return clips, len(bible.cast) + WALK_ONS if bible.cast else 0


def _voices_heard(
    plan: Plan, bible: SeriesBible, runner: Runner, stems: Stems, lines: Sequence[Line]
) -> dict[str, Attribution]:
    """Whose voice says each line, told from the cast's reference clips; strangers are ?1, ?2 …"""
    clips, most = references(bible)
    spans = tuple((line.id, line.span) for line in lines)
    heard = runner.one(diarize.STAGE, diarize.Job(stems.dialogue, spans, clips, plan.choice("diarization"), most))
    return dict(heard)


def _shared(
    plan: Plan, runner: Runner, stems: Stems, found: People, voices: Mapping[str, Attribution], settled: set[str]
) -> People:
    """With the lines that two voices share; of a line that people ``settled`` it is not asked."""
    unclear = doubted(voices)
    lines = [line for line in found.lines if line.id not in settled and line.speaker not in ("", "?0")]
    clear = [line.id for line in lines if line.id not in unclear]
    job = share.job_of(lines, clear, stems.dialogue, plan.choice("diarization"))
    return found if job is None else replace(found, shared=runner.one(share.STAGE, job))
