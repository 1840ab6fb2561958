"""What two imperfect senses are worth together: captions alone, a recogniser alone, both fused.

    python tests/benchmarks/fusion.py [--episodes 6] [--lines 24] [--skip-sample]

Episodes are generated (sound only) and their captions simulated at the rates of ``imperfect.Reading``; on the sample
the burned-in captions are really read.  The recogniser's errors are simulated at the rates of ``imperfect.Hearing``
and served by a real transcription server on this machine, asked through the engine ``asr/openai_speech``.  Speech
activity is really measured on the mix.  Three recognisers that are no help come after: one that writes nonsense, one
that answers one long stretch without word times, one that hears nothing.  Prints a table per kind of captions, and
what the findings are worth.
"""

from __future__ import annotations

import argparse
import dataclasses
import json
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path
from statistics import fmean
from typing import Any

import numpy as np

ROOT = Path(__file__).parents[2]
sys.path[:0] = [str(ROOT / "samples"), str(ROOT / "tests" / "support")]

import imperfect  # noqa: E402
from imperfect import LOOSE, Reading, Shown, Utterance  # noqa: E402
from local_server import Question  # noqa: E402
from speech_server import SpeechServer  # noqa: E402
from transcript_score import SAME, Score, Told, likeness, plain, pooled, score  # noqa: E402

from localize import backends  # noqa: E402
from localize.engine.fusion import merged  # noqa: E402
from localize.episode import Line  # noqa: E402
from localize.media.audio import resample  # noqa: E402
from localize.media.speech_activity import speech_spans  # noqa: E402
from localize.roles import Heard  # noqa: E402
from localize.stages._edges import Activity, apart, times  # noqa: E402
from localize.stages._shared_caption import Turn, clauses, told_apart  # noqa: E402
from localize.stages.fuse import Caption, Fused, Job, fuse, scored  # noqa: E402
from localize.timing import Ms, Span  # noqa: E402

SAMPLE = ROOT / "samples" / "too_late_ep03.mp4"
TIGHT = Reading()
"""Captions as the studio burns them: up with the first sound, gone 160 ms after the last."""
NONSENSE, COARSE = "nonsense", "one long stretch without words"
SURE, DIFFERS = 0.6, 0.6  # the gates of the check ``disagreement``


@dataclass(frozen=True)
class Case:
    """An episode: its truth, its mix in mono and stereo, and where the toolkit finds speech in it."""

    name: str
    said: tuple[Utterance, ...]
    sound: Any
    stereo: Any
    rate: int
    length: Ms
    speech: tuple[Span, ...]


def case(name: str, lines: Iterable[dict[str, Any]], stereo: Any, rate: int, length: int) -> Case:
    said, sound = tuple(imperfect.utterance(line) for line in lines), stereo.mean(axis=1, dtype=np.float32)
    return Case(name, said, sound, stereo, rate, Ms(length), speech_spans(sound, rate))


def generated(seed: int, lines: int) -> Case:
    """A generated episode, sound only, with the pauses of a drama: some lines at once, some after two seconds."""
    from studio import generate
    from studio.sound import perform
    from studio.voices import RATE

    script = generate.random_story(seed, lines=lines, speakers=3)
    leads = [2200 if n % 5 == 4 else 60 if n % 3 == 2 else shot.lead for n, shot in enumerate(script.shots)]
    tails = [40 if n % 3 == 1 else shot.tail for n, shot in enumerate(script.shots)]
    shots = (replace(shot, lead=lead, tail=tail) for shot, lead, tail in zip(script.shots, leads, tails, strict=True))
    made = perform(replace(script, shots=tuple(shots)))
    said = (dataclasses.asdict(line) for line in made.story.lines)
    return case(f"seed {seed}", said, made.mix, RATE, made.story.length)


def sample() -> tuple[Case, list[Shown]]:
    """The sample with its own sound, and its burned-in captions as the toolkit reads them."""
    from localize.cli.commands import order_from

    from localize.engine.local import Runner
    from localize.engine.plan import draw
    from localize.engine.store import Store, digest_of
    from localize.media import audio
    from localize.stages import ocr, probe, shots, transcribe

    truth = json.loads(SAMPLE.with_suffix(".truth.json").read_text("utf-8"))
    sound = np.concatenate(list(audio.decode(SAMPLE, audio.first_track(SAMPLE), 2)))
    with tempfile.TemporaryDirectory() as folder:
        runner, digest = Runner(Store(Path(folder)), lambda event: None, threading.Event()), digest_of(SAMPLE)
        plan = draw(order_from({"episode": SAMPLE, "to": "en"}))
        source = runner.one(probe.STAGE, probe.Job(SAMPLE, digest))
        cuts = runner.one(shots.STAGE, shots.Job(SAMPLE, digest, source.picture))
        texts = runner.one(ocr.STAGE, ocr.Job(SAMPLE, digest, source.picture, cuts, plan.choice("ocr")))
        job = transcribe.Job("captions", SAMPLE, digest, -1, texts, "zh-CN", source.picture.length)
        lines = runner.one(transcribe.STAGE, job).lines
    shown = [Shown(one.line.text, one.line.span, one.score or 0.0) for one in scored(lines, texts)]
    return case("sample", truth["lines"], sound, audio.RATE, truth["length"]), shown


