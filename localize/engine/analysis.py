"""What all markets share, done once per episode: from the file to lines with speakers."""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import chain
from pathlib import Path

from localize.corrections import Former, corrected, formers
from localize.engine import carried, clips, ledger, transcript
from localize.engine.events import Event
from localize.engine.fusion import ORIGIN, Ears, fused, fuses, listened, merged, recogniser, still_so, talked, wanted
from localize.engine.labelled import labels_of, with_halves
from localize.engine.local import Runner
from localize.engine.order import Order, number_of
from localize.engine.original import lineless
from localize.engine.plan import Plan
from localize.engine.plates import Plates
from localize.engine.soundtracks import chosen, interlaced, poor_track, strange_background, track_of
from localize.engine.sources import doubted_lines, no_lines, spoken, told, untaken
from localize.engine.speakers import People
from localize.engine.store import digest_of
from localize.engine.telling import references, who_speaks
from localize.episode import Episode, Line, OnScreenText, Shot, Source, Stems
from localize.errors import SetupError
from localize.evidence import Doubted, Evidence
from localize.series import SeriesBible
from localize.stages import ocr, probe, separate, shots, transcribe
from localize.stages._labels import spellings
from localize.stages._unfit import poor_sound
from localize.timing import Span
from localize.version import Finding


@dataclass(frozen=True, slots=True)
class Analysis:
    """The episode, and what the markets need beside it.

    ``plates`` takes texts out of the picture on demand; ``people`` tell who speaks and where that is a close call,
    ``evidence`` what vouches for each line of a fused transcript, ``findings`` what the source of the lines had wrong,
    ``formers`` what lines were that people split or joined and ``pivot`` the pivot market's words, by line, ``dropped``
    where lines were taken out by people or, with the reason in ``doubted``, because nobody seems to say them.
    """

    episode: Episode
    transcript: str
    plates: Plates
    people: People
    evidence: tuple[Evidence, ...] = ()
    findings: tuple[Finding, ...] = ()
    formers: Mapping[str, Former] = field(default_factory=dict)
    dropped: tuple[Span, ...] = ()
    doubted: tuple[Doubted, ...] = ()
    pivot: Mapping[str, str] = field(default_factory=dict)


def probed(order: Order, runner: Runner) -> Source:
    """What is in the file, of its sound tracks the one somebody named.  Raises ``InputError`` for no episode."""
    return chosen(order, runner.one(probe.STAGE, probe.Job(order.media, digest_of(order.media))))


def analyse(order: Order, plan: Plan, bible: SeriesBible, source: Source, runner: Runner) -> Analysis:
    """Walk the other shared stages.  Raises ``InputError`` when there is nothing to localise."""
    cuts, read = _shown(order, plan, bible, source, runner)
    texts = ledger.named(_ids(bible, order), read, looking=True)  # an episode without lines leaves no ledger behind
    choices = plan.choice("inpainting"), plan.choice("ocr")
    plates = Plates(order.media, source.digest, source.picture, cuts, texts, *choices)
    plates.ahead(runner)
    try:
        seen = _seen(order, plan, bible, source, (cuts, read), runner)
        if seen.texts != texts:  # another run named them meanwhile
            plates.settle()
            plates = Plates(order.media, source.digest, source.picture, cuts, seen.texts, *choices)
        episode, found, evidence, before, dropped, doubted = _heard(order, plan, bible, source, seen, runner)
    except BaseException:
        runner.stop.set()
        plates.settle()
        raise
    strange = tuple(strange_background(order, episode.stems, [line.speaker for line in episode.lines]))
    for one in strange:
        runner.tell(told(one))
    findings = (*seen.findings, *strange)
    return Analysis(episode, seen.origin, plates, found, evidence, findings, before, dropped, doubted)


def transcribed(
    order: Order, plan: Plan, bible: SeriesBible, source: Source, runner: Runner
) -> tuple[Episode, str, People, tuple[Evidence, ...], tuple[Doubted, ...]]:
    """The episode, where its lines came from, who speaks in it, what vouches for it and what is no line of it; nothing
    for a market.
    """
    seen = _seen(order, plan, bible, source, _shown(order, plan, bible, source, runner), runner)
    episode, found, evidence, _, _, doubted = _heard(order, plan, bible, source, seen, runner)
    return episode, seen.origin, found, evidence, doubted


def lines_of(
    order: Order, plan: Plan, bible: SeriesBible, source: Source, runner: Runner, earlier: carried.Carried
) -> tuple[str, tuple[Line, ...]]:
    """What is said and when, without ids and speakers, after where it came from; ``earlier`` lines where nothing is."""
    origin, found, *_, doubted = _lines(
        order, plan, bible, runner, source, _read(order, plan, source, runner)[1], earlier
    )
    return origin, tuple(line for n, line in enumerate(found) if not (doubted and doubted[n]))


