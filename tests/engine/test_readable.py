"""Recipes in a person's words: nothing cut in the middle, nothing of a data format left."""

from __future__ import annotations

from typing import Any

import pytest

from localize.engine.readable import differences, parts, readable


@pytest.mark.parametrize(
    ("value", "told"),
    [
        ("Get out, now. " * 20, f"“{'Get out, now. ' * 20}”"),
        ("少爷！", "“少爷！”"),
        ("en-US", "en-US"),
        ("ab" * 32, "sha256 abababababab"),
        ({"start": 440, "end": 3080}, "at 00:00.440–00:03.080"),
        ({"normal": "Go away!", "short": ""}, "normal “Go away!”"),
        (["stock-f1", 205.0, [["rate", "184"], ["range", "44"]]], "stock-f1, 205, ((rate, 184), (range, 44))"),
        (True, "yes"),
        (None, "nothing"),
        ([], "nothing"),
        (0, "0"),
    ],
)
def test_a_value_is_told_whole(value: Any, told: str) -> None:
    assert readable(value) == told


def test_numbers_of_a_recipe_have_units() -> None:
    recipe = {
        "placed": [["ab" * 32, 230, 1258], ["cd" * 32, 0, 1592]], "target": [-14.0, -1.0], "slot": 2040,
        "voice": ["stock-f1", 205.0, [["rate", "184"]]], "lines": [["L0001", 280, 1440, "chen", False]], "most": 5,
    }  # fmt: skip
    assert list(parts(recipe)) == [
        "placed: 2", "  sha256 abababababab, at 230 ms, 1258 ms long", "  sha256 cdcdcdcdcdcd, at 0 ms, 1592 ms long",
        "target: -14 LUFS, at most -1 dBTP", "slot: 2040 ms", "voice: stock-f1, 205 Hz, (rate, 184)", "lines:",
        "  L0001, from 280 ms, to 1440 ms, chen, no", "most: 5 voices",
    ]  # fmt: skip


def test_parts_of_a_recipe_have_lines_of_their_own() -> None:
    recipe = {
        "revision": 1, "text": "少爷！", "terms": [], "dub": {"normal": "Go!"},
        "said": [[f"L{number:04}", "x"] for number in range(1, 9)], "seen": {"a": "y " * 150, "b": {}},
    }  # fmt: skip
    assert list(parts(recipe)) == [
        "text: “少爷！”", "dub: normal “Go!”", "said: 8", *(f"  L{number:04}, x" for number in range(1, 7)),
        "  and 2 more", "seen:", f"  a: “{'y ' * 150}”",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("before", "now", "told"),
    [
        ({"a": 1}, {"a": 1}, []),
        ({"a": {"b": "x"}}, {"a": {"b": "y"}}, ["a.b was x, now y"]),
        ({"dub": {"normal": "Go."}}, {"dub": {"normal": "Run."}}, ["dub text was “Go.”, now “Run.”"]),
        ({"a": 1}, {"b": 2}, ["a was 1, now nothing", "b was nothing, now 2"]),
        ({"a": [1, 2]}, {"a": [2, 3, 4]}, ["a was 1, 2, now 2, 3, 4"]),
        ({"terms": []}, {"terms": [["少爷", "Sir"]]}, ["terms gained “少爷”, Sir"]),
        ({"said": [["L0001", "a"], ["L0002", "b"]]}, {"said": [["L0001", "a"], ["L0002", "c"]]},
         ["said L0002 was b, now c"]),
        ({"lines": [{"id": "L0001", "text": "a"}]}, {"lines": [{"id": "L0001", "text": "b"}]},
         ["lines L0001.text was a, now b"]),
        ({"p": [[n] for n in range(9)]}, {"p": [[n + 9] for n in range(9)]}, ["p: 9 changes"]),
        ({"a": "x y" * 99}, {"a": ""}, [f"a was “{'x y' * 99}”, now nothing"]),
    ],
)  # fmt: skip
def test_differences_are_sentences(before: Any, now: Any, told: list[str]) -> None:
    assert differences(before, now) == told
