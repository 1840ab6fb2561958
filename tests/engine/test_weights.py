"""Importing a model: its layout is checked, what no engine reads stays behind, nothing is half there."""

from __future__ import annotations

import shutil
from pathlib import Path

import model_folders
import pytest

from localize.engine.weights import family_of, import_model, wanted
from localize.errors import InputError
from localize.model_cards import home, installed


@pytest.fixture(autouse=True)
def own_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LOCALIZE_HOME", str(tmp_path / "home"))


def test_families_are_told_by_their_files(tmp_path: Path) -> None:
    assert family_of(model_folders.marian(tmp_path / "a")) == "marian"
    assert family_of(model_folders.converted(tmp_path / "b")) == "marian"
    assert family_of(model_folders.many(tmp_path / "c", "m2m100")) == "m2m100"
    assert family_of(model_folders.many(tmp_path / "d", "nllb")) == "nllb"
    assert family_of(model_folders.chat(tmp_path / "e")) == "chat"
    quick = {"config.json": "{}", "model.bin": "w", "source_vocabulary.json": "[]", "src.spm.model": "s"}
    assert family_of(model_folders.lay(tmp_path / "f", quick)) == "quickmt"
    spoken = {"config.json": "{}", "model.bin": "w", "sentencepiece.bpe.model": "s"}
    assert family_of(model_folders.lay(tmp_path / "g", {**spoken, "shared_vocabulary.json": '["eng_Latn"]'})) == "nllb"
    assert family_of(model_folders.lay(tmp_path / "h", {**spoken, "shared_vocabulary.json": '["__en__"]'})) == "m2m100"


@pytest.mark.parametrize(
    ("gone", "says"),
    [("config.json", r"config\.json"), ("pytorch_model.bin", "no weights"), ("target.spm", r"no target\.spm")],
)
def test_what_a_folder_lacks_is_named_and_nothing_is_left(gone: str, says: str, tmp_path: Path) -> None:
    folder = model_folders.marian(tmp_path / "opus-mt-zh-en")
    (folder / gone).unlink()
    with pytest.raises(InputError, match=says) as caught:
        import_model(folder)
    assert caught.value.fix and not installed()
    assert [path.name for path in home().iterdir()] == [".opus-mt-zh-en.lock"]


def test_a_model_without_template_or_tokenizer_is_refused(tmp_path: Path) -> None:
    chat = model_folders.chat(tmp_path / "chat")
    (chat / "chat_template.jinja").unlink()
    with pytest.raises(InputError, match="qwen2 without a chat template"):
        family_of(chat)
    model = model_folders.converted(tmp_path / "ct2")
    (model / "source.spm").unlink()
    with pytest.raises(InputError, match="lacks a tokenizer"):
        family_of(model)


def test_a_known_name_brings_its_card_and_only_what_is_read(tmp_path: Path) -> None:
    made = import_model(model_folders.marian(tmp_path / "opus-mt-zh-en"))
    assert made.card.licence == "CC-BY-4.0" and made.card.commercial is True
    assert {path for path, *_ in made.files} == {
        "config.json", "pytorch_model.bin", "source.spm", "target.spm", "vocab.json", "tokenizer_config.json",
    }  # fmt: skip


def test_safe_weights_are_preferred() -> None:
    both = ["model.safetensors", "pytorch_model.bin", "pytorch_model.bin.index.json", "config.json", "modeling.py"]
    assert wanted(both) == ["model.safetensors", "config.json"]


def test_an_unknown_model_needs_its_licence_and_what_it_translates(tmp_path: Path) -> None:
    folder = model_folders.converted(tmp_path / "house-zh-id")
    with pytest.raises(InputError, match="no card is known for house-zh-id") as caught:
        import_model(folder)
    assert "--licence" in caught.value.fix
    with pytest.raises(InputError, match="what it translates"):
        import_model(folder, given={"licence": "ours"})
    made = import_model(folder, given={"licence": "ours", "pairs": (("zh", "id"),)})
    assert made.card.serves("zh", "id") and made.card.commercial is None and made.card.family == "marian"


def test_a_name_that_is_none_and_a_card_that_does_not_fit_are_refused(tmp_path: Path) -> None:
    folder = model_folders.converted(tmp_path / "x")
    with pytest.raises(InputError, match="is no name"):
        import_model(folder, "../x")
    with pytest.raises(InputError, match="cannot be changed"):
        import_model(folder, "opus-mt-zh-en", {"licence": "mine"})
    with pytest.raises(InputError, match="is a nllb model, this is a marian one"):
        import_model(folder, "nllb-200-600m")
    with pytest.raises(InputError, match="no such folder"):
        import_model(tmp_path / "nowhere")
    assert not installed()


def test_importing_again_replaces_what_was_there(tmp_path: Path) -> None:
    first = import_model(model_folders.converted(tmp_path / "a", "one"), "opus-mt-zh-en")
    second = import_model(model_folders.converted(tmp_path / "b", "two"), "opus-mt-zh-en", revision="c0ffee")
    assert first.digest != second.digest and installed()["opus-mt-zh-en"].digest == second.digest
    assert installed()["opus-mt-zh-en"].revision == "c0ffee"
    assert sorted(path.name for path in home().iterdir()) == [".opus-mt-zh-en.lock", "opus-mt-zh-en"]


def test_what_a_killed_run_left_is_no_model_and_is_swept(tmp_path: Path) -> None:
    made = import_model(model_folders.marian(tmp_path / "opus-mt-zh-en"))
    half = home() / f".{made.name}~half"
    shutil.copytree(made.folder, half)
    made.folder.rename(home() / f".{made.name}.old")
    assert not installed(), "killed between two names"
    with pytest.raises(InputError, match=r"no config\.json"):
        import_model(model_folders.lay(tmp_path / "broken", {"words": ""}), made.name)
    assert installed() == {made.name: made} and not made.lacks(), "what had the name is back"
    assert sorted(path.name for path in home().iterdir()) == [f".{made.name}.lock", made.name]


def test_a_download_half_done_outlives_an_import(tmp_path: Path) -> None:
    half = home() / ".opus-mt-zh-en.6b02b2132d97" / "model.bin.part"
    half.parent.mkdir(parents=True)
    half.write_text("begun", "utf-8")
    import_model(model_folders.marian(tmp_path / "opus-mt-zh-en"))
    assert half.is_file()


@pytest.mark.parametrize("use", [True, False])
def test_a_known_card_takes_no_other_use(use: bool, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="its card cannot be changed") as caught:
        import_model(model_folders.marian(tmp_path / "opus-mt-zh-en"), given={"commercial": use})
    assert "--use" in caught.value.fix
