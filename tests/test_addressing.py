from __future__ import annotations

from localize.addressing import addressed
from localize.episode import Line, Scene
from localize.series import Character
from localize.timing import span

CAST = (
    Character("shen_wan", "沈晚", ("大小姐", "沈总"), "female", "young"),
    Character("lu_chen", "陆沉", ("陆总",), "male", "adult"),
    Character("zhou_peilan", "周佩兰", (), "female", "elder"),
    Character("gu_bo", "顾伯", (), "male", "elder"),
)


def told(*spoken: tuple[str, str]) -> list[str | None]:
    lines = [Line(f"L{n}", span(n * 2000, n * 2000 + 1500), text, who) for n, (who, text) in enumerate(spoken)]
    scene = Scene("S", span(0, 2000 * len(lines)), tuple(line.id for line in lines))
    return [line.addressee for line in addressed(lines, [scene], CAST)]


def test_a_name_an_alias_or_a_family_name_with_title_calls_somebody() -> None:
    assert told(("shen_wan", "晚了，陆沉。"), ("gu_bo", "大小姐，老爷叫您回家。")) == ["lu_chen", "shen_wan"]
    assert told(("lu_chen", "周夫人，请坐。")) == ["zhou_peilan"]


def test_a_bare_title_means_the_one_fitting_voice_of_the_scene() -> None:
    assert told(("zhou_peilan", "够了吧？"), ("shen_wan", "夫人，我嫁的是人。"))[1] == "zhou_peilan"


def test_a_name_inside_a_sentence_calls_nobody() -> None:
    assert told(("lu_chen", "签了它。"), ("zhou_peilan", "不许你这么说顾伯！"))[1] == "lu_chen"


def test_somebody_talked_about_is_not_addressed() -> None:
    assert told(("shen_wan", "晚了。"), ("lu_chen", "顾伯？他几岁了？"))[1] == "shen_wan"


def test_one_voice_alone_addresses_nobody_known() -> None:
    assert told(("shen_wan", "我走了。")) == [None]


def test_thoughts_address_nobody_and_known_addressees_stay() -> None:
    thought = Line("L1", span(0, 900), "陆沉，你变了。", "shen_wan", kind="thought")
    known = Line("L2", span(1000, 1900), "陆沉！", "shen_wan", addressee="gu_bo")
    scene = Scene("S", span(0, 2000), ("L1", "L2"))
    assert [line.addressee for line in addressed([thought, known], [scene], CAST)] == [None, "gu_bo"]


def test_a_narrator_is_nobody_who_is_called() -> None:
    spoken = (("zhou_peilan", "够了吧？"), ("shen_wan", "夫人，我嫁的是人。"))
    lines = [Line(f"L{n}", span(n * 2000, n * 2000 + 1500), text, who) for n, (who, text) in enumerate(spoken)]
    tells = Line("L9", span(9000, 9900), "那一年。", "wang_ma", kind="narration")
    scene = Scene("S", span(0, 10_000), ("L0", "L1", "L9"))
    cast = (*CAST, Character("wang_ma", "王妈", (), "female", "elder"))
    assert addressed([*lines, tells], [scene], cast)[1].addressee == "zhou_peilan"


def test_between_two_different_voices_nobody_is_guessed() -> None:
    talk = [("lu_chen", "签了它。"), ("shen_wan", "不签。"), ("lu_chen", "晚了。"), ("gu_bo", "都别吵了。")]
    assert told(*talk) == ["shen_wan", "lu_chen", None, None]
