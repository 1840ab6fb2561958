"""What was asked for: from the words of the command line to an order, wrong words refused."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from localize.cli.commands import order_from

from localize.engine.order import default_out, home, kinds
from localize.errors import InputError, SetupError


def asked(**words: Any) -> dict[str, Any]:
    return {"episode": Path("a folder/ep01.mp4"), "to": "en", **words}


def test_defaults() -> None:
    order = order_from(asked())
    assert [market.code for market in order.markets] == ["en-US"]
    assert order.out == Path("a folder/ep01.localize") and order.stem == "ep01"
    assert order.deliver == ("dub",) and order.by and order.loudness == -14.0
    assert order.media.is_absolute() and order.media.name == "ep01.mp4"


def test_markets_are_found_by_short_names_and_named_once() -> None:
    assert [one.code for one in order_from(asked(to="es, en,es-419")).markets] == ["es-419", "en-US"]
    assert len(order_from(asked(to="all")).markets) >= 3


def test_kinds_come_in_the_order_of_delivery() -> None:
    assert kinds("clean, dub") == ("dub", "clean")
    for wrong in ("", ",", "dub,film"):
        with pytest.raises(InputError, match="choose from dub, sub, clean"):
            kinds(wrong)


@pytest.mark.parametrize(
    "words",
    [{"to": "xx"}, {"to": ""}, {"platform": "cinema"}, {"transcript": "guess"}, {"preset": "warp"},
     {"engine": ["tts"]}, {"engine": ["voice=espeak"]}, {"engine": ["tts="]}, {"deliver": "x"}],
)  # fmt: skip
def test_wrong_words(words: dict[str, Any]) -> None:
    with pytest.raises((InputError, SetupError)) as refused:
        order_from(asked(**words))
    assert refused.value.exit_code == 2 and refused.value.fix


def test_out_beside_the_episode_whatever_its_name() -> None:
    assert default_out(Path("x/a.b.mp4")) == Path("x/a.b.localize")
    assert default_out(Path("plain")) == Path("plain.localize")
    for nothing in (".", "/", ""):
        with pytest.raises(InputError, match="a folder"):
            default_out(Path(nothing))


def test_home_is_where_the_person_says(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("LOCALIZE_HOME", str(tmp_path))
    assert home() == tmp_path
    monkeypatch.delenv("LOCALIZE_HOME")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert home() == tmp_path / "localize"
