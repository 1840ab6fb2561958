"""``localize glossary queries`` and ``answer``: what translators asked, and what the house says to it."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

Place = Annotated[Path, typer.Argument(help="A series directory, or an episode beside one.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print the result as JSON.")]
Debug = Annotated[bool, typer.Option("--debug", help="Show the whole trace of an error.")]


def add_to(glossary: typer.Typer) -> None:
    """Make these commands part of ``localize glossary``."""
    glossary.command()(queries)
    glossary.command()(answer)


def queries(
    place: Place,
    everything: Annotated[bool, typer.Option("--all", help="Those that are answered as well.")] = False,
    as_json: AsJson = False,
    debug: Debug = False,
) -> None:
    """Questions that translators asked in their kits and nobody answered yet."""
    from localize.cli import show

    from localize.engine.glossary_texts import place_of
    from localize.queries import read_queries

    root, episode = place_of(place)
    found = [one for one in read_queries(root) if episode is None or one.episode == episode.stem]
    told = [one for one in found if everything or one.open]
    if as_json:
        print(json.dumps([asdict(one) for one in told], ensure_ascii=False))
        return
    if told:
        rows = [(one.id, one.episode, one.line, one.market, one.told().removeprefix(f"{one.id} ")) for one in told]
        show.table("", ("id", "episode", "line", "market", "question"), rows)
    still = sum(one.open for one in found)
    way = f"; answer with: localize glossary answer {root} ID TEXT" if still else ""
    print(f"{len(found)} asked, {still} open{way}")


def answer(
    place: Place,
    query: Annotated[str, typer.Argument(help="The id of the question: Q3.")],
    text: Annotated[str, typer.Argument(help="What the translator needs to know.")],
    by: Annotated[str, typer.Option(envvar="LOCALIZE_BY", help="Who answers.")] = "",
    debug: Debug = False,
) -> None:
    """Answer a question; the answer goes out with every later kit of that line."""
    from localize.engine.glossary_texts import place_of
    from localize.engine.order import user
    from localize.queries import answer as say

    root, _ = place_of(place)
    print(say(root, query, text, by or user()).told())


def still_open(root: Path, episode: str, command: str) -> None:
    """Say that questions about an episode wait; nothing where none does."""
    from localize.queries import read_queries

    waiting = [one for one in read_queries(root) if one.open and one.episode == episode]
    if waiting:
        many = f"{len(waiting)} questions" if len(waiting) > 1 else "1 question"
        print(f"{many} of translators not answered yet: {command} glossary queries {root}")
