"""Every line in a market's words: a person's script, else the series' memory, else the phrasebook, else
an engine.

What a person wrote is never replaced.  Memory and phrasebook fill a line only when nothing speaks
against it; what they found otherwise is kept as an offer.  Approved terms must stand in whatever was
not written by a person.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from localize import backends
from localize.addressing import listeners
from localize.agreement import Occasion, doubts
from localize.episode import Episode, Gender, Line
from localize.glossary import Hit, Term, broken_terms, normal
from localize.lexicon import lexicon
from localize.market import Market
from localize.phrasebook import phrasebook
from localize.roles import Translation, TranslationRequest, Translator
from localize.script import ScriptRow, match, read_script
from localize.series import SeriesBible
from localize.stages import Choice, Desk, Stage
from localize.version import Offer, Origin, Rendering, Status, Variants

AROUND = 3
"""Lines of context on either side that an engine sees."""
TRIES = 2
"""How often the engine is asked for a line it lost."""
Around = tuple[tuple[str, ...], tuple[str, ...]]
"""The texts of the lines before and after."""
HAN = re.compile(r"[\u3400-\u9fff\uf900-\ufaff]")


@dataclass(frozen=True, slots=True)
class Job:
    """One line and everything that may inform its translation.  ``form`` and ``call`` are the address
    matrix's.
    """

    line: Line
    market: str
    seconds: float
    before: tuple[str, ...] = ()
    after: tuple[str, ...] = ()
    form: str = ""
    call: str = ""
    genders: tuple[Gender, Gender] = ("unknown", "unknown")
    terms: tuple[Term, ...] = ()
    script: ScriptRow | None = None
    memory: tuple[Hit, ...] = ()
    phrases: tuple[Hit, ...] = ()
    engine: Choice | None = None


def jobs(
    episode: Episode,
    bible: SeriesBible,
    market: Market,
    texts: Sequence[Line] = (),
    engine: Choice | None = None,
) -> tuple[Job, ...]:
    """One job per line, then one per on-screen text (given as lines nobody speaks)."""
    path = bible.root / "scripts" / f"{episode.id}.{market.code}.csv"
    rows = read_script(path) if path.is_file() else ()
    spoken = match(episode.lines, rows)
    shown = match(texts, spoken.unused)
    prepare = _Preparing(bible, market.code, {**spoken.rows, **shown.rows}, engine)
    scene_of = {name: scene.lines for scene in episode.scenes for name in scene.lines}
    said = {line.id: line.text for line in episode.lines}
    heard = listeners(episode.lines, episode.scenes, bible.cast)
    made = [
        prepare.job(
            line, _around(line.id, scene_of.get(line.id, ()), said), (line.addressee or "", *possible)
        )
        for line, possible in zip(episode.lines, heard, strict=True)
    ]
    return (*made, *(prepare.job(text, ((), ()), ("",), shown=True) for text in texts))


def _around(name: str, scene: Sequence[str], said: Mapping[str, str]) -> Around:
    if name not in scene:
        return (), ()
    at = scene.index(name)
    before, after = scene[max(0, at - AROUND) : at], scene[at + 1 : at + 1 + AROUND]
    return tuple(said[one] for one in before), tuple(said[one] for one in after)


class _Preparing:
    """What all lines of a market share while their jobs are made."""

    def __init__(
        self, bible: SeriesBible, market: str, script: Mapping[str, ScriptRow], engine: Choice | None
    ) -> None:
        self.bible, self.market, self.script, self.engine = bible, market, script, engine
        self.glossary, self.memory = bible.glossary(market), bible.remembered(market)
        self.words = lexicon(bible, market)

    def job(self, line: Line, around: Around, heard: tuple[str, ...], shown: bool = False) -> Job:
        """``heard`` lists who may be addressed, the likeliest (or empty) first."""
        to = heard[0]
        address = self.bible.address(line.speaker, to, self.market) if line.speaker and to else None
        form, call = (address.form, address.call) if address else ("", "")
        genders = (self._gender(line.speaker), self._gender(to))
        occasion = Occasion(self.market, *genders, bool(to), form, self.bible.setting, line.kind, shown)
        return Job(
            line=line,
            market=self.market,
            seconds=line.span.length / 1000,
            before=around[0],
            after=around[1],
            form=form,
            call=call,
            genders=genders,
            terms=self.glossary.found_in(line.text),
            script=self.script.get(line.id),
            memory=(*self._named(line, shown), *self._remembered(line, heard)),
            phrases=self._phrases(line, occasion),
            engine=self.engine,
        )

    def _gender(self, character: str) -> Gender:
        found = self.bible.character(character)
        return found.gender if found else "unknown"

    def _remembered(self, line: Line, heard: tuple[str, ...]) -> tuple[Hit, ...]:
        """What the series said before, first what it said to the same person."""
        checked = []
        found = self.memory.hits(line.text)
        for hit in sorted(found, key=lambda hit: (-hit.score, hit.addressee != heard[0])):
            why = [hit.why_not] if hit.why_not else []
            if hit.score < 100:
                why.append(f"the Chinese reads {hit.source}")
            if hit.speaker and hit.speaker != line.speaker:
                why.append(f"said by {hit.speaker} then")
            if hit.addressee and hit.addressee not in heard:
                why.append(f"said to {hit.addressee} then")
            if hit.setting and hit.setting != self.bible.setting:
                why.append(f"from a {hit.setting} setting")
            checked.append(replace(hit, why_not="; ".join(why)))
        return tuple(checked)

    def _named(self, line: Line, shown: bool) -> tuple[Hit, ...]:
        """A name plate that shows nothing but an approved term: the term is its translation."""
        if not shown:
            return ()
        exact = (term for term in self.glossary.found_in(line.text) if term.binds() and term.kind != "forbidden")
        return tuple(
            Hit(term.source, term.target, term.target, 100.0, "memory", "terms.csv")
            for term in exact if normal(term.source) == normal(line.text)
        )  # fmt: skip

    def _phrases(self, line: Line, occasion: Occasion) -> tuple[Hit, ...]:
        checked = []
        for hit in phrasebook().hits(line.text, self.market, self.words):
            against = doubts(hit.source, hit.dub, hit.register, hit.setting, occasion)
            checked.append(replace(hit, why_not="; ".join(filter(None, (hit.why_not, *against)))))
        return tuple(checked)


def recipe(job: Job) -> dict[str, Any]:
    """Context and engine count only where an engine is asked, so that a neighbour's edit redoes nothing
    else.
    """
    own = {"line": job.line.id, "text": job.line.text, "market": job.market, "terms": job.terms}
    if job.script is not None:
        return own | {"script": replace(job.script, span=None)}
    found = own | {"memory": job.memory, "phrases": job.phrases}
    if job.engine is None or _ready(job) is not None:
        return found
    asked = {
        "seconds": job.seconds, "before": job.before, "after": job.after, "form": job.form, "call": job.call,
        "genders": job.genders, "speaker": job.line.speaker, "addressee": job.line.addressee,
        "kind": job.line.kind, "emotion": job.line.emotion, "engine": job.engine.recipe(),
    }  # fmt: skip
    return found | asked


def work(jobs: Sequence[Job], desk: Desk) -> Iterator[tuple[Job, Rendering]]:
    """Everything that needs no engine first, at once; then the engine's answers as they come."""
    open_jobs = []
    for job in jobs:
        ready = _ready(job)
        if ready is not None or job.engine is None:
            yield job, ready or _missing(job)
        else:
            open_jobs.append(job)
    if open_jobs:
        yield from _asked(open_jobs, desk)


