"""``--to all``: every market alone, subtitles in Thai, Japanese, Korean and Portuguese; decisions are followed."""

from __future__ import annotations

import csv
import json
import tomllib

import pytest
import walk
from walk import Place

from localize.market import markets

WORDS = {"pt-BR": "Vá embora.", "th-TH": "ออกไปเลย", "ja-JP": "出ろ。", "ko-KR": "나가요."}


@pytest.fixture
def scripted(delivered: Place) -> Place:
    """The episode with a person's script for the four markets that have none."""
    known = [row for row in walk.rows(delivered.table("en-US")) if row["id"].startswith("L")]
    for code, words in WORDS.items():
        path = delivered.series / "scripts" / f"{delivered.stem}.{code}.csv"
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, ["source", "dub", "subtitle"])
            writer.writeheader()
            writer.writerows({"source": row["source"], "dub": words, "subtitle": words} for row in known)
    return delivered


def test_a_market_without_translations_stops_alone(delivered: Place) -> None:
    ran = delivered.run("all", deliver="sub")
    assert ran.outcome.exit_code == 5
    assert {code for code, _ in ran.outcome.failed} == set(WORDS)
    assert {one.market for one in ran.outcome.delivered} == set(walk.MARKETS)
    for code, error in ran.outcome.failed:
        assert "no translation" in error.what and delivered.table(code).is_file()


def test_seven_markets_get_their_subtitles(scripted: Place) -> None:
    ran = scripted.run("all", deliver="sub")
    assert ran.outcome.exit_code == 0, ran.told("failed")
    assert {one.market for one in ran.outcome.delivered} == set(markets())
    for code, words in WORDS.items():
        (srt,) = scripted.version(code).glob("*.srt")
        assert words in srt.read_text("utf-8")
        facts = json.loads((scripted.version(code) / "manifest.json").read_text("utf-8"))
        assert {one["status"] for one in facts["adaptation"]["rules"]} == {"draft"}
        assert facts["adaptation"]["level"] == 1 and not [
            one
            for one in facts["findings"]
            if one["check"] in ("row_width", "untranslated") and one["severity"] == "block"
        ]
    assert scripted.run("all", deliver="sub").done() == {}


def test_japanese_has_no_voice_and_says_so(scripted: Place) -> None:
    ran = scripted.run("ja")
    assert ran.outcome.exit_code == 5 and "--deliver sub" in ran.told("failed")


TEA = "她就是绿茶。"


@pytest.fixture
def schemer(delivered: Place) -> Place:
    """The episode with a last line that the memory knows only word for word."""
    lines = [row for row in walk.rows(delivered.table("en-US")) if row["id"].startswith("L")]
    blocks = (
        f"{number}\n{row['start']} --> {row['end']}\n{TEA if row is lines[-1] else row['source']}\n"
        for number, row in enumerate(lines, start=1)
    )
    delivered.episode.with_suffix(".srt").write_text("\n".join(blocks), "utf-8")
    head = "source,speaker,addressee,setting,market,dub,subtitle,status,episode\n"
    words = "She's a green tea."
    (delivered.series / "memory.csv").write_text(f"{head}{TEA},,,,en-US,{words},{words},reviewed,ep00\n", "utf-8")
    return delivered


def said(place: Place) -> str:
    return next(row for row in walk.rows(place.table("en-US")) if row["source"] == TEA)["subtitle"]


