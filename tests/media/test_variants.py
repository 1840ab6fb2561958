"""Traditional forms are mended where the rest is simplified, and left alone where it is not."""

from __future__ import annotations

import tomllib
from importlib import resources

from localize.media.variants import is_simplified, simplified

SIMPLIFIED = ("你怎么现在才来", "夠了！", "这份合同我不会签的", "爷爷，您听我解释")
TRADITIONAL = ("你怎麼現在才來", "夠了！", "這份合約我不會簽的", "爺爺，您聽我解釋")


def test_a_show_is_told_by_what_most_of_its_characters_are() -> None:
    assert is_simplified(SIMPLIFIED)
    assert not is_simplified(TRADITIONAL)
    assert not is_simplified(()) and not is_simplified(("Coming soon",))


def test_only_the_forms_that_look_alike_are_mended() -> None:
    assert [simplified(text) for text in SIMPLIFIED][1] == "够了！"
    assert simplified("Enough, 够了") == "Enough, 够了"


def test_every_pair_leads_to_a_form_of_the_standard() -> None:
    table = tomllib.loads(resources.files("localize.media").joinpath("variants.toml").read_text("utf-8"))
    for pair in table["pairs"]:
        assert len(pair) == 2 and pair[0] != pair[1]
        pair[1].encode("gb2312")
        assert simplified(pair[0]) == pair[1] and simplified(pair[1]) == pair[1]
