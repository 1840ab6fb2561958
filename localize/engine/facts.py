"""What the checks look at and what the report page shows, gathered from a market's parts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from localize.adaptation import reviews
from localize.agreement import NO_FORM
from localize.checks import Seen
from localize.culture import HYBRIDITY, RATE, Adapting, adapting
from localize.enforcing import Accuracy, accuracy
from localize.engine.analysis import Analysis
from localize.engine.order import Order
from localize.engine.original import lineless
from localize.engine.plan import Plan
from localize.engine.provenance import provenances
from localize.engine.region import Regional, shown_texts
from localize.engine.repeated import addressed, differing
from localize.engine.transcript import corrections
from localize.episode import dialogue
from localize.formats.report import EngineUse, FileMade, ReportFacts, StageTime, TermUse, Voicing, report
from localize.repeats import earlier, manner
from localize.series import SeriesBible
from localize.stages import mix
from localize.voice import Grade

if TYPE_CHECKING:
    from localize.engine.delivery import Parts


@dataclass(frozen=True, slots=True)
class FilePart:
    """A file of a version as its builder knows it: its name, and where its bytes lie or the bytes themselves."""

    name: str
    content: Path | bytes | str

    @property
    def size(self) -> int:
        if isinstance(self.content, Path):
            return self.content.stat().st_size
        return len(self.content.encode() if isinstance(self.content, str) else self.content)


def seen_of(order: Order, plan: Plan, bible: SeriesBible, work: Analysis, region: Regional) -> Seen:
    """Everything the checks may look at."""
    episode, dub = work.episode, region.dub
    film = region.films.get("dub") or next(iter(region.films.values()))
    code = region.market.code
    glossary = bible.glossary(code)
    known = earlier(bible.root, code, episode.number, manner(bible, code, order.adapt_level))
    addresses = addressed(bible, episode, code)
    found = {line.id: glossary.found_in(line.text) for line in episode.lines}
    return Seen(
        market=region.market,
        picture=episode.source.picture,
        lines=episode.lines,
        renderings=tuple(region.script.renderings[line.id] for line in episode.lines),
        cues=region.captions.cues,
        placed=dub.placed if dub else (),
        audible=dub.mixed.audible if dub else (),
        castings=dub.casting if dub else (),
        adaptations=region.script.adaptations,
        terms=tuple(
            (name, tuple((term.source, target) for term in terms if term.kind != "forbidden" for target in term.forms))
            for name, terms in found.items() if terms
        ),
        forbidden=tuple(
            (term.source, target) for term in bible.terms.get(region.market.code, ())
            if term.kind == "forbidden" and term.binds() for target in term.forms
        ),
        names=tuple((one.name, one.called(region.market.code)) for one in bible.cast if one.called(region.market.code)),
        cast=tuple((one.id, len(one.references)) for one in bible.cast),
        texts=tuple((text, region.script.renderings[text.id]) for text in shown_texts(work)),
        lineless=lineless(episode.on_screen, episode.lines),
        captions=len(dialogue(episode.on_screen)), dropped=work.dropped,
        residue=tuple(text for text in episode.on_screen if text.id in region.residue),
        loudness=film.loudness if dub else None,
        target_lufs=order.loudness,
        frames=film.frames,
        audio_ms=film.audio_ms,
        widths=region.captions.widths,
        width=region.captions.width,
        notes=tuple(region.script.notes.items()),
        evidence=work.evidence,
        forms=tuple((line, form) for line, (form, _) in addresses.items() if form not in ("", NO_FORM)),
        pivots=tuple((one.line, one.was, one.now) for one in region.script.behind),
        repeats=tuple(differing(episode.lines, region.script.renderings, known, order.stem, addresses)),
    )  # fmt: skip


def report_page(parts: Parts, number: int, made: Sequence[FilePart], changes: tuple[str, ...], video: str) -> str:
    """The report of one edition as HTML."""
    order, bible, work, region = parts.order, parts.bible, parts.work, parts.region
    episode, code, dub = work.episode, region.market.code, region.dub
    film = region.films.get("dub") or next(iter(region.films.values()))
    spent = region.script.spent()
    used = {"translate": f"; {spent.told()}"} if spent else {}
    names = tuple((one.id, one.called(code) or one.name) for one in bible.cast)
    facts = ReportFacts(
        title=parts.listing.episode_title, series=bible.title, episode=order.stem, number=episode.number,
        market=region.market, version=number, made=datetime.now(UTC).isoformat(timespec="minutes"),
        grade=cast(Grade, parts.plan.grade() if dub else "delivery"), source=episode.source,
        source_name=order.episode.name, transcript=work.transcript, video=video,
        files=tuple(FileMade(Path(one.name).suffix.lstrip("."), one.name, one.size) for one in made),
        names=names, lines=episode.lines,
        sources=provenances(
            episode.lines, work.transcript, work.people, work.evidence, corrections(order, bible, looking=True)
        ),
        renderings=tuple(region.script.renderings[line.id] for line in episode.lines),
        placed=dub.placed if dub else (), findings=parts.findings, adaptations=region.script.adaptations,
        terms=_terms(bible, work, code), kept=accuracy_of(bible, work, region), voicings=_voicings(parts, dict(names)),
        engines=tuple(
            EngineUse(r.stage, r.engine, r.why + used.get(r.stage, ""), r.licence, r.grade, r.better, r.fix)
            for r in parts.plan.rows
        ),
        times=tuple(
            StageTime(one.stage, one.market, one.done, one.reused, one.seconds) for one in parts.timings.of(code)
        ),
        loudness=film.loudness, target=order.loudness,
        curve=dub.mixed.course if dub else (), curve_step=mix.STEP,
        changes=changes, notes=tuple(region.script.notes.items()), listing=parts.listing.listing,
        adapting=adapting_of(parts),
    )  # fmt: skip
    return report(facts)


def adapting_of(parts: Parts) -> Adapting:
    """How a version was adapted."""
    script, episode = parts.region.script, parts.work.episode
    said = {line.id: script.renderings[line.id] for line in episode.lines}
    level, market = parts.order.adapt_level, parts.region.market
    return adapting(level, parts.bible, market, episode.lines, said, script.adaptations, episode.on_screen)


def adaptation_facts(parts: Parts) -> dict[str, Any]:
    """The manifest's account of the adaptation: level, who reviewed the rules, every change, what is left to people."""
    found, market = adapting_of(parts), parts.region.market.code
    return {
        "level": found.level, "meaning": found.meaning, "money": found.money,
        "rules": [asdict(one) for one in reviews(market)],
        "changes": [asdict(one) for one in parts.region.script.adaptations],
        "culture": asdict(found.culture) | {
            "local_representation_rate": rounded(found.culture.rate), "rate_is": RATE,
            "hybridity": rounded(found.culture.hybridity), "hybridity_is": HYBRIDITY,
        },
        "topics": [{"topic": one.topic.id, "action": one.topic.action, "why": one.topic.why, "lines": one.lines}
                   for one in found.heard],
        "proposals": [asdict(one) for one in found.proposals],
    }  # fmt: skip


