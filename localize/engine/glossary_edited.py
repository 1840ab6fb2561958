"""A series as it would be with one of its tables changed, which is not in place yet."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from localize.errors import InputError
from localize.glossary import read_memory
from localize.relations import read_relations
from localize.series import SeriesBible, is_series
from localize.series_files import read_addresses, read_cast, read_casting, read_series
from localize.tables import read_text, rows_of
from localize.termbase import read_terms
from localize.toml_table import read_table


def edited_series(bible: SeriesBible, edited: Path) -> SeriesBible:
    """``bible`` with what ``edited`` says: a list of terms, addresses, relations or memory, a cast or casting, told by
    its columns or keys whatever its name; or all of them, from a changed copy of the whole folder.

    Raises ``InputError`` for a table that cannot be read, and for a folder that is no series.
    """
    if edited.is_dir():
        if not is_series(edited):
            fix = "give a changed table, or a copy of the series folder"
            raise InputError("holds no series.toml", str(edited), fix)
        return replace(read_series(edited), root=bible.root)
    known = {one.id for one in bible.cast}
    if edited.suffix.lower() == ".toml":
        keys = read_table(edited).keys
        if "id" in keys or "title" in keys:
            fix = "give a copy of the whole series folder with the changed file in it"
            raise InputError("series.toml cannot be weighed by itself", str(edited), fix)
        if "character" in keys:
            return replace(bible, cast=read_cast(bible.root, edited))
        return replace(bible, casting=read_casting(edited, known))
    columns = _columns(edited)
    if {"person", "of"} <= columns:
        return replace(bible, relations=read_relations(edited, known))
    if {"source", "market", "dub"} <= columns:
        return replace(bible, memory=read_memory(edited))
    if {"speaker", "addressee"} <= columns:
        return replace(bible, addresses=read_addresses(edited, known))
    return replace(bible, terms=read_terms(edited))


def _columns(table: Path) -> set[str]:
    """What its header names; ``rows_of`` tells what is wrong with it."""
    found: set[str] = set()
    rows_of(read_text(table), str(table), (), lambda name, place: found.add(name))
    return found
