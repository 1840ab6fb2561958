import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from localize.formats import rows

words = st.lists(st.text("abcdefghijklmnopqrstuvwxyz,.!?'ñ", min_size=1, max_size=9), min_size=1, max_size=30)


def limits(language: str = "en", chars: int = 32, count: int = 2, width: float = 0) -> rows.Limits:
    return rows.Limits(chars, count, width or chars, lambda row: float(len(row)), language)


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("en", "Who are you?", (("Who are you?",),)),
        ("en", "Get out. I never want to see you again.", (("Get out.", "I never want to see you again."),)),
        ("en", "You think five million yuan can buy the love of my son?",
         (("You think five million yuan", "can buy the love of my son?"),)),
        ("en",
         "I never thought you would come back to this house after everything your family did to me.",
         (("I never thought you would come", "back to this house"),
          ("after everything", "your family did to me."))),
        ("es", "No me importa lo que digan, hoy me voy a casar con el director Lu.",
         (("No me importa lo que digan,",), ("hoy me voy a casar", "con el director Lu."))),
        ("id", "Kamu pikir lima juta yuan bisa membeli cinta putraku?",
         (("Kamu pikir lima juta yuan", "bisa membeli cinta putraku?"),)),
    ],
)  # fmt: skip
def test_rows_end_where_a_reader_breathes(language: str, text: str, expected: rows.Cues) -> None:
    assert rows.split(text, limits(language)) == expected


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("en", "No. I was never your wife, you know.", ("No.", "I was never your wife, you know.")),
        ("es", "Mentira. Y la última que escucho hoy.", ("Mentira.", "Y la última que escucho hoy.")),
        ("id", "Diam. Aku dan kamu sudah selesai.", ("Diam.", "Aku dan kamu sudah selesai.")),
        ("en", "I never signed that! It's not my handwriting!", ("I never signed that!", "It's not my handwriting!")),
        ("es", "¿Y qué quieres tú? No pienso firmar nada hoy.", ("¿Y qué quieres tú?", "No pienso firmar nada hoy.")),
        ("en", "Ms. Shen, give Lu Group a way out.", ("Ms. Shen,", "give Lu Group a way out.")),
        ("es", "Sra. Shen, dele una salida al grupo.", ("Sra. Shen,", "dele una salida al grupo.")),
        ("id", "Tiga tahun, tak sekali pun dia percaya.", ("Tiga tahun,", "tak sekali pun dia percaya.")),
    ],
)
def test_a_row_ends_with_the_sentence_however_uneven(language: str, text: str, expected: tuple[str, ...]) -> None:
    assert rows.split(text, limits(language)) == (expected,)


WALKED = {
    "en": "She came back without a word and after three years I thought that my son would understand us at last",
    "es": "Volvió sin una palabra y después de tres años pensé que mi hijo nos iba a entender por fin según ella",
    "id": "Dia kembali tanpa sepatah kata dan setelah tiga tahun aku pikir bahwa anakku akan mengerti demi kita",
}


@pytest.mark.parametrize("language", WALKED)
def test_no_row_is_left_with_what_leans_on_the_next(language: str) -> None:
    for chars in range(29, 37):
        ends = [row.split()[-1] for part in rows.split(WALKED[language], limits(language, chars)) for row in part]
        for last in ends[:-1]:
            assert rows.break_cost(last, "x", language) < 20, (chars, ends)


@pytest.mark.parametrize("figure", ["500", "$500", "1.5", "S/20", "¥300,000"])
def test_a_figure_stays_with_what_it_counts(figure: str) -> None:
    assert rows.break_cost(f"{figure} ", "millones", "es") == rows.break_cost("de ", "yuanes", "es")


def test_a_row_that_begins_a_sentence_it_cannot_hold_is_told() -> None:
    assert rows.straddles(("Five million. Is that", "enough?"), "en")
    assert not rows.straddles(("Five million.", "Is that enough? It is."), "en")
    assert not rows.straddles(("Mr. Lu and", "his mother."), "en")


def test_an_article_stays_with_its_noun() -> None:
    for width in range(20, 32):
        for part in rows.split("She left the old house and took the only key with her", limits(chars=width)):
            assert not any(row.endswith((" the", " only the")) for row in part[:-1])


@settings(max_examples=150, deadline=None)
@given(words, st.integers(10, 40), st.integers(1, 3))
def test_no_word_is_lost_and_every_row_fits(text: list[str], chars: int, count: int) -> None:
    parts = rows.split(" ".join(text), limits(chars=chars, count=count))
    assert " ".join(" ".join(part) for part in parts).split() == rows.clean(" ".join(text)).split()
    for part in parts:
        assert len(part) <= count
        assert all(len(row) <= chars or " " not in row for row in part)


def test_pixels_count_as_well_as_characters() -> None:
    assert rows.split("wide words here", limits(width=10)) == (("wide", "words here"),)
    assert rows.split("Pertanggungjawabanmu", limits(width=10)) == (("Pertanggungjawabanmu",),)


def test_chinese_breaks_between_characters_but_never_before_a_mark() -> None:
    parts = rows.split("你为什么要骗我？我们明明说好了，一辈子都不会分开的！", limits("zh", chars=13))
    assert parts == (("你为什么要骗我？", "我们明明说好了，"), ("一辈子都不会", "分开的！")) or all(
        row[0] not in "？，！" for part in parts for row in part
    )


def test_hostile_white_space_and_control_characters_are_gone_and_line_ends_stay() -> None:
    assert rows.clean(" a\n\n b\t\x00c\x1b ") == "a\nb c"
    assert rows.split("\n \x07", limits()) == ()


def test_combining_marks_take_no_room() -> None:
    assert rows.length("ที่นี่") == 2
    assert rows.length("n\u0303") == 1


def test_more_cues_can_be_asked_for() -> None:
    assert len(rows.split("Wait, wait, wait.", limits(), least=3)) == 3
    assert len(rows.split("Wait", limits(), least=3)) == 1


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("No.\nI never want to see you.", (("No.", "I never want to see you."),)),
        ("I never\nwant to", (("I never", "want to"),)),
        ("One\ntwo\nthree", (("One two three",),)),
        ("Get\nout of this house and never come back here.", (("Get out of this house", "and never come back here."),)),
    ],
)
def test_line_ends_somebody_set_are_kept_where_they_fit(text: str, expected: rows.Cues) -> None:
    assert rows.split(text, limits()) == expected


def test_letters_between_chinese_and_its_compatibility_signs_are_narrow() -> None:
    assert rows.length("ꦲꦏꦱꦫ") == 4 == rows.length("晚了陆总") == rows.length("ꦲꦏ晚晚晚") == 4