def rounded(share: float | None) -> float | None:
    """To four places; None stays None."""
    return None if share is None else round(share, 4)


def _terms(bible: SeriesBible, work: Analysis, market: str) -> tuple[TermUse, ...]:
    """Approved terms and the lines whose Chinese holds them."""
    glossary, used = bible.glossary(market), dict[tuple[str, str], list[str]]()
    for line in work.episode.lines:
        for term in glossary.found_in(line.text):
            if term.kind != "forbidden":
                used.setdefault((term.source, term.target), []).append(line.id)
    return tuple(TermUse(source, target, tuple(lines)) for (source, target), lines in used.items())


def accuracy_of(bible: SeriesBible, work: Analysis, region: Regional) -> Accuracy:
    """How many term hits this market keeps in the dub as it sounds, whichever length was taken, and in the subtitle;
    lines left in Chinese do not count.
    """
    said = {name: one for name, one in region.script.renderings.items() if one.origin != "source"}
    heard = {one.line: one.take.text for one in region.dub.placed} if region.dub else {}
    texts = (
        (line.id, line.text,
         (("dub", heard.get(line.id, said[line.id].dub.normal)), ("subtitle", said[line.id].subtitle)))
        for line in work.episode.lines if line.id in said
    )  # fmt: skip
    return accuracy(texts, bible.glossary(region.market.code))


def _voicings(parts: Parts, names: dict[str, str]) -> tuple[Voicing, ...]:
    if parts.region.dub is None:
        return ()
    return tuple(
        Voicing(names.get(one.speaker, one.speaker), one, parts.bible.consent(one.consent or one.speaker))
        for one in parts.region.dub.casting
    )
