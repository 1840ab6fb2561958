"""From a market's finished parts to a version on disk: listing, checks, the gate, names, files, manifest, report."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from localize.adaptation import DEFAULT
from localize.checks import Seen, known
from localize.edits import Row as TableRow
from localize.edits import matched, row_of
from localize.enforcing import Accuracy
from localize.engine import voice_uses
from localize.engine.analysis import Analysis
from localize.engine.codec import fingerprint, plain
from localize.engine.events import Event
from localize.engine.facts import FilePart, accuracy_of, adaptation_facts, report_page, seen_of
from localize.engine.fusion import ORIGIN
from localize.engine.listing import listing_job
from localize.engine.local import Runner
from localize.engine.made_of import made_of
from localize.engine.newcomers import introductions, newcomers
from localize.engine.one_sided import one_sided
from localize.engine.order import Kind, Order
from localize.engine.plan import Plan, Row
from localize.engine.region import Regional, Script
from localize.engine.repeated import remember
from localize.engine.speakers import questions
from localize.engine.staying import staying
from localize.engine.table import edits_of, table_path
from localize.engine.timings import Timings
from localize.engine.unbegun import unbegun
from localize.errors import GateError
from localize.formats import ass, lines_csv, sidecar, srt, vtt
from localize.formats.changes import MADE_OF
from localize.formats.naming import file_name, told_apart
from localize.series import SeriesBible
from localize.stages import metadata, package, qc
from localize.stages._document import document
from localize.version import Cue, Finding
from localize.wording import amounts


@dataclass(frozen=True, slots=True)
class Delivered:
    """Where one market's current version lies; ``new`` is false when it was there already."""

    market: str
    folder: Path
    number: int
    new: bool
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class Parts:
    """Everything a version is written from."""

    order: Order
    plan: Plan
    bible: SeriesBible
    work: Analysis
    region: Regional
    listing: metadata.Described
    listing_job: metadata.Job
    findings: tuple[Finding, ...]
    timings: Timings
    runner: Runner


def deliver(
    order: Order, plan: Plan, bible: SeriesBible, work: Analysis, region: Regional, runner: Runner, timings: Timings
) -> Delivered:
    """Write the listing, look at everything, and put the version in place unless a finding blocks it."""
    parts = gathered(order, plan, bible, work, region, runner, timings)
    _gate(parts)
    manifest = manifest_of(parts)
    key, taken = identity(parts, manifest), voice_uses.taken(bible, order.out / region.market.code)
    release = package.deliver(
        order.out, region.market.code, lambda edition: files_of(parts, edition), manifest, key, taken
    )
    remember(order, bible, work, region)
    voice_uses.record(order, bible, work, region, release, runner)
    if release.instead:
        told = f"{release.instead}: delivered again as v{release.number}"
        runner.tell(Event("warning", market=region.market.code, message=f"{region.market.code}: {told}"))
    left = [one.line for one in parts.findings if one.check == "untranslated_text"]
    if left and release.new:
        what, way = "Chinese stays in the picture", "fill in their subtitle column in lines.csv and run again"
        told = f"{region.market.code}: {what}, in {', '.join(left)} → {way}"
        runner.tell(Event("warning", market=region.market.code, message=told))
    with contextlib.suppress(OSError):
        _blocked_page(order, region).unlink(missing_ok=True)
    return Delivered(region.market.code, release.folder, release.number, release.new, parts.findings)


def gathered(
    order: Order, plan: Plan, bible: SeriesBible, work: Analysis, region: Regional, runner: Runner, timings: Timings
) -> Parts:
    """The listing and what the checks found, beside everything else a version is written from."""
    job = listing_job(order, bible, work, region.market, region.script.renderings)
    listing = runner.one(metadata.STAGE, job)
    seen: Seen = seen_of(order, plan, bible, work, region)
    looked = runner.one(qc.STAGE, qc.Job(seen))
    more = (one for one in (*region.captions.findings, *listing.findings) if one.check not in known())
    gone = sidecar.left_out(region.captions.cues, soft_cues(work, region))
    shown = introductions(newcomers(work.episode.on_screen, work.episode.lines, bible.cast))
    log = edits_of(order, bible, region.market, runner.looking)
    sides = one_sided(log, region.script.renderings)
    late = unbegun(bible.addresses, bible.relations, work.episode, region.market.code)
    marks = staying(work.episode.on_screen, work.episode.source.picture.length)
    left = (one.finding(region.market.code) for one in region.script.left)
    findings = (*left, *looked, *more, *gone, *questions(work.people), *shown, *sides, *late, *marks, *work.findings)
    return Parts(order, plan, bible, work, region, listing, job, findings, timings, runner)


