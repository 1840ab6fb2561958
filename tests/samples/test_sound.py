"""The sample's sound: voices where the script puts them, stems that add up, lines every market can say."""

from __future__ import annotations

import csv
import hashlib
import re
import tomllib
from pathlib import Path

import numpy as np
import pytest
from studio import generate, sound
from studio.script import Script, read
from studio.series import series_for

SAMPLES = Path(__file__).parents[2] / "samples"
SERIES = SAMPLES / "SERIES"
MARKETS = ("en-US", "es-419", "id-ID")


@pytest.fixture(scope="module")
def script() -> Script:
    return read(SAMPLES / "scripts" / "too_late_ep03.toml")


@pytest.fixture(scope="module")
def short() -> sound.Performance:
    return sound.perform(generate.short_story(1), width=360)


def _level(samples: np.ndarray) -> float:
    return float(10 * np.log10((samples.astype(float) ** 2).mean() + 1e-12))


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_the_mix_is_the_sum_of_the_stems_at_the_target_loudness(short: sound.Performance) -> None:
    assert sound.loudness(short.mix) == pytest.approx(sound.TARGET, abs=0.3)
    assert np.abs(short.mix).max() <= 10 ** (sound.CEILING / 20) + 1e-3
    assert len(short.mix) == round(short.story.length * sound.RATE / 1000)


def test_dialogue_stands_about_nine_units_above_the_music(short: sound.Performance) -> None:
    voices = sum(stem for name, stem in short.stems.items() if name.startswith("dialogue"))
    assert 7 <= sound.loudness(voices) - sound.loudness(short.stems["music"]) <= 11


def test_every_line_is_heard_in_its_time_on_its_own_stem_alone(short: sound.Performance) -> None:
    for line in short.story.lines:
        span = slice(line.start * 48, line.end * 48)
        levels = {n: _level(stem[span]) for n, stem in short.stems.items() if n.startswith("dialogue")}
        own = levels.pop(f"dialogue-{line.speaker}")
        assert own > -30
        assert all(own - other > 20 for other in levels.values())


def test_phonemes_follow_each_other_inside_their_line(short: sound.Performance) -> None:
    for line in short.story.lines:
        assert len(line.phonemes) >= 4
        times = [time for p in line.phonemes for time in (p.start, p.end)]
        assert times == sorted(times)
        assert line.start <= times[0]
        assert times[-1] <= line.end


def test_shots_tile_the_episode_on_frame_boundaries(short: sound.Performance) -> None:
    shots, rate = short.story.shots, short.story.rate
    assert [s.end for s in shots[:-1]] == [s.start for s in shots[1:]]
    assert (shots[0].start, shots[-1].end) == (0, short.story.length)
    frames = [shot.end * rate / 1000 for shot in shots]
    assert all(abs(f - round(f)) < 0.05 for f in frames)


def test_the_same_script_sounds_the_same_twice() -> None:
    once, twice = (sound.perform(generate.short_story(4), width=360) for _ in range(2))
    assert once.story == twice.story
    assert np.array_equal(once.mix, twice.mix)


def test_other_seeds_give_other_casts_looks_and_lengths() -> None:
    stories = [generate.random_story(seed) for seed in range(8)]
    assert len({story.captions for story in stories}) == 8
    assert len({story.rate for story in stories}) >= 2
    assert len({story.music.mono for story in stories}) == 2
    for story in stories:
        names = [actor.character.name for actor in story.cast]
        assert len(set(names)) == 3
        assert not any("{" in line.text for shot in story.shots for line in shot.lines)


def test_mono_music_makes_both_sides_alike() -> None:
    story = next(s for s in map(generate.random_story, range(20)) if s.music.mono)
    mix = sound.perform(story, width=360).mix
    assert np.array_equal(mix[:, 0], mix[:, 1])


