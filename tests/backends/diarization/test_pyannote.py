"""How turns become lines, without a network to find them."""

from __future__ import annotations

import numpy as np

from localize.backends.diarization.pyannote import _names, _shares, _told
from localize.roles import Attribution

TURNS = [(0.0, 3.0, "A"), (3.0, 6.0, "B"), (7.0, 8.0, "A"), (8.0, 10.0, "C"), (9.0, 10.0, "B")]
VOICES = ["A", "B", "C"]


def test_a_line_is_said_by_who_is_heard_longest() -> None:
    shares = _shares([(0.0, 2.0), (7.5, 10.0), (20.0, 21.0)], TURNS, VOICES)
    assert np.allclose(shares, [[1, 0, 0], [0.2, 0.4, 0.8], [0, 0, 0]])
    first, second, third = _told(shares, [("lin",), (), ()])
    assert (first.speaker, first.margin) == ("lin", 1.0)
    assert second == Attribution("?2", 0.6, (("lin", 0.6),))
    assert third.speaker == "?0" and third.margin == 0


def test_who_speaks_in_a_clip_is_that_member() -> None:
    clips = _shares([(0.5, 2.5), (3.5, 5.5)], TURNS, VOICES)
    assert _names(clips, ["lin", "gu"], VOICES) == [("lin",), ("gu",), ()]


def test_two_members_with_one_voice_are_never_told_apart_for_sure() -> None:
    clips = _shares([(0.5, 2.5), (1.0, 2.0)], TURNS, VOICES)
    found = _told(_shares([(0.0, 2.0)], TURNS, VOICES), _names(clips, ["lin", "gu"], VOICES))
    assert found[0].margin == 0 and {found[0].speaker, found[0].rivals[0][0]} == {"lin", "gu"}


def test_strangers_are_numbered_as_they_come() -> None:
    shares = _shares([(8.1, 8.9), (3.0, 5.0), (8.1, 8.9)], TURNS, VOICES)
    assert [one.speaker for one in _told(shares, [("lin",), (), ()])] == ["?1", "?2", "?1"]
