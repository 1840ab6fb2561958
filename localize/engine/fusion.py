"""Captions and a recogniser asked together, where an episode has the one and this machine the other."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path

from localize.engine.local import Runner
from localize.engine.order import Order
from localize.engine.plan import Plan
from localize.episode import Line, OnScreenText, Source
from localize.evidence import Evidence
from localize.stages import Choice, activity, fuse, listen

ORIGIN = "captions+asr"
"""What ``--transcript`` and the report call a fused transcript."""


def fuses(order: Order, plan: Plan) -> bool:
    """Whether captions, if there are any and nothing comes before them, are fused with what a recogniser hears."""
    return order.transcript in ("auto", ORIGIN) and "asr" in plan.choices


def wanted(order: Order) -> str:
    """Which reading of the episode is asked for: ``auto``, or one that ``transcripts`` knows."""
    return "captions" if order.transcript == ORIGIN else order.transcript


def fused(
    path: Path, source: Source, track: int, language: str, captions: Sequence[Line], texts: Sequence[OnScreenText],
    recogniser: Choice, runner: Runner,
) -> fuse.Fused:  # fmt: skip
    """The lines of caption ``captions`` (read from ``texts``) and sound track ``track`` of the file, without ids."""
    digest, length = source.digest, source.picture.length
    speech = runner.one(activity.STAGE, activity.Job(path, digest, track, length))
    heard = runner.one(listen.STAGE, listen.Job(path, digest, track, length, language, recogniser))
    return runner.one(fuse.STAGE, fuse.Job(fuse.scored(captions, texts), heard, speech, length))


def still_so(evidence: Sequence[Evidence], minted: Sequence[Line], lines: Iterable[Line]) -> tuple[Evidence, ...]:
    """The evidence with its lines' ids, without lines whose words or times a person has settled since.

    ``minted`` are the fused lines in the order of ``evidence``, ``lines`` what became of them.
    """
    now = {line.id: (line.text, line.span) for line in lines}
    named = (replace(one, line=line.id) for one, line in zip(evidence, minted, strict=False))
    same = {line.id for line in minted if now.get(line.id) == (line.text, line.span)}
    return tuple(one for one in named if one.line in same)
