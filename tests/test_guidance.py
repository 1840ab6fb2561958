from __future__ import annotations

import pytest

from localize.guidance import guidance, notes
from localize.market import markets, resolve


@pytest.mark.parametrize("code", sorted(markets()))
def test_every_market_is_told_its_register_money_and_units(code: str) -> None:
    told = guidance(markets()[code])
    assert len(told) >= 5 and all(told) and markets()[code].name in told[0]


def test_a_trope_is_explained_where_it_is_one() -> None:
    spanish = resolve("es")
    [(word, told)] = notes("她就是个绿茶。", spanish)
    assert word == "绿茶" and "mosquita muerta" in told
    assert notes("来一杯绿茶。", spanish) == () and notes("", spanish) == ()
