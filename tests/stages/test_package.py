"""Delivery: whole or not at all, never touched again."""

import fcntl
import hashlib
import json
import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from localize.errors import InputError, WorkError
from localize.stages.package import Edition, Files, deliver, latest

MANIFEST = {"lines": {"L1": {"dub": "Out!", "subtitle": "Out!"}}, "settings": {}, "engines": {}}


def listing(place: Path) -> set[str]:
    return {path.name for path in place.iterdir()}


def test_a_version_is_whole_and_has_its_sums(tmp_path: Path) -> None:
    film = tmp_path / "film"
    film.write_bytes(b"moving pictures")
    film.chmod(0o444)
    done = deliver(tmp_path / "out", "id-ID", {"a.mp4": film, "sub/b.srt": "1\n", "c": b"x"}, MANIFEST, "k1")
    assert done.new and done.number == 1 and not done.damage() and not done.folder.is_symlink()
    facts = json.loads((done.folder / "manifest.json").read_text("utf-8"))
    assert facts["files"]["a.mp4"] == {"sha256": hashlib.sha256(b"moving pictures").hexdigest(), "size": 15}
    assert facts["lines"] == MANIFEST["lines"] and facts["key"] == "k1" and facts["market"] == "id-ID"
    assert "first version" in (done.folder / "changes.md").read_text("utf-8")
    assert listing(tmp_path / "out" / "id-ID") == {"v1"}


def test_the_store_may_be_edited_afterwards(tmp_path: Path) -> None:
    film = tmp_path / "film"
    film.write_bytes(b"moving pictures")
    done = deliver(tmp_path / "out", "id-ID", {"a.mp4": film}, MANIFEST, "k1")
    with film.open("r+b") as file:
        file.write(b"XXX")
    film.unlink()
    assert (done.folder / "a.mp4").read_bytes() == b"moving pictures"


def test_the_same_key_delivers_nothing(tmp_path: Path) -> None:
    first = deliver(tmp_path, "id-ID", {"a": b"1"}, MANIFEST, "k1")
    again = deliver(tmp_path, "id-ID", {"a": b"1"}, MANIFEST, "k1")
    assert not again.new and again.folder == first.folder and listing(tmp_path / "id-ID") == {"v1"}


def test_a_version_that_lost_a_file_is_delivered_anew(tmp_path: Path) -> None:
    first = deliver(tmp_path, "id-ID", {"a": b"1"}, MANIFEST, "k1")
    (first.folder / "a").unlink()
    again = deliver(tmp_path, "id-ID", {"a": b"1"}, MANIFEST, "k1")
    assert (again.number, again.instead) == (2, "v1 misses a")
    assert "v1 misses a: delivered again" in (again.folder / "changes.md").read_text("utf-8")


@pytest.mark.parametrize(
    ("left", "told"), [(None, "v1 misses manifest.json"), ("{", "manifest.json of v1 cannot be read")]
)
def test_a_version_that_lost_its_manifest_is_delivered_anew(tmp_path: Path, left: str | None, told: str) -> None:
    first = deliver(tmp_path, "id-ID", {"a": b"1"}, MANIFEST, "k1")
    before = first.folder / "manifest.json"
    before.unlink() if left is None else before.write_text(left)
    again = deliver(tmp_path, "id-ID", {"a": b"1"}, MANIFEST, "k1")
    assert (again.number, again.instead) == (2, told)
    assert f"{told}: delivered again" in (again.folder / "changes.md").read_text("utf-8")
    assert listing(first.folder) == {"a", "changes.md"} | ({"manifest.json"} if left else set())
    assert not deliver(tmp_path, "id-ID", {"a": b"1"}, MANIFEST, "k1").new, "once is enough"


def test_an_older_twin_does_not_hide_that_the_newest_version_lost_its_manifest(tmp_path: Path) -> None:
    for key in ("k1", "k2"):
        newest = deliver(tmp_path, "id-ID", {"a": key.encode()}, MANIFEST, key)
    (newest.folder / "manifest.json").unlink()
    again = deliver(tmp_path, "id-ID", {"a": b"k1"}, MANIFEST, "k1")
    assert (again.new, again.number, again.instead) == (True, 3, "v2 misses manifest.json")


