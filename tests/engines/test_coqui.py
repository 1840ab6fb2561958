"""XTTS and VITS through coqui-tts: tiny random checkpoints in the real layout, opened by the library's public API."""

from __future__ import annotations

import json
import pickle
import shutil
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import tiny_coqui

from localize import backends
from localize.backends.tts import _latents
from localize.engine.weights import import_model
from localize.errors import GateError, InputError, LocalizeError, SetupError, WorkError
from localize.model_cards import digest_of, known
from localize.roles import Reference, SpeechRequest
from localize.voice import stock_voices

pytest.importorskip("TTS", reason="needs localize-drama[clone]")

TEXT = "I never loved you, and you know it!"
MAN, WOMAN = stock_voices()["stock-m1"], stock_voices()["stock-f1"]


@pytest.fixture(autouse=True, scope="module")
def alone() -> Iterator[None]:
    """A home of its own, one thread, and no network."""
    import torch

    def refuse(*_: object) -> None:
        raise AssertionError("something reached for the network")

    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("LOCALIZE_HOME", str(tiny_coqui.xtts().parent / "home"))
        patch.setenv("LOCALIZE_TTS_DEVICE", "cpu")
        for name in ("MODEL", "VOICES"):
            patch.delenv(f"LOCALIZE_TTS_{name}", raising=False)
        patch.setattr(socket.socket, "connect", refuse)
        yield
    torch.set_num_threads(threads)


def engine(folder: Path, **more: str) -> Any:
    return backends.load("tts", "coqui", {"model": str(folder), **more})


def clip(seconds: float = 7.0, pitch: float = 140.0, name: str = "a", consent: str = "c" * 64) -> Reference:
    return Reference(tiny_coqui.voice(seconds, pitch), 24_000, name * 64, consent)


def said(folder: Path, text: str = TEXT, language: str = "en-US", **more: Any) -> Any:
    return engine(folder).speak(SpeechRequest(text, language, more.pop("voice", MAN), **more))


# ── both ────────────────────────────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize("make", [tiny_coqui.xtts, tiny_coqui.vits, lambda: tiny_coqui.vits(3)])
def test_a_line_is_spoken_the_same_each_time_and_nothing_is_written(make: Any) -> None:
    folder = make()
    before = {path.name: digest_of(path) for path in folder.iterdir()}
    first = said(folder)
    assert first.sound.dtype == np.float32 and first.sound.ndim == 1 and first.rate in (22_050, 24_000)
    assert 0.5 < len(first.sound) / first.rate < 6 and 0.001 < np.abs(first.sound).max() <= 1
    assert np.array_equal(first.sound, said(folder).sound)
    assert {path.name: digest_of(path) for path in folder.iterdir()} == before


@pytest.mark.parametrize("make", [tiny_coqui.xtts, tiny_coqui.vits])
def test_a_wished_length_is_approached_within_bounds(make: Any) -> None:
    folder = make()
    plain = said(folder)
    seconds = len(plain.sound) / plain.rate
    quick, slow = said(folder, seconds=seconds / 2), said(folder, seconds=seconds * 2)
    assert 0.88 < len(quick.sound) / len(plain.sound) < 0.97 < 1.0 < len(slow.sound) / len(plain.sound) < 1.08


@pytest.mark.parametrize("make", [tiny_coqui.xtts, tiny_coqui.vits])
def test_what_cannot_be_said_is_that_lines_error(make: Any) -> None:
    folder = make()
    for text, language in (("…  \u200b!", "en-US"), ("", "en-US"), (TEXT, "id-ID")):
        with pytest.raises(InputError):
            said(folder, text, language)
    with pytest.raises(InputError, match="not en-US"):
        said(folder, "Ты никогда меня не любил, и ты это знаешь")
    assert len(said(folder, "He owes 1,500.50 dollars & 20% at 3:45!").sound), "the next line is said"


def test_a_long_line_is_said_in_pieces() -> None:
    line = said(tiny_coqui.xtts(), " ".join([TEXT] * 24)).sound  # about a minute
    rests = np.flatnonzero(np.diff(np.flatnonzero(line)) > 0.14 * 24_000)
    assert len(rests) == 3 and np.isfinite(line).all(), "four pieces of at most 250 signs, silence between them"


