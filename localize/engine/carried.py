"""The lines a cut has from an earlier one: its transcript where nothing can be read or heard in the cut itself.

``localize conform`` keeps what it did in ``SERIES/lines/<new>.conformed.json``; the lines are in the cut's own ledger.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Final, get_args

from localize.engine import ledger
from localize.episode import Line, LineKind
from localize.errors import InputError
from localize.roles import Attribution
from localize.series import SeriesBible
from localize.stages._who import NOBODY
from localize.timing import span

ORIGIN: Final = "carried"


@dataclass(frozen=True, slots=True)
class Carried:
    """Lines without ids, on the new cut's clock, of the earlier cut ``of`` (a stem); ``speakers`` are the members of
    the cast who said them there, by line id.
    """

    of: str
    lines: tuple[Line, ...]
    speakers: Mapping[str, str] = field(default_factory=dict)


def record_path(bible: SeriesBible, stem: str) -> Path:
    """Where it is written down what was carried over to the cut ``stem``."""
    return bible.root / "lines" / f"{stem}.conformed.json"


def read_record(path: Path) -> dict[str, Any]:
    """What is written there; ``done`` are the pairs of cuts (digests), empty when there is no record.

    Raises ``InputError`` when the record is damaged.
    """
    try:
        told: dict[str, Any] = json.loads(path.read_text("utf-8"))
        whole = all(_is_pair(one) for one in [*told["done"], *([told["now"]] if "now" in told else [])])
        if not whole:
            raise ValueError("two digests each are wanted")
    except FileNotFoundError:
        return {"done": []}
    except (ValueError, KeyError, TypeError) as error:
        fix = "restore the file from your backup or version control, or remove it and conform again"
        raise InputError("the record of a conformed cut is damaged", str(path), fix) from error
    return told


def _is_pair(told: object) -> bool:
    return isinstance(told, list) and len(told) == 2 and all(isinstance(one, str) for one in told)


def completed(bible: SeriesBible, stem: str) -> list[list[str]]:
    """Write the files that the record of ``stem`` still holds; the pairs of cuts that are done with.  Call inside the
    series' lock.
    """
    path = record_path(bible, stem)
    told = read_record(path)
    for name, text in told.pop("files", {}).items():
        (bible.root / name).parent.mkdir(parents=True, exist_ok=True)
        ledger.replace_whole(bible.root / name, text)
    if "now" in told:
        told["done"] = [*told["done"], told.pop("now")]
        ledger.replace_whole(path, _encoded(told))
    return list(told["done"])


def handed_over(bible: SeriesBible, stem: str, kept: Sequence[str]) -> None:
    """Take from the record that questions and verdicts about the lines ``kept`` are still to come.  Call inside the
    series' lock.
    """
    path = record_path(bible, stem)
    told = read_record(path)
    if told.get("kept") == kept:
        del told["kept"]
        ledger.replace_whole(path, _encoded(told))


def _encoded(told: Mapping[str, Any]) -> str:
    return json.dumps(told, ensure_ascii=False, indent=1) + "\n"


def carried(bible: SeriesBible, stem: str, digest: str) -> Carried | None:
    """What the cut ``stem`` has from an earlier one; None unless it was the last that lines were carried over to."""
    told = read_record(record_path(bible, stem))
    if not told["done"] or told["done"][-1][1] != digest:
        return None
    entries = ledger.read(bible.root / "lines" / f"{stem}.json")
    active = sorted((one for one in entries if one["state"] == "active"), key=lambda one: (one["start"], one["id"]))
    said: Mapping[str, Mapping[str, str]] = told.get("said", {})
    lines = tuple(
        Line("", span(one["start"], one["end"]), one["text"], kind=kind_of(said.get(one["id"], {}).get("kind", "")))
        for one in active
    )
    cast = {one.id for one in bible.cast}
    speakers = {line: one["speaker"] for line, one in said.items() if one.get("speaker") in cast}
    return Carried(str(told.get("from", stem)), lines, speakers) if lines else None


def speakers(bible: SeriesBible, stem: str, digest: str) -> Mapping[str, str]:
    """Who of the cast said a line in the earlier cut, by line id; empty as ``carried`` is None."""
    earlier = carried(bible, stem, digest)
    return earlier.speakers if earlier else {}


def kind_of(told: str) -> LineKind:
    """The kind of a line as a table has it; speech where it says none."""
    return next((kind for kind in get_args(LineKind) if kind == told), "speech")


def remembered(heard: Mapping[str, Attribution], speakers: Mapping[str, str]) -> dict[str, Attribution]:
    """The voices, and where none is heard the speaker the line had in the earlier cut."""
    return {
        line: replace(one, speaker=speakers[line], rivals=()) if one.speaker == NOBODY and line in speakers else one
        for line, one in heard.items()
    }
