"""Cards of models: complete, honest about their terms, and records that tell when a file has changed."""

from __future__ import annotations

import json
import re
from pathlib import Path

import model_folders
import pytest

from localize.errors import SetupError
from localize.model_cards import FAMILIES, RECORD, digest_of, home, installed, known


@pytest.fixture(autouse=True)
def own_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LOCALIZE_HOME", str(tmp_path / "home"))


@pytest.mark.parametrize("name", known())
def test_a_card_says_what_it_must(name: str) -> None:
    card = known()[name]
    assert card.family in FAMILIES and card.licence and card.summary and card.source.count("/") == 1 and card.size > 0
    assert card.pairs or card.languages
    assert not card.revision or re.fullmatch("[0-9a-f]{40}", card.revision), "a commit, or nothing"
    assert (card.family == "chat") == bool(card.prompt)
    assert card.prompt != "plain" or ("{language}" in card.ask and "{text}" in card.ask)


def test_what_may_not_be_sold_says_so() -> None:
    assert {name for name, card in known().items() if card.commercial is False} == {"nllb-200-600m", "xtts-v2"}
    assert "European Union" in known()["hunyuan-mt-7b"].terms and known()["translategemma-4b"].gated


def test_pairs_and_languages_say_what_is_served() -> None:
    opus, every = known()["opus-mt-zh-en"], known()["m2m100-418m"]
    assert opus.serves("zh", "en") and not opus.serves("en", "zh")
    assert every.serves("zh", "id") and not every.serves("zh", "zh") and not every.serves("zh", "fr")


def test_what_is_here_is_found_with_the_digest_of_its_files(tmp_path: Path) -> None:
    made = model_folders.here(tmp_path, "opus-mt-en-es", "opus-mt-zh-en")
    assert list(installed()) == ["opus-mt-zh-en", "opus-mt-en-es"], "in the order of the table"
    one = installed()["opus-mt-zh-en"]
    assert one == made["opus-mt-zh-en"] and one.folder == home() / "opus-mt-zh-en" and not one.lacks()
    assert {path: digest for path, digest, _ in one.files}["model.bin"] == digest_of(one.folder / "model.bin")
    assert one.digest != installed()["opus-mt-en-es"].digest


def test_a_changed_file_is_seen(tmp_path: Path) -> None:
    model = model_folders.here(tmp_path, "opus-mt-zh-en")["opus-mt-zh-en"]
    path = model.folder / "model.bin"
    text = path.read_text("utf-8")
    path.write_text(text[::-1], "utf-8")
    assert not model.lacks(), "its size is the same"
    with pytest.raises(SetupError, match=r"model\.bin was changed \(SHA-256\)") as caught:
        model.check()
    assert "models import" in caught.value.fix
    path.write_text(text, "utf-8")
    model.check()
    path.write_text("shorter", "utf-8")
    assert model.lacks() == "model.bin was changed"
    path.unlink()
    with pytest.raises(SetupError, match="is missing"):
        model.check()


@pytest.mark.parametrize("record", ["", "[]", '{"card": {}}', '{"card": {"name": 1}, "files": []}'])
def test_a_record_that_cannot_be_read_harms_no_other(record: str, tmp_path: Path) -> None:
    model_folders.here(tmp_path, "opus-mt-zh-en")
    broken = home() / "broken"
    broken.mkdir()
    (broken / RECORD).write_text(record, "utf-8")
    assert list(installed()) == ["opus-mt-zh-en"]


def test_the_record_is_for_people_too(tmp_path: Path) -> None:
    model = model_folders.here(tmp_path, "opus-mt-zh-en")["opus-mt-zh-en"]
    told = json.loads((model.folder / RECORD).read_text("utf-8"))
    assert told["card"]["licence"] == "CC-BY-4.0" and told["origin"].endswith("from-opus-mt-zh-en")
    assert set(told["files"]) == {"config.json", "model.bin", "shared_vocabulary.json", "source.spm", "target.spm"}
