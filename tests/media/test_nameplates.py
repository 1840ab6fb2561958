"""Names read on plates, for the cast."""

from __future__ import annotations

from localize.episode import Box, OnScreenText, TextKind
from localize.media.nameplates import Plate, names_on_plates
from localize.timing import span


def shown(text: str, box: tuple[int, int, int, int], at: int = 0, kind: TextKind = "nameplate") -> OnScreenText:
    return OnScreenText("", span(at, at + 2000), Box(*box), text, kind, 0.99)


def test_a_name_and_what_stands_below_it_are_one_plate() -> None:
    name, role = shown("周佩兰", (432, 992, 560, 1040)), shown("陆沉的母亲", (432, 1050, 600, 1078))
    assert names_on_plates([role, name]) == (Plate("周佩兰", "陆沉的母亲", (span(0, 2000),)),)


def test_a_name_and_a_role_on_one_row_are_told_apart() -> None:
    (plate,) = names_on_plates([shown("顾伯｜沈家管家", (432, 992, 700, 1040))])
    assert (plate.name, plate.role) == ("顾伯", "沈家管家")


def test_plates_of_other_times_and_places_stay_apart() -> None:
    texts = [
        shown("沈晚", (40, 700, 140, 750)),
        shown("陆沉", (500, 700, 600, 750)),
        shown("顾伯", (40, 700, 140, 750), 9000),
    ]
    assert [plate.name for plate in names_on_plates(texts)] == ["沈晚", "陆沉", "顾伯"]


def test_a_name_shown_twice_is_one_and_other_texts_are_none() -> None:
    texts = [
        shown("沈晚", (40, 700, 140, 750)),
        shown("沈晚", (40, 700, 140, 750), 9000),
        shown("三年后", (300, 500, 420, 560), kind="caption"),
        shown("江城国际会展中心", (40, 900, 400, 950), 5000),
    ]
    assert names_on_plates(texts) == (Plate("沈晚", "", (span(0, 2000), span(9000, 11_000))),)
