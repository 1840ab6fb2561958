"""A package that should be there and is not is told as such, with the way out."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from localize.errors import SetupError, incomplete
from localize.formats import tmx
from localize.formats.units import Handed, Unit

RUN = """
import sys
sys.modules["opencc"] = None  # as if it were not installed: importing it raises ModuleNotFoundError
sys.argv = ["localize", "memory", "import", *sys.argv[1:]]
from localize.cli import main
main()
"""


def test_a_missing_package_is_a_matter_of_setup(tmp_path: Path) -> None:
    (tmp_path / "series.toml").write_text('id = "s"\ntitle = "剧"\n', "utf-8")
    unit = Unit("1", "簽了吧。", "Sign.", "en-US", "")
    (tmp_path / "their.tmx").write_text(tmx.text(Handed("s", "zh-CN", (unit,))), "utf-8")
    words = [sys.executable, "-c", RUN, str(tmp_path), str(tmp_path / "their.tmx")]
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    assert done.returncode == 3, done.stderr
    assert "the Python package opencc is not installed here" in done.stderr and "pip install -e ." in done.stderr
    assert "should not happen" not in done.stderr


def test_a_missing_part_of_the_program_itself_is_none() -> None:
    told = incomplete(ModuleNotFoundError("No module named 'localize.x'", name="localize.x"))
    assert not isinstance(told, SetupError) and "localize.x" in told.what
