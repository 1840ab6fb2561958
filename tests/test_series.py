from __future__ import annotations

import hashlib
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest

from localize.errors import InputError
from localize.series import create_series, digest_of, find_series, is_series, locked, new_series, open_series, write

CAST = """
[[character]]
id = "lin_wan"
name = "林晚"
aliases = ["晚晚"]
gender = "female"
names = { "en-US" = "Lin Wan" }

[[character]]
id = "lu_chen"
name = "陆沉"
"""


@pytest.fixture
def root(tmp_path: Path) -> Path:
    folder = tmp_path / "SERIES"
    folder.mkdir()
    (folder / "series.toml").write_text('id = "s"\ntitle = "剧"\n[market."en-US"]\ntitle = "Show"\n', "utf-8")
    (folder / "cast.toml").write_text(CAST, "utf-8")
    (folder / "terms.csv").write_text("source,en-US,kind,use\n少爷,Young Master,title,dialogue\n", "utf-8-sig")
    (folder / "addresses.csv").write_text("speaker,addressee,market,form,call\nlu_chen,*,es-419,usted,\n", "utf-8")
    (folder / "casting.toml").write_text('[lin_wan]\n"*" = "stock-f1"\n"es-419" = "stock-f2"\n', "utf-8")
    (folder / "memory.csv").write_text("source;market;dub\n滚！;en-US;Get out!\n", "utf-8")
    return folder


def test_a_whole_series_is_read(root: Path) -> None:
    bible = open_series(root)
    assert bible.listing("en-US").title == "Show" and bible.listing("id-ID").title == ""
    assert bible.voice("lin_wan", "es-419") == "stock-f2"
    assert bible.voice("lin_wan", "en-US") == "stock-f1"
    found = bible.address("lu_chen", "lin_wan", "es-419")
    assert found is not None and found.form == "usted"
    assert [term.target for term in bible.glossary("en-US").found_in("少爷和林晚")] == [
        "Young Master",
        "Lin Wan",
    ]
    assert bible.remembered("en-US").hits("滚")[0].dub == "Get out!"
    assert [one.id for one in bible.speakers()] == ["lin_wan", "lu_chen"]


def test_the_snapshot_follows_every_word(root: Path) -> None:
    before = open_series(root).snapshot()
    assert before == open_series(root).snapshot()
    (root / "scripts").mkdir()
    (root / "scripts" / "ep01.en-US.csv").write_text("source\n", "utf-8")
    assert open_series(root).snapshot() != before


