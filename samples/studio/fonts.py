"""Where the samples get their Chinese fonts: the wheel ``mplfonts`` (OFL), else the system's Noto CJK."""

from __future__ import annotations

import importlib.util
from pathlib import Path

_WHEEL = {"sans": "NotoSansCJKsc-Regular.otf", "serif": "NotoSerifCJKsc-Regular.otf"}
_SYSTEM = {"sans": "NotoSansCJK-Regular.ttc", "serif": "NotoSerifCJK-Regular.ttc"}
_FOLDERS = ("/usr/share/fonts", "/usr/local/share/fonts", "~/.local/share/fonts", "/Library/Fonts")


def cjk_fonts() -> dict[str, Path]:
    """Font files by ``sans`` and ``serif``; raises FileNotFoundError naming what to install."""
    spec = importlib.util.find_spec("mplfonts")
    found: dict[str, Path] = {}
    for name in _WHEEL:
        if spec is not None and spec.origin is not None:
            path = Path(spec.origin).parent / "fonts" / _WHEEL[name]
            if path.is_file():
                found[name] = path
                continue
        for folder in _FOLDERS:
            for path in sorted(Path(folder).expanduser().rglob(_SYSTEM[name])):
                found.setdefault(name, path)
    if "sans" not in found:
        raise FileNotFoundError(
            "no Chinese font found to draw the sample with; install one with `pip install mplfonts==0.0.11` "
            "or your system's Noto Sans CJK package"
        )
    found.setdefault("serif", found["sans"])
    return found
