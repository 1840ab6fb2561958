"""The lines around a line, as an engine is told them."""

from __future__ import annotations

from collections.abc import Callable

from localize.episode import Episode
from localize.roles import SceneLine

AROUND = 20
"""Lines of its scene on either side that an engine sees: all of it, unless a scene is longer than any we have seen."""


class Scenes:
    """The lines of an episode by scene; ``name`` says what the market calls a speaker."""

    def __init__(self, episode: Episode, name: Callable[[str], str]) -> None:
        self.at = {one: (scene, at) for scene in episode.scenes for at, one in enumerate(scene.lines)}
        self.said = {one.id: SceneLine(one.id, name(one.speaker), one.text) for one in episode.lines}

    def around(self, line: str) -> tuple[str, tuple[SceneLine, ...]]:
        """The scene of a line and at most ``AROUND`` lines of it on either side, the line among them."""
        if line not in self.at:
            return "", ()
        scene, at = self.at[line]
        return scene.id, tuple(self.said[one] for one in scene.lines[max(0, at - AROUND) : at + 1 + AROUND])
