"""How good a translation is on 137 lines with traps, per engine that is available here.

``python tests/benchmarks/translation.py`` runs the stages *translate* and *adapt* over ``translation_lines.csv`` in the
made-up series beside it: once with the offline chain (script, memory, phrasebook), once with every translation engine
that says it is ready (a language model needs ``LOCALIZE_LLM_URL`` and ``LOCALIZE_LLM_MODEL``, local models theirs).
``--engine NAME`` asks one only, ``--failures`` lists what each line failed, ``--given FILE`` judges the translations of
another system: a CSV with the columns line, market, text.  They and the references go through *adapt* too, and what the
rules change in them is listed.  Nothing is fetched.

A line passes when its text matches ``must_*`` and nothing of ``not_*``; an untranslated line passes nothing.  Slots are
as long as the Chinese takes at 5.18 syllables a second (domain facts §2.2); lengths are estimated (``localize.pace``).
"""

from __future__ import annotations

import argparse
import csv
import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path

from localize import backends, pace
from localize.enforcing import accuracy
from localize.episode import Asset, Episode, Line, Picture, Scene, Source, Stems
from localize.market import Market, resolve
from localize.series import SeriesBible, open_series
from localize.stages import Choice, adapt, translate
from localize.stages._syllables import syllables
from localize.timing import Ms, span
from localize.version import Rendering, Variants

HERE = Path(__file__).parent
LINES = HERE / "translation_lines.csv"
SERIES = HERE / "translation_series"
MARKETS = {"en-US": "en", "es-419": "es", "id-ID": "id"}
PER_SECOND = 5.18
EDGES = 120
SETTINGS = {"modern": "modern-china", "historical": "historical"}


@dataclass(frozen=True)
class Trap:
    """A row of the table; ``texts``, ``must`` and ``never`` are by language."""

    line: str
    kind: str
    setting: str
    speaker: str
    addressee: str
    zh: str
    texts: Mapping[str, str]
    must: Mapping[str, str]
    never: Mapping[str, str]

    def wrong(self, text: str, language: str) -> str:
        """What ``text`` does wrong; empty when it passes."""
        if not text.strip():
            return "untranslated"
        must, never = self.must[language], self.never[language]
        if must and not re.search(must, text, re.IGNORECASE | re.DOTALL):
            return f"lacks {must}"
        found = re.search(never, text, re.IGNORECASE | re.DOTALL) if never else None
        return f"says “{found[0]}”" if found else ""

    @property
    def slot(self) -> int:
        """Milliseconds the Chinese takes."""
        return round(1000 * len(syllables(self.zh)) / PER_SECOND) + EDGES


def traps() -> tuple[Trap, ...]:
    with LINES.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    languages = MARKETS.values()
    return tuple(
        Trap(
            row["line"], row["trap"], row["setting"], row["speaker"], row["addressee"], row["zh"],
            {one: row[one] for one in languages}, {one: row[f"must_{one}"] for one in languages},
            {one: row[f"not_{one}"] for one in languages},
        )
        for row in rows
    )  # fmt: skip


# ── asking ──────────────────────────────────────────────────────────────────────────────────────────────────
class Desk:
    """Two stages that keep no files need no more."""

    def keep(self, path: Path, kind: str) -> Asset:
        raise AssertionError(path)

    def path(self, asset: Asset) -> Path:
        raise AssertionError(asset)

    def scratch(self, suffix: str = "") -> Path:
        raise AssertionError(suffix)

    def progress(self, done: float, total: float) -> None:
        """Nobody watches."""