def test_a_decision_in_the_table_is_followed_and_survives(schemer: Place) -> None:
    table = schemer.out / "en-US" / "adaptations.csv"

    def run() -> walk.Ran:
        ran = schemer.run("en", deliver="sub")
        assert ran.outcome.exit_code == 0, ran.told("failed")
        return ran

    run()
    assert said(schemer) == "She's a two-faced schemer."
    (row,) = (row for row in walk.rows(table) if row["rule"] == "trope.green_tea")
    assert row["decision"] == "applied" and row["before"] == "green tea"
    listed = schemer.cli("adaptations", schemer.episode, "--to", "en")
    assert row["id"] in listed.stdout and "two-faced schemer" in listed.stdout

    walk.save(table, [one | {"verdict": "reject"} if one["id"] == row["id"] else one for one in walk.rows(table)])
    told = schemer.cli("plan", schemer.episode, "--to", "en", "--deliver", "sub")
    assert "holds 1 decision" in " ".join(told.stdout.split())
    ran = run()
    assert said(schemer) == "She's a green tea." and "took 1 decision" in ran.told("note")
    assert ran.done("en-US")["adapt"] == 1 and ran.done("en-US")["translate"] == 0
    assert run().done() == {}, "nothing is done twice"
    assert next(one for one in walk.rows(table) if one["id"] == row["id"])["decision"] == "rejected"

    assert schemer.cli("adaptations", schemer.episode, "--lock", row["id"]).returncode == 0
    run()
    assert said(schemer) == "She's a two-faced schemer."
    assert next(one for one in walk.rows(table) if one["id"] == row["id"])["decision"] == "locked"
    newest = max(schemer.out.glob("en-US/v*/manifest.json"), key=lambda path: path.stat().st_mtime)
    changes = json.loads(newest.read_text("utf-8"))["adaptation"]["changes"]
    assert {one["decision"] for one in changes if one["rule"] == "trope.green_tea"} == {"locked"}
    assert schemer.cli("adaptations", schemer.episode, "--reject", "zzzzzz").returncode == 2


def test_levels_are_told_and_nothing_is_faked(schemer: Place) -> None:
    assert schemer.run("en", deliver="sub", adapt_level=0).outcome.exit_code == 0
    assert said(schemer) == "She's a green tea."
    assert schemer.run("en", deliver="sub", adapt_level=4).outcome.exit_code == 0
    newest = max(schemer.out.glob("en-US/v*/manifest.json"), key=lambda path: path.stat().st_mtime)
    facts = json.loads(newest.read_text("utf-8"))["adaptation"]
    assert facts["level"] == 4 and {one["level"] for one in facts["proposals"]} >= {4}
    page = newest.with_name("report.html").read_text("utf-8")
    assert "Left to people" in page and "nothing of them was made" in page and "Local representation rate" in page
    plan = schemer.cli("plan", schemer.episode, "--to", "en", "--adapt-level", "3")
    assert "picture edits are listed for people" in " ".join(plan.stdout.split())
    assert schemer.cli("plan", schemer.episode, "--adapt-level", "5").returncode == 2


def test_a_renamed_cast_has_one_name_everywhere(schemer: Place) -> None:
    cast = schemer.series / "cast.toml"
    known = tomllib.loads(cast.read_text("utf-8"))["character"]
    who = next(one for one in known if "en-US" in one.get("names", {}))
    old, new = who["names"]["en-US"], "Ethan Lowell"
    text = cast.read_text("utf-8")
    cast.write_text(text.replace("names = {", f'local_names = {{ "en-US" = "{new}" }}\nnames = {{', 1), "utf-8")
    assert tomllib.loads(cast.read_text("utf-8"))["character"][0]["local_names"], "the first of the cast was renamed"
    memory = schemer.series / "memory.csv"
    memory.write_text(memory.read_text("utf-8").replace("a green tea", f"{old} the green tea"), "utf-8")
    assert schemer.run("en", deliver="sub", adapt_level=2).outcome.exit_code == 0
    assert said(schemer) == f"She's {new} the two-faced schemer."
    version = max(schemer.out.glob("en-US/v*"), key=lambda path: path.stat().st_mtime)
    for path in (*version.glob("*.srt"), *version.glob("*.ass"), version / "metadata.json"):
        assert old not in path.read_text("utf-8"), path.name
    assert new in json.loads((version / "metadata.json").read_text("utf-8"))["names"].values()
