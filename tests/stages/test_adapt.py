from __future__ import annotations

from pathlib import Path

import pytest

from localize.adaptation import rules_table
from localize.episode import Line
from localize.market import markets, resolve
from localize.series import Address, Character, SeriesBible
from localize.stages import adapt, translate
from localize.timing import span
from localize.version import Origin, Rendering, Status, Variants

MARKETS = ("en-US", "es-419", "id-ID")
BIBLE = SeriesBible(
    Path("SERIES"), "s", "剧",
    cast=(
        Character("lu", "陆沉", gender="male", names=tuple((m, "Lu Chen") for m in MARKETS)),
        Character("shen", "沈晚", gender="female", names=(("en-US", "Shen Wan"), ("id-ID", "Shen Wan"))),
    ),
    addresses=(Address("shen", "lu", "id-ID", "kamu", "Mas Lu"),),
)  # fmt: skip


def adapted(
    zh: str, text: str, market: str, origin: Origin = "machine", status: Status = "draft", call: str = ""
) -> adapt.Adapted:
    line = Line("L0001", span(0, 2000), zh, "shen", "lu")
    asked = translate.Job(line, market, 2.0, call=call)
    rendering = Rendering("L0001", market, Variants(text), text, origin, status)
    (job,) = adapt.jobs([asked], [rendering], BIBLE, resolve(market))
    return next(adapt.work([job], None))[1]  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("zh", "market", "text", "right"),
    [
        ("你这个绿茶！", "en-US", "You green tea!", "You two-faced schemer!"),
        ("她是个绿茶。", "es-419", "Es una té verde.", "Es una mosquita muerta."),
        ("她是个绿茶。", "id-ID", "Teh hijau itu pembohong.", "Perempuan bermuka dua itu pembohong."),
        ("一杯绿茶。", "en-US", "A cup of green tea.", "A cup of green tea."),
        ("她是他的白月光。", "en-US", "She's his white moonlight.", "She's his first love."),
        ("渣男！", "en-US", "Scum man!", "Cheating jerk!"),
        ("小三！", "en-US", "She's a little three.", "She's the other woman."),
        ("他是赘婿。", "en-US", "He's a superfluous son-in-law.", "He's a useless live-in husband."),
        ("战神归来！", "id-ID", "Dewa perang kembali!", "Panglima legendaris kembali!"),
        ("战神归来！", "es-419", "¡Vuelve el dios de la guerra!", "¡Vuelve la leyenda militar!"),
        ("追妻火葬场了。", "en-US", "It's a wife-chasing crematorium.", "It's a too-late regret."),
        ("霸总来了。", "en-US", "Here's an overbearing president.", "Here's a ruthless CEO."),
        ("我嫁过来冲喜。", "id-ID", "Aku di sini mengusir sial.", "Aku di sini menikah demi kesembuhan."),
        ("彩礼呢？", "es-419", "¿Y la dote?", "¿Y el dinero para la familia de la novia?"),
        ("给我跪下！", "id-ID", "Sujud!", "Berlutut!"),
        ("陆总，请。", "en-US", "President Lu, please.", "Mr. Lu, please."),
        ("沈总，请。", "en-US", "CEO Shen, please.", "Ms. Shen, please."),
        ("陆总来了。", "es-419", "Llegó el presidente Lu.", "Llegó el señor Lu."),
        ("陆总，请。", "id-ID", "Presiden Lu, silakan.", "Pak Lu, silakan."),
        ("陆总给了五百万。", "en-US", "President Lu paid 50 million.", "Mr. Lu paid five million yuan."),
    ],
)
def test_literal_wordings_are_replaced(zh: str, market: str, text: str, right: str) -> None:
    got = adapted(zh, text, market)
    assert got.rendering.dub.normal == right and got.rendering.subtitle == right
    assert {change.field for change in got.adaptations} == (set() if text == right else {"dub", "subtitle"})


def test_the_address_matrix_outranks_the_table_for_whom_is_called() -> None:
    assert adapted("陆总，请。", "CEO Lu, silakan.", "id-ID", call="Mas Lu").rendering.subtitle == "Mas Lu, silakan."