def episode(rows: Sequence[Trap]) -> Episode:
    """One episode of all lines, each its own scene: a trap must be seen without its neighbours."""
    lines, at = [], 0
    for row in rows:
        own = span(at, at + row.slot)
        lines.append(Line(row.line, own, row.zh, row.speaker, row.addressee or None))
        at = own.end + 1000
    scenes = tuple(Scene(f"S{number:03}", one.span, (one.id,)) for number, one in enumerate(lines, 1))
    nothing = Asset("0", "audio/wav", 1)
    picture = Picture(720, 1280, Fraction(25), Ms(at), at // 40, "h264")
    source = Source("0", "mp4", picture, (), ())
    stems = Stems(nothing, nothing, "none")
    return Episode("bench", "night_return", 1, "zh-CN", source, stems, lines=tuple(lines), scenes=scenes)


def translated(rows: Sequence[Trap], bible: SeriesBible, market: Market, engine: Choice | None) -> dict[str, Rendering]:
    """What the stages come to, by line; the setting of the series is that of each line."""
    found: dict[str, Rendering] = {}
    for name, setting in SETTINGS.items():
        own = [row for row in rows if row.setting == name]
        here = replace(bible, setting=setting)
        jobs = translate.jobs(episode(own), here, market, (), engine)
        answers = {job.line.id: answer for job, answer in translate.work(jobs, Desk())}
        found |= _ruled(jobs, answers, here, market)
    return found


def ruled(rows: Sequence[Trap], texts: Mapping[str, str], bible: SeriesBible, market: Market) -> dict[str, Rendering]:
    """What the market's rules make of translations from elsewhere, taken as an engine's: right ones must stay."""
    found: dict[str, Rendering] = {}
    for name, setting in SETTINGS.items():
        own = [row for row in rows if row.setting == name]
        here = replace(bible, setting=setting)
        said = {row.line: _given(row.line, market.code, texts.get(row.line, "")) for row in own}
        found |= _ruled(translate.jobs(episode(own), here, market, (), None), said, here, market)
    return found


def _ruled(
    jobs: Sequence[translate.Job], said: Mapping[str, Rendering], bible: SeriesBible, market: Market
) -> dict[str, Rendering]:
    drafted = [said[job.line.id] for job in jobs]
    adapted = adapt.STAGE.work(adapt.jobs(jobs, drafted, bible, market), Desk())
    return {answer.rendering.line: answer.rendering for _, answer in adapted}


def references(rows: Sequence[Trap], market: str) -> dict[str, str]:
    """The words people wrote."""
    return {row.line: row.texts[MARKETS[market]] for row in rows}


def given(path: Path, market: str) -> dict[str, str]:
    """Another system's translations of one market."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        return {row["line"]: row["text"] for row in csv.DictReader(file) if row["market"] == market}


def _given(line: str, market: str, text: str) -> Rendering:
    return Rendering(line, market, Variants(text), text, "machine", "draft" if text.strip() else "missing")


# ── judging ─────────────────────────────────────────────────────────────────────────────────────────────────
@dataclass(frozen=True)
class Score:
    """Shares 0–1 over all lines; ``term`` and ``fits`` over the translated ones, None where there are none."""

    lines: int
    untranslated: float
    passed: float
    kinds: tuple[tuple[str, int, int], ...]
    term: float | None
    chrf: float
    fits: float | None
    wrong: tuple[tuple[str, str, str], ...]


def judged(rows: Sequence[Trap], said: Mapping[str, Rendering], bible: SeriesBible, market: Market) -> Score:
    from sacrebleu.metrics import CHRF

    language = MARKETS[market.code]
    texts = {row.line: said[row.line].dub.normal if row.line in said else "" for row in rows}
    wrong = [(row.line, why, texts[row.line]) for row in rows if (why := row.wrong(texts[row.line], language))]
    failed = {line for line, *_ in wrong}
    total, good = Counter(row.kind for row in rows), Counter(row.kind for row in rows if row.line not in failed)
    done = [row for row in rows if texts[row.line].strip()]
    kept = accuracy(((row.line, row.zh, (("dub", texts[row.line]),)) for row in done), bible.glossary(market.code))
    chrf = CHRF(word_order=2).corpus_score([texts[row.line] for row in rows], [[row.texts[language] for row in rows]])
    fits = [_fits(row, said[row.line].dub, market) for row in done]
    return Score(
        len(rows), 1 - len(done) / len(rows), 1 - len(failed) / len(rows),
        tuple((kind, good[kind], total[kind]) for kind in sorted(total)), kept.share if kept.asked else None,
        float(chrf.score), sum(fits) / len(fits) if fits else None, tuple(wrong),
    )  # fmt: skip


def _fits(row: Trap, dub: Variants, market: Market) -> bool:
    """Whether some length can be said in the slot at most 1.2 times as fast as its voice would."""
    own = pace.of_market(market)
    return min(own.ms(text) for text in (dub.normal, dub.short) if text.strip()) <= 1.2 * row.slot


def chains(only: str, path: Path | None) -> Iterator[tuple[str, Choice | Path | None]]:
    """What is judged, by name: the references, the offline chain, and every engine that is ready."""
    if path is not None:
        yield path.name, path
        return
    if not only:
        yield "references (people)", HERE
        yield "offline chain, no engine", None
    for name, card in backends.known("translation").items():
        if only not in ("", name):
            continue
        state = card.available({})
        if state.ready:
            yield name, Choice.of(card)
        else:
            print(f"{name}: not available here: {state.why}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--engine", default="", help="one engine only")
    parser.add_argument("--given", type=Path, help="a CSV of another system: line, market, text")
    parser.add_argument("--failures", action="store_true", help="list every line that fails and why")
    told = parser.parse_args()
    rows, bible = traps(), open_series(SERIES)
    kinds: dict[str, list[str]] = defaultdict(list)
    columns = ("chain", "market", "untranslated", "traps passed", "terms kept", "chrF++", "fits its slot")
    table = [f"| {' | '.join(columns)} |", f"|{'---|' * len(columns)}"]
    for name, how in chains(told.engine, told.given):
        for code in MARKETS:
            market = resolve(code)
            if isinstance(how, Path):
                texts = references(rows, code) if how == HERE else given(how, code)
                said = ruled(rows, texts, bible, market)
                for line, text in texts.items():
                    if line in said and said[line].dub.normal != text:
                        print(f"{name} {code} {line}: the rules change “{text}” to “{said[line].dub.normal}”")
            else:
                said = translated(rows, bible, market, how)
            score = judged(rows, said, bible, market)
            table.append(_row(name, code, score))
            kinds[f"{name}, {code}"] = [f"{kind} {good}/{many}" for kind, good, many in score.kinds]
            for line, why, text in score.wrong if told.failures else ():
                print(f"{name} {code} {line}: {why}: {text}")
    print("\n".join(table), "", *(f"{name}: {', '.join(own)}" for name, own in kinds.items()), sep="\n")


def _row(name: str, code: str, score: Score) -> str:
    shares = (score.untranslated, score.passed, score.term)
    told = [f"{one:.1%}" if one is not None else "–" for one in shares]
    fits = f"{score.fits:.1%}" if score.fits is not None else "–"
    return f"| {name} | {code} | {' | '.join(told)} | {score.chrf:.1f} | {fits} |"


if __name__ == "__main__":
    main()
