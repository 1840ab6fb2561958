"""``localize glossary``: the terms of a series, checked, handed out, taken back, and what a change would cost."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import typer

Place = Annotated[Path, typer.Argument(help="A series directory, or an episode beside one.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print the result as JSON.")]
Debug = Annotated[bool, typer.Option("--debug", help="Show the whole trace of an error.")]

glossary = typer.Typer(
    no_args_is_help=True, rich_markup_mode=None,
    help="The terms of a series: check, export, import, suggest, and the impact of a change.",
)  # fmt: skip


def add_to(app: typer.Typer) -> None:
    """Make these commands part of ``app``."""
    app.add_typer(glossary, name="glossary")


@glossary.command()
def check(place: Place, as_json: AsJson = False, debug: Debug = False) -> None:
    """Tell everything that is wrong or doubtful in terms.csv, with its line; exit 2 when it cannot be used."""
    from localize.cli import show

    from localize.engine.glossary_texts import known_texts, place_of
    from localize.series_files import read_cast
    from localize.term_checks import checked
    from localize.termbase import read_termbase

    root, episode = place_of(place)
    base = read_termbase(root / "terms.csv")
    texts = known_texts(root, episode)
    problems = checked(base, read_cast(root), texts)
    errors = [one for one in problems if one.weight == "error"]
    if as_json:
        print(json.dumps({
            "file": str(base.path), "terms": len(base.entries), "markets": base.markets, "episodes": sorted(texts),
            "problems": [asdict(one) for one in problems],
        }, ensure_ascii=False))  # fmt: skip
    else:
        rows = [(str(one.line), one.weight, one.check, one.market, _told(one)) for one in problems]
        if rows:
            show.table("", ("line", "", "check", "market", "what"), rows)
        print(_summary(base, problems, len(texts)))
    if errors:
        sys.exit(2)


def _told(problem: Any) -> str:
    return f"{problem.what} → {problem.fix}" if problem.fix else str(problem.what)


def _summary(base: Any, problems: Any, episodes: int) -> str:
    weights = [one.weight for one in problems]
    counts = ", ".join(_many(weights.count(name), name) for name in ("error", "warning", "note") if name in weights)
    known = f"held against {_many(episodes, 'episode')}"
    return f"{base.path}: {len(base.entries)} terms in {', '.join(base.markets) or 'no market'}, {known}; " + (
        counts or "nothing is wrong"
    )


def _many(count: int, noun: str) -> str:
    return f"{count} {noun}{'' if count == 1 else 's'}"