def identity(parts: Parts, manifest: Mapping[str, Any]) -> str:
    """What tells one version from the next: everything it is made of, but neither the state of the series around it nor
    what its words cost, how many terms they keep, how well lengths were foreseen and what else was found for them.
    """
    beside = ("series_snapshot", "spent", "terms", "adaptation", "matches", "lengths", "series", "casting", MADE_OF)
    told_apart = {name: value for name, value in manifest.items() if name not in beside}
    films = [film.video.digest for film in parts.region.films.values()]
    called = [list(pair) for pair in parts.region.script.names]
    return fingerprint([told_apart, films, parts.region.captions.ass.digest, called, listing_document(parts, 0)])


def blocking(parts: Parts) -> tuple[Finding, ...]:
    """The findings that keep the version back; ``--allow-draft`` lets them all through."""
    return () if parts.order.allow_draft else tuple(one for one in parts.findings if one.severity == "block")


def _gate(parts: Parts) -> None:
    """A blocking finding keeps the version back; a page to look at is left."""
    found = blocking(parts)
    if not found:
        return
    page = _blocked_page(parts.order, parts.region)
    with contextlib.suppress(OSError):  # the gate itself is what must be said
        page.write_text(report_page(parts, 0, (), (), ""), "utf-8")
    told = "; ".join(f"{one.line} {one.message}".strip() for one in found[:4])
    more = f" … and {len(found) - 4} more" if len(found) > 4 else ""
    fix = found[0].fix or "mend the lines in lines.csv"
    many = f"{len(found)} blocking findings" if len(found) > 1 else "1 blocking finding"
    raise GateError(f"{many}: {told}{more}", parts.region.market.code,
                    f"{fix}; the whole list is in {page}; --allow-draft delivers all the same, marked")  # fmt: skip


def _blocked_page(order: Order, region: Regional) -> Path:
    return table_path(order, region.market).with_name("blocked.html")


def listing_document(parts: Parts, number: int) -> dict[str, Any]:
    """``metadata.json`` of one edition as data."""
    sources = {parts.order.episode.name: parts.work.episode.source.digest}
    return document(parts.listing, parts.listing_job, number, tuple(parts.order.deliver), sources)


def used_rows(parts: Parts) -> list[Row]:
    """The rows of the plan whose engines this version really relied on."""
    origins = {one.origin for one in parts.region.script.renderings.values()}
    idle = set()
    if parts.work.transcript not in ("asr", ORIGIN):
        idle.add("transcribe")
    if "machine" not in origins:
        idle.add("translate")
    if not parts.work.people.faces:
        idle.add("watch")
    if not parts.work.people.facing:
        idle.add("gaze")
    return [_earlier(row, parts.region.script) for row in parts.plan.rows if row.stage not in idle]


def _earlier(row: Row, script: Script) -> Row:
    """The plan's row; for words that an engine of an earlier run found, that engine."""
    if row.stage != "translate" or not script.engines:
        return row
    told = (" ".join(one[:2]) for one in script.engines)
    return replace(row, engine=", ".join(told), licence=", ".join(sorted({one[2] for one in script.engines})))


def manifest_of(parts: Parts) -> dict[str, Any]:
    """What the next delivery is compared with, and what a person may ask of this one."""
    order, region, work = parts.order, parts.region, parts.work
    lines = {
        name: {"dub": one.dub.normal, "subtitle": one.subtitle, "origin": one.origin, "status": one.status}
        for name, one in region.script.renderings.items()
    }
    used = used_rows(parts)
    engines = {row.stage: row.engine for row in used}
    spoken = region.dub.casting if region.dub else ()
    licences = {row.licence for row in used if row.licence} | {cast.voice.licence for cast in spoken}
    voices = {cast.speaker: cast.voice.id for cast in region.dub.casting} if region.dub else {}
    settings = {
        "deliver": ",".join(order.deliver), "platform": order.platform, "loudness": f"{order.loudness:g} LUFS",
        "preset": order.preset, "template": order.template, "transcript": work.transcript,
        "voices": ", ".join(f"{who}: {voice}" for who, voice in voices.items()),
    }  # fmt: skip
    settings |= {"adaptation": f"level {order.adapt_level}"} if order.adapt_level != DEFAULT else {}
    return {
        "episode": order.stem, "source": {"name": order.episode.name, "digest": work.episode.source.digest},
        "grade": parts.plan.grade() if region.dub else "delivery", "drafts": [line.id for line in region.drafts],
        "series_snapshot": parts.bible.snapshot(), "lines": lines, "settings": settings, "engines": engines,
        "series": parts.bible.id, "casting": voice_uses.casting_facts(parts.bible, spoken),
        "licences": sorted(licences), "spent": dict(region.spent().facts()),
        "terms": terms_kept(accuracy_of(parts.bible, work, region)), "adaptation": adaptation_facts(parts),
        "lengths": asdict(region.dub.foresight) if region.dub else {},
        "matches": matches(parts), "listing": plain(parts.listing.listing),
        MADE_OF: made_of(parts, listing_document(parts, 0)),
        "findings": [asdict(one) for one in parts.findings],
    }  # fmt: skip


