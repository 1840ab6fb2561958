"""Models from a hub that speaks the protocol of huggingface.co: described, agreed to, then fetched and checked.

Only ``localize models fetch`` comes here.  The address is ``--endpoint``, else ``HF_ENDPOINT``, else the hub's own; the
key for models behind terms is ``HF_TOKEN`` or ``LOCALIZE_HF_TOKEN``.  What was fetched half is taken up again.
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path, PurePosixPath
from typing import Any

import httpx

from localize.engine.weights import alone, here, place, wanted
from localize.errors import SetupError
from localize.model_cards import Installed, ModelCard, digest_of

HUB = "https://huggingface.co"
TRIES = 4
"""How often a connection that broke is taken up again for one file."""
COMMIT = re.compile(r"[0-9a-f]{40}")
Progress = Callable[[int, int], None]
"""Called with bytes done and bytes in all."""


@dataclass(frozen=True, slots=True)
class Remote:
    """One file of a repository: SHA-256 for large files, git's own hash for small ones."""

    path: str
    size: int
    sha256: str = ""
    oid: str = ""


@dataclass(frozen=True, slots=True)
class Proposal:
    """What would be fetched: the card, the commit, the files and where from.  ``pinned``: the card names the commit."""

    card: ModelCard
    commit: str
    files: tuple[Remote, ...]
    endpoint: str
    pinned: bool

    @property
    def size(self) -> int:
        return sum(one.size for one in self.files)


def propose(card: ModelCard, revision: str = "", endpoint: str = "") -> Proposal | Installed:
    """What fetching ``card`` would mean; the model itself where that very commit is here and whole, every byte read.

    A commit recorded when the model was fetched before counts like a pinned one.  Raises ``SetupError``.
    """
    if os.environ.get("HF_HUB_OFFLINE", "0") not in ("", "0"):
        raise SetupError("HF_HUB_OFFLINE is set", card.source, "unset it, or localize models import FOLDER")
    before = here(card.name)
    asked = revision or card.revision or (before.revision if before else "")
    if before and asked and before.revision == asked and _whole(before):
        return before
    address = (endpoint or os.environ.get("HF_ENDPOINT") or HUB).rstrip("/")
    told = _described(address, card, asked or "main")
    commit = str(told.get("sha", ""))
    if not COMMIT.fullmatch(commit) or (COMMIT.fullmatch(asked) and commit != asked):
        raise SetupError(f"the hub answers with another commit than {asked or 'main'}", card.source, "check --endpoint")
    rows = {row["rfilename"]: row for row in told.get("siblings", ()) if _safe(row.get("rfilename"))}
    files = tuple(_remote(path, rows[path]) for path in wanted(sorted(rows)))
    if not files:
        raise SetupError("the repository holds no model", card.source, "check --endpoint and --revision")
    return Proposal(card, commit, files, address, card.revision == commit)


def _whole(model: Installed) -> bool:
    try:
        model.check()
    except SetupError:
        return False
    return True


def _described(address: str, card: ModelCard, revision: str) -> dict[str, Any]:
    url = f"{address}/api/models/{card.source}/revision/{revision}?blobs=true"
    try:
        with _client() as client:
            response = client.get(url)
        if response.status_code >= 400:
            raise _refused(response.status_code, card, revision)
        told = response.json()
    except (httpx.HTTPError, httpx.InvalidURL, ValueError) as error:
        raise _away(card, error) from error
    return told if isinstance(told, dict) else {}


def _remote(path: str, row: dict[str, Any]) -> Remote:
    lfs = row.get("lfs") or {}
    digest = str(lfs.get("sha256") or lfs.get("oid") or "").removeprefix("sha256:")
    oid = "" if digest else str(row.get("blobId") or "")
    return Remote(path, int(lfs.get("size") or row.get("size") or 0), digest, oid)


def _safe(path: Any) -> bool:
    """A server's file name that stays inside its folder."""
    if not isinstance(path, str) or not path or "\\" in path:
        return False
    parts = PurePosixPath(path)
    return not parts.is_absolute() and ".." not in parts.parts


def fetch(proposal: Proposal, progress: Progress = lambda done, total: None) -> Installed:
    """Download, check and place what was proposed.  Raises ``SetupError``; what came already is kept for next time."""
    card = proposal.card
    with alone(card.name) as where:
        folder = where / f".{card.name}.{proposal.commit[:12]}"
        folder.mkdir(exist_ok=True)
        free, needed = shutil.disk_usage(where).free, proposal.size - _lying(proposal, folder)
        if free < needed:
            what = f"{card.name} needs {needed / 1e9:.1f} GB, {free / 1e9:.1f} GB are free"
            raise SetupError(what, str(where), "make room there, or set LOCALIZE_HOME to another disk")
        done = 0
        with _client() as client:
            for one in proposal.files:
                _file(client, proposal, one, folder, partial(_forward, progress, done, proposal.size))
                done += one.size
        return place(folder, card, proposal.commit, f"{proposal.endpoint}/{card.source}")


