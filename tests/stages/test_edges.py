"""Where lines that reach into each other part."""

from __future__ import annotations

import pytest

from localize.stages._edges import apart
from localize.timing import span

LENGTH = 20_000


@pytest.mark.parametrize(
    ("spans", "parted"),
    [
        ([(0, 2000), (1000, 3000)], [(0, 1500), (1500, 3000)]),
        ([(0, 10_000), (6000, 7000)], [(0, 10_000), (6000, 7000)]),
        ([(0, 10_000), (2000, 3000), (2500, 4000)], [(0, 10_000), (2000, 2750), (2750, 4000)]),
        ([(0, 10_000), (2000, 3000), (9000, 12_000)], [(0, 9500), (2000, 3000), (9500, 12_000)]),
        ([(900, 3100), (2600, 3100)], [(900, 2600), (2600, 3100)]),
        ([(900, 1300), (900, 3000)], [(900, 1300), (1300, 3000)]),
        ([(900, 1300), (900, 1300)], [(900, 1100), (1100, 1300)]),
        ([(0, 700), (100, 300)], [(0, 200), (200, 300)]),
        ([(19_000, 21_000)], [(19_000, 20_000)]),
    ],
)
def test_a_line_inside_another_keeps_its_time(spans: list[tuple[int, int]], parted: list[tuple[int, int]]) -> None:
    assert apart([span(*one) for one in spans], LENGTH) == [span(*one) for one in parted]
