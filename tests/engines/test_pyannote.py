"""pyannote's real loading and running code on a pipeline of random weights in the published layout."""

from __future__ import annotations

import socket
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import tiny_pyannote

from localize import backends
from localize.errors import SetupError
from localize.media import audio
from localize.timing import span

pytest.importorskip("pyannote.audio", reason="needs localize-drama[align]")

RATE = 16_000
SPANS = [span(0, 1_000), span(1_000, 1_500), span(1_500, 4_000)]


@pytest.fixture(scope="module")
def folder() -> Path:
    return tiny_pyannote.folder()


@pytest.fixture(scope="module")
def noise() -> audio.Sound:
    return (np.random.default_rng(1).standard_normal(RATE * 4) * 0.1).astype(np.float32)


@pytest.fixture(scope="module")
def engine(folder: Path) -> Any:
    return backends.load("diarization", "pyannote", {"model": str(folder)})


def test_a_pipeline_is_opened_and_run_without_a_network(
    engine: Any, noise: audio.Sound, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise AssertionError("something reached for the network")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    clips = {"lin": [noise[:RATE]], "gu": [noise[2 * RATE : 3 * RATE]]}
    found = engine.attribute(noise, RATE, SPANS, clips, 3)
    assert len(found) == len(SPANS)
    assert all(one.speaker in ("lin", "gu") or one.speaker.startswith("?") for one in found)
    assert all(0 <= one.margin <= 1 and one.margin == (one.rivals[0][1] if one.rivals else 0) for one in found)
    assert engine.attribute(noise, RATE, SPANS, clips, 3) == found
    assert engine.attribute(noise, RATE, [], clips) == ()


def test_nothing_is_reported_home(engine: Any) -> None:
    from pyannote.audio.telemetry.metrics import is_metrics_enabled

    assert not is_metrics_enabled()


def test_the_pipeline_is_known_by_its_files(folder: Path, tmp_path: Path) -> None:
    card = backends.card("diarization", "pyannote")
    before = card.identity({"model": str(folder)})
    assert before == card.identity({"model": str(folder)}) and str(folder) not in str(before)
    (tmp_path / "config.yaml").write_text((folder / "config.yaml").read_text("utf-8"), "utf-8")
    assert card.identity({"model": str(tmp_path)}) != before


def test_a_folder_that_lacks_parts_says_so(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("LOCALIZE_DIARIZATION_MODEL", raising=False)
    card = backends.card("diarization", "pyannote")
    assert "LOCALIZE_DIARIZATION_MODEL" in card.available({}).fix
    assert "config.yaml" in card.available({"model": str(tmp_path)}).why
    (tmp_path / "config.yaml").write_text((folder / "config.yaml").read_text("utf-8"), "utf-8")
    with pytest.raises(SetupError, match="cannot be opened"):
        backends.load("diarization", "pyannote", {"model": str(tmp_path)})
