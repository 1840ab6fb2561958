from __future__ import annotations

from localize.stages.diarize import alone_in
from localize.timing import span


def test_a_voice_is_told_by_what_it_says_alone() -> None:
    spans = [span(0, 2000), span(1700, 3500), span(4000, 5000)]
    assert alone_in(spans) == [[span(0, 1670)], [span(2030, 3500)], [span(4000, 5000)]]


def test_an_interruption_in_the_middle_leaves_both_ends() -> None:
    assert alone_in([span(0, 3000), span(1000, 1800)]) == [[span(0, 970), span(1830, 3000)], [span(1000, 1800)]]


def test_a_line_that_is_never_alone_keeps_its_whole_time() -> None:
    assert alone_in([span(0, 1000), span(100, 2000)])[0] == [span(0, 1000)]
    assert alone_in([span(0, 1000), span(0, 1000)]) == [[span(0, 1000)]] * 2
    assert alone_in([]) == []