@pytest.mark.parametrize(("origin", "status"), [("person", "draft"), ("machine", "reviewed"), ("memory", "locked")])
def test_what_people_decided_is_only_offered_a_change(origin: Origin, status: Status) -> None:
    got = adapted("你这个绿茶！", "You green tea!", "en-US", origin, status)
    assert got.rendering.dub.normal == "You green tea!"
    assert [change.decision for change in got.adaptations] == ["offered", "offered"]


def test_what_the_picture_may_contradict_is_only_offered() -> None:
    got = adapted("打脸了吧？", "A slap in the face, huh?", "en-US")
    assert got.rendering.subtitle == "A slap in the face, huh?" and got.adaptations[0].decision == "offered"


def test_a_missing_line_stays_missing() -> None:
    assert adapted("绿茶", "", "en-US", "source", "missing").adaptations == ()


def test_ten_tropes_have_words_in_every_market() -> None:
    tropes = [row for row in rules_table()["rule"] if row["id"].startswith("trope.")]
    assert len([row for row in tropes if all(row.get(market) for market in markets())]) >= 10
    for row in rules_table()["rule"]:
        assert row["zh"] and row["why"] and 0 < row["level"] <= 2


@pytest.mark.parametrize(
    ("zh", "market", "text"),
    [
        ("五百万，我们的关系呢？", "th-TH", "ความสัมพันธ์ของเราล่ะ"),
        ("五百万！我冤枉。", "ko-KR", "억울해."),
        ("五百万，幸会。", "ko-KR", "만나서 반가워."),
        ("五百万，慢慢来。", "ko-KR", "천천히 해."),
        ("五万条，给千寻。", "ja-JP", "千尋にあげる。"),
    ],
)
def test_no_figure_is_put_into_an_ordinary_word(zh: str, market: str, text: str) -> None:
    found = adapted(zh, text, market)
    assert found.rendering.subtitle == text and not found.adaptations


def test_a_wrong_figure_is_put_right_where_it_stands_alone() -> None:
    assert adapted("给你五百万。", "만나서 만 위안을 줄게.", "ko-KR").rendering.subtitle == "만나서 500만 위안을 줄게."
    thai = adapted("给你五百万。", "ความสัมพันธ์ห้าพันหยวน", "th-TH")
    assert thai.rendering.subtitle == "ความสัมพันธ์5 ล้านหยวน"


@pytest.mark.parametrize(
    ("zh", "market", "text", "right"),
    [
        ("彩礼呢？", "id-ID", "Maharnya mana?", "Uang seserahannya mana?"),
        ("他的佛珠。", "id-ID", "Ini tasbihku.", "Ini manik-manik Buddhaku."),
        ("给我跪下！", "id-ID", "Bersujudlah!", "Berlututlah!"),
        ("你们这些绿茶！", "en-US", "You green teas!", "You two-faced schemers!"),
        ("这些绿茶。", "es-419", "Esos tés verdes.", "Esas mosquitas muertas."),
        ("彩礼呢？", "es-419", "¿Y las dotes?", "¿Y el dinero para la familia de la novia?"),
        ("追妻火葬场。", "ko-KR", "아내 쫓는 화장터.", "뒤늦은 후회."),
        ("追妻火葬场。", "th-TH", "เมรุเผาศพไล่ตามเมีย", "ตามง้อเมีย"),
        ("追妻火葬场。", "ja-JP", "妻を追う火葬場だ。", "手遅れの後悔だ。"),
        ("追妻火葬场。", "es-419", "Crematorio para perseguir a la esposa.", "Arrepentimiento tardío."),
        ("他手里有佛珠。", "en-US", "He holds a rosary.", "He holds Buddhist prayer beads."),
    ],
)
def test_rules_see_the_shapes_of_a_word_and_the_whole_of_a_saying(zh: str, market: str, text: str, right: str) -> None:
    assert adapted(zh, text, market).rendering.subtitle == right


@pytest.mark.parametrize(
    ("zh", "market", "text"),
    [
        ("这些赘婿。", "es-419", "Los yernos superfluos."),  # the article would have to follow
        ("佛珠。", "en-US", "He holds rosaries."),
        ("追妻火葬场。", "es-419", "Un crematorio donde corre tras la esposa."),  # half of the saying
    ],
)
def test_what_cannot_be_fitted_is_offered(zh: str, market: str, text: str) -> None:
    got = adapted(zh, text, market)
    assert got.rendering.subtitle == text and {change.decision for change in got.adaptations} == {"offered"}
