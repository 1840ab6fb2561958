"""The walk from episode to versions, and what a change of one thing makes the engine do again."""

import csv
import json
import shutil
import subprocess
from collections import Counter
from itertools import pairwise
from pathlib import Path

import av
import pysubs2
import pytest
import walk
from walk import MARKETS, Place, Ran

from localize.errors import GateError, InputError
from localize.media import ffmpeg, probe

SHARED = {"probe", "shots", "ocr", "transcribe", "separate", "diarize", "erase", "look"}
OWN = {"translate", "adapt", "synthesize", "fit", "caption", "mix", "film", "render", "metadata", "qc"}
OUTPUTS = Counter({"render": 1, "qc": 1})


def video_of(place: Place, market: str, number: int = 1) -> Path:
    return next(place.version(market, number).glob("*_dub_*.mp4"))


def only(counted: Counter[str], *stages: str) -> bool:
    """Whether nothing but ``stages`` was worked on."""
    return set(counted) <= set(stages)


def test_the_first_run_walks_every_stage(walked: tuple[Place, Ran]) -> None:
    ran = walked[1]
    assert ran.outcome.exit_code == 0
    assert set(ran.done("")) == SHARED
    for market in MARKETS:
        assert set(ran.done(market)) - {"erase"} == OWN
        assert ran.done(market)["synthesize"] == 3
    assert all(one.new and one.number == 1 for one in ran.outcome.delivered)


@pytest.mark.parametrize("market", MARKETS)
def test_a_version_holds_every_file(walked: tuple[Place, Ran], market: str) -> None:
    folder = walked[0].version(market)
    names = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    head = f"short_{walk.SEED}_E001_{market}"
    expected = {f"{head}_subtitles_v1.{suffix}" for suffix in ("srt", "vtt", "ass")} | {f"{head}_dub_v1.mp4"}
    expected |= {f"stems/{head}_{stem}_v1.wav" for stem in ("dialogue", "music-effects", "mix")}
    with (folder / "lines.delivered.csv").open(encoding="utf-8-sig", newline="") as table:
        speakers = {row["speaker"] for row in csv.DictReader(table)}
    expected |= {f"stems/{head}_dialogue-{who}_v1.flac" for who in speakers}
    expected |= {"metadata.json", "report.html", "lines.delivered.csv", "manifest.json", "changes.md"}
    assert names == expected
    manifest = json.loads((folder / "manifest.json").read_text("utf-8"))
    assert manifest["grade"] == "preview" and manifest["drafts"] == []
    assert set(manifest["files"]) == names - {"manifest.json"}
    assert json.loads((folder / "metadata.json").read_text("utf-8"))["market"] == market
    assert "<html" in (folder / "report.html").read_text("utf-8")
    assert len((folder / f"{head}_subtitles_v1.srt").read_text("utf-8").strip().split("\n\n")) >= 3


@pytest.mark.parametrize("market", MARKETS)
@pytest.mark.parametrize("suffix", ["srt", "vtt"])
def test_no_two_cues_of_a_subtitle_file_overlap(walked: tuple[Place, Ran], market: str, suffix: str) -> None:
    events = list(pysubs2.load(str(next(walked[0].version(market).glob(f"*.{suffix}")))))
    assert len(events) >= 3
    assert all(one.end <= other.start for one, other in pairwise(events))


def test_the_styled_file_and_the_film_carry_the_title_and_who_speaks(walked: tuple[Place, Ran]) -> None:
    place = walked[0]
    folder = place.version("en-US")
    title = json.loads((folder / "metadata.json").read_text("utf-8"))["episode"]["title"]
    script = pysubs2.load(str(next(folder.glob("*.ass"))))
    speakers = {row["speaker"]: row["id"] for row in walk.rows(place.table("en-US")) if row["id"].startswith("L")}
    names = {event.name for event in script if event.name}
    assert script.info["Title"] == title and script.info["Language"] == "en-US"
    assert len(names) == len(speakers) and not names & set(speakers)
    with av.open(str(video_of(place, "en-US"))) as film:
        assert film.metadata["title"] == title


