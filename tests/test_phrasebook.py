from __future__ import annotations

import csv
from functools import partial
from pathlib import Path

import pytest
from effort import calls
from hypothesis import given, settings
from hypothesis import strategies as st

from localize.phrasebook import SLOT, Phrase, Phrasebook, Word, lengths_of, phrasebook
from localize.spoken import syllables_in
from localize.wording import say_money, say_number, value_of

MARKETS = ("en-US", "es-419", "id-ID")
WORDS = (
    Word("陆沉", "NAME", "Lu Chen"), Word("陆", "NAME", "Lu"), Word("沈晚", "NAME", "Shen Wan"),
    Word("夫人", "TITLE", "señora"), Word("京城", "PLACE", "the capital"),
)  # fmt: skip
FILL = {
    "NAME": ("陆沉", "Lu Chen"),
    "NAME2": ("沈晚", "Shen Wan"),
    "TITLE": ("夫人", "señora"),
    "PLACE": ("京城", "the capital"),
}
LATE = "陆沉，我等了你整整三年，你说什么都晚了。"
NUMERALS = ("二", "三", "十二", "三十", "九十九")
SUMS = ("五百万", "三千万元", "八亿", "十万块")


@pytest.mark.parametrize(
    ("zh", "market", "said"),
    [
        ("五百万，够你离开我儿子了吧？", "en-US", "Five million yuan. Is that enough to leave my son?"),
        (
            "五百万，够你离开我儿子了吧？",
            "es-419",
            "Cinco millones de yuanes. ¿Te alcanza para dejar a mi hijo?",
        ),
        ("晚了，陆沉", "id-ID", "Terlambat, Lu Chen."),
        ("别叫我陆太太！", "es-419", "No me llames señora de Lu."),
        ("三年后", "id-ID", "Tiga tahun kemudian"),
        ("陆沉，沈晚的母亲", "en-US", "Lu Chen, Shen Wan's mother"),
    ],
)
def test_exact_matches_fill_their_slots(zh: str, market: str, said: str) -> None:
    hit = phrasebook().hits(zh, market, WORDS)[0]
    assert (hit.dub, hit.score, hit.why_not) == (said, 100.0, "")


def test_a_ready_line_has_its_other_lengths_with_their_slots_filled() -> None:
    long = phrasebook().hits("看着我的眼睛，再说一遍。", "en-US", WORDS)[0]
    assert long.short == "Look at me. Say it again."
    assert long.long == "Look me straight in the eye and say that one more time."
    named = phrasebook().hits("再敢碰陆沉一下试试！", "es-419", WORDS)[0]
    assert named.short == "¡Toca otra vez a Lu Chen!" and not named.long
    assert phrasebook().hits("滚！", "id-ID", WORDS)[0].short == "", "nobody wrote one"


def test_columns_of_lengths_may_be_missing() -> None:
    row = {"id": "P1", "es-419 short": " Ya. ", "id-ID short": None, "id-ID long": ""}
    assert lengths_of(row) == {"es-419": ("Ya.", "")}
    assert lengths_of({"id": "P1"}) == {}


