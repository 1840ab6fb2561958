"""What a person wrote in a script and no line has is told, on every way out."""

import json
import re
from pathlib import Path

import pytest
import walk
from walk import Place


def script(place: Place) -> Path:
    return place.series / "scripts" / f"{place.stem}.en-US.csv"


def late(place: Place, minutes: int = 1) -> Place:
    """The whole script on a clock that begins later."""
    text = script(place).read_text("utf-8")
    script(place).write_text(re.sub(r"00:00:(\d\d,\d{3})", rf"00:{minutes:02}:\1", text), encoding="utf-8")
    return place


def findings(place: Place, number: int = 1) -> list[str]:
    manifest = json.loads((place.version("en-US", number) / "manifest.json").read_text("utf-8"))
    return [one["message"] for one in manifest["findings"] if one["check"] == "script"]


def test_a_script_that_fits_is_told_nowhere(fresh: Place) -> None:
    ran = fresh.run("en")
    assert "scripts" not in ran.told("warning") and findings(fresh) == []


def test_a_script_on_another_clock_is_told_with_its_rows_and_the_way_out(fresh: Place) -> None:
    ran = late(fresh).run("en")
    told = ran.told("warning")
    assert "3 of 3 rows fit no line, rows 2 “你逃不掉的。”" in told and "clock is about 60 s late" in told
    assert f"localize import {fresh.episode} {script(fresh)} --to en-US" in told
    (found,) = findings(fresh)
    assert found.startswith(f"SERIES/scripts/{script(fresh).name}: 3 of 3 rows fit no line")
    assert "3 of 3 rows fit no line" in (fresh.version("en-US") / "report.html").read_text("utf-8")
    again = fresh.run("en")
    assert not again.outcome.delivered[0].new and "3 of 3 rows fit no line" in again.told("warning")


def test_plan_and_json_tell_it_too(fresh: Place) -> None:
    late(fresh).run("en")
    plan = json.loads(fresh.cli("plan", fresh.episode, "--to", "en", "--json").stdout)
    assert plan["idle"] and any("3 of 3 rows fit no line" in note for note in plan["notes"])
    events = walk.events_of(fresh.cli(fresh.episode, "--to", "en", "--json").stdout)
    (one,) = [event for event in events if event["kind"] == "warning" and "script" in event.get("facts", {})]
    assert one["facts"]["rows"] == ["2", "3", "4"] and one["facts"]["script"] == str(script(fresh))


def test_one_row_of_other_words_is_told_before_the_gate(gated: Place) -> None:
    text = script(gated).read_text("utf-8")
    script(gated).write_text(text.replace(walk.UNKNOWN, "完全不同的一句话在这里。"), encoding="utf-8")
    ran = gated.run("en")
    assert ran.outcome.exit_code == 5
    assert "1 of 3 rows fits no line, row 4 “完全不同的一句话在这里。”" in ran.told("warning")


def test_rows_that_were_laid_by_importing_are_told_no_more(fresh: Place) -> None:
    fresh.run("en")
    text = script(late(fresh)).read_text("utf-8")
    script(fresh).write_text(text.replace("I must have been blind.", "How blind I was."), encoding="utf-8")
    fresh.run("en")
    done = fresh.cli("import", fresh.episode, script(fresh), "--to", "en")
    assert done.returncode == 0, done.stderr
    told = fresh.run("en").told("warning")
    assert "2 of 3 rows fit no line, rows 2 “你逃不掉的。”, 3" in told
    for row in walk.rows(fresh.table("en-US")):
        if row["id"].startswith("L"):
            walk.edit(fresh.table("en-US"), row["id"], status="reviewed")
    assert "fit no line" not in fresh.run("en").told("warning")


@pytest.mark.parametrize("name", ["short_7_ep1.en-US.csv", "EP01.en-US.csv"])
def test_a_script_whose_name_nearly_fits_is_told(fresh: Place, name: str) -> None:
    script(fresh).rename(script(fresh).with_name(name))
    told = fresh.run("en").told("warning")
    assert f"{name}: is not read: no episode has its name → did you mean {fresh.stem}.en-US.csv?" in told


def test_scripts_of_other_episodes_are_nobodys_worry(fresh: Place) -> None:
    own = script(fresh)
    own.rename(own.with_name("short_7_ep02.en-US.csv"))
    (fresh.folder / "other_ep01.mp4").touch()
    own.with_name("other_ep01.en-US.csv").write_text("source,dub\n", encoding="utf-8")
    own.with_name("trailer.en-US.csv").write_text("source,dub\n", encoding="utf-8")
    assert "scripts" not in fresh.run("en").told("warning")


def test_a_script_in_another_format_is_told(fresh: Place) -> None:
    script(fresh).rename(script(fresh).with_suffix(".srt"))
    assert "a script here is a .csv file" in fresh.run("en").told("warning")
