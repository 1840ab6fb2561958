"""A desk over a fresh store, and a translation engine that says what a test wants."""

from __future__ import annotations

import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from localize.engine.local import LocalDesk
from localize.engine.store import Store
from localize.stages import Choice


@pytest.fixture
def desk(tmp_path: Path) -> LocalDesk:
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    return LocalDesk(Store(tmp_path / "store"), scratch, lambda done, total: None, threading.Event())


ENGINE = """
from localize.roles import READY, Backend, Translation
from localize.version import Spent, Variants

SAYS = {"L0": "Words", "L2": "还是中文", "L3": ""}
DOUBTS = {}
CALLS = []
EMPTY = []
SEEN = []

class Engine:
    def translate(self, requests):
        CALLS.append([one.line for one in requests])
        for one in requests:
            SEEN.append(one)
            said = SAYS.get(one.line)
            if callable(said):
                said = said(one)
            if said is not None:
                said = said if isinstance(said, Variants) else Variants(said)
                if one.line in EMPTY:
                    EMPTY.remove(one.line)
                    said = Variants("")
                yield Translation(one.line, said, "", DOUBTS.get(one.line, ""), Spent(10, 1))

BACKEND = Backend("translation", "toy", "1", "a toy", "", True, lambda given: Engine(), lambda given: READY)
"""


@pytest.fixture
def engine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Choice]:
    from localize import backends

    card = tmp_path / "toy_translation-1.dist-info"
    card.mkdir()
    (card / "entry_points.txt").write_text("[localize.backends.translation]\ntoy = toy_translation:BACKEND\n")
    (card / "METADATA").write_text("Name: toy-translation\nVersion: 1\n")
    (tmp_path / "toy_translation.py").write_text(ENGINE)
    monkeypatch.syspath_prepend(str(tmp_path))
    backends.known.cache_clear()
    yield Choice.of(backends.card("translation", "toy"))
    backends.known.cache_clear()
    for name in ("toy_translation",):
        sys.modules.pop(name, None)
    for key in [key for key in backends._loaded if key[1] == "toy"]:
        del backends._loaded[key]