@pytest.mark.parametrize(
    ("file", "text", "says"),
    [
        ("series.toml", 'id = "s\ntitle = 1', "line 1"),
        ("series.toml", 'title = "x"', "'id' is missing"),
        ("series.toml", 'id = "s"\ntitle = "x"\nlanguage = "en"', "line 3: episodes in 'en' cannot be localised"),
        ("cast.toml", CAST + CAST, "'lin_wan'"),
        ("cast.toml", '[[character]]\nid = "a"\nname = "甲"\ngender = "woman"', "gender cannot be 'woman'"),
        (
            "cast.toml",
            '[[character]]\nid = "a"\nname = "甲"\nreferences = ["cast/a.wav"]',
            "a.wav does not exist",
        ),
        ("series.toml", 'id = "s"\ntitle = "x"\nepisodes = "60"', "line 3: episodes must be a whole number"),
        ("series.toml", 'id = "s"\ntitle = "x"\n[market.en_US]\ntitle = "y"', "line 3: no market is called 'en_US'"),
        ("series.toml", 'id = "s"\ntitle = "x"\nsinopsis = "y"', "did you mean synopsis?"),
        ("cast.toml", CAST.replace("aliases", "alias"), "line 5: the key 'alias' is not known"),
        ("cast.toml", CAST.replace("en-US", "es-ES"), "line 7: no market is called 'es-ES'"),
        ("casting.toml", '[nobody]\n"*" = "stock-f1"', "line 1: 'nobody' is not in cast.toml"),
        ("casting.toml", '[lin_wann]\n"*" = "stock-f1"', "did you mean lin_wan? the cast: lin_wan, lu_chen"),
        ("casting.toml", '[lin_wan]\n"*" = "stock-f"', "line 2: lin_wan is cast with 'stock-f', a voice nobody knows"),
        ("casting.toml", '[lin_wan]\n"id_ID" = "stock-f1"', "line 2: no market is called 'id_ID'"),
        ("addresses.csv", "speaker,addressee,market\nlu_chen,ghost,en-US\n", "line 2"),
        ("addresses.csv", "speaker,addressee,market\nlu_chen,*,es-ES\n", "did you mean es-419?"),
        ("addresses.csv", "speaker,addressee,market\nlu_chen,*,\nlu_chen,*,\n", "line 3: lu_chen → * stands twice"),
        ("terms.csv", "source,en_US,kind\n少爷,A,title\n", "line 1: the column 'en_US' is not known"),
        ("terms.csv", "source,es,kind\n", "line 1: no market is called 'es'"),
        ("terms.csv", "source,en-US,kind,notes\n", "did you mean note?"),
        ("memory.csv", "source,market,dub\n滚！,en-US,Out!\n走！,en,Go!\n", "line 3: no market is called 'en'"),
        ("memory.csv", "source,market,dub\n滚！,,Out!\n", "line 2: the market is missing"),
        ("terms.csv", "source,kind\n少爷,title\n", ""),
        ("terms.csv", "source,en-US,kind\n少爷,A,title\n少爷,B,title\n", "already on line 2"),
        ("terms.csv", "source,en-US,kind\n少爷,A,thing\n", "kind cannot be 'thing'"),
        ("terms.csv", 'source,en-US,kind\n少爷,"A,title\n', "line 2"),
        ("terms.csv", "source,en-US,kind\n少爷,A,title,x,y\n", "line 2: 5 cells for 3 columns"),
        ("memory.csv", "source,dub\n", "'market' is missing"),
        ("memory.csv", "", "empty"),
    ],
)
def test_what_is_wrong_is_said_with_its_place(root: Path, file: str, text: str, says: str) -> None:
    (root / file).write_text(text, "utf-8")
    if not says:
        assert open_series(root).glossary("en-US").terms != ()
        return
    with pytest.raises(InputError) as caught:
        open_series(root)
    assert says in str(caught.value) and file in str(caught.value)
    assert caught.value.fix, "what next"


def test_a_chinese_encoding_is_named(root: Path) -> None:
    text = "source,en-US,kind\n少爷回来了请您开门,Young Master,title\n"
    (root / "terms.csv").write_bytes(text.encode("gb18030"))
    with pytest.raises(InputError, match=r"(?s)terms\.csv, line 2: not UTF-8: byte 1 .* is GBK.*CSV UTF-8"):
        open_series(root)
    (root / "terms.csv").write_text(text, "utf-16")
    assert open_series(root).glossary("en-US").found_in("少爷回来了请您开门")


def test_a_table_that_other_houses_use_too_is_read(root: Path, caplog: pytest.LogCaptureFixture) -> None:
    (root / "terms.csv").write_text("source,fr-FR,en-US,kind\n少爷,Jovem Mestre,Young Master,title\n", "utf-8")
    assert [term.target for term in open_series(root).glossary("en-US").found_in("少爷")] == ["Young Master"]
    assert "terms.csv, line 1: no market is called 'fr-FR' here" in caplog.text


def test_a_script_that_no_market_reads_is_told(root: Path, caplog: pytest.LogCaptureFixture) -> None:
    (root / "scripts").mkdir()
    for name in ("ep01.en-US.csv", "ep01.es-ES.csv", "ep01.fr-FR.csv", "ep02.csv"):
        (root / "scripts" / name).write_text("source,dub\n", "utf-8")
    open_series(root)
    first, second = (one.getMessage() for one in caplog.records)
    assert "ep01.es-ES.csv is not read" in first and "did you mean ep01.es-419.csv?" in first
    assert "ep02.csv is not read" in second and "<episode>.<market>.csv" in second