def test_a_file_changed_in_place_is_found_and_one_only_touched_is_not(tmp_path: Path) -> None:
    first = deliver(tmp_path, "id-ID", {"a": b"1"}, MANIFEST, "k1")
    later = (first.folder / "manifest.json").stat().st_mtime_ns + 10**9
    os.utime(first.folder / "a", ns=(later, later))
    assert not deliver(tmp_path, "id-ID", {"a": b"1"}, MANIFEST, "k1").new
    (first.folder / "a").write_bytes(b"2")
    os.utime(first.folder / "a", ns=(later, later))
    again = deliver(tmp_path, "id-ID", {"a": b"1"}, MANIFEST, "k1")
    assert (again.number, again.instead) == (2, "a of v1 was changed")


def test_a_version_is_compared_with_the_newest_of_its_own_kinds(tmp_path: Path) -> None:
    dub = {**MANIFEST, "settings": {"deliver": "dub"}}
    both = {**MANIFEST, "settings": {"deliver": "sub,clean"}}
    first = deliver(tmp_path, "id-ID", {"a": b"1"}, dub, "k1")
    second = deliver(tmp_path, "id-ID", {"a": b"1"}, both, "k2")
    assert second.manifest["changes"] == ["deliver: “dub” → “sub,clean”"]
    again = deliver(tmp_path, "id-ID", {"a": b"1"}, dub, "k1")
    assert not again.new and again.folder == first.folder
    now = {**dub, "lines": {"L1": {"dub": "Go!", "subtitle": "Out!"}}}
    third = deliver(tmp_path, "id-ID", {"a": b"1"}, now, "k3")
    assert (third.number, third.manifest["previous"]) == (3, 1)
    assert third.manifest["changes"] == ["L1 dub: “Out!” → “Go!”"]


def test_the_next_version_knows_its_number_and_changes(tmp_path: Path) -> None:
    first = deliver(tmp_path, "id-ID", {"a": b"1"}, MANIFEST, "k1")
    before = (first.folder / "a").stat()

    def files(edition: Edition) -> Files:
        return {f"a_v{edition.number}": "; ".join(change.text for change in edition.changes)}

    now = {**MANIFEST, "lines": {"L1": {"dub": "Go!", "subtitle": "Out!"}}}
    second = deliver(tmp_path, "id-ID", files, now, "k2")
    assert (second.folder / "a_v2").read_text("utf-8") == "L1 dub: “Out!” → “Go!”"
    assert "L1 dub" in (second.folder / "changes.md").read_text("utf-8")
    assert second.manifest["changes"] == ["L1 dub: “Out!” → “Go!”"]
    assert (first.folder / "a").stat() == before
    newest = latest(tmp_path, "id-ID")
    assert newest is not None and newest.number == 2


def test_numbers_are_never_reused(tmp_path: Path) -> None:
    (tmp_path / "id-ID").mkdir()
    (tmp_path / "id-ID" / "v7").write_text("somebody's file")
    assert latest(tmp_path, "id-ID") is None
    assert deliver(tmp_path, "id-ID", {"a": b"1"}, MANIFEST, "k1").number == 8


def test_who_loses_the_race_takes_the_next_number(tmp_path: Path) -> None:
    asked: list[int] = []

    def files(edition: Edition) -> Files:
        asked.append(edition.number)
        if len(asked) == 1:
            deliver(tmp_path, "id-ID", {"a": b"the faster one"}, MANIFEST, "k-fast")
        return {"a": f"version {edition.number}"}

    done = deliver(tmp_path, "id-ID", files, MANIFEST, "k-slow")
    assert asked == [1, 2] and done.number == 2 and (done.folder / "a").read_text() == "version 2"
    assert (tmp_path / "id-ID" / "v1" / "a").read_bytes() == b"the faster one"
    assert listing(tmp_path / "id-ID") == {"v1", "v2"}


