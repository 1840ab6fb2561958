"""``localize voices`` and ``localize ledger``: whose voices there are, who agreed, and proof of what was used."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from localize.series import SeriesBible

Place = Annotated[Path, typer.Argument(help="A series directory, or an episode beside one.")]
By = Annotated[str, typer.Option(envvar="LOCALIZE_BY", help="Who does this, for the record.")]
AsJson = Annotated[bool, typer.Option("--json", help="As JSON, for scripts.")]
Debug = Annotated[bool, typer.Option("--debug", help="Show the whole trace of an error.")]

voices = typer.Typer(no_args_is_help=True, rich_markup_mode=None, help="Voices: list, add, consent, revoke, audition.")
ledger = typer.Typer(no_args_is_help=True, rich_markup_mode=None, help="The record of every use of a voice.")


def add_to(app: typer.Typer) -> None:
    """Make these commands part of ``app``."""
    app.add_typer(voices, name="voices")
    app.add_typer(ledger, name="ledger")


@voices.command("list")
def voices_list(
    place: Annotated[Path | None, typer.Argument(help="A series directory; none: the stock voices only.")] = None,
    as_json: AsJson = False,
    debug: Debug = False,
) -> None:
    """List the stock voices and the series' own: what they speak, grade, licence, and whether they may be used."""
    from localize.cli import show

    from localize.voice import stock_voices

    bible = _bible(place) if place else None
    found = [*stock_voices().values(), *(bible.voices.values() if bible else ())]
    rows = [_row(one, bible) for one in found]
    if as_json:
        print(json.dumps(rows, ensure_ascii=False))
        return
    show.table("", ("voice", "who", "pitch", "speaks", "may be used"), [
        (row["voice"], f"{row['name']} ({row['gender']}, {row['age']})", f"{row['pitch']:.0f} Hz",
         ", ".join(row["languages"]), f"{row['use']}; {row['grade']} grade") for row in rows
    ])  # fmt: skip
    print("\nlower and higher variants: stock-f1-low, stock-f1-high …")
    for note in dict.fromkeys(row["accent"] for row in rows if row["accent"]):
        show.wrapped(f"accent: {note}", "  ")
    for who, held in (bible.consents if bible else {}).items():
        show.wrapped(f"consent {who}: {_consent(held)}", "  ")


def _row(voice: Any, bible: SeriesBible | None) -> dict[str, Any]:
    held = bible.consents.get(voice.id) if bible else None
    use = "freely" if not voice.person else _consent(held) if held else f"not: no consent of {voice.person} is on file"
    return {
        "voice": voice.id, "name": voice.name, "person": voice.person, "gender": voice.gender, "age": voice.age,
        "pitch": voice.pitch, "languages": voice.languages, "accent": voice.accent, "engine": voice.engine,
        "grade": voice.grade, "licence": voice.licence, "use": use,
    }  # fmt: skip


def _consent(held: Any) -> str:
    if held.revoked:
        return f"revoked by {held.person}" + (f" on {held.revoked_on}" if held.revoked_on else "")
    ended = "ended" if held.until < date.today() else "until"
    where = ", ".join(held.territories)
    return (
        f"{held.person} agreed to {', '.join(held.scope)} in {', '.join(held.languages)}, {where}, {ended} {held.until}"
    )


@voices.command("add")
def voices_add(
    place: Place,
    voice: Annotated[str, typer.Argument(help="What to call the voice: lin_mei.")],
    clip: Annotated[Path, typer.Argument(help="A WAV or FLAC clip of this one person, 6 to 12 s.")],
    person: Annotated[str, typer.Option(help="Whose voice it is.")],
    gender: Annotated[str, typer.Option(help="female or male.")] = "unknown",
    age: Annotated[str, typer.Option(help="child, young, adult or elder.")] = "adult",
    languages: Annotated[str, typer.Option(help="Markets it may speak, e.g. en,es [default: all].")] = "",
    accent: Annotated[str, typer.Option(help="A remark on the accent.")] = "",
    by: By = "",
    debug: Debug = False,
) -> None:
    """Add a person's voice from a reference clip; it is used once their consent is on file."""
    from typing import cast, get_args

    from localize.engine.order import user
    from localize.engine.voice_desk import Person, add
    from localize.episode import Age, Gender
    from localize.tables import choice_of

    who = Person(
        person, cast(Gender, choice_of(gender, get_args(Gender), "gender", "--gender")),
        cast(Age, choice_of(age, ("child", "young", "adult", "elder"), "age", "--age")), _parts(languages), accent,
    )  # fmt: skip
    bible = _bible(place)
    made = add(bible, voice, clip, who, by or user(), date.today())
    print(f"{made.id}: {made.pitch:.0f} Hz, like {made.gender} {made.age}; speaks {', '.join(made.languages)}")
    print(f"not used before a consent is on file: localize voices consent {bible.root} {made.id} --document FILE …")


