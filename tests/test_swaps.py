import pytest

from localize.swaps import occurs, swapped


@pytest.mark.parametrize(
    ("market", "text", "before", "after", "right"),
    [
        ("en-US", "It's an overbearing president.", "overbearing president", "ruthless CEO", "It's a ruthless CEO."),
        ("es-419", "¡Té verde!", "té verde", "mosquita muerta", "¡Mosquita muerta!"),
        ("th-TH", "เธอมันชาเขียวชัดๆ", "ชาเขียว", "ผู้หญิงแอ๊บใส", "เธอมันผู้หญิงแอ๊บใสชัดๆ"),
        ("ja-JP", "あの女は緑茶だ。", "緑茶", "あざと女", "あの女はあざと女だ。"),
        ("ko-KR", "그 췌서는 못 써.", "췌서", "데릴사위", "그 데릴사위는 못 써."),
        ("ko-KR", "그 여자는 창녀를 봤다.", "창녀", "천한 것", "그 여자는 천한 것을 봤다."),
        ("ko-KR", "용왕이 왔다.", "용왕", "암흑가의 제왕", "암흑가의 제왕이 왔다."),
        ("ko-KR", "사부와 사부님", "사부", "스승님", "스승님과 스승님님"),
        ("id-ID", "Teh susu boba dan teh susu.", "teh susu", "teh susu boba", "Teh susu boba dan teh susu boba."),
        ("id-ID", "Pak Ma malah pergi.", "Ma", "Budi", "Pak Budi malah pergi."),
        ("id-ID", "Suku itu milik Su.", "Su", "Sari", "Suku itu milik Sari."),
        ("id-ID", "Tamu Ta-nya mana?", "Ta", "Tono", "Tamu Tono-nya mana?"),
        ("id-ID", "Bangku Bang.", "Bang", "Mas", "Bangku Mas."),
        ("id-ID", "Wanglah Wang Laku", "Wang La", "Budi", "Wanglah Wang Laku"),
        ("id-ID", "Maharnya? Maharkulah!", "mahar", "uang seserahan", "Uang seserahannya? Uang seserahankulah!"),
        ("en-US", "greenteas", "green tea", "x", "greenteas"),
        ("en-US", "Does he know, He Jun?", "He", "Ford", "Does he know, Ford Jun?"),
        ("en-US", "He knows. Have an apple, Mr. An!", "An", "Ford", "He knows. Have an apple, Mr. Ford!"),
        ("en-US", "He knows.", "He", "Ford", "He knows."),
        ("en-US", "Lu, stop!", "Lu", "Ford", "Ford, stop!"),
    ],
)  # fmt: skip
def test_words_are_replaced_as_the_language_writes_them(
    market: str, text: str, before: str, after: str, right: str
) -> None:
    assert swapped(text, before, after, market) == right


def test_what_is_replaced_is_found() -> None:
    assert (
        occurs("緑茶", "あの緑茶だ", "ja-JP") and not occurs("tea", "steak", "en-US") and not occurs("", "x", "en-US")
    )
