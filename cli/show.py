"""How events, plans and tables look on a terminal, as plain lines and as JSON."""

from __future__ import annotations

import json
import shlex
import shutil
import sys
import textwrap
import threading
import time
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from localize.engine.events import Event, failed
from localize.engine.forecast import Forecast
from localize.engine.order import KINDS, Order
from localize.engine.outlook import Lines, Outlook
from localize.engine.plan import Plan
from localize.errors import LocalizeError


def table(title: str, columns: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> None:
    """Print a table that fits the terminal."""
    from rich.console import Console
    from rich.table import Table

    shown = Table(title=title or None, title_justify="left", header_style="bold", show_edge=False, pad_edge=False)
    for column in columns:
        shown.add_column(column, overflow="fold")
    for row in rows:
        shown.add_row(*(cell.replace("[", r"\[") for cell in row))
    Console(width=_width()).print(shown)


def _width() -> int:
    """Columns of the terminal (or of ``COLUMNS``); 100 where there is none."""
    return shutil.get_terminal_size((100, 24)).columns


def wrapped(text: str, indent: str) -> None:
    """Print a sentence on as many lines as it needs, no word broken, later lines indented."""
    print(textwrap.fill(text, _width(), subsequent_indent=indent, break_long_words=False, break_on_hyphens=False))


def plan_head(order: Order, outlook: Outlook) -> None:
    """What goes in and what would come out."""
    lines = outlook.lines
    count = f" ({lines.count} lines)" if lines.count else ""
    print(f"{order.episode.name} → {', '.join(market.code for market in order.markets)} ({', '.join(order.deliver)})")
    wrapped(f"lines from {lines.told}{count}" + (f": {lines.why}" if lines.why else ""), "  ")
    for note in outlook.notes:
        wrapped(note, "  ")
    print()


def plan_table(plan: Plan, lines: Lines) -> None:
    """Which engine every stage has and why, then the better ones that are missing and how to get them."""
    rows = []
    for row in plan.rows:
        grade = f" [{row.grade}]" if row.grade == "preview" else ""
        engine, why, licence = row.engine + grade, row.why, row.licence
        if row.stage == "transcribe" and lines.origin != "asr":
            engine, why, licence = "built in", f"lines from {lines.told}", ""
        rows.append((row.stage, engine, f"{why} · {licence}" if licence else why))
    table("", ("stage", "engine", "why · licence"), rows)
    for row in plan.rows:
        if row.better:
            wrapped(f"  {row.stage}: {row.better}" + (f" → {row.fix}" if row.fix else ""), "    ")


def outlook_table(outlook: Outlook) -> None:
    """What is reused and what would run, stage by stage; markets with the same answer on one line."""
    rows: list[tuple[str, str, str]] = []
    for stage in dict.fromkeys(state.stage for state in outlook.states):
        told: dict[str, list[str]] = {}
        for state in outlook.states:
            if state.stage == stage:
                told.setdefault(state.told, []).append(state.market)
        named = len(told) > 1 or stage == "package"
        for number, (words, markets) in enumerate(told.items()):
            rows.append(("" if number else stage, ", ".join(markets) if named else "", words))
    table("", ("stage", "market", "what would happen"), rows)
    print("\nnothing would run: every version is current\n" if outlook.idle else "")


def merged(rows: Sequence[tuple[str, ...]]) -> list[tuple[str, ...]]:
    """Rows that differ in nothing but their market, as one row for all of these markets."""
    found: dict[tuple[str, ...], list[str]] = {}
    for market, *rest in rows:
        found.setdefault(tuple(rest), []).append(market)
    return [(", ".join(markets), *rest) for rest, markets in found.items()]


def market_list(as_json: bool) -> str:
    """Every market on one line each, or all as one JSON list."""
    from localize.market import ALIASES, markets

    short: dict[str, str] = {}
    for alias, code in ALIASES.items():
        short.setdefault(code, alias)
    rows = [(code, short.get(code, ""), market.name) for code, market in markets().items()]
    if as_json:
        return json.dumps([dict(zip(("code", "short", "name"), row, strict=True)) for row in rows], ensure_ascii=False)
    return "\n".join(f"{code:8} {alias:4} {name}" for code, alias, name in rows)


class JsonLines:
    """One JSON object a line on standard output."""

    def __init__(self) -> None:
        self._lock = threading.Lock()

    def __call__(self, event: Event) -> None:
        body = {name: value for name, value in asdict(event).items() if value not in ("", 0.0, ())}
        if event.facts:
            body["facts"] = dict(event.facts)
        with self._lock:
            print(json.dumps(body, ensure_ascii=False), flush=True)

    def __enter__(self) -> JsonLines:
        return self

    def __exit__(self, _: Any, error: BaseException | None, *__: Any) -> None:
        """A run that ends before any market could says so in the stream as well."""
        if isinstance(error, LocalizeError):
            self(failed(error))


class Advice:
    """What to do next is told once: markets that stop for the same reason share most of it."""

    def __init__(self) -> None:
        self._told = set[str]()

    def once(self, message: str) -> str:
        """An error's message without the lines of advice that were told before."""
        what, arrow, advice = message.partition("\n  → ")
        fresh = [line for line in advice.splitlines() if line not in self._told]
        self._told.update(fresh)
        return what + arrow + "\n".join(fresh).lstrip() if fresh else what


class Quiet(JsonLines):
    """Warnings, failures and deliveries only."""

    def __init__(self) -> None:
        super().__init__()
        self._advice = Advice()

    def __call__(self, event: Event) -> None:
        if event.kind == "delivered":
            print(event.message, flush=True)
        elif event.kind in ("failed", "warning"):
            told = self._advice.once(event.message) if event.kind == "failed" else event.message
            print(told, file=sys.stderr, flush=True)

    def __exit__(self, *_: Any) -> None: ...


class Screen:
    """A bar with time left where there is a terminal; where there is none a line per finished stage, and one about what
    goes on whenever nothing was said for ``silence`` seconds.  The plan is shown once there is something to do.
    """

    def __init__(self, markets: tuple[str, ...], kinds: tuple[str, ...] = ("dub",), silence: float = 15.0) -> None:
        from rich.console import Console
        from rich.progress import BarColumn, Progress, TextColumn

        self._forecast = Forecast(markets, kinds)
        self._console = Console(stderr=True, highlight=False)
        self._bar = Progress(
            BarColumn(24), TextColumn("{task.percentage:>3.0f} %"), TextColumn("{task.fields[left]}"),
            TextColumn("{task.description}"), console=self._console, transient=True,
            disable=not self._console.is_terminal,
        )  # fmt: skip
        self._task = self._bar.add_task("starting", total=1.0, left="")
        self._spent: dict[tuple[str, str], tuple[int, int, float]] = {}
        self._lock, self._advice = threading.Lock(), Advice()
        self._moved = 0.0
        self._silence, self._said, self._over = silence, time.monotonic(), threading.Event()
        self._running: dict[str, str] = {}
        self._plan: list[str] = []

    def __enter__(self) -> Screen:
        self._bar.start()
        if not self._console.is_terminal:
            threading.Thread(target=self._breathe, name="progress", daemon=True).start()
        return self

    def __exit__(self, *_: Any) -> None:
        self._over.set()
        self._bar.stop()

    def _breathe(self) -> None:
        """Say what goes on after every silence, until the run is over."""
        while not self._over.wait(max(0.05, self._said + self._silence - time.monotonic())):
            with self._lock:
                if self._running and time.monotonic() - self._said >= self._silence:
                    self._print("  … " + ", ".join((*self._running.values(), *filter(None, (self._left(),)))))

    def _follow(self, event: Event) -> None:
        """Keep in mind what every market is at."""
        if event.kind in ("begin", "progress"):
            part = f" {100 * event.done / event.total:.0f} %" if event.kind == "progress" and event.total else ""
            self._running[event.market] = f"{event.stage} {event.market}".strip() + part
        elif event.kind in ("failed", "delivered") or (event.kind == "done" and event.done >= event.total):
            self._running.pop(event.market, None)

    def _print(self, words: str, style: str = "") -> None:
        self._said = time.monotonic()
        self._console.print(words, style=style, markup=False, soft_wrap=True)

    def __call__(self, event: Event) -> None:
        with self._lock:
            self._forecast.see(event)
            self._follow(event)
            if event.kind == "begin":  # a plan in front of "nothing to do" would say nothing
                for row in self._plan:
                    self._print(row)
                self._plan.clear()
            if event.kind == "done":
                self._finished(event)
            elif event.kind == "plan":
                self._plan.append(event.message)
            elif event.message:
                style = {"failed": "bold red", "warning": "yellow", "delivered": "bold green"}.get(event.kind, "")
                self._print(self._advice.once(event.message) if event.kind == "failed" else event.message, style)
            self._move(event)

    def _finished(self, event: Event) -> None:
        jobs, _, seconds = self._spent.get((event.stage, event.market), (0, 0, 0.0))
        self._spent[event.stage, event.market] = (jobs + 1, int(event.total), seconds + event.seconds)
        jobs, total, seconds = self._spent[event.stage, event.market]
        if jobs >= total:
            left = self._left()
            kind = event.title.partition(" ")[0]
            many = f"{jobs} jobs" if jobs > 1 else kind if kind in KINDS else "1 job"
            line = f"  {event.stage:<11}{event.market:<7} {many:>8} {seconds:7.1f} s"
            self._print(line + ("" if self._console.is_terminal or not left else f"   {left}"))
            del self._spent[event.stage, event.market]

    def _left(self) -> str:
        left = self._forecast.left
        if left is None:
            return ""
        return f"about {left / 60:.0f} min left" if left > 90 else f"about {max(1, left):.0f} s left"

    def _move(self, event: Event) -> None:
        now = time.monotonic()
        if now - self._moved > 0.1 and event.stage:
            self._moved = now
            what = f"{event.stage} {event.market}".strip()
            self._bar.update(self._task, completed=self._forecast.share, description=what, left=self._left())


def called() -> str:
    """How this program was started, as a person would type it again.

    ``localize`` when that is what the shell finds under the name, else the path (``.venv/bin/localize``), or the
    interpreter with ``-m localize``; ``localize`` too where another program took the commands in.
    """
    started = Path(sys.argv[0])
    if started.name == "__main__.py" and started.parent.name == "localize":
        return shlex.join([_typed(Path(sys.executable)), "-m", "localize"])
    return shlex.quote(_typed(started)) if started.name == "localize" else "localize"


def _typed(program: Path) -> str:
    """The bare name where the shell finds this very file under it, else the path."""
    found = shutil.which(program.name)
    if found is not None and program.exists() and Path(found).samefile(program):
        return program.name
    return str(program)