@voices.command("consent")
def voices_consent(
    place: Place,
    who: Annotated[str, typer.Argument(help="A character, whose actor agreed, or a voice of the series.")],
    document: Annotated[Path, typer.Option(help="The signed document; it is copied into the series.")],
    person: Annotated[str, typer.Option(help="Who agreed.")],
    languages: Annotated[str, typer.Option(help="Languages or markets: en,es-419.")],
    until: Annotated[str, typer.Option(help="The last day it holds: 2030-12-31.")],
    signed_on: Annotated[str, typer.Option("--signed-on", help="The day it was signed.")],
    scope: Annotated[str, typer.Option(help="voice_clone, face_swap, lip_edit, ai_training.")] = "voice_clone",
    territories: Annotated[str, typer.Option(help="worldwide, or countries: US,MX.")] = "worldwide",
    signed_by: Annotated[str, typer.Option("--signed-by", help="Who signed, where it is not the person.")] = "",
    by: By = "",
    debug: Debug = False,
) -> None:
    """Write down what a person signed: scope, languages, territories, until when, and the document's hash."""
    from localize.engine.order import user
    from localize.engine.voice_desk import Signed, consent

    given = Signed(
        person, document, _parts(scope), _parts(languages), _parts(territories), _day(until, "--until"),
        signed_by or person, _day(signed_on, "--signed-on"),
    )  # fmt: skip
    print(f"on file: {consent(_bible(place), who, given, by or user())}")


@voices.command("revoke")
def voices_revoke(
    place: Place,
    who: Annotated[str, typer.Argument(help="The character or voice whose consent ends.")],
    by: By = "",
    as_json: AsJson = False,
    debug: Debug = False,
) -> None:
    """Mark a consent as revoked (nothing is deleted) and list every delivered version that relied on it."""
    from localize.cli import show

    from localize.engine.order import user
    from localize.engine.voice_desk import revoke

    found = revoke(_bible(place), who, by or user(), date.today())
    columns = ("episode", "market", "version", "folder")
    if as_json:
        print(json.dumps([dict(zip(columns, row, strict=True)) for row in found], ensure_ascii=False))
        return
    print(f"{who}: revoked; later runs use a stock voice and say so")
    if not found:
        print("no delivered version on record used it")
        return
    show.table("", columns, [(episode, market, f"v{number}", folder) for episode, market, number, folder in found])


@voices.command("audition")
def voices_audition(
    place: Place,
    voice: Annotated[str, typer.Argument(help="A voice from the list.")],
    text: Annotated[str, typer.Argument(help="What it says.")],
    to: Annotated[str, typer.Option("--to", help="The market whose language it speaks.")] = "en",
    out: Annotated[Path | None, typer.Option(help="The WAV to write [default: VOICE.MARKET.wav here].")] = None,
    by: By = "",
    debug: Debug = False,
) -> None:
    """Speak a sentence with a voice into a WAV file; a person's voice needs their consent and goes on record."""
    from localize.engine.order import user
    from localize.engine.voice_desk import audition
    from localize.market import resolve

    target = out or Path(f"{voice}.{resolve(to).code}.wav")
    seconds = audition(_bible(place), voice, text, to, target, by or user(), date.today())
    print(f"{target}: {seconds:.1f} s")


@ledger.command("verify")
def ledger_verify(
    place: Place,
    out: Annotated[
        list[Path] | None, typer.Option("--out", help="A folder of versions elsewhere (repeatable).")
    ] = None,
    as_json: AsJson = False,
    debug: Debug = False,
) -> None:
    """Prove the record of voices and consents: nothing in it was changed, removed or moved, no version is missing.

    Exit 5 when it was tampered with, 4 when a crash tore off the last record (run the same command of then again).
    """
    from dataclasses import asdict

    from localize.engine.voice_uses import verify
    from localize.errors import GateError, WorkError
    from localize.voice_ledger import LEDGER

    bible = _bible(place)
    found = verify(bible, out or [])
    if as_json:
        print(json.dumps(asdict(found), ensure_ascii=False))
    elif not found.flaws:
        print(f"{found.records} records, unbroken; {found.versions} delivered versions, all on record")
    where = str(bible.root / LEDGER)
    told = "; ".join(f"line {one.line}: {one.message}" if one.line else one.message for one in found.flaws[:4])
    more = f" … and {len(found.flaws) - 4} more" if len(found.flaws) > 4 else ""
    if any(not one.torn for one in found.flaws):
        raise GateError(told + more, where, "compare it with your backup; what stands in it proves nothing as it is")
    if found.flaws:
        raise WorkError(told, where, "run the command that was stopped again: it writes its record anew")


def _bible(place: Path) -> SeriesBible:
    from localize.engine.glossary_texts import place_of
    from localize.series import open_series

    return open_series(place_of(place)[0])


def _parts(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(",") if part.strip())


def _day(text: str, option: str) -> date:
    from localize.errors import InputError

    try:
        return date.fromisoformat(text)
    except ValueError:
        raise InputError(f"{text!r} is no day", option, "write it as 2030-12-31") from None
