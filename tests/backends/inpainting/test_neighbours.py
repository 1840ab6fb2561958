from __future__ import annotations

import numpy as np
import pytest

from localize import backends

RNG = np.random.default_rng(7)
STILL = RNG.integers(60, 200, (20, 40, 3)).astype(np.uint8).repeat(4, 0).repeat(4, 1)


def shot() -> tuple[list[np.ndarray], list[np.ndarray]]:
    """Twenty frames of one still picture, a hole in the middle ten."""
    none, hole = np.zeros((80, 160), np.uint8), np.zeros((80, 160), np.uint8)
    hole[30:50, 40:120] = 255
    masks = [hole if 5 <= n < 15 else none for n in range(20)]
    return [np.where(m[..., None] > 0, 255, STILL).astype(np.uint8) for m in masks], masks


@pytest.mark.parametrize("name", ["neighbours", "opencv"])
def test_only_the_hole_changes(name: str) -> None:
    frames, masks = shot()
    filled = list(backends.load("inpainting", name).fill(frames, masks))
    assert len(filled) == 20
    for frame, mask, new in zip(frames, masks, filled, strict=True):
        assert (new[mask == 0] == frame[mask == 0]).all()
        assert not (new[mask > 0] == 255).all(axis=-1).any()


def test_neighbours_bring_back_what_was_hidden() -> None:
    frames, masks = shot()
    filled = list(backends.load("inpainting", "neighbours").fill(frames, masks))
    assert max(int(np.abs(new.astype(int) - STILL).max()) for new in filled) <= 1


def test_a_neighbour_that_shows_something_else_is_not_used() -> None:
    frames, masks = shot()
    grey = np.full_like(STILL, 90)
    frames = [np.where(masks[5][..., None] > 0, 255, grey).astype(np.uint8) if m.any() else STILL for m in masks]
    filled = list(backends.load("inpainting", "neighbours").fill(frames, masks))
    assert int(np.abs(filled[9].astype(int) - 90).max()) <= 12


@pytest.mark.parametrize("lighter", [-4, 4])
def test_a_neighbour_some_levels_lighter_or_darker_is_fitted(lighter: int) -> None:
    """A scene that grows lighter: what is taken from later frames has the brightness of the frame it fills."""
    frames, masks = shot()
    frames = [
        frame if mask.any() else (frame.astype(int) + lighter).astype(np.uint8)
        for frame, mask in zip(frames, masks, strict=True)
    ]
    filled = list(backends.load("inpainting", "neighbours").fill(frames, masks))
    assert max(int(np.abs(new.astype(int) - STILL).max()) for new in filled[5:15]) <= 1
