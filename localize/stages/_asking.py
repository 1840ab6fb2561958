"""The lines that only an engine can translate: what it is told, and which of its words are taken.

A machine's words become a draft unless they break an approved term, leave Chinese standing, are in another language
than the market's or come with the engine's own doubt.  Lines it lost and words that were wrong are asked for once more,
told what was wrong; terms that are still broken then are put in where grammar allows (``enforcing``; every change is in
``Rendering.mended``), and what is wrong even so is kept as an offer.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from localize import backends
from localize.address_words import other_address_words
from localize.agreement import BY_NOW
from localize.enforcing import mended
from localize.glossary import Hit, broken_terms
from localize.han import HAN, chinese_left
from localize.renaming import put
from localize.roles import Translation, TranslationRequest, Translator
from localize.stages import Desk
from localize.stages._languages import Answers
from localize.version import NOTHING, Offer, Origin, Rendering, Spent, Status, Variants
from localize.written_in import LEAST, REFUSABLE, is_title, leaning, other_language

if TYPE_CHECKING:
    from localize.stages.translate import Job

ROUNDS = 2
"""How often the engine is asked for a line it lost or got wrong."""
LOST = "the engine gave no answer for it"


@dataclass
class _Waiting:
    """A line that is still open: the last answer with words, what was wrong with it, and what it has cost so far."""

    job: Job
    remarks: tuple[str, ...] = ()
    answer: Translation | None = None
    spent: Spent = NOTHING
    doubtful: bool = False
    strange: str = ""
    usable: Translation | None = None

    def hold_against(self, answers: Answers) -> None:
        """Looks at the last answer beside all others: they may tell that it is in another language."""
        assert self.answer is not None
        said, self.doubtful = self.answer.dub.normal, False
        other = answers.language(self.job.line.id, said)
        self.strange = _strange(other, self.job) if other else ""
        self.remarks = (f"“{said}” was wrong", self.strange) if other else ()
        self.usable = None if other else self.usable

    def take(self, answer: Translation) -> None:
        self.spent += answer.spent
        self.strange = ""
        if self.answer is None or answer.dub.normal.strip():  # else the words before are the better offer
            self.answer = answer


def asked(jobs: Sequence[Job], desk: Desk) -> Iterator[tuple[Job, Rendering]]:
    """The engine's answers as they come, each line once."""
    choice = jobs[0].engine
    assert choice is not None
    engine: Translator = backends.load("translation", choice.name, dict(choice.options))
    waiting = {job.line.id: _Waiting(job) for job in jobs}
    answers = Answers()
    for number in range(ROUNDS):
        asking = [request(one.job, one.remarks) for one in waiting.values()]
        for answer in engine.translate(asking) if asking else ():
            one = waiting.get(answer.line)
            if one is None:
                continue
            one.take(answer)
            made, one.remarks = judged(one.job, answer, choice.name)
            one.usable = answer if made.status != "missing" else one.usable
            lost = not answer.doubt and not answer.dub.normal.strip()
            one.doubtful = _heard(one.job, answer, answers) and not (one.remarks or lost)
            if not one.doubtful and (number == ROUNDS - 1 or not (one.remarks or lost)):
                yield one.job, _settled(waiting.pop(answer.line), choice.name)
            desk.progress(len(jobs) - len(waiting), len(jobs))
        for line in [line for line, one in waiting.items() if one.doubtful]:
            waiting[line].hold_against(answers)
            if not waiting[line].remarks:
                yield waiting[line].job, _settled(waiting.pop(line), choice.name)
    for one in waiting.values():
        yield one.job, _settled(one, choice.name)


def _heard(job: Job, answer: Translation, answers: Answers) -> bool:
    """Whether the rest of the answers must tell what language this one is in."""
    text = answer.dub.normal
    if job.shown:  # signs keep their language
        return False
    answers.hear(job.line.id, text, leaning(text, job.market, job.line.text, _given(job)))
    return answers.doubtful(job.line.id, text)


def _settled(one: _Waiting, engine: str) -> Rendering:
    """What a line gets in the end, its terms put right as far as grammar allows."""
    if one.answer is None:
        return replace(missing(one.job), doubt=LOST)
    said = one.answer
    if one.usable and not one.strange and judged(one.job, said, engine)[0].status == "missing":
        said = one.usable  # asked again for its form of address alone
    answer, done = (said, ()) if said.doubt else repaired(one.job, said)
    answer = replace(answer, doubt=answer.doubt or one.strange)
    made = judged(one.job, answer, engine)[0]
    return replace(made, spent=one.spent, mended=(*answer.told, *done, *made.mended), pivot=answer.pivot)


def judged(job: Job, answer: Translation, engine: str) -> tuple[Rendering, tuple[str, ...]]:
    """What an answer is worth, and what to tell the engine when it is worth asking again.

    A wrong variant of right words is no reason to ask: it is left out, and told in ``mended``.
    """
    subtitle = answer.subtitle or answer.dub.normal
    if answer.doubt or not answer.dub.normal.strip():
        doubt = answer.doubt or LOST
        kept = (Offer(answer.dub.normal, "machine", 0.0, doubt, engine),) if answer.dub.normal.strip() else ()
        return replace(missing(job, kept), doubt=doubt), ()
    why = tuple(sorted({problem for text in (answer.dub.normal, subtitle) for problem in _wrong(job, text)}))
    if why:
        offer = Offer(answer.dub.normal, "machine", 0.0, "; ".join(why), engine)
        return replace(missing(job, (offer,)), doubt="; ".join(why)), (f"“{answer.dub.normal}” was wrong", *why)
    variants = {"short": answer.dub.short, "long": answer.dub.long}
    bad = {name: wrong for name, text in variants.items() if text and (wrong := _wrong(job, text))}
    dub = replace(answer.dub, **dict.fromkeys(bad, ""))
    out = tuple(f"{name} left out: “{variants[name]}” ({'; '.join(wrong)})" for name, wrong in bad.items())
    form = () if job.shown else _other_form(job, dub.normal) or _other_form(job, subtitle)
    return replace(rendering(job, dub, subtitle, "machine", "draft", engine), mended=out), form


