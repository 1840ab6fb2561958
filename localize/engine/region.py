"""One market: from the shared analysis to everything a version holds.

Reads top to bottom as the walk of a line: translate, adapt, people's edits, voices, fit, captions, mix, render,
listing, checks.  A gate stops this market alone.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from threading import Lock

from localize import edits
from localize.corrections import set_aside, standing
from localize.engine import adaptations, kept, signed, table
from localize.engine.analysis import Analysis
from localize.engine.dubbing import Dub, spoken
from localize.engine.events import Event
from localize.engine.gate import untranslated_gate
from localize.engine.left_over import LeftOver, as_lines, left_over, settled
from localize.engine.listing import listing_job, title_of
from localize.engine.local import Runner
from localize.engine.order import REPLACED, Kind, Order
from localize.engine.pivot import Behind, behind, cells
from localize.engine.plan import Plan
from localize.engine.settled import marked, readable, with_record
from localize.engine.soundtracks import track_of
from localize.episode import Box, Line, OnScreenText
from localize.market import Market, platforms
from localize.series import SeriesBible
from localize.stages import adapt, caption, look, render, translate
from localize.stages._former import SIGNED, Before, while_joined
from localize.version import NOTHING, Adaptation, Rendering, Spent

SHOWN = (*REPLACED, "screen")
"""On-screen text a viewer must understand.  Screens and documents belong to the scene: a label covers their rows."""

_LOOKING = Lock()  # markets run side by side, and one look at the texts is enough


@dataclass(frozen=True, slots=True)
class Script:
    """What this market says, by line and on-screen text, with every cultural change on the record.

    ``title`` is the episode's, ``names`` what this market calls the cast, by id, ``behind``
    are lines whose pivot changed after people settled them, ``engines`` those of an earlier run whose words stand,
    ``left`` what of a person's script found no line.
    """

    renderings: Mapping[str, Rendering]
    adaptations: tuple[Adaptation, ...]
    notes: Mapping[str, str]
    title: str = ""
    names: tuple[tuple[str, str], ...] = ()
    behind: tuple[Behind, ...] = ()
    engines: tuple[kept.Engine, ...] = ()
    left: tuple[LeftOver, ...] = ()

    def untranslated(self, lines: Sequence[Line]) -> tuple[Line, ...]:
        return tuple(line for line in lines if self.renderings[line.id].status == "missing")

    def spent(self) -> Spent:
        """What an engine used up for these words, in whatever runs it was asked for them."""
        return sum((one.spent for one in self.renderings.values()), NOTHING)


@dataclass(frozen=True, slots=True)
class Regional:
    """Everything one market's version is made of."""

    market: Market
    script: Script
    drafts: tuple[Line, ...]
    captions: caption.Captions
    dub: Dub | None
    residue: tuple[str, ...]
    films: Mapping[Kind, render.Rendered]

    def spent(self) -> Spent:
        """What engines behind an address used up for words and voices, in whatever runs they were asked."""
        takes = self.dub.takes if self.dub is not None else ()
        return sum((take.spent for take in takes), self.script.spent())


def regionalise(
    order: Order, plan: Plan, bible: SeriesBible, work: Analysis, market: Market, runner: Runner,
    ready: Script | None = None,
) -> Regional:  # fmt: skip
    """Walk one market's stages, from its script where that is ``ready``.

    Raises ``GateError`` when lines are untranslated and drafts were not allowed.
    """
    script = ready or written(order, plan, bible, work, market, runner)
    for one in script.left:
        runner.tell(one.event(order, market.code))
    drafts = script.untranslated(work.episode.lines)
    if drafts and not order.allow_draft:
        doubts = {line.id: script.renderings[line.id].doubt for line in drafts}
        raise untranslated_gate(order, market, drafts, runner.store.root, doubts)

    def seen() -> tuple[caption.Captions, dict[Kind, render.Job], tuple[str, ...]]:
        captions = captioned(order, work, market, script, drafts, runner)
        return captions, *pictured(order, work, market, script, drafts, captions, runner)

    with ThreadPoolExecutor(1, thread_name_prefix="picture") as pool:
        picture = pool.submit(seen)
        dub = spoken(order, plan, bible, work, market, script.renderings, runner) if "dub" in order.deliver else None
        captions, jobs, residue = picture.result()
    films = {kind: heard(job, work, dub, runner) for kind, job in jobs.items()}
    return Regional(market, script, drafts, captions, dub, residue, films)