def test_every_length_belongs_to_a_line_and_is_one() -> None:
    known = {one.id: one for phrases in phrasebook()._index.values() for one in phrases}
    with (Path(__file__).parents[1] / "glossaries/drama-phrasebook-lengths.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == len({row["id"] for row in rows}) > 50
    for row in rows:
        for code, (short, long) in lengths_of(row).items():
            text, tongue = known[row["id"]].texts[code], code.partition("-")[0]
            usual = syllables_in(text, tongue)
            assert not short or syllables_in(short, tongue) < 0.9 * usual, (row["id"], code, short)
            assert not long or syllables_in(long, tongue) > 1.1 * usual, (row["id"], code, long)
            for other in filter(None, (short, long)):
                assert set(SLOT.findall(other)) <= set(SLOT.findall(text)), row["id"]


def test_close_matches_say_what_differs() -> None:
    hit = phrasebook().hits("签了它，我才放你走。", "en-US", WORDS)[0]
    assert hit.score < 100 and "签了它，我就放你走" in hit.why_not


def test_one_and_titles_in_mid_sentence_are_doubted() -> None:
    rows = (("给你{NUM}天。", "NUM", "Hay {NUM} días."), ("{TITLE}来了。", "TITLE", "Llegó {TITLE}."),
            ("{TITLE}，请。", "TITLE", "{TITLE}, pase."))  # fmt: skip
    book = Phrasebook(Phrase("P", zh, (slot,), {"es-419": said}, "plain", ()) for zh, slot, said in rows)
    assert "singular" in book.hits("给你一天", "es-419", WORDS)[0].why_not
    assert "article" in book.hits("夫人来了", "es-419", WORDS)[0].why_not
    called = book.hits("夫人请", "es-419", WORDS)[0]
    assert (called.dub, called.why_not) == ("Señora, pase.", "")


def test_years_and_accounts_keep_their_figures() -> None:
    book = Phrasebook([Phrase("P1", "尾号{NUM}", ("NUM",), {"en-US": "No. {NUM}"}, "caption", ())])
    assert book.hits("尾号8866", "en-US", ())[0].dub == "No. 8866"


ALL = [phrase for found in phrasebook()._index.values() for phrase in found]
SLOTTED = [phrase for phrase in ALL if phrase.slots and len(set(phrase.slots)) == len(phrase.slots)]


@settings(max_examples=80, deadline=None)
@given(st.sampled_from(SLOTTED), st.sampled_from(MARKETS), st.sampled_from(NUMERALS), st.sampled_from(SUMS))
def test_every_slotted_phrase_is_found_again_with_its_slots_filled(
    phrase: Phrase, market: str, numeral: str, total: str
) -> None:
    number, money = value_of(numeral), value_of(total.strip("元块"))
    assert number is not None and money is not None
    fill = FILL | {
        "NUM": (numeral, say_number(number, market)),
        "MONEY": (total, say_money(money, "", market)),
    }
    zh = SLOT.sub(lambda at: fill[at[1]][0], phrase.zh)
    hits = [hit for hit in phrasebook().hits(zh, market, WORDS, limit=9) if hit.reference == phrase.id]
    if "{NUM}块" in phrase.zh:  # 块 makes a sum of money of any number
        return
    said = hits[0].dub
    assert "{" not in said
    for slot in phrase.slots:
        assert fill[slot][1].lower() in said.lower()


@pytest.mark.parametrize("market", MARKETS)
def test_a_thicker_book_makes_a_line_no_more_work(market: str) -> None:
    """What Python does for a line depends on the line and what fits it, not on how many phrases do not."""
    texts = dict.fromkeys(MARKETS, "{NAME}, it is too late.")
    fitting = Phrase("P", "{NAME}，我等了你整整{NUM}年，你说什么都晚了。", ("NAME", "NUM"), texts, "", ())
    others = [Phrase(f"Q{n}", f"风{chr(0x4E00 + n)}雨雷电山川河海", (), texts, "", ()) for n in range(2000)]
    effort = []
    for count in (20, 2000):
        book = Phrasebook([fitting, *others[:count]])
        assert [hit.reference for hit in book.hits(LATE, market, WORDS)] == ["P"]
        effort.append(calls(partial(book.hits, LATE, market, WORDS)))
    assert effort[0] == effort[1]


def test_a_line_full_of_names_and_numbers_is_tried_in_a_bounded_number_of_ways() -> None:
    """Up to three slots are filled: twice as many candidates are about eight times the work, not its square."""
    effort = [calls(partial(phrasebook().hits, "陆沉和沈晚等了3年，" * n, "en-US", WORDS)) for n in (2, 4)]
    assert effort[1] < 10 * effort[0]
