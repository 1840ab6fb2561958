"""``localize models``: which models there are, under which terms, and how they get here."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from localize.cli import show

if TYPE_CHECKING:
    from localize.engine.hub import Proposal
    from localize.model_cards import Installed

Debug = Annotated[bool, typer.Option("--debug", help="Show the whole trace of an error.")]
AsJson = Annotated[bool, typer.Option("--json", help="As JSON, for scripts.")]
Names = Annotated[list[str] | None, typer.Argument(help="Names from the list [default: the face models].")]
Revision = Annotated[str, typer.Option(help="A commit of the model's repository [default: the pinned one].")]
Yes = Annotated[bool, typer.Option("--yes", "-y", help="Agree to source, size and licence without being asked.")]
Endpoint = Annotated[str, typer.Option(help="Another hub's address [default: HF_ENDPOINT].")]
Folder = Annotated[Path, typer.Argument(help="The model's folder; for the face models a folder or the wheel itself.")]
Name = Annotated[str, typer.Option(help="What to call it; a name from the list brings its card [default: folder].")]
Licence = Annotated[str, typer.Option(help="Its licence, where the list does not know it.")]
Pair = Annotated[list[str] | None, typer.Option(help="What it translates, e.g. zh-en (repeatable).")]
Languages = Annotated[str, typer.Option(help="Or the languages it translates between, or speaks, e.g. zh,en,es.")]
Use = Annotated[str, typer.Option(help="commercial or non-commercial, where its licence says so.")]

app = typer.Typer(no_args_is_help=True, rich_markup_mode=None, help="Model files: list, fetch with consent, import.")


def add_to(parent: typer.Typer) -> None:
    """Hang the commands under ``localize models``."""
    parent.add_typer(app, name="models")


@app.command("list")
def models_list(as_json: AsJson = False, debug: Debug = False) -> None:
    """List every model this program knows or has: licence, commercial use, where from, whether it is here."""
    from localize.model_cards import home

    rows = [*_translation(), *_faces()]
    if as_json:
        print(json.dumps(rows, ensure_ascii=False))
        return
    show.table("", ("model", "what", "licence", "state"), [
        (row["model"], _what(row), f"{row['licence']} ({row['use']})", _state(row)) for row in rows
    ])  # fmt: skip
    print(f"\nfolder {home()}\nlocalize models fetch NAME asks before it downloads; localize models import is offline")


@app.command("fetch")
def models_fetch(
    names: Names = None, revision: Revision = "", yes: Yes = False, endpoint: Endpoint = "", debug: Debug = False
) -> None:
    """Download models, checked by SHA-256: named ones after asking; without a name the face models, at once.

    Those are Apache-2.0, 36 MB, pinned by this program, and come from the package index.
    """
    if not names:
        _only_named(revision, endpoint)
        _fetch_faces()
    for name in names or ():
        _fetch(name, revision, yes, endpoint)


@app.command("import")
def models_import(
    folder: Folder, name: Name = "", licence: Licence = "", pair: Pair = None, languages: Languages = "",
    use: Use = "", revision: Revision = "", debug: Debug = False,
) -> None:  # fmt: skip
    """Take a model from a folder, offline: its layout is checked, the SHA-256 of every file recorded."""
    from localize.engine import models, weights

    if not name and not licence and models.faces_in(folder):
        _places(models.import_folder(folder))
        return
    given = {"licence": licence, "pairs": _pairs(pair or ()), "languages": _codes(languages), "commercial": _use(use)}
    found = weights.import_model(folder, name, {} if not any(given.values()) and not use else given, revision)
    _placed(found)


# ── fetch ───────────────────────────────────────────────────────────────────────────────────────────────────────────
def _fetch(name: str, revision: str, yes: bool, endpoint: str) -> None:
    from localize.engine import hub
    from localize.errors import InputError
    from localize.model_cards import Installed, known

    if name not in known():
        fix = f"one of {', '.join(known())}; any other model comes in with localize models import FOLDER --licence …"
        raise InputError(f"no model is called {name!r}", "models fetch", fix)
    found = hub.propose(known()[name], revision, endpoint)
    if isinstance(found, Installed):
        print(f"{name} is here and whole: {found.folder}")
        return
    for row in _terms(found):
        print(row)
    if not yes and not _agreed(name):
        raise InputError(f"nobody agreed to fetch {name}", "models fetch", "say y when asked, or add --yes")
    made = hub.fetch(found, _progress)
    _line_end()
    _placed(made)


def _only_named(revision: str, endpoint: str) -> None:
    from localize.errors import InputError

    told = next((name for name, value in (("--revision", revision), ("--endpoint", endpoint)) if value), "")
    if told:
        fix = "name a model of localize models list, or leave it out: the face models come from the package index"
        raise InputError(f"{told} was given, and no model named", "models fetch", fix)


def _terms(found: Proposal) -> Iterator[str]:
    """What a person agrees to."""
    card = found.card
    yield f"{card.name}: {card.summary}"
    yield f"  from     {found.endpoint}/{card.source}"
    pinned = "" if found.pinned else " (not pinned by this program; recorded with the SHA-256 of every file)"
    yield f"  commit   {found.commit}{pinned}"
    yield f"  size     {found.size / 1e6:,.0f} MB in {len(found.files)} files"
    yield f"  licence  {card.licence} ({card.use}{' use' if card.commercial is not None else ''})"
    if card.terms:
        yield f"  terms    {card.terms}"
    if card.commercial is False:
        yield "           a run refuses it unless --allow-noncommercial is given"


def _agreed(name: str) -> bool:
    return sys.stdin.isatty() and typer.confirm(f"fetch {name} under these terms?", default=False, err=True)


def _progress(done: int, total: int) -> None:
    if sys.stderr.isatty():
        print(f"\r{done / 1e6:8.1f} of {total / 1e6:.1f} MB", end="", file=sys.stderr, flush=True)


def _line_end() -> None:
    if sys.stderr.isatty():
        print(file=sys.stderr)


def _fetch_faces() -> None:
    from localize.engine.models import fetch

    found = fetch(progress=_progress)
    _line_end()
    _places(found)


def _places(models: Mapping[str, Path]) -> None:
    for name, path in models.items():
        print(f"{name}  {path}")


def _placed(model: Installed) -> None:
    print(f"{model.name}  {model.folder}\n  {model.card.licence} ({model.card.use}), SHA-256 {model.digest}")


# ── what an import is told ──────────────────────────────────────────────────────────────────────────────────────────
def _pairs(told: Any) -> tuple[tuple[str, str], ...]:
    from localize.errors import InputError

    made = []
    for one in told:
        source, _, target = one.lower().partition("-")
        if not (source.isalpha() and target.isalpha()):
            raise InputError(f"{one!r} is no pair of languages", "--pair", "write zh-en")
        made.append((source, target))
    return tuple(made)


def _codes(told: str) -> tuple[str, ...]:
    return tuple(part.strip().lower() for part in told.split(",") if part.strip())


def _use(told: str) -> bool | None:
    from localize.errors import InputError

    uses = {"": None, "commercial": True, "non-commercial": False}
    if told not in uses:
        raise InputError(f"{told!r} is no use", "--use", "commercial or non-commercial, or leave it out")
    return uses[told]


# ── list ────────────────────────────────────────────────────────────────────────────────────────────────────────────
def _translation() -> Iterator[dict[str, Any]]:
    from localize.model_cards import SPEAKING, installed, known

    here = installed()
    for name in dict.fromkeys((*known(), *here)):
        model = here.get(name)
        card = model.card if model else known()[name]
        role = "tts" if card.family in SPEAKING else "translation"
        yield {
            "model": name, "role": role, "summary": card.summary, "languages": card.spoken,
            "licence": card.licence, "use": card.use, "terms": card.terms, "source": card.source,
            "revision": model.revision if model else card.revision, "bytes": model.size if model else card.size,
            "here": model is not None, "damage": model.lacks() if model else "",
            "sha256": model.digest if model else "",
        }  # fmt: skip


def _faces() -> Iterator[dict[str, Any]]:
    from localize.engine.models import WHEEL
    from localize.media.face_models import MODELS, present

    here = present()
    for one in MODELS:
        yield {
            "model": one.name, "role": "faces", "summary": one.summary, "languages": "", "licence": "Apache-2.0",
            "use": "commercial", "terms": "", "source": WHEEL, "revision": "", "bytes": 0, "here": one.name in here,
            "damage": "", "sha256": one.digest,
        }  # fmt: skip


def _what(row: Mapping[str, Any]) -> str:
    languages = f": {row['languages']}" if row["languages"] else ""
    return f"{row['role']}{languages}. {row['summary']}"


def _state(row: Mapping[str, Any]) -> str:
    size = f", {row['bytes'] / 1e6:,.0f} MB" if row["bytes"] else ""
    if row["damage"]:
        return f"damaged: {row['damage']}"
    if row["here"]:
        return f"here{size}{', ' + row['revision'][:8] if row['revision'] else ''}"
    if row["role"] == "faces":
        return "missing: localize models fetch"
    return f"missing{size}{'' if row['revision'] else ', not pinned'}: localize models fetch {row['model']}"