@pytest.mark.parametrize("market", MARKETS)
def test_the_video_is_what_a_platform_takes(walked: tuple[Place, Ran], market: str) -> None:
    place = walked[0]
    path = video_of(place, market)
    head = path.read_bytes()[: 1 << 20]
    assert 0 < head.find(b"moov") < head.find(b"mdat"), "the index must come first"
    source, made = probe.look(place.episode, "0" * 64), probe.look(path, "0" * 64)
    assert made.picture.width % 2 == made.picture.height % 2 == 0
    assert made.picture.rate == source.picture.rate
    frame = 1000 / made.picture.rate
    assert abs(made.picture.length - source.picture.length) <= frame
    assert abs(_sound_length(path) - made.picture.length) <= frame
    language = {"en-US": "eng", "es-419": "spa", "id-ID": "ind"}[market]
    assert language in (made.audio[0].language, _language(path))
    heard = ffmpeg.loudness(path)
    assert abs(heard.integrated + 14) <= 0.5
    assert heard.true_peak <= -1.0


def _sound_length(path: Path) -> float:
    """Milliseconds of sound a player hears: what the container says of the stream, after its edit list."""
    import av

    with av.open(str(path)) as file:
        stream = file.streams.audio[0]
        return float(1000 * stream.duration * stream.time_base)


def _language(path: Path) -> str:
    """The language tag of the sound as ffmpeg prints it."""
    said = subprocess.run([ffmpeg.binary(), "-hide_banner", "-i", path], capture_output=True, text=True, check=False)
    return said.stderr.partition("Audio:")[0].rpartition("(")[2].partition(")")[0]


def test_the_same_command_again_does_nothing_and_says_so(delivered: Place) -> None:
    before = walk.tree(delivered.out)
    again = delivered.run()
    assert again.done() == Counter() and again.outcome.exit_code == 0
    assert again.told("delivered").count("nothing to do") == 3
    assert walk.tree(delivered.out) == before
    assert walk.leftovers(delivered) == []


@pytest.mark.parametrize("lost", ["manifest.json", "report.html"])
def test_a_file_of_a_version_that_was_deleted_is_told_and_delivered_again(delivered: Place, lost: str) -> None:
    (delivered.version("en-US") / lost).unlink()
    again = delivered.run("en")
    assert f"v1 misses {lost}: delivered again as v2" in again.told("warning")
    assert set(walk.tree(delivered.version("en-US", 2))) > {"manifest.json", "report.html"}
    assert "nothing to do" in delivered.run("en").told("delivered")


def test_a_dub_edit_redoes_one_line_and_that_market(delivered: Place) -> None:
    before = walk.tree(delivered.version("en-US"))
    walk.edit(delivered.table("en-US"), "L0002", dub="Three years I waited.")
    ran = delivered.run()
    assert "took 1 edit from the tables" in ran.told("note")
    done = ran.done("en-US")
    assert done["synthesize"] == 1 and done["fit"] == 1 and done["mix"] == 1
    assert done & OUTPUTS == OUTPUTS
    assert only(done, "synthesize", "fit", "mix", "caption", "metadata", *OUTPUTS)
    assert ran.done() == done, "no other market and no shared stage may work"
    assert not delivered.version("es-419", 2).exists()
    assert walk.tree(delivered.version("en-US")) == before
    told = (delivered.version("en-US", 2) / "changes.md").read_text("utf-8")
    assert "L0002" in told and "Three years I waited." in told and "L0001" not in told
    row = walk.cells(delivered.table("en-US"), "L0002")
    assert (row["dub"], row["subtitle"]) == ("Three years I waited.", "I waited three whole years for you.")
    assert row["origin"] == "person"
    assert delivered.run().done() == Counter()


def test_a_subtitle_edit_leaves_the_voices_alone(delivered: Place) -> None:
    walk.edit(delivered.table("id-ID"), "L0003", subtitle="Sungguh buta aku.")
    ran = delivered.run()
    assert ran.done() == ran.done("id-ID") == OUTPUTS + Counter({"caption": 1, "film": 1})
    assert "Sungguh buta aku." in next(delivered.version("id-ID", 2).glob("*.srt")).read_text("utf-8")


