"""A market's voices: who speaks, which length of each line, every take in its place, and the mix."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from statistics import median

from localize import pace
from localize.engine.analysis import Analysis
from localize.engine.carried_words import spoken_before
from localize.engine.local import Runner, key_of
from localize.engine.order import Order
from localize.engine.original import audible, original
from localize.engine.plan import Plan
from localize.engine.repeated import takes as takes_of
from localize.engine.voice_casting import casting_of, heights, reference_clips
from localize.engine.voice_engines import choice_of
from localize.engine.voice_engines import cloned as clones_of
from localize.episode import Episode, Scene
from localize.market import Market
from localize.pace import Pace
from localize.repeats import Earlier, earlier
from localize.series import SeriesBible
from localize.stages import Choice, fit, mix, synthesize
from localize.stages import pace as measuring
from localize.stages._cloned import Cloned
from localize.stages._foreseen import Wording, chosen, only
from localize.timing import Ms, Span
from localize.version import Placed, Rendering, Take
from localize.voice import Casting

NEAR = 2000
"""Milliseconds around a scene in which the original voice may be in a dub line's way: more than a line may borrow."""


@dataclass(frozen=True, slots=True)
class Foresight:
    """How the estimates held: ``takes`` were spoken of ``offered`` lengths, ``error`` is the median share they were
    off by.
    """

    takes: int = 0
    offered: int = 0
    error: float = 0.0


@dataclass(frozen=True, slots=True)
class Dub:
    """The spoken side: who speaks with which voice, and every take in its place; ``receipts`` are those of the takes,
    by speaker.
    """

    casting: tuple[Casting, ...]
    takes: tuple[Take, ...]
    placed: tuple[Placed, ...]
    mixed: mix.Mixed
    foresight: Foresight = Foresight()
    receipts: tuple[tuple[str, tuple[str, ...]], ...] = ()


def spoken(
    order: Order, plan: Plan, bible: SeriesBible, work: Analysis, market: Market, said: Mapping[str, Rendering],
    runner: Runner,
) -> Dub:  # fmt: skip
    """Voices, the length of each line, takes, fit and mix.  ``said`` are the market's words by line."""
    episode = work.episode
    casting = casting_of(order, bible, episode.speakers, market, heights(bible, work, market, runner))
    open_lines = tuple(line for line in episode.lines if said[line.id].status == "missing" or line.kind == "song")
    kept = original(episode.on_screen, episode.lines, open_lines)
    cuts = spoken_before(bible, order.stem, market.code)
    known = earlier(bible.root, market.code, episode.number, cuts=cuts)
    clips = reference_clips(bible, casting, runner)
    engines = {one.speaker: choice_of(one.voice, order, plan) for one in casting}
    casting, cloned = clones_of(bible, episode, casting, engines, runner)
    speaking = _Speaking(episode, engines, market.voice_language, casting, known, runner, clips, cloned)
    stages = tuple(_scenes(work, kept, speaking.wordings(said)))
    takes = speaking.takes(stages)
    placed = tuple(one for answer in runner.run(fit.STAGE, fit_jobs(stages, takes)) for one in answer)
    mixed = runner.one(mix.STAGE, mix.Job(
        stems=episode.stems, placed=placed, length=episode.source.picture.length, market=market.code,
        original=audible(kept, episode.lines, episode.source.picture.length), target_lufs=order.loudness,
        speakers=tuple(speaking.lines[one.line].speaker for one in placed),
    ))  # fmt: skip
    return Dub(casting, takes, placed, mixed, speaking.foresight(takes), speaking.receipts())


@dataclass(frozen=True, slots=True)
class _Room:
    """A scene with what its lines may say; it ends at ``until``, and nobody talks into ``kept``."""

    scene: Scene
    wordings: tuple[Wording, ...]
    until: Ms
    kept: tuple[Span, ...]


def _scenes(work: Analysis, kept: Sequence[Span], wordings: Mapping[str, Wording]) -> Iterator[_Room]:
    """A scene may borrow silence up to the next scene's first line, and none of ``kept``."""
    episode = work.episode
    for number, scene in enumerate(episode.scenes):
        later = episode.scenes[number + 1 :]
        until = later[0].span.start if later else episode.source.picture.length
        near = tuple(one for one in kept if max(one.start - scene.span.end, scene.span.start - one.end) < NEAR)
        yield _Room(scene, tuple(wordings[name] for name in scene.lines), Ms(until), near)


def fit_jobs(rooms: Sequence[_Room], takes: Sequence[Take]) -> list[fit.Job]:
    """One job per scene that has takes."""
    jobs = []
    for room in rooms:
        own = tuple(take for take in takes if take.line in room.scene.lines)
        lines = tuple(one.line for one in room.wordings)
        if own:
            jobs.append(fit.Job(scene=room.scene.id, lines=lines, takes=own, until=room.until, kept=room.kept))
    return jobs