def test_a_model_that_fails_over_one_line_says_the_next(monkeypatch: pytest.MonkeyPatch) -> None:
    speaking = engine(tiny_coqui.xtts())
    net = speaking._voice._net
    with monkeypatch.context() as broken:
        broken.setattr(net.gpt, "generate", lambda **_: (_ for _ in ()).throw(RuntimeError("CUDA out of memory")))
        with pytest.raises(WorkError, match=r"out of memory") as caught:
            speaking.speak(SpeechRequest(TEXT, "en-US", MAN))
    assert "LOCALIZE_TTS_DEVICE=cpu" in caught.value.fix
    assert len(speaking.speak(SpeechRequest(TEXT, "en-US", MAN)).sound)


# ── voices ──────────────────────────────────────────────────────────────────────────────────────────────────
def test_a_voice_is_taken_from_a_clip_once_and_kept() -> None:
    speaking = engine(tiny_coqui.xtts(), number="1")
    first = speaking.speak(SpeechRequest(TEXT, "en-US", MAN, reference=clip())).sound
    (path,) = _latents.folder().glob("*.npz")
    when = path.stat().st_mtime_ns
    again = engine(tiny_coqui.xtts(), number="2").speak(SpeechRequest(TEXT, "en-US", MAN, reference=clip())).sound
    assert np.array_equal(first, again) and path.stat().st_mtime_ns == when, "another process reads what was kept"
    other = speaking.speak(SpeechRequest(TEXT, "en-US", MAN, reference=clip(pitch=260.0, name="b"))).sound
    stock = speaking.speak(SpeechRequest(TEXT, "en-US", MAN)).sound
    assert not np.array_equal(first, other) and not np.array_equal(first, stock)
    assert len(list(_latents.folder().glob("*.npz"))) == 2
    path.write_bytes(path.read_bytes()[:100])
    mended = engine(tiny_coqui.xtts(), number="3").speak(SpeechRequest(TEXT, "en-US", MAN, reference=clip())).sound
    assert np.array_equal(first, mended) and len(path.read_bytes()) > 1000, "a damaged file is made anew"


def test_a_clip_of_another_rate_is_resampled() -> None:
    from localize.media import audio

    high = audio.resample(tiny_coqui.voice(7.0), 24_000, 48_000)
    both = [engine(tiny_coqui.xtts())._voice._taken(Reference(sound, rate, "r" * 64, "c"))
            for sound, rate in ((tiny_coqui.voice(7.0), 24_000), (high, 48_000))]  # fmt: skip
    for one, other in zip(*both, strict=True):
        assert np.abs(one - other).max() < 0.05 * np.abs(one).max() + 1e-3


def test_clips_no_voice_can_be_taken_from_are_refused() -> None:
    silent = Reference(np.zeros(24_000 * 7, np.float32), 24_000, "s" * 64, "c")
    torn = Reference(np.sign(tiny_coqui.voice(7.0)), 24_000, "t" * 64, "c")
    for wrong, what in ((clip(0.2), "0.2 s short"), (silent, "silent"), (torn, "distorted"), (clip(90), "long")):
        with pytest.raises(InputError, match=what):
            said(tiny_coqui.xtts(), reference=wrong)
    with pytest.raises(GateError, match="consent"):
        said(tiny_coqui.xtts(), reference=clip(consent=""))


def test_without_a_clip_the_models_own_speakers_stand_in(tmp_path: Path) -> None:
    folder = tiny_coqui.xtts()
    assert not np.array_equal(said(folder, voice=WOMAN).sound, said(folder, voice=MAN).sound)
    table = tmp_path / "voices.toml"
    table.write_text('stock-m1 = "Ana Florence"\n', "utf-8")
    named = engine(folder, voices=str(table))
    assert named.speak(SpeechRequest(TEXT, "en-US", MAN)).sound.shape
    table.write_text('stock-m1 = "Nobody"\n', "utf-8")
    with pytest.raises(InputError, match="no voice 'Nobody'"):
        engine(folder, voices=str(table), number="2").speak(SpeechRequest(TEXT, "en-US", MAN))
    bare = tmp_path / "bare"
    shutil.copytree(folder, bare, ignore=shutil.ignore_patterns("speakers_xtts.pth"))
    with pytest.raises(InputError, match="no speakers of its own"):
        said(bare)


