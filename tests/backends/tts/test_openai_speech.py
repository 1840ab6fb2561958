"""A speech server's answers, its troubles, and what it is sent: against a real server on this machine."""

from __future__ import annotations

import base64
import io
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
import soundfile
import tiny_coqui
from local_server import Reply
from voice_server import RATE, VoiceServer

from localize import backends
from localize.errors import GateError, InputError, SetupError, WorkError
from localize.roles import Reference, Speech, SpeechRequest
from localize.stages import Choice
from localize.voice import stock_voices

KEY = "sk-very-secret"
TEXT = "I never loved you, and you know it!"
VOICE = stock_voices()["stock-f1"]


@pytest.fixture
def server() -> Iterator[VoiceServer]:
    with VoiceServer() as running:
        yield running


@pytest.fixture(autouse=True)
def unset(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("URL", "MODEL", "KEY", "FIELDS", "VOICES", "FORMAT", "PRICE", "PAUSE", "TIMEOUT"):
        monkeypatch.delenv(f"LOCALIZE_TTS_{name}", raising=False)


def options(server: VoiceServer, **more: str) -> dict[str, str]:
    return {"url": server.url, "model": "a-model", "key": KEY, "pause": "0", **more}


def say(server: VoiceServer, text: str = TEXT, told: dict[str, str] | None = None, **more: Any) -> Speech:
    engine = backends.load("tts", "openai_speech", options(server, **(told or {})))
    said: Speech = engine.speak(SpeechRequest(text, "en-US", VOICE, **more))
    return said


def clip(seconds: float = 7.0, consent: str = "c" * 64) -> Reference:
    return Reference(tiny_coqui.voice(seconds), 24_000, "a" * 64, consent, "我从来没有求过你。", "zh-CN")


@pytest.mark.parametrize("kind", ["wav", "mp3", "pcm"])
def test_every_format_is_read(server: VoiceServer, kind: str) -> None:
    speech = say(server, told={"format": kind, "price": "15"})
    assert speech.rate == RATE and speech.sound.dtype == np.float32 and 1.0 < len(speech.sound) / speech.rate < 6.0
    assert 0.02 < np.abs(speech.sound).max() <= 1 and server.asked[-1]["response_format"] == kind
    assert speech.characters == len(TEXT) and speech.cost == pytest.approx(15e-6 * len(TEXT))
    assert server.asked[-1] == {"model": "a-model", "input": TEXT, "voice": "nova", "response_format": kind}
    assert server.keys == [f"Bearer {KEY}"]


def test_passing_trouble_is_waited_out(server: VoiceServer) -> None:
    server.faults = [429, "hang up", Reply({"error": "busy"}, 503, {"retry-after": "0"})]
    assert len(say(server).sound) and len(server.asked) == 4
    server.faults = [b"no sound at all", b""]
    assert len(say(server).sound) and len(server.asked) == 7


def test_a_server_that_stays_away_is_that_lines_error_and_the_next_line_is_said(server: VoiceServer) -> None:
    server.faults = [500] * 4
    with pytest.raises(WorkError, match=r"no answer after 4 tries \(HTTP 500\)"):
        say(server)
    assert len(say(server).sound)


@pytest.mark.parametrize(
    ("status", "kind"), [(401, SetupError), (403, SetupError), (404, SetupError), (400, InputError), (422, InputError)]
)
def test_a_refusal_is_not_asked_again_and_never_tells_the_key(
    server: VoiceServer, status: int, kind: type[Exception]
) -> None:
    server.faults = [Reply({"error": f"not with {KEY}"}, status)]
    with pytest.raises(kind) as caught:
        say(server)
    assert len(server.asked) == 1 and KEY not in str(caught.value)


def test_neither_key_nor_address_is_in_a_recipe(server: VoiceServer) -> None:
    card = backends.card("tts", "openai_speech")
    told = repr(Choice.of(card, options(server)).recipe())
    assert KEY not in told and server.url not in told and "a-model" in told
    assert card.identity(options(server, fields="siliconflow")) != card.identity(options(server))


def test_a_clip_goes_where_the_servers_table_says(server: VoiceServer) -> None:
    say(server, told={"fields": "vllm-omni"}, reference=clip(), emotion="angry")
    asked = server.asked[-1]
    head, _, coded = asked["ref_audio"].partition(",")
    sound, rate = soundfile.read(io.BytesIO(base64.b64decode(coded)))
    assert head == "data:audio/wav;base64" and rate == 24_000 and len(sound) == 7 * rate
    assert asked["ref_text"] == "我从来没有求过你。" and asked["task_type"] == "Base" and "voice" not in asked
    assert (asked["language"], asked["instructions"]) == ("English", "angry")
    say(server, told={"fields": "siliconflow"}, reference=clip())
    assert set(server.asked[-1]["references"][0]) == {"audio", "text"}
    say(server, told={"fields": "fish-speech"}, reference=clip())
    assert len(server.clips) == 1 and server.asked[-1]["input"] == TEXT
    say(server, told={"fields": "indextts2"}, emotion="sad")
    assert server.asked[-1]["emo_text"] == "sad" and server.asked[-1]["emo_control_method"] == 3


def test_a_clip_is_sent_only_with_a_consent_and_only_where_there_is_a_place(server: VoiceServer) -> None:
    with pytest.raises(GateError, match="consent"):
        say(server, told={"fields": "vllm-omni"}, reference=clip(consent=""))
    for wrong in (clip(0.2), Reference(np.zeros(24_000 * 7, np.float32), 24_000, "s" * 64, "c")):
        with pytest.raises(InputError, match="no voice can be taken"):
            say(server, told={"fields": "vllm-omni"}, reference=wrong)
    assert not server.asked
    say(server, reference=clip())
    assert set(server.asked[-1]) == {"model", "input", "voice", "response_format"}, "OpenAI's has no place for one"


def test_a_wished_length_is_asked_for_where_the_server_takes_one(server: VoiceServer, tmp_path: Any) -> None:
    plain = say(server)
    seconds = len(plain.sound) / plain.rate
    quick = say(server, seconds=seconds / 2)
    assert server.asked[-1]["speed"] == 1.2 and len(quick.sound) < 0.9 * len(plain.sound)
    assert quick.characters == 2 * len(TEXT), "it was asked twice"
    table = tmp_path / "mine.toml"
    table.write_text('seconds = "duration"\nmilliseconds = "timing.target_ms"\n', "utf-8")
    say(server, told={"fields": str(table)}, seconds=1.5)
    assert server.asked[-1]["duration"] == 1.5 and server.asked[-1]["timing"] == {"target_ms": 1500}


def test_bad_text_is_that_lines_error(server: VoiceServer) -> None:
    for text in ("", "…  \u200b!"):
        with pytest.raises(InputError):
            say(server, text)
    assert not server.asked
    assert say(server, "1,500.50 dollars & 20%!").characters
    assert len(say(server, " ".join([TEXT] * 20)).sound) > 30 * RATE


def test_what_is_missing_or_wrong_is_said_before_any_work(server: VoiceServer, tmp_path: Any) -> None:
    card = backends.card("tts", "openai_speech")
    assert "LOCALIZE_TTS_URL" in card.available({}).why
    (tmp_path / "odd.toml").write_text("clip = 'x'\n", "utf-8")
    for wrong in (
        {"model": ""}, {"url": "ftp://x"}, {"model": str(tmp_path)}, {"format": "opus"}, {"price": "much"},
        {"fields": "nowhere.toml"}, {"fields": str(tmp_path / "odd.toml")}, {"voices": "nowhere.toml"},
    ):  # fmt: skip
        state = card.available(options(server, **wrong))
        assert not state.ready and state.why and state.fix, wrong
    assert card.clones(options(server, fields="vllm-omni")) and not card.clones(options(server))
