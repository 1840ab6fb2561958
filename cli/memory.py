"""``localize memory``: what a series said before, and what other people's memories say."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

memory = typer.Typer(
    no_args_is_help=True, rich_markup_mode=None, help="The translation memory of a series: take in somebody else's."
)  # fmt: skip


def add_to(app: typer.Typer) -> None:
    """Make these commands part of ``app``."""
    app.add_typer(memory, name="memory")


@memory.command("import")
def take_in(
    place: Annotated[Path, typer.Argument(help="A series directory, or an episode beside one.")],
    file: Annotated[Path, typer.Argument(help="A translation memory (.tmx).")],
    reviewed: Annotated[
        bool, typer.Option("--reviewed", help="Its rows may fill lines [default: drafts, only offered].")
    ] = False,
    look: Annotated[bool, typer.Option("--look", help="Only tell what would be added; nothing is written.")] = False,
    by: Annotated[str, typer.Option(envvar="LOCALIZE_BY", help="Who signs for it.")] = "",
    as_json: Annotated[bool, typer.Option("--json", help="Print the result as JSON.")] = False,
    debug: Annotated[bool, typer.Option("--debug", help="Show the whole trace of an error.")] = False,
) -> None:
    """Add somebody else's memory to the series', each row with its file, its day and who changed it there."""
    from localize.cli import show

    from localize.engine.glossary_texts import place_of
    from localize.engine.memory_import import take
    from localize.engine.order import user

    found = take(place_of(place)[0], file, by or user(), reviewed, look)
    if as_json:
        left = dict(found.left)
        told = {"table": str(found.table), "added": found.added, "known": found.known, "left": left}
        print(json.dumps(told, ensure_ascii=False))
        return
    for why, count in found.left:
        show.wrapped(f"  {count} left out ({why})", "    ")
    kind = (
        "reviewed rows" if reviewed else "drafts, which are offered and never filled in (--reviewed answers for them)"
    )
    verb = "would be added" if look else "added"
    print(f"{found.table}: {len(found.added)} {verb} as {kind}; {found.known} were there already")
