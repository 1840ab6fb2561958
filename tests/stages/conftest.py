"""A desk over a fresh store."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from localize.engine.local import LocalDesk
from localize.engine.store import Store


@pytest.fixture
def desk(tmp_path: Path) -> LocalDesk:
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    return LocalDesk(Store(tmp_path / "store"), scratch, lambda done, total: None, threading.Event())
