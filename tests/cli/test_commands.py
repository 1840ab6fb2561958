"""The command as people and scripts use it: help, plan, doctor, why, JSON, exit codes, names of all kinds."""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import walk
from localize.cli.app import app
from localize.cli.commands import order_from
from localize.cli.doctor import DOES
from localize.cli.show import called
from typer.main import get_command
from walk import Place, Ran

from localize.errors import InputError
from localize.market import markets
from localize.roles import ROLES

DAY = r"\d{4}-\d\d-\d\d"
NASTY = "-a:b 'c' \"d\" [e] 晚了，陆总 😀 %d;{f}$g"


def test_help_is_light_and_whole(nothing: Place) -> None:
    code = "import sys; sys.argv = ['localize', '--help']\nfrom localize.cli import main\ntry: main()\n"
    code += "finally: print(sorted({'cv2', 'onnxruntime', 'torch', 'numpy'} & set(sys.modules)), file=sys.stderr)"
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert said.stderr.strip() == "[]"
    assert all(word in said.stdout for word in ("run", "plan", "doctor", "why", "models", "Exit codes", "130"))
    bare = nothing.cli()
    assert bare.returncode == 2 and "Usage: localize" in bare.stdout + bare.stderr


@pytest.mark.parametrize(
    ("words", "where", "what"),
    [
        (("ep.mp4", "--number", "-5"), "run", "'--number'"),
        (("ep.mp4", "--colour"), "run", "--colour"),
        (("plan",), "plan", "missing argument"),
        (("glossary", "nothing"), "glossary", "nothing"),
    ],
)
def test_a_wrong_word_is_told_like_every_other_error(words: tuple[str, ...], where: str, what: str) -> None:
    code = "from localize.cli import main; main()"
    said = subprocess.run([sys.executable, "-c", code, *words], capture_output=True, text=True, check=False)
    head, advice = said.stderr.splitlines()
    assert (said.returncode, said.stdout) == (2, "")
    assert head.startswith(f"localize: {where}: ") and what in head, said.stderr
    assert advice.startswith("  → ") and advice.endswith(f"{where} --help says more")


def started(*words: str, out: str = "") -> subprocess.CompletedProcess[str]:
    code = "from localize.cli import main; main()"
    with Path(out or os.devnull).open("w") as file:
        return subprocess.run(
            [sys.executable, "-c", code, *words], stdout=file if out else subprocess.PIPE, stderr=subprocess.PIPE,
            text=True, check=False,
        )  # fmt: skip


def test_a_mistyped_command_is_told_which_one_it_resembles(tmp_path: Path) -> None:
    said = started("doctro")
    assert said.returncode == 2 and "no command and no file 'doctro'" in said.stderr
    assert "did you mean localize doctor?" in said.stderr
    assert "there is no such file" in started("episode").stderr, "like no command: an episode"
    assert "there is no such file" in started("doctro.mp4").stderr


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full here")
@pytest.mark.parametrize("words", [("run", "--list-markets", "--json"), ("--help",)])
def test_output_that_cannot_be_written_is_an_error(words: tuple[str, ...]) -> None:
    said = started(*words, out="/dev/full")
    assert said.returncode == 2 and said.stderr.startswith("localize: what was to be written cannot be")
    assert "Traceback" not in said.stderr and "Exception ignored" not in said.stderr


def test_a_folder_that_is_no_series_is_told(tmp_path: Path) -> None:
    said = started("cast", str(tmp_path))
    assert said.returncode == 2 and "is a folder, and no series" in said.stderr and "series.toml" in said.stderr
    (tmp_path / "SERIES").mkdir()
    (tmp_path / "SERIES" / "series.toml").write_text('id = "x"\ntitle = "X"\n', "utf-8")
    assert f"did you mean {tmp_path / 'SERIES'}?" in started("cast", str(tmp_path)).stderr


