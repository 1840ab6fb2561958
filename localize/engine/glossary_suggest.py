"""Names and terms a series uses and its lists do not hold, found by counting.  They wait for a person's yes.

What counts as a name is a surname from the list of the Baijiaxing's living ones (``glossaries/surnames.toml``) with one
or two characters, or with a title; anything else is a run of two to four characters that keeps coming back with
different neighbours on both sides (accessor variety, Feng et al. 2004) and is no everyday word.  What the shipped
phrasebook says as well, whose names are slots, is how every drama talks and nobody's name.
"""

from __future__ import annotations

import csv
import io
import tomllib
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from pathlib import Path

from localize.glossary import KINDS
from localize.han import HAN
from localize.series import SeriesBible, digest_of, locked, write
from localize.spreadsheet import neutral, original
from localize.tables import Row, read_rows
from localize.termbase import read_termbase
from localize.titles import bare_titles, surname_titles

LONGEST = 4
LEAST = 3
"""How often a run must occur; of a name two times are enough."""
VARIETY = 2
"""Different neighbours a run needs on each side; the end of a sentence is a neighbour of its own each time."""
EXAMPLES = 3
NO, YES = frozenset({"no", "n", "tidak", "否", "不"}), frozenset({"yes", "y", "sí", "si", "ya", "是"})
COLUMNS = ("source", "kind", "count", "lines", "why", "example", "decision")


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A run nobody settled: ``kind`` is name, title or idiom; ``lines`` are (episode, text) it occurs in, the first."""

    source: str
    kind: str
    count: int
    why: str
    lines: tuple[tuple[str, str], ...]


def suggest(texts: Mapping[str, Sequence[str]], bible: SeriesBible) -> tuple[Suggestion, ...]:
    """What the lines of ``texts`` (by episode) hold that terms, cast and titles do not, the most frequent first."""
    counts, left, right, where = _counted(texts)
    known = _known(bible)
    found = [
        Suggestion(run, *told, tuple(where[run]))
        for run, count in counts.items()
        if run not in known and (told := _worth(run, count, left, right)) and not _usual(run, told[0])
    ]
    kept = [one for one in found if not _inside(one, found)]
    kinds = ("name", "title", "idiom")
    return tuple(sorted(kept, key=lambda one: (kinds.index(one.kind), -one.count, one.source)))


def write_suggestions(bible: SeriesBible, found: Iterable[Suggestion]) -> Path:
    """``suggestions.csv`` in the series folder, with what a person decided about a source kept for good."""
    path = bible.root / "suggestions.csv"
    with locked(bible.root):
        seen = digest_of(path)
        decided = {row["source"]: row for row in _rows(path) if row["decision"]} if seen else {}
        out = io.StringIO(newline="")
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(COLUMNS)
        for one in found:
            row = decided.pop(one.source, None)
            episodes = " ".join(dict.fromkeys(name for name, _ in one.lines))
            said = row["decision"] if row else ""
            cells = (one.source, one.kind, str(one.count), episodes, one.why, one.lines[0][1], said)
            writer.writerow([neutral(cell) for cell in cells])
        writer.writerows([neutral(original(row[name])) for name in COLUMNS] for row in decided.values())
        write(path, "\ufeff" + out.getvalue(), seen)
    return path


def declined(bible: SeriesBible) -> frozenset[str]:
    """Sources a person answered *no* for; they are not suggested again."""
    rows = _rows(bible.root / "suggestions.csv")
    return frozenset(original(row["source"]) for row in rows if row["decision"].casefold() in NO)


def accept(bible: SeriesBible, by: str) -> tuple[str, ...]:
    """Enter what a person said *yes* to into ``terms.csv``, with history, for its forms to be filled in; the sources.

    What is a term, or in the cast, already stays as it is.
    """
    from localize.engine.exchange import put
    from localize.termbase import COLUMNS as HEAD

    known = _settled(bible)
    yes = {original(row["source"]): row for row in _rows(bible.root / "suggestions.csv")
           if row["decision"].casefold() in YES}  # fmt: skip
    new = [
        {"source": name, "kind": row["kind"] if row["kind"] in KINDS else "idiom", "note": f"suggested: {row['why']}"}
        for name, row in yes.items() if name and name not in known
    ]  # fmt: skip
    if new:
        put(bible.root, "terms.csv", HEAD, (), new, by, "suggestions.csv")
    return tuple(row["source"] for row in new)


def _rows(path: Path) -> tuple[Row, ...]:
    return read_rows(path, ("source",)) if path.is_file() else ()


# ── counting ────────────────────────────────────────────────────────────────────────────────────────────────
Neighbours = Mapping[str, set[str]]


def _counted(
    texts: Mapping[str, Sequence[str]],
) -> tuple[Counter[str], Neighbours, Neighbours, Mapping[str, list[tuple[str, str]]]]:
    """How often each run occurs, what stands before and after it, and the first lines it occurs in."""
    counts: Counter[str] = Counter()
    left: dict[str, set[str]] = defaultdict(set)
    right: dict[str, set[str]] = defaultdict(set)
    where: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for episode, lines in texts.items():
        for number, line in enumerate(lines):
            for part in HAN.finditer(line):
                _count(part[0], f"{episode}:{number}:{part.start()}", counts, left, right)
            for run in {run for part in HAN.findall(line) for run in _runs(part)}:
                if len(where[run]) < EXAMPLES:
                    where[run].append((episode, line))
    return counts, left, right, where


def _count(
    part: str, end: str, counts: Counter[str], left: dict[str, set[str]], right: dict[str, set[str]]
) -> None:  # fmt: skip
    for at in range(len(part)):
        for size in range(2, min(LONGEST, len(part) - at) + 1):
            run = part[at : at + size]
            counts[run] += 1
            left[run].add(part[at - 1] if at else end)
            right[run].add(part[at + size] if at + size < len(part) else end)


def _runs(part: str) -> Iterator[str]:
    for at in range(len(part)):
        for size in range(2, min(LONGEST, len(part) - at) + 1):
            yield part[at : at + size]


# ── judging ─────────────────────────────────────────────────────────────────────────────────────────────────
def _worth(run: str, count: int, left: Neighbours, right: Neighbours) -> tuple[str, int, str] | None:
    """(kind, count, why) of a run worth a person's look, else None."""
    tables = _tables()
    surname = next((run[:size] for size in (2, 1) if run[:size] in tables["surnames"]), "")
    given = run[len(surname) :]
    free = min(len(left[run]), len(right[run])) >= VARIETY
    if surname and given in surname_titles() and count >= 2:
        return "title", count, f"the surname {surname} with the title {given}"
    stops = tables["stops"]
    if (
        surname
        and 1 <= len(given) <= 2
        and count >= 2
        and free
        and not stops & set(given)
        and run not in tables["words"]
    ):
        return "name", count, f"the surname {surname} with a given name"
    if count < LEAST or not free or stops & {run[0], run[-1]} or run in tables["words"] or run in bare_titles():
        return None
    if any(word in run for word in tables["words"]):
        return None
    return "idiom", count, f"comes back {count} times between different words"


