"""Every error this project raises on purpose.

    LocalizeError            exit 1   something went wrong
    ├── InputError           exit 2   what the person gave: media, market, glossary, table, consent, conflicting edits
    ├── SetupError           exit 3   this machine: a missing tool, extra, weights, an unknown backend
    ├── WorkError            exit 4   a stage or a backend failed; the rest of the run continues and is kept
    └── GateError            exit 5   a gate is closed: untranslated lines, a blocking finding, a missing consent

An error says *what* happened, *where*, and what to do *next*.  All three survive pickling, so an error raised in a
worker process arrives whole.
"""

from __future__ import annotations

from typing import ClassVar, TypeAlias

Facts: TypeAlias = tuple[tuple[str, str | int | float | tuple[str, ...]], ...]
"""Named values beside a sentence, for scripts."""


class LocalizeError(Exception):
    """The root.  ``what`` is one sentence; ``where`` a file, line id or stage; ``fix`` what the person can do next;
    ``facts`` the same for a script that wants to act on it.
    """

    exit_code: ClassVar[int] = 1

    def __init__(self, what: str, where: str = "", fix: str = "", facts: Facts = ()) -> None:
        super().__init__(what, where, fix, facts)
        self.what = what
        self.where = where
        self.fix = fix
        self.facts = facts

    def __str__(self) -> str:
        head = f"{self.where}: {self.what}" if self.where else self.what
        return f"{head}\n  → {self.fix}" if self.fix else head


class InputError(LocalizeError):
    """What the person handed in cannot be used as it is."""

    exit_code = 2


class SetupError(LocalizeError):
    """This machine lacks something the chosen plan needs."""

    exit_code = 3


class WorkError(LocalizeError):
    """A stage failed on good input."""

    exit_code = 4


class GateError(LocalizeError):
    """A gate stops one market: its output would be wrong, unlicensed or without consent."""

    exit_code = 5


def incomplete(error: ModuleNotFoundError) -> LocalizeError:
    """A package that every installation has is not there: what to say of it.  Extras are asked for by their engines."""
    name = (error.name or str(error)).partition(".")[0]
    if name == "localize":
        return LocalizeError(f"a part of the program is missing: {error.name}", "", "install it again")
    fix = "install the program again in this environment, with its dependencies: pip install -e ."
    return SetupError(f"the Python package {name} is not installed here", "", fix)
