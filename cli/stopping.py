"""What Ctrl-C and a polite kill do to a run."""

from __future__ import annotations

import signal
import threading
from types import FrameType


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
