"""Draws a story: its clean frames one after the other; ``burn`` adds subtitles and overlays."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from .burn import burn, truth
from .draw_air import Lens
from .draw_motion import frame_times, motions
from .draw_scene import Scene, Studio
from .story import Shot, Story

__all__ = ["burn", "clean_frames", "truth"]


def clean_frames(story: Story) -> Iterator[NDArray[np.uint8]]:
    """Every frame of a story as BGR uint8 of shape (height, width, 3), in order, at ``story.rate``.

    The same story gives the same bytes.  Where no shot is on, the picture is black.
    """
    studio = Studio(story, motions(story))
    lens = Lens(story.width, story.height, story.seed)
    scene: Scene | None = None
    black = np.zeros((story.height, story.width, 3), np.uint8)
    for number, ms in enumerate(frame_times(story)):
        shot = _shot_at(story, float(ms))
        if shot is None:
            yield black.copy()
            continue
        if scene is None or scene.shot is not shot:
            scene = Scene(studio, shot)
        yield lens.finish(scene.draw(number, float(ms)), number)


def _shot_at(story: Story, ms: float) -> Shot | None:
    return next((shot for shot in story.shots if shot.start <= ms < shot.end), None)
