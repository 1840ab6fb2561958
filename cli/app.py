"""Which commands there are and what they take."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Annotated, Any, cast

import typer
from localize.cli import adaptations, glossary, memory, models, people, scripts, transcripts, voices
from localize.cli.stopping import STOPPED, begun
from typer.core import TyperGroup

EXITS = (
    "Exit codes: 0 done · 1 error · 2 input · 3 set-up · 4 a stage failed · 5 a gate is closed (untranslated lines, "
    "consent, licence) · 130 stopped; the same command continues."
)


Misuse: Any = typer.BadParameter.__base__
"""Whatever a person typed wrongly; of which library it is depends on the version of typer."""


class Commands(TyperGroup):
    """``localize EPISODE …`` means ``localize run EPISODE …``; a bare command name is always the command."""

    def invoke(self, ctx: Any) -> Any:
        """Ctrl-C in any command says that nothing is lost."""
        begun()
        try:
            return super().invoke(ctx)
        except KeyboardInterrupt:
            typer.echo(STOPPED, err=True)
            raise typer.Exit(130) from None
        except Misuse as error:
            raise _misused(error) from error

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        own = {name for parameter in self.params for name in parameter.opts} | {"--help", "-h"}
        if args and args[0] not in self.commands and args[0] not in own:
            _mistyped(args[0], self.commands)
            args = ["run", *args]
        try:
            return super().parse_args(ctx, args)
        except Misuse as error:
            raise _misused(error) from error


def _mistyped(word: str, commands: Iterable[str]) -> None:
    """Raise ``InputError`` for a bare word that is no file but nearly a command; anything else is an episode."""
    if not word.isalpha() or Path(word).exists():
        return
    from localize.cli.show import called

    from localize.errors import InputError
    from localize.tables import did_you_mean

    if near := did_you_mean(word, commands, f"did you mean {called()}"):
        fix = f"{near.strip()} ({called()} --help lists all)"
        raise InputError(f"there is no command and no file {word!r}", fix=fix)


def _misused(error: Any) -> Exception:
    """A wrong word on the command line, told like every other error; a page of help stays one."""
    if type(error).__name__ == "NoArgsIsHelpError":
        return cast(Exception, error)
    from localize.cli.show import called

    from localize.errors import InputError

    command, context = "", error.ctx
    while context is not None and context.parent is not None:
        command, context = f"{context.info_name} {command}".strip(), context.parent
    what = error.format_message().strip().rstrip(".")
    return InputError(what[:1].lower() + what[1:], command, f"{' '.join((called(), command)).strip()} --help says more")


app = typer.Typer(
    cls=Commands,
    name="localize",
    help="Turn one finished Chinese micro-drama episode into regional versions:  localize EPISODE --to en,es,id",
    epilog=EXITS,
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)

To = Annotated[str, typer.Option("--to", help="Markets, e.g. en,es,id (→ en-US, es-419, id-ID), or all.")]
Series = Annotated[Path | None, typer.Option(help="The series directory [default: found beside the episode].")]
Out = Annotated[Path | None, typer.Option(help="Where versions go [default: EPISODE.localize beside the input].")]
StorePath = Annotated[Path | None, typer.Option("--store", help="Receipts and intermediate files; may be deleted.")]
Deliver = Annotated[str, typer.Option(help="What to deliver: dub, sub (original sound), clean (textless + sidecars).")]
Me = Annotated[Path | None, typer.Option("--me", help="The show's own music-and-effects track.")]
AudioTrack = Annotated[
    int | None, typer.Option("--audio-track", min=1, help="Sound track to work from [default: the first not silent].")
]
Subtitles = Annotated[Path | None, typer.Option(help="A Chinese subtitle file to take the lines from.")]
Transcript = Annotated[str, typer.Option(help="Where lines come from: auto, sidecar, embedded, captions, asr.")]
Engine = Annotated[list[str] | None, typer.Option("--engine", help="Choose an engine: role=name (repeatable).")]
AsrModel = Annotated[Path | None, typer.Option("--asr-model", help="Folder of the speech recogniser's weights.")]
Draft = Annotated[bool, typer.Option("--allow-draft", help="Go on with untranslated lines left in the original.")]
Noncommercial = Annotated[bool, typer.Option("--allow-noncommercial", help="Accept non-commercial weights.")]
AdaptLevel = Annotated[
    int, typer.Option("--adapt-level", min=0, max=4, help="0 literal, 1 terms, 2 renamed cast, 3 and 4 proposals.")
]
Platform = Annotated[str, typer.Option(help="Whose safe area to keep: tiktok, reels, shorts, youtube, app, meta_ads.")]
Template = Annotated[str, typer.Option(help="File names of a version.")]
Number = Annotated[int | None, typer.Option("--number", min=0, help="Episode number [default: from the file name].")]
Preset = Annotated[str, typer.Option(help="x264 preset of the one encode.")]
By = Annotated[str, typer.Option(envvar="LOCALIZE_BY", help="Who signs the edits found in the line tables.")]
AsJson = Annotated[bool, typer.Option("--json", is_eager=True, help="One JSON event a line, for scripts.")]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="Say only what went wrong and where the result is.")]
Debug = Annotated[bool, typer.Option("--debug", help="Show the whole trace of an error.")]


def _version(asked: bool) -> None:
    if asked:
        from importlib.metadata import version

        typer.echo(f"localize {version('localize-drama')}")
        raise typer.Exit


def _list_markets(context: typer.Context, asked: bool) -> None:
    if asked:
        from localize.cli.show import market_list

        typer.echo(market_list(bool(context.params.get("as_json"))))
        raise typer.Exit


@app.callback()
def root(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version.")
    ] = False,
) -> None:
    """Options of the whole command."""


@app.command()
def run(
    episode: Annotated[Path, typer.Argument(help="The finished episode, burned-in captions and all.")],
    to: To = "en,es,id",
    series: Series = None,
    out: Out = None,
    deliver: Deliver = "dub",
    me: Me = None,
    audio_track: AudioTrack = None,
    subtitles: Subtitles = None,
    transcript: Transcript = "auto",
    engine: Engine = None,
    asr_model: AsrModel = None,
    allow_draft: Draft = False,
    allow_noncommercial: Noncommercial = False,
    adapt_level: AdaptLevel = 1,
    platform: Platform = "tiktok",
    template: Template = "{series}_E{ep:03}_{market}_{kind}_v{n}",
    number: Number = None,
    preset: Preset = "veryfast",
    by: By = "",
    store: StorePath = None,
    as_json: AsJson = False,
    quiet: Quiet = False,
    debug: Debug = False,
    list_markets: Annotated[
        bool, typer.Option("--list-markets", callback=_list_markets, help="List markets and stop.")
    ] = False,
) -> None:
    """Localise one episode for its markets (the word 'run' may be left out)."""
    from localize.cli.commands import localise

    localise(_asked(locals()), store, "json" if as_json else "quiet" if quiet else "screen", debug)


@app.command()
def plan(
    episode: Annotated[Path, typer.Argument(help="The episode the plan is for.")],
    to: To = "en,es,id",
    series: Series = None,
    out: Out = None,
    deliver: Deliver = "dub",
    me: Me = None,
    audio_track: AudioTrack = None,
    subtitles: Subtitles = None,
    transcript: Transcript = "auto",
    engine: Engine = None,
    asr_model: AsrModel = None,
    allow_draft: Draft = False,
    allow_noncommercial: Noncommercial = False,
    adapt_level: AdaptLevel = 1,
    platform: Platform = "tiktok",
    template: Template = "{series}_E{ep:03}_{market}_{kind}_v{n}",
    number: Number = None,
    preset: Preset = "veryfast",
    store: StorePath = None,
    as_json: AsJson = False,
    debug: Debug = False,
) -> None:
    """Print what would run and why, what is there already, and how to get what is missing; nothing is done."""
    from localize.cli.commands import show_plan

    show_plan(_asked(locals()), store, as_json)


@app.command()
def doctor(as_json: AsJson = False, debug: Debug = False) -> None:
    """Say which engines are ready here, what is missing, the command that gets it, and every licence."""
    from localize.cli.doctor import show_doctor

    show_doctor(as_json)


@app.command()
def why(
    episode: Annotated[str, typer.Argument(help="The episode: its file or its name without the suffix.")],
    line: Annotated[str, typer.Argument(help="A line id such as L0007, or a stage such as render.")],
    to: To = "",
    series: Series = None,
    store: StorePath = None,
    debug: Debug = False,
) -> None:
    """Explain why a line or stage is as it is: whose words it has, what it was made from, what changed since."""
    from localize.cli.commands import show_why

    show_why(episode, line, to, series, store)


transcripts.add_to(app)
people.add_to(app)
glossary.add_to(app)
scripts.add_to(app)
models.add_to(app)
adaptations.add_to(app)
memory.add_to(app)
voices.add_to(app)


def _asked(values: dict[str, Any]) -> dict[str, Any]:
    """The parameters of a command that describe the order."""
    skip: Sequence[str] = ("store", "as_json", "quiet", "debug", "list_markets")
    return {name: value for name, value in values.items() if name not in skip}