def consent(root: Path, digest: str) -> None:
    (root / "consents").mkdir(exist_ok=True)
    (root / "consents" / "signed.pdf").write_bytes(b"signed")
    (root / "consents" / "lin_wan.toml").write_text(
        f'person = "x"\ndocument = "signed.pdf"\nsha256 = "{digest}"\nscope = ["voice_clone"]\n'
        'languages = ["en"]\nterritories = ["worldwide"]\nuntil = 2030-12-31\n',
        "utf-8",
    )


def test_a_consent_counts_only_with_the_document_that_was_signed(root: Path) -> None:
    consent(root, hashlib.sha256(b"signed").hexdigest())
    given = open_series(root).consent("lin_wan")
    assert given is not None and given.refusal("voice_clone", "en-US", date(2026, 11, 21)) == ""
    consent(root, "0" * 64)
    with pytest.raises(InputError, match=r"lin_wan\.toml, line 3: signed\.pdf is not the document that was signed"):
        open_series(root)
    path = root / "consents" / "lin_wan.toml"
    path.write_text(path.read_text("utf-8") + "revoke = true\n", "utf-8")
    with pytest.raises(InputError, match=r"(?s)line 8: the key 'revoke' is not known.*did you mean revoked\?"):
        open_series(root)


def test_finding_a_series(root: Path, tmp_path: Path) -> None:
    episode = tmp_path / "ep01.mp4"
    assert find_series(episode) == root
    with pytest.raises(InputError):
        find_series(episode, tmp_path)
    root.rename(tmp_path / "my show")
    assert find_series(episode) == tmp_path / "my show"
    assert create_series(tmp_path / "other", tmp_path / "My Show_EP12.mp4").id == "my_show"
    with pytest.raises(InputError, match="several series"):
        find_series(episode)
    assert find_series(tmp_path / "elsewhere" / "x.mp4") is None


def test_a_given_series_that_is_empty_is_started_there(tmp_path: Path) -> None:
    episode, folder = tmp_path / "Show_EP03.mp4", tmp_path / "shows" / "new"
    folder.mkdir(parents=True)
    found = find_series(episode, folder)
    assert found == folder and not is_series(folder)
    planned = new_series(folder, episode)
    assert list(folder.iterdir()) == [] and create_series(found, episode) == planned
    assert is_series(folder) and find_series(episode, folder) == folder


def test_a_given_series_that_is_missing_is_refused_and_near_names_are_told(root: Path, tmp_path: Path) -> None:
    create_series(tmp_path / "another show", tmp_path / "ep01.mp4")
    with pytest.raises(InputError, match="no such series folder") as refused:
        find_series(tmp_path / "ep01.mp4", tmp_path / "SERIS")
    assert f"did you mean {root} or {tmp_path / 'another show'}?" in refused.value.fix
    with pytest.raises(InputError) as refused:
        find_series(tmp_path / "ep01.mp4", tmp_path / "no" / "such")
    assert refused.value.fix.startswith("to start a new series there")
    assert not (tmp_path / "SERIS").exists()


def test_a_place_where_no_series_can_be_started_says_what_to_choose(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x", "utf-8")
    with pytest.raises(InputError, match="choose a writable folder with --series DIR"):
        create_series(tmp_path / "file" / "SERIES", tmp_path / "ep01.mp4")
    with pytest.raises(InputError, match=r"no series\.toml"):
        find_series(tmp_path / "ep01.mp4", tmp_path / "file")


def test_a_change_by_somebody_else_is_never_overwritten(root: Path) -> None:
    path = root / "terms.csv"
    seen = digest_of(path)
    path.write_text("source,kind\n", "utf-8")
    with locked(root), pytest.raises(InputError, match="changed since it was read"):
        write(path, "mine", seen)
    assert path.read_text("utf-8") == "source,kind\n"


ADD = """
import sys, pathlib, localize.series
for number in range(5):
    row = (sys.argv[2] + str(number), "a, b")
    localize.series.append(pathlib.Path(sys.argv[1]), (row,), ("word", "note"))
"""


def test_processes_append_without_losing_rows(tmp_path: Path) -> None:
    path = tmp_path / "suggestions.csv"
    workers = [subprocess.Popen([sys.executable, "-c", ADD, str(path), name]) for name in "ab"]
    assert [worker.wait() for worker in workers] == [0, 0]
    assert len(path.read_text("utf-8").splitlines()) == 11
