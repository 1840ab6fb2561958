"""What a delivered version used of voices and consents: on record in the series' ledger, and proved from it."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from localize import voice_ledger
from localize.engine.analysis import Analysis
from localize.engine.local import Runner
from localize.engine.order import Order
from localize.series import SeriesBible, append, digest_of
from localize.stages._release import MANIFEST
from localize.stages.package import Release
from localize.voice import Casting
from localize.voice_cards import CHOSEN, COLUMNS
from localize.voice_ledger import Flaw, Record

if TYPE_CHECKING:
    from localize.engine.region import Regional


def casting_facts(bible: SeriesBible, casting: Sequence[Casting]) -> list[dict[str, str]]:
    """The manifest's account of the voices: whose they are, toward whom and with which consent they moved, what was
    refused.
    """
    return [
        {
            "speaker": one.speaker, "voice": one.voice.id, "person": one.voice.person, "toward": one.toward,
            "consent": one.consent, "evidence": bible.consents[one.consent].evidence if one.consent else "",
            "licence": one.voice.licence, "why": one.why, "refused": one.refused,
        }
        for one in casting
    ]  # fmt: skip


def record(
    order: Order, bible: SeriesBible, work: Analysis, region: Regional, release: Release, runner: Runner
) -> None:
    """Put a version and its voices on record, unless they are, and keep what the machine chose for the episodes to
    come.  One without voices is on record as well: its number is given.
    """
    casting = region.dub.casting if region.dub else ()
    receipts = dict(region.dub.receipts) if region.dub else {}
    used = [
        {
            "speaker": one.speaker, "voice": one.voice.id, "toward": one.toward, "consent": one.consent,
            "consent_digest": bible.consents[one.consent].digest if one.consent else "",
            "receipts": list(receipts.get(one.speaker, ())),
        }
        for one in casting
    ]  # fmt: skip
    facts = {
        "what": "version", "episode": order.stem, "market": region.market.code, "version": release.number,
        "folder": os.path.relpath(release.folder.resolve(), bible.root.resolve()),
        "manifest": digest_of(release.folder / MANIFEST), "voices": used,
    }  # fmt: skip
    if not any(one.get("manifest") == facts["manifest"] for one in voice_ledger.read(bible.root)):
        voice_ledger.append(bible.root, [facts], order.by)
    _hold(order, bible, region.market.code, casting)


def taken(bible: SeriesBible, place: Path) -> int:
    """The highest number on record of a version that was delivered to ``place`` (``<out>/<market>``), wherever it went;
    0 for none.
    """
    found = (
        one for one in voice_ledger.read(bible.root)
        if one["what"] == "version" and (folder := _folder(bible.root, one)) and folder.parent == place.resolve()
    )  # fmt: skip
    return max((int(one["version"]) for one in found), default=0)


def _hold(order: Order, bible: SeriesBible, market: str, casting: Sequence[Casting]) -> None:
    """Add what was chosen for members of the cast to ``chosen_voices.csv``; a row that is there is never changed."""
    known = bible.chosen.get(market, {})
    new = tuple(
        (one.speaker, market, one.voice.id, order.stem, one.why.partition(";")[0])
        for one in casting
        if one.by == "machine" and not one.refused and one.speaker not in known and bible.character(one.speaker)
    )
    if new:
        append(bible.root / CHOSEN, new, COLUMNS)


# ── proving ─────────────────────────────────────────────────────────────────────────────
@dataclass(frozen=True, slots=True)
class Proof:
    """What verifying found: how many records and delivered versions were looked at, and every flaw."""

    records: int
    versions: int
    flaws: tuple[Flaw, ...]


def verify(bible: SeriesBible, more: Sequence[Path] = ()) -> Proof:
    """Hold the ledger against itself and against the versions that were delivered.

    Those lie beside the series directory, where the ledger says, or in the folders ``more`` (an ``EPISODE.localize``).
    """
    records = voice_ledger.read(bible.root)
    named = {one["manifest"] for one in records if one["what"] == "version"}
    found, count = list(voice_ledger.flaws(bible.root)), 0
    for path in sorted(_manifests(bible.root, records, more)):
        facts = _facts(path)
        if facts.get("series") != bible.id or not facts.get("casting"):
            continue
        count += 1
        if digest_of(path) not in named:
            where = f"{path.parent.parent.parent.name} {path.parent.parent.name} {path.parent.name}"
            told = _unrecorded(where, any(_folder(bible.root, one) == path.parent for one in records))
            found.append(Flaw(0, told))
    return Proof(len(records), count, tuple(found))


def _unrecorded(where: str, known: bool) -> str:
    if known:
        return f"the manifest of {where} is not the one that is on record: it was changed"
    return f"{where} used voices and no record says so: records are missing at the end, or were never written"


def _manifests(root: Path, records: Sequence[Record], more: Sequence[Path]) -> set[Path]:
    outs = {path.resolve() for path in (*root.resolve().parent.glob("*.localize"), *more)}
    outs |= {folder.parent.parent for one in records if (folder := _folder(root, one)) is not None}
    return {path for out in outs for path in out.glob(f"*/v*/{MANIFEST}")}


def _folder(root: Path, one: Record) -> Path | None:
    """Where a version on record lies, or lay."""
    told = one.get("folder")
    return Path(os.path.normpath(root.resolve() / told)) if isinstance(told, str) and told else None


def _facts(path: Path) -> dict[str, Any]:
    try:
        found = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def outputs(bible: SeriesBible, name: str) -> Iterator[tuple[str, str, int, str]]:
    """(episode, market, version, folder) of every version on record that used the voice or consent ``name``."""
    for one in voice_ledger.read(bible.root):
        if one["what"] != "version":
            continue
        if any(name == used["consent"] or (name == used["voice"] and used["toward"]) for used in one["voices"]):
            yield one["episode"], one["market"], one["version"], str(_folder(bible.root, one))
