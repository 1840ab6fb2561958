"""From stems to the market's mix: separate, synthesize, fit, mix, diarize over a small made-up scene."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from pydantic import TypeAdapter

from localize.backends import card
from localize.engine.local import LocalDesk
from localize.episode import AudioTrack, Speaker, Stems
from localize.errors import InputError
from localize.media import audio, loudness
from localize.media.ffmpeg import loudness as measured
from localize.stages import Choice, diarize, fit, mix, separate, synthesize
from localize.timing import Ms, Span, span
from localize.version import Placed, Take, Variants
from localize.voice import Casting, Consent, cast_voices

LENGTH = Ms(9_000)
SPEECH = (span(1500, 3300), span(5000, 6800))
TTS = Choice.of(card("tts", "espeak"))
CENTRE = Choice.of(card("separation", "centre"))


def music(level: float = 0.05) -> audio.Sound:
    rng = np.random.default_rng(5)
    clock = np.arange(audio.at(LENGTH)) / audio.RATE
    chord = sum(np.sin(2 * np.pi * hertz * clock + n) for n, hertz in enumerate((196, 247, 294, 392)))
    wide = np.stack([chord, np.roll(chord, 400)], axis=1) + 0.2 * rng.standard_normal((len(clock), 2))
    return (level * wide * (0.7 + 0.3 * np.sin(2 * np.pi * clock))[:, None]).astype(np.float32)


def casting(consent: bool = False) -> Casting:
    signed = Consent("Li Na", ("voice_clone",), ("en",), ("worldwide",), date(2030, 1, 1), "a.pdf")
    speakers = [Speaker("lin", "林晚", "female", "adult")]
    (found,) = cast_voices(
        speakers, {}, {"lin": signed} if consent else {}, "en-US", "en-US", date(2026, 11, 21)
    )
    return found


def spoken(desk: LocalDesk, line: str, dub: Variants, where: Span, **more: Any) -> tuple[Take, ...]:
    job = synthesize.Job(line, dub, "en-US", casting(), "calm", where.length, None, where, TTS)
    ((_, takes),) = synthesize.work([replace(job, **more)], desk)
    return takes


@pytest.fixture
def stems(desk: LocalDesk) -> Stems:
    """A voice-like dialogue stem and music."""
    voice = np.zeros((audio.at(LENGTH), 2), np.float32)
    for line, where in enumerate(SPEECH):
        (take,) = spoken(desk, f"S{line}", Variants("This is how it sounded before"), where)
        sound, _ = audio.read(desk.path(take.audio))
        sound = sound[: audio.at(where.length)]
        voice[audio.at(where.start) : audio.at(where.start) + len(sound)] += sound[:, None]
    kept = [desk.keep(audio.write(desk.scratch(".wav"), one), "audio/wav") for one in (voice, music())]
    return Stems(kept[0], kept[1], "truth")


@pytest.fixture
def placed(desk: LocalDesk) -> tuple[Placed, ...]:
    texts = (
        Variants("I married a man, madam, not his money.", "Not his money."),
        Variants("It is too late."),
    )
    takes = [take for n, dub in enumerate(texts) for take in spoken(desk, f"L{n}", dub, SPEECH[n])]
    lines = tuple(fit.FitLine(f"L{n}", where, "lin") for n, where in enumerate(SPEECH))
    ((_, answer),) = fit.work([fit.Job("S1", lines, tuple(takes), LENGTH)], desk)
    return answer


def source(tmp_path: Path, desk: LocalDesk, stems: Stems) -> Path:
    both = [audio.read(desk.path(one))[0] for one in (stems.dialogue, stems.music_effects)]
    return audio.write(tmp_path / "episode.wav", both[0] + both[1])


# ── synthesize ──────────────────────────────────────────────────────────────────────────────────────────────
def test_every_variant_becomes_a_take(desk: LocalDesk) -> None:
    takes = spoken(desk, "L1", Variants("I married a man, not his money.", "Not his money.", ""), SPEECH[0])
    assert [take.variant for take in takes] == ["short", "normal"]
    for take in takes:
        samples, channels, rate = audio.shape(desk.path(take.audio))
        assert (channels, rate, audio.to_ms(samples)) == (1, 48_000, take.length)
        assert all(phone.start <= take.length for phone in take.phones)
    assert (
        TypeAdapter(tuple[Take, ...]).validate_json(TypeAdapter(tuple[Take, ...]).dump_json(takes)) == takes
    )


def test_the_actor_is_listened_to_only_with_consent(desk: LocalDesk, stems: Stems) -> None:
    dub = Variants("I married a man.")
    plain = spoken(desk, "L1", dub, SPEECH[0])
    ignored = spoken(desk, "L1", dub, SPEECH[0], actor=stems.dialogue)
    moved = spoken(desk, "L1", dub, SPEECH[0], actor=stems.dialogue, casting=casting(consent=True))
    assert plain[0].audio == ignored[0].audio != moved[0].audio
    job = synthesize.Job("L1", dub, "en-US", casting(), "", Ms(1000), None, SPEECH[0], TTS)
    assert synthesize.recipe(job) == synthesize.recipe(replace(job, actor=stems.dialogue))
    agreed = replace(job, casting=casting(consent=True))
    assert synthesize.recipe(agreed) != synthesize.recipe(replace(agreed, actor=stems.dialogue))


# ── fit ─────────────────────────────────────────────────────────────────────────────────────────────────────
def test_fitted_takes_are_as_long_as_they_say(desk: LocalDesk) -> None:
    dub = Variants("First of all, I never agreed. Second, you know it. And third, I am leaving!")
    takes = spoken(desk, "L1", dub, span(1000, 4000))
    lines = (fit.FitLine("L1", span(1000, 4000), "lin"),)
    ((_, (one,)),) = fit.work([fit.Job("S1", lines, takes, Ms(1000 + int(takes[0].length / 1.3)))], desk)
    assert abs(audio.to_ms(audio.shape(desk.path(one.audio))[0]) - one.length) <= 1
    assert {"borrow", "trim"} <= set(one.steps)
    assert one.audio != takes[0].audio
    assert one.over == 0
    ends = (one.take.phones[-1].start, takes[0].phones[-1].start)
    assert ends[0] < one.length
    assert ends[0] / ends[1] == pytest.approx(one.length / takes[0].length, rel=0.06)


def test_lines_without_takes_are_left_out(desk: LocalDesk) -> None:
    lines = (fit.FitLine("L1", SPEECH[0], "a"), fit.FitLine("L2", SPEECH[1], "b"))
    takes = spoken(desk, "L2", Variants("It is too late."), SPEECH[1])
    ((_, answer),) = fit.work([fit.Job("S1", lines, takes, LENGTH)], desk)
    assert [one.line for one in answer] == ["L2"]
    ((_, none),) = fit.work([fit.Job("S1", lines, (), LENGTH)], desk)
    assert none == ()


# ── mix ─────────────────────────────────────────────────────────────────────────────────────────────────────
def mixed(desk: LocalDesk, job: mix.Job) -> tuple[mix.Mixed, audio.Sound]:
    ((_, answer),) = mix.work([job], desk)
    return answer, audio.read(desk.path(answer.mix))[0]


def test_the_mix_is_as_long_and_as_loud_as_asked(
    desk: LocalDesk, stems: Stems, placed: tuple[Placed, ...]
) -> None:
    answer, sound = mixed(desk, mix.Job(stems, placed, LENGTH, "en-US"))
    assert sound.shape == (audio.at(LENGTH), 2)
    assert audio.shape(desk.path(answer.dub))[:2] == sound.shape
    assert loudness.measure(sound).true_peak <= -1.3
    assert answer.loudness == measured(desk.path(answer.coded))
    assert answer.loudness.integrated == pytest.approx(-14.0, abs=0.5)
    assert answer.loudness.true_peak <= -1.0
    course = loudness.short_term(loudness.energies(sound), mix.STEP)
    assert answer.course == pytest.approx(course, abs=0.1)


def test_the_encoded_peak_stays_below_the_ceiling(desk: LocalDesk) -> None:
    """Clicks at full scale over a tone: AAC overshoots such peaks by more than the limiter leaves room for."""
    time = np.arange(audio.at(LENGTH)) / 48000
    tone = np.where((time * 20 % 1) < 0.02, 0.95, 0.12) * np.sign(np.sin(2 * np.pi * 300 * time))
    back = desk.keep(audio.write(desk.scratch(".wav"), tone.astype(np.float32)), "audio/wav")
    none = desk.keep(audio.write(desk.scratch(".wav"), np.zeros_like(tone, np.float32)), "audio/wav")
    answer, _ = mixed(desk, mix.Job(Stems(none, back, "clicks"), (), LENGTH, "en-US", target_lufs=-9.0))
    assert -3.0 < answer.loudness.true_peak <= -1.0


def test_the_music_steps_back_under_the_dub(
    desk: LocalDesk, stems: Stems, placed: tuple[Placed, ...]
) -> None:
    answer, sound = mixed(desk, mix.Job(stems, placed, LENGTH, "en-US"))
    rest = sound - audio.read(desk.path(answer.dub))[0]
    original = audio.read(desk.path(stems.music_effects))[0]
    gain = 20 * np.log10(audio.level(rest, step=50) / audio.level(original, step=50))
    middle = (placed[0].start + placed[0].length // 2) // 50
    assert 5 < gain[20] - gain[middle] < 11
    assert np.abs(np.diff(gain[2:-2])).max() < 6  # the limiter's work included


def test_a_line_that_music_would_drown_gets_more_room_and_what_is_left_is_told(
    desk: LocalDesk, stems: Stems, placed: tuple[Placed, ...]
) -> None:
    loud = music(0.05)
    loud[audio.at(SPEECH[1].start) :] *= 8
    back = desk.keep(audio.write(desk.scratch(".wav"), loud), "audio/wav")
    answer, sound = mixed(desk, mix.Job(Stems(stems.dialogue, back, "loud"), placed, LENGTH, "en-US"))
    above = dict(answer.audible)
    assert set(above) == {"L0", "L1"}
    rest, dub = sound - audio.read(desk.path(answer.dub))[0], audio.read(desk.path(answer.dub))[0]
    for one in placed:
        here = slice(audio.at(one.start), audio.at(one.start + one.length))
        over = audio.active_level(dub[here]) / float(np.sqrt((audio.mono(rest[here]) ** 2).mean()))
        assert above[one.line] == pytest.approx(20 * np.log10(over), abs=1.5)
    assert above["L0"] >= 5
    assert above["L1"] < above["L0"]


def test_every_speaker_has_a_stem_and_together_they_are_the_dialogue(
    desk: LocalDesk, stems: Stems, placed: tuple[Placed, ...]
) -> None:
    answer, _ = mixed(desk, mix.Job(stems, placed, LENGTH, "en-US", speakers=("lin", "gu")))
    dub = audio.read(desk.path(answer.dub))[0]
    voices = {who: audio.read(desk.path(asset))[0] for who, asset in answer.voices}
    assert set(voices) == {"lin", "gu"}
    assert all(voice.shape == dub.shape for voice in voices.values())
    assert np.abs(sum(voices.values()) - dub).max() <= 2 / 32768
    first = slice(0, audio.at(placed[1].start) - 1)
    assert not voices["gu"][first].any() and voices["lin"][first].any()


def test_nothing_clicks_at_the_edges_of_takes(
    desk: LocalDesk, stems: Stems, placed: tuple[Placed, ...]
) -> None:
    answer, _ = mixed(desk, mix.Job(stems, placed, LENGTH, "en-US"))
    dub = audio.mono(audio.read(desk.path(answer.dub))[0])
    loud = np.abs(np.diff(dub)).max()
    for one in placed:
        for edge in (one.start, one.start + one.length):
            near = dub[max(0, audio.at(edge) - 96) : audio.at(edge) + 96]
            assert np.abs(np.diff(near)).max() < 0.25 * loud


def test_lines_left_in_the_original_keep_the_original_voice(
    desk: LocalDesk, stems: Stems, placed: tuple[Placed, ...]
) -> None:
    _, sound = mixed(desk, mix.Job(stems, placed[:1], LENGTH, "en-US", original=(SPEECH[1],)))
    both = [audio.read(desk.path(one))[0] for one in (stems.dialogue, stems.music_effects)]
    inner = slice(audio.at(5100), audio.at(6700))
    pair = np.corrcoef(sound[inner].ravel(), (both[0] + both[1])[inner].ravel())[0, 1]
    assert pair > 0.99


def test_silent_stems_stay_silent_and_mono_becomes_stereo(
    desk: LocalDesk, placed: tuple[Placed, ...]
) -> None:
    nothing = np.zeros(audio.at(LENGTH), np.float32)
    asset = desk.keep(audio.write(desk.scratch(".wav"), nothing), "audio/wav")
    empty = Stems(asset, asset, "silence")
    answer, sound = mixed(desk, mix.Job(empty, (), LENGTH, "en-US"))
    assert not sound.any()
    assert answer.loudness.integrated == loudness.SILENCE
    answer, sound = mixed(desk, mix.Job(empty, placed, LENGTH, "en-US"))
    assert answer.loudness.integrated == pytest.approx(-14.0, abs=0.5)
    assert not sound[: audio.at(placed[0].start - 50)].any()


def test_an_episode_recorded_far_too_quietly_is_dubbed_as_loud_as_any(
    desk: LocalDesk, stems: Stems, placed: tuple[Placed, ...]
) -> None:
    faint = (0.01 * audio.read(desk.path(one))[0] for one in (stems.dialogue, stems.music_effects))
    kept = (desk.keep(audio.write(desk.scratch(".wav"), sound), "audio/wav") for sound in faint)
    answer, sound = mixed(desk, mix.Job(Stems(*kept, "faint"), placed, LENGTH, "en-US"))
    assert answer.loudness.integrated == pytest.approx(-14.0, abs=0.5)
    assert audio.decibels(float(np.abs(sound[: audio.at(placed[0].start - 100)]).max())) < -30  # 24 dB more at most


# ── separate ────────────────────────────────────────────────────────────────────────────────────────────────
def separated(desk: LocalDesk, path: Path, me: Path | None = None) -> tuple[Stems, audio.Sound, audio.Sound]:
    job = separate.Job(
        path, "d", AudioTrack(0, 48_000, 2, "zh"), LENGTH, SPEECH, CENTRE, me, "m" if me else ""
    )
    ((_, found),) = separate.work([job], desk)
    return found, *(audio.read(desk.path(one))[0] for one in (found.dialogue, found.music_effects))


def test_stems_sum_to_the_mix_sample_for_sample(desk: LocalDesk, stems: Stems, tmp_path: Path) -> None:
    path = source(tmp_path, desk, stems)
    found, dialogue, rest = separated(desk, path)
    assert np.array_equal(dialogue + rest, audio.read(path)[0])
    assert "centre" in found.method


def test_a_delivered_track_is_aligned_levelled_and_subtracted(
    desk: LocalDesk, stems: Stems, tmp_path: Path
) -> None:
    path, truth = source(tmp_path, desk, stems), audio.read(desk.path(stems.dialogue))[0]
    late = np.concatenate([np.zeros((audio.at(150), 2), np.float32), music()[: -audio.at(150)] * 0.7])
    found, dialogue, _ = separated(desk, path, audio.write(tmp_path / "me.wav", late))
    assert found.alike is not None and found.alike > 0.9
    kept = slice(0, audio.at(LENGTH - 200))
    assert np.abs(dialogue - truth)[kept].max() < 0.003


def test_a_track_of_another_cut_or_another_speed_is_refused(
    desk: LocalDesk, stems: Stems, tmp_path: Path
) -> None:
    path = source(tmp_path, desk, stems)
    with pytest.raises(InputError, match="lasts"):
        separated(desk, path, audio.write(tmp_path / "short.wav", music()[:100_000]))
    (tmp_path / "text.wav").write_text("no sound")
    with pytest.raises(InputError):
        separated(desk, path, tmp_path / "text.wav")


def test_an_unrelated_track_is_used_and_the_dialogue_is_gated(
    desk: LocalDesk, stems: Stems, tmp_path: Path
) -> None:
    path = source(tmp_path, desk, stems)
    other = audio.write(
        tmp_path / "other.wav", np.random.default_rng(2).standard_normal((audio.at(LENGTH), 2)) * 0.05
    )
    found, dialogue, rest = separated(desk, path, other)
    assert "gated" in found.method or "where somebody talks" in found.method
    assert found.alike is not None and found.alike < 0.3
    assert np.array_equal(rest, audio.read(other)[0])
    assert not dialogue[: audio.at(1000)].any()
    assert dialogue[audio.at(2000) : audio.at(3000)].any()


@pytest.mark.parametrize("length", [400, 60_000, 200_000])
def test_sections_cover_the_episode_and_meet_in_pauses(length: int) -> None:
    speech = [span(start, start + 3000) for start in range(0, length - 3000, 5000)]
    found = separate.sections(speech, length)
    assert (found[0][0], found[-1][1]) == (0, length)
    for (_, end), (start, _) in pairwise(found):
        assert end == start
        assert not any(end in one for one in speech)


# ── diarize ─────────────────────────────────────────────────────────────────────────────────────────────────
def test_lines_are_attributed_from_the_stem(desk: LocalDesk, stems: Stems, tmp_path: Path) -> None:
    (take,) = spoken(
        desk, "R", Variants("Something else entirely, said on another day, at some length."), SPEECH[0]
    )
    clip = audio.write(tmp_path / "lin.wav", audio.read(desk.path(take.audio))[0])
    engine = Choice.of(card("diarization", "classical"))
    lines = tuple((f"L{n}", where) for n, where in enumerate(SPEECH))
    job = diarize.Job(stems.dialogue, lines, (("lin", (clip,), ("d",)),), engine)
    ((_, found),) = diarize.work([job], desk)
    assert [(line, one.speaker) for line, one in found] == [("L0", "lin"), ("L1", "lin")]
    assert str(tmp_path) not in str(diarize.recipe(job))


# ── lines that cannot be spoken ─────────────────────────────────────────────────────────────────────────────
def test_a_line_that_cannot_be_spoken_leaves_the_others_and_is_told(desk: LocalDesk) -> None:
    texts = ("I married a man.", "…  \u200b!", "Ninety days.", "？！")
    jobs = [synthesize.Job(f"L{n}", Variants(text), "en-US", casting(), "", Ms(1000), None, SPEECH[0], TTS)
            for n, text in enumerate(texts)]  # fmt: skip
    kept = []
    with pytest.raises(InputError, match=r"line L1 cannot be spoken.*2 lines: L1, L3; the others are kept"):
        for job, takes in synthesize.work(jobs, desk):
            kept.append((job.line, len(takes)))
    assert kept == [("L0", 1), ("L2", 1)]
