"""``localize glossary``: the terms of a series, checked, handed out, taken back, and what a change would cost."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import typer
from localize.cli import queries

Place = Annotated[Path, typer.Argument(help="A series directory, or an episode beside one.")]
File = Annotated[Path, typer.Argument(help="The file: its name says the format.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print the result as JSON.")]
Debug = Annotated[bool, typer.Option("--debug", help="Show the whole trace of an error.")]

glossary = typer.Typer(
    no_args_is_help=True, rich_markup_mode=None,
    help="The terms of a series: check, export, import, suggest, and the impact of a change.",
)  # fmt: skip


def add_to(app: typer.Typer) -> None:
    """Make these commands part of ``app``."""
    queries.add_to(glossary)
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


@glossary.command("export")
def hand_out(
    place: Place,
    file: File,
    to: Annotated[str, typer.Option("--to", help="The market of a kit, or of terms as XLIFF 2.1.")] = "",
    version: Annotated[str, typer.Option("--xliff", help="The version of XLIFF to write: 1.2 or 2.1.")] = "1.2",
    debug: Debug = False,
) -> None:
    """Write terms (.tbx .xliff .xlsx .csv) or memory (.tmx) of a series, or an episode's translator's kit."""
    from localize.engine.glossary_terms import export
    from localize.engine.glossary_texts import place_of
    from localize.market import resolve
    from localize.series import open_series

    root, episode = place_of(place)
    if episode is not None:
        _hand_out_kit(episode, root, file, to, version)
        return
    bible = open_series(root)
    count = export(root, file, bible.id, bible.language, version, resolve(to).code if to else "")
    print(f"{file}: {_many(count, 'row')} of {'memory.csv' if file.suffix.lower() == '.tmx' else 'terms.csv'}")


@glossary.command("import")
def take_back(
    place: Place,
    file: File,
    to: Annotated[str, typer.Option("--to", help="The market of a translator's kit (needed with an episode).")] = "",
    add: Annotated[bool, typer.Option("--add", help="Take rows with unknown ids as drafts.")] = False,
    known: Annotated[bool, typer.Option("--known", help="Leave rows with unknown ids out.")] = False,
    by: Annotated[str, typer.Option(envvar="LOCALIZE_BY", help="Who signs the changes.")] = "",
    as_json: AsJson = False,
    debug: Debug = False,
) -> None:
    """Take a file back: terms and memory into their tables with history, a kit into the line table as edits."""
    from localize.engine.glossary_terms import take
    from localize.engine.glossary_texts import place_of
    from localize.engine.order import user

    root, episode = place_of(place)
    if episode is not None:
        _take_kit(episode, root, file, to, by or user(), known, as_json)
        return
    found = take(root, file, by or user(), add, known)
    _say_taken(found.weighed, str(found.table), [row.get("id") or row["source"] for row in found.added], as_json,
               found.asked, found.filled)  # fmt: skip


@glossary.command()
def suggest(
    place: Place,
    by: Annotated[str, typer.Option(envvar="LOCALIZE_BY", help="Who said yes in suggestions.csv.")] = "",
    as_json: AsJson = False,
    debug: Debug = False,
) -> None:
    """Names and terms that keep coming back and nobody settled, for a person to say yes or no to."""
    from localize.cli import show

    from localize.engine.glossary_suggest import accept, write_suggestions
    from localize.engine.glossary_suggest import suggest as found_in
    from localize.engine.glossary_texts import known_texts, place_of
    from localize.engine.order import user
    from localize.series import open_series

    root, episode = place_of(place)
    taken = accept(open_series(root), by or user())
    bible, texts = open_series(root), known_texts(root, episode)
    found = found_in(texts, bible)
    file = write_suggestions(bible, found) if found else None
    if as_json:
        told = [asdict(one) for one in found]
        print(
            json.dumps(
                {"episodes": sorted(texts), "file": file and str(file), "suggestions": told, "taken": taken},
                ensure_ascii=False,
            )
        )
        return
    if taken:
        print(f"terms.csv: {', '.join(taken)} taken in; fill in their forms")
    if found:
        rows = [(one.source, one.kind, str(one.count), one.why, one.lines[0][1]) for one in found]
        show.table("", ("source", "kind", "times", "why", "for instance"), rows)
    known = f"{_many(len(texts), 'episode')} looked at"
    print(
        f"{file}: {known}; nothing is a term before somebody says yes in its column decision"
        if file
        else f"{known}: none found"
    )


@glossary.command()
def impact(
    place: Place,
    edited: Annotated[
        Path | None, typer.Argument(help="A changed table or series folder not yet in place [default: those in place].")
    ] = None,
    to: Annotated[str, typer.Option("--to", help="Only these markets [default: all that were worked on].")] = "",
    engine: Annotated[list[str] | None, typer.Option("--engine", help="The engines of the run: role=name.")] = None,
    deliver: Annotated[
        str, typer.Option("--deliver", help="Kinds of version: dub, sub, clean [default: those delivered last].")
    ] = "",
    store: Annotated[Path | None, typer.Option("--store", help="The store the episodes were run with.")] = None,
    as_json: AsJson = False,
    debug: Debug = False,
) -> None:
    """Which lines of which episodes and markets a changed table would redo, before anything is done."""
    from localize.engine.glossary_impact import over
    from localize.engine.glossary_texts import episodes_of, place_of
    from localize.errors import InputError

    root, episode = place_of(place)
    orders = _orders((episode,) if episode else episodes_of(root), root, to, engine, deliver)
    if not orders:
        raise InputError("no episode of this series was run yet", str(root), "without receipts nothing can be told")
    found = list(over(orders, edited, store))
    if as_json:
        print(json.dumps([asdict(one) for one in found], ensure_ascii=False))
        return
    _say_impact(found)


def _orders(episodes: Any, root: Path, to: str, engine: list[str] | None, deliver: str) -> list[Any]:
    """One order per episode and kinds of version, for the markets it was worked on."""
    from localize.cli.commands import order_from

    from localize.engine.glossary_impact import delivered
    from localize.engine.order import default_out
    from localize.market import markets

    made = []
    for video in episodes:
        done = [code for code in markets() if (default_out(video) / code / "lines.csv").is_file()]
        plain = order_from({"episode": video, "to": to or ",".join(done) or "en", "series": root, "engine": engine})
        kinds: dict[str, list[str]] = {}
        for market in plain.markets if to or done else ():
            kinds.setdefault(deliver or delivered(plain, market) or ",".join(plain.deliver), []).append(market.code)
        made += [
            order_from({"episode": video, "to": ",".join(codes), "series": root, "engine": engine, "deliver": kind})
            for kind, codes in kinds.items()
        ]
    return made


def _say_impact(found: list[Any]) -> None:
    from localize.cli import show

    touched = [one for one in found if one.touched or one.never]
    if touched:
        rows = [
            (one.episode, one.market, "nothing is known: not run with these engines" if one.never else
             " ".join(one.lines) or "no line", " ".join(one.adapted), " ".join(one.takes), ", ".join(one.stages))
            for one in touched
        ]  # fmt: skip
        show.table("", ("episode", "market", "translated anew", "adapted", "spoken", "besides"), rows)
    for one in found:
        if one.waiting:
            show.wrapped(f"  {one.episode} {one.market}: {_many(len(one.waiting), 'line')} wait in any case", "    ")
    lines, many = sum(len(one.lines) for one in found), len({one.episode for one in found})
    print(f"{_many(lines, 'line')} of {_many(many, 'episode')}; what comes out the same goes no further")
    if asked := sum(len(one.asked) for one in found):
        print(f"an engine is asked for {_many(asked, 'line')}; others have words, or will have an earlier episode's")
    if lines:
        print("where words differ, that line's take, its scene and the market's captions, mix and film follow")


def _say_taken(weighed: Any, table: str, added: list[str], as_json: bool, asked: Any = (), filled: Any = ()) -> None:
    from localize.cli import show

    if as_json:
        told: dict[str, Any] = {name: list(map(asdict, getattr(weighed, name))) for name in ("changes", "emptied")}
        told |= {"table": table, "added": added, "unknown": weighed.unknown, "asked": [asdict(one) for one in asked]}
        told |= {"filled": list(filled)}
        print(json.dumps(told, ensure_ascii=False))
        return
    if weighed.changes:
        rows = [(one.id, one.column, one.before, one.after) for one in weighed.changes]
        show.table("", ("id", "column", "before", "now"), rows)
    for one in weighed.emptied:
        show.wrapped(f"  {one.id} {one.column} is empty in the file; “{one.before}” stays", "    ")
    if weighed.unknown and not added:
        print(f"  left out, ids that are not known: {', '.join(one or '(none)' for one in weighed.unknown)}")
    for one in asked:
        show.wrapped(f"  {one.id} {one.line} asks: {one.question}", "    ")
    for one in filled:
        show.wrapped(f"  {one}; change it in terms.csv if it is another", "    ")
    many = f"{_many(len(weighed.changes), 'cell')} changed, {_many(len(added), 'row')} added as drafts"
    print(f"{table}: {many}" if weighed.changes or added else f"{table}: nothing to change")


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


# ── the translator's kit of an episode ──────────────────────────────────────────────────────────────────────
def _kit(episode: Path, root: Path, to: str, by: str) -> Any:
    """(order, bible, market) of a kit."""
    from localize.cli.commands import order_from

    from localize.errors import InputError
    from localize.series import open_series

    order = order_from({"episode": episode, "to": to or "en", "series": root, "by": by})
    if not to or len(order.markets) != 1:
        raise InputError("a kit is for one market", "--to", "name it: --to es")
    return order, open_series(root), order.markets[0]


def _hand_out_kit(episode: Path, root: Path, file: Path, to: str, version: str) -> None:
    from localize.engine.glossary_kit import export

    order, bible, market = _kit(episode, root, to, "")
    count = export(order, bible, market, file, version)
    print(f"{file}: {_many(count, 'line')} of {order.stem} for {market.code}")
    queries.still_open(root, order.stem, order.command)


def _take_kit(episode: Path, root: Path, file: Path, to: str, by: str, known: bool, as_json: bool) -> None:
    from localize.engine.glossary_kit import take
    from localize.engine.table import table_path

    order, bible, market = _kit(episode, root, to, by)
    found = take(order, bible, market, file, known)
    _say_taken(found.weighed, str(table_path(order, market)), [], as_json, found.asked)
    for line, other in found.one_sided if not as_json else ():
        print(f"  {line}: the {other} was not changed with it; look whether it still says the same")
