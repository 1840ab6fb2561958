"""``localize cast``: who speaks, and saying so."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any

import typer
from localize.cli import transcripts
from localize.cli.transcripts import (
    AsJson,
    AsrModel,
    By,
    Debug,
    Engine,
    Folder,
    Quiet,
    Series,
    StorePath,
    Subtitles,
    Transcript,
)

ACTIONS = {"rename": "WHO NAME", "merge": "WHO INTO", "split": "WHO LINE …", "assign": "LINE … WHO", "remove": "ID"}


def add_to(app: typer.Typer) -> None:
    """Make this command part of ``app``."""
    app.command()(cast)


def cast(
    place: Annotated[Path, typer.Argument(help="An episode, or a series directory.")],
    action: Annotated[str, typer.Argument(help="rename, merge, split, assign or remove; none: list.")] = "",
    names: Annotated[list[str] | None, typer.Argument(help="WHO NAME, WHO INTO, WHO LINE…, LINE… WHO, ID.")] = None,
    gender: Annotated[str, typer.Option(help="Of a stranger who gets a name: female or male.")] = "unknown",
    age: Annotated[str, typer.Option(help="Of a stranger who gets a name: child, young, adult, elder.")] = "unknown",
    folder: Folder = None,
    series: Series = None,
    subtitles: Subtitles = None,
    transcript: Transcript = "auto",
    engine: Engine = None,
    asr_model: AsrModel = None,
    by: By = "",
    store: StorePath = None,
    as_json: AsJson = False,
    quiet: Quiet = False,
    debug: Debug = False,
) -> None:
    """List who speaks, in an episode or a whole series, and say who it really is."""
    from localize.errors import InputError
    from localize.series import is_series

    told = list(names or [])
    _check(action, told, gender, age)
    if is_series(place):
        _series(place, action, told, as_json)
        return
    if place.is_dir():
        inside = next((one for one in sorted(place.iterdir()) if is_series(one)), None)
        hint = f"did you mean {inside}? " if inside else ""
        fix = f"{hint}name an episode, or the series directory: the folder with series.toml in it"
        raise InputError("is a folder, and no series", str(place), fix)
    order = transcripts.order_for(
        place, out=folder, series=series, subtitles=subtitles, transcript=transcript, engine=engine,
        asr_model=asr_model, by=by,
    )  # fmt: skip
    with transcripts.telling(as_json, quiet) as (opened, tell, stop):
        _episode(order, action, told, (gender, age), as_json, opened(store), tell, stop)


def _check(action: str, told: Sequence[str], gender: str, age: str) -> None:
    from typing import get_args

    from localize.episode import Age, Gender
    from localize.errors import InputError

    if action and action not in ACTIONS:
        raise InputError(f"nothing is called {action!r}", "localize cast", f"choose from {', '.join(ACTIONS)}")
    exact = {"rename": 2, "merge": 2, "remove": 1}.get(action)
    if action and (len(told) != exact if exact else len(told) < 2):
        fix = f"localize cast PLACE {action} {ACTIONS[action]}"
        raise InputError(f"{action} needs {ACTIONS[action]}", "localize cast", fix)
    for value, known, option in ((gender, Gender, "--gender"), (age, Age, "--age")):
        if value not in get_args(known):
            raise InputError(f"nobody is {value!r}", option, f"choose from {', '.join(get_args(known))}")


def _series(place: Path, action: str, told: Sequence[str], as_json: bool) -> None:
    """The cast of a series; of the actions ``rename`` and ``remove`` make sense without an episode."""
    import json

    from localize.cli import show

    from localize.engine.people import remove, rename
    from localize.errors import InputError
    from localize.series import open_series

    bible = open_series(place)
    if action == "rename":
        if bible.character(told[0]) is None:
            raise InputError(f"nobody is called {told[0]!r}", str(place), f"the cast: {_ids(bible)}")
        rename(bible, told[0], told[1])
    elif action == "remove":
        clips = ", ".join(str(one) for one in remove(bible, told[0]))
        if clips and not as_json:
            print(f"{told[0]} is out of the cast; nobody is told by {clips} any more, and you may delete it")
    elif action:
        raise InputError(f"{action} is about lines", str(place), "give an episode instead of the series")
    bible = open_series(place)
    columns = ("id", "name", "gender", "age", "clips", "role")
    rows = [(one.id, one.name, one.gender, one.age, str(len(one.references)), one.role) for one in bible.cast]
    if as_json:
        print(json.dumps([dict(zip(columns, row, strict=True)) for row in rows], ensure_ascii=False))
    else:
        show.table("", columns, rows)


def _ids(bible: Any) -> str:
    return ", ".join(one.id for one in bible.cast) or "nobody yet"


def _episode(
    order: Any, action: str, told: list[str], kind: tuple[Any, Any], as_json: bool, store: Any, tell: Any, stop: Any
) -> None:
    from localize.engine import people
    from localize.engine.events import Event
    from localize.engine.strangers import meant
    from localize.engine.transcribing import transcribe
    from localize.errors import InputError
    from localize.pipeline import series_of

    bible = series_of(order, tell)
    if action == "remove":
        raise InputError("remove is about the cast", str(order.episode), f"localize cast {bible.root} remove {told[0]}")
    found = transcribe(order, bible, (), store, tell, stop)
    if action:
        said = {line.id: line.speaker for line in found.episode.lines}
        at = -1 if action == "assign" else 0
        told[at] = who = meant(told[at], said)
        if action == "assign":
            people.assign(order, bible, told[:-1], who, found.episode)
        elif action == "merge":
            for what in people.merge(order, bible, who, meant(told[1], said), found.episode):
                tell(Event("warning", message=what))
        elif action == "split":
            people.split(order, bible, who, told[1:], found.episode)
        elif bible.character(who) is not None:
            people.rename(bible, who, told[1])
        else:
            people.introduce(order, bible, who, told[1], *kind, found.episode, store)
        bible = series_of(order, tell)
        found = transcribe(order, bible, (), store, tell, stop)
    _list(order, bible, found, as_json)


def _list(order: Any, bible: Any, found: Any, as_json: bool) -> None:
    import json

    from localize.cli import show

    from localize.corrections import sayable
    from localize.engine.newcomers import newcomers, way_in
    from localize.engine.people import voices

    heard = voices(found.episode, found.unsure)
    if as_json:
        print(json.dumps([
            {"speaker": one.speaker, "name": one.name, "lines": one.lines, "ms": one.length, "unsure": one.unsure}
            for one in heard
        ], ensure_ascii=False))  # fmt: skip
        return
    show.table("", ("speaker", "name", "says", "lines", "unsure"), [
        (one.speaker, one.name, f"{one.length / 1000:.1f} s", _short(one.lines), _short(one.unsure)) for one in heard
    ])  # fmt: skip
    place = shlex.quote(str(order.episode))
    strangers = [one.speaker for one in heard if bible.character(one.speaker) is None]
    said = {line.id: line.speaker for line in found.episode.lines}
    for who in strangers:
        name = sayable(who, said)
        print(f"  who is {who}?  {order.command} cast {place} rename '{name}' NAME  (or: merge '{name}' ID)")
    if any(len(one.lines) > 1 for one in heard if one.speaker in strangers):
        name = sayable(strangers[0], said)
        print(f"  two like voices may be one here:  {order.command} cast {place} split '{name}' LINE …")
    silent = [one.id for one in bible.cast if one.id not in {h.speaker for h in heard}]
    if silent:
        print(f"  of the cast, not heard here: {', '.join(silent)}")
    for one in newcomers(found.episode.on_screen, found.episode.lines, bible.cast):
        print(f"  on a name plate, not in the cast: {one.called} ({_short(one.lines) or 'nobody speaks'})")
        print(f"    {way_in(one, place)}")


def _short(lines: Sequence[str]) -> str:
    """L0001 L0003 …, the first eight."""
    return " ".join(lines[:8]) + (f" … {len(lines)} in all" if len(lines) > 8 else "")
