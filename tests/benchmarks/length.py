"""How well the length of a take is foreseen: estimates against the takes the shipped voices really make.

``python tests/benchmarks/length.py`` prints, per language, the error on lines no coefficient was fitted to: the
references of ``translation_lines.csv``, each said by two of the nine voices, once freely and once into a slot with an
emotion, as a run does it.  ``--write`` fits the coefficients anew on every fifteenth line of the phrasebook, each said
by three voices, and writes ``voices/paces.toml``.  Some three CPU minutes, seven with ``--write``.
"""

from __future__ import annotations

import argparse
import csv
import json
import re
import time
import tomllib
from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from statistics import median

import numpy as np

from localize import backends, pace
from localize.episode import Asset
from localize.glossary import normal
from localize.pace import Pace
from localize.roles import SpeechRequest, Tts
from localize.spoken import weight
from localize.stages._foreseen import Wording, chosen
from localize.stages.fit import FitLine
from localize.timing import Ms, span
from localize.version import Take, Variants
from localize.voice import Voice, stock_voices

ROOT = Path(__file__).parents[2]
LANGUAGES = {"en-US": "en", "es-419": "es", "id-ID": "id"}
FILL = {
    "en-US": {"NUM": "three", "MONEY": "five million yuan", "TITLE": "Director Lu"},
    "es-419": {"NUM": "tres", "MONEY": "cinco millones de yuanes", "TITLE": "director Lu"},
    "id-ID": {"NUM": "tiga", "MONEY": "lima juta yuan", "TITLE": "Direktur Lu"},
}
SAME = {"NAME": "Lu Chen", "NAME2": "Shen Wan", "PLACE": "Jiangcheng"}
EMOTIONS = ("plain", "angry", "sad", "cold", "shock", "plea", "calm")
EVERY = 15
VOICES = 3
ROUNDS = 8
Said = tuple[str, str, float]
"""A text, the voice's id, and the ms it took."""


