"""``localize transcribe`` and ``localize conform`` as a person runs them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from localize.cli.app import app
from typer.testing import CliRunner, Result

from localize.errors import InputError
from localize.timing import clock
from tests.support.film import Stretch, film

SAID = ((1_000, "你怎么还有脸回来"), (6_000, "三年前的账我们慢慢算"))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("show")


def run(folder: Path, *words: str) -> Result:
    return CliRunner().invoke(app, [*words, "--store", str(folder / "store")], catch_exceptions=True)


@pytest.fixture(scope="module")
def episode(folder: Path) -> Path:
    made = film(folder / "ep01.mp4", [Stretch(3, 0, 10)])
    rows = (f"{n}\n{clock(at)} --> {clock(at + 2_000)}\n{text}\n" for n, (at, text) in enumerate(SAID, 1))
    made.with_suffix(".srt").write_text("\n".join(rows), "utf-8")
    return made


def test_a_transcript_in_every_format(folder: Path, episode: Path) -> None:
    ran = run(folder, "transcribe", str(episode), "--out", "srt,vtt,ass,json,dapt")
    assert ran.exit_code == 0, ran.output
    assert "2 lines" in ran.output and SAID[0][1] in ran.output
    made = {path.name for path in (folder / "ep01.localize").iterdir()}
    assert made == {"transcript.csv", *(f"transcript.{end}" for end in ("srt", "vtt", "ass", "json", "dapt.ttml"))}
    for path in (folder / "ep01.localize").iterdir():
        assert SAID[1][1] in path.read_text("utf-8-sig")


def test_what_is_edited_in_the_table_is_there_the_next_time(folder: Path, episode: Path) -> None:
    table = folder / "ep01.localize" / "transcript.csv"
    table.write_text(table.read_text("utf-8-sig").replace(SAID[0][1], "你还敢回来"), "utf-8-sig")
    ran = run(folder, "transcribe", str(episode), "--out", "json", "--json")
    assert ran.exit_code == 0 and json.loads(ran.output.splitlines()[-1])["lines"] == 2
    told = json.loads((folder / "ep01.localize" / "transcript.json").read_text("utf-8"))
    assert told["lines"][0]["text"] == "你还敢回来"
    assert [line["from"]["text"] for line in told["lines"]] == [["person"], ["sidecar"]]


def test_a_thought_stands_in_italics_where_the_format_has_them(folder: Path, episode: Path) -> None:
    table = folder / "ep01.localize" / "transcript.csv"
    before = table.read_text("utf-8-sig")
    table.write_text(before.replace(",speech," + SAID[1][1], ",thought," + SAID[1][1]), "utf-8-sig")
    assert run(folder, "transcribe", str(episode), "--out", "srt,vtt,ass").exit_code == 0
    made = {end: (folder / "ep01.localize" / f"transcript.{end}").read_text("utf-8") for end in ("srt", "vtt", "ass")}
    assert f"<i>{SAID[1][1]}</i>" in made["vtt"] and "{\\i1}" + SAID[1][1] in made["ass"] and "<i>" not in made["srt"]


def test_quietly_only_the_place_of_the_result_is_said(folder: Path, episode: Path) -> None:
    ran = run(folder, "transcribe", str(episode), "--quiet")
    assert ran.exit_code == 0 and "transcript.csv" in ran.output and len(ran.output.strip().splitlines()) == 1


def test_an_unknown_format_is_refused_before_any_work(folder: Path, episode: Path) -> None:
    ran = run(folder, "transcribe", str(episode), "--out", "docx")
    assert isinstance(ran.exception, InputError) and "docx" in str(ran.exception)


@pytest.mark.parametrize("words", [("transcribe",), ("cast",), ("conform", "old.mp4")])
def test_a_recognisers_folder_is_taken_everywhere(folder: Path, episode: Path, words: tuple[str, ...]) -> None:
    (folder / "old.mp4").write_bytes(episode.read_bytes())
    ran = run(folder, words[0], *(str(folder / one) for one in words[1:]), str(episode), "--asr-model", "nowhere")
    assert isinstance(ran.exception, InputError) and "--asr-model nowhere" in str(ran.exception)


def test_a_folder_that_cannot_be_made_names_the_option_of_this_command(folder: Path, episode: Path) -> None:
    ran = run(folder, "transcribe", str(episode), "--folder", str(episode / "inside"))
    assert isinstance(ran.exception, InputError) and ran.exception.fix == "choose another folder with --folder DIR"


def test_a_later_cut_keeps_its_lines(folder: Path, episode: Path) -> None:
    new = film(folder / "ep01_v2.mp4", [Stretch(4, 0, 2), Stretch(3, 5, 10)])
    new.with_suffix(".srt").write_text(f"1\n{clock(3_000)} --> {clock(5_000)}\n{SAID[1][1]}\n", "utf-8")
    ran = run(folder, "conform", str(episode), str(new), "--json")
    assert ran.exit_code == 0, ran.output
    told = json.loads(ran.output.splitlines()[-1])
    assert {line["line"]: line["fate"] for line in told["lines"]} == {"L0001": "lost", "L0002": "kept"}
    assert run(folder, "conform", str(episode), str(new)).exit_code == 0


def test_a_new_cut_may_bring_its_own_subtitle_file(folder: Path, episode: Path) -> None:
    new = film(folder / "ep01_v3.mp4", [Stretch(4, 0, 2), Stretch(3, 0, 10)])
    rows = (f"{n}\n{clock(at + 2_000)} --> {clock(at + 4_000)}\n{text}\n" for n, (at, text) in enumerate(SAID, 1))
    given = folder / "from_the_cutting_room.srt"
    given.write_text("\n".join(rows), "utf-8")
    missing = run(folder, "conform", str(episode), str(new), "--subtitles", str(folder / "lost.srt"))
    assert isinstance(missing.exception, InputError)
    ran = run(folder, "conform", str(episode), str(new), "--subtitles", str(given), "--engine", "ocr=rapid", "--json")
    assert ran.exit_code == 0, ran.output
    told = json.loads(ran.output.splitlines()[-1])
    assert {line["line"]: line["now"] for line in told["lines"]} == {"L0001": [3_000, 5_000], "L0002": [8_000, 10_000]}


def test_the_cast_reads_the_lines_the_transcript_was_made_from(folder: Path) -> None:
    """Read from somewhere else, the lines would be others: new ids would be given and these be retired."""
    other = film(folder / "ep02.mp4", [Stretch(5, 0, 6)])
    given, place = folder / "words.srt", folder / "elsewhere"
    given.write_text(f"1\n{clock(1_000)} --> {clock(3_000)}\n{SAID[0][1]}\n", "utf-8")
    same = ("--subtitles", str(given), "--transcript", "sidecar", "--folder", str(place))
    assert run(folder, "transcribe", str(other), *same).exit_code == 0
    ledger, table = folder / "SERIES" / "lines" / "ep02.json", place / "transcript.csv"
    before = ledger.read_bytes(), table.read_bytes()
    ran = run(folder, "cast", str(other), *same, "--json")
    assert ran.exit_code == 0, ran.output
    assert [one["lines"] for one in json.loads(ran.output.splitlines()[-1])] == [["L0001"]]
    assert (ledger.read_bytes(), table.read_bytes()) == before and not (folder / "ep02.localize").exists()