def _ready(job: Job) -> Rendering | None:
    """The rendering that needs no engine, or None."""
    if job.script is not None:
        row = job.script
        return replace(_rendering(job, row.dub, row.subtitle, "person", row.status, row.reference), offers=())
    hits = (*job.memory, *job.phrases)
    chosen = next((hit for hit in hits if not _against(job, hit)), None)
    if chosen is None:
        return None
    made = _rendering(job, Variants(chosen.dub), chosen.subtitle, chosen.origin, "draft", chosen.reference)
    return replace(made, offers=_offers(job, chosen))


def _against(job: Job, hit: Hit) -> str:
    """Why a hit is not filled in: its own doubts, and the approved terms it breaks."""
    broken = {*broken_terms(job.terms, hit.dub), *broken_terms(job.terms, hit.subtitle)}
    return "; ".join(filter(None, (hit.why_not, *sorted(broken))))


def _offers(job: Job, filled: Hit | None = None) -> tuple[Offer, ...]:
    return tuple(
        Offer(hit.dub, hit.origin, hit.score, _against(job, hit) or "another match was taken", hit.reference)
        for hit in (*job.memory, *job.phrases)
        if hit is not filled and (filled is None or hit.dub != filled.dub)
    )


def _rendering(
    job: Job, dub: Variants, subtitle: str, origin: Origin, status: Status, reference: str
) -> Rendering:
    terms = tuple(
        f"{term.source}→{term.target}" for term in job.terms if term.binds() and term.kind != "forbidden"
    )
    return Rendering(job.line.id, job.market, dub, subtitle, origin, status, reference, _offers(job), terms)