class OneStretch(SpeechServer):
    """Answers every piece of sound with one stretch, from its beginning to its end, without words."""

    def _answer(self, asked: Question) -> dict[str, Any]:
        told = super()._answer(asked)
        whole = {"id": 0, "start": 0.0, "end": told["duration"], "text": told["text"]}
        return told | {"segments": [whole], "words": []}


def heard(one: Case, seed: int, help_: str = "") -> tuple[Heard, ...]:
    """What the simulated recogniser says through a real server and the toolkit's own engine."""
    segments = imperfect.recognised(one.said, one.length, imperfect.Hearing(), seed)
    if help_ == NONSENSE:
        segments = imperfect.nonsense(segments, seed)
    with (OneStretch if help_ == COARSE else SpeechServer)(one.sound, one.rate, segments) as server:
        engine = backends.load("asr", "openai_speech", {"url": server.url, "model": "simulated", "key": "none"})
        return tuple(engine.transcribe(one.sound, one.rate, "zh-CN"))


def told(lines: Iterable[Line | Heard | Shown | Utterance]) -> list[Told]:
    return [Told(line.text, line.span) for line in lines]


def fused(one: Case, shown: Sequence[Shown], words: tuple[Heard, ...], turns: tuple[Turn, ...] = ()) -> Fused:
    captions = tuple(Caption(Line("", s.span, s.text), s.score) for s in shown)
    return fuse(Job(captions, words, one.speech, one.length, turns))


def compared(
    one: Case, shown: Sequence[Shown], words: tuple[Heard, ...], useless: dict[str, tuple[Heard, ...]]
) -> dict[str, Score]:
    """The scores of each way to a transcript for one episode; lines marked as silent do not count as spoken."""
    truth = told(one.said)
    activity = Activity.of(one.speech)
    held = apart([times(s.span, (None, None), activity, (True, True)) for s in shown], one.length)
    rest = {f"fusion, {name}": score(truth, voiced(fused(one, shown, said))) for name, said in useless.items()}
    return {
        "captions alone": score(truth, told(shown)),
        "captions and speech activity": score(truth, [Told(s.text, t) for s, t in zip(shown, held, strict=True)]),
        "recogniser alone": score(truth, told(words)),
        "fusion": score(truth, voiced(fused(one, shown, words))),
        **rest,
    }


def voiced(both: Fused) -> list[Told]:
    return told(line for line, e in zip(both.lines, both.evidence, strict=True) if not e.silent(0.2))


def no_help(one: Case, seed: int) -> dict[str, tuple[Heard, ...]]:
    return {"nothing heard": (), **{name: heard(one, seed, name) for name in (NONSENSE, COARSE)}}


def table(title: str, scores: Sequence[dict[str, Score]]) -> str:
    rows = [f"\n{title}", "", "| way | line F1 | CER | start error mean / median | end error mean / median |",
            "|---|---|---|---|---|"]  # fmt: skip
    for name in scores[0]:
        whole = pooled([one[name] for one in scores])
        edges = (f"{whole.mean(edge):.0f} / {whole.median(edge):.0f} ms" for edge in ("start", "end"))
        rows.append(f"| {name} | {whole.f1:.3f} | {whole.cer:.1%} | {' | '.join(edges)} |")
    return "\n".join(rows)


def worth(one: Case, shown: Sequence[Shown], words: tuple[Heard, ...], count: Counter[str]) -> None:
    """Count what each finding said and whether it was so."""
    right = {line.text for line in one.said}
    bare = [u for u in one.said if not any(s.spoken and s.span.overlap(u.span) * 2 > u.span.length for s in shown)]
    count["uncaptioned"] += len(bare)
    count["silent captions"] += sum(not s.spoken for s in shown)
    both = fused(one, shown, words)
    for line, e in zip(both.lines, both.evidence, strict=True):
        if e.only_heard():
            count["heard_only"] += 1
            count["heard_only right"] += any(likeness(u.text, line.text) >= SAME for u in bare)
        elif e.silent(0.2):
            count["silent_caption"] += 1
            count["silent_caption right"] += line.text in {s.text for s in shown if not s.spoken}
        elif e.agreement is not None and e.agreement < DIFFERS and min(e.read or 1.0, e.heard or 1.0) >= SURE:
            count["disagreement"] += 1
            count["disagreement right"] += line.text not in right


def confidences(one: Case, shown: Sequence[Shown], words: tuple[Heard, ...]) -> tuple[list[float], list[float]]:
    """The confidence of lines whose text is right, and of those misread."""
    right, both = {line.text for line in one.said}, fused(one, shown, words)
    sure = [(line.text in right, e.confidence) for line, e in zip(both.lines, both.evidence, strict=True)]
    return [c for good, c in sure if good and c is not None], [c for good, c in sure if not good and c is not None]


