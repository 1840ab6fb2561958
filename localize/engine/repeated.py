"""Lines that earlier episodes said already: their takes are used again, and what differs is known to the checks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType
from typing import TYPE_CHECKING

from localize.address_matrix import begun
from localize.agreement import NO_FORM
from localize.engine.analysis import Analysis
from localize.engine.local import Runner, key_of
from localize.engine.order import Order
from localize.episode import Asset, Episode, Line
from localize.glossary import normal
from localize.repeats import APPROVED, Earlier, Manner, Said, manner, path_of, text_of
from localize.series import SeriesBible, digest_of, locked, write
from localize.stages import synthesize
from localize.version import Rendering, Variants

if TYPE_CHECKING:
    from localize.engine.region import Regional

NOWHERE: Mapping[str, tuple[str, str]] = MappingProxyType({})
LEAST = 4
"""Characters from which the same words mean the same thing: 嗯 and 什么 are said in many ways."""


def takes(
    jobs: Sequence[synthesize.Job], lines: Sequence[Line], known: Earlier, runner: Runner
) -> list[synthesize.Job]:
    """The jobs, each as an earlier cut or the episode before had it, where the words are the same and its take is still
    in the store.
    """
    by_id = {line.id: line for line in lines}
    return [_as_then(job, known.spoken(by_id[job.line]), runner) for job in jobs]


def _as_then(job: synthesize.Job, said: Sequence[Said], runner: Runner) -> synthesize.Job:
    if runner.store.receipt(key_of(synthesize.STAGE, job)) is not None:
        return job
    for one in said:
        if _holds(one.dub, job.dub):
            then = replace(job, emotion=one.emotion, slot=one.span.length, span=one.span, actor=_actor(job, one))
            if runner.store.receipt(key_of(synthesize.STAGE, then)) is not None:
                return then
    return job


def _holds(said: Variants, asked: Variants) -> bool:
    """Whether what is to be spoken, one length as a rule, was among what could be said then."""
    texts = ((getattr(asked, length), getattr(said, length)) for length in synthesize.LENGTHS)
    return all(text == then for text, then in texts if text)


def _actor(job: synthesize.Job, said: Said) -> Asset | None:
    digest, _, size = said.stem.partition(":")
    return (
        Asset(digest, job.actor.kind, int(size))
        if job.actor is not None and size.isascii() and size.isdigit()
        else job.actor
    )


def remember(order: Order, bible: SeriesBible, work: Analysis, region: Regional) -> None:
    """Keep what this version says for the episodes to come."""
    path = path_of(bible.root, order.stem, region.market.code)
    how = manner(bible, region.market.code, order.adapt_level)
    text = text_of(_said(work, region, order.stem, how, addressed(bible, work.episode, region.market.code)))
    with locked(bible.root):
        seen = digest_of(path)
        if not seen or path.read_text("utf-8") != text:
            write(path, text, seen)


def addressed(bible: SeriesBible, episode: Episode, market: str) -> dict[str, tuple[str, str]]:
    """By line id: the form of address in force (``NO_FORM`` without one) and what the addressee is called."""
    met, found = begun(episode.scenes), {}
    scene = {line: one.id for one in episode.scenes for line in one.lines}
    for line in episode.lines:
        told = None
        if line.speaker and line.addressee:
            since = met.get(scene.get(line.id, ""), frozenset())
            told = bible.address(line.speaker, line.addressee, market, episode.number, since)
        found[line.id] = (told.form or NO_FORM, told.call) if told else (NO_FORM, "")
    return found


def _said(
    work: Analysis, region: Regional, stem: str, how: Manner, addresses: Mapping[str, tuple[str, str]]
) -> Iterator[Said]:
    episode = work.episode
    toward = {one.speaker for one in region.dub.casting if one.toward} if region.dub else set()
    dialogue = episode.stems.dialogue
    for line in episode.lines:
        one = region.script.renderings[line.id]
        if one.status == "missing" or not (one.dub.normal or one.subtitle):
            continue
        sound = f"{dialogue.digest}:{dialogue.size}" if line.speaker in toward else ""
        yield Said(
            stem, episode.number, line.id, line.span, line.speaker, line.addressee or "", line.emotion, line.text,
            one.dub, one.subtitle, one.origin, one.status, sound, how, *addresses[line.id],
        )  # fmt: skip


def differing(
    lines: Sequence[Line], renderings: Mapping[str, Rendering], known: Earlier, stem: str,
    addresses: Mapping[str, tuple[str, str]] = NOWHERE,
) -> Iterator[tuple[str, str, str]]:  # fmt: skip
    """(line, where, words) of approved words that were said for the same Chinese to the same person before, and differ.

    Nothing where the line keeps to any of them, or where they are addressed otherwise by now (``addresses``).
    """
    here: list[tuple[Line, str]] = []
    for line in lines:
        one = renderings.get(line.id)
        if one is None or one.status == "missing" or len(normal(line.text)) < LEAST:
            continue
        words = one.dub.normal or one.subtitle
        before = [(f"{stem} {other.id}", text) for other, text in reversed(here)
                  if _same(line, other) and addresses.get(line.id) == addresses.get(other.id)]  # fmt: skip
        before += [(said.reference, said.dub.normal or said.subtitle) for said in known.of(line)
                   if said.approved and _together(line.addressee, said.addressee)
                   and (not said.form or addresses.get(line.id) in (None, (said.form, said.call)))]  # fmt: skip
        if before and all(normal(text) != normal(words) for _, text in before):
            yield line.id, *before[0]
        if one.status in APPROVED:
            here.append((line, words))


def _same(line: Line, other: Line) -> bool:
    same = normal(line.text) == normal(other.text) and line.speaker == other.speaker
    return same and _together(line.addressee, other.addressee)


def _together(one: str | None, other: str | None) -> bool:
    return not one or not other or one == other
