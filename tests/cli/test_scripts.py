"""``localize import`` as a person at a terminal uses it: a stopped market, somebody else's subtitles, a version."""

from __future__ import annotations

import json

import walk
from walk import Place

from localize.timing import clock, parse_clock


def script(place: Place, last: str) -> str:
    """The Spanish of the episode as subtitles that begin ten seconds late, with words for the line nobody has."""
    said = [row for row in walk.rows(place.table("es-419")) if row["id"].startswith("L")]
    blocks = []
    for number, row in enumerate(said, start=1):
        start, end = (clock(parse_clock(row[name]) + 10_000) for name in ("start", "end"))
        blocks.append(f"{number}\n{start} --> {end}\n{row['subtitle'] or last}\n")
    return "\n".join(blocks)


def test_a_stopped_market_goes_on_with_somebodys_subtitles(gated: Place) -> None:
    assert gated.run("es", deliver="sub").outcome.exit_code == 5
    row = [row for row in walk.rows(gated.table("es-419")) if row["id"].startswith("L")][-1]
    file = gated.folder / "final.srt"
    file.write_text(script(gated, "Un pozo está ahí."), "utf-8")
    seen = gated.cli("import", gated.episode, file, "--to", "es", "--look", "--json")
    assert seen.returncode == 0, seen.stderr
    told = json.loads(seen.stdout)
    verdicts = {one["line"]: one["verdict"] for one in told["lines"]}
    assert told["edits"] == 0 and verdicts[row["id"]] in ("taken", "asked")
    done = gated.cli("import", gated.episode, file, "--to", "es")
    assert done.returncode == 0 and "margin" in done.stdout, done.stderr
    if "questions.csv" in done.stdout:
        asked = gated.table("es-419").with_name("questions.csv")
        walk.save(asked, [one | {"answer": "yes" if one["line"] == row["id"] else ""} for one in walk.rows(asked)])
        back = gated.cli("import", gated.episode, asked, "--to", "es")
        assert "1 answer taken" in back.stdout, back.stderr
    now = walk.cells(gated.table("es-419"), row["id"])
    assert now["dub"] == now["subtitle"] == "Un pozo está ahí."
    ran = gated.run("es", deliver="sub")
    assert ran.outcome.exit_code == 0 and walk.cells(gated.table("es-419"), row["id"])["origin"] == "person"


def test_a_script_is_for_one_market_and_needs_a_run(nothing: Place) -> None:
    file = nothing.folder / "final.srt"
    file.write_text("1\n00:00:01,000 --> 00:00:02,000\nHola.\n", "utf-8")
    both = nothing.cli("import", nothing.episode, file, "--to", "es,id")
    assert both.returncode == 2 and "one market" in both.stderr
    early = nothing.cli("import", nothing.episode, file, "--to", "es")
    assert early.returncode == 2 and "no line table" in early.stderr