def test_a_generated_series_holds_cast_recordings_and_scripts(
    short: sound.Performance, tmp_path: Path
) -> None:
    series_for(short, tmp_path, ["id-ID"])
    cast = tomllib.loads((tmp_path / "cast.toml").read_text(encoding="utf-8"))["character"]
    casting = tomllib.loads((tmp_path / "casting.toml").read_text(encoding="utf-8"))
    assert [person["id"] for person in cast] == [a.character.id for a in short.script.cast]
    assert len({voice["*"] for voice in casting.values()}) == len(cast)
    for person in cast:
        assert 6 * 48_000 <= (tmp_path / person["references"][0]).stat().st_size <= 12 * 48_000
    rows = _rows(tmp_path / "scripts" / f"{short.script.stem}.id-ID.csv")
    assert [row["source"] for row in rows] == [line.text for line in short.story.lines]
    assert all(row["dub"] for row in rows)


def test_the_script_is_a_drama_of_the_promised_size(script: Script) -> None:
    lines = [line for shot in script.shots for line in shot.lines]
    assert 14 <= len(lines) <= 20
    assert len({line.speaker for line in lines}) >= 3
    assert {"speech", "thought"} <= {line.kind for line in lines}
    assert any(line.off for line in lines)
    assert {"closeup", "two", "wide", "phone", "document"} <= {shot.kind for shot in script.shots}
    burned = {overlay.kind for shot in script.shots for overlay in shot.overlays}
    assert {"nameplate", "caption", "title_card"} <= burned


def _in_phrasebook(text: str) -> bool:
    def matches(pattern: str) -> bool:
        parts = re.split(r"\{\w+\}", pattern)
        return re.fullmatch("(.{1,4}?)".join(map(re.escape, parts)), text) is not None

    return any(matches(row["zh"]) for row in _rows(generate.PHRASEBOOK) if len(row["zh"]) < 30)


@pytest.mark.parametrize("market", MARKETS)
def test_every_line_has_an_origin_a_persons_first(script: Script, market: str) -> None:
    rows = _rows(SERIES / "scripts" / f"{script.stem}.{market}.csv")
    written = {row["source"] for row in rows}
    assert all(row["dub"] and row["subtitle"] and row["short"] for row in rows)
    memory = {
        (row["source"], row["speaker"], row["addressee"])
        for row in _rows(SERIES / "memory.csv")
        if row["market"] == market and row["setting"] == script.setting
    }
    count = {"script": 0, "memory": 0, "phrasebook": 0}
    for line in (line for shot in script.shots for line in shot.lines):
        found = {
            "script": line.text in written,
            "memory": (line.text, line.speaker, line.to) in memory,
            "phrasebook": _in_phrasebook(line.text),
        }
        assert any(found.values()), line.text
        count[next(origin for origin, here in found.items() if here)] += 1
    assert count == {"script": 8, "memory": 5, "phrasebook": 5}


def test_spanish_is_latin_american_and_indonesian_is_standard() -> None:
    spanish = [r["dub"] for r in _rows(SERIES / "scripts" / "too_late_ep03.es-419.csv")]
    spanish += [r["dub"] for r in _rows(SERIES / "memory.csv") if r["market"] == "es-419"]
    for text in spanish:
        assert text.count("?") == text.count("¿")
        assert text.count("!") == text.count("¡")
        assert not re.search(r"\b(vosotr|os\b|\w+(áis|éis)\b)", text.lower())
    indonesian = [r["dub"] for r in _rows(SERIES / "scripts" / "too_late_ep03.id-ID.csv")]
    assert not any(re.search(r"\b(gue|gua|lo|lu)\b", text) for text in indonesian)


def test_consents_name_the_evidence_they_were_given_with() -> None:
    consents = sorted((SERIES / "consents").glob("*.toml"))
    assert [path.stem for path in consents] == ["lu_chen", "shen_wan"]
    for path in consents:
        consent = tomllib.loads(path.read_text(encoding="utf-8"))
        evidence = path.with_name(consent["document"]).read_bytes()
        assert hashlib.sha256(evidence).hexdigest() == consent["sha256"]
        assert consent["scope"] == ["voice_clone"]


def test_scripts_agree_with_the_sound_about_time(script: Script) -> None:
    story = sound.perform(script, width=360).story
    assert 50_000 <= story.length <= 60_000
    spoken = {line.text: line for line in story.lines}
    for row in _rows(SERIES / "scripts" / f"{script.stem}.en-US.csv"):
        h, m, s = row["start"].split(":")
        start = int(h) * 3_600_000 + int(m) * 60_000 + int(s.replace(",", ""))
        assert abs(start - spoken[row["source"]].start) <= 80
