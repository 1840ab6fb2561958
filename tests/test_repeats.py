"""What earlier episodes said: kept in one file an episode and market, found by words and speaker."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from localize.episode import Line
from localize.errors import InputError
from localize.repeats import Earlier, Manner, Said, earlier, manner, path_of, text_of
from localize.series import SeriesBible
from localize.timing import span
from localize.version import Status, Variants


def said(number: int, line: int, zh: str, dub: str, who: str = "lu", status: Status = "reviewed") -> Said:
    at = line * 2000
    return Said(
        f"ep{number:02}", number, f"L{line:04}", span(at, at + 1500), who, "wan", "angry", zh, Variants(dub, "S", ""),
        f"{dub}!", "person", status,
    )  # fmt: skip


def lines(*texts: str, who: str = "lu") -> list[Line]:
    return [Line(f"L{at:04}", span(at * 1800, at * 1800 + 1400), text, who) for at, text in enumerate(texts, start=1)]


def test_what_is_kept_comes_back_and_only_earlier_episodes_count(tmp_path: Path) -> None:
    addressed = replace(said(1, 2, "签了吧。", "Sign."), stem="ab:12", form="usted", call="=Mr. Lu")
    told = (said(1, 1, "=滚，快滚！", "-Get out!"), addressed)
    path = path_of(tmp_path, "ep01", "en-US")
    path.parent.mkdir()
    path.write_text(text_of(told), "utf-8")
    (tmp_path / "said" / "ep04.en-US.csv").write_text(text_of([said(4, 1, "签了吧。", "No.")]), "utf-8")
    found = earlier(tmp_path, "en-US", 3)
    assert found.of(lines("签了吧")[0]) == (told[1],) and found.of(lines("=滚，快滚！")[0]) == (told[0],)
    assert earlier(tmp_path, "en-US", 1).of(lines("签了吧")[0]) == ()
    assert earlier(tmp_path, "es-419", 3).of(lines("签了吧")[0]) == ()
    assert found.of(lines("签了吧", who="wan")[0]) == (), "somebody else's words are no repetition"


def test_only_words_of_the_same_level_and_money_policy_match(tmp_path: Path) -> None:
    bible = SeriesBible(tmp_path, "s", "剧", money={"id-ID": "vague"})
    assert manner(bible, "en-US", 1) == Manner() and manner(bible, "en-US", 4) == manner(bible, "en-US", 2) != Manner()
    assert manner(bible, "id-ID", 1) != Manner() and manner(bible, "id-ID", 0).money == "keep"
    path = path_of(tmp_path, "ep01", "en-US")
    path.parent.mkdir()
    named = replace(said(1, 1, "陆沉！", "Ethan!"), manner=manner(bible, "en-US", 2))
    path.write_text(text_of([named]), "utf-8")
    (line,) = lines("陆沉！")
    assert earlier(tmp_path, "en-US", 2, manner(bible, "en-US", 1)).of(line) == ()
    assert earlier(tmp_path, "en-US", 2, manner(bible, "en-US", 2)).of(line) == (named,)
    rows = path.read_text("utf-8").replace(",level,money,form,call", "").replace(",2,keep,,", "")
    path.write_text(rows, "utf-8")  # as versions before wrote it
    assert earlier(tmp_path, "en-US", 2, Manner()).of(line) == (replace(named, manner=Manner()),)


@pytest.mark.parametrize(
    ("was", "now", "told"),
    [
        ("1,L0001", "²,L0001", "the number is '²'"), ("1,L0001", "one,L0001", "the number is 'one'"),
        ("00:00:02,000", "soon", "not a time"), ("00:00:03,500", "00:00:01,000", "end after its start"),
        (",person,", ",robot,", "the origin is 'robot'"), (",reviewed,", ",signed,", "the status is 'signed'"),
    ],
)  # fmt: skip
def test_a_damaged_row_is_told_with_its_place(tmp_path: Path, was: str, now: str, told: str) -> None:
    path = path_of(tmp_path, "ep01", "en-US")
    path.parent.mkdir()
    text = text_of([said(1, 1, "签了吧。", "Sign."), said(1, 2, "滚。", "Out.")])
    assert text.count(was) in (1, 2)
    path.write_text(text.replace(was, now, 1), "utf-8")
    with pytest.raises(InputError, match=told) as caught:
        earlier(tmp_path, "en-US", 3)
    assert caught.value.where == f"{path}, line 2" and caught.value.fix


def test_the_latest_approved_words_come_first() -> None:
    known = Earlier([said(1, 1, "签了吧。", "Sign."), said(2, 5, "签了吧。", "Sign it."),
                     said(3, 1, "签了吧。", "Just sign.", status="draft")])  # fmt: skip
    hits = known.hits(lines("签了吧。"), "modern-china")["L0001"]
    assert [(hit.dub, hit.why_not, hit.reference) for hit in hits] == [
        ("Sign it.", "", "ep02 L0005"), ("Sign.", "", "ep01 L0001"),
        ("Just sign.", "the earlier line was never reviewed", "ep03 L0001"),
    ]  # fmt: skip
    assert (hits[0].short, hits[0].addressee, hits[0].form) == ("S", "wan", "")
    formal = Earlier([replace(said(1, 1, "签了吧。", "Firme."), form="usted", call="señor Lu")])
    (hit,) = formal.hits(lines("签了吧。"), "")["L0001"]
    assert (hit.form, hit.call) == ("usted", "señor Lu")


def test_a_scene_shown_again_is_taken_although_nobody_reviewed_it() -> None:
    known = Earlier([
        said(1, 1, "你骗我！", "You lied!", status="draft"), said(1, 2, "我没有。", "I didn't.", "wan", "draft"),
        said(1, 3, "滚。", "Out.", status="draft"),
    ])  # fmt: skip
    recap = [*lines("你骗我！"), replace(lines("", "我没有。", who="wan")[1]), *lines("", "", "走吧。")[2:]]
    hits = known.hits(recap, "")
    assert hits["L0001"][0].why_not == "" and hits["L0002"][0].why_not == ""
    alone = known.hits(lines("好。", "滚。", "好。"), "")
    assert alone["L0002"][0].why_not == "the earlier line was never reviewed"
