"""Fetching from a hub on this machine: described first, taken up where it broke off, checked, placed."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import model_folders
import pytest
from hub_server import COMMIT, Hub, hub_server

from localize.engine.hub import Proposal, fetch, propose
from localize.errors import SetupError
from localize.model_cards import Installed, ModelCard, home, installed, known

CARD = known()["opus-mt-zh-en"]
LOOSE = replace(CARD, revision="")


@pytest.fixture
def hub(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Hub]:
    for name in ("HF_ENDPOINT", "HF_TOKEN", "LOCALIZE_HF_TOKEN", "HF_HUB_OFFLINE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("LOCALIZE_HOME", str(tmp_path / "home"))
    folder = model_folders.marian(tmp_path / "site", "x" * 5000)
    with hub_server(folder, CARD.source) as server:
        monkeypatch.setenv("HF_ENDPOINT", server.url)
        yield server


def proposal(card: object = CARD, **more: str) -> Proposal:
    found = propose(card, **more)  # type: ignore[arg-type]
    assert isinstance(found, Proposal)
    return found


def test_the_pinned_commit_is_described_fetched_and_recorded(hub: Hub) -> None:
    found = proposal()
    assert found.commit == COMMIT == CARD.revision and found.pinned and found.endpoint == hub.url
    assert {one.path for one in found.files} == {
        "config.json", "pytorch_model.bin", "source.spm", "target.spm", "vocab.json", "tokenizer_config.json",
    }  # fmt: skip
    assert found.size == sum((hub.folder / one.path).stat().st_size for one in found.files)
    assert not installed(), "describing fetches nothing"
    told: list[tuple[int, int]] = []
    made = fetch(found, lambda done, total: told.append((done, total)))
    assert made.revision == COMMIT and made.folder == home() / CARD.name and not made.lacks()
    assert told[-1] == (found.size, found.size)
    assert sorted(path.name for path in home().iterdir()) == [f".{CARD.name}.lock", CARD.name]
    before = len(hub.asked)
    assert isinstance(propose(CARD), Installed) and len(hub.asked) == before, "what is here and whole asks nobody"


def test_a_download_that_broke_off_is_taken_up_there(hub: Hub) -> None:
    hub.cuts["pytorch_model.bin"] = 2000
    made = fetch(proposal())
    assert not made.lacks()
    assert [asked for path, asked in hub.asked if path.endswith("model.bin")] == ["", "bytes=2000-"]


def test_another_run_goes_on_where_one_was_ended(hub: Hub) -> None:
    found = proposal()
    half = home() / f".{CARD.name}.{COMMIT[:12]}"
    half.mkdir(parents=True)
    (half / "pytorch_model.bin.part").write_bytes((hub.folder / "pytorch_model.bin").read_bytes()[:1234])
    (half / "source.spm").write_bytes((hub.folder / "source.spm").read_bytes())
    assert not fetch(found).lacks()
    assert ("bytes=1234-" in {asked for _, asked in hub.asked}) and not any("source.spm" in p for p, _ in hub.asked)


def test_only_what_is_still_to_come_must_find_room(hub: Hub, monkeypatch: pytest.MonkeyPatch) -> None:
    found = proposal()
    room = found.size - 1000
    monkeypatch.setattr(shutil, "disk_usage", lambda where: SimpleNamespace(free=room))
    with pytest.raises(SetupError, match=r"needs 0\.0 GB"):
        fetch(found)
    half = home() / f".{CARD.name}.{COMMIT[:12]}"
    (half / "pytorch_model.bin.part").write_bytes((hub.folder / "pytorch_model.bin").read_bytes()[:1234])
    assert not fetch(found).lacks()


@pytest.mark.parametrize("card", [CARD, LOOSE])
def test_a_damaged_model_is_fetched_again(hub: Hub, card: ModelCard) -> None:
    made = fetch(proposal(card))
    path = made.folder / "pytorch_model.bin"
    path.write_bytes(path.read_bytes()[::-1])
    assert not made.lacks(), "only reading it tells"
    again = fetch(proposal(card))
    again.check()
    assert isinstance(propose(card), Installed)


@pytest.mark.parametrize("name", ["pytorch_model.bin", "vocab.json", "tokenizer_config.json"])
def test_a_file_that_is_not_what_was_promised_is_never_placed(hub: Hub, name: str) -> None:
    (hub.folder / name).write_text("not a palindrome", "utf-8")
    found = proposal()
    hub.wrong.add(name)
    with pytest.raises(SetupError, match="not what the hub promised") as caught:
        fetch(found)
    assert "import" in caught.value.fix and not installed()
    hub.wrong.clear()
    assert not fetch(found).lacks()


def test_an_unpinned_model_is_resolved_to_a_commit_that_then_counts(hub: Hub) -> None:
    found = proposal(LOOSE)
    assert found.commit == COMMIT and not found.pinned
    made = fetch(found)
    hub.commits["main"] = "f" * 40
    assert isinstance(propose(LOOSE), Installed), "the commit that is here counts, whatever main is by now"
    (made.folder / "source.spm").write_text("??", "utf-8")
    again = proposal(LOOSE)
    assert again.commit == COMMIT
    assert not fetch(again).lacks()


def test_a_hub_that_serves_another_commit_or_strange_names_is_not_believed(hub: Hub) -> None:
    hub.commits[COMMIT] = "f" * 40
    with pytest.raises(SetupError, match="another commit"):
        propose(CARD)
    hub.commits[COMMIT] = COMMIT
    hub.extra = ["../../escape.bin", "/etc/passwd", "a\\b.bin"]
    assert not any("escape" in one.path or "passwd" in one.path or "\\" in one.path for one in proposal().files)


@pytest.mark.parametrize(("status", "says"), [(401, "who fetches"), (403, "who fetches"), (500, "HTTP 500")])
def test_what_the_hub_refuses_says_what_to_do(hub: Hub, status: int, says: str) -> None:
    hub.status = status
    with pytest.raises(SetupError, match=says) as caught:
        propose(CARD)
    assert "models import" in caught.value.fix


def test_an_unknown_revision_and_a_hub_that_is_away(hub: Hub) -> None:
    with pytest.raises(SetupError, match="the hub has no nowhere"):
        propose(CARD, "nowhere")
    with pytest.raises(SetupError, match="cannot be reached") as caught:
        propose(CARD, endpoint="http://127.0.0.1:9")
    assert "models import" in caught.value.fix


def test_offline_means_offline(hub: Hub, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    with pytest.raises(SetupError, match="HF_HUB_OFFLINE"):
        propose(CARD)
    assert not hub.asked


def test_a_token_is_sent_and_never_shown(hub: Hub, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_TOKEN", "hf_secret")
    hub.status = 403
    with pytest.raises(SetupError) as caught:
        propose(CARD)
    assert hub.keys == {"Bearer hf_secret"} and "hf_secret" not in str(caught.value)
