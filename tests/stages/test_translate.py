from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest

from localize.engine.codec import fingerprint, plain, restore
from localize.episode import Asset, Episode, Line, Picture, Source, Stems
from localize.market import resolve
from localize.series import SeriesBible, open_series
from localize.stages import Choice, transcribe, translate
from localize.timing import Ms, span
from localize.version import Rendering

CAST = """
[[character]]
id = "shen"
name = "沈晚"
gender = "female"
names = { "en-US" = "Shen Wan", "es-419" = "Shen Wan", "id-ID" = "Shen Wan" }
[[character]]
id = "lu"
name = "陆沉"
gender = "male"
names = { "en-US" = "Lu Chen", "es-419" = "Lu Chen", "id-ID" = "Lu Chen" }
"""
SAID = (
    ("lu", "shen", "签了它，我就放你走。"),
    ("shen", "lu", "晚了，陆沉。"),
    ("lu", "shen", "别浪费大家的时间。"),
    ("shen", "lu", "今天的月亮很圆。"),
)


class Desk:
    """A desk for a stage that keeps no files."""

    def __init__(self) -> None:
        self.seen: list[float] = []

    def keep(self, path: Path, kind: str) -> Asset:
        raise AssertionError("translate keeps no files")

    def path(self, asset: Asset) -> Path:
        raise AssertionError("translate reads no files")

    def scratch(self, suffix: str = "") -> Path:
        raise AssertionError("translate needs no scratch")

    def progress(self, done: float, total: float) -> None:
        self.seen.append(done / total)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "scripts").mkdir()
    (tmp_path / "series.toml").write_text('id = "s"\ntitle = "剧"\n', "utf-8")
    (tmp_path / "cast.toml").write_text(CAST, "utf-8")
    (tmp_path / "addresses.csv").write_text("speaker,addressee,market,form,call\n*,*,es-419,tu,\n", "utf-8")
    memory = "source,speaker,addressee,setting,market,dub,subtitle,status,episode\n"
    row = "别浪费大家的时间。,lu,shen,modern-china,en-US,Don't waste our time.,,reviewed,ep01\n"
    (tmp_path / "memory.csv").write_text(memory + row, "utf-8")
    return tmp_path


def episode(*said: tuple[str, str, str]) -> Episode:
    lines = tuple(
        Line(f"L{n}", span(n * 2500, n * 2500 + 1800), text, who, whom)
        for n, (who, whom, text) in enumerate(said)
    )
    picture = Picture(720, 1280, Fraction(25), Ms(60_000), 1500, "h264")
    asset = Asset("0", "audio/wav", 1)
    return Episode("ep02", "s", 2, "zh-CN", Source("0", "mp4", picture, (), ()), Stems(asset, asset, "none"),
                   lines=lines, scenes=transcribe.scenes(lines))  # fmt: skip


def rendered(
    bible: SeriesBible,
    market: str = "en-US",
    said: tuple[tuple[str, str, str], ...] = SAID,
    engine: Choice | None = None,
) -> dict[str, Rendering]:
    asked = translate.jobs(episode(*said), bible, resolve(market), (), engine)
    answers = dict(
        enumerate(one for _, one in sorted(translate.work(asked, Desk()), key=lambda pair: pair[0].line.id))
    )
    assert all(restore(plain(one), Rendering) == one for one in answers.values())
    return {one.line: one for one in answers.values()}


def test_memory_phrasebook_and_missing(root: Path) -> None:
    got = rendered(open_series(root))
    assert [(one.origin, one.status) for one in got.values()] == [
        ("phrasebook", "draft"), ("phrasebook", "draft"), ("memory", "draft"), ("source", "missing"),
    ]  # fmt: skip
    assert got["L1"].dub.normal == "Too late, Lu Chen." and got["L1"].terms == ("陆沉→Lu Chen",)
    assert got["L2"].subtitle == "Don't waste our time."


def test_a_person_outranks_everything_and_keeps_all_variants(root: Path) -> None:
    table = "start,end,source,dub,subtitle,short,long,status\n"
    table += "00:00:00.100,00:00:01.900,签了它，我就放你走,Sign.,Sign it.,S,L,locked\n"
    (root / "scripts" / "ep02.en-US.csv").write_text(table, "utf-8")
    one = rendered(open_series(root))["L0"]
    assert (one.origin, one.status, one.dub.short, one.dub.long, one.subtitle) == (
        "person",
        "locked",
        "S",
        "L",
        "Sign it.",
    )