def divided(one: Case, words: tuple[Heard, ...], turns: tuple[Turn, ...]) -> tuple[int, int]:
    """Captions that two voices share, and how many of them came out as the two lines they are."""
    shown, whole = imperfect.shared(one.said), [plain(u.text) for u in one.said]
    pairs = [(a, b) for a, b in pairwise(whole) if a + b in {plain(s.text) for s in shown}]
    found = [plain(line.text) for line in fused(one, shown, words, turns).lines]
    return len(pairs), sum((a, b) in pairwise(found) for a, b in pairs)


def true_turns(one: Case, seed: int) -> tuple[Turn, ...]:
    """Who speaks when in truth, with σ 100 ms at both ends."""
    rng = np.random.default_rng([seed, 4])
    edges = [(u.span.start + rng.normal(0, 100), u.span.end + rng.normal(0, 100), u.speaker) for u in one.said]
    return tuple(Turn(Span(Ms(max(0, round(a))), Ms(max(round(b), round(a) + 1))), who) for a, b, who in edges)


def own_turns(one: Case, shown: Sequence[Shown], words: tuple[Heard, ...]) -> tuple[Turn, ...]:
    """What the toolkit's separation and diarization make of the clauses of the captions, without any cast."""
    lines = fused(one, shown, words).lines
    talk = merged((*(line.span for line in lines), *(s.span for s in shown)))
    dialogue = backends.load("separation", "centre", {}).separate(one.stereo, one.rate, talk)[0]
    low = resample(dialogue.mean(axis=1, dtype=np.float32), one.rate, 16_000)
    parts = [clauses(line) or (line.span,) for line in lines]
    told = iter(backends.load("diarization", "classical", {}).attribute(low, 16_000, [s for p in parts for s in p], {}))
    voices = [[(span, next(told)) for span in own] for own in parts]
    return tuple(turn for own in voices for turn in told_apart(own))


def voices(cases: Sequence[Case], words: Sequence[tuple[Heard, ...]]) -> None:
    """Captions that two voices share, by true turns and by the toolkit's own; and captions divided for no reason."""
    known = [divided(one, said, true_turns(one, n)) for n, (one, said) in enumerate(zip(cases, words, strict=True))]
    both = list(zip(cases, words, strict=True))
    found = [divided(one, said, own_turns(one, imperfect.shared(one.said), said)) for one, said in both]
    wrong = 0
    for one, said in both:
        single = [Shown(u.text, u.span, 0.98) for u in one.said]
        wrong += len(fused(one, single, said, own_turns(one, single, said)).lines) - len(fused(one, single, said).lines)
    shared, right, own = sum(p[0] for p in known), sum(p[1] for p in known), sum(p[1] for p in found)
    print(f"captions of two voices: {shared}; made two lines by true turns: {right}, by the toolkit's own: {own}")
    print(f"captions of one voice divided by the toolkit's own turns: {wrong} of {sum(len(c.said) for c in cases)}")


def report(cases: Sequence[Case]) -> None:
    words, useless = [heard(one, n) for n, one in enumerate(cases)], [no_help(one, n) for n, one in enumerate(cases)]
    count: Counter[str] = Counter()
    good, bad = list[float](), list[float]()
    lines = sum(len(one.said) for one in cases)
    for title, rates in (("captions as burned by the studio", TIGHT), ("captions set by hand", LOOSE)):
        shown = [imperfect.read(one.said, one.length, rates, n) for n, one in enumerate(cases)]
        threes = list(zip(cases, shown, words, strict=True))
        ways = [compared(*three, own) for three, own in zip(threes, useless, strict=True)]
        print(table(f"{len(cases)} generated episodes, {lines} lines, {title}", ways))
        for three in threes:
            worth(*three, count)
            sure = confidences(*three)
            good += sure[0]
            bad += sure[1]
    print(f"\nfindings, both kinds of captions together: {dict(sorted(count.items()))}")
    print(f"confidence: {fmean(good):.2f} over {len(good)} right texts, {fmean(bad):.2f} over {len(bad)} misread ones")
    voices(cases, words)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--episodes", type=int, default=6)
    parser.add_argument("--lines", type=int, default=24)
    parser.add_argument("--skip-sample", action="store_true")
    asked = parser.parse_args()
    report([generated(31 + n, asked.lines) for n in range(asked.episodes)])
    if not asked.skip_sample:
        one, shown = sample()
        runs = [compared(one, shown, heard(one, 99 + n), no_help(one, 99 + n)) for n in range(5)]
        print(table(f"the sample, {len(one.said)} lines, captions really read, five runs of the recogniser", runs))


if __name__ == "__main__":
    began = time.process_time()
    main()
    print(f"\n{time.process_time() - began:.0f} CPU seconds")
