"""Which names a subtitle file gave the speakers of an episode's lines, through splits, joins and re-deliveries.

They are written beside the ledger (``SERIES/lines/<episode>.labels.json``), so that a cut without that file has them.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

from localize.corrections import Former
from localize.engine.carried import read_record, record_path
from localize.engine.ledger import replace_whole
from localize.episode import Line
from localize.errors import InputError
from localize.series import SeriesBible, locked


def labels_of(bible: SeriesBible, stem: str, digest: str, lines: Sequence[Line], own: Sequence[str],
              looking: bool) -> dict[str, str]:  # fmt: skip
    """By line the name that its file gives, or, where that gives none, the file of the earlier cut.

    ``own`` is empty or has the names of ``lines`` (with ids), ``digest`` is the cut's.  They are kept for the next cut
    unless somebody is only ``looking``.
    """
    found = _carried(bible, stem, digest) | {line.id: name for line, name in zip(lines, own, strict=False) if name}
    ids = {line.id for line in lines}
    found = {line: found[line] for line in sorted(found) if line in ids}
    path = _path(bible, stem)
    if not looking and found != kept(bible, stem) and path.parent.is_dir():
        with locked(bible.root):
            replace_whole(path, json.dumps(found, ensure_ascii=False, indent=1) + "\n")
    return found


def kept(bible: SeriesBible, stem: str) -> dict[str, str]:
    """The labels of a cut as they were last written.  Raises ``InputError`` when the file is damaged."""
    path = _path(bible, stem)
    try:
        told = json.loads(path.read_text("utf-8"))
        return {str(line): str(name) for line, name in told.items()}
    except FileNotFoundError:
        return {}
    except (ValueError, AttributeError) as error:
        raise InputError("the labels of speakers are damaged", str(path), "remove the file and run again") from error


def with_halves(labels: Mapping[str, str], lines: Sequence[Line], formers: Mapping[str, Former]) -> dict[str, str]:
    """The labels of ``lines`` as people cut them: what was split off keeps the name that the whole line had."""
    told = {line.id: labels.get(line.id) or _before(formers.get(line.id), labels) for line in lines}
    return {line: name for line, name in told.items() if name}


def _before(former: Former | None, labels: Mapping[str, str]) -> str:
    """The one name among what a line was before; empty where there are several, or none."""
    parts = former.parts if former is not None else ()
    joined = (own is not None and own.joined for _, own in parts)
    names = {(not many and labels.get(part.id)) or _before(own, labels)
             for many, (part, own) in zip(joined, parts, strict=True)} - {""}  # fmt: skip
    return names.pop() if len(names) == 1 else ""


def _carried(bible: SeriesBible, stem: str, digest: str) -> dict[str, str]:
    path = record_path(bible, stem)
    told = read_record(path)
    last = told["done"][-1] if told["done"] else ("", "")
    names = told.get("labels", {}) if last[1] == digest else {}
    if not isinstance(names, dict):
        fix = "restore the file from your backup or version control, or remove it and conform again"
        raise InputError("the record of a conformed cut is damaged", str(path), fix)
    return {str(line): str(name) for line, name in names.items()}


def _path(bible: SeriesBible, stem: str) -> Path:
    return bible.root / "lines" / f"{stem}.labels.json"
