"""``localize models`` as a person meets it: what is told before a download, what an import needs, the list."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import model_folders
import pytest
from hub_server import COMMIT, Hub, hub_server
from walk import command

NAME = "opus-mt-zh-en"


@pytest.fixture
def hub(tmp_path: Path) -> Iterator[Hub]:
    with hub_server(model_folders.marian(tmp_path / "site"), "Helsinki-NLP/opus-mt-zh-en") as server:
        yield server


def run(tmp_path: Path, *words: str | Path, hub: Hub | None = None) -> subprocess.CompletedProcess[str]:
    """``localize models …`` with a home of its own, nobody at the keyboard."""
    plain = {name: value for name, value in os.environ.items() if not name.startswith(("HF_", "LOCALIZE_"))}
    own = {"LOCALIZE_HOME": str(tmp_path / "home"), "COLUMNS": "200", "NO_COLOR": "1"}
    own |= {"HF_ENDPOINT": hub.url} if hub else {}
    how = {"env": plain | own, "capture_output": True, "text": True, "stdin": subprocess.DEVNULL, "check": False}
    return subprocess.run(command("models", *words), **how)  # type: ignore[call-overload,no-any-return]


def test_nothing_is_fetched_before_somebody_agreed(tmp_path: Path, hub: Hub) -> None:
    done = run(tmp_path, "fetch", NAME, hub=hub)
    assert done.returncode == 2 and "nobody agreed to fetch" in done.stderr and "--yes" in done.stderr
    address = f"{hub.url}/Helsinki-NLP/opus-mt-zh-en"
    for told in (address, COMMIT, "0 MB in 6 files", "CC-BY-4.0 (commercial use)", "credit"):
        assert told in done.stdout
    assert not any("/resolve/" in path for path, _ in hub.asked)


def test_fetched_listed_and_not_fetched_again(tmp_path: Path, hub: Hub) -> None:
    done = run(tmp_path, "fetch", NAME, "--yes", hub=hub)
    assert done.returncode == 0 and "CC-BY-4.0 (commercial), SHA-256" in done.stdout, done.stderr
    again = run(tmp_path, "fetch", NAME, hub=hub)
    assert again.returncode == 0 and "is here and whole" in again.stdout
    rows = {row["model"]: row for row in json.loads(run(tmp_path, "list", "--json").stdout)}
    assert rows[NAME]["here"] and rows[NAME]["revision"] == COMMIT and rows[NAME]["languages"] == "zh-en"
    assert not rows["nllb-200-600m"]["here"] and rows["nllb-200-600m"]["use"] == "non-commercial"
    assert rows["face_landmark"]["role"] == "faces"


@pytest.mark.parametrize("told", ["--revision", "--endpoint"])
def test_what_only_named_models_take_is_refused_without_a_name(told: str, tmp_path: Path) -> None:
    done = run(tmp_path, "fetch", told, "http://127.0.0.1:9")
    assert done.returncode == 2 and f"{told} was given" in done.stderr and not (tmp_path / "home/models").exists()


def test_a_use_is_refused_where_the_card_is_known(tmp_path: Path) -> None:
    done = run(tmp_path, "import", model_folders.converted(tmp_path / NAME), "--use", "non-commercial")
    assert done.returncode == 2 and "its card cannot be changed" in done.stderr and "--use" in done.stderr


def test_an_unknown_name_lists_the_known_ones(tmp_path: Path) -> None:
    done = run(tmp_path, "fetch", "gpt")
    assert done.returncode == 2 and "no model is called 'gpt'" in done.stderr and "m2m100-418m" in done.stderr


def test_a_hub_that_is_away_is_a_set_up_error(tmp_path: Path) -> None:
    done = run(tmp_path, "fetch", NAME, "--yes", "--endpoint", "http://127.0.0.1:9")
    assert done.returncode == 3 and "cannot be reached" in done.stderr and "models import" in done.stderr


def test_a_folder_comes_in_offline(tmp_path: Path) -> None:
    folder = model_folders.converted(tmp_path / "house")
    refused = run(tmp_path, "import", folder)
    assert refused.returncode == 2 and "--licence" in refused.stderr
    done = run(tmp_path, "import", folder, "--licence", "ours alone", "--pair", "zh-id", "--use", "commercial")
    assert done.returncode == 0 and "ours alone (commercial)" in done.stdout, done.stderr
    (tmp_path / "home/models/house/model.bin").write_text("?", "utf-8")
    listed = run(tmp_path, "list").stdout
    assert "damaged: model.bin was changed" in listed and "not pinned" in listed


@pytest.mark.parametrize(("words", "says"), [(("--pair", "zhen"), "no pair"), (("--use", "maybe"), "no use")])
def test_what_makes_no_sense_is_refused(words: tuple[str, ...], says: str, tmp_path: Path) -> None:
    folder = model_folders.converted(tmp_path / "house")
    done = run(tmp_path, "import", folder, "--licence", "ours", *words)
    assert done.returncode == 2 and says in done.stderr
