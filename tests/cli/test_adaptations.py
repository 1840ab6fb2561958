"""Deciding about a cultural change by its id."""

from __future__ import annotations

from pathlib import Path

import pytest
from localize.cli.adaptations import _decide, _listed

from localize import verdicts
from localize.engine.adaptations import COLUMNS
from localize.engine.order import Order
from localize.errors import InputError
from localize.market import resolve


def test_an_id_that_two_markets_share_is_refused(tmp_path: Path) -> None:
    root = tmp_path / "SERIES"
    root.mkdir()
    cells = ("abcdef", "L0001", "trope.green_tea", "1", "dub", "绿茶", "green tea", "schemer", "why", "applied", "")
    listed = {}
    for code in ("en-US", "id-ID"):
        path = tmp_path / f"{code}.csv"
        path.write_text(f"{','.join(COLUMNS)}\n{','.join(cells)}\n", "utf-8")
        listed[code] = _listed(path)
    order = Order(tmp_path / "ep01.mp4", (resolve("en"), resolve("id")), tmp_path / "out", by="Ana")
    with pytest.raises(InputError, match="en-US, id-ID"):
        _decide(order, root, listed, {"accept": [], "reject": ["abcdef"], "lock": []})
    assert verdicts.read(root) == ()
    _decide(order, root, {"id-ID": listed["id-ID"]}, {"accept": [], "reject": ["abcdef"], "lock": []})
    assert [one.market for one in verdicts.read(root)] == ["id-ID"]