def shown_texts(work: Analysis) -> tuple[OnScreenText, ...]:
    """On-screen texts that need a translation, in time order."""
    return tuple(text for text in work.episode.on_screen if text.kind in SHOWN)


def written(order: Order, plan: Plan, bible: SeriesBible, work: Analysis, market: Market, runner: Runner) -> Script:
    """Translate, adapt, then lay people's edits over both; the line table shows the result."""
    texts = as_lines(shown_texts(work))
    lines = (*work.episode.lines, *texts)
    every = table.log_of(order, bible, market, runner.looking)
    known, aside = standing(every), set_aside(every)
    before = Before(work.formers, known, lambda line, told: signed.rendering(line, told, market.code, runner.store))
    log = before.current(market.code)
    engine, closed = plan.translator(market.code), edits.filled_in(lines, log, market.code)
    held = signed.words(lines, log, market.code, runner.store)
    pivot = {} if market.code == bible.pivot else work.pivot
    jobs = translate.jobs(work.episode, bible, market, texts, engine, closed, before, order.adapt_level, pivot)
    jobs = signed.unasked(jobs, held, runner.store)
    found = kept.drafts(order, market, jobs, runner.run(translate.STAGE, jobs), {*closed, *held}, runner)
    drafted = found.drafts
    decided = adaptations.decided(order, bible, market, lines, log, runner)
    adapted = runner.run(adapt.STAGE, adapt.jobs(jobs, drafted, bible, market, order.adapt_level, decided))
    answers = signed.over(map(with_record, adapted, drafted), held)
    signed.remember(lines, answers, runner)
    kept.remember(jobs, found, answers, runner)
    machine = {
        name: while_joined(answer.rendering, aside.get((name, market.code), ())) for name, answer in answers.items()
    }
    changes = tuple(change for answer in answers.values() for change in answer.adaptations)
    final = {one.line: marked(one) for one in edits.apply(machine.values(), log)}
    changes = adaptations.overruled(changes, machine, final)
    notes = edits.notes(before.log, market.code)
    seen = {line.id: edits.seen_of(line.text, machine[line.id]) for line in lines}
    stale = edits.conflicts(log, market.code, seen)
    reopened = {edit.line: replace(final[edit.line], status="draft") for edit in stale if edit.line in final}
    late = behind(order, bible, market, final, log, pivot, runner.looking)
    asked = {one.line: replace(final[one.line], status="draft") for one in late}
    shown = {**final, **asked, **reopened}
    beside = dict(cells(pivot, late))
    if not runner.looking and not table.write_table(order, bible, market, lines, machine, shown, notes, beside):
        told = f"{market.code}: lines.csv was changed while this ran; the next run takes it in"
        runner.tell(Event("warning", market=market.code, message=told))
    if not runner.looking:
        adaptations.write(order, bible, market, lines, changes)
    parted = [one.line for one in final.values() if (one.line, market.code) in aside and one.status not in SIGNED]
    if parted and not runner.looking:
        what = "what was written while they were joined with another line is offered in lines.csv"
        runner.tell(Event("note", market=market.code, message=f"{', '.join(parted)}: {what}"))
    edits.refuse_conflicts(stale, str(table.table_path(order, market)))
    said = {name: readable(one) for name, one in final.items()}
    title = title_of(listing_job(order, bible, work, market, said))
    names = tuple((one.id, one.called(market.code) or one.name) for one in bible.cast)
    left = left_over(order, bible, work, shown_texts(work), market, settled(final.values()))
    return Script(said, changes, notes, title, names, late, tuple(sorted(set(found.engines.values()))), left)


