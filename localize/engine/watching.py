"""Looking at the picture for who says a line, where the voice does not tell it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from localize.edits import Edit
from localize.engine.local import Runner
from localize.engine.order import Order
from localize.engine.plan import Plan
from localize.episode import Line, OnScreenText, Shot, Source, Stems
from localize.roles import Attribution
from localize.stages import watch
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