def _missing(job: Job, more: tuple[Offer, ...] = ()) -> Rendering:
    empty = Rendering(job.line.id, job.market, Variants(""), "", "source", "missing")
    return replace(empty, offers=(*more, *_offers(job)))


def _asked(jobs: Sequence[Job], desk: Desk) -> Iterator[tuple[Job, Rendering]]:
    """The engine's answers; a line it lost is asked for once more, then left missing."""
    choice = jobs[0].engine
    assert choice is not None
    engine: Translator = backends.load("translation", choice.name, dict(choice.options))
    waiting = {job.line.id: job for job in jobs}
    for _ in range(TRIES):
        if not waiting:
            break
        for answer in engine.translate([_request(job) for job in waiting.values()]):
            job = waiting.pop(answer.line, None)
            if job is not None:
                yield job, _judged(job, answer, choice.name)
            desk.progress(len(jobs) - len(waiting), len(jobs))
    for job in waiting.values():
        yield job, _missing(job)


def _judged(job: Job, answer: Translation, engine: str) -> Rendering:
    """A machine's words are filled as a draft unless they break a term or leave Chinese standing."""
    subtitle = answer.subtitle or answer.dub.normal
    texts = (answer.dub.normal, subtitle)
    wrong = {problem for text in texts for problem in broken_terms(job.terms, text)}
    if any(HAN.search(text) for text in (*texts, answer.dub.short, answer.dub.long)):
        wrong.add("Chinese characters are left in it")
    if not answer.dub.normal.strip():
        return _missing(job)
    if wrong:
        return _missing(job, (Offer(answer.dub.normal, "machine", 0.0, "; ".join(sorted(wrong)), engine),))
    return _rendering(job, answer.dub, subtitle, "machine", "draft", engine)


def _request(job: Job) -> TranslationRequest:
    bound = [term for term in job.terms if term.binds()]
    close = [(hit.source, hit.dub) for hit in (*job.memory, *job.phrases)]
    return TranslationRequest(
        line=job.line.id,
        source=job.line.text,
        market=job.market,
        seconds=job.seconds,
        speaker=job.line.speaker,
        addressee=job.call or job.line.addressee or "",
        form=job.form,
        emotion=job.line.emotion,
        kind=job.line.kind,
        before=job.before,
        after=job.after,
        terms=tuple((term.source, term.target) for term in bound if term.kind != "forbidden"),
        forbidden=tuple(form for term in bound if term.kind == "forbidden" for form in term.forms),
        exemplars=tuple(close[:3]),
    )


def title(job: Job) -> str:
    """``"L0007 id-ID"``."""
    return f"{job.line.id} {job.market}"


STAGE = Stage(
    "translate", revision=1, answer=Rendering, recipe=recipe, work=work, title=title,
    lasting=lambda job, answer: answer.status != "missing" or job.engine is None,
)  # fmt: skip
