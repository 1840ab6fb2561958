"""How much the preview voice becomes the actor, on human speech.

    python tests/benchmarks/voices.py CLIPS [--plain-only] [--save FOLDER]

CLIPS holds ``demo1_audio.wav``, ``demo1_video.mp4``, ``demo2_video.mp4`` and ``ep_clean20.mp4`` (LatentSync's assets,
Apache-2.0): two women, and a man twice.  Their speech is cut into lines at pauses; every line gets a text of about its
length in one of three languages and the stock voice nearest in pitch, once without and once with the actor's line.
Prints for stock voices, for other stock voices and for takes in the actor's likeness: error of the median pitch,
correlation of melody and of energy, spectral distances, likeness by Resemblyzer (where it is installed), phones
recognised by discriminants that heard plain takes of other texts only, distance to the plain take, and CPU seconds.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).parents[1] / "support"))

import voice_measures as measure

from localize import backends, pace
from localize.media import audio, pitch
from localize.media.audio import RATE, Sound
from localize.media.speech_activity import speech_spans
from localize.roles import Speech, SpeechRequest
from localize.voice import Voice, stock_voices

CLIPS = (("demo1_audio.wav", "female", 0.0, 99.0), ("demo1_video.mp4", "female", 0.0, 99.0),
         ("demo2_video.mp4", "male", 0.0, 99.0), ("ep_clean20.mp4", "male", 30.2, 50.0))  # fmt: skip
LANGUAGES = ("en-US", "es-419", "id-ID")
_OTHER = {"female": stock_voices()["stock-elder-f"], "male": stock_voices()["stock-m1"]}
_LEAST, _MOST, _LINES = 1200, 4500, 6


@dataclass
class Person:
    """Somebody of the clips: the lines, the voice cast for them, and the requests (one per line)."""

    name: str
    lines: list[Sound]
    voice: Voice
    requests: list[SpeechRequest] = field(default_factory=list)


def lines_of(sound: Sound) -> list[Sound]:
    """Stretches of 1.2 to 4.5 s between pauses."""
    found = []
    for one in speech_spans(sound, RATE):
        parts = max(1, -(-one.length // _MOST))
        edges = np.linspace(one.start, one.end, parts + 1)
        found += [sound[audio.at(a) : audio.at(b)] for a, b in pairwise(edges) if b - a >= _LEAST]
    return found[:_LINES]


def person(folder: Path, name: str, gender: str, start: float, stop: float) -> Person:
    import av

    with av.open(str(folder / name)) as container:
        stream = container.streams.audio[0].index
    whole = np.concatenate(list(audio.decode(folder / name, stream, 1)))[:, 0]
    whole = whole[round(start * RATE) : round(stop * RATE)]
    middle = pitch.median(whole, RATE)
    grown = [voice for voice in stock_voices().values() if voice.gender == gender and voice.age != "elder"]
    return Person(name, lines_of(whole), min(grown, key=lambda voice: abs(np.log2(voice.pitch / middle))))


def requests_of(someone: Person, turn: int) -> list[SpeechRequest]:
    """A text of each line's length, no text twice, the languages in turn."""
    used: set[str] = set()
    found = []
    for number, line in enumerate(someone.lines):
        language = LANGUAGES[(number + turn) % len(LANGUAGES)]
        own = pace.of_language(language)
        free = [text for text in pace.sentences(language) if text not in used and len(text) > 12]
        text = min(free, key=lambda text: abs(own.ms(text) - len(line) / 48))
        used.add(text)
        wish = SpeechRequest(text, language, someone.voice, seconds=len(line) / RATE, actor=line, actor_rate=RATE)
        found.append(wish)
    return found


def taught(but: Collection[str]) -> measure.Recogniser:
    """From every sentence ``but`` these by every stock voice, none of them moved toward anybody."""
    engine = backends.load("tts", "espeak")
    return measure.Recogniser.taught(
        engine.speak(SpeechRequest(text, language, voice, emotion))
        for language in LANGUAGES for text in pace.sentences(language) if text not in but
        for voice in stock_voices().values() for emotion in ("", "shock", "sad")
    )  # fmt: skip


