"""Who speaks with which voice in a market: from the series' casting, its consents and what earlier episodes chose."""

from __future__ import annotations

import shutil
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from pathlib import Path

from localize.engine.analysis import Analysis
from localize.engine.events import Event, Listener, failed
from localize.engine.local import Runner
from localize.engine.order import Order
from localize.engine.plan import Plan
from localize.engine.voice_engines import choice_of
from localize.engine.voice_engines import mute as refused
from localize.episode import Episode, Speaker
from localize.errors import GateError, LocalizeError, SetupError
from localize.market import Market
from localize.series import SeriesBible
from localize.timing import Span, span
from localize.voice import Casting, Wishes, cast_by
from localize.voice_cards import clip_of

ENOUGH = 12_000
"""Milliseconds of speech a stranger's pitch is measured on; the reference clips of the cast are no longer."""

SOMEBODY = Speaker("?1", "")
"""Whoever will speak where the cast is not written yet."""


def casting_of(
    order: Order, bible: SeriesBible, speakers: Sequence[Speaker], market: Market,
    high: Mapping[str, float] | None = None,
) -> tuple[Casting, ...]:  # fmt: skip
    """Who speaks with which voice in this market.  ``high`` is what ``heights`` found (none given: of the cast).

    The whole cast is cast at once, so that a voice does not depend on who appears in this episode.
    """
    strangers = tuple(one for one in speakers if bible.character(one.id) is None)
    everyone = (*bible.speakers(), *strangers)
    held = bible.chosen.get(market.code, {})
    measured = high if high is not None else _of_cast(bible, market)
    wishes = Wishes(bible.casting, bible.consents, held, bible.voices, measured)
    found = cast_by(everyone, wishes, market.code, market.code, order.today)
    wanted = {one.id for one in speakers}
    return tuple(one for one in found if one.speaker in wanted)


def heights(bible: SeriesBible, work: Analysis, market: Market, runner: Runner) -> dict[str, float]:
    """The median pitch in Hz of those nobody has chosen a voice for: of the cast by their clips, of strangers by their
    lines in this episode.
    """
    episode = work.episode
    strangers = [one.id for one in episode.speakers if bible.character(one.id) is None]
    stem = runner.store.path(episode.stems.dialogue)
    own = {who: _of_lines(stem, _longest(episode, who)) for who in strangers}
    return _of_cast(bible, market) | {who: high for who, high in own.items() if high}


def _of_cast(bible: SeriesBible, market: Market) -> dict[str, float]:
    held = bible.chosen.get(market.code, {})
    found = {
        one.id: _of_clip(one.references[0], one.references[0].stat().st_mtime_ns)
        for one in bible.cast
        if one.references and one.id not in held and not bible.voice(one.id, market.code)
    }
    return {who: high for who, high in found.items() if high}


def _longest(episode: Episode, speaker: str) -> tuple[Span, ...]:
    """A speaker's longest lines, as many as make ``ENOUGH``."""
    found, length = list[Span](), 0
    for line in sorted(episode.lines, key=lambda one: (-one.span.length, one.span.start)):
        if line.speaker == speaker and length < ENOUGH:
            found.append(line.span)
            length += line.span.length
    return tuple(found)


@lru_cache(maxsize=256)
def _of_clip(path: Path, changed: int) -> float:
    """The median Hz of a clip; ``changed`` is when, so that another clip of that name is measured again."""
    from localize.media import audio, pitch

    sound, rate = audio.read(path)
    return round(float(pitch.median(audio.mono(sound), rate)), 1)


@lru_cache(maxsize=256)
def _of_lines(stem: Path, lines: tuple[Span, ...]) -> float:
    """The median Hz of some lines of a dialogue stem; 0 where nothing has a pitch."""
    import numpy as np

    from localize.media import audio, pitch

    parts = [audio.mono(audio.read(stem, audio.at(one.start), audio.at(one.end))[0]) for one in lines]
    return round(float(pitch.median(np.concatenate(parts), audio.RATE)), 1) if parts else 0.0


def reference_clips(bible: SeriesBible, casting: Sequence[Casting], runner: Runner) -> dict[str, Span]:
    """The length of the clip of every voice of a person that is cast, by voice; the clips are put into the store."""
    from localize.media import audio

    found = {}
    for voice in {one.voice.id: one.voice for one in casting if one.voice.sample and one.toward}.values():
        clip, sample = clip_of(bible.root, voice.id), voice.sample
        samples, _, rate = audio.shape(clip)
        found[voice.id] = span(0, max(audio.to_ms(samples, rate), 1))
        if sample is not None and not runner.looking and not runner.store.path(sample).exists():
            folder = runner.store.scratch()
            runner.store.keep(Path(shutil.copy(clip, folder / "clip.wav")), "audio/wav")
            shutil.rmtree(folder, ignore_errors=True)
    return found


def unvoiced(
    order: Order, bible: SeriesBible, tell: Listener, plan: Plan | None = None
) -> tuple[Order, tuple[tuple[str, LocalizeError], ...]]:
    """The order without the markets whose cast cannot be voiced, and why each of them cannot: told before any work.

    A person's voice that may not be used is told as well; a stock voice stands in.  With a ``plan`` every engine that a
    voice is spoken by is looked at: whether it can run, may be used, and speaks the market's language.
    """
    if "dub" not in order.deliver:
        return order, ()
    mute, instead = list[tuple[str, LocalizeError]](), dict[str, list[str]]()
    for market in order.markets:
        try:
            found = casting_of(order, bible, bible.speakers() or (SOMEBODY,), market)
            if plan is not None:
                _spoken(found, order, plan, market)
            for one in found:
                if one.refused:
                    told = f"{one.speaker} speaks with the stock voice {one.voice.name} ({one.voice.id}): {one.refused}"
                    instead.setdefault(told, []).append(market.code)
        except (GateError, SetupError) as error:
            mute.append((market.code, error))
    for told, codes in instead.items():
        tell(Event("note", message=f"{', '.join(codes)}: {told}"))
    closed = {code for code, _ in mute}
    for code, why in mute:
        tell(failed(why, f"{code}: {why}", code))
    return replace(order, markets=tuple(one for one in order.markets if one.code not in closed)), tuple(mute)


def _spoken(casting: Sequence[Casting], order: Order, plan: Plan, market: Market) -> None:
    """Raises ``SetupError`` or ``GateError`` for a voice that no engine here may or can speak."""
    engines = {one.voice.engine: choice_of(one.voice, order, plan) for one in casting}
    for choice in engines.values():
        if refusal := refused(choice, market):
            raise refusal
