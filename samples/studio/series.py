"""The series directory a distributor would have: cast, recordings, casting, names, scripts if asked."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np

from . import voices
from .espeak import Samples
from .generate import MARKETS, latin_name, tables
from .script import Actor
from .sound import Performance

REFERENCE_RATE = 24_000


def _quoted(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


def recording(actor: Actor, seed: int) -> Samples:
    """Seven to eleven seconds of an actor reading something else, dry, mono, 24 kHz."""
    from scipy.signal import resample_poly

    rng = np.random.default_rng([seed, 5])
    readings = tables()["reference"]["readings"]
    parts: list[Samples] = []
    for number, index in enumerate(rng.permutation(len(readings))):
        if sum(map(len, parts)) > 5.9 * voices.RATE:
            break
        parts.append(voices.perform(readings[index], actor.voice, "plain", seed + number).sound)
        parts.append(np.zeros(voices.RATE // 3, np.float32))
    sound = np.concatenate(parts[:-1])
    return np.asarray(resample_poly(sound, REFERENCE_RATE, voices.RATE), np.float32)


def record_cast(cast: Iterable[Actor], folder: Path, seed: int) -> None:
    """Write ``cast/<id>.wav`` for every actor."""
    import soundfile

    (folder / "cast").mkdir(parents=True, exist_ok=True)
    for number, actor in enumerate(cast):
        path = folder / "cast" / f"{actor.character.id}.wav"
        soundfile.write(path, recording(actor, seed + 100 * number), REFERENCE_RATE, subtype="PCM_16")


def timecode(ms: int) -> str:
    """Milliseconds as ``00:00:01,200``."""
    return f"{ms // 3_600_000:02d}:{ms // 60_000 % 60:02d}:{ms // 1000 % 60:02d},{ms % 1000:03d}"


def _table(path: Path, columns: str, rows: Iterable[Sequence[str]]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(columns.split(","))
        writer.writerows(rows)


def _cast_toml(cast: Iterable[Actor]) -> str:
    def card(actor: Actor) -> str:
        person = actor.character
        names = ", ".join(f"{_quoted(market)} = {_quoted(latin_name(person.id))}" for market in MARKETS)
        fields = {"id": person.id, "name": person.name, "gender": person.gender, "age": person.age}
        fields["role"] = actor.role
        rows = "\n".join(f"{key} = {_quoted(value)}" for key, value in fields.items())
        files = f'aliases = []\nreferences = ["cast/{person.id}.wav"]'
        return f"[[character]]\n{rows}\n{files}\nnames = {{ {names} }}\n"

    return "\n".join(card(actor) for actor in cast)


def _casting_toml(cast: Iterable[Actor]) -> str:
    """A stock voice of the right gender and age for everybody, no voice twice."""
    taken: set[str] = set()
    blocks = []
    for actor in cast:
        person = actor.character
        kind = f"{person.gender}-elder" if person.age == "elder" else person.gender
        voice = next(v for v in tables()["casting"][kind] if v not in taken)
        taken.add(voice)
        blocks.append(f'[{person.id}]\n"*" = "{voice}"\n')
    return "\n".join(blocks)


def _series_toml(performance: Performance) -> str:
    script = performance.script
    series = script.stem.rsplit("_ep", 1)[0]
    head = {"id": series, "title": script.title, "language": "zh-CN", "setting": script.setting}
    rows = [f"{key} = {_quoted(value)}" for key, value in head.items()]
    rows += [
        "episodes = 1",
        'names_policy = "pinyin_simplified"',
        "tropes = []",
        f"synopsis = {_quoted(script.title)}",
    ]
    titles = dict(next((line.renderings for shot in script.shots for line in shot.lines), ()))
    for market in MARKETS:
        title = titles.get(market, latin_name(series)).strip("¡!¿?.")
        rows += ["", f'[market."{market}"]', f"title = {_quoted(title)}", f"synopsis = {_quoted(title)}"]
    return "\n".join(rows) + "\n"


def series_for(performance: Performance, folder: Path, scripts: Sequence[str] = ()) -> Path:
    """Write a series directory with cast and recordings, and a script for each market in ``scripts``."""
    script, story = performance.script, performance.story
    record_cast(script.cast, folder, script.seed)
    texts = {
        "series.toml": _series_toml(performance),
        "cast.toml": _cast_toml(script.cast),
        "casting.toml": _casting_toml(script.cast),
    }
    for name, text in texts.items():
        (folder / name).write_text(text, encoding="utf-8")
    names = [(a.character.name, *[latin_name(a.character.id)] * 3) for a in script.cast]
    _table(folder / "terms.csv", f"source,{','.join(MARKETS)},kind,use,scope,status,note",
           ((*row, "name", "dialogue", "series", "approved", "") for row in names))  # fmt: skip
    _table(folder / "memory.csv", "source,speaker,addressee,setting,market,dub,subtitle,status,episode", ())
    _table(folder / "addresses.csv", "speaker,addressee,market,form,call", ())
    written = [line for shot in script.shots for line in shot.lines]
    for market in scripts:
        rows = (
            (
                timecode(s.start),
                timecode(s.end),
                s.text,
                text := dict(line.renderings)[market],
                text,
                "",
                "",
                "reviewed",
            )
            for s, line in zip(story.lines, written, strict=True)
        )
        path = folder / "scripts" / f"{script.stem}.{market}.csv"
        _table(path, "start,end,source,dub,subtitle,short,long,status", rows)
    return folder