def matches(parts: Parts) -> dict[str, Any]:
    """The manifest's account of memory and phrasebook: by line what filled it, and what was only offered and why."""
    found: dict[str, Any] = {}
    for name, one in parts.region.script.renderings.items():
        told = {"filled": matched(one)} if matched(one) else {}
        offers = [
            {"origin": offer.origin, "score": offer.score, "text": offer.text, "from": offer.reference,
             "why_not": offer.why_not} for offer in one.offers if offer.score
        ]  # fmt: skip
        if told or offers:
            found[name] = told | ({"offers": offers} if offers else {})
    return found


def terms_kept(found: Accuracy) -> dict[str, Any]:
    """The manifest's account of approved terms: hits, how many are kept, their share (null without any), misses."""
    missed = [{"line": one.line, "field": one.field, "source": one.source} for one in found.missed]
    share = round(found.share, 4) if found.asked else None
    return {"hits": found.asked, "kept": found.kept, "accuracy": share, "missed": missed}


def files_of(parts: Parts, edition: package.Edition) -> dict[str, Path | bytes | str]:
    """Every file of one edition by name; videos and stems are copied from the store, texts are written here."""
    order, region, store = parts.order, parts.region, parts.runner.store
    blocked = any(finding.severity == "block" for finding in parts.findings)
    draft = "_DRAFT" if region.drafts or blocked else ""

    def name(kind: str, suffix: str) -> str:
        return file_name(
            order.template, suffix, series=parts.bible.id, ep=parts.work.episode.number, market=region.market.code,
            kind=kind + draft, n=edition.number,
        )  # fmt: skip

    files: dict[str, Path | bytes | str] = {}
    videos: dict[Kind, str] = {}
    for kind, film in region.films.items():
        videos[kind] = name(kind, ".mp4")
        files[videos[kind]] = store.path(film.video)
    cues = soft_cues(parts.work, region)
    files[name("subtitles", ".srt")] = srt.text(cues)
    files[name("subtitles", ".vtt")] = vtt.text(cues, region.market.code, region.captions.italics)
    styled, script = store.path(region.captions.ass).read_text("utf-8"), region.script
    files[name("subtitles", ".ass")] = ass.signed(styled, script.title, dict(script.names))
    if region.dub is not None or "clean" in region.films:  # a textless picture goes to whoever dubs it
        files[f"stems/{name('music-effects', '.wav')}"] = store.path(parts.work.episode.stems.music_effects)
    if region.dub is not None:
        files[f"stems/{name('dialogue', '.wav')}"] = store.path(region.dub.mixed.dub)
        files[f"stems/{name('mix', '.wav')}"] = store.path(region.dub.mixed.mix)
        voices = region.dub.mixed.voices
        for who, (_, voice) in zip(told_apart([who for who, _ in voices]), voices, strict=True):
            files[f"stems/{name(f'dialogue-{who}', '.flac')}"] = store.path(voice)
    listing = listing_document(parts, edition.number)
    files["metadata.json"] = json.dumps(plain(listing), ensure_ascii=False, indent=1) + "\n"
    files["lines.delivered.csv"] = lines_csv.encode(delivered_rows(parts))
    made = tuple(FilePart(kind, path) for kind, path in files.items())
    main = videos.get("dub") or next(iter(videos.values()), "")
    files["report.html"] = report_page(parts, edition.number, made, tuple(c.text for c in edition.changes), main)
    return files


def delivered_rows(parts: Parts) -> list[TableRow]:
    """The lines as this version has them: a record under a name nobody mistakes for the table to edit."""
    script = parts.region.script
    return [
        row_of(line, script.renderings[line.id], script.renderings[line.id], script.notes.get(line.id, ""))
        for line in parts.work.episode.lines
    ]


def soft_cues(work: Analysis, region: Regional) -> tuple[Cue, ...]:
    """What the subtitle files show, one cue at a time; of a screen too full to be read the sum of money, if any."""
    cues = (*region.captions.cues, *draft_cues(region))
    market, length = region.market, work.episode.source.picture.length
    sums = (text.id for text in work.episode.on_screen if any(one.currency for one in amounts(text.text)))
    return sidecar.sidecar(cues, market.subtitles, market.language, length, frozenset(sums))


def draft_cues(region: Regional) -> tuple[Cue, ...]:
    """Soft subtitles keep untranslated lines in the original, marked as drafts."""
    return tuple(
        Cue(f"D{number:04}", line.span, (f"[DRAFT] {line.text}",), (line.id,))
        for number, line in enumerate(region.drafts, start=1)
    )
