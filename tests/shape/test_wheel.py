"""The wheel holds the whole house: installed on its own it runs, and it puts nothing but ``localize`` on the path."""

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The built wheel; the sources are copied first so that nothing is left in the checkout."""
    source, target = tmp_path_factory.mktemp("source"), tmp_path_factory.mktemp("wheel")
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=False)
    if listed.returncode:
        pytest.skip("not a git checkout")
    for name in listed.stdout.splitlines():
        if not name.startswith(("samples/", "tests/", "docs/")) and (ROOT / name).is_file():
            (source / name).parent.mkdir(parents=True, exist_ok=True)
            (source / name).write_bytes((ROOT / name).read_bytes())
    command = [sys.executable, "-m", "pip", "wheel", "-q", "--no-deps", "-w", str(target), str(source)]
    subprocess.run(command, check=True)
    return next(target.glob("*.whl"))


def test_only_the_package_is_inside(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    tops = {name.split("/")[0] for name in names}
    assert {top for top in tops if not top.endswith(".dist-info")} == {"localize"}
    for needed in ("cli/app.py", "glossaries/drama-phrasebook.csv", "voices/stock.toml", "markets/es-419.toml"):
        assert f"localize/{needed}" in names


def test_every_data_file_is_inside(wheel: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())
    listed = subprocess.run(
        ["git", "ls-files", "localize", "voices", "glossaries"], cwd=ROOT, capture_output=True, text=True
    )
    for name in listed.stdout.splitlines():
        assert (name if name.startswith("localize/") else f"localize/{name}") in names


def test_it_runs_by_itself(wheel: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(tmp_path)
    code = "import localize, sys; print(localize.__file__); sys.argv = ['localize', 'doctor']\n"
    code += "from localize.cli import main; main()"
    environment = {**os.environ, "PYTHONPATH": str(tmp_path), "LOCALIZE_HOME": str(tmp_path / "home")}
    done = subprocess.run([sys.executable, "-c", code], env=environment, cwd=tmp_path, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith(str(tmp_path)) and "espeak" in done.stdout
