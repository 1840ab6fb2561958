"""What an edit of the term list would redo over three episodes, told before and counted after."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
import walk
from walk import Place, Ran

from localize.engine.glossary_impact import Impact, delivered, over
from localize.engine.order import Order
from localize.market import resolve

MARKETS = ("en-US", "id-ID")
HOLDS = {"ep01": "陆总，月亮像一块旧饼。", "ep02": "一口井在那里。", "ep03": "月亮挂在井里。"}
HEAD = "source,en-US,id-ID,kind,use,scope,status,note\n"


@pytest.fixture(scope="module")
def series(walked: tuple[Place, Ran], tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Place]]:
    """Three episodes of one series, each with a last line of its own, delivered with subtitles in two markets."""
    folder = tmp_path_factory.mktemp("three") / "it"
    known, _ = walked
    first = walk.copy(known, folder)
    shutil.rmtree(first.out)
    rows = [row for row in walk.rows(known.table("en-US")) if row["id"].startswith("L")]
    said = rows[-1]["source"]
    places = {}
    for name, text in HOLDS.items():
        stem = f"short_{walk.SEED}_{name}"
        place = places[name] = Place(folder, stem)
        if place.episode != first.episode:
            shutil.copy(first.episode, place.episode)
        for code in MARKETS:
            own = (known.series / "scripts" / f"{known.stem}.{code}.csv").read_text("utf-8")
            (folder / "SERIES" / "scripts" / f"{stem}.{code}.csv").write_text(own.replace(said, text), "utf-8")
        blocks = (
            f"{number}\n{row['start']} --> {row['end']}\n{text if row is rows[-1] else row['source']}\n"
            for number, row in enumerate(rows, start=1)
        )
        place.episode.with_suffix(".srt").write_text("\n".join(blocks), "utf-8")
    for place in places.values():
        ran = run(place)
        assert ran.outcome.exit_code == 0, ran.told("failed")
    yield places


def run(place: Place) -> Ran:
    return place.run("en,id", deliver="sub")


def foreseen(series: dict[str, Place], edited: Path | None = None) -> dict[tuple[str, str], Impact]:
    orders = [place.order("en,id", series=place.series) for place in series.values()]
    found = over(orders, edited, series["ep01"].store)
    return {(one.episode.rpartition("_")[2], one.market): one for one in found}


def test_exactly_the_lines_that_are_told_are_redone(series: dict[str, Place], tmp_path: Path) -> None:
    table = series["ep01"].series / "terms.csv"
    before = table.read_text("utf-8") if table.exists() else HEAD
    assert not any(one.touched or one.never or one.waiting for one in foreseen(series).values())
    word = {code: last_word(series["ep01"], code) for code in MARKETS}
    edited = tmp_path / "terms.csv"
    row = {"source": "月亮", "en-US": word["en-US"], "kind": "idiom"}
    columns = before.splitlines()[0].lstrip("\ufeff").split(",")
    edited.write_text(before + line_of(columns, row), "utf-8")
    told = foreseen(series, edited)
    assert {key: one.lines for key, one in told.items() if one.lines} == {
        (name, "en-US"): (last(series[name])["id"],) for name in ("ep01", "ep03")
    }  # fmt: skip
    assert not any(one.never or one.waiting for one in told.values())
    said = json.loads(series["ep02"].cli("glossary", "impact", table.parent, edited, "--json").stdout)
    assert {(one["episode"][-4:], one["market"]): tuple(one["lines"]) for one in said} == {
        key: one.lines for key, one in told.items()
    }
    shutil.copy(edited, table)
    for name, place in series.items():
        done = [
            (one.market, one.title.split()[0])
            for one in run(place).events
            if (one.stage, one.kind) == ("translate", "done")
        ]
        wanted = [(code, line) for code in MARKETS for line in told[name, code].lines]
        assert sorted(done) == sorted(wanted), name
    assert not any(one.touched or one.waiting for one in foreseen(series).values()), "nothing stale, nothing more"
    noted = tmp_path / "noted.csv"
    noted.write_text(before + line_of(columns, row | {"note": "ask Bo", "scope": ""}), "utf-8")
    assert not any(one.touched for one in foreseen(series, noted).values())


def line_of(columns: list[str], row: dict[str, str]) -> str:
    return ",".join(row.get(name, "") for name in columns) + "\n"


def last(place: Place, code: str = "en-US") -> dict[str, str]:
    """The last line of dialogue."""
    return [row for row in walk.rows(place.table(code)) if row["id"].startswith("L")][-1]


def last_word(place: Place, code: str) -> str:
    """A word that the translation of the last line holds, so that the term is kept."""
    return max((word.strip(".,!?¡¿") for word in last(place, code)["dub"].split()), key=len)


def test_a_kit_goes_through_the_command_into_the_next_version(delivered: Place) -> None:
    kit = delivered.folder / "kit.xliff"
    out = delivered.cli("glossary", "export", delivered.episode, kit, "--to", "en")
    assert out.returncode == 0 and "lines of" in out.stdout, out.stderr
    said = walk.cells(delivered.table("en-US"), "L0002")["subtitle"]
    kit.write_text(
        kit.read_text("utf-8").replace(f">{said}</target>\n<context-group", ">- Enough!</target>\n<context-group")
    )
    back = delivered.cli("glossary", "import", delivered.episode, kit, "--to", "en")
    assert back.returncode == 0 and "- Enough!" in back.stdout, back.stderr
    ran = delivered.run("en", deliver="sub")
    assert ran.done()["translate"] == 0 and ran.done()["caption"] == 1
    assert walk.cells(delivered.table("en-US"), "L0002")["subtitle"].endswith("- Enough!")
    assert "nothing to change" in delivered.cli("glossary", "import", delivered.episode, kit, "--to", "en").stdout


def test_an_order_asks_for_the_kinds_of_the_newest_version(tmp_path: Path) -> None:
    order = Order(tmp_path / "ep01.mp4", (resolve("en"),), tmp_path / "out")
    assert delivered(order, order.markets[0]) == ""
    for number, kind in ((2, "dub"), (10, "sub,clean")):
        place = tmp_path / "out" / "en-US" / f"v{number}"
        place.mkdir(parents=True)
        (place / "manifest.json").write_text(f'{{"settings": {{"deliver": "{kind}"}}}}', "utf-8")
    (tmp_path / "out" / "en-US" / "v11").mkdir()
    (tmp_path / "out" / "en-US" / "v11" / "manifest.json").write_text("{", "utf-8")
    assert delivered(order, order.markets[0]) == "sub,clean"
