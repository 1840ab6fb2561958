"""The plan's look at the receipts: what a run would reuse and do, told without doing or writing anything."""

from __future__ import annotations

import json
import shutil
import threading
from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import walk
from walk import MARKETS, Place

from localize.engine.lookahead import foresee
from localize.engine.order import Order
from localize.engine.outlook import Outlook, State
from localize.engine.plan import draw
from localize.engine.store import Store
from localize.errors import InputError
from localize.market import resolve
from localize.pipeline import localize
from tests.support.film import Stretch, film


def look(place: Place, to: str = "en,es,id", **asked: Any) -> Outlook:
    """What the plan tells; nothing in the whole place may change by it, not even a lock may appear."""
    before = everything(place.folder)
    order = place.order(to, **asked)
    told = foresee(order, draw(order), Store(place.store, read_only=True))
    assert everything(place.folder) == before
    return told


def everything(folder: Path) -> dict[Path, tuple[int, int]]:
    return {path: (path.stat().st_mtime_ns, path.stat().st_size) for path in folder.rglob("*")}


def state(told: Outlook, stage: str, market: str = "") -> State:
    [found] = [one for one in told.states if (one.stage, one.market) == (stage, market)]
    return found


def promised(told: Outlook) -> Counter[tuple[str, str]]:
    """How many jobs of each stage and market would run for sure."""
    return Counter({(one.stage, one.market): one.total - one.reused for one in told.states if one.total > one.reused})


def done(ran: walk.Ran) -> Counter[tuple[str, str]]:
    return Counter((one.stage, one.market) for one in ran.events if one.kind == "done")


def test_after_a_run_everything_is_reused_and_nothing_to_deliver(delivered: Place) -> None:
    told = look(delivered)
    assert told.idle and not [note for note in told.notes if "rules of adaptation are drafts" not in note]
    assert {one.fate for one in told.states} == {"reused", "unneeded", "current"}
    for market in MARKETS:
        assert state(told, "synthesize", market).told == "3 of 3 takes reused"
        assert state(told, "package", market).told == "v1 is current, nothing to deliver"
    assert (told.lines.origin, told.lines.count) == ("captions", 3)
    assert told.lines.told == "burned-in captions" and "no subtitle file" in told.lines.why


def test_with_an_empty_store_everything_depends_on_what_comes_first(nothing: Place) -> None:
    told = look(nothing, "en")
    assert state(told, "probe").told == "would run"
    assert {one.told for one in told.states if one.stage not in ("probe", "shots", "faceswap", "lipsync")} == {
        "depends on shots"
    }
    assert told.lines.told.startswith("burned-in captions, if there are any; else ") and not told.lines.count
    assert not (nothing.home).exists()


def test_a_new_platform_redoes_the_captions_and_what_is_burned_in(delivered: Place) -> None:
    told = look(delivered, "en", platform="reels")
    assert state(told, "caption", "en-US").told == "would run"
    assert state(told, "mix", "en-US").told == "reused" and state(told, "metadata", "en-US").told == "reused"
    assert state(told, "film", "en-US").told == state(told, "render", "en-US").told == "depends on caption"
    assert state(told, "package", "en-US").told == "depends on caption"
    ran = done(delivered.run("en", platform="reels"))
    assert ran >= promised(told)


def test_one_edited_line_is_one_take_and_the_edit_stays_in_the_table(delivered: Place) -> None:
    walk.edit(delivered.table("en-US"), "L0002", dub="Three years I waited.")
    told = look(delivered)
    assert any("1 new edit" in note for note in told.notes)
    assert state(told, "synthesize", "en-US").told == "2 of 3 takes reused, 1 would run: L0002"
    assert state(told, "fit", "en-US").told == "depends on synthesize"
    assert state(told, "synthesize", "id-ID").told == "3 of 3 takes reused"
    assert state(told, "package", "es-419").fate == "current"
    assert promised(told) == {("synthesize", "en-US"): 1}
    ran = done(delivered.run())
    assert ran >= promised(told) and {market for _, market in ran} == {"en-US"}
    assert look(delivered).idle


def test_a_version_is_promised_where_only_the_record_differs(delivered: Place) -> None:
    told = look(delivered, "en", template="{market}_{kind}")
    assert {one.fate for one in told.states} == {"reused", "unneeded", "deliver"} and not told.idle
    assert state(told, "package", "en-US").told == "v2 would be delivered"


def test_a_subtitle_file_is_named_before_any_work(gated: Place) -> None:
    told = look(gated, "es")
    assert told.lines.told == f"the subtitle file {gated.stem}.srt beside the episode" and not told.lines.why
    aside = shutil.move(gated.episode.with_suffix(".srt"), gated.folder / "own.srt")
    told = look(gated, "es", subtitles=aside)
    assert told.lines.told == "the subtitle file own.srt given with --subtitles"
    told = look(gated, "es", subtitles=aside, transcript="captions")
    assert told.lines.told == "burned-in captions" and told.lines.why == "--transcript captions"


def test_untranslated_lines_stop_their_market_in_the_plan_too(gated: Place) -> None:
    gated.run()
    told = look(gated)
    assert state(told, "package", "es-419").told == "not reached: 1 line has no translation"
    assert state(told, "package", "es-419").open == ("L0003",)
    assert state(told, "adapt", "es-419").fate == "reused" and state(told, "mix", "es-419").told == "not reached"
    assert state(told, "package", "en-US").fate == "current" and not told.idle
    assert state(look(gated, allow_draft=True), "mix", "es-419").fate in ("run", "waits")


def test_an_episode_without_a_series_is_told_that_one_is_started(fresh: Place) -> None:
    shutil.rmtree(fresh.series)
    told = look(fresh, "es", deliver="sub")
    assert any("starts a series directory" in note for note in told.notes)
    assert state(told, "synthesize", "es-419").told == "not needed: no dub was asked for"
    assert state(told, "diarize").told == "would run", "without reference clips speakers are told otherwise"


def test_a_film_without_captions_is_listened_to(tmp_path: Path) -> None:
    options = {"asr": {"url": "http://127.0.0.1:1/v1", "model": "simulated"}}
    order = Order(film(tmp_path / "ep01.mp4", [Stretch(4, 0, 4)]), (resolve("en"),), tmp_path / "out", options=options)
    store = Store(tmp_path / "store")
    with pytest.raises(InputError, match="no burned-in captions"):
        localize(replace(order, transcript="captions"), store, lambda event: None, threading.Event())
    told = foresee(order, draw(order), store)
    assert told.lines.origin == "asr" and told.lines.told == "speech recognition (openai_speech)"
    assert ("listen", "run") in {(one.stage, one.fate) for one in told.states}


def test_who_changes_the_dub_alone_is_told_to_look_at_the_subtitle(delivered: Place) -> None:
    walk.edit(delivered.table("en-US"), "L0002", dub="Three whole years I waited.")
    delivered.run("en", deliver="sub")
    manifest = json.loads((delivered.version("en-US", 2) / "manifest.json").read_text("utf-8"))
    assert [one["line"] for one in manifest["findings"] if one["check"] == "one-sided"] == ["L0002"]
    assert manifest["terms"] == {"hits": 0, "kept": 0, "accuracy": None, "missed": []}, "no term occurs"
