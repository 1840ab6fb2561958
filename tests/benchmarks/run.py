"""What a run costs, against a bare encode in the same session.

    python tests/benchmarks/run.py [EPISODE] [--series DIR]

Prints per-stage seconds and real-time factors, the encode floor (x264 CRF 20, veryfast and medium), the first market
and each further market as multiples of that floor, and the peak memory of the whole process tree.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections import defaultdict
from pathlib import Path

import imageio_ffmpeg

SAMPLES = Path(__file__).parents[2] / "samples"
MARKETS = ("en-US", "es-419", "id-ID")


def encode_floor(episode: Path, preset: str) -> float:
    """Seconds a bare re-encode of the picture takes."""
    command = [imageio_ffmpeg.get_ffmpeg_exe(), "-v", "error", "-nostdin", "-i", str(episode), "-an", "-c:v", "libx264"]
    began = time.perf_counter()
    subprocess.run([*command, "-crf", "20", "-preset", preset, "-f", "null", "-"], check=True)
    return time.perf_counter() - began


def tree_rss(root: int) -> int:
    """Resident bytes of a process and all its descendants."""
    parents: dict[int, int] = {}
    sizes: dict[int, int] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                fields = (entry / "stat").read_text().rpartition(")")[2].split()
                sizes[int(entry.name)] = int((entry / "statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")
            except OSError:
                continue
            parents[int(entry.name)] = int(fields[1])
    total, wanted = 0, {root}
    for pid in sorted(parents):
        if pid in wanted or parents[pid] in wanted:
            wanted.add(pid)
            total += sizes.get(pid, 0)
    return total


class Peak(threading.Thread):
    """Watches the memory of a process tree until it ends."""

    def __init__(self, pid: int) -> None:
        super().__init__(daemon=True)
        self.pid, self.bytes = pid, 0

    def run(self) -> None:
        while Path(f"/proc/{self.pid}").exists():
            self.bytes = max(self.bytes, tree_rss(self.pid))
            time.sleep(0.1)


def localise(
    episode: Path, series: Path | None, markets: tuple[str, ...], home: Path, out: Path
) -> tuple[float, int, dict[str, float]]:
    """Wall seconds, peak bytes and seconds per stage of one run."""
    command = [sys.executable, "-c", "from localize.cli import main; main()", str(episode), "--to", ",".join(markets)]
    command += ["--out", str(out), "--json", *(["--series", str(series)] if series else [])]
    began = time.perf_counter()
    own = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env={**own, "LOCALIZE_HOME": str(home)})
    peak = Peak(process.pid)
    peak.start()
    stages: dict[str, float] = defaultdict(float)
    assert process.stdout is not None
    for line in process.stdout:
        event = json.loads(line)
        if event["kind"] == "done":
            stages[event["stage"]] += event.get("seconds", 0.0)
    if process.wait():
        sys.exit(f"the run failed with exit code {process.returncode}")
    return time.perf_counter() - began, peak.bytes, stages


def length_of(episode: Path) -> float:
    import av

    with av.open(str(episode)) as container:
        return float(container.duration or 0) / 1e6


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("episode", nargs="?", type=Path, default=next(iter(sorted(SAMPLES.glob("*.mp4"))), None))
    parser.add_argument("--series", type=Path)
    asked = parser.parse_args()
    seconds = length_of(asked.episode)
    floors = {preset: encode_floor(asked.episode, preset) for preset in ("veryfast", "medium")}
    with tempfile.TemporaryDirectory() as folder:
        home, out = Path(folder, "home"), Path(folder, "out")
        runs = [localise(asked.episode, asked.series, MARKETS[:count], home, out) for count in (1, 2, 3)]
    print(f"{asked.episode.name}: {seconds:.1f} s of picture, {os.cpu_count()} cores\n")
    print(f"{'stage':<12}{'seconds':>9}{'× length':>10}")
    for stage, spent in runs[0][2].items():
        print(f"{stage:<12}{spent:>9.2f}{spent / seconds:>10.2f}")
    print(f"\n{'encode floor veryfast':<34}{floors['veryfast']:>8.1f} s")
    print(f"{'encode floor medium':<34}{floors['medium']:>8.1f} s")
    first = runs[0][0]
    times = f"{first / floors['veryfast']:.2f} × veryfast  {first / floors['medium']:.2f} × medium"
    print(f"{'first market':<34}{first:>8.1f} s  {times}")
    for market, (wall, _, _) in zip(MARKETS[1:], runs[1:], strict=True):
        print(f"{'further market ' + market:<34}{wall:>8.1f} s  {wall / floors['veryfast']:.2f} × veryfast")
    print(f"{'peak memory':<34}{max(run[1] for run in runs) / 2**30:>8.2f} GiB")


if __name__ == "__main__":
    main()
