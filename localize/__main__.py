"""``python -m localize`` is the command ``localize``."""

from __future__ import annotations

from importlib import import_module

if __name__ == "__main__":
    import_module("localize.cli").main()  # by name: nothing in the library leans on the command line