def test_another_speaker_or_setting_makes_it_an_offer(root: Path) -> None:
    other = rendered(open_series(root), said=(("shen", "lu", "别浪费大家的时间。"), ("lu", "shen", "好。")))[
        "L0"
    ]
    assert other.status == "missing" and "said by lu then" in other.offers[0].why_not
    (root / "series.toml").write_text('id = "s"\ntitle = "剧"\nsetting = "historical"\n', "utf-8")
    old = rendered(open_series(root), said=SAID[2:])["L0"]
    assert old.status == "missing" and "modern-china" in old.offers[0].why_not


def test_a_match_that_breaks_a_term_is_only_offered(root: Path) -> None:
    (root / "terms.csv").write_text("source,en-US,kind\n陆沉,Luke,name\n放你走,let you go,idiom\n", "utf-8")
    got = rendered(open_series(root))
    assert got["L0"].status == "missing" and "must be “let you go”" in got["L0"].offers[0].why_not
    assert got["L1"].dub.normal == "Too late, Luke."


def test_on_screen_texts_take_captions_only(root: Path) -> None:
    texts = (
        Line("T0001", span(0, 900), "三年后", kind="narration"),
        Line("T0002", span(0, 900), "滚！", kind="narration"),
    )
    asked = translate.jobs(episode(*SAID), open_series(root), resolve("es"), texts)[-2:]
    shown = [one for _, one in translate.work(asked, Desk())]
    assert [(one.subtitle, one.status) for one in shown] == [("Tres años después", "draft"), ("", "missing")]


ENGINE = """
from localize.roles import READY, Backend, Translation
from localize.version import Variants

SAYS = {"L0": "Words", "L2": "还是中文", "L3": ""}
CALLS = []

class Engine:
    def translate(self, requests):
        CALLS.append([one.line for one in requests])
        for one in requests:
            if one.line in SAYS:
                yield Translation(one.line, Variants(SAYS[one.line]), "")

BACKEND = Backend("translation", "toy", "1", "a toy", "", True, lambda given: Engine(), lambda given: READY)
"""


@pytest.fixture
def engine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Choice]:
    from localize import backends

    card = tmp_path / "toy_translation-1.dist-info"
    card.mkdir()
    (card / "entry_points.txt").write_text("[localize.backends.translation]\ntoy = toy_translation:BACKEND\n")
    (card / "METADATA").write_text("Name: toy-translation\nVersion: 1\n")
    (tmp_path / "toy_translation.py").write_text(ENGINE)
    monkeypatch.syspath_prepend(str(tmp_path))
    backends.known.cache_clear()
    yield Choice.of(backends.card("translation", "toy"))
    backends.known.cache_clear()


def test_an_engine_fills_what_is_left_and_is_checked(root: Path, engine: Choice) -> None:
    new = tuple(("lu", "shen", text) for text in ("月亮很圆。", "天上下雪了。", "河水很冷。", "山路很长。"))
    got = rendered(open_series(root), said=new, engine=engine)
    assert [(one.origin, one.status) for one in got.values()] == [
        ("machine", "draft"), ("source", "missing"), ("source", "missing"), ("source", "missing"),
    ]  # fmt: skip
    assert got["L0"].subtitle == "Words" and got["L0"].reference == "toy"
    assert "Chinese characters" in got["L2"].offers[0].why_not
    import toy_translation  # type: ignore[import-not-found]

    assert toy_translation.CALLS[-2:] == [["L0", "L1", "L2", "L3"], ["L1"]]


def test_recipes_hold_only_what_counts(root: Path, engine: Choice) -> None:
    bible, market = open_series(root), resolve("en")
    before = translate.jobs(episode(*SAID), bible, market, (), engine)
    changed = (("lu", "shen", "签了吧，好吗？"), *SAID[1:])
    after = translate.jobs(episode(*changed), bible, market, (), engine)
    same = [
        fingerprint(translate.recipe(a)) == fingerprint(translate.recipe(b))
        for a, b in zip(before, after, strict=True)
    ]
    assert same == [False, True, True, False]  # only the last line asks the engine, which sees its neighbours
    moved = replace(before[1], line=replace(before[1].line, span=span(9000, 9900)))
    assert fingerprint(translate.recipe(moved)) == fingerprint(translate.recipe(before[1]))
