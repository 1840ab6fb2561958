"""File names."""

import pytest

from localize.errors import InputError
from localize.formats.naming import LONGEST, TEMPLATE, ascii_name, check_template, file_name, told_apart

VALUES = {"series": "晚了，陆总", "ep": 3, "market": "es-419", "kind": "dub", "n": 2}


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("晚了，陆总", "WanLe_LuZong"),
        ("Demasiado tarde, señor Lu", "Demasiado_tarde_senor_Lu"),
        ("Mẹ Đỡ Đầu", "Me_Do_Dau"),
        ('a/b\\c:d*e?"<>|', "a_b_c_d_e"),
        ("../../etc/passwd", "etc_passwd"),
        ("  .hidden ", "hidden"),
        ("con", "_con"),
        ("It’s", "Its"),
        ("", ""),
    ],
)
def test_names_become_plain_ascii(text: str, name: str) -> None:
    assert ascii_name(text) == name


def test_scripts_without_letters_of_ours_stay_apart() -> None:
    one, other = ascii_name("รักขื่นขม"), ascii_name("ตอกหน้า")
    assert one.isascii() and one and one != other


def test_names_that_only_ascii_makes_alike_are_told_apart() -> None:
    assert told_apart(["?李明", "lu_chen", "?黎明", "LU_CHEN"]) == ("LiMing", "lu_chen", "LiMing-2", "LU_CHEN-2")


def test_the_usual_template() -> None:
    assert file_name(TEMPLATE, ".mp4", **VALUES) == "WanLe_LuZong_E003_es-419_dub_v2.mp4"


def test_a_long_series_is_shortened_and_nothing_else() -> None:
    name = file_name(TEMPLATE, ".mp4", **{**VALUES, "series": "总裁" * 60})
    assert len(name) <= LONGEST and name.endswith("_E003_es-419_dub_v2.mp4")


@pytest.mark.parametrize(
    "template",
    ["{title}_{kind}", "{series.__class__}{kind}", "{kind", "{}{kind}", "{series}_v{n}", "a/{kind}",
     "{kind}{ep:q}", "{kind:>99999}", "{kind}{n:99999}",
     "{kind}{ep:0>9999999999}", "{kind!z}", "{kind:{series}}", "x" * 130 + "{kind}"],
)  # fmt: skip
def test_bad_templates_are_refused(template: str) -> None:
    with pytest.raises(InputError) as caught:
        file_name(template, ".mp4", **VALUES)
    assert caught.value.fix


def test_a_template_is_checked_before_work() -> None:
    check_template("{series}_{ep:04d}_{kind}_v{n:02}")
    with pytest.raises(InputError, match="width"):
        check_template("{kind:>99999}")
    check_template("{series}-{kind}")
    with pytest.raises(InputError, match="kind"):
        check_template("{series}")
