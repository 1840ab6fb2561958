"""The test set of ``translation.py`` holds what it says: its references pass, and the phrasebook knows none of it."""

from __future__ import annotations

import importlib.util
import re
import sys
from collections import Counter
from pathlib import Path
from types import ModuleType

import pytest

from localize.glossary import normal
from localize.lexicon import lexicon
from localize.market import resolve
from localize.phrasebook import phrasebook
from localize.series import open_series
from localize.version import Rendering, Variants

HERE = Path(__file__).parent


def _loaded(name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(f"benchmark_{name}", HERE / f"{name}.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


bench = _loaded("translation")
TRAPS = bench.traps()


def test_there_are_enough_of_every_kind() -> None:
    kinds = Counter(one.kind for one in TRAPS)
    assert len(TRAPS) >= 120 and len({normal(one.zh) for one in TRAPS}) == len(TRAPS)
    wanted = ("trope", "idiom", "kinship", "title", "number", "money", "unit", "name", "term", "negation", "pun")
    assert all(kinds[kind] for kind in (*wanted, "profanity", "register", "slang", "injection", "script", "mixed"))


@pytest.mark.parametrize("language", bench.MARKETS.values())
def test_the_references_pass_their_own_rules(language: str) -> None:
    wrong = {one.line: why for one in TRAPS if (why := one.wrong(one.texts[language], language))}
    assert not wrong
    assert all(one.must[language] or one.never[language] for one in TRAPS)


@pytest.mark.parametrize("code", bench.MARKETS)
def test_the_references_keep_every_term_and_fail_as_another_language(code: str) -> None:
    bible, market = open_series(bench.SERIES), resolve(code)
    references = bench.references(TRAPS, code)
    score = bench.judged(TRAPS, as_written(code, references), bible, market)
    assert (score.term, score.passed, score.untranslated) == (1.0, 1.0, 0.0) and score.chrf == pytest.approx(100)
    ruled = bench.judged(TRAPS, bench.ruled(TRAPS, references, bible, market), bible, market)
    assert (ruled.term, ruled.passed) == (1.0, 1.0), "the market's rules leave right words alone"
    other = "es-419" if code != "es-419" else "en-US"
    assert bench.judged(TRAPS, as_written(code, bench.references(TRAPS, other)), bible, market).passed < 0.5
    assert bench.judged(TRAPS, {}, bible, market).passed == 0


def as_written(code: str, texts: dict[str, str]) -> dict[str, Rendering]:
    return {line: Rendering(line, code, Variants(text), text, "person", "reviewed") for line, text in texts.items()}


def test_the_phrasebook_knows_none_of_it() -> None:
    bible = open_series(bench.SERIES)
    words = lexicon(bible, "en-US")
    known = [one.line for one in TRAPS if any(hit.score == 100 for hit in phrasebook().hits(one.zh, "en-US", words))]
    assert not known


def test_names_of_the_lines_are_of_the_series() -> None:
    cast = {one.id for one in open_series(bench.SERIES).cast} | {""}
    assert {one.speaker for one in TRAPS} | {one.addressee for one in TRAPS} <= cast
    assert all(re.fullmatch(r"B\d{3}", one.line) and one.setting in bench.SETTINGS for one in TRAPS)


def test_the_offline_chain_runs_and_leaves_these_lines_open() -> None:
    bible = open_series(bench.SERIES)
    said = bench.translated(TRAPS, bible, resolve("en"), None)
    score = bench.judged(TRAPS, said, bible, resolve("en"))
    assert len(said) == len(TRAPS) and score.untranslated > 0.9
