"""Third-party libraries that must neither report home nor fetch anything: said to them before they are imported."""

from __future__ import annotations

import logging
import os
import threading
import warnings
from collections.abc import Iterator
from contextlib import contextmanager

NO_TELEMETRY = {"PYANNOTE_METRICS_ENABLED": "0", "HF_HUB_DISABLE_TELEMETRY": "1", "DO_NOT_TRACK": "1"}
"""Stays for as long as the process runs: pyannote asks at every call."""
OFFLINE = {"HF_HUB_OFFLINE": "1", "TRANSFORMERS_OFFLINE": "1", "HF_DATASETS_OFFLINE": "1"}
"""Given back after loading; libraries read it when they are imported."""
TALKATIVE = (
    "whisperx",
    "pyannote",
    "speechbrain",
    "lightning",
    "lightning.pytorch",
    "pytorch_lightning",
    "transformers",
)


_ONE_AT_A_TIME = threading.RLock()
"""Environment, logging and warnings belong to the process: two threads would give back each other's state."""


@contextmanager
def quiet() -> Iterator[None]:
    """While libraries are imported and models loaded: no telemetry, no downloads, no warnings meant for developers.

    What the person set for downloads comes back afterwards; telemetry stays off.  One thread at a time: another waits.
    """
    with _ONE_AT_A_TIME:
        yield from _changed()


def _changed() -> Iterator[None]:
    os.environ.update(NO_TELEMETRY)
    before = {name: os.environ.get(name) for name in OFFLINE}
    os.environ.update(OFFLINE)
    level = logging.root.manager.disable
    logging.disable(logging.WARNING)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        logging.disable(level)
        for name in TALKATIVE:
            logging.getLogger(name).setLevel(logging.ERROR)
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value
