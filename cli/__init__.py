"""The command line: parses, calls, prints, exits.  Nothing heavy is imported before a command needs it."""

from __future__ import annotations

import os
import sys


def main() -> None:
    """The entry point ``localize``; see ``docs/cli.md`` for commands and exit codes."""
    from localize.cli.app import app

    from localize.errors import LocalizeError

    for stream in (sys.stdout, sys.stderr):  # a terminal that knows no Chinese gets escapes, not a crash
        stream.reconfigure(errors="backslashreplace")  # type: ignore[union-attr]
    try:
        try:
            app()
        finally:
            _flush()
    except LocalizeError as error:
        _end(error, str(error), error.exit_code)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # nobody reads on: nothing left to flush
        sys.exit(0)
    except Exception as error:
        told = f"{type(error).__name__}: {error}\n  → this should not happen; --debug shows the whole trace"
        _end(error, told, LocalizeError.exit_code)


def _flush() -> None:
    """Write out what was printed.  Raises ``InputError`` where it goes to cannot take it; nothing is kept back then."""
    from localize.errors import InputError

    try:
        sys.stdout.flush()
    except BrokenPipeError:
        raise
    except OSError as error:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # else leaving would fail over it again
        fix = "make room there, or send the output elsewhere"
        raise InputError(f"the output cannot be written: {error.strerror}", "standard output", fix) from error


def _end(error: Exception, told: str, code: int) -> None:
    if "--debug" in sys.argv:
        raise error
    print(f"localize: {told}", file=sys.stderr)
    sys.exit(code)
