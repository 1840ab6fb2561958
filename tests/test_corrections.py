"""What people correct in the transcript, laid over what was read and heard."""

from __future__ import annotations

from localize.corrections import corrected, formers, parts, times, told_parts, told_times
from localize.edits import Edit, Field
from localize.episode import Line, Word
from localize.timing import Ms, span

WORDS = (Word("你", span(1_000, 1_400), 0.9), Word("好", span(1_400, 1_800), 0.9), Word("走", span(2_200, 2_600), 0.8))
LINES = (
    Line("L0001", span(1_000, 3_000), "你好走", "a", words=WORDS),
    Line("L0002", span(3_200, 4_000), "不走", "b", addressee="a"),
)


def told(line: str, field: Field, value: str, market: str = "") -> Edit:
    return Edit("ep", line, market, field, value, "Mei", "2026-11-21T10:00:00+00:00", "")


def test_nothing_told_changes_nothing() -> None:
    assert corrected(LINES, []) == LINES
    assert corrected(LINES, [told("L0001", "dub", "Go!", "en-US"), told("L0099", "text", "谁")]) == LINES


def test_words_times_people_and_kind() -> None:
    edits = [
        told("L0001", "text", " 你好,走吧 "), told("L0001", "span", told_times(span(900, 2_900))),
        told("L0002", "speaker", "c"), told("L0002", "addressee", ""), told("L0002", "kind", "thought"),
    ]  # fmt: skip
    first, second = corrected(LINES, edits)
    assert (first.text, first.span, first.words) == ("你好,走吧", span(900, 2_900), ())
    assert (second.speaker, second.addressee, second.kind) == ("c", None, "thought")


def test_a_split_shares_time_and_words() -> None:
    first, second, _ = corrected(LINES, [told("L0001", "split", told_parts("L0007", Ms(2_000), "你好", "走"))])
    assert (first.id, first.span, first.text, first.words) == ("L0001", span(1_000, 2_000), "你好", WORDS[:2])
    assert (second.id, second.span, second.text, second.words) == ("L0007", span(2_000, 3_000), "走", WORDS[2:])
    assert second.speaker == "a"


def test_a_part_can_be_corrected_further_and_merged_back() -> None:
    edits = [
        told("L0001", "split", told_parts("L0007", Ms(2_000), "你好", "走")), told("L0007", "speaker", "b"),
        told("L0001", "merge", "L0007"),
    ]  # fmt: skip
    first, _ = corrected(LINES, edits)
    assert (first.id, first.span, first.text, first.speaker) == ("L0001", span(1_000, 3_000), "你好走", "a")


def test_two_lines_become_one() -> None:
    (one,) = corrected(LINES, [told("L0002", "merge", "L0001")])
    assert (one.id, one.span, one.text) == ("L0002", span(1_000, 4_000), "你好走不走")


def test_an_emptied_line_is_left_out_and_an_added_one_is_there() -> None:
    edits = [
        told("L0001", "text", " "),
        told("L0009", "add", told_times(span(5_000, 6_000))),
        told("L0009", "text", "等"),
    ]
    assert [(line.id, line.text) for line in corrected(LINES, edits)] == [("L0002", "不走"), ("L0009", "等")]


def test_values_read_back() -> None:
    assert times(told_times(span(61_200, 62_050))) == span(61_200, 62_050)
    assert parts(told_parts("L0007", Ms(2_000), '引"号', "b|c")) == ("L0007", 2_000, '引"号', "b|c")


def test_what_a_line_was_before_it_was_split_or_joined_is_known() -> None:
    split = told("L0001", "split", told_parts("L0007", Ms(2_000), "你好", "走"))
    merge = told("L0007", "merge", "L0002")
    found = formers(LINES, [split, told("L0007", "text", "走吧"), merge, told("L0007", "merge", "L0099")])
    assert [line for line, _ in found["L0001"].parts] == [LINES[0]] and not found["L0001"].joined
    joined = found["L0007"]
    assert [(line.text, before) for line, before in joined.parts] == [("走吧", found["L0001"]), ("不走", None)]
    assert joined.joined and joined.since("L0007") == merge and found["L0001"].since("L0001") is None
    assert found.keys() == {"L0001", "L0007"} and formers(LINES, []) == {}
