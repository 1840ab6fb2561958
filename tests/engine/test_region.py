"""One market's walk: what an edit does to voices, captions and picture, and a table saved while a run is on."""

from __future__ import annotations

import threading

import walk

from localize.engine.events import Event
from localize.engine.store import Store
from localize.pipeline import localize


def test_a_dropped_line_is_neither_voiced_nor_captioned_and_stops_nobody(delivered: walk.Place) -> None:
    table = delivered.table("en-US")
    said = walk.cells(table, "L0002")["subtitle"]
    walk.edit(table, "L0002", dub="", subtitle="", status="locked")
    ran = delivered.run("en")
    assert ran.outcome.exit_code == 0
    row = walk.cells(table, "L0002")
    assert (row["dub"], row["subtitle"], row["status"]) == ("", "", "locked")
    folder = delivered.version("en-US", 2)
    captions = " ".join(next(folder.glob("*.srt")).read_text("utf-8").split())
    assert said not in captions and "[DRAFT]" not in captions
    assert not ran.done("en-US")["synthesize"] and not ran.done("en-US")["erase"], "its old caption stays erased"


def test_a_line_without_dub_is_still_captioned(delivered: walk.Place) -> None:
    table = delivered.table("en-US")
    walk.edit(table, "L0002", dub="")
    assert delivered.run("en").outcome.exit_code == 0
    row = walk.cells(table, "L0002")
    assert row["dub"] == "" and row["subtitle"]
    captions = " ".join(next(delivered.version("en-US", 2).glob("*.srt")).read_text("utf-8").split())
    assert row["subtitle"] in captions


def test_the_codes_of_a_pasted_subtitle_reach_no_viewer(delivered: walk.Place) -> None:
    table = delivered.table("en-US")
    typed = r"{\an8}<i>You</i> & me.\NNo {really}!"
    walk.edit(table, "L0002", subtitle=typed)
    assert delivered.run("en", deliver="sub").outcome.exit_code == 0
    assert walk.cells(table, "L0002")["subtitle"] == typed
    folder = delivered.version("en-US", 2)
    assert "\nYou & me.\nNo (really)!\n" in next(folder.glob("*.srt")).read_text("utf-8")
    assert "\nYou &amp; me.\nNo {really}!\n" in next(folder.glob("*.vtt")).read_text("utf-8")
    assert r"}You & me.\NNo \{{}really}!" in next(folder.glob("*.ass")).read_text("utf-8")


def test_a_table_saved_during_the_run_is_told(delivered: walk.Place) -> None:
    table, told = delivered.table("en-US"), []

    def listen(event: Event) -> None:
        told.append(event)
        if event.stage == "translate" and event.market and walk.cells(table, "L0001")["note"] != "mine":
            walk.edit(table, "L0001", note="mine")

    localize(delivered.order("en"), Store(delivered.store), listen, threading.Event())
    [warning] = [event for event in told if event.kind == "warning" and "lines.csv" in event.message]
    assert warning.market == "en-US" and "the next run takes it in" in warning.message
    assert walk.cells(table, "L0001")["note"] == "mine"
