"""An engine that answers in another language is found out by all its answers together."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest

from localize.engine.local import LocalDesk
from localize.episode import Asset, Episode, Line, Picture, Source, Stems
from localize.market import resolve
from localize.series import SeriesBible, open_series
from localize.stages import Choice, translate
from localize.stages._languages import Answers
from localize.timing import Ms, span
from localize.version import Rendering
from localize.written_in import leaning

ENGLISH = (
    "Madam, please don't be angry.", "I love apples.", "Boss, this lot is fifty mu.", "Mr. Lu, I signed the contract.",
    "You are fired.", "Sign the divorce papers.",
)  # fmt: skip
SPANISH = (
    "Quiero el divorcio.", "No me toques.", "¿Quién te crees que eres?", "Deja en paz a mi hija.", "Estás despedida.",
    "Todo es culpa tuya.", "Por favor, perdóname.", "Él nunca te amó.", "Tenemos que hablar.", "Me robó la vida.",
)  # fmt: skip
PORTUGUESE = (
    "Quero o divórcio.", "Não me toque.", "Quem você pensa que é?", "Deixe a minha filha em paz.", "Fui demitida.",
    "A culpa é toda sua.", "Por favor, me perdoe.", "Ele nunca te amou.", "Precisamos conversar.", "Chame a polícia.",
)  # fmt: skip
CHINESE = tuple(f"{one}在河边走路。" for one in "甲乙丙丁戊己庚辛壬癸")


@pytest.fixture
def bible(tmp_path: Path) -> SeriesBible:
    (tmp_path / "series.toml").write_text('id = "s"\ntitle = "剧"\n', "utf-8")
    return open_series(tmp_path)


def episode(count: int) -> Episode:
    lines = tuple(Line(f"L{n}", span(n * 2500, n * 2500 + 1800), text) for n, text in enumerate(CHINESE[:count]))
    picture, sound = Picture(720, 1280, Fraction(25), Ms(60_000), 1500, "h264"), Asset("0", "audio/wav", 1)
    return Episode("e", "s", 2, "zh-CN", Source("0", "mp4", picture, (), ()), Stems(sound, sound, "none"), lines=lines)


def answered(bible: SeriesBible, desk: LocalDesk, market: str, engine: Choice, *said: str) -> list[Rendering]:
    import toy_translation

    toy_translation.SAYS.update({f"L{number}": text for number, text in enumerate(said) if text})
    jobs = translate.jobs(episode(len(said)), bible, resolve(market), (), engine)
    found = {one.line: one for _, one in translate.work(jobs, desk)}
    return [found[f"L{number}"] for number in range(len(said))]


@pytest.mark.parametrize("market", ["pt", "es", "id", "th", "ja", "ko"])
def test_short_lines_in_english_are_not_delivered_anywhere_else(
    bible: SeriesBible, desk: LocalDesk, market: str, engine: Choice
) -> None:
    got = answered(bible, desk, market, engine, *ENGLISH)
    assert [one.status for one in got] == ["missing"] * len(ENGLISH)
    assert [one.offers[0].text for one in got] == list(ENGLISH)
    assert all("it is in English" in one.doubt for one in got)


@pytest.mark.parametrize(("market", "said", "other"), [("pt", SPANISH, "Spanish"), ("es", PORTUGUESE, "Portuguese")])
def test_a_neighbouring_language_is_told_by_all_lines_together(
    bible: SeriesBible, desk: LocalDesk, market: str, said: tuple[str, ...], other: str, engine: Choice
) -> None:
    got = answered(bible, desk, market, engine, *said)
    kept = [one.dub.normal for one in got if one.status != "missing"]
    assert all(len(text.split()) < 3 for text in kept) and len(kept) <= 2, kept
    assert all(other in one.doubt for one in got if one.status == "missing")


@pytest.mark.parametrize(("market", "said"), [("pt", PORTUGUESE), ("es", SPANISH), ("en", ENGLISH)])
def test_right_lines_stay_beside_each_other(
    bible: SeriesBible, desk: LocalDesk, market: str, said: tuple[str, ...], engine: Choice
) -> None:
    assert [one.dub.normal for one in answered(bible, desk, market, engine, *said)] == list(said)


def test_one_stray_line_takes_no_right_ones_with_it(bible: SeriesBible, desk: LocalDesk, engine: Choice) -> None:
    got = answered(
        bible, desk, "es", engine, "You are fired, and you know it.", *SPANISH[:6], "Sí, OK.", "Lu Chen, Mo Ran."
    )
    assert [one.status for one in got] == ["missing"] + ["draft"] * 8


def test_titles_keep_their_language(bible: SeriesBible, desk: LocalDesk, engine: Choice) -> None:
    got = answered(bible, desk, "id", engine, "CEO of the Year, Lu Chen", "Back to You", "Aku mau cerai.")
    assert [one.status for one in got] == ["draft"] * 3


def test_a_line_put_right_when_asked_again_is_taken(bible: SeriesBible, desk: LocalDesk, engine: Choice) -> None:
    import toy_translation

    toy_translation.SAYS["L1"] = lambda one: "Eu adoro maçãs." if one.remarks else "I love apples."
    got = answered(bible, desk, "pt", engine, ENGLISH[0], "", *ENGLISH[2:4])
    assert got[1].dub.normal == "Eu adoro maçãs."
    assert [one.status for one in got] == ["missing", "draft", "missing", "missing"]


def test_answers_that_were_put_right_tell_nothing_any_more(bible: SeriesBible, desk: LocalDesk, engine: Choice) -> None:
    import toy_translation

    right = ("No me toques.", "No, no me mates.", "Sí.", "¡Basta!", "Adiós.", "Jamás.")
    for number, (wrong, said) in enumerate(zip(ENGLISH, right, strict=True)):
        toy_translation.SAYS[f"L{number}"] = lambda one, wrong=wrong, said=said: said if one.remarks else wrong
    got = answered(bible, desk, "es", engine, *[""] * len(right))
    assert [one.dub.normal for one in got] == list(right)


def test_a_few_english_lines_among_many_right_ones_take_no_other_line_along() -> None:
    answers = Answers()
    said = ["Don't touch me!", "Are you kidding me?", *["Aku tidak tahu apa yang kamu mau dari aku."] * 20, "Yes, Sir."]
    for number, text in enumerate(said):
        answers.hear(str(number), text, leaning(text, "id-ID"))
    assert answers.language("22", "Yes, Sir.") == ""