# ── models ──────────────────────────────────────────────────────────────────────────────────────────────────
def test_the_oldest_checkpoints_are_not_written_over(tmp_path: Path) -> None:
    """Coqui's own file holds its configuration as an object; the library saves such a file anew."""
    import torch
    from TTS.tts.configs.xtts_config import XttsArgs, XttsAudioConfig, XttsConfig
    from TTS.tts.models import xtts

    folder = tmp_path / "old"
    shutil.copytree(tiny_coqui.xtts(), folder)
    state = torch.load(folder / "model.pth", weights_only=True)
    config = XttsConfig()
    config.load_json(str(folder / "config.json"))
    places = {kind: kind.__module__ for kind in (XttsArgs, XttsAudioConfig)}
    try:
        for kind in places:  # where these classes lived when the file was made
            kind.__module__ = xtts.__name__
        torch.save({**state, "config": config}, folder / "model.pth")
    finally:
        for kind, module in places.items():
            kind.__module__ = module
    before = digest_of(folder / "model.pth")
    assert len(said(folder).sound) and digest_of(folder / "model.pth") == before


def test_weights_that_would_run_code_are_refused(tmp_path: Path) -> None:
    folder = tmp_path / "evil"
    shutil.copytree(tiny_coqui.xtts(), folder)

    class Evil:
        def __reduce__(self) -> Any:
            return Path.touch, (tmp_path / "ran",)

    (folder / "model.pth").write_bytes(pickle.dumps({"model": Evil()}))
    with pytest.raises(SetupError, match="cannot be opened"):
        engine(folder)
    assert not (tmp_path / "ran").exists()


def test_a_model_comes_in_under_its_card_and_is_refused_for_commerce(tmp_path: Path) -> None:
    card = backends.card("tts", "coqui")
    assert card.under({"model": str(tiny_coqui.xtts())}).commercial_use is False, "a bare folder of an XTTS as well"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("LOCALIZE_HOME", str(tmp_path / "home"))
        assert "xtts-v2" in card.available({}).fix and not card.available({}).ready
        made = import_model(tiny_coqui.xtts(), "xtts-v2")
        given = {"licence": "CC0-1.0", "languages": ("en",), "commercial": True}
        import_model(tiny_coqui.vits(), "english-vits", given)
        state = card.available({"markets": "en-US,id-ID"})
        assert state.ready and "xtts-v2 on the CPU" in state.why and "does not speak id-ID" in state.why
        refused = card.available({"markets": "en-US,id-ID", "market": "id-ID"})
        assert not refused.ready and "espeak" in refused.fix
        assert (card.under({}).licence, card.under({}).commercial_use)[1] is False
        assert "CPML" in card.under({}).licence and card.under({"model": "english-vits"}).commercial_use is True
        assert made.digest[:16] in card.identity({})["model"] and card.clones({})
        assert not card.clones({"model": "english-vits"})
        (made.folder / "vocab.json").write_text("{}", "utf-8")
        assert "damaged" in card.available({}).why
    for tag in ("id-ID", "th-TH", "vi-VN", "ms-MY"):
        assert tag.partition("-")[0] not in known()["xtts-v2"].languages


@pytest.mark.parametrize("lost", ["config.json", "vocab.json", "model.pth"])
def test_a_folder_that_lacks_parts_says_which(tmp_path: Path, lost: str) -> None:
    folder = tmp_path / "part"
    shutil.copytree(tiny_coqui.xtts(), folder, ignore=shutil.ignore_patterns(lost))
    state = backends.availability("tts", "coqui", {"model": str(folder)})
    assert not state.ready and lost in state.why and state.fix


def test_a_folder_of_something_else_says_so(tmp_path: Path) -> None:
    (tmp_path / "config.json").write_text(json.dumps({"model": "tacotron2"}), "utf-8")
    (tmp_path / "model.pth").write_bytes(b"")
    for name in (str(tmp_path), "no-such-model"):
        assert not backends.availability("tts", "coqui", {"model": name}).ready
    with pytest.raises(LocalizeError):
        engine(tmp_path)
