"""Every engine that fills holes in pictures."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from localize import backends

COUNT, HIGH, WIDE = 6, 96, 160
HOLE = (slice(40, 56), slice(48, 112))


def scene() -> tuple[list[NDArray[np.uint8]], list[NDArray[np.uint8]], NDArray[np.uint8]]:
    """Frames of a still picture whose middle holds white strokes, a mask each, and the picture without them."""
    y, x = np.mgrid[0:HIGH, 0:WIDE]
    wave = 110 + 40 * np.sin(x / 23) + 30 * np.cos(y / 19)
    clean = np.stack([wave, wave * 0.9, wave * 0.8], -1).astype(np.uint8)
    mask = np.zeros((HIGH, WIDE), np.uint8)
    mask[HOLE][:, ::2] = 255
    burned = clean.copy()
    burned[mask > 0] = 255
    return [burned.copy() for _ in range(COUNT)], [mask.copy() for _ in range(COUNT)], clean


@pytest.fixture(params=sorted(backends.known("inpainting")))
def engine(request: pytest.FixtureRequest) -> Any:
    state = backends.availability("inpainting", request.param)
    if not state.ready:
        pytest.skip(f"{request.param}: {state.why}")
    return backends.load("inpainting", request.param)


def test_only_the_mask_is_filled(engine: Any) -> None:
    frames, masks, _ = scene()
    filled = list(engine.fill(frames, masks))
    assert len(filled) == COUNT
    for before, mask, after in zip(frames, masks, filled, strict=True):
        assert after.shape == before.shape and after.dtype == np.uint8
        assert np.array_equal(after[mask == 0], before[mask == 0])


def test_the_fill_looks_like_what_was_hidden(engine: Any) -> None:
    frames, masks, clean = scene()
    for after, mask in zip(engine.fill(frames, masks), masks, strict=True):
        error = np.abs(after[mask > 0].astype(int) - clean[mask > 0])
        assert error.mean() < 12, "levels of 255; the strokes themselves are off by more than 100"


def test_frames_and_masks_given_are_left_alone(engine: Any) -> None:
    frames, masks, _ = scene()
    kept = [one.copy() for one in (*frames, *masks)]
    list(engine.fill(frames, masks))
    assert all(np.array_equal(one, before) for one, before in zip((*frames, *masks), kept, strict=True))


def test_without_a_mask_nothing_changes(engine: Any) -> None:
    frames, _, _ = scene()
    empty = [np.zeros((HIGH, WIDE), np.uint8)] * COUNT
    for before, after in zip(frames, engine.fill(frames, empty), strict=True):
        assert np.array_equal(before, after)


def test_one_frame_alone_equals_the_same_frame_in_a_batch(engine: Any) -> None:
    frames, masks, _ = scene()
    together = list(engine.fill(frames, masks))
    for frame, mask, after in zip(frames, masks, together, strict=True):
        (alone,) = engine.fill([frame], [mask])
        assert np.abs(alone.astype(int) - after).max() <= 2


def test_the_same_frames_give_the_same_pixels(engine: Any) -> None:
    frames, masks, _ = scene()
    for one, other in zip(engine.fill(frames, masks), engine.fill(frames, masks), strict=True):
        assert np.array_equal(one, other)