def _lying(proposal: Proposal, folder: Path) -> int:
    """Bytes of the proposed files that came already, whole ones and begun ones."""
    found = ((one, folder / f"{one.path}{end}") for one in proposal.files for end in ("", ".part"))
    return sum(min(one.size, path.stat().st_size) for one, path in found if path.is_file())


def _forward(progress: Progress, before: int, total: int, more: int) -> None:
    progress(before + more, total)


def _file(client: httpx.Client, proposal: Proposal, one: Remote, folder: Path, tell: Callable[[int], None]) -> None:
    """One file, taken up where it broke off; under its name only when it is whole."""
    target = folder / one.path
    if target.is_file() and _is(target, one):
        return
    target.parent.mkdir(parents=True, exist_ok=True)
    part = target.with_name(f"{target.name}.part")
    url = f"{proposal.endpoint}/{proposal.card.source}/resolve/{proposal.commit}/{one.path}"
    for attempt in range(TRIES):
        try:
            _stream(client, url, part, proposal, tell)
            break
        except httpx.HTTPError as error:
            if attempt + 1 == TRIES:
                raise _away(proposal.card, error) from error
    if not _is(part, one):
        part.unlink(missing_ok=True)
        what = f"{one.path} is not what the hub promised (size or SHA-256)"
        raise SetupError(what, proposal.card.source, "run it again; if that does not help, import the model instead")
    part.replace(target)


def _stream(client: httpx.Client, url: str, part: Path, proposal: Proposal, tell: Callable[[int], None]) -> None:
    begun = part.stat().st_size if part.exists() else 0
    headers = {"Range": f"bytes={begun}-"} if begun else {}
    with client.stream("GET", url, headers=headers) as response:
        if response.status_code == 416:  # it was whole already
            return
        if response.status_code >= 500:
            raise httpx.HTTPStatusError(f"HTTP {response.status_code}", request=response.request, response=response)
        if response.status_code >= 400:
            raise _refused(response.status_code, proposal.card, proposal.commit)
        begun = begun if response.status_code == 206 else 0
        with part.open("ab" if begun else "wb") as file:
            for data in response.iter_raw():
                file.write(data)
                begun += len(data)
                tell(begun)
            file.flush()
            os.fsync(file.fileno())


def _is(path: Path, one: Remote) -> bool:
    """Whether a file is the promised one: by SHA-256, else by git's hash of it, else by its size."""
    if one.size and path.stat().st_size != one.size:
        return False
    if one.sha256:
        return digest_of(path) == one.sha256
    if one.oid:
        data = path.read_bytes()
        return hashlib.sha1(b"blob %d\0" % len(data) + data, usedforsecurity=False).hexdigest() == one.oid
    return True


def _client() -> httpx.Client:
    token = os.environ.get("LOCALIZE_HF_TOKEN") or os.environ.get("HF_TOKEN") or ""
    headers = {"User-Agent": "localize", "Accept-Encoding": "identity"}
    headers |= {"Authorization": f"Bearer {token}"} if token and token.isascii() else {}
    return httpx.Client(headers=headers, timeout=httpx.Timeout(60.0, connect=15.0), follow_redirects=True)


def _refused(status: int, card: ModelCard, revision: str) -> SetupError:
    if status in (401, 403):
        fix = f"accept the terms of {card.source} on the hub, then export HF_TOKEN=…; or localize models import FOLDER"
        return SetupError(f"the hub wants to know who fetches this (HTTP {status})", card.source, fix)
    if status == 404:
        return SetupError(f"the hub has no {revision} of it", card.source, "check --revision and --endpoint")
    fix = "try again later, or localize models import FOLDER"
    return SetupError(f"the hub answered HTTP {status}", card.source, fix)


def _away(card: ModelCard, error: Exception) -> SetupError:
    told = " ".join(re.sub(r"//[^/@\s]+@", "//…@", str(error)).split())[:200]
    fix = "go online or set HF_ENDPOINT, or fetch it on another machine and localize models import FOLDER"
    return SetupError(f"the hub cannot be reached ({type(error).__name__}: {told})", card.source, fix)
