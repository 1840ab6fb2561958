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