class _Speaking:
    """The voices of an episode in one market, and how fast each of them speaks."""

    def __init__(
        self, episode: Episode, engines: Mapping[str, Choice], language: str, casting: Sequence[Casting],
        before: Earlier, runner: Runner, clips: Mapping[str, Span], cloned: Mapping[str, Cloned],
    ) -> None:  # fmt: skip
        self.episode, self.engines, self.language, self.runner = episode, engines, language, runner
        self.before, self.clips, self.cloned = before, clips, cloned
        self.spoken = dict[str, dict[str, None]]()
        self.casting = {one.speaker: one for one in casting}
        self.lines = {line.id: line for line in episode.lines}
        self.known = dict[str, Wording]()

    def wordings(self, said: Mapping[str, Rendering]) -> Mapping[str, Wording]:
        """What every line may say; nothing where it is left in the original, as songs are: no voice here sings."""
        paces = self._paces()
        for line in self.episode.lines:
            place = fit.FitLine(line.id, line.span, line.speaker, line.kind == "speech")
            one = said[line.id]
            silent = one.status == "missing" or not one.dub.normal or line.kind == "song"
            dub = replace(one.dub, normal="", short="", long="") if silent else one.dub
            self.known[line.id] = Wording(place, dub, paces[line.speaker], line.emotion)
        return self.known

    def _paces(self) -> Mapping[str, Pace]:
        """The pace of every speaker's voice: shipped, or measured once."""
        found = {
            name: pace.shipped(self.engines[name].name, self.engines[name].version, one.voice, self.language)
            for name, one in self.casting.items()
        }
        new = [name for name, own in found.items() if own is None]
        jobs = [
            measuring.Job(self.casting[name].voice, self.language, self.engines[name], self.cloned.get(name))
            for name in new
        ]
        measured = dict(zip(new, self.runner.run(measuring.STAGE, jobs) if jobs else (), strict=True))
        return {name: own or measured[name] for name, own in found.items()}

    def takes(self, rooms: Sequence[_Room]) -> tuple[Take, ...]:
        """The lengths chosen by estimate, spoken; then those that only the takes showed to be better."""
        first = {
            line: length for room in rooms for line, length in chosen(room.wordings, room.until, room.kept).items()
        }
        takes = self._spoken(first)
        again: dict[str, synthesize.Length] = {}
        for room in rooms:
            better = chosen(room.wordings, room.until, room.kept, takes)
            again |= {line: length for line, length in better.items() if first[line] != length}
        both = (*takes, *(self._spoken(again) if again else ()))
        order = {line.id: number for number, line in enumerate(self.episode.lines)}
        return tuple(sorted(both, key=lambda take: (order[take.line], synthesize.LENGTHS.index(take.variant))))

    def _spoken(self, lengths: Mapping[str, synthesize.Length]) -> tuple[Take, ...]:
        """Takes of these lengths.  A receipt knows words and voice, not the line: the same words said twice are one
        take in two places.
        """
        wanted = [self._job(line, length) for line, length in lengths.items()]
        jobs = takes_of(wanted, self.episode.lines, self.before, self.runner)
        for job in jobs:
            self.spoken.setdefault(job.casting.speaker, {})[key_of(synthesize.STAGE, job)] = None
        answers = zip(jobs, self.runner.run(synthesize.STAGE, jobs), strict=True)
        return tuple(replace(take, line=job.line) for job, answer in answers for take in answer)

    def _job(self, name: str, length: synthesize.Length) -> synthesize.Job:
        line, casting = self.lines[name], self.casting[self.lines[name].speaker]
        cloned = self.cloned.get(line.speaker)
        clip = self.clips.get(casting.voice.id)
        heard = casting.voice.sample if clip else self.episode.stems.dialogue
        return synthesize.Job(
            line=name, dub=only(self.known[name].dub, length), language=self.language, casting=casting,
            emotion=line.emotion, slot=line.span.length,
            actor=heard if casting.toward and not cloned else None, span=clip or line.span,
            engine=self.engines[line.speaker], cloned=cloned,
        )  # fmt: skip

    def receipts(self) -> tuple[tuple[str, tuple[str, ...]], ...]:
        """The receipt keys of everything that was spoken, by speaker."""
        return tuple((who, tuple(keys)) for who, keys in sorted(self.spoken.items()))

    def foresight(self, takes: Sequence[Take]) -> Foresight:
        """How far the estimates were from the takes."""
        off = [abs(self.known[take.line].expected()[take.variant] / take.length - 1) for take in takes if take.length]
        offered = sum(len(one.texts()) for one in self.known.values())
        return Foresight(len(takes), offered, round(median(off), 4) if off else 0.0)
