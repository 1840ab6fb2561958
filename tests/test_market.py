from __future__ import annotations

import logging

import pytest

from localize.errors import InputError
from localize.market import is_market, markets, resolve


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("en_US", "en-US"), ("EN-us", "en-US"), ("es", "es-419"), ("es-ES", "es-419"), ("in-ID", "id-ID"),
     ("ed-US", "en-US"), ("English", ""), ("", "")],
)  # fmt: skip
def test_a_slip_in_a_market_is_refused_with_what_was_meant(typed: str, meant: str) -> None:
    with pytest.raises(InputError) as caught:
        is_market(typed, "terms.csv, line 1")
    assert caught.value.where == "terms.csv, line 1" and ", ".join(markets()) in caught.value.fix
    assert caught.value.fix.startswith(f"did you mean {meant}? " if meant else "known markets")


def test_a_market_of_another_house_is_left_alone_with_one_warning_a_file(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING):
        assert not is_market("fr-FR", "one.csv, line 2") and not is_market("fr-FR", "one.csv, line 3")
        assert not is_market("fr-FR", "two.csv, line 9")
        assert is_market("en-US", "one.csv, line 4")
    assert [one.getMessage().partition(":")[0] for one in caplog.records] == ["one.csv, line 2", "two.csv, line 9"]


def test_an_unknown_market_on_the_command_line_is_told_its_like() -> None:
    assert resolve(" es").code == "es-419"
    with pytest.raises(InputError, match=r"did you mean es-419\? known markets: .* \(or all\)"):
        resolve("es-MX")
