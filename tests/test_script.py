from __future__ import annotations

import random
from pathlib import Path

import pytest

from localize.episode import Line
from localize.errors import InputError
from localize.script import ScriptRow, match, read_script
from localize.timing import span
from localize.version import Variants

TEXTS = (
    "夫人，我嫁的是人，不是钱。",
    "签了它，我就放你走。",
    "滚！",
    "别叫我陆太太。",
    "滚！",
    "三年了，他一次都没信过我。",
)


def lines(*texts: str, shift: int = 0) -> list[Line]:
    return [
        Line(f"L{n}", span(n * 3000 + shift, n * 3000 + shift + 2000), text) for n, text in enumerate(texts)
    ]


def row(n: int, text: str, dub: str, status: str = "reviewed") -> ScriptRow:
    return ScriptRow(span(n * 3000, n * 3000 + 2000), text, Variants(dub), dub, status, "s.csv")  # type: ignore[arg-type]


def rows(*texts: str) -> list[ScriptRow]:
    return [row(n, text, f"words {n}") for n, text in enumerate(texts)]


def taken(found: dict[str, ScriptRow]) -> dict[str, str]:
    return {name: one.dub.normal for name, one in found.items()}


@pytest.mark.parametrize("shift", [0, 1500, 1400])
def test_shifted_times_and_misread_characters_still_match(shift: int) -> None:
    read = list(TEXTS)
    read[0], read[5] = "夫入，我嫁的是人，不是线。", "三年了他一次都设信过我"
    got = match(lines(*read, shift=shift), rows(*TEXTS))
    assert taken(got.rows) == {f"L{n}": f"words {n}" for n in range(6)} and got.unused == ()


def test_equal_short_lines_keep_their_order_when_one_is_missing_from_the_script() -> None:
    got = match(lines(*TEXTS), [one for n, one in enumerate(rows(*TEXTS)) if n != 2])
    assert taken(got.rows)["L4"] == "words 4" and "L2" not in got.rows


def test_another_text_at_the_same_time_is_not_taken() -> None:
    got = match(lines("你走吧。", "好。"), rows("你别走。", "不。"))
    assert got.rows == {} and len(got.unused) == 2


def test_two_rows_of_one_line_are_joined_and_the_weaker_status_counts() -> None:
    halves = [row(0, "签了它，", "Sign it,", "locked"), row(0, "我就放你走。", "and go.", "reviewed")]
    got = match(lines("签了它，我就放你走。"), halves).rows["L0"]
    assert (got.dub.normal, got.status) == ("Sign it, and go.", "reviewed")


def test_one_row_over_two_lines_is_divided_only_when_the_sentences_say_how() -> None:
    both = lines("晚了，陆沉。", "再给我一次机会。")
    whole = ScriptRow(
        span(0, 5000),
        "晚了，陆沉。再给我一次机会。",
        Variants("Too late. One more."),
        "Too late. One more.",
        "reviewed",
        "s.csv",
    )
    assert taken(match(both, [whole]).rows) == {"L0": "Too late.", "L1": "One more."}
    vague = ScriptRow(
        whole.span, whole.source, Variants("Too late for one more"), "Too late", "reviewed", "s.csv"
    )
    assert match(both, [vague]).rows == {}


def test_a_long_script_is_laid_over_a_long_episode_quickly() -> None:
    chooser = random.Random(7)
    texts = ["".join(chooser.choice("我你他是的不了在人有这中大来上") for _ in range(9)) for _ in range(120)]
    assert len(match(lines(*texts), rows(*texts)).rows) == 120


def test_reading(tmp_path: Path) -> None:
    path = tmp_path / "ep.en-US.csv"
    path.write_text(
        "start,end,source,dub,subtitle,short,long,status\n00:00:01,00:00:02,滚！,Out!,,,,locked\n"
        "00:00:03,00:00:04,走。,,,,,\n",
        "utf-8",
    )
    (only,) = read_script(path)
    assert (only.status, only.subtitle, only.span) == ("locked", "Out!", span(1000, 2000))
    path.write_text("start,end,source,dub\n00:00:01,soon,滚！,Out!\n", "utf-8")
    with pytest.raises(InputError, match="line 2"):
        read_script(path)
