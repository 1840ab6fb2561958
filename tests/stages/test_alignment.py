"""The alignment against the truth of small cases, and its cost on long ones."""

from __future__ import annotations

import sys
from collections import Counter

from hypothesis import given, settings
from hypothesis import strategies as st

from localize.stages._alignment import GAP, Pairs, Shown, Sounding, _worth, align
from localize.timing import span

SOUNDS = st.sampled_from(["wo", "ni", "ta", "shi", "si", "le"])


def sounding(sounds: list[str], start: int = 0, step: int = 200) -> list[Sounding]:
    return [Sounding(s, start + i * step, start + (i + 1) * step, i) for i, s in enumerate(sounds)]


def shown(texts: list[list[str]], step: int = 200) -> list[Shown]:
    found, at = [], 0
    for text in texts:
        found.append(Shown(tuple(text), span(at, at + step * len(text))))
        at += step * len(text)
    return found


def total(captions: list[Shown], heard: list[Sounding], pairs: tuple[Pairs, ...]) -> float:
    """What an alignment is worth, counted from its pairs."""
    worth = 0.0
    for caption, own in zip(captions, pairs, strict=True):
        if not own:
            continue
        step = caption.span.length / len(caption.sounds)
        for mine, theirs in own:
            due = caption.span.start + (mine + 0.5) * step
            worth += _worth(
                caption.sounds[mine], heard[theirs].sound, due - (heard[theirs].start + heard[theirs].end) / 2
            )
        missed = len(caption.sounds) - len(own)
        worth -= GAP * (missed + own[-1][1] - own[0][1] + 1 - len(own))
    return worth


def best(captions: list[Shown], heard: list[Sounding]) -> float:
    """The greatest worth of any order-keeping alignment, by trying all."""

    def ways(own: int, theirs: int, first: int) -> list[list[tuple[int, int]]]:
        found: list[list[tuple[int, int]]] = [[]]
        for mine in range(own, len(captions[first].sounds)):
            for other in range(theirs, len(heard)):
                found += [[(mine, other), *rest] for rest in ways(mine + 1, other + 1, first)]
        return found

    def walk(number: int, theirs: int) -> float:
        if number == len(captions):
            return 0.0
        return max(
            total([captions[number]], heard, (tuple(way),)) + walk(number + 1, way[-1][1] + 1 if way else theirs)
            for way in ways(0, theirs, number)
        )

    return walk(0, 0)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.lists(SOUNDS, min_size=1, max_size=3), min_size=1, max_size=2), st.lists(SOUNDS, max_size=5))
def test_no_other_alignment_is_worth_more(texts: list[list[str]], sounds: list[str]) -> None:
    captions, heard = shown(texts), sounding(sounds)
    found = align(captions, heard)
    assert abs(total(captions, heard, found) - best(captions, heard)) < 1e-9
    taken = [theirs for own in found for _, theirs in own]
    assert taken == sorted(set(taken))


def test_nothing_to_align() -> None:
    assert align([], sounding(["wo"])) == ()
    assert align(shown([["wo"]]), []) == ((),)
    assert align([Shown((), span(0, 100))], sounding(["wo"])) == ((),)


def test_twice_the_episode_costs_twice() -> None:
    def pairs_weighed(lines: int) -> int:
        texts = [[["wo", "ni", "ta", "shi"][(n * 7 + i * i) % 4] for i in range(8)] for n in range(lines)]
        captions, heard = shown(texts), sounding([s for text in texts for s in text])
        calls = Counter[str]()
        sys.setprofile(lambda frame, event, _: calls.update([frame.f_code.co_name] if event == "call" else []))
        found = align(captions, heard)
        sys.setprofile(None)
        assert all(len(own) == 8 for own in found)
        return calls["_worth"]

    assert 0 < pairs_weighed(400) <= 2.1 * pairs_weighed(200)