def _usual(run: str, kind: str) -> bool:
    """Whether the phrasebook has it: once is enough for a name, a term may turn up once by chance."""
    return kind != "title" and _phrases().count(run) >= (1 if kind == "name" else 2)


@lru_cache(maxsize=1)
def _phrases() -> str:
    text = (files("localize.glossaries") / "drama-phrasebook.csv").read_text("utf-8-sig")
    return "\n".join(row["zh"] for row in csv.DictReader(io.StringIO(text, newline="")))


def _inside(one: Suggestion, found: Sequence[Suggestion]) -> bool:
    """Whether it hardly occurs but inside a longer one."""
    return any(
        one.source != other.source and one.source in other.source and other.count >= one.count for other in found
    )


def _known(bible: SeriesBible) -> frozenset[str]:
    return _settled(bible) | declined(bible)


def _settled(bible: SeriesBible) -> frozenset[str]:
    """What terms, whether they have a form or not, and the cast hold already."""
    path = bible.root / "terms.csv"
    terms = (entry["source"] for entry in read_termbase(path).entries) if path.is_file() else ()
    cast = (name for one in bible.cast for name in (one.name, *one.aliases))
    return frozenset((*terms, *cast))


@lru_cache(maxsize=1)
def _tables() -> dict[str, frozenset[str]]:
    """Surnames, characters no name or term begins or ends with, and everyday words."""
    table = tomllib.loads((files("localize.glossaries") / "surnames.toml").read_text("utf-8"))
    return {
        "surnames": frozenset((*table["single"], *table["double"])), "stops": frozenset(table["stops"]),
        "words": frozenset(table["words"].split()),
    }  # fmt: skip