def captioned(
    order: Order, work: Analysis, market: Market, script: Script, drafts: Sequence[Line], runner: Runner
) -> caption.Captions:
    """Cues and their styled file; drafts keep their burned-in original and get no cue."""
    episode = work.episode
    open_ids = {line.id for line in drafts}
    subtitles = tuple(
        (line.id, script.renderings[line.id].subtitle) for line in episode.lines
        if line.id not in open_ids and script.renderings[line.id].subtitle
    )  # fmt: skip
    overlays = tuple(
        replace(text, text=script.renderings[text.id].subtitle) for text in shown_texts(work)
        if script.renderings[text.id].status != "missing" and script.renderings[text.id].subtitle
    )  # fmt: skip
    source = episode.source
    with _LOOKING:
        seen = runner.one(look.STAGE, look.job_of(order.media, source.digest, source.picture, shown_texts(work)))
    return runner.one(caption.STAGE, caption.Job(
        market=market, picture=source.picture, lines=episode.lines, subtitles=subtitles, shots=episode.shots,
        platform=platforms()[order.platform], band=caption_band(episode.on_screen), overlays=overlays,
        look=seen,
    ))  # fmt: skip


def pictured(
    order: Order, work: Analysis, market: Market, script: Script, drafts: Sequence[Line], captions: caption.Captions,
    runner: Runner,
) -> tuple[dict[Kind, render.Job], tuple[str, ...]]:  # fmt: skip
    """The silent pictures, each encoded once, and the ids of texts that can still be read in them."""
    source, jobs, residue = work.episode.source, dict[Kind, render.Job](), dict[str, None]()
    for kind in order.deliver:
        patches, left = work.plates.without(erased(work, script, drafts, kind), runner)
        residue |= dict.fromkeys(left)
        job = render.Job(
            path=order.media, digest=source.digest, picture=source.picture, kind=kind, market=market.code,
            patches=patches, ass=captions.ass if kind != "clean" else None, fonts=caption.font_files(captions),
            original=False, title=script.title, preset=order.preset, track=track_of(source).index,
        )  # fmt: skip
        jobs[kind] = replace(job, film=runner.one(render.FILM, job).video)
    return jobs, tuple(residue)


def heard(job: render.Job, work: Analysis, dub: Dub | None, runner: Runner) -> render.Rendered:
    """A picture with its sound: the mix of a dub, else the original."""
    if dub is None or job.kind != "dub":
        return runner.one(render.STAGE, replace(job, original=True))
    return runner.one(render.STAGE, replace(job, sound=dub.mixed.coded, loudness=dub.mixed.loudness))


def erased(work: Analysis, script: Script, drafts: Sequence[Line], kind: Kind) -> frozenset[str]:
    """Ids of the texts this version takes out of the picture.

    *clean* loses all that has a meaning to replace; the others lose the dialogue captions except those of drafts, and
    the texts they put a translation in the place of.
    """
    texts = work.episode.on_screen
    if kind == "clean":
        return frozenset(text.id for text in texts if text.kind == "subtitle" or text.kind in REPLACED)
    kept = [line.span for line in drafts]
    said = [line.span for line in work.episode.lines]
    captions = (
        text.id for text in texts if text.kind == "subtitle" and any(text.span.overlap(span) for span in said)
        and not any(text.span.overlap(span) for span in kept)
    )  # fmt: skip
    shown = (text for text in texts if text.kind in REPLACED)
    replaced = (text.id for text in shown if script.renderings[text.id].status != "missing")
    return frozenset((*captions, *replaced))


def caption_band(texts: Sequence[OnScreenText]) -> Box | None:
    """Where the burned-in dialogue captions stood: the box around all of them."""
    boxes = [text.box for text in texts if text.kind == "subtitle"]
    if not boxes:
        return None
    return Box(min(b.x0 for b in boxes), min(b.y0 for b in boxes), max(b.x1 for b in boxes), max(b.y1 for b in boxes))
