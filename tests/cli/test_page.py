"""``docs/cli.md`` names every command and option, and nothing else."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, get_args

import typer
from localize.cli.app import app

from localize import errors
from localize.engine.events import EventKind

PAGE = (Path(__file__).parents[2] / "docs" / "cli.md").read_text("utf-8")


def first_cells(title: str) -> set[str]:
    """The words in backticks in the first column of the tables under a heading; tables may also list whole commands."""
    part = PAGE.split(f"\n## {title}\n", 1)[1].split("\n## ", 1)[0]
    cells = (line.split("|")[1] for line in part.splitlines() if line.startswith("| `"))
    return {word for cell in cells for word in re.findall(r"`([^`]+)`", cell)}


def commands(command: Any, name: str) -> Iterator[tuple[str, Any]]:
    inner = getattr(command, "commands", {})
    if not inner or name == "localize":
        yield name, command
    for word, one in inner.items():
        yield from commands(one, f"{name} {word}")


def test_every_command_and_option_is_on_the_page_and_no_other() -> None:
    found = dict(commands(typer.main.get_command(app), "localize"))
    assert set(re.findall(r"^## (localize.*)$", PAGE, re.MULTILINE)) == set(found)
    for name, command in found.items():
        options = {word for one in command.params for word in (*one.opts, *one.secondary_opts)}
        told = {word for word in first_cells(name) - {"--help", "-h"} if not word.startswith("localize ")}
        assert told == options, name


def test_every_exit_code_is_on_the_page() -> None:
    part = PAGE.split("\n## Exit codes\n", 1)[1].split("\n## ", 1)[0]
    told = {int(code) for code in re.findall(r"^\| (\d+) \|", part, re.MULTILINE)}
    own = {one.exit_code for one in vars(errors).values() if isinstance(one, type) and issubclass(one, Exception)}
    assert told == own | {0, 130}


def test_every_event_is_on_the_page() -> None:
    assert first_cells("JSON events") - {"kind"} == set(get_args(EventKind))
