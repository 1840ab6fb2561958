from __future__ import annotations

from fractions import Fraction

import pytest

from localize.checks import Seen, look
from localize.episode import Line, Picture
from localize.market import resolve
from localize.timing import Ms, span
from localize.version import Adaptation, Rendering, Variants

PICTURE = Picture(720, 1280, Fraction(25), Ms(10_000), 250, "h264")


def found(
    market: str, *said: tuple[str, str], adaptations: tuple[Adaptation, ...] = (), check: str = "same_sum"
) -> list[str]:
    lines = tuple(Line(f"L{n:04}", span(n * 1000, n * 1000 + 900), zh, "a") for n, (zh, _) in enumerate(said, 1))
    words = tuple(
        Rendering(line.id, market, Variants(text), text, "person", "reviewed")
        for line, (_, text) in zip(lines, said, strict=True)
    )
    seen = Seen(resolve(market), PICTURE, lines, words, adaptations=adaptations)
    return [one.line for one in look(seen) if one.check == check]


@pytest.mark.parametrize(
    ("market", "first", "second", "lines"),
    [
        ("en-US", "Five million yuan!", "It was five million yuan.", []),
        ("en-US", "Five million yuan!", "It was 5 million dollars.", ["L0002"]),
        ("es-419", "¡Cinco millones de yuanes!", "Eran 5 millones de yuanes.", []),
        ("es-419", "¡Cinco millones de yuanes!", "Eran cinco millones de pesos.", ["L0002"]),
        ("ja-JP", "500万元！", "五百万元よ。", []), ("ja-JP", "500万元！", "500万円よ。", ["L0002"]),
        ("ko-KR", "500만 위안!", "오백만 원이야.", ["L0002"]), ("th-TH", "ห้าล้านหยวน!", "5 ล้านบาท", ["L0002"]),
        ("en-US", "Five million yuan!", "All that money.", []),
    ],
)  # fmt: skip
def test_the_same_sum_is_said_the_same(market: str, first: str, second: str, lines: list[str]) -> None:
    assert found(market, ("给你五百万！", first), ("五百万元。", second)) == lines


def test_a_rejected_correction_of_a_figure_is_told_again() -> None:
    said = ("给你五百万元。", "Here's fifty million yuan.")
    change = Adaptation("L0001", "money", 0, "dub", "fifty million yuan", "five million yuan", "why", "applied")
    rejected = Adaptation("L0001", "money", 0, "dub", "fifty million yuan", "five million yuan", "why", "rejected")
    assert found("en-US", said, adaptations=(change,), check="numbers") == []
    assert found("en-US", said, adaptations=(rejected,), check="numbers") == ["L0001"]
