"""The gate of untranslated lines: short lines for a person, fields for a script, a command that goes on."""

from __future__ import annotations

import pickle
import shlex
from dataclasses import replace
from pathlib import Path

import pytest
from localize.cli.app import app
from localize.cli.commands import order_from
from typer.main import get_command

from localize.engine.gate import OPTIONS, resume_command, untranslated_gate
from localize.engine.order import Order, default_out, home, user
from localize.episode import Line
from localize.market import resolve
from localize.timing import Ms, Span

LINES = [Line(f"L{n:04}", Span(Ms(n * 1000), Ms(n * 1000 + 900)), f"第{n}句") for n in range(1, 10)]


@pytest.fixture
def order(tmp_path: Path) -> Order:
    episode = tmp_path / "ep 01.mp4"
    return Order(episode, (resolve("en"),), default_out(episode), by=user())


def test_a_person_reads_short_lines(order: Order) -> None:
    told = str(untranslated_gate(order, order.markets[0], LINES))
    table = order.out / "en-US" / "lines.csv"
    assert told.splitlines() == [
        "en-US: 9 lines have no translation",
        *(f"      L000{n} 第{n}句" for n in range(1, 7)),
        "      and L0007, L0008, L0009",
        f"  → fill in dub and subtitle in {table} (offer holds what came close), then run",
        f"      localize '{order.episode}' --to en-US",
        "    or let an engine translate them: set LOCALIZE_LLM_URL, or get a model with localize models "
        "(localize doctor)",
        "    or add --allow-draft: what is missing stays Chinese, marked as a draft",
        "    or drop a line: leave both columns empty and set its status to locked",
    ]


@pytest.mark.parametrize(
    ("url", "told"),
    [("foo", "LOCALIZE_LLM_URL is not an http address"), ("http://127.0.0.1:1/v1", "LOCALIZE_LLM_MODEL is not set")],
)
def test_an_engine_that_is_set_up_wrongly_says_what_is_wrong(
    order: Order, url: str, told: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LOCALIZE_LLM_URL", url)
    monkeypatch.delenv("LOCALIZE_LLM_MODEL", raising=False)
    error = untranslated_gate(order, order.markets[0], LINES)
    assert f"let an engine translate them: {told}; export LOCALIZE_LLM_" in error.fix


def test_one_line_is_one_line(order: Order) -> None:
    told = str(untranslated_gate(order, order.markets[0], LINES[:1]))
    assert told.startswith("en-US: 1 line has no translation\n      L0001 第1句\n  → ")
    assert "translate it:" in told and "and L" not in told


def test_a_script_gets_fields_that_survive_a_worker(order: Order) -> None:
    error = pickle.loads(pickle.dumps(untranslated_gate(order, order.markets[0], LINES)))
    facts = dict(error.facts)
    assert facts["lines"] == tuple(line.id for line in LINES) and facts["sources"][8] == "第9句"
    assert facts["table"] == str(order.out / "en-US" / "lines.csv")
    assert facts["resume"] == resume_command(order, order.markets[0]) and error.exit_code == 5


def test_the_command_repeats_what_was_asked_for(order: Order, tmp_path: Path) -> None:
    market = order.markets[0]
    asked = replace(
        order, series=tmp_path / "my series", out=tmp_path / "o", deliver=("dub", "sub"), platform="reels", number=4,
        engines={"tts": "espeak"}, allow_noncommercial=True, preset="medium", by="Ana Maria",
        options={"asr": {"model": str(tmp_path)}},
    )  # fmt: skip
    said = shlex.split(resume_command(asked, market, tmp_path / "store"))[1:]
    context = get_command(app).commands["run"].make_context("run", said)  # type: ignore[attr-defined]
    again = order_from(context.params)
    assert again == replace(asked, markets=again.markets) and context.params["store"] == tmp_path / "store"
    assert set(OPTIONS.values()) <= {word for one in context.command.params for word in one.opts}
    assert "--store" not in resume_command(order, market, home() / "store")
    dashed = replace(order, episode=Path("-e.mp4"), out=default_out(Path("-e.mp4")))
    assert resume_command(dashed, market) == "localize --to en-US -- -e.mp4"


def test_the_command_begins_as_the_person_began_theirs(order: Order) -> None:
    said = resume_command(replace(order, command=".venv/bin/localize"), order.markets[0])
    assert said.startswith(".venv/bin/localize '") and said.endswith("--to en-US")
