"""Who speaks, on generated episodes with two to six voices, overlaps, cries and music.

    python tests/benchmarks/diarization.py [--seeds 101,102,103,104] [--engines classical,resemblyzer]
        [--named]

Every episode is a minute of 24 lines (``samples/studio/talk.py``), heard through the default separation, with the times
a caption reader would give.  Prints, with reference clips of the cast and without any: lines whose speaker is right,
diarization error rate (collar 250 ms; lines are given, so what errs is who), voices found against voices there, and
what plates, names called out and turns add.  Baselines of the same run: everything one speaker; naive clustering, which
opens a new speaker for each line that lies farther than a fixed distance from everybody before.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).parents[2] / "samples"))

from studio import series, sound, talk

from localize import backends
from localize.backends.diarization import _voiceprint
from localize.episode import Asset, Box, Line, OnScreenText, Scene, Shot
from localize.media import audio
from localize.roles import Attribution
from localize.series import Character
from localize.stages import Choice, diarize
from localize.stages._who import Signs, Told, doubted, told
from localize.stages.transcribe import scenes
from localize.timing import Span, span

COUNTS = (2, 3, 4, 5, 6)
COLLAR, STEP = 250, 10  # ms
LONGEST = 12_000  # ms of a clip that is cut from an episode
NAIVE = 1.75  # in cepstra and quarters of an octave; the best of nine values between 0.5 and 4 on seeds 1–4


@dataclass(frozen=True)
class Case:
    """One episode: the stem on disk, what the pipeline knows, and the truth."""

    voices: int
    stem: Path
    clips: Mapping[str, Path]
    lines: tuple[Line, ...]
    scenes: tuple[Scene, ...]
    cast: tuple[Character, ...]
    texts: tuple[OnScreenText, ...]
    true: tuple[tuple[Span, str], ...]


class Desk:
    """Where a stage reads from when nothing is kept."""

    def __init__(self, stem: Path) -> None:
        self.stem = stem

    def path(self, asset: Asset) -> Path:
        return self.stem

    def progress(self, done: float, total: float) -> None: ...


def cases(seeds: Sequence[int], folder: Path) -> Iterator[Case]:
    for seed in seeds:
        for voices in COUNTS:
            yield case(seed, voices, folder / f"{seed}-{voices}")


def case(seed: int, voices: int, folder: Path) -> Case:
    made = sound.perform(talk.conversation(seed, voices), 360)
    rng, story = np.random.default_rng([seed, voices, 3]), made.story
    late = rng.integers(-60, 61, (2, len(story.lines))).tolist()
    seen = [
        Line(f"L{n:03}", span(max(0, one.start + a), max(one.start + 200, one.end + b)), one.text, kind=one.kind)
        for n, (one, a, b) in enumerate(zip(story.lines, *late, strict=True))
    ]
    voice, _ = backends.load("separation", "centre").separate(made.mix, audio.RATE, [line.span for line in seen])
    folder.mkdir(parents=True)
    series.record_cast(made.script.cast, folder, seed)
    cast = tuple(
        Character(who.id, who.name, (), who.gender, who.age) for who in (a.character for a in made.script.cast)
    )
    return Case(
        voices, audio.write(folder / "stem.wav", voice), {who.id: folder / "cast" / f"{who.id}.wav" for who in cast},
        tuple(seen), scenes(seen, [Shot(str(n), span(s.start, s.end)) for n, s in enumerate(story.shots)]), cast,
        tuple(OnScreenText(str(n), span(o.start, o.end), Box(0, 0, 9, 9), o.text, "nameplate")
              for n, o in enumerate(story.overlays) if o.kind == "nameplate"),
        tuple((span(one.start, one.end), one.speaker) for one in story.lines),
    )  # fmt: skip


# ── who says it ─────────────────────────────────────────────────────────────────────────────────────────────
def heard(one: Case, engine: str, cast: bool) -> dict[str, Attribution]:
    """The stage as the pipeline runs it."""
    clips = one.clips if cast else {}
    return answers(one, engine, clips, len(one.cast) + 3 if cast else 0)


def answers(one: Case, engine: str, clips: Mapping[str, Path], most: int) -> dict[str, Attribution]:
    references = tuple((who, (path,), ("",)) for who, path in clips.items())
    spans = tuple((line.id, line.span) for line in one.lines)
    card = backends.card("diarization", engine)
    job = diarize.Job(Asset("", "audio/wav", 0), spans, references, Choice.of(card), most)
    ((_, answer),) = diarize.STAGE.work([job], Desk(one.stem))  # type: ignore[arg-type]
    return dict(answer)


def named(one: Case, engine: str) -> Counter[str]:
    """Each voice in turn named by a clip of its own lines, the others strangers: whose lines change hands, asked or
    not.
    """
    found: Counter[str] = Counter()
    stem, truth = audio.mono(audio.read(one.stem)[0]), [who for _, who in one.true]
    for who in dict.fromkeys(truth):
        own, length = [], 0
        for line in sorted(
            (a for a, b in zip(one.lines, truth, strict=True) if b == who), key=lambda a: -a.span.length
        ):
            if not own or length + line.span.length <= LONGEST:
                own.append(audio.faded(stem[audio.at(line.span.start) : audio.at(line.span.end)], 10, 10))
                length += line.span.length
        clip = audio.write(one.stem.with_name(f"own_{who}.wav"), np.concatenate(own))
        told_ = answers(one, engine, {who: clip}, 4)
        unclear = doubted(told_)
        for line, true in zip(one.lines, truth, strict=True):
            kind = "own lines" if true == who else "lines of strangers"
            wrong = (told_[line.id].speaker == who) != (true == who)
            found[kind] += 1
            found[f"{kind}, asked"] += line.id in unclear
            found[f"{kind}, wrong"] += wrong
            found[f"{kind}, wrong and not asked"] += wrong and line.id not in unclear
    return found


def naive(one: Case) -> list[str]:
    """A line is the first earlier speaker's it is near enough to, by mean cepstra and pitch; else a new one's."""
    stem, rate = audio.read(one.stem)
    stem, centres, found = audio.mono(stem), [], []
    for line in one.lines:
        cepstra, octaves = _voiceprint.frames_of(stem[audio.at(line.span.start) : audio.at(line.span.end)], rate)
        point = np.append(cepstra.mean(axis=0), 4 * np.median(octaves)) if len(octaves) else np.zeros(17)
        apart = [float(np.sqrt(np.mean((point - centre) ** 2))) for centre in centres]
        if not apart or min(apart) > NAIVE:
            centres.append(point)
            apart.append(0.0)
        found.append(f"?{int(np.argmin(apart)) + 1}")
    return found


# ── the score ───────────────────────────────────────────────────────────────────────────────────────────────
@dataclass
class Score:
    """Sums over episodes."""

    right: int = 0
    lines: int = 0
    wrong: float = 0.0
    time: float = 0.0
    found: int = 0
    there: int = 0

    def add(self, one: Case, names: Sequence[str], known: bool) -> None:
        truth = [who for _, who in one.true]
        same = {name: name for name in names} if known else mapping(truth, names)
        self.right += sum(same.get(name) == who for name, who in zip(names, truth, strict=True))
        self.lines += len(truth)
        wrong, time = errors(one, names)
        self.wrong, self.time = self.wrong + wrong, self.time + time
        self.found, self.there = self.found + len(set(names)), self.there + len(set(truth))

    def row(self) -> str:
        der = self.wrong / self.time
        return f"{self.right:>5}/{self.lines} {self.right / self.lines:>7.1%} {der:>7.1%} {self.found:>5}/{self.there}"


def mapping(truth: Sequence[str], names: Sequence[str]) -> dict[str, str]:
    """The one-to-one naming of found voices that makes the most lines right."""
    from scipy.optimize import linear_sum_assignment

    rows, columns, counts = sorted(set(truth)), sorted(set(names)), Counter(zip(truth, names, strict=True))
    table = np.array([[-counts[row, column] for column in columns] for row in rows])
    return {columns[b]: rows[a] for a, b in zip(*linear_sum_assignment(table), strict=True)}


def errors(one: Case, names: Sequence[str]) -> tuple[float, float]:
    """Seconds of speech given to the wrong voice, missed or invented, and all seconds; near borders nothing counts."""
    from scipy.optimize import linear_sum_assignment

    length = max(max(where.end for where, _ in one.true), max(line.span.end for line in one.lines)) // STEP + 1
    true = tracks([(where, who) for where, who in one.true], length)
    told_ = tracks([(line.span, name) for line, name in zip(one.lines, names, strict=True)], length)
    kept = np.ones(length, bool)
    for where, _ in one.true:
        for border in (where.start, where.end):
            kept[max(0, border - COLLAR) // STEP : (border + COLLAR) // STEP] = False
    true, told_ = true[:, kept], told_[:, kept]
    shared = true.astype(float) @ told_.T.astype(float)
    correct = shared[linear_sum_assignment(-shared)].sum()
    most = np.maximum(true.sum(axis=0), told_.sum(axis=0)).sum()
    return float(most - correct) * STEP / 1000, float(true.sum()) * STEP / 1000


def tracks(turns: Sequence[tuple[Span, str]], length: int) -> np.ndarray:
    """``(voices, steps)``: when each voice speaks."""
    names = sorted({who for _, who in turns})
    found = np.zeros((len(names), length), bool)
    for where, who in turns:
        found[names.index(who), where.start // STEP : where.end // STEP] = True
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seeds", default="101,102,103,104")
    parser.add_argument("--engines", default="classical")
    parser.add_argument("--named", action="store_true", help="name each voice in turn by a clip of its own lines")
    asked = parser.parse_args()
    scores: dict[tuple[str, int], Score] = {}
    own: Counter[str] = Counter()
    asks = {True: Counter[str](), False: Counter[str]()}
    with tempfile.TemporaryDirectory() as folder:
        for one in cases([int(seed) for seed in asked.seeds.split(",")], Path(folder)):
            if asked.named:
                own.update(named(one, asked.engines.split(",")[0]))
                continue
            results = {"all one speaker": ["?1"] * len(one.lines), "naive clustering": naive(one)}
            for engine in asked.engines.split(","):
                for cast in (False, True):
                    voices = heard(one, engine, cast)
                    who = told(one.lines, one.scenes, voices, Signs(one.cast, one.texts))
                    name = f"{engine}, {'with clips' if cast else 'no clips'}"
                    results[name] = [voices[line.id].speaker for line in one.lines]
                    results[f"{name}, with signs"] = [each.speaker for each in who]
                    if engine == asked.engines.split(",")[0]:
                        asks[cast].update(_asked(one, who, cast))
            for name, names in results.items():
                scores.setdefault((name, one.voices), Score()).add(one, names, "with clips" in name)
    if asked.named:
        print(dict(own))
    else:
        _print(scores, asks)


def _asked(one: Case, who: Sequence[Told], cast: bool) -> Counter[str]:
    truth = [name for _, name in one.true]
    same = {m.id: m.id for m in one.cast} if cast else mapping(truth, [each.speaker for each in who])
    found: Counter[str] = Counter()
    for each, name in zip(who, truth, strict=True):
        wrong = same.get(each.speaker) != name
        found["asked"] += bool(each.maybe)
        found["asked and wrong"] += wrong and bool(each.maybe)
        found["not asked and wrong"] += wrong and not each.maybe
    return found


def _print(scores: Mapping[tuple[str, int], Score], asks: Mapping[bool, Mapping[str, int]]) -> None:
    for name in dict.fromkeys(name for name, _ in scores):
        print(f"\n{name:<34}{'lines right':>17} {'DER':>7} {'voices':>8}")
        whole = Score()
        for count in COUNTS:
            one = scores[name, count]
            print(f"{count:>8} voices{'':<19}{one.row()}")
            for field in vars(whole):
                setattr(whole, field, getattr(whole, field) + getattr(one, field))
        print(f"{'all':>8}{'':<26}{whole.row()}")
    for cast, counts in asks.items():
        print(f"\n{'with clips' if cast else 'no clips'}: {dict(counts)}")


if __name__ == "__main__":
    main()
