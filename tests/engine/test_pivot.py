"""English first: shown beside the others, told to their engines, and when it changes people are told, not overruled."""

from __future__ import annotations

import json
from pathlib import Path

import walk
from walk import Place

from localize.edits import Edit
from localize.engine.glossary_impact import over
from localize.engine.lookahead import foresee
from localize.engine.order import Order
from localize.engine.pivot import Behind, behind, cells
from localize.engine.plan import draw
from localize.engine.store import Store
from localize.market import resolve
from localize.series import SeriesBible
from localize.version import Origin, Rendering, Status, Variants

MARKET = resolve("es")


def made(text: str, origin: Origin = "person", status: Status = "reviewed") -> dict[str, Rendering]:
    return {"L1": Rendering("L1", "es-419", Variants(text), text, origin, status)}


def edit(field: str, value: str) -> Edit:
    return Edit("e", "L1", "es-419", field, value, "Ana", "2026-01-01T00:00:00+00:00", "x")  # type: ignore[arg-type]


def test_a_changed_pivot_is_told_until_somebody_settles_the_line(tmp_path: Path) -> None:
    order, bible = Order(tmp_path / "e.mp4", (MARKET,), tmp_path / "out"), SeriesBible(tmp_path, "s", "s")

    def seen(
        pivot: str, final: dict[str, Rendering], log: tuple[Edit, ...] = (), looking: bool = False
    ) -> tuple[Behind, ...]:
        return behind(order, bible, MARKET, final, log, {"L1": pivot}, looking)

    assert seen("Sign it.", made("Firma.")) == ()
    late = (Behind("L1", "Sign it.", "Sign here."),)
    assert seen("Sign here.", made("Firma."), looking=True) == late
    assert seen("Sign here.", made("Firma.")) == late and seen("Sign here.", made("Firma.")) == late, "and again"
    assert seen("Sign it.", made("Firma.")) == (), "it was changed back"
    assert seen("Sign here.", made("Firma.")) == late
    signed = (edit("status", "reviewed"),)
    assert seen("Sign here.", made("Firma."), signed) == () and seen("Sign here.", made("Firma."), signed) == ()
    assert seen("No.", made("Firma."), signed) == (Behind("L1", "Sign here.", "No."),)
    assert seen("No.", made("Firma aquí."), signed) == (), "other words are settled with the English of today"
    assert dict(cells({"L1": "b", "L2": "c"}, [Behind("L1", "a", "b")])) == {"L1": "b (was: a)", "L2": "c"}


def test_plan_and_impact_see_past_english_that_is_to_be_made_anew(delivered: Place, tmp_path: Path) -> None:
    series = delivered.series / "series.toml"
    series.write_text('pivot = "en-US"\n' + series.read_text("utf-8"), "utf-8")
    assert delivered.run("en,id", deliver="sub").outcome.exit_code == 0
    last = [row for row in walk.rows(delivered.table("en-US")) if row["id"].startswith("L")][-1]
    term = next(char for char in last["source"] if "\u4e00" <= char <= "\u9fff")
    terms = delivered.series / "terms.csv"
    before = terms.read_text("utf-8-sig") if terms.is_file() else "source,en-US,id-ID,kind\n"
    edited = tmp_path / "terms.csv"
    cells = {"source": term, "en-US": "Zed", "kind": "idiom"}
    row = ",".join(cells.get(name, "") for name in before.splitlines()[0].split(","))
    edited.write_text(f"{before.rstrip()}\n{row}\n", "utf-8")
    order = delivered.order("en,id", deliver="sub", series=delivered.series)
    told = {one.market: one for one in over([order], edited, delivered.store)}
    assert last["id"] in told["en-US"].lines
    assert not told["id-ID"].never and not told["id-ID"].lines and not told["id-ID"].waiting
    terms.write_bytes(edited.read_bytes())
    seen = foresee(order, draw(order), Store(delivered.store, read_only=True))
    states = {(one.stage, one.market): one for one in seen.states}
    assert states["translate", "en-US"].fate == "run" and states["translate", "id-ID"].fate == "reused"
    assert [note for note in seen.notes if "en-US, which other markets go by, cannot be told yet" in note]


def test_an_engines_drafts_are_made_again_and_nothing_is_told(tmp_path: Path) -> None:
    order, bible = Order(tmp_path / "e.mp4", (MARKET,), tmp_path / "out"), SeriesBible(tmp_path, "s", "s")
    draft = made("Firma.", "machine", "draft")
    for text in ("Sign it.", "Sign here."):
        assert behind(order, bible, MARKET, draft, (), {"L1": text}, False) == ()
    assert behind(order, bible, MARKET, made("Firma.", "machine", "draft"), (), {}, False) == ()


def test_a_changed_english_line_marks_the_others_through_a_run(delivered: Place) -> None:
    series = delivered.series / "series.toml"
    series.write_text('pivot = "en-US"\n' + series.read_text("utf-8"), "utf-8")
    assert delivered.run("en,id", deliver="sub").outcome.exit_code == 0
    other, english = (walk.cells(delivered.table(code), "L0002") for code in ("id-ID", "en-US"))
    assert (other["origin"], other["status"]) == ("person", "reviewed")
    assert other["pivot"] == english["dub"] and english["pivot"] == ""
    changed = [row | {"dub": "Never again!"} if row["id"] == "L0002" else row
               for row in walk.rows(delivered.table("en-US"))]  # fmt: skip
    walk.save(delivered.table("en-US"), changed)
    assert delivered.run("en,id", deliver="sub").outcome.exit_code == 0
    now = walk.cells(delivered.table("id-ID"), "L0002")
    assert now["pivot"] == f"Never again! (was: {english['dub']})" and now["dub"] == other["dub"]
    assert now["status"] == "draft", "it asks to be signed again"
    latest = max((delivered.out / "id-ID").glob("v*/manifest.json"))
    found = [one for one in json.loads(latest.read_text("utf-8"))["findings"] if one["check"] == "pivot"]
    assert [one["line"] for one in found] == ["L0002"] and "Never again!" in found[0]["message"]
    rows = [
        row | {"status": "reviewed"} if row["id"] == "L0002" else row for row in walk.rows(delivered.table("id-ID"))
    ]
    walk.save(delivered.table("id-ID"), rows)
    ran = delivered.run("en,id", deliver="sub")
    assert walk.cells(delivered.table("id-ID"), "L0002")["pivot"] == "Never again!" and ran.outcome.exit_code == 0
    assert sum(delivered.run("en,id", deliver="sub").done().values()) == 0