def test_version_and_markets(nothing: Place) -> None:
    from importlib.metadata import version

    assert nothing.cli("--version").stdout == f"localize {version('localize-drama')}\n"
    listed = nothing.cli("--list-markets").stdout.splitlines()
    assert [line.split()[0] for line in listed] == list(markets())
    assert "es-419   es" in listed[1] and {"pt-BR", "th-TH", "ja-JP", "ko-KR"} <= {line.split()[0] for line in listed}
    for words in (("--list-markets", "--json"), ("--json", "--list-markets")):
        told = json.loads(nothing.cli(*words).stdout)
        assert [one["code"] for one in told] == list(markets()) and told[1]["short"] == "es"


def test_the_package_is_the_command_too(nothing: Place) -> None:
    said = subprocess.run([sys.executable, "-m", "localize", "--version"], capture_output=True, text=True, check=True)
    assert said.stdout == nothing.cli("--version").stdout


def test_advice_begins_with_a_command_one_can_paste(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first, other = (tmp_path / name / "localize" for name in ("one", "two"))
    for program in (first, other):
        program.parent.mkdir()
        program.write_text("#!/bin/sh\n")
        program.chmod(0o755)
    monkeypatch.setenv("PATH", str(first.parent))
    for started, told in ((first, "localize"), (other, str(other)), (tmp_path / "pytest", "localize")):
        monkeypatch.setattr(sys, "argv", [str(started)])
        assert called() == told
    monkeypatch.setattr(sys, "argv", [str(tmp_path / "localize" / "__main__.py")])
    assert called() == f"{sys.executable} -m localize"


def test_the_plan_says_what_why_and_how_to_get_more(fresh: Place) -> None:
    before = walk.tree(fresh.folder)
    said = fresh.cli("plan", fresh.episode, "--to", "en,es")
    assert said.returncode == 0, said.stderr
    for word in ("en-US, es-419", "espeak", "preview", "LOCALIZE_LLM_URL", "no engine", "casting.toml"):
        assert word in said.stdout
    as_json = json.loads(fresh.cli("plan", fresh.episode, "--to", "all", "--json").stdout)
    assert [row["stage"] for row in as_json["rows"]][:3] == ["probe", "shots", "ocr"]
    assert {market for market, *_ in as_json["casting"]} == set(markets()) - {"ja-JP"}
    assert any("ja-JP: subtitles only" in note for note in as_json["notes"])
    assert any("are drafts: no native reader has signed" in note for note in as_json["notes"])
    assert walk.tree(fresh.folder) == before, "a plan does nothing"
    assert fresh.cli("plan", "missing.mp4").returncode == 2


def test_the_plan_takes_every_option_that_changes_what_would_run() -> None:
    commands = get_command(app).commands  # type: ignore[attr-defined]
    taken = {name: {word for one in commands[name].params for word in one.opts} for name in ("run", "plan")}
    assert taken["run"] - taken["plan"] == {"--by", "--quiet", "-q", "--list-markets"}


def test_the_plan_tells_what_is_there_already(delivered: Place) -> None:
    before = walk.tree(delivered.folder)
    said = delivered.cli("plan", delivered.episode)
    for told in ("lines from burned-in captions (3 lines)", "3 of 3 takes reused", "nothing would run"):
        assert told in said.stdout, said.stderr
    as_json = json.loads(delivered.cli("plan", delivered.episode, "--platform", "reels", "--json").stdout)
    assert as_json["lines"]["origin"] == "captions" and as_json["lines"]["count"] == 3 and not as_json["idle"]
    facts = {(one["stage"], one["market"]): one for one in as_json["states"]}
    assert facts["synthesize", "en-US"]["reused"] == facts["synthesize", "en-US"]["total"] == 3
    assert facts["caption", "id-ID"]["fate"] == "run"
    assert (facts["film", "id-ID"]["fate"], facts["film", "id-ID"]["cause"]) == ("waits", "caption")
    assert walk.tree(delivered.folder) == before


@pytest.mark.parametrize("columns", [80, 100])
def test_the_plan_fits_the_terminal(delivered: Place, columns: int) -> None:
    narrow = delivered.environment() | {"COLUMNS": str(columns)}
    said = delivered.cli("plan", delivered.episode, "--to", "all", "--platform", "reels", env=narrow)
    assert said.returncode == 0, said.stderr
    assert max(len(line) for line in said.stdout.splitlines()) <= columns


def test_a_named_engine_is_taken_or_refused(fresh: Place) -> None:
    assert fresh.cli("plan", fresh.episode, "--engine", "tts=espeak").returncode == 0
    for words, code, told in (
        ("tts=nope", 3, "no tts engine is called 'nope'"),
        ("asr=faster_whisper", 3, "pip install"),
        ("voice", 2, "role=name"),
    ):
        said = fresh.cli("plan", fresh.episode, "--engine", words)
        if words.startswith("asr") and said.returncode == 0:
            continue  # it is installed here
        assert said.returncode == code and told in said.stderr


def test_doctor_knows_every_engine(nothing: Place) -> None:
    rows = json.loads(nothing.cli("doctor", "--json").stdout)
    ready = {row["engine"]: row["ready"] for row in rows}
    assert ready["espeak"] and ready["rapid"] and not ready["openai_chat"]
    assert all(row["licence"] and row["use"] for row in rows)
    assert all(row["why"] and row["fix"] for row in rows if not row["ready"])
    said = nothing.cli("doctor").stdout
    assert "LOCALIZE_LLM_URL" in said and "localize models fetch" in said and str(nothing.home) in said
    assert said.startswith("ready: ") and "not here: " in said and "missing" not in said
    assert set(DOES) >= set(ROLES)


def test_why_tells_what_a_line_was_made_from_and_what_changed(delivered: Place) -> None:
    before = walk.tree(delivered.folder)
    first = delivered.cli("why", delivered.stem, "L0002", "--to", "en").stdout
    assert walk.tree(delivered.folder) == before
    assert "synthesize L0002 en-US: made" in first and "espeak" in first
    assert "dub text: from a person's script" in first
    assert "I waited three whole years for you." in first and "was" not in first.split()
    walk.edit(delivered.table("en-US"), "L0002", dub="Three years I waited.")
    delivered.run("en")
    again = delivered.cli("why", delivered.episode, "L0002", "--to", "en").stdout
    assert "dub text was “I waited three whole years for you.”, now “Three years I waited.”" in again
    written = rf"dub text: written by Ana on {DAY} in lines\.csv, was: “I waited three whole years for you\.”"
    assert re.search(written, again)
    assert re.search(written, delivered.cli("why", delivered.stem, "L0002", cwd=delivered.home).stdout)
    lost = delivered.cli("why", delivered.stem, "L0002", "--series", "nowhere")
    assert lost.returncode == 0 and "edits are not told" in lost.stderr and "written by" not in lost.stdout
    stage = delivered.cli("why", delivered.episode.name, "render", "--to", "en")
    assert stage.returncode == 0 and "render dub en-US: made" in stage.stdout
    assert delivered.cli("why", delivered.stem, "L0099").returncode == 2
    unknown = delivered.cli("why", "other", "L0001")
    assert unknown.returncode == 2 and "run the episode first" in unknown.stderr


def test_models_are_listed_and_refused_when_wrong(nothing: Place) -> None:
    listed = nothing.cli("models", "list")
    assert listed.returncode == 0 and "Apache-2.0" in listed.stdout and "missing" in listed.stdout
    refused = nothing.cli("models", "import", nothing.folder)
    assert refused.returncode in (2, 3) and "→" in refused.stderr and "Traceback" not in refused.stderr


def test_completion_can_be_shown(nothing: Place) -> None:
    for shell in ("bash", "zsh", "fish"):
        environment = nothing.environment() | {"_TYPER_COMPLETE_TEST_DISABLE_SHELL_DETECTION": "1"}
        said = nothing.cli("--show-completion", shell, env=environment)
        assert said.returncode == 0 and "LOCALIZE_COMPLETE" in said.stdout


def test_json_is_one_event_a_line_and_nothing_else(delivered: Place) -> None:
    walk.edit(delivered.table("id-ID"), "L0001", subtitle="Tak bisa lari.")
    said = delivered.cli(delivered.episode, "--to", "en,id", "--json")
    assert said.returncode == 0 and said.stderr == ""
    events = walk.events_of(said.stdout)
    kinds = {"plan", "note", "warning", "begin", "progress", "done", "reused", "delivered"}
    assert {event["kind"] for event in events} == kinds
    assert {event["stage"] for event in events if event["kind"] == "done"} == {"caption", "film", "render", "qc"}
    assert all(len(event["key"]) == 64 for event in events if event["kind"] in ("done", "reused"))


def test_json_tells_failures_too(gated: Place) -> None:
    said = gated.cli(gated.episode, "--to", "es", "--json", "--deliver", "clean")
    assert said.returncode == 5
    [failed] = [event for event in walk.events_of(said.stdout) if event["kind"] == "failed"]
    assert failed["market"] == "es-419" and "L0003" in failed["message"]
    facts = failed["facts"]
    assert (facts["lines"], facts["sources"], facts["exit_code"]) == (["L0003"], [walk.UNKNOWN], 5)
    assert facts["what"].startswith("1 line has no translation") and Path(facts["table"]).is_file()
    resumed = gated.cli(*shlex.split(facts["resume"])[1:])
    assert resumed.returncode == 5 and "1 line has no translation" in resumed.stderr
    whole = gated.cli("missing.mp4", "--json")
    assert whole.returncode == 2 and walk.events_of(whole.stdout)[-1]["kind"] == "failed"


def test_quiet_says_only_where_the_result_is(delivered: Place) -> None:
    said = delivered.cli(delivered.episode, "--to", "en", "--quiet")
    assert said.stderr == "" and said.stdout.count("\n") == 1 and str(delivered.version("en-US")) in said.stdout


def test_the_screen_shows_the_plan_the_stages_and_the_end(fresh: Place) -> None:
    walk.forget(fresh, keep=("ocr", "erase", "separate"))
    said = fresh.cli(fresh.episode, "--to", "en", "--deliver", "sub")
    assert said.returncode == 0 and said.stdout == ""
    for word in ("rapid", "diarize", "render     en-US", "s left", "en-US: delivered"):
        assert word in said.stderr


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["--to", "xx"], "no market is called 'xx'"),
        (["--to", ","], "no market was named"),
        (["--deliver", "audio"], "cannot deliver audio"),
        (["--transcript", "guess"], "lines cannot come from 'guess'"),
        (["--platform", "cinema"], "no platform is called 'cinema'"),
        (["--preset", "warp"], "no x264 preset"),
        (["--template", "{nope}"], "knows no {nope}"),
        (["--me", "missing.wav"], "no such music-and-effects track"),
        (["--subtitles", "missing.srt"], "no such subtitle file"),
        (["--series", "SERIES/cast"], "no series.toml"),
        (["--series", "SERIS"], "did you mean SERIES?"),
        (["--bogus"], "no such option"),
    ],
)
def test_a_wrong_word_is_told_before_any_work(fresh: Place, words: list[str], told: str) -> None:
    said = fresh.cli(fresh.episode, *words)
    assert said.returncode == 2 and told in said.stderr
    assert "done" not in said.stdout and not fresh.out.exists()


