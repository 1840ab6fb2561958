"""``localize adaptations``: every cultural change of an episode, and deciding about them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated, Any

import typer

Ids = Annotated[list[str] | None, typer.Option(help="Ids of the list (repeatable); the next run follows.")]


def add_to(app: typer.Typer) -> None:
    """Make this command part of ``app``."""
    app.command()(adaptations)


def adaptations(
    episode: Annotated[Path, typer.Argument(help="An episode that was run.")],
    to: Annotated[str, typer.Option("--to", help="Only these markets [default: all that were worked on].")] = "",
    accept: Ids = None,
    reject: Ids = None,
    lock: Ids = None,
    series: Annotated[Path | None, typer.Option(help="The series directory [default: found beside it].")] = None,
    out: Annotated[Path | None, typer.Option(help="Where versions are [default: EPISODE.localize].")] = None,
    by: Annotated[str, typer.Option(envvar="LOCALIZE_BY", help="Who decides.")] = "",
    as_json: Annotated[bool, typer.Option("--json", help="Print the list as JSON.")] = False,
    debug: Annotated[bool, typer.Option("--debug", help="Show the whole trace of an error.")] = False,
) -> None:
    """List every cultural change with its reason; accept, reject or lock one."""
    from localize.cli import show

    from localize.engine.adaptations import table_path

    order, root = _order(episode, to, series, out, by)
    listed = {market.code: _listed(table_path(order, market)) for market in order.markets}
    words = {"accept": accept or [], "reject": reject or [], "lock": lock or []}
    if any(words.values()):
        _decide(order, root, listed, words)
        return
    if as_json:
        print(json.dumps(listed, ensure_ascii=False))
        return
    for code, rows in listed.items():
        told = [
            (*(one[name] for name in ("id", "line", "rule")), f"{one['before']} → {one['after']}", _state(one))
            for one in rows
        ]
        if told:
            show.table(code, ("id", "line", "rule", "change", "state"), told)
        print(f"{code}: {len(rows)} changes" if rows else f"{code}: nothing was adapted")


def _order(episode: Path, to: str, series: Path | None, out: Path | None, by: str) -> tuple[Any, Path]:
    from localize.cli.commands import order_from

    from localize.engine.order import default_out
    from localize.errors import InputError
    from localize.market import markets
    from localize.series import find_series

    place = out or default_out(episode)
    done = [code for code in markets() if (place / code / "lines.csv").is_file()]
    root = find_series(episode, series)
    if root is None or not (to or done):
        raise InputError("this episode was not run yet", str(episode), f"localize {episode} --to en,es,id")
    return order_from({"episode": episode, "to": to or ",".join(done), "out": out, "series": root, "by": by}), root


def _listed(path: Path) -> list[dict[str, str]]:
    from localize.engine.adaptations import COLUMNS
    from localize.spreadsheet import original
    from localize.tables import read_rows

    if not path.is_file():
        return []
    return [{name: original(row[name], True) for name in COLUMNS} for row in read_rows(path, COLUMNS, COLUMNS)]


def _state(row: dict[str, str]) -> str:
    return row["verdict"] or row["decision"]


def _decide(order: Any, root: Path, listed: dict[str, list[dict[str, str]]], words: dict[str, list[str]]) -> None:
    from datetime import UTC, datetime
    from typing import cast

    from localize import verdicts
    from localize.errors import InputError

    known: dict[str, list[tuple[str, dict[str, str]]]] = {}
    for market, rows in listed.items():
        for row in rows:
            known.setdefault(row["id"], []).append((market, row))
    at, found = datetime.now(UTC).isoformat(timespec="seconds"), []
    for word, ids in words.items():
        for one in ids:
            if one not in known:
                fix = "localize adaptations EPISODE lists the ids"
                raise InputError(f"no change is called {one!r}", f"--{word}", fix)
            if len(known[one]) > 1:  # tables that were written before ids told the market
                many = ", ".join(market for market, _ in known[one])
                raise InputError(f"{one!r} names changes of {many}", f"--{word}", "say the market with --to")
            code, row = known[one][0]
            found.append(
                verdicts.Verdict(
                    order.stem, code, row["line"], row["rule"], row["source"], row["before"], row["after"],
                    cast(verdicts.Word, word), order.by, at,
                )
            )  # fmt: skip
            print(f"{code} {row['line']}: {word} {row['before']} → {row['after']}")
    verdicts.add(root, found)
    print(f"{root / verdicts.FILE}; the next run follows")
