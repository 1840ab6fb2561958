"""The clip a voice is cloned from, chosen from an episode's lines: clean ones of one voice, six to twelve seconds."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import numpy as np
import pytest

from localize import backends
from localize.engine.local import LocalDesk
from localize.media import audio
from localize.roles import SpeechRequest
from localize.stages import reference
from localize.stages.reference import Chosen, Job, Said
from localize.timing import Span, span
from localize.voice import stock_voices

TALK = ("我从来没有求过你任何事情。", "你知道我等了那个电话多久吗？", "明天整个公司都会知道你是谁。",
        "这枚戒指是奶奶留给我的。")  # fmt: skip
FULL = 48_000


@cache
def said(voice: str, number: int) -> audio.Sound:
    speech = backends.load("tts", "espeak").speak(SpeechRequest(TALK[number], "zh-CN", stock_voices()[voice]))
    return audio.resample(speech.sound, speech.rate)


def job(desk: LocalDesk, takes: list[audio.Sound], others: tuple[Span, ...] = (), music: float = 0.001) -> Job:
    """Lines one after the other with half a second between them, over a little noise."""
    parts, lines = list[audio.Sound](), list[Said]()
    for take in takes:
        at = sum(map(len, parts)) // 48
        lines.append(Said(f"L{len(lines)}", span(at, at + len(take) // 48), f"line {len(lines)}"))
        parts += [take, np.zeros(FULL // 2, np.float32)]
    voice = np.concatenate(parts)
    rng = np.random.default_rng(2)
    stems = [audio.stereo(voice + 0.0003 * rng.standard_normal(len(voice)).astype(np.float32)),
             audio.stereo((music * rng.standard_normal(len(voice))).astype(np.float32))]  # fmt: skip
    kept = [desk.keep(audio.write(desk.scratch(".wav"), one), "audio/wav") for one in stems]
    return Job("lin", tuple(lines), others, *kept)


def chosen(desk: LocalDesk, wanted: Job) -> Chosen:
    ((_, found),) = reference.work([wanted], desk)
    return found


def test_the_cleanest_lines_are_joined_until_they_are_long_enough(desk: LocalDesk) -> None:
    takes = [said("stock-m1", n) for n in range(4)]
    noisy = takes[1] + 0.05 * np.random.default_rng(1).standard_normal(len(takes[1])).astype(np.float32)
    found = chosen(desk, job(desk, [takes[0], noisy, takes[2], takes[3]]))
    assert found.sound is not None and "L1" not in found.lines and found.clean > 15
    assert found.text == " ".join(f"line {name[1]}" for name in found.lines), "in the order of the episode"
    sound, rate = audio.read(desk.path(found.sound))
    assert 3.0 <= len(sound) / rate == pytest.approx(found.seconds, abs=0.01) and found.seconds <= 12


def test_lines_somebody_else_speaks_in_are_left_out(desk: LocalDesk) -> None:
    wanted = job(desk, [said("stock-m1", n) for n in range(4)])
    where = wanted.lines[0].span
    found = chosen(desk, replace(wanted, others=(span(where.start + 100, where.start + 400),)))
    assert found.sound is not None and "L0" not in found.lines


def test_another_voice_among_the_lines_goes_out(desk: LocalDesk) -> None:
    takes = [said("stock-m2", 0), said("stock-m2", 1), said("stock-f3", 2), said("stock-m2", 3)]
    found = chosen(desk, job(desk, takes))
    assert found.sound is not None and "L2" not in found.lines


@pytest.mark.parametrize("what", ["silence", "distorted", "short", "drowned", "nothing"])
def test_lines_that_will_not_do_make_no_clip_and_say_why(desk: LocalDesk, what: str) -> None:
    take = said("stock-m1", 0)
    takes = {
        "silence": [np.zeros(FULL * 7, np.float32)], "distorted": [np.sign(take)] * 3, "short": [take[: FULL // 5]] * 9,
        "drowned": [take], "nothing": [],
    }[what]  # fmt: skip
    wanted = job(desk, takes, music=5.0 if what == "drowned" else 0.001) if takes else None
    if wanted is None:
        wanted = replace(job(desk, [take]), lines=())
    found = chosen(desk, wanted)
    assert found.sound is None and found.why
