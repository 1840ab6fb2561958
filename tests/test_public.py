"""The names a script may rely on."""

from __future__ import annotations

import subprocess
import sys

import pytest

import localize


@pytest.mark.parametrize("name", dir(localize))
def test_every_public_name_is_there(name: str) -> None:
    assert getattr(localize, name) is not None


def test_importing_the_package_imports_nothing_of_it() -> None:
    code = "import sys, localize; print(*[m for m in sys.modules if m.startswith('localize')])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["localize"]


def test_an_unknown_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="nothing_such"):
        localize.nothing_such  # noqa: B018
