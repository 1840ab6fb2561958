from __future__ import annotations

from pathlib import Path

import numpy as np
from talk import talk

from localize.engine.local import LocalDesk
from localize.media import audio
from localize.stages import activity
from localize.timing import Ms, span


def test_speech_is_found_where_it_is(tmp_path: Path, desk: LocalDesk) -> None:
    quiet = np.zeros(2 * audio.RATE, np.float32)
    path = audio.write(tmp_path / "a.wav", np.concatenate([quiet, talk(3.0, audio.RATE), quiet]))
    job = activity.Job(path, "d", 0, Ms(7000))
    ((_, found),) = activity.work([job], desk)
    assert len(found) == 1 and found[0].overlap(span(2000, 5000)) > 2700
    assert found[0].start > 1800 and found[0].end < 5200
    assert not list(desk.folder.iterdir())
