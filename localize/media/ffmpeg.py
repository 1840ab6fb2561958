"""The one ffmpeg binary everything filters and encodes with.

It comes bundled with imageio-ffmpeg; ``LOCALIZE_FFMPEG`` names another.  Commands are built by ffmpeg-python,
which escapes filter arguments itself.
"""

from __future__ import annotations

import os
import re
import subprocess
import threading
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import IO, Any

from localize.errors import SetupError, WorkError
from localize.version import Loudness

SILENT_LUFS = -70.0
"""What EBU R 128 reports for silence: the absolute gate of ITU-R BS.1770-4."""

SILENT_DBTP = -120.0
"""Stands for the true peak of digital silence, which is minus infinity."""

_GLOBAL = ("-nostdin", "-hide_banner", "-nostats")
_EPILOGUE = re.compile(
    r"^(Conversion failed|Error opening (in|out)put files?|Error while opening encoder|Task finished"
    r"|Terminating thread|Nothing was written|Error sending frames|Could not open encoder"
    r"|Error (processing|during|writing) .*(packet|trailer))"
)
_SPEAKER = re.compile(r"^(\[[^\]]*\]\s*)+")
_running: set[subprocess.Popen[bytes]] = set()
_lock = threading.Lock()


@lru_cache(maxsize=1)
def _bundled() -> str:
    import imageio_ffmpeg

    try:
        return str(imageio_ffmpeg.get_ffmpeg_exe())
    except RuntimeError as error:
        raise SetupError(
            f"no ffmpeg binary: {error}", fix="reinstall imageio-ffmpeg, or set LOCALIZE_FFMPEG to a binary"
        ) from error


def binary() -> str:
    """The ffmpeg binary to run.  Raises ``SetupError`` when there is none."""
    named = os.environ.get("LOCALIZE_FFMPEG")
    if not named:
        return _bundled()
    if not os.access(named, os.X_OK):
        raise SetupError("LOCALIZE_FFMPEG names no program", named, "unset it to use the bundled binary")
    return named


def command(stream: Any, loglevel: str = "warning") -> list[str]:
    """The argument list that runs ``stream``, an ffmpeg-python output, overwriting what it writes."""
    import ffmpeg

    head = [binary(), *_GLOBAL, "-loglevel", loglevel]
    return [str(part) for part in ffmpeg.compile(stream, cmd=head, overwrite_output=True)]


def start(
    arguments: Sequence[str], stdin: int = subprocess.DEVNULL, stderr: int | IO[bytes] = subprocess.PIPE
) -> subprocess.Popen[bytes]:
    """Start a command where ``stop_all`` reaches it; hand it to ``finished`` in the end."""
    child = subprocess.Popen(arguments, stdin=stdin, stdout=subprocess.DEVNULL, stderr=stderr, bufsize=0)
    with _lock:
        _running.add(child)
    return child


def finished(child: subprocess.Popen[bytes]) -> None:
    """Forget a child that has ended; kill it first when it has not."""
    if child.poll() is None:
        child.kill()
        child.wait()
    with _lock:
        _running.discard(child)


def stop_all() -> None:
    """Kill every ffmpeg this process started.  Their owners see a failed command and clean up."""
    with _lock:
        children = list(_running)
    for child in children:
        child.kill()


def run(stream: Any, doing: str, where: str = "", loglevel: str = "warning") -> str:
    """Run an ffmpeg-python output and return what it said.  ``doing`` completes "ffmpeg failed …"."""
    child = start(command(stream, loglevel))
    try:
        said = child.communicate()[1].decode("utf-8", "replace")
    finally:
        finished(child)
    if child.returncode:
        raise failure(said, child.returncode, doing, where)
    return said


def failure(said: str, code: int, doing: str, where: str = "") -> WorkError:
    """The error for a command that ended with ``code`` after saying ``said``."""
    if code < 0:
        return WorkError(f"ffmpeg was stopped {doing}", where, "run the same command again")
    reason = last_words(said)
    fix = "free some space or choose another --out" if "No space left" in reason else ""
    return WorkError(f"ffmpeg failed {doing}: {reason}", where, fix)


def last_words(said: str) -> str:
    """The last line of ffmpeg's stderr that says something, without the part that says who is speaking."""
    lines = [_SPEAKER.sub("", line.strip()) for line in said.splitlines()]
    telling = [line for line in lines if line and not _EPILOGUE.match(line)]
    full = [line for line in telling if "No space left" in line]
    return (full or telling or ["it gave no reason"])[-1]


def loudness(path: Path, stream: int = 0) -> Loudness:
    """Integrated LUFS and true peak dBTP of a file's ``stream``-th sound track, as a player decodes it."""
    import ffmpeg

    meter = ffmpeg.input(str(path))[f"a:{stream}"].filter("ebur128", peak="true", framelog="quiet")
    said = run(meter.output("-", format="null"), "measuring loudness", path.name, loglevel="info")
    summary = said[said.rfind("Summary:") :]
    level, peak = re.search(r"I:\s+(\S+) LUFS", summary), re.search(r"Peak:\s+(\S+) dBFS", summary)
    if not level or not peak:
        raise WorkError("the loudness meter gave no summary", path.name)
    return Loudness(max(SILENT_LUFS, _number(level[1])), max(SILENT_DBTP, _number(peak[1])))


def _number(text: str) -> float:
    return SILENT_DBTP if text in ("-inf", "nan") else float(text)
