"""``localize glossary`` as a person at a terminal and a script use it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from localize.cli.app import app
from typer.testing import CliRunner, Result

from localize.errors import InputError

TERMS = "source,en-US,es-419,kind,use,scope,status,note\n陆总,Mr. Lu,señor Lu,title,,,,\n绿茶,green tea,,idiom,,,,\n"
WIDE = {"COLUMNS": "80", "NO_COLOR": "1"}


def call(*words: str | Path) -> Result:
    """The command in this process; what it raises is raised here."""
    done = CliRunner().invoke(app, ["glossary", *map(str, words)], env=WIDE)
    if done.exception is not None and not isinstance(done.exception, SystemExit):
        raise done.exception
    return done


@pytest.fixture
def series(tmp_path: Path) -> Path:
    root = tmp_path / "SERIES"
    root.mkdir()
    (root / "series.toml").write_text('id = "late"\ntitle = "晚了"\n', "utf-8")
    (root / "terms.csv").write_text(TERMS, "utf-8-sig")
    return root


def test_check_fits_the_terminal_and_ends_well(series: Path) -> None:
    done = call("check", series)
    assert done.exit_code == 0 and "no target" in done.stdout and "es-419" in done.stdout
    assert max(map(len, done.stdout.splitlines()[:-1])) <= 80
    assert done.stdout.rstrip().endswith("1 warning")


def test_check_lists_every_error_at_once_and_exits_2(series: Path) -> None:
    with (series / "terms.csv").open("a", encoding="utf-8") as file:
        file.write("陆总,Boss Lu,jefe,title,,,,\n夫人,Madam,,nickname,,,,\n")
    done = call("check", series, "--json")
    told = json.loads(done.stdout)
    errors = [(one["line"], one["check"]) for one in told["problems"] if one["weight"] == "error"]
    assert done.exit_code == 2 and errors == [(4, "conflict"), (5, "value")] and told["terms"] == 4
    assert "Mr. Lu there, Boss Lu here" in done.stdout


def test_check_of_an_episode_and_of_nothing(series: Path) -> None:
    video = series.parent / "late_ep01.mp4"
    video.write_bytes(b"")
    (series / "scripts").mkdir()
    (series / "scripts" / "late_ep01.en-US.csv").write_text("source,dub\n陆总！,Mr. Lu!\n", "utf-8")
    told = json.loads(call("check", video, "--json").stdout)
    assert told["episodes"] == ["late_ep01"]
    assert [one["check"] for one in told["problems"]] == ["no target", "unused"]
    with pytest.raises(InputError, match="there is no such file"):
        call("check", series / "nothing")
    with pytest.raises(InputError, match=r"no series\.toml"):
        call("check", series.parent)


def test_terms_go_out_and_come_back(series: Path) -> None:
    file = series.parent / "terms.tbx"
    assert "2 rows of terms.csv" in call("export", series, file).stdout
    assert "nothing to change" in call("import", series, file).stdout
    file.write_text(file.read_text("utf-8").replace("señor Lu", "don Lu"), "utf-8")
    done = call("import", series, file, "--by", "Ana", "--json")
    told = json.loads(done.stdout)
    assert [(one["column"], one["after"]) for one in told["changes"]] == [("es-419", "don Lu")]
    assert (
        "don Lu" in (series / "terms.csv").read_text("utf-8") and ",Ana," in (series / "terms.history.csv").read_text()
    )
    video = series.parent / "late_ep01.mp4"
    video.write_bytes(b"")
    with pytest.raises(InputError, match="a kit is for one market"):
        call("export", video, series.parent / "kit.xlsx")


def test_questions_are_listed_answered_and_told(series: Path, capsys: pytest.CaptureFixture[str]) -> None:
    from localize.cli.queries import still_open

    from localize.queries import ask

    video = series.parent / "late_ep01.mp4"
    video.write_bytes(b"")
    assert "0 asked, 0 open" in call("queries", series).stdout
    ask(series, "late_ep01", "es-419", [("L0001", "Who is meant?")], "Ana")
    ask(series, "late_ep02", "es-419", [("L0007", "Why?")], "Ana")
    assert "Who is meant?" in call("queries", series).stdout and "Why?" not in call("queries", video).stdout
    assert "2 asked, 2 open; answer with" in call("queries", series).stdout
    still_open(series, "late_ep01", "localize")
    assert "1 question of translators not answered yet" in capsys.readouterr().out
    assert "— The butler. (Bo)" in call("answer", series, "Q1", "The butler.", "--by", "Bo").stdout
    assert [one["id"] for one in json.loads(call("queries", series, "--json").stdout)] == ["Q2"]
    assert [one["answer"] for one in json.loads(call("queries", series, "--all", "--json").stdout)] == [
        "The butler.", "",
    ]  # fmt: skip
    still_open(series, "late_ep01", "localize")
    assert not capsys.readouterr().out
    with pytest.raises(InputError, match="no question is called 'Q7'"):
        call("answer", series, "Q7", "x")


def test_terms_go_out_as_xliff_2_on_request(series: Path) -> None:
    file = series.parent / "terms.xlf"
    with pytest.raises(InputError, match="one target language"):
        call("export", series, file, "--xliff", "2.1")
    call("export", series, file, "--xliff", "2.1", "--to", "es")
    assert 'version="2.1"' in file.read_text("utf-8") and "nothing to change" in call("import", series, file).stdout
    file.write_text(file.read_text("utf-8").replace("señor Lu", "don Lu"), "utf-8")
    assert "don Lu" in call("import", series, file).stdout
