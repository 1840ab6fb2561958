"""Every line in a market's words: a person's script, else the series' memory, else the phrasebook, else
an engine.

What a person wrote is never replaced.  Memory and phrasebook fill a line only when nothing speaks
against it; what they found otherwise is kept as an offer.  Approved terms must stand in whatever was
not written by a person.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any

from localize import pace
from localize.adaptation import DEFAULT
from localize.address_matrix import begun
from localize.addressing import listeners
from localize.agreement import Occasion, doubts
from localize.episode import Episode, Gender, Line
from localize.glossary import Hit, Term, normal
from localize.guidance import guidance, notes
from localize.hanzi import simplified
from localize.lexicon import lexicon
from localize.market import Market
from localize.phrasebook import phrasebook
from localize.relations import told
from localize.repeats import earlier, manner
from localize.roles import Person, SceneLine
from localize.script import ScriptRow, match, read_script, script_of
from localize.series import Character, SeriesBible
from localize.stages import Choice, Desk, Stage
from localize.stages._asking import against, asked, missing, offers, rendering
from localize.stages._former import Before, joined, offered
from localize.stages._marks import marks
from localize.stages._pivoted import with_pivot
from localize.stages._remembered import remembered
from localize.stages._scenes import Scenes
from localize.swaps import Renamed
from localize.version import Rendering, Variants

NEVER = Before()
NO_PIVOT: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Job:
    """One line and everything that may inform its translation.  ``form`` and ``call`` are the address
    matrix's, ``names`` what the market calls speaker and addressee; the fields after ``engine`` are for it alone,
    but ``had``: what the parts of a line had that people split or joined.
    """

    line: Line
    market: str
    seconds: float
    form: str = ""
    call: str = ""
    names: tuple[str, str] = ("", "")
    terms: tuple[Term, ...] = ()
    script: ScriptRow | None = None
    memory: tuple[Hit, ...] = ()
    phrases: tuple[Hit, ...] = ()
    engine: Choice | None = None
    shown: bool = False
    syllables: int = 0
    characters: int = 0
    scene: str = ""
    context: tuple[SceneLine, ...] = ()
    people: tuple[Person, ...] = ()
    relations: tuple[tuple[str, str], ...] = ()
    notes: tuple[tuple[str, str], ...] = ()
    guidance: tuple[str, ...] = ()
    had: tuple[Rendering, ...] = ()
    pivot: str = ""
    pivot_market: str = ""
    renamed: tuple[Renamed, ...] = ()
    pivot_terms: tuple[tuple[str, str], ...] = ()


def jobs(
    episode: Episode,
    bible: SeriesBible,
    market: Market,
    texts: Sequence[Line] = (),
    engine: Choice | None = None,
    closed: Collection[str] = (),
    before: Before = NEVER,
    level: int = DEFAULT,
    pivot: Mapping[str, str] = NO_PIVOT,
) -> tuple[Job, ...]:
    """One job per line, then one per on-screen text (given as lines nobody speaks), in simplified characters: rules,
    tables and engines know those best.

    ``level`` is that of adaptation: at 0 an engine is told nothing of tropes and idioms.
    ``engine`` is asked for none of the lines in ``closed``; ``before`` knows what lines were that were split or joined,
    ``pivot`` what the series' pivot market says of them.
    """
    episode, texts = replace(episode, lines=simple(episode.lines)), simple(texts)
    path = script_of(bible.root, episode.id, market.code)
    rows = read_script(path) if path.is_file() else ()
    spoken = match(episode.lines, rows)
    shown = match(texts, spoken.unused)
    prepare = _Preparing(bible, market, {**spoken.rows, **shown.rows}, engine)
    prepare.number, prepare.begun, prepare.level = episode.number, begun(episode.scenes), level
    known = earlier(bible.root, market.code, episode.number, manner(bible, market.code, level), foretold=bible.foretold)
    prepare.repeated = known.hits(episode.lines, bible.setting)
    scenes = Scenes(episode, prepare.name)
    heard = listeners(episode.lines, episode.scenes, bible.cast)
    made = [
        prepare.job(line, scenes.around(line.id), (line.addressee or "", *possible))
        for line, possible in zip(episode.lines, heard, strict=True)
    ]
    had = before.had(episode.lines, rows, market.code, prepare.known)
    made = [replace(job, had=had.of(job.line.id)) for job in with_pivot(made, pivot, bible, level)]
    made = [replace(job, script=None) if had.outdo(job.line, job.script, rows) else job for job in made]
    made += [prepare.job(text, ("", ()), ("",), shown=True) for text in texts]
    return tuple(replace(job, engine=None) if job.line.id in closed else job for job in made)


def simple(lines: Sequence[Line]) -> tuple[Line, ...]:
    """The lines in simplified characters, which scripts are matched by."""
    return tuple(replace(line, text=simplified(line.text)) for line in lines)


class _Preparing:
    """What all lines of a market share while their jobs are made."""

    def __init__(
        self, bible: SeriesBible, market: Market, script: Mapping[str, ScriptRow], engine: Choice | None
    ) -> None:
        self.bible, self.place, self.script, self.engine = bible, market, script, engine
        self.market, self.guidance = market.code, guidance(market)
        self.glossary, self.memory = bible.glossary(market.code), bible.remembered(market.code)
        self.words, self.pace = lexicon(bible, market.code), pace.of_market(market)
        self.looked_up = dict[str, tuple[Hit, ...]]()
        self.number, self.begun, self.level = 0, dict[str, frozenset[str]](), DEFAULT
        self.repeated: Mapping[str, tuple[Hit, ...]] = {}

    def job(
        self, line: Line, around: tuple[str, tuple[SceneLine, ...]], heard: tuple[str, ...], shown: bool = False
    ) -> Job:
        """``heard`` lists who may be addressed, the likeliest (or empty) first."""
        to = heard[0]
        met = (self.number, self.begun.get(around[0], ()))
        address = self.bible.address(line.speaker, to, self.market, *met) if line.speaker and to else None
        there = self._there(around[1], to)
        form, call = (address.form, address.call) if address else ("", "")
        genders = (self._gender(line.speaker), self._gender(to))
        occasion = Occasion(self.market, *genders, bool(to), form, self.bible.setting, line.kind, shown, call)
        return Job(
            line=line,
            market=self.market,
            seconds=line.span.length / 1000,
            form=form,
            call=call,
            names=(self.name(line.speaker), self.name(to)),
            terms=self.glossary.found_in(line.text),
            script=self.script.get(line.id),
            memory=(*self._named(line, shown), *self._remembered(line, heard, occasion)),
            phrases=self._phrases(line, occasion),
            engine=self.engine,
            shown=shown,
            syllables=0 if shown else self.pace.syllables(line.span.length),
            characters=self.place.subtitles.characters(line.span.length),
            scene=around[0],
            context=around[1],
            people=tuple(Person(self.name(one.id), one.gender, one.age, one.role) for one in there),
            relations=told(self.bible.relations, {one.id: self.name(one.id) for one in there}, *met),
            notes=notes(line.text, self.place, self.bible.setting) if self.level else (),
            guidance=self.guidance,
            renamed=tuple(one for one in self.bible.renamed.get(self.market, ()) if one.zh in line.text),
        )

    def known(self, line: Line, row: ScriptRow | None) -> Rendering:
        """What stands for a line of before, without an engine."""
        found = replace(self.job(line, ("", ()), (line.addressee or "",)), script=row, engine=None)
        return _ready(found) or missing(found)

    def name(self, character: str) -> str:
        """What the market calls a member of the cast; anybody else goes by the id."""
        found = self.bible.character(character)
        return (found.called(self.market) or found.name) if found else character

    def _there(self, context: Sequence[SceneLine], to: str) -> list[Character]:
        """Who of the cast speaks in the scene or is spoken to, in the order of the cast."""
        names = {self.name(to), *(one.speaker for one in context)} - {""}
        return [one for one in self.bible.cast if self.name(one.id) in names]

    def _gender(self, character: str) -> Gender:
        found = self.bible.character(character)
        return found.gender if found else "unknown"

    def _remembered(self, line: Line, heard: tuple[str, ...], occasion: Occasion) -> tuple[Hit, ...]:
        return remembered(self.memory.hits(line.text), self.repeated.get(line.id, ()), line, heard, occasion)

    def _named(self, line: Line, shown: bool) -> tuple[Hit, ...]:
        """A name plate that shows nothing but an approved term: the term is its translation."""
        if not shown:
            return ()
        exact = (term for term in self.glossary.found_in(line.text) if term.binds() and term.kind != "forbidden")
        return tuple(
            Hit(term.source, _headed(term.target), _headed(term.target), 100.0, "memory", "terms.csv")
            for term in exact if normal(term.source) == normal(line.text)
        )  # fmt: skip

    def _phrases(self, line: Line, occasion: Occasion) -> tuple[Hit, ...]:
        checked = []
        if line.text not in self.looked_up:
            self.looked_up[line.text] = phrasebook().hits(line.text, self.market, self.words)
        for hit in self.looked_up[line.text]:
            against = doubts(hit.source, hit.dub, hit.register, hit.setting, occasion)
            checked.append(replace(hit, why_not="; ".join(filter(None, (hit.why_not, *against)))))
        return tuple(checked)


def _headed(text: str) -> str:
    """As the first words of a plate: ``don Gu`` → ``Don Gu``; other scripts than Latin have no such capitals."""
    return text[:1].upper() + text[1:] if "LATIN" in unicodedata.name(text[:1] or " ", "") else text


def recipe(job: Job) -> dict[str, Any]:
    """Context and engine count only where an engine is asked, so that a neighbour's edit redoes nothing
    else.
    """
    # What does not change a line's words redoes nothing: notes, and where and for what else its terms hold.
    terms = tuple(replace(one, scope="", note="", use="dialogue" if "|" in one.use else one.use) for one in job.terms)
    own = {"line": job.line.id, "text": job.line.text, "market": job.market, "terms": terms}
    if job.script is not None:
        return own | {"script": replace(job.script, span=None)}
    found = own | {"memory": job.memory, "phrases": job.phrases} | ({"had": job.had} if job.had else {})
    if job.engine is None or _ready(job) is not None:
        return found
    asked = {
        "seconds": job.seconds, "room": (job.syllables, job.characters), "form": job.form, "call": job.call,
        "names": job.names,
        "scene": [(one.speaker, one.text) for one in job.context], "people": job.people, "notes": job.notes,
        "guidance": job.guidance, "kind": job.line.kind, "shown": job.shown, "emotion": job.line.emotion,
        "engine": job.engine.recipe(),
    }  # fmt: skip
    asked |= {"renamed": job.renamed} if job.renamed else {}
    asked |= {"pivot": (job.pivot, job.pivot_market, job.pivot_terms)} if job.pivot else {}
    return found | asked | ({"relations": job.relations} if job.relations else {})


def work(jobs: Sequence[Job], desk: Desk) -> Iterator[tuple[Job, Rendering]]:
    """Everything that needs no engine first, at once; then the engine's answers as they come.

    What a line had before it was split or joined is offered first.
    """
    for job, made in _answered(jobs, desk):
        carried = made.origin == "person" or job.script is not None
        yield job, made if carried else replace(made, offers=(*offered(job.had), *made.offers))


def _answered(jobs: Sequence[Job], desk: Desk) -> Iterator[tuple[Job, Rendering]]:
    open_jobs = []
    for job in jobs:
        ready = _ready(job)
        if ready is not None or job.engine is None:
            yield job, ready or missing(job)
        else:
            open_jobs.append(job)
    if open_jobs:
        yield from asked(open_jobs, desk)


def _ready(job: Job) -> Rendering | None:
    """The rendering that needs no engine, or None.  Marks and emoji alone need no translation: nobody says them."""
    if job.script is not None:
        row = job.script
        return replace(rendering(job, row.dub, row.subtitle, "person", row.status, row.reference), offers=())
    carried = joined(rendering(job, Variants(""), "", "person", "draft", ""), job.had)
    if carried is not None:
        return carried
    if not normal(job.line.text):
        return replace(missing(job), subtitle=marks(job.line.text, job.market), status="draft")
    hits = (*job.memory, *job.phrases)
    chosen = next((hit for hit in hits if not against(job, hit)), None)
    if chosen is None:
        return None
    dub = Variants(chosen.dub, chosen.short, chosen.long)
    made = rendering(job, dub, chosen.subtitle, chosen.origin, "draft", chosen.reference)
    return replace(made, offers=offers(job, chosen))


def asks(job: Job) -> bool:
    """Whether an engine is asked for the line."""
    return job.engine is not None and _ready(job) is None


def title(job: Job) -> str:
    """``"L0007 id-ID"``."""
    return f"{job.line.id} {job.market}"


STAGE = Stage("translate", revision=13, answer=Rendering, recipe=recipe, work=work, title=title,
    spent=lambda answer: answer.spent, lasting=lambda job, answer: answer.status != "missing" or job.engine is None,
)  # fmt: skip
