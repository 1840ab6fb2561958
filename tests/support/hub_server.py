"""A hub of models on this machine: describes repositories and serves their files, with the faults a test asks for."""

from __future__ import annotations

import hashlib
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

COMMIT = "6b02b2132d97136ebed2851703f2b3407ea9cf47"
"""The commit of the pinned OPUS-MT model that the tests fetch."""
LARGE = (".bin", ".safetensors", ".spm")


class Hub:
    """``commits`` are by revision; ``cuts`` breaks off a file after so many bytes, once; ``status`` answers all."""

    def __init__(self, folder: Path, repository: str) -> None:
        self.folder, self.repository, self.url = folder, repository, ""
        self.commits = {"main": COMMIT, COMMIT: COMMIT}
        self.cuts: dict[str, int] = {}
        self.wrong: set[str] = set()
        self.extra: list[str] = []
        self.status = 0
        self.asked: list[tuple[str, str]] = []
        self.keys: set[str] = set()

    def described(self, revision: str) -> bytes:
        rows = [{"rfilename": name} for name in self.extra]
        for path in sorted(self.folder.rglob("*")):
            data, name = path.read_bytes(), path.relative_to(self.folder).as_posix()
            row = {"rfilename": name, "size": len(data)}
            if name.endswith(LARGE):
                row["lfs"] = {"sha256": hashlib.sha256(data).hexdigest(), "size": len(data)}
            else:
                row["blobId"] = hashlib.sha1(b"blob %d\0" % len(data) + data).hexdigest()
            rows.append(row)
        return json.dumps({"sha": self.commits[revision], "siblings": rows}).encode()


@contextmanager
def hub_server(folder: Path, repository: str) -> Iterator[Hub]:
    """A hub that knows one repository, its files those of ``folder``."""
    hub = Hub(folder, repository)

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            path = self.path.partition("?")[0]
            hub.asked.append((path, self.headers.get("Range", "")))
            hub.keys.add(self.headers.get("Authorization", ""))
            if hub.status:
                return self.say(hub.status, b"")
            start = f"/api/models/{repository}/revision/"
            if path.startswith(start):
                known = path.removeprefix(start) in hub.commits
                return self.say(200 if known else 404, hub.described(path.removeprefix(start)) if known else b"")
            name = path.removeprefix(f"/{repository}/resolve/{COMMIT}/")
            if not (folder / name).is_file():
                return self.say(404, b"")
            return self.file(name)

        def file(self, name: str) -> None:
            data = (folder / name).read_bytes()
            data = data[::-1] if name in hub.wrong else data
            asked = self.headers.get("Range", "").removeprefix("bytes=").removesuffix("-")
            start = int(asked or 0)
            self.send_response(206 if start else 200)
            self.send_header("content-length", str(len(data) - start))
            self.end_headers()
            self.wfile.write(data[start : hub.cuts.pop(name, len(data))])
            if len(data) > 0:
                self.close_connection = True

        def say(self, status: int, data: bytes) -> None:
            self.send_response(status)
            self.send_header("content-length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, *words: object) -> None:
            """Stay quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    hub.url = f"http://127.0.0.1:{server.server_address[1]}"
    try:
        yield hub
    finally:
        server.shutdown()
        server.server_close()