def _wrong(job: Job, text: str) -> tuple[str, ...]:
    """The terms a text breaks, whether Chinese is left in it, and whether it is in another language altogether."""
    given = _given(job)
    plain = _without([form for form in given if HAN.search(form)], text)
    left = ("Chinese characters are left in it",) if chinese_left(plain, job.line.text, job.market) else ()
    least = REFUSABLE if job.shown or is_title(text) else LEAST
    other = "" if left else other_language(text, job.market, job.line.text, given, least)
    strange = (_strange(other, job),) if other else ()
    return (*broken_terms(job.terms, text, language=job.market), *left, *strange)


def _given(job: Job) -> list[str]:
    """Words a line was told to hold: they are no language's."""
    return [form for term in job.terms for form in term.forms] + [*job.names, job.call]


def _strange(other: str, job: Job) -> str:
    return f"it is in {other}, not in the language of {job.market}"


def _other_form(job: Job, text: str) -> tuple[str, ...]:
    """Another form of address is asked about once; the words are a draft even so (check ``address``)."""
    found = other_address_words(text, job.form, job.market) if job.line.kind == "speech" else ""
    return (f"“{text}” was wrong", found) if found else ()


def _without(forms: Sequence[str], text: str) -> str:
    """``text`` without approved words, which may be written with Chinese characters."""
    for form in sorted(forms, key=len, reverse=True):
        text = text.replace(form, "")
    return text


def repaired(job: Job, answer: Translation) -> tuple[Translation, tuple[str, ...]]:
    """The answer with broken terms put right where no word around them can suffer, and what was done, in words."""
    said = answer.dub
    texts = {"dub": said.normal, "short": said.short, "long": said.long, "subtitle": answer.subtitle}
    found = {name: _mended(job, text) for name, text in texts.items() if text}
    done = tuple(f"{name}: {one}" for name, (_, told) in found.items() for one in told)
    new = {**texts, **{name: text for name, (text, _) in found.items()}}
    dub = replace(said, normal=new["dub"], short=new["short"], long=new["long"])
    return replace(answer, dub=dub, subtitle=new["subtitle"]), done


def _mended(job: Job, text: str) -> tuple[str, tuple[str, ...]]:
    """One text put right: names the cast has others for here, then terms; what keeps its terms is left to *adapt*."""
    local = put(text, job.renamed, job.market) if broken_terms(job.terms, text, language=job.market) else text
    said, done = mended(job.line.text, local, job.terms)
    return said, ((f"local names: “{text}” → “{local}”",) if local != text else ()) + done


def request(job: Job, remarks: tuple[str, ...] = ()) -> TranslationRequest:
    """What the engine is told about a line."""
    bound = [term for term in job.terms if term.binds()]
    close = [(hit.source, hit.dub) for hit in (*job.memory, *job.phrases) if BY_NOW not in hit.why_not]
    return TranslationRequest(
        line=job.line.id,
        source=job.line.text,
        market=job.market,
        seconds=job.seconds,
        speaker=job.names[0],
        addressee=job.names[1],
        form=job.form,
        call=job.call,
        emotion=job.line.emotion,
        kind="on_screen" if job.shown else job.line.kind,
        syllables=job.syllables,
        characters=job.characters,
        scene=job.scene,
        context=job.context,
        people=job.people,
        relations=job.relations,
        terms=tuple((term.source, term.target) for term in bound if term.kind != "forbidden"),
        forbidden=tuple(form for term in bound if term.kind == "forbidden" for form in term.forms),
        notes=job.notes,
        exemplars=tuple(close[:3]),
        guidance=job.guidance,
        remarks=remarks,
        pivot=job.pivot,
        pivot_market=job.pivot_market,
        pivot_terms=job.pivot_terms,
    )


# ── renderings ──────────────────────────────────────────────────────────────────────────────────────────────
def rendering(job: Job, dub: Variants, subtitle: str, origin: Origin, status: Status, reference: str) -> Rendering:
    """A line's words with everything that was found beside them."""
    terms = tuple(f"{term.source}→{term.target}" for term in job.terms if term.binds() and term.kind != "forbidden")
    return Rendering(job.line.id, job.market, dub, subtitle, origin, status, reference, offers(job), terms)


def missing(job: Job, more: tuple[Offer, ...] = ()) -> Rendering:
    """A line without translation, and what came close."""
    empty = Rendering(job.line.id, job.market, Variants(""), "", "source", "missing")
    return replace(empty, offers=(*more, *offers(job)))


def offers(job: Job, filled: Hit | None = None) -> tuple[Offer, ...]:
    """What memory and phrasebook found that was not filled in, each with the reason."""
    return tuple(
        Offer(hit.dub, hit.origin, hit.score, against(job, hit) or "another match was taken", hit.reference)
        for hit in (*job.memory, *job.phrases)
        if hit is not filled and (filled is None or hit.dub != filled.dub)
    )


def against(job: Job, hit: Hit) -> str:
    """Why a hit is not filled in: its own doubts, and the approved terms it breaks."""
    texts = (hit.dub, hit.subtitle)
    broken = {problem for text in texts for problem in broken_terms(job.terms, text, language=job.market)}
    return "; ".join(filter(None, (hit.why_not, *sorted(broken))))
