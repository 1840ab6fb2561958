"""Ctrl-C and a polite kill are remembered even where the exception they raise is lost."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator

import pytest
from localize.cli.stopping import heed


@pytest.fixture(autouse=True)
def handlers() -> Iterator[None]:
    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    for number, handler in before.items():
        signal.signal(number, handler)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_interrupts_and_is_remembered(number: signal.Signals) -> None:
    stop = threading.Event()
    heed(stop)
    with pytest.raises(KeyboardInterrupt):
        os.kill(os.getpid(), number)
    assert stop.is_set(), "whatever becomes of the exception"


def test_a_run_that_was_started_deaf_to_ctrl_c_stays_so() -> None:
    script = "import threading; from localize.cli.stopping import heed; e = threading.Event(); heed(e);" \
        "import os, signal; os.kill(os.getpid(), signal.SIGINT); print('alive', e.is_set())"  # fmt: skip
    deaf = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_IGN),
    )  # fmt: skip
    assert deaf.stdout.split() == ["alive", "False"]


@pytest.mark.parametrize("when", ["localize.cli.app", "typer.core", "localize.cli.commands", "localize.engine.plan"])
def test_ctrl_c_while_parts_are_still_loaded_is_no_trace(when: str) -> None:
    script = f"""
import importlib.abc, os, signal, sys
signal.signal(signal.SIGINT, signal.default_int_handler)

class Blow(importlib.abc.MetaPathFinder):
    def find_spec(self, name, path, target=None):
        if name == {when!r}:
            os.kill(os.getpid(), signal.SIGINT)

sys.meta_path.insert(0, Blow())
sys.argv = ["localize", "plan", {__file__!r}]
from localize.cli import main
main()
"""
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True)
    assert done.returncode == 130
    assert done.stderr == "localize: stopped; the same command continues where it was\n"
