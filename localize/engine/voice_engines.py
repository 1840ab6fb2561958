"""Which engine speaks which voice in a market, and the clips those engines clone from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from localize import backends
from localize.engine.local import Runner
from localize.engine.order import Order
from localize.engine.plan import Plan, named_choice
from localize.episode import Asset, Episode
from localize.errors import GateError
from localize.market import Market
from localize.series import SeriesBible
from localize.stages import Choice, reference
from localize.stages._cloned import Cloned
from localize.voice import Casting, Voice

STOCK = "espeak"
"""The engine of the stock cards.  To any other engine they describe a person, for whom it has a voice of its own."""


def choice_of(voice: Voice, order: Order, plan: Plan) -> Choice:
    """The engine that speaks a voice: the one its card names, else the plan's.

    Raises ``SetupError`` where the one a card names cannot run, and ``GateError`` for its licence.
    """
    chosen = plan.choice("tts")
    if voice.engine in (STOCK, chosen.name):
        return chosen
    return named_choice("tts", voice.engine, order, f"the voice {voice.id}")


def mute(choice: Choice, market: Market) -> GateError | None:
    """Why an engine does not speak a market's language, with the way out; None where it does."""
    card = backends.card(choice.role, choice.name)
    if not card.by_market:
        return None
    state = card.available({**dict(choice.options), "market": market.code})
    return None if state.ready else GateError(f"{choice.name}: {state.why}", market.code, state.fix)


def clones(choice: Choice) -> bool:
    """Whether an engine takes voices from clips."""
    return backends.card(choice.role, choice.name).clones(dict(choice.options))


def cloned(
    bible: SeriesBible, episode: Episode, casting: Sequence[Casting], engines: Mapping[str, Choice], runner: Runner
) -> tuple[tuple[Casting, ...], dict[str, Cloned]]:
    """The casting, and the clip of everybody whose engine clones and whose consent allows it, by speaker.

    A voice of the series has its own clip; for a character's actor one is chosen from the episode's lines.  Where that
    has none that will do, nobody is cloned, and the casting says so.
    """
    made, found = list[Casting](), dict[str, Cloned]()
    for one in casting:
        if not one.toward or not clones(engines[one.speaker]):
            made.append(one)
            continue
        clip, why = _clip(one, bible, episode, runner)
        if clip is not None:
            found[one.speaker] = clip
            made.append(replace(one, why=f"{one.why}; cloned from {why}"))
        else:
            told = f"no clip of {one.toward} to clone from: {why}"
            made.append(replace(one, why=f"{one.why}; not cloned: {told}", toward="", consent="", refused=told))
    return tuple(made), found


def _clip(one: Casting, bible: SeriesBible, episode: Episode, runner: Runner) -> tuple[Cloned | None, str]:
    consent = bible.consents[one.consent].digest
    if one.voice.sample is not None:
        return Cloned(one.voice.sample, consent), "the clip of the voice"
    said = tuple(
        reference.Said(line.id, line.span, line.text)
        for line in sorted(episode.lines, key=lambda line: (-line.span.length, line.span.start))
        if line.speaker == one.speaker and line.kind == "speech"
    )
    others = tuple(line.span for line in episode.lines if line.speaker != one.speaker)
    job = reference.Job(one.speaker, said[:60], others, episode.stems.dialogue, _music(episode))
    chosen = runner.one(reference.STAGE, job)
    if chosen.sound is None:
        return None, chosen.why
    told = f"{', '.join(chosen.lines)} ({chosen.seconds:.1f} s, {chosen.clean:.0f} dB over noise)"
    return Cloned(chosen.sound, consent, chosen.text, episode.language), told


def _music(episode: Episode) -> Asset:
    return episode.stems.music_effects