def test_a_mistyped_series_starts_nothing(nothing: Place) -> None:
    before = sorted(nothing.folder.rglob("*"))
    for words in ([], ["plan"]):
        said = nothing.cli(*words, nothing.episode, "--series", "SERIS")
        assert said.returncode == 2 and "SERIS: there is no such series folder" in said.stderr
        assert "make the empty folder first" in said.stderr
    assert sorted(nothing.folder.rglob("*")) == before
    (nothing.folder / "new show").mkdir()
    assert nothing.cli("plan", nothing.episode, "--series", "new show").returncode == 0


def test_all_markets(delivered: Place) -> None:
    said = delivered.cli(delivered.episode, "--to", "all", "--quiet")
    assert said.returncode in (0, 5)
    assert [line.split(":")[0] for line in said.stdout.splitlines()][:3] == list(walk.MARKETS)


def test_a_file_named_like_a_command(nothing: Place) -> None:
    for name in ("plan", "run", "doctor"):
        (nothing.folder / name).write_text("no video", encoding="utf-8")
    for words in (["./plan"], ["run", "plan"], ["--to", "en", "run"], ["run", "run"], ["./doctor"]):
        said = nothing.cli(*words)
        assert said.returncode == 2 and f"{Path(words[-1]).name}: this is text, not a video" in said.stderr
    assert nothing.cli("doctor").returncode == 0
    assert "missing argument" in nothing.cli("plan").stderr


