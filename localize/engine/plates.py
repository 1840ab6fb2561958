"""The clean plate, made once for all versions that want the same texts gone.

Every version erases the dialogue captions and the on-screen texts it replaces.  The work is done shot by shot on the
first demand and shared through receipts; markets that ask meanwhile wait instead of doing it again.
"""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from localize.engine.local import Runner
from localize.engine.order import REPLACED
from localize.episode import OnScreenText, Patch, Picture, Shot
from localize.stages import Choice, erase


@dataclass
class Plates:
    """The picture, its shots and texts, the engine that fills and the one that reads what it left."""

    path: Path
    digest: str
    picture: Picture
    shots: tuple[Shot, ...]
    texts: tuple[OnScreenText, ...]
    engine: Choice
    reader: Choice
    _one_at_a_time: threading.Lock = field(default_factory=threading.Lock)
    _helper: threading.Thread | None = None

    def ahead(self, runner: Runner) -> None:
        """Start on the shots that show nothing but dialogue captions, while the sound is being worked on.

        What fails here fails again, and is told, when a market asks for it.
        """

        def work() -> None:
            with contextlib.suppress(Exception, KeyboardInterrupt):
                shown = [text for text in self.texts if text.kind in ("subtitle", *REPLACED)]
                plain = [s for s in self.shots if not any(t.kind in REPLACED and t.span.overlap(s.span) for t in shown)]
                self._erased([text for text in shown if text.kind == "subtitle"], plain, runner)

        if self._helper is None:
            self._helper = threading.Thread(target=work, name="plates")
            self._helper.start()

    def settle(self) -> None:
        """Wait for what was started ahead."""
        if self._helper is not None:
            self._helper.join()

    def without(self, names: Collection[str], runner: Runner) -> tuple[tuple[Patch, ...], tuple[str, ...]]:
        """Patches that take the texts of these ids out of the picture, and the ids that can still be read after it."""
        self.settle()
        answers = self._erased([text for text in self.texts if text.id in names], self.shots, runner)
        residue = dict.fromkeys(name for answer in answers for name, _ in answer.residue)
        return tuple(patch for answer in answers for patch in answer.patches), tuple(residue)

    def _erased(self, wanted: Sequence[OnScreenText], shots: Sequence[Shot], runner: Runner) -> list[erase.Erased]:
        jobs = []
        for shot in shots:
            inside = tuple(text for text in wanted if text.span.overlap(shot.span))
            if inside:
                jobs.append(erase.Job(self.path, self.digest, self.picture, shot, inside, self.engine, self.reader))
        with self._one_at_a_time:
            return runner.run(erase.STAGE, jobs)
