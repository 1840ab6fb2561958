"""The command line: parses, calls, prints, exits.  Nothing heavy is imported before a command needs it."""

from __future__ import annotations

import errno
import os
import sys


def main() -> None:
    """The entry point ``localize``; see ``docs/cli.md`` for commands and exit codes."""
    from localize.cli.stopping import STOPPED, beginning

    beginning()
    from localize.cli.app import app

    from localize.errors import InputError, LocalizeError, incomplete

    for stream in (sys.stdout, sys.stderr):  # a terminal that knows no Chinese gets escapes, not a crash
        stream.reconfigure(errors="backslashreplace")  # type: ignore[union-attr]
    try:
        try:
            app()
        finally:
            sys.stdout.flush()  # here, so that what cannot be written is told like every other error
    except KeyboardInterrupt:
        print(STOPPED, file=sys.stderr, flush=True)
        os._exit(130)
    except LocalizeError as error:
        _end(error, str(error), error.exit_code)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # nobody reads on: nothing left to flush
        sys.exit(0)
    except OSError as error:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # else leaving would fail over it again
        if error.errno not in (errno.ENOSPC, errno.EDQUOT, errno.EIO) or error.filename is not None:
            _unforeseen(error)
        told = f"what was to be written cannot be: {error.strerror}"
        _end(error, f"{told}\n  → make room where the output and the store go", InputError.exit_code)
    except ModuleNotFoundError as error:
        lacking = incomplete(error)
        _end(error, str(lacking), lacking.exit_code)
    except Exception as error:
        _unforeseen(error)


def _unforeseen(error: Exception) -> None:
    told = f"{type(error).__name__}: {error}\n  → this should not happen; --debug shows the whole trace"
    _end(error, told, 1)


def _end(error: Exception, told: str, code: int) -> None:
    if "--debug" in sys.argv:
        raise error
    print(f"localize: {told}", file=sys.stderr)
    sys.exit(code)
