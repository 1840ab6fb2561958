"""Which length of a line is spoken: chosen before there is sound, corrected by the takes."""

from __future__ import annotations

import json

import walk

LONG = "I will tell you this one last time, and I sincerely hope that you are listening: get out of my house."
SHORT = "Get out of my house."


def test_only_the_length_that_fits_is_spoken(delivered: walk.Place) -> None:
    table = delivered.table("en-US")
    walk.edit(table, "L0002", dub=LONG, subtitle=SHORT, short=SHORT, long=f"{LONG} Do you hear me?")
    ran = delivered.run("en")
    assert ran.outcome.exit_code == 0 and ran.done("en-US")["synthesize"] == 1
    folder = delivered.version("en-US", 2)
    manifest = json.loads((folder / "manifest.json").read_text("utf-8"))
    told = manifest["lengths"]
    assert told["offered"] == told["takes"] + 2 and 0 <= told["error"] <= 0.12
    assert "short" in (folder / "report.html").read_text("utf-8")
    assert not delivered.run("en").done("en-US"), "nothing is chosen anew"


def test_a_song_is_subtitled_and_heard_in_the_original(fresh: walk.Place) -> None:
    assert fresh.run("en").outcome.exit_code == 0
    before = json.loads((fresh.version("en-US") / "manifest.json").read_text("utf-8"))["lengths"]["takes"]
    walk.edit(fresh.out / "transcript.csv", "L0002", kind="song")
    ran = fresh.run("en")
    assert ran.outcome.exit_code == 0, ran.told("error")
    folder = fresh.version("en-US", 2)
    manifest = json.loads((folder / "manifest.json").read_text("utf-8"))
    assert manifest["lengths"]["takes"] == before - 1
    words = next(row for row in walk.rows(fresh.table("en-US")) if row["id"] == "L0002")["subtitle"]
    assert words.split()[-1] in "".join(path.read_text("utf-8") for path in folder.glob("*.srt"))
    told = [one for one in manifest["findings"] if one["check"] == "song"]
    assert [one["line"] for one in told] == ["L0002"] and "in the original" in told[0]["message"]