def test_a_status_is_signed_without_any_work(delivered: Place) -> None:
    walk.edit(delivered.table("es-419"), "L0001", status="locked", note="approved by Ana")
    ran = delivered.run()
    assert only(ran.done(), "metadata", "qc")
    row = walk.cells(delivered.table("es-419"), "L0001")
    assert (row["status"], row["note"]) == ("locked", "approved by Ana")


def test_a_term_redoes_only_the_lines_it_is_in(delivered: Place) -> None:
    with (delivered.series / "terms.csv").open("a", encoding="utf-8") as file:
        file.write("整整三年,three whole years,,,idiom,dialogue,series,approved,\n")
    ran = delivered.run()
    redone = {one.title for one in ran.events if one.kind == "done" and one.stage in ("translate", "adapt")}
    assert redone == {"L0002 en-US"}
    assert "synthesize" not in ran.done() and ran.done("") == Counter()


def test_a_market_added_later_reuses_everything_shared(fresh: Place) -> None:
    walk.forget(fresh)
    fresh.run("en", deliver="clean")
    later = fresh.run("id")
    assert later.done("") == Counter()
    assert {one.stage for one in later.events if one.kind == "reused" and not one.market} == SHARED
    assert later.done("id-ID")["render"] == 1


def test_subtitles_and_textless_need_no_voice(fresh: Place) -> None:
    ran = fresh.run("en", deliver="sub,clean", engine=["tts=espeak"])
    assert only(ran.done("en-US"), "translate", "adapt", "caption", "erase", "film", "render", "metadata", "qc")
    names = {path.name.split("_")[4] for path in fresh.version("en-US").glob("*.mp4")}
    assert names == {"sub", "clean"}
    (stem,) = (fresh.version("en-US") / "stems").iterdir()
    assert "music-effects" in stem.name, "whoever dubs the textless picture needs it"
    assert json.loads((fresh.version("en-US") / "manifest.json").read_text("utf-8"))["grade"] == "delivery"


def test_a_gate_stops_its_market_alone_and_a_filled_table_opens_it(gated: Place) -> None:
    ran = gated.run()
    assert ran.outcome.exit_code == 5
    assert [one.market for one in ran.outcome.delivered] == ["en-US", "id-ID"]
    [(market, error)] = ran.outcome.failed
    assert market == "es-419" and isinstance(error, GateError)
    table = gated.table("es-419")
    assert "L0003" in str(error) and str(table) in str(error) and "--allow-draft" in str(error)
    assert not gated.version("es-419").exists()
    row = walk.cells(table, "L0003")
    assert (row["source"], row["dub"], row["status"]) == (walk.UNKNOWN, "", "missing")
    walk.edit(table, "L0003", dub="La luna cuelga en el pozo.")
    filled = gated.run()
    assert filled.outcome.exit_code == 0
    assert filled.done() == filled.done("es-419") and filled.done()["synthesize"] == 1
    row = walk.cells(table, "L0003")
    assert row["dub"] == row["subtitle"] == "La luna cuelga en el pozo." and row["origin"] == "person"
    assert gated.version("es-419").exists() and not gated.version("en-US", 2).exists()


def test_drafts_are_delivered_when_allowed_and_marked(gated: Place) -> None:
    ran = gated.run("es", allow_draft=True)
    assert ran.outcome.exit_code == 0 and "synthesize" not in ran.done()
    folder = gated.version("es-419")
    assert json.loads((folder / "manifest.json").read_text("utf-8"))["drafts"] == ["L0003"]
    assert all("DRAFT" in path.name for path in folder.glob("short*"))
    assert f"[DRAFT] {walk.UNKNOWN}" in next(folder.glob("*.srt")).read_text("utf-8")


def _stale(table: Path) -> None:
    walk.edit(table, "L0002", dub="Otra cosa.", seen="000000000000")


def _missing(table: Path) -> None:
    walk.save(table, [row for row in walk.rows(table) if row["id"] != "L0002"])


def _doubled(table: Path) -> None:
    found = walk.rows(table)
    walk.save(table, [*found, found[0]])


def _retimed(table: Path) -> None:
    walk.edit(table, "L0001", start="00:00:07,300")


def _garbled(table: Path) -> None:
    table.write_bytes(table.read_bytes()[:200] + b"\xff\x00\x9d")


