from __future__ import annotations

import pytest

from localize.sums import codes, perhaps_sums, sums


@pytest.mark.parametrize(
    ("zh", "values"),
    [
        ("给你三千万。", [30_000_000]),
        ("五百块钱。", [500]),
        ("他欠了三亿。", [300_000_000]),
        ("给我五个亿！", [500_000_000]),
        ("十个亿的合同。", [1_000_000_000]),
        ("彩礼八十八万八。", [888_000]),
        ("奖金两百万。", [2_000_000]),
        ("转你500元。", [500]),
        ("年薪两百万。", [2_000_000]),
        ("率兵五万。", []),
        ("给你五万精兵。", []),
        ("给我打了三万票。", []),
        ("密码是888888。", []),
        ("打你电话13800138000。", []),
        ("给我打电话13800138000。", []),
        ("粉丝涨到了两百万。", []),
        ("我欠你一万个道歉。", []),
        ("距离三十八万公里。", []),
        ("三千万。", []),
    ],
)
def test_a_sum_needs_money_in_the_chinese(zh: str, values: list[int]) -> None:
    assert [int(one.value) for one in sums(zh)] == values


def test_a_large_number_alone_may_be_a_sum() -> None:
    assert [int(one.value) for one in perhaps_sums("三千万。")] == [30_000_000]
    assert [int(one.value) for one in perhaps_sums("转给你100000。")] == [100_000]
    assert perhaps_sums("转给你的验证码是100000。") == ()
    assert perhaps_sums("三千万人。") == ()


@pytest.mark.parametrize("zh", ["电话13800138000", "密码八八六六", "房间1208", "2024年", "车牌A88888"])
def test_figures_that_name_something_are_codes(zh: str) -> None:
    assert len(codes(zh)) == (0 if "年" in zh else 1)


def test_figures_that_count_are_none() -> None:
    assert codes("来了100000人，欠我5000元，三百五十米") == ()
