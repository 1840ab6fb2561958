"""What the checks get to see of a market: the cast's clips and every text a viewer must understand."""

from __future__ import annotations

import json

import walk


def findings(place: walk.Place, check: str, number: int = 1) -> list[dict[str, str]]:
    found = json.loads((place.version("en-US", number) / "manifest.json").read_text("utf-8"))["findings"]
    return [one for one in found if one["check"] == check]


def test_a_caption_in_the_picture_that_stays_chinese_is_told_until_it_is_filled_in(fresh: walk.Place) -> None:
    fresh.run("en", deliver="sub")
    (told,) = findings(fresh, "untranslated_text")
    row = walk.cells(fresh.table("en-US"), told["line"])
    assert row["status"] == "missing" and row["source"] in told["message"] and told["line"] in told["fix"]
    walk.edit(fresh.table("en-US"), told["line"], subtitle="Three days later")
    fresh.run("en", deliver="sub")
    assert findings(fresh, "untranslated_text", 2) == []


def test_a_cast_without_clips_leaves_voices_unknown(fresh: walk.Place) -> None:
    fresh.run("en", deliver="sub")
    assert findings(fresh, "unknown_speaker") == []
    cast = fresh.series / "cast.toml"
    kept = (row for row in cast.read_text("utf-8").splitlines() if not row.startswith("references"))
    cast.write_text("\n".join(kept), "utf-8")
    fresh.run("en", deliver="sub")
    (told,) = findings(fresh, "unknown_speaker", 2)
    assert told["severity"] == "warn" and "?1 says L0001" in told["message"] and "cast.toml" in told["fix"]


def test_captions_of_lines_that_people_took_out_close_no_gate(delivered: walk.Place) -> None:
    """Two of three captions without a line would hold a version back, were they not meant to be so."""
    for line in ("L0001", "L0002"):
        walk.edit(delivered.out / "transcript.csv", line, text="")
    ran = delivered.run("en", deliver="sub")
    assert ran.outcome.exit_code == 0, ran.told("failed")
    assert [one["severity"] for one in findings(delivered, "lineless_caption", 2)] == ["warn", "warn"]
