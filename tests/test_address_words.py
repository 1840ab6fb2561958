from __future__ import annotations

import csv
from pathlib import Path

import pytest

from localize.address_words import other_address_words

ROOT = Path(__file__).parents[1]


@pytest.mark.parametrize(
    ("market", "form", "text"),
    [
        ("es-419", "tu", "Váyase, no quiero verlo."),
        ("es-419", "tú", "Usted no entiende nada."),
        ("es-419", "tu", "Dígame la verdad."),
        ("es-419", "usted", "¿Tú qué haces aquí?"),
        ("es-419", "usted", "Cállate y escucha."),
        ("id-ID", "kamu", "Anda tidak boleh pergi."),
        ("id-ID", "anda", "Kamu tidak boleh pergi."),
        ("id-ID", "anda", "Apa yang kaulakukan?"),
        ("id-ID", "anda", "Kaubilang begitu."),
        ("es-419", "usted", "¿Sos loco?"),
        ("id-ID", "Anda", "Ini rumahmu."),
        ("pt-BR", "você", "O senhor não pode entrar."),
        ("pt-BR", "senhor", "Você não pode entrar."),
        ("th-TH", "formal", "มึงไปไหน"),
        ("th-TH", "informal", "ไปไหนครับ"),
        ("ja-JP", "formal", "お前は誰だ。"),
        ("ja-JP", "plain", "どこへ行きますか？"),
        ("ko-KR", "haeyo", "너 어디 가?"),
        ("ko-KR", "banmal", "어디 가세요?"),
    ],
)
def test_words_of_the_other_form_are_told(market: str, form: str, text: str) -> None:
    assert f"where the form is {form}" in other_address_words(text, form, market)


@pytest.mark.parametrize(
    ("market", "form", "text"),
    [
        ("es-419", "tu", "Vete, no quiero verte."),
        ("es-419", "tu", "Señor Lu, firma aquí."),
        ("es-419", "usted", "Señor Lu, firme aquí."),
        ("es-419", "tu", "Dándose cuenta de eso, quiso irse a la base de la clase."),
        ("es-419", "usted", "Usted y tú son iguales."),
        ("es-419", "tu", "Ustedes no saben nada."),
        ("id-ID", "anda", "Kita bertemu tamu itu, ilmu yang semu."),
        ("id-ID", "kamu", "Pak Lu, kaukah itu? Kaum muda, kaus, kaum."),
        ("pt-BR", "você", "O senhor Gu já chegou."),
        ("pt-BR", "", "Você não pode entrar."),
        ("en-US", "tu", "You cannot enter."),
        ("es-419", "usted", "¡SOS! ¡Ayuda!"),
        ("es-419", "usted", "¿Cómo se viste ella?"),
        ("id-ID", "anda", "Lihat Tuan Kaufman."),
        ("id-ID", "anda", "Di mana museumu?"),
        ("th-TH", "formal", "ค้นในกูเกิล"),
        ("id-ID", "anda", "Ke sini, Lin Xiaomu!"),
        ("id-ID", "kamu", "Panggil Anda Wijaya."),
        ("ja-JP", "tu", "どこへ行く。"),
        ("fr-FR", "tu", "Vous êtes ici."),
    ],
)
def test_words_that_keep_the_form_or_show_none_are_silent(market: str, form: str, text: str) -> None:
    assert other_address_words(text, form, market) == ""


def test_no_line_of_the_phrasebook_shows_the_wrong_form() -> None:
    """What was written for strangers keeps usted and Anda, what was written for lovers tú and kamu."""
    with (ROOT / "glossaries/drama-phrasebook.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    for market, close, far in (("es-419", "tu", "usted"), ("id-ID", "kamu", "anda")):
        polite = [row[market] for row in rows if "您" in row["zh"]]
        plain = [row[market] for row in rows if row["register"] == "intimate" and "usted" not in row[market].casefold()]
        assert polite and plain
        assert [one for one in polite if other_address_words(one, far, market)] == []
        assert [one for one in plain if other_address_words(one, close, market)] == []