@pytest.mark.parametrize("damage", [_stale, _missing, _doubled, _retimed, _garbled])
def test_a_damaged_table_is_refused_and_kept(delivered: Place, damage: "object") -> None:
    assert callable(damage)
    table = delivered.table("es-419")
    damage(table)
    before = walk.tree(delivered.folder)
    with pytest.raises(InputError) as refused:
        delivered.run()
    assert refused.value.exit_code == 2 and str(table) in str(refused.value)
    now = walk.tree(delivered.folder)
    assert [name for name in {*now, *before} if now.get(name) != before.get(name) and "home/" not in name] == []


def test_edits_outlive_the_store_and_the_versions(delivered: Place) -> None:
    walk.edit(delivered.table("en-US"), "L0001", dub="You will not escape.", status="locked", note="keep")
    delivered.run("en")
    shutil.rmtree(delivered.out)
    walk.forget(delivered)
    ran = delivered.run("en", deliver="sub")
    assert ran.outcome.exit_code == 0
    row = walk.cells(delivered.table("en-US"), "L0001")
    assert (row["dub"], row["status"], row["note"]) == ("You will not escape.", "locked", "keep")


def test_a_text_changed_under_an_edit_is_a_conflict(delivered: Place) -> None:
    walk.edit(delivered.table("en-US"), "L0001", dub="You will not escape.")
    delivered.run("en")
    script = delivered.series / "scripts" / f"{delivered.stem}.en-US.csv"
    script.write_text(script.read_text("utf-8").replace("You can't get away.", "There is no way out."), "utf-8")
    ran = delivered.run()
    [(market, error)] = ran.outcome.failed
    assert market == "en-US" and error.exit_code == ran.outcome.exit_code == 2
    assert "L0001" in str(error)
    assert len(ran.outcome.delivered) == 2
    walk.edit(delivered.table("en-US"), "L0001", status="reviewed")
    settled = delivered.run()
    assert settled.outcome.exit_code == 0
    assert walk.cells(delivered.table("en-US"), "L0001")["dub"] == "You will not escape."


def test_the_same_words_said_twice_are_heard_twice(gated: Place) -> None:
    """Two lines of one speaker with the same words and slot share a take; each is placed all the same."""
    said, spans = "你逃不掉的。", (("00:00:00,280", "00:00:01,440"), ("00:00:04,400", "00:00:05,560"))
    blocks = (f"{number}\n{' --> '.join(span)}\n{said}\n" for number, span in enumerate(spans, start=1))
    gated.episode.with_suffix(".srt").write_text("\n".join(blocks), "utf-8")
    script = gated.series / "scripts" / f"{gated.stem}.en-US.csv"
    rows = [",".join([*(f'"{time}"' for time in span), said, "Go away.,Go away.,,,reviewed"]) for span in spans]
    script.write_text("\n".join([script.read_text("utf-8").splitlines()[0], *rows, ""]), "utf-8")
    ran = gated.run("en")
    assert ran.outcome.exit_code == 0 and ran.done()["synthesize"] == 1
    fitted = [one.key for one in ran.events if one.kind == "done" and one.stage == "fit"]
    receipts = (gated.store / "receipts" / key[:2] / f"{key}.json" for key in fitted)
    placed = [(one["line"], one["start"]) for path in receipts for one in json.loads(path.read_text("utf-8"))["answer"]]
    assert sorted(placed) == [("L0001", 280), ("L0002", 4400)]


def test_two_runs_at_once_both_succeed(fresh: Place) -> None:
    walk.forget(fresh, keep=("ocr", "erase"))
    words = walk.command(fresh.episode, "--to", "en,id", "--json")
    both = [
        subprocess.Popen(words, env=fresh.environment(), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        for _ in range(2)
    ]
    for one in both:
        said, wrong = one.communicate(timeout=240)
        assert one.returncode == 0, wrong
        assert [event["kind"] for event in walk.events_of(said)][-2:] == ["delivered", "delivered"]
    for market in ("en-US", "id-ID"):
        assert sorted(path.name for path in (fresh.out / market).iterdir()) == ["lines.csv", "v1"]
    assert walk.leftovers(fresh) == []
    again = fresh.cli(fresh.episode, "--to", "en,id", "--json")
    assert "done" not in {event["kind"] for event in walk.events_of(again.stdout)}
