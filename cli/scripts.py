"""``localize import``: somebody else's script for a market, laid over the lines of an episode."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import typer

Series = Annotated[Path | None, typer.Option(help="The series directory [default: found beside the episode].")]
Out = Annotated[Path | None, typer.Option(help="Where the line tables lie [default: EPISODE.localize].")]
By = Annotated[str, typer.Option(envvar="LOCALIZE_BY", help="Who signs for the words that are taken.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print the result as JSON.")]
Debug = Annotated[bool, typer.Option("--debug", help="Show the whole trace of an error.")]


def add_to(app: typer.Typer) -> None:
    """Make the command part of ``app``."""
    app.command("import")(take_script)


def take_script(
    episode: Annotated[Path, typer.Argument(help="The episode; it was run for the market before.")],
    script: Annotated[
        Path,
        typer.Argument(help="Subtitles (.srt .vtt .ass .ttml), .xlsx, .docx or .csv; or an answered questions.csv."),
    ],
    to: Annotated[str, typer.Option("--to", help="The market whose words they are.")],
    look: Annotated[bool, typer.Option("--look", help="Only show what would be taken; nothing is written.")] = False,
    reviewed: Annotated[bool, typer.Option("--reviewed", help="Sign what is taken [default: drafts].")] = False,
    series: Series = None,
    out: Out = None,
    by: By = "",
    as_json: AsJson = False,
    debug: Debug = False,
) -> None:
    """Take a finished script of other segments, without ids: sure lines as a person's words, the rest as questions."""
    from localize.cli.commands import order_from

    from localize.engine.script_import import answered, take
    from localize.engine.script_questions import is_answered
    from localize.errors import InputError
    from localize.series import find_series, open_series

    order = order_from({"episode": episode, "to": to, "series": series, "out": out, "by": by})
    if len(order.markets) != 1:
        raise InputError("a script is for one market", "--to", "name it: --to es")
    root = find_series(episode, series)
    if root is None:
        raise InputError("no series folder lies beside this episode", str(episode), "name it with --series DIR")
    asked = (order, open_series(root), order.markets[0], script, look, "reviewed" if reviewed else "draft")
    if is_answered(script):
        words, left, edits = answered(*asked)
        _say_answers(words, left, len(edits), look, as_json)
    else:
        _say_script(take(*asked), order, look, as_json)


def _say_answers(words: dict[str, str], left: tuple[str, ...], edits: int, look: bool, as_json: bool) -> None:
    from localize.cli import show

    if as_json:
        print(json.dumps({"taken": words, "left": left, "edits": edits}, ensure_ascii=False))
        return
    if words:
        show.table("", ("line", "answer"), sorted(words.items()))
    for one in left:
        show.wrapped(f"  {one}", "    ")
    print(f"{len(words)} answer{'' if len(words) == 1 else 's'} {'would be ' if look else ''}taken")


def _say_script(found: Any, order: Any, look: bool, as_json: bool) -> None:
    from localize.cli import show

    from localize.engine.script_questions import told

    if as_json:
        print(json.dumps({
            "lines": [asdict(one) for one in found.lines], "unused": [asdict(one) for one in found.unused],
            "notes": found.notes, "edits": len(found.edits), "questions": found.questions and str(found.questions),
        }, ensure_ascii=False))  # fmt: skip
        return
    show.table("", ("line", "begins", "source", "script", "margin", ""), [
        (one.line, one.start[3:-4], one.source, one.proposed, _sure(one), _what(one)) for one in found.lines
    ])  # fmt: skip
    for note in found.notes:
        show.wrapped(f"  {note}", "    ")
    if found.unused:
        texts = "; ".join(f"“{one.proposed}” ({one.place})" for one in found.unused[:5])
        more = f" … and {len(found.unused) - 5} more" if len(found.unused) > 5 else ""
        show.wrapped(f"  in the script and in no line: {texts}{more}", "    ")
    print(f"{'would be: ' if look else ''}{', '.join(told(found.lines))}")
    if found.questions is not None:
        market = order.markets[0]
        again = f"{order.command} import {order.episode} {found.questions} --to {market.code}"
        show.wrapped(f"{found.questions}: write yes, no or the right words into answer, then {again}", "  ")


def _sure(one: Any) -> str:
    return f"{one.margin:.1f}" if one.proposed and one.verdict in ("taken", "asked") else ""


def _what(one: Any) -> str:
    return f"{one.verdict}: {one.why}" if one.why else str(one.verdict)
