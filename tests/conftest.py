"""The short episode every walk test starts from: made once, walked once, copied for each test."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import walk
from hypothesis import settings
from walk import Place, Ran

settings.register_profile("steady", derandomize=True, deadline=None)  # behaviour, not seconds
settings.load_profile("steady")


@pytest.fixture(scope="session", autouse=True)
def no_models() -> Iterator[None]:
    """Translation models that somebody has on this machine play no part, unless a test brings its own."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("LOCALIZE_MT_MODEL", "none")
        yield


@pytest.fixture(scope="session")
def clip(tmp_path_factory: pytest.TempPathFactory) -> Place:
    """The episode and its series as a distributor hands them in; nobody has worked on them."""
    return walk.make_clip(tmp_path_factory.mktemp("clip") / "it")


@pytest.fixture(scope="session")
def walked(clip: Place, tmp_path_factory: pytest.TempPathFactory) -> tuple[Place, Ran]:
    """One complete run for three markets, from nothing.  Look, do not touch."""
    place = walk.copy(clip, tmp_path_factory.mktemp("walked") / "it")
    return place, place.run()


@pytest.fixture
def delivered(walked: tuple[Place, Ran], tmp_path: Path) -> Place:
    """A copy of one's own of the walked episode, three versions and all."""
    return walk.copy(walked[0], tmp_path / "delivered")


@pytest.fixture
def fresh(clip: Place, walked: tuple[Place, Ran], tmp_path: Path) -> Place:
    """A copy of one's own of the untouched episode, with a store that knows it already."""
    place = walk.copy(clip, tmp_path / "fresh")
    walk.copy_store(walked[0], place)
    return place


@pytest.fixture
def nothing(clip: Place, tmp_path: Path) -> Place:
    """A copy of one's own of the untouched episode, with an empty store."""
    return walk.copy(clip, tmp_path / "nothing")


@pytest.fixture
def gated(fresh: Place, walked: tuple[Place, Ran]) -> Place:
    """An episode whose last line only en-US and id-ID have a translation for: es-419 is missing it."""
    return walk.with_an_unknown_line(fresh, walked[0])