def _renamed(place: Place, stem: str, series: str) -> Place:
    """The same episode and series under other names, its scripts going along."""
    place.episode.rename(place.folder / f"{stem}.mp4")
    for script in (place.series / "scripts").iterdir():
        script.rename(script.with_name(script.name.replace(place.stem, stem)))
    place.series.rename(place.folder / series)
    return Place(place.folder, stem)


@pytest.mark.parametrize("stem", ["it's 第三集", "[1080p] 1:2", "-dash"])
def test_names_of_every_kind_are_planned(nothing: Place, stem: str) -> None:
    place = _renamed(nothing, stem, f"series of {stem}")
    said = place.cli("plan", "--to", "en", "--", f"{stem}.mp4")
    assert said.returncode == 0, said.stderr
    assert "casting.toml" in said.stdout, "the series is found by its series.toml"


def test_the_worst_name_is_walked_to_the_end(fresh: Place) -> None:
    place = _renamed(fresh, NASTY, f"show {NASTY}")
    walk.forget(place, keep=("ocr", "erase"))
    for _ in range(2):
        said = place.cli("--to", "en", "--quiet", "--", f"{NASTY}.mp4")
        assert said.returncode == 0, said.stderr
    assert "nothing to do" in said.stdout
    names = [path.name for path in place.version("en-US").rglob("*")]
    assert names and all(name.isascii() for name in names)
    why = place.cli("why", "--to", "en", "--", NASTY, "L0001")
    assert "You can't get away." in why.stdout
    walk.edit(place.table("en-US"), "L0001", subtitle="No way out.")
    assert place.cli("--to", "en", "--quiet", "--", f"{NASTY}.mp4").returncode == 0
    assert place.version("en-US", 2).is_dir()


def test_a_first_run_starts_a_series(nothing: Place, walked: tuple[Place, Ran]) -> None:
    walk.copy_store(walked[0], nothing)
    shutil.rmtree(nothing.series)
    said = nothing.cli(nothing.episode, "--to", "es", "--deliver", "sub")
    assert said.returncode == 0, said.stderr
    assert "started a series directory" in said.stderr
    assert re.search(r'^id = "short_7"$', (nothing.series / "series.toml").read_text("utf-8"), re.MULTILINE)
    assert (nothing.series / "lines" / f"{nothing.stem}.json").is_file()
    assert not [path for path in Path(nothing.folder).iterdir() if path.name.startswith(".")]


def test_a_recognisers_folder_is_handed_on_and_a_missing_one_refused(tmp_path: Path) -> None:
    asked = {"episode": tmp_path / "ep.mp4", "to": "en", "asr_model": tmp_path}
    assert order_from(asked).options == {"asr": {"model": str(tmp_path)}}
    with pytest.raises(InputError, match="--asr-model"):
        order_from(asked | {"asr_model": tmp_path / "nothing"})
