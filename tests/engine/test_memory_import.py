"""Somebody else's TMX in the series memory: told by where it is from, filled in only when answered for."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest
from localize.cli.app import app
from typer.testing import CliRunner

from localize.engine.glossary_terms import export
from localize.engine.memory_import import take
from localize.errors import InputError
from localize.formats import tmx
from localize.series import open_series

THEIRS = """<?xml version="1.0"?><!DOCTYPE tmx SYSTEM "tmx14.dtd"><tmx version="1.4">
<header srclang="zh-CN" segtype="sentence" creationtool="x" creationtoolversion="1" o-tmf="x" adminlang="en"
 datatype="plaintext"/><body>
<tu changedate="20240501T101500Z" changeid="maria"><tuv xml:lang="zh-CN"><seg>签了吧。</seg></tuv>
<tuv xml:lang="es-419"><seg>Firma ya.</seg></tuv><tuv xml:lang="fr"><seg>Signe.</seg></tuv></tu>
<tu creationdate="20230101T000000Z" creationid="bo"><tuv xml:lang="zh-CN"><seg>=滚！</seg></tuv>
<tuv xml:lang="es" changeid="ana"><prop type="x-state">draft</prop><seg>-¡Largo!</seg></tuv></tu>
<tu><tuv xml:lang="zh-CN"><seg>OK</seg></tuv><tuv xml:lang="es"><seg>Vale</seg></tuv></tu>
</body></tmx>"""


@pytest.fixture
def root(tmp_path: Path) -> Path:
    folder = tmp_path / "SERIES"
    folder.mkdir()
    (folder / "series.toml").write_text('id = "late"\ntitle = "晚了"\n', "utf-8")
    (folder / "memory.csv").write_text("source,market,dub\n走吧。,es-419,Vamos.\n", "utf-8")
    (tmp_path / "theirs.tmx").write_text(THEIRS, "utf-8")
    return folder


def test_the_spanish_of_a_country_of_latin_america_is_the_markets(root: Path) -> None:
    file = root.parent / "theirs.tmx"
    for code, market in (("es-MX", "es-419"), ("ES_ar", "es-419"), ("es-ES", "")):
        file.write_text(THEIRS.replace('"es-419"', f'"{code}"'), "utf-8")
        found = take(root, file, "Ana", look=True)
        assert [row["market"] for row in found.added if row["dub"] == "Firma ya."] == ([market] if market else [])
        assert market or dict(found.left)["es-ES: no market speaks it"] == 1


def test_rows_keep_file_day_and_who_changed_them(root: Path) -> None:
    found = take(root, root.parent / "theirs.tmx", "Ana")
    assert [(row["source"], row["dub"], row["status"]) for row in found.added] == [
        ("签了吧。", "Firma ya.", "draft"), ("=滚！", "-¡Largo!", "draft"),
    ]  # fmt: skip
    assert dict(found.left) == {"fr: no market speaks it": 1, "no Chinese, or no translation": 1}
    _, first, second = open_series(root).memory["es-419"]
    assert (first.reference, first.why_not) == ("theirs.tmx (maria, 2024-05-01)", "the earlier line was never reviewed")
    assert second.reference == "theirs.tmx (ana, 2023-01-01)" and second.source == "=滚！" and second.dub == "-¡Largo!"
    with (root / "memory.history.csv").open(encoding="utf-8") as file:
        told = list(csv.DictReader(file))
    assert {(row["by"], row["from"]) for row in told} == {("Ana", "theirs.tmx")}
    before = (root / "memory.csv").read_bytes()
    again = take(root, root.parent / "theirs.tmx", "Ana")
    assert again.added == () and again.known == 2 and (root / "memory.csv").read_bytes() == before


def test_only_what_somebody_answers_for_may_fill_a_line(root: Path) -> None:
    looked = take(root, root.parent / "theirs.tmx", "Ana", reviewed=True, look=True)
    assert len(looked.added) == 2 and len(open_series(root).memory["es-419"]) == 1
    take(root, root.parent / "theirs.tmx", "Ana", reviewed=True)
    doubts = [hit.why_not for hit in open_series(root).memory["es-419"][1:]]
    assert doubts == ["", "the earlier line was never reviewed"], "what the file calls a draft stays one"


def test_what_goes_out_again_tells_where_it_is_from(root: Path) -> None:
    take(root, root.parent / "theirs.tmx", "Ana")
    export(root, root.parent / "ours.tmx", "late", "zh-CN")
    data = (root.parent / "ours.tmx").read_bytes()
    assert b'changeid="maria"' in data and b'changedate="20240501T000000Z"' in data
    unit = next(one for one in tmx.read(data, "x").units if one.target == "Firma ya.")
    assert (unit.fact("from"), unit.fact("changed"), unit.fact("changed_by")) == ("theirs.tmx", "2024-05-01", "maria")
    back = take(root, root.parent / "ours.tmx", "Bo")
    assert back.added == () and back.known == 3


def test_the_command_tells_what_it_did_and_refuses_others(root: Path) -> None:
    done = CliRunner().invoke(app, ["memory", "import", str(root), str(root.parent / "theirs.tmx"), "--json"])
    told = json.loads(done.stdout)
    assert done.exit_code == 0 and len(told["added"]) == 2 and told["known"] == 0
    again = CliRunner().invoke(app, ["memory", "import", str(root), str(root.parent / "theirs.tmx")])
    assert "0 added" in again.stdout and "2 were there already" in again.stdout
    (root.parent / "bomb.tmx").write_text('<!DOCTYPE t [<!ENTITY a "b">]><tmx><header/></tmx>', "utf-8")
    for name, why in (("bomb.tmx", "document type"), ("a.csv", "no memory is called")):
        with pytest.raises(InputError, match=why):
            take(root, root.parent / name, "Ana")


def test_all_lengths_a_person_approved_go_out_and_come_back(root: Path) -> None:
    table = root / "memory.csv"
    table.write_text(
        "source,market,dub,subtitle,short,long,status\n"
        "我一直没有忘记。,es-419,Nunca lo olvidé.,,Lo recuerdo.,Jamás he podido olvidarlo.,reviewed\n",
        "utf-8",
    )
    [hit] = open_series(root).memory["es-419"]
    assert (hit.dub, hit.short, hit.long) == ("Nunca lo olvidé.", "Lo recuerdo.", "Jamás he podido olvidarlo.")
    file = root.parent / "ours.tmx"
    export(root, file, "late", "zh-CN")
    theirs = root.parent / "other" / "SERIES"
    theirs.mkdir(parents=True)
    (theirs / "series.toml").write_text('id = "other"\ntitle = "别的"\n', "utf-8")
    take(theirs, file, "Ana", reviewed=True)
    [there] = open_series(theirs).memory["es-419"]
    assert (there.dub, there.short, there.long) == (hit.dub, hit.short, hit.long)
