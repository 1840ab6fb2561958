"""What Ctrl-C and a polite kill do to a run."""

from __future__ import annotations

import os
import signal
import sys
import threading
from types import FrameType

STOPPED = "localize: stopped; the same command continues where it was"


def beginning() -> None:
    """Until ``begun``, Ctrl-C ends the program at once: nothing is done yet, and an exception in the middle of an
    import would be a trace of our own insides.  A program that a script started deaf to Ctrl-C stays so.
    """

    def asked(number: int, frame: FrameType | None) -> None:
        os.write(sys.stderr.fileno(), f"{STOPPED}\n".encode())
        os._exit(130)

    here = threading.current_thread() is threading.main_thread()
    if here and signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        signal.signal(signal.SIGINT, asked)
        _early.append(asked)


def begun() -> None:
    """From now on Ctrl-C is Python's ``KeyboardInterrupt``: what runs may put its work down first."""
    if _early and signal.getsignal(signal.SIGINT) is _early.pop():
        signal.signal(signal.SIGINT, signal.default_int_handler)


_early: list[object] = []


def heed(stop: threading.Event) -> None:
    """From now on both raise ``KeyboardInterrupt`` in the main thread and set ``stop``.

    The event is what counts: libraries in C lose exceptions that come while they report an error of their own, and a
    run looks at it wherever it tells its progress.  A run that a script started deaf to Ctrl-C stays so.
    """

    def asked(number: int, frame: FrameType | None) -> None:
        stop.set()
        raise KeyboardInterrupt

    signal.signal(signal.SIGTERM, asked)
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        signal.signal(signal.SIGINT, asked)