_Shown = tuple[tuple[Shot, ...], tuple[OnScreenText, ...]]
_Names = tuple[str, ...]
_Found = tuple[str, tuple[Line, ...], tuple[Evidence, ...], tuple[Span, ...], tuple[Finding, ...], _Names, _Names]


@dataclass(frozen=True, slots=True)
class _Seen:
    """What the picture shows and which lines were found, from ``origin``; texts have ids, lines have none yet.

    ``evidence``, ``labels`` (a file's) and ``doubted`` are empty or as long as ``lines``; ``talk`` is where fusion
    holds talk to be.
    """

    cuts: tuple[Shot, ...]
    texts: tuple[OnScreenText, ...]
    origin: str
    lines: tuple[Line, ...]
    evidence: tuple[Evidence, ...]
    talk: tuple[Span, ...]
    findings: tuple[Finding, ...]
    labels: _Names = ()
    doubted: _Names = ()


def _read(order: Order, plan: Plan, source: Source, runner: Runner) -> _Shown:
    first = shots.Job(order.media, source.digest, source.picture)
    if not runner.looking and not runner.answered(shots.STAGE, first):
        threading.Thread(target=ocr.warm, args=(plan.choice("ocr"),), name="reader", daemon=True).start()
    cuts = runner.one(shots.STAGE, first)
    job = ocr.Job(order.media, source.digest, source.picture, cuts, plan.choice("ocr"))
    return cuts, runner.one(ocr.STAGE, job)


def _shown(order: Order, plan: Plan, bible: SeriesBible, source: Source, runner: Runner) -> _Shown:
    """The cuts, and the texts of the picture, without ids."""
    if wanted(order) in ("auto", "sidecar"):  # before the picture is read, which takes minutes
        transcribe.require_subtitles(_sidecar(order), source.picture.rate, bible.language)
    return _read(order, plan, source, runner)


def _seen(order: Order, plan: Plan, bible: SeriesBible, source: Source, shown: _Shown, runner: Runner) -> _Seen:
    """The lines, and then the ids of the texts."""
    found = _lines(order, plan, bible, runner, source, shown[1])
    return _Seen(shown[0], ledger.named(_ids(bible, order), shown[1], runner.looking), *found)


def _ids(bible: SeriesBible, order: Order) -> Path:
    return bible.root / "lines" / f"{order.stem}.texts.json"


def _heard(
    order: Order, plan: Plan, bible: SeriesBible, source: Source, seen: _Seen, runner: Runner
) -> tuple[Episode, People, tuple[Evidence, ...], dict[str, Former], tuple[Span, ...], tuple[Doubted, ...]]:
    """The sound's half: stems, line ids, scenes, who speaks; what vouches for each line, what it was before, where
    lines were taken out, and those that doubt took out.
    """
    minted = ledger.mint(bible.root / "lines" / f"{order.stem}.json", seen.lines, looking=runner.looking)
    _tell_ids(runner, minted)
    edits = transcript.corrections(order, bible, runner.looking)
    taken = untaken(minted.lines, seen.doubted)
    lines = corrected(taken, edits)
    known = (*(line.span for line in seen.lines), *(text.span for text in lineless(seen.texts, seen.lines)))
    talk = talked(merged((*known, *seen.talk)) if seen.talk else known, (line.span for line in lines))
    stems = _stems(order, plan, runner, source, talk)
    clips.renewed(bible, runner, stems, lines, order.stem, source.digest)
    scenes = transcribe.scenes(lines, seen.cuts)
    before = carried.speakers(bible, order.stem, source.digest) if seen.origin == carried.ORIGIN else {}
    named = labels_of(bible, order.stem, source.digest, minted.lines, seen.labels, runner.looking)
    found = who_speaks(order, plan, bible, source, runner, seen.cuts, seen.texts, stems, lines, scenes, edits, before,
                       with_halves(named, lines, formers(taken, edits)))  # fmt: skip
    every = corrected(taken, edits, dropped=True)
    _show(order, bible, (*every, *found.lines), runner)
    episode = Episode(
        id=order.stem, series=bible.id, number=number_of(order.stem) if order.number is None else order.number,
        language=bible.language, source=source, stems=stems, shots=seen.cuts, on_screen=seen.texts,
        speakers=found.speakers, lines=found.lines, scenes=scenes,
    )  # fmt: skip
    dropped = tuple(line.span for line in every if not line.text)
    doubted = doubted_lines(minted.lines, seen.doubted, every)
    return episode, found, still_so(seen.evidence, minted.lines, lines), formers(taken, edits), dropped, doubted


def _show(order: Order, bible: SeriesBible, lines: Sequence[Line], runner: Runner) -> None:
    """The transcript table; of the lines with one id the last counts."""
    shown = sorted({line.id: line for line in lines}.values(), key=lambda line: (line.span, line.id))
    if not runner.looking and not transcript.write_transcript(order, bible, shown):
        runner.tell(Event("warning", message="transcript.csv was changed while this ran; the next run takes it in"))