@dataclass
class Outcome:
    """One row of the table per measure, over all lines or people."""

    f0: list[float] = field(default_factory=list)
    contour: list[float] = field(default_factory=list)
    energy: list[float] = field(default_factory=list)
    colour: list[float] = field(default_factory=list)
    cepstral: list[float] = field(default_factory=list)
    alike: list[float] = field(default_factory=list)
    plain: list[float] = field(default_factory=list)
    right: int = 0
    phones: int = 0
    seconds: list[float] = field(default_factory=list)


def judged(
    people: Sequence[Person],
    speak: Callable[[SpeechRequest], Speech],
    bare: dict[int, Speech],
    ear: measure.Recogniser,
    embed: Callable[[Sound, int], np.ndarray] | None,
    save: Path | None,
) -> Outcome:
    out = Outcome()
    for someone in people:
        takes = []
        for number, request in enumerate(someone.requests):
            begun = time.process_time()
            take = speak(request)
            out.seconds.append(time.process_time() - begun)
            takes.append(take)
            line = someone.lines[number]
            out.f0.append(measure.semitones_off(take.sound, line, RATE))
            out.contour.append(measure.contour_likeness(take.sound, line, RATE))
            out.energy.append(measure.energy_likeness(take.sound, line, RATE))
            right, of = ear.right(take)
            out.right, out.phones = out.right + right, out.phones + of
            out.plain.append(measure.warped_off(take.sound, bare[id(request)].sound, RATE))
        said, heard = measure.joined([take.sound for take in takes]), measure.joined(someone.lines)
        out.colour.append(measure.colour_off(said, heard, RATE))
        out.cepstral.append(measure.nearest_off(said, heard, RATE))
        if embed is not None:
            out.alike.append(float(embed(said, RATE) @ embed(heard, RATE)))
        if save is not None:
            save.mkdir(parents=True, exist_ok=True)
            audio.write(save / f"{someone.name}.wav", said)
    return out


def row(name: str, out: Outcome) -> str:
    def mean(values: Sequence[float], form: str) -> str:
        return format(float(np.nanmean(values)), form) if values else "–"

    return (f"| {name} | {mean(out.f0, '.2f')} | {mean(out.contour, '.2f')} | {mean(out.energy, '.2f')} | "
            f"{mean(out.colour, '.1f')} | {mean(out.cepstral, '.2f')} | {mean(out.alike, '.3f')} | "
            f"{100 * out.right / max(out.phones, 1):.1f} % of {out.phones} | {mean(out.plain, '.2f')} | "
            f"{mean(out.seconds, '.3f')} |")  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("clips", type=Path)
    parser.add_argument("--save", type=Path)
    asked = parser.parse_args()
    people = [person(asked.clips, *clip) for clip in CLIPS]
    for turn, someone in enumerate(people):
        someone.requests = requests_of(someone, turn)
    used = {request.text for one in people for request in one.requests}
    engine, ear, embed = backends.load("tts", "espeak"), taught(used), measure.embedder()
    if embed is None:
        print("resemblyzer is not installed: no speaker similarity")
    else:
        halves = [(embed(measure.joined(one.lines[::2]), RATE), embed(measure.joined(one.lines[1::2]), RATE))
                  for one in people]  # fmt: skip
        same = np.mean([a @ b for a, b in halves])
        other = np.mean([halves[i][0] @ halves[j][1] for i in range(4) for j in range(4) if i != j])
        print(f"resemblyzer: two halves of one person {same:.3f}, two people {other:.3f}")
    for one in people:
        print(f"{one.name}: {len(one.lines)} lines, {sum(map(len, one.lines)) / RATE:.1f} s, {one.voice.id}")
    bare = {id(request): engine.speak(replace(request, actor=None)) for one in people for request in one.requests}
    print("| voice | F0 st | contour r | energy r | LTAS dB | nearest MCD dB | alike | phones | DTW to plain | CPU s |")
    print("|---|---|---|---|---|---|---|---|---|---|")
    ways: tuple[tuple[str, Callable[[SpeechRequest], Speech]], ...] = (
        ("stock", lambda one: engine.speak(replace(one, actor=None))),
        ("another stock", lambda one: engine.speak(replace(one, actor=None, voice=_OTHER[one.voice.gender]))),
        ("likeness", engine.speak),
    )
    for name, speak in ways:
        folder = asked.save / name if asked.save else None
        print(row(name, judged(people, speak, bare, ear, embed, folder)), flush=True)


if __name__ == "__main__":
    main()