def test_many_at_once(tmp_path: Path) -> None:
    def one(number: int) -> None:
        deliver(tmp_path, "id-ID", {"a": f"{number}" * 1000}, MANIFEST, f"k{number}")

    threads = [threading.Thread(target=one, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert listing(tmp_path / "id-ID") == {f"v{number}" for number in range(1, 9)}
    assert len({(tmp_path / "id-ID" / f"v{number}" / "a").read_text() for number in range(1, 9)}) == 8


def test_leftovers_of_dead_runs_go_and_work_in_progress_stays(tmp_path: Path) -> None:
    place = tmp_path / "id-ID"
    dead, alive = place / ".v1.partial-dead", place / ".v1.partial-alive"
    for folder in (dead, alive):
        folder.mkdir(parents=True)
        (folder / "half.mp4").write_bytes(b"half")
    held = os.open(alive, os.O_RDONLY)
    fcntl.flock(held, fcntl.LOCK_EX)
    deliver(tmp_path, "id-ID", {"a": b"1"}, MANIFEST, "k1")
    assert listing(place) == {"v1", ".v1.partial-alive"}
    os.close(held)
    deliver(tmp_path, "id-ID", {"a": b"2"}, MANIFEST, "k2")
    assert listing(place) == {"v1", "v2"}


def test_a_killed_run_leaves_the_last_version_and_is_cleaned_up(tmp_path: Path) -> None:
    deliver(tmp_path, "id-ID", {"a": b"1"}, MANIFEST, "k1")
    code = (
        "import os, sys\nfrom pathlib import Path\nfrom localize.stages.package import deliver\n"
        "pipe = Path(sys.argv[1]) / 'pipe'\nos.mkfifo(pipe)\nprint('ready', flush=True)\n"
        "deliver(Path(sys.argv[1]), 'id-ID', {'a': b'2', 'b': pipe}, {}, 'k2')\n"
    )
    with subprocess.Popen([sys.executable, "-c", code, str(tmp_path)], stdout=subprocess.PIPE) as run:
        assert run.stdout is not None and run.stdout.readline()
        with (tmp_path / "pipe").open("wb"):  # it is now half-way through its second file
            run.kill()
            run.wait()
    assert any(name.startswith(".v2.partial-") for name in listing(tmp_path / "id-ID"))
    newest = latest(tmp_path, "id-ID")
    assert newest is not None and newest.number == 1 and not newest.damage()
    assert deliver(tmp_path, "id-ID", {"a": b"2"}, MANIFEST, "k2").number == 2
    assert listing(tmp_path / "id-ID") == {"v1", "v2"}


def test_a_file_too_large_for_the_disk_is_refused_before_writing(tmp_path: Path) -> None:
    huge = tmp_path / "huge"
    with huge.open("wb") as file:
        disk = os.statvfs(tmp_path)
        file.truncate(min(disk.f_bavail * disk.f_frsize + (1 << 30), 1 << 43))
    with pytest.raises(InputError, match="free"):
        deliver(tmp_path / "out", "id-ID", {"a": huge}, MANIFEST, "k1")
    assert listing(tmp_path / "out" / "id-ID") == set()


def test_a_disk_that_fails_half_way_leaves_nothing(tmp_path: Path) -> None:
    code = (
        "import resource, signal, sys\nfrom pathlib import Path\nfrom localize.errors import WorkError\n"
        "from localize.stages.package import deliver\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))\n"
        "try:\n    deliver(Path(sys.argv[1]), 'id-ID', {'a': b'1', 'b': b'2' * 200_000}, {}, 'k')\n"
        "except WorkError as error:\n    print(error)\n"
    )
    done = subprocess.run([sys.executable, "-c", code, str(tmp_path)], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert "full" in done.stdout and listing(tmp_path / "id-ID") == set()


def test_a_folder_that_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("not a folder")
    for out in (tmp_path / "file", Path("/proc/nowhere")):
        with pytest.raises(InputError, match="cannot be written"):
            deliver(out, "id-ID", {"a": b"1"}, MANIFEST, "k1")


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_read_only_folder(tmp_path: Path) -> None:
    tmp_path.chmod(0o555)
    with pytest.raises(InputError, match="cannot be written"):
        deliver(tmp_path, "id-ID", {"a": b"1"}, MANIFEST, "k1")
    tmp_path.chmod(0o755)


def test_a_missing_file_is_a_work_error_and_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(WorkError, match="cannot be read"):
        deliver(tmp_path, "id-ID", {"a": b"1", "b": tmp_path / "gone"}, MANIFEST, "k1")
    assert listing(tmp_path / "id-ID") == set()


@pytest.mark.parametrize("name", ["../evil", "/etc/evil", "", "manifest.json", "changes.md"])
def test_names_stay_inside(tmp_path: Path, name: str) -> None:
    with pytest.raises(InputError):
        deliver(tmp_path, "id-ID", {name: b"1"}, MANIFEST, "k1")
