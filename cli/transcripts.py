"""The commands about the source itself: what is said in it, and what became of it in a later cut."""

from __future__ import annotations

import json
import shlex
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from localize.engine.order import Order

Folder = Annotated[Path | None, typer.Option("--folder", help="Where the files go [default: EPISODE.localize].")]
Series = Annotated[Path | None, typer.Option(help="The series directory [default: found beside the episode].")]
Subtitles = Annotated[Path | None, typer.Option(help="A Chinese subtitle file to take the lines from.")]
NewSubtitles = Annotated[Path | None, typer.Option("--subtitles", help="A Chinese subtitle file of the new cut.")]
Transcript = Annotated[str, typer.Option(help="Where lines come from, as in localize run.")]
Engine = Annotated[list[str] | None, typer.Option("--engine", help="Choose an engine: role=name (repeatable).")]
AsrModel = Annotated[Path | None, typer.Option("--asr-model", help="Folder of the speech recogniser's weights.")]
By = Annotated[str, typer.Option(envvar="LOCALIZE_BY", help="Who signs the changes found in transcript.csv.")]
StorePath = Annotated[Path | None, typer.Option("--store", help="Receipts and intermediate files; may be deleted.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print the result as JSON.")]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="Say only what went wrong and where the result is.")]
Debug = Annotated[bool, typer.Option("--debug", help="Show the whole trace of an error.")]


def add_to(app: typer.Typer) -> None:
    """Make these commands part of ``app``."""
    app.command()(transcribe)
    app.command()(conform)


def transcribe(
    episode: Annotated[Path, typer.Argument(help="The episode.")],
    out: Annotated[
        str, typer.Option("--out", help="Files to write: srt, vtt, ass, json, dapt (comma-separated).")
    ] = "",
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
    """Write down what is said, when and by whom: transcript.csv to edit, and the files asked for."""
    from localize.engine.transcribing import FORMATS
    from localize.engine.transcribing import transcribe as write_down
    from localize.errors import InputError
    from localize.pipeline import series_for

    formats = [one for name in out.split(",") for one in FORMATS if one == name.strip()]
    unknown = [name.strip() for name in out.split(",") if name.strip() and name.strip() not in FORMATS]
    if unknown:
        raise InputError(f"no transcript is written as {unknown[0]!r}", "--out", f"choose from {', '.join(FORMATS)}")
    order = order_for(
        episode, out=folder, series=series, subtitles=subtitles, transcript=transcript, engine=engine,
        asr_model=asr_model, by=by,
    )  # fmt: skip
    with telling(as_json, quiet) as (place, tell, stop), series_for(order, tell) as bible:
        found = write_down(order, bible, formats, place(store), tell, stop)
    _say_transcript(found, order, as_json, quiet)


def order_for(episode: Path, **asked: Any) -> Order:
    """A checked order for the source alone, without markets.  ``asked`` are options as ``localize run`` names them."""
    from localize.cli.commands import order_from

    from localize.pipeline import check

    order: Order = replace(order_from({"episode": episode, "to": "en", **asked}), markets=())
    check(order, "choose another folder with --folder DIR" if "out" in asked else "make the folder writable")
    return order


def _say_transcript(found: Any, order: Order, as_json: bool, quiet: bool) -> None:
    from localize.cli import show

    from localize.timing import clock

    episode = found.episode
    names = {speaker.id: speaker.name for speaker in episode.speakers}
    if as_json:
        files = [str(path) for path in found.files]
        told = {"source": found.origin, "lines": len(episode.lines), "unsure": sorted(found.unsure), "files": files}
        print(json.dumps(told, ensure_ascii=False))
        return
    rows = [
        (line.id, clock(line.span.start)[3:-4], names.get(line.speaker, line.speaker), line.text)
        for line in episode.lines
    ]  # fmt: skip
    if not quiet:
        show.table("", ("line", "begins", "speaker", "text"), rows)
        print()
    print(f"{len(episode.lines)} lines from {found.origin}; " + ", ".join(str(path) for path in found.files))
    if found.unsure and not quiet:
        listing = f"{order.command} cast {shlex.quote(str(order.episode))}"
        lines = ", ".join(sorted(found.unsure))
        print(f"unsure who says {lines}: listen, then {listing} lists voices, splits and assigns")


def conform(
    old: Annotated[Path, typer.Argument(help="The cut that was worked on.")],
    new: Annotated[Path, typer.Argument(help="The cut that was delivered after it.")],
    series: Series = None,
    subtitles: NewSubtitles = None,
    transcript: Transcript = "auto",
    engine: Engine = None,
    asr_model: AsrModel = None,
    by: By = "",
    store: StorePath = None,
    as_json: AsJson = False,
    quiet: Quiet = False,
    debug: Debug = False,
) -> None:
    """Carry line ids, approved texts and takes over to another cut of the episode; list what is new, lost or moved."""
    from localize.engine.conform import conform as carry_over

    before = order_for(old, series=series, by=by)
    before = replace(before, markets=_worked_on(before.out))
    after = order_for(
        new, series=series, subtitles=subtitles, transcript=transcript, engine=engine, asr_model=asr_model, by=by
    )
    with telling(as_json, quiet) as (place, tell, stop):
        found = carry_over(before, after, place(store), tell, stop)
    _say_conformed(found, after, as_json)


def _worked_on(out: Path) -> tuple[Any, ...]:
    """The markets whose line tables lie in ``out``: edits waiting in them come along."""
    from localize.market import markets

    return tuple(market for code, market in markets().items() if (out / code / "lines.csv").is_file())


def _say_conformed(found: Any, after: Order, as_json: bool) -> None:
    from localize.cli import show

    from localize.timing import clock

    def at(span: Any) -> str:
        return clock(span.start)[3:] if span is not None else "–"

    if as_json:
        rows = [
            {"line": one.id, "fate": one.fate, "text": one.text, "before": one.before and list(_ends(one.before)),
             "now": one.now and list(_ends(one.now))} for one in found.lines
        ]  # fmt: skip
        fresh = [list(_ends(span)) for span in found.fresh]
        print(json.dumps({"lines": rows, "new": fresh, "source": found.origin, "left": found.left},
                         ensure_ascii=False))  # fmt: skip
        return
    cells = [(one.id, one.fate, at(one.before), at(one.now), one.text) for one in found.lines]
    show.table("", ("line", "", "before", "now", "text"), cells)
    fates = [one.fate for one in found.lines]
    told = ", ".join(f"{fates.count(fate)} {fate}" for fate in ("kept", "moved", "cut", "lost", "new"))
    print(f"\n{told}; {len(found.fresh)} stretches of the picture are new" if found.fresh else f"\n{told}")
    for row in found.left:
        print(f"  script row left behind, of what was cut out: {row}")
    again = f"{after.command} {shlex.quote(str(after.episode))} --to … goes on with the same lines"
    print(again if found.carried else "nothing to do: carried over before")


def _ends(span: Any) -> tuple[int, int]:
    return span.start, span.end


def telling(as_json: bool, quiet: bool) -> Any:
    """(store opener, listener, stop event) for the length of a command; progress on the screen."""
    import contextlib
    import threading

    from localize.cli import show
    from localize.cli.stopping import heed

    from localize.engine.events import hearing_warnings
    from localize.engine.order import home
    from localize.engine.store import Store

    @contextlib.contextmanager
    def telling() -> Any:
        stop = threading.Event()
        heed(stop)
        with show.Quiet() if quiet or as_json else show.Screen(()) as screen, hearing_warnings(screen):
            yield lambda store: Store(store or home() / "store"), screen, stop

    return telling()