def _lines(
    order: Order, plan: Plan, bible: SeriesBible, runner: Runner, source: Source, texts: tuple[OnScreenText, ...],
    earlier: carried.Carried | None = None,
) -> _Found:  # fmt: skip
    """Where the lines came from, the lines, what vouches for them, where talk may be besides, what was wrong, labels.

    That is the first source that has any, unless one was named; captions are fused with what a recogniser hears.
    """
    if order.transcript in ("asr", ORIGIN) and "asr" not in plan.choices:
        raise SetupError("no speech recogniser runs here", f"--transcript {order.transcript}", "see localize doctor")
    asked = wanted(order)
    unfit: dict[str, tuple[Finding, ...]] = {}
    for origin, job in transcripts(order, plan, bible, source, texts, earlier):
        if asked not in ("auto", origin):
            continue
        if origin == "asr":
            hears = recogniser(plan, bible.cast)
            job = replace(job, heard=listened(order, source, job.track, job.language, hears, runner))
        read = runner.one(transcribe.STAGE, job)
        if not spoken(order, bible, read, runner.looking):
            unfit[origin] = read.findings
            continue
        poor = (*poor_sound(track_of(source)), *poor_track(source), *interlaced(source))
        findings = (*poor, *chain(*unfit.values()), *read.findings)
        for one in findings:
            runner.tell(told(one))
        if origin == "captions" and fuses(order, plan):
            ears = _ears(order, plan, bible, source, runner)
            both, talk, deaf = fused(order, source, read.lines, texts, ears, runner)
            for one in deaf:
                runner.tell(told(one))
            if both is not None:
                return ORIGIN, both.lines, both.evidence, talk, (*findings, *deaf), (), ()
            findings = (*findings, *deaf)
        return origin, read.lines, (), (), findings, read.labels, read.doubted
    raise no_lines(order, asked, unfit)


def _ears(order: Order, plan: Plan, bible: SeriesBible, source: Source, runner: Runner) -> Ears:
    return Ears(
        track_of(source).index, bible.language, recogniser(plan, bible.cast), plan.choice("diarization"),
        *references(bible), lambda talk: _stems(order, plan, runner, source, talk),
    )  # fmt: skip


def transcripts(
    order: Order, plan: Plan, bible: SeriesBible, source: Source, texts: tuple[OnScreenText, ...],
    earlier: carried.Carried | None = None,
) -> list[tuple[str, transcribe.Job]]:  # fmt: skip
    """The possible transcriptions in order of trust: sidecar, embedded track, captions, recogniser, and the lines of an
    ``earlier`` cut (those carried over to this one, if none are given).
    """
    base = transcribe.Job(
        origin="captions", path=order.media, digest=source.digest, stream=-1, on_screen=texts,
        language=bible.language, length=source.picture.length, episode=order.media,
        episode_digest=source.digest, track=track_of(source).index, rate=source.picture.rate,
        chosen=order.transcript != "auto", names=spellings(bible.cast),
    )  # fmt: skip
    found: list[tuple[str, transcribe.Job]] = []
    if sidecar := _sidecar(order):
        found.append(("sidecar", replace(base, origin="sidecar", path=sidecar, digest=digest_of(sidecar))))
    chinese = [t for t in source.subtitles if t.language in ("", "und", "zh", "zho", "chi")]
    if chinese:
        track = min(chinese, key=lambda one: one.language in ("", "und"))
        found.append(("embedded", replace(base, origin="embedded", stream=track.index)))
    found.append(("captions", base))
    if "asr" in plan.choices:
        found.append(("asr", replace(base, origin="asr", on_screen=())))  # ``heard`` is asked for when it comes to it
    earlier = earlier or carried.carried(bible, order.stem, source.digest)
    if earlier is not None and earlier.lines:
        job = replace(base, origin=carried.ORIGIN, on_screen=(), earlier=earlier.lines, earlier_of=earlier.of)
        found.append((carried.ORIGIN, job))
    return found


def _sidecar(order: Order) -> Path | None:
    return order.subtitles or transcribe.find_sidecar(order.episode)


def _stems(order: Order, plan: Plan, runner: Runner, source: Source, talk: Sequence[Span]) -> Stems:
    """Dialogue versus music and effects; where somebody talks, captions without a line included, is a hint."""
    me = order.music_effects.absolute() if order.music_effects else None
    job = separate.Job(
        path=order.media, digest=source.digest, track=track_of(source), length=source.picture.length,
        speech=tuple(sorted(talk)), engine=plan.choice("separation"), me=me,
        me_digest=digest_of(me) if me else "",
    )  # fmt: skip
    return runner.one(separate.STAGE, job)


def _tell_ids(runner: Runner, minted: ledger.Minted) -> None:
    if minted.retired:
        told = f"retired lines, kept in the ledger: {', '.join(minted.retired)}"
        runner.tell(Event("note", "transcribe", message=told))
