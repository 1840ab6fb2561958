"""A form of address that never begins is told; terms are counted in what sounds, and counting delivers nothing."""

from __future__ import annotations

import json
from typing import Any

import walk
from walk import Place

HEAD = "speaker,addressee,market,form,call,from_episode,to_episode,scene\n"


def manifest(place: Place, number: int) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((place.version("en-US", number) / "manifest.json").read_text("utf-8"))
    return found


def test_a_scene_that_is_not_in_its_episode_is_told_with_row_and_way_out(delivered: Place) -> None:
    rows = ("*,*,en-US,plain,,,,", "*,*,en-US,formal,,1,,L0001", "*,*,en-US,formal,,1,,L9999", "*,*,en-US,x,,7,,L8888")
    (delivered.series / "addresses.csv").write_text(HEAD + "\n".join(rows) + "\n", "utf-8")
    delivered.run("en", deliver="sub")
    (told,) = [one for one in manifest(delivered, 2)["findings"] if one["check"] == "address-scene"]
    assert told["severity"] == "warn" and "addresses.csv line 4" in told["message"] and "L9999" in told["message"]
    assert "leave scene empty" in told["fix"]


def test_a_term_that_every_line_keeps_delivers_no_new_version(delivered: Place) -> None:
    kept = manifest(delivered, 1)
    said = kept["lines"]["L0002"]["dub"]
    assert "three" in said.lower() and "three" in kept["lines"]["L0002"]["subtitle"].lower()
    with (delivered.series / "terms.csv").open("a", encoding="utf-8") as file:
        file.write("整整三年,three,,,idiom,dialogue,series,approved,\n")
    ran = delivered.run("en")
    assert ran.outcome.exit_code == 0 and not ran.outcome.delivered[0].new
    assert not delivered.version("en-US", 2).exists()


def test_kept_terms_are_counted_in_the_words_that_sound(delivered: Place) -> None:
    with (delivered.series / "terms.csv").open("a", encoding="utf-8") as file:
        file.write("整整三年,whole years,,,idiom,dialogue,series,approved,\n")
    long = "For three whole years, day after day and night after night, I waited here alone and waited on and on."
    walk.edit(delivered.table("en-US"), "L0002", dub=long, subtitle="Three whole years.", short="Three years.")
    delivered.run("en")
    assert manifest(delivered, 2)["terms"]["missed"] == [{"line": "L0002", "field": "dub", "source": "整整三年"}]
