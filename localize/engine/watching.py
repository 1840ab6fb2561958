"""Looking at the picture for who says a line and to whom, where sound and words do not tell it."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from localize.edits import Edit
from localize.engine.local import Runner
from localize.engine.order import Order
from localize.engine.plan import Plan
from localize.engine.speakers import People, addressed
from localize.episode import Line, OnScreenText, Scene, Shot, Source, Stems
from localize.roles import Attribution
from localize.series import SeriesBible
from localize.stages import gaze, watch
from localize.stages._facing import Faces, wanted
from localize.stages._who import Seen, doubted


def watched(
    order: Order, plan: Plan, runner: Runner, source: Source, cuts: Sequence[Shot], texts: Sequence[OnScreenText],
    stems: Stems, lines: Sequence[Line], voices: Mapping[str, Attribution], told: Sequence[Edit],
) -> dict[str, Seen]:  # fmt: skip
    """What is seen of every line that was watched; nothing is where all voices are clear or no engine is there.

    A line whose speaker a person set is not in doubt; ``told`` are a person's corrections.
    """
    set_by_hand = {one.line: bool(one.value) for one in told if one.field == "speaker"}
    unsure = {line for line in doubted(voices) if not set_by_hand.get(line)}
    parts = watch.worth(lines, cuts, texts, unsure) if "active_speaker" in plan.choices else ()
    jobs = [
        watch.Job(
            order.media, source.digest, source.picture, part.name, part.span,
            tuple((line.id, line.span) for line in part.lines), stems.dialogue, plan.choice("active_speaker"),
        )
        for part in parts
    ]  # fmt: skip
    seen = zip(jobs, runner.run(watch.STAGE, jobs), strict=True)
    return {line: Seen(job.name, one) for job, answer in seen for line, one in answer}


def gazed(
    order: Order, plan: Plan, runner: Runner, source: Source, cuts: Sequence[Shot], scenes: Sequence[Scene],
    texts: Sequence[OnScreenText], bible: SeriesBible, found: People,
) -> People:  # fmt: skip
    """The same people, with whom lines are said to where nothing but heads tells it.

    Lines said to nobody known are looked at, then, where their speaker looks to a side, the lines around them; nothing
    is where everybody is known or no engine is there.
    """
    asked = found.unaddressed if "gaze" in plan.choices else ()
    seen = _looked(order, plan, runner, source, cuts, found.lines, asked)
    sideways = [one for one in found.lines if one.id in found.unaddressed and one.id in seen and seen[one.id].side]
    around = {name for line in sideways for name in wanted(line, scenes, found.lines)}
    more = _looked(order, plan, runner, source, cuts, found.lines, around.difference(seen))
    return addressed(found, scenes, texts, bible, {**more, **seen})


def _looked(
    order: Order, plan: Plan, runner: Runner, source: Source, cuts: Sequence[Shot], lines: Sequence[Line],
    names: Collection[str],
) -> dict[str, Faces]:  # fmt: skip
    jobs = [
        gaze.Job(order.media, source.digest, source.picture, part.name, part.span,
                 tuple((line.id, line.span) for line in part.lines), plan.choice("gaze"))
        for part in gaze.worth(lines, cuts, names)
    ]  # fmt: skip
    answers = zip(jobs, runner.run(gaze.STAGE, jobs), strict=True)
    return {line: Faces(job.name, looks) for job, answer in answers for line, looks in answer}
