"""What the series' pivot says of a line, and its terms there beside this market's own."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from localize.glossary import Term, occurs
from localize.renaming import renamed
from localize.series import SeriesBible

if TYPE_CHECKING:
    from localize.stages.translate import Job


def with_pivot(jobs: Sequence[Job], pivot: Mapping[str, str], bible: SeriesBible, level: int) -> list[Job]:
    """The jobs with the pivot's words, where it says something; ``level`` is that of adaptation."""
    if not pivot:
        return list(jobs)
    glossary = renamed(bible, bible.pivot, level).glossary(bible.pivot)
    return [
        replace(
            job, pivot=said, pivot_market=bible.pivot,
            pivot_terms=tuple(_pairs(glossary.found_in(job.line.text), job.terms, said)),
        ) if (said := pivot.get(job.line.id, "")) else job
        for job in jobs
    ]  # fmt: skip


def _pairs(there: Sequence[Term], here: Sequence[Term], said: str) -> Iterator[tuple[str, str]]:
    """(form in the pivot's words, approved form) of terms that both have."""
    forms = {term.source: term.target for term in reversed(here) if term.binds() and term.kind != "forbidden"}
    for term in there:
        if term.kind == "forbidden" or not forms.get(term.source):
            continue
        for form in term.forms:
            if occurs(form, said, term.language):
                yield form, forms[term.source]