def training(language: str) -> list[str]:
    """Lines of the phrasebook with their slots filled."""
    fill = SAME | FILL[language]
    column = "en" if language == "en-US" else language
    with (ROOT / "glossaries" / "drama-phrasebook.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))[::EVERY]
    return [re.sub(r"\{(\w+)\}", lambda slot: fill[slot[1]], row[column]) for row in rows]


def held_out(language: str) -> list[str]:
    """Lines nothing was fitted to."""
    with (ROOT / "tests" / "benchmarks" / "translation_lines.csv").open(encoding="utf-8", newline="") as file:
        return [row[LANGUAGES[language]] for row in csv.DictReader(file)]


def spread(texts: Sequence[str], many: int) -> Iterator[tuple[str, Voice]]:
    """Every text with ``many`` different voices, all voices in turn."""
    voices = list(stock_voices().values())
    for number, text in enumerate(texts):
        for each in range(many):
            yield text, voices[(number + each * 4) % len(voices)]


def ms(engine: Tts, request: SpeechRequest) -> float:
    speech = engine.speak(request)
    return 1000 * len(speech.sound) / speech.rate


# ── fitting ─────────────────────────────────────────────────────────────────────────────────────────────────
def fit(language: str, said: Sequence[Said]) -> tuple[list[float], dict[str, float]]:
    """Coefficients of the language and the factor of every voice, least absolute share of error."""
    rows = {text: _row(text, language) for text, _, _ in said}
    factor = dict.fromkeys(stock_voices(), 1.0)
    found = np.zeros(5)
    for _ in range(ROUNDS):
        counts = np.array([rows[text] for text, _, _ in said])
        took = np.array([each / factor[voice] for _, voice, each in said])
        weights = 1 / took
        for _ in range(ROUNDS):
            found, *_ = np.linalg.lstsq(counts * weights[:, None], took * weights, rcond=None)
            weights = 1 / took / np.sqrt(np.maximum(np.abs(counts @ found - took) / took, 0.02))
        shares = defaultdict(list)
        for text, voice, each in said:
            shares[voice].append(each / float(np.array(rows[text]) @ found))
        factor |= {voice: float(median(own)) for voice, own in shares.items()}
        mean = float(np.mean(list(factor.values())))
        factor = {voice: own / mean for voice, own in factor.items()}
    return [float(one) for one in found], factor


def _row(text: str, language: str) -> list[float]:
    one = weight(text, language)
    return [1.0, one.syllables, one.letters, float(one.commas), float(one.stops)]


def write(engine: Tts) -> None:
    """``voices/paces.toml`` from the takes of the training lines; errors come from the held-out ones."""
    card = backends.card("tts", "espeak")
    factors: dict[str, dict[str, float]] = defaultdict(dict)
    tables = []
    for language in LANGUAGES:
        said = [
            (text, voice.id, ms(engine, SpeechRequest(text, language, voice)))
            for text, voice in spread(training(language), VOICES)
        ]
        found, own = fit(language, said)
        for voice, factor in own.items():
            factors[voice][language] = round(factor, 3)
        fresh = Pace(language, *found)
        held = [
            (text, voice.id, ms(engine, SpeechRequest(text, language, voice)))
            for text, voice in spread(held_out(language), 2)
        ]
        errors = [abs(fresh.ms(text) * own[voice] / took - 1) for text, voice, took in held]
        names = ("base", "syllable", "letter", "comma", "stop")
        row = "\n".join(f"{name} = {value:.1f}" for name, value in zip(names, found, strict=True))
        tables.append(f'[language."{language}"]\n{row}\nerror = {median(errors):.3f}\nfitted = {len(said)}\n')
    voices = "\n".join(
        f'[voices.{name}]\nmark = "{pace.mark(voice)}"\nfactor = {{ '
        + ", ".join(f'"{language}" = {factor}' for language, factor in factors[name].items()) + " }\n"
        for name, voice in stock_voices().items()
    )  # fmt: skip
    head = f"""\
# How fast the shipped voices speak, in ms; see localize/pace.py.  Written by tests/benchmarks/length.py --write.
# base: once a text; then for every syllable, letter, and pause inside it at a comma or at the end of a sentence, as
# localize/spoken.py counts them.  error: median share on lines nothing was fitted to; fitted: takes it was fitted to.
# hurry and ease: how far the engine leaves its pace by itself to meet a slot (backends/tts/espeak.py).
# A voice's factor holds for this engine, version and mark (its settings) only; others are measured on first use.

[engine]
name = "espeak"
version = "{card.version}"
date = {date.today().isoformat()}
hurry = 1.08
ease = 0.96

"""
    (ROOT / "voices" / "paces.toml").write_text(head + "\n".join((*tables, voices)), "utf-8")


# ── measuring ───────────────────────────────────────────────────────────────────────────────────────────────
def measure(engine: Tts, language: str) -> dict[str, list[float]]:
    """Estimate over take, less one, of every held-out line: said freely, and into a slot with an emotion."""
    version = backends.card("tts", "espeak").version
    found: dict[str, list[float]] = {"freely": [], "into its slot": []}
    for number, (text, voice) in enumerate(spread(held_out(language), 2)):
        own = pace.shipped("espeak", version, voice, language)
        if own is None:
            raise SystemExit(f"{voice.id} was measured with another engine or other settings: run with --write")
        free = ms(engine, SpeechRequest(text, language, voice))
        found["freely"].append(own.ms(text) / free - 1)
        slot, emotion = round(free * (0.8, 0.95, 1.0, 1.1, 1.3)[number % 5]), EMOTIONS[number % len(EMOTIONS)]
        told = ms(engine, SpeechRequest(text, language, voice, emotion, slot / 1000))
        found["into its slot"].append(own.in_slot(text, slot, emotion) / told - 1)
    return found


# ── choosing ────────────────────────────────────────────────────────────────────────────────────────────────
def choosing(engine: Tts, language: str) -> tuple[int, int, int, int]:
    """The sample's scripted lines: lengths offered, spoken at first, spoken after the takes corrected the estimates,
    and lines whose length in the end is the one a fit over all takes would have taken.
    """
    truth = json.loads((ROOT / "samples" / "too_late_ep03.truth.json").read_text("utf-8"))
    casting = tomllib.loads((ROOT / "samples" / "SERIES" / "casting.toml").read_text("utf-8"))
    said = {normal(line["text"]): line for line in truth["lines"]}
    wordings, takes = [], {}
    script = ROOT / "samples" / "SERIES" / "scripts" / f"too_late_ep03.{language}.csv"
    with script.open(encoding="utf-8-sig", newline="") as file:
        rows = [row for row in csv.DictReader(file) if normal(row["source"]) in said]
    for number, row in enumerate(rows):
        line = said[normal(row["source"])]
        voice = stock_voices()[casting[line["speaker"]]["*"]]
        own = pace.shipped("espeak", backends.card("tts", "espeak").version, voice, language)
        place = FitLine(f"L{number}", span(line["start"], line["end"]), line["speaker"], line["on_screen"])
        assert own
        wording = Wording(place, Variants(row["dub"], row["short"], row["long"]), own, line["emotion"])
        wordings.append(wording)
        for name, text in wording.texts().items():
            seconds = place.span.length / 1000
            spoken = Ms(round(ms(engine, SpeechRequest(text, language, voice, line["emotion"], seconds))))
            takes[place.id, name] = Take(place.id, name, text, Asset("0", "audio/wav", 1), spoken, voice.id)
    until = Ms(truth["length"])
    first = chosen(wordings, until)
    made = [takes[one] for one in first.items()]
    second = chosen(wordings, until, (), made)
    more = [takes[one] for one in second.items() if takes[one] not in made]
    best, found = chosen(wordings, until, (), list(takes.values())), chosen(wordings, until, (), [*made, *more])
    return len(takes), len(made), len(more), sum(best[line] == found[line] for line in best)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", action="store_true", help="fit the coefficients anew and write voices/paces.toml")
    told = parser.parse_args()
    engine: Tts = backends.load("tts", "espeak")
    began = time.process_time()
    if told.write:
        write(engine)
        pace._table.cache_clear()
    print("| language | said | lines × voices | median error | nine of ten below | mean |\n|---|---|---|---|---|---|")
    for language in LANGUAGES:
        for how, errors in measure(engine, language).items():
            off = np.abs(errors)
            cells = (f"{np.median(off):.1%}", f"{np.quantile(off, 0.9):.1%}", f"{np.mean(errors):+.1%}")
            print(f"| {language} | {how} | {len(errors)} | {' | '.join(cells)} |", flush=True)
    print("\n| market | lines | lengths offered | spoken | spoken after a second look | as a fit over all takes |")
    print("|---|---|---|---|---|---|")
    for language in LANGUAGES:
        offered, first, more, same = choosing(engine, language)
        print(f"| {language} | {first} | {offered} | {first + more} | {more} | {same} of {first} |", flush=True)
    print(f"\n{time.process_time() - began:.0f} CPU seconds")


if __name__ == "__main__":
    main()
