"""``localize why``: whose words a line speaks, what every answer about it was made from, and what changed since."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from localize import edits
from localize.corrections import standing
from localize.edits import Edit
from localize.engine.codec import restore
from localize.engine.journal import History, Use
from localize.engine.readable import differences, parts, readable
from localize.engine.store import Receipt, Store
from localize.errors import InputError
from localize.version import Adaptation, Rendering

if TYPE_CHECKING:
    from localize.stages.adapt import Adapted

ORIGINS = {
    "person": "from a person's script", "memory": "from the series' memory", "phrasebook": "from the phrasebook",
    "machine": "from the translation engine", "source": "nobody has translated this line",
}  # fmt: skip
CELLS = {"dub": "dub text", "subtitle": "subtitle text", "short": "short dub text", "long": "long dub text"}


def explain(store: Store, past: History, wanted: str, market: str, log: Sequence[Edit] = ()) -> str:
    """Everything about a line or a stage in one market, or in all (empty), as indented lines of text.

    ``log`` holds the episode's edits, oldest first.  Raises ``InputError`` for what no run ever met.
    """
    wanted = _known(past, wanted)
    chosen = [use for use in past.uses if _about(use, wanted) and (market in ("", use.market) or not use.market)]
    if not chosen:
        fix = "ids are in lines.csv; stages in localize plan"
        raise InputError(f"no run of this episode had a line or stage {wanted!r}", market, fix)
    log = standing(log)
    told = [*_corrected([edit for edit in log if edit.line == wanted and not edit.market])]
    joins = (at for at, edit in enumerate(log) if (edit.line, edit.field) == (wanted, "merge"))
    log = log[max(joins, default=0) :]  # what was said before went into the joined words
    for code in dict.fromkeys(use.market for use in chosen):
        own = [use for use in chosen if use.market == code]
        told += _line(store, own, wanted, code, [edit for edit in log if (edit.market, edit.line) == (code, wanted)])
        keys: dict[tuple[str, str], list[str]] = {}
        for use in own:
            known = keys.setdefault((use.stage, use.title), [])
            if known[-1:] != [use.key]:
                known.append(use.key)
        for (stage, title), used in keys.items():
            told += _made(store, _head(stage, title, code), used)
    return "\n".join(told)


def _known(past: History, wanted: str) -> str:
    """``l0005`` is L0005: ids are written in capitals, stages are not."""
    return wanted.upper() if any(_about(use, wanted.upper()) for use in past.uses) else wanted


def _about(use: Use, wanted: str) -> bool:
    return wanted in (use.stage, *use.title.split())


CORRECTED = {
    "text": "source text is", "span": "times are", "speaker": "is said by", "addressee": "is said to", "kind": "is",
    "split": "was divided", "merge": "was joined with", "add": "was added",
}  # fmt: skip


def _corrected(log: Sequence[Edit]) -> Iterator[str]:
    """What people decided about the line itself, for all markets; of each kind the last word."""
    for edit in {edit.field: edit for edit in log}.values():
        value = "" if edit.field in ("split", "add") else f" {readable(edit.value)}"
        yield f"{edit.line} {CORRECTED.get(edit.field, edit.field)}{value}: decided by {_who(edit)}"


# ── whose words ─────────────────────────────────────────────────────────────────────────────────────────────
def _line(store: Store, uses: Sequence[Use], line: str, market: str, log: Sequence[Edit]) -> Iterator[str]:
    """What the line says in this market and who decided so; nothing for a stage or an answer that is gone."""
    keys = [use.key for use in uses if use.stage == "adapt" and use.title == f"{line} {market}"]
    receipt = store.receipt(keys[-1]) if keys else None
    adapted = _adapted(receipt)
    if receipt is None or adapted is None:
        return
    machine = adapted.rendering
    yield f"{line} {market}: {receipt.recipe.get('text', '')}"
    for cell, name in CELLS.items():
        if cell == "subtitle" or line[0] != "T":  # nobody speaks what is written in the picture
            yield from (f"  {told}" for told in _cell(machine, log, cell, name))
    yield from (f"  {told}" for told in _pivot(store, uses, line, market))
    fields: dict[Adaptation, list[str]] = {}
    for one in adapted.adaptations:  # the same change of dub and subtitle is told once
        fields.setdefault(replace(one, field=""), []).append(one.field)
    for change, where in fields.items():
        done = "changed" if change.decision == "applied" else "would change"
        swap = f"{readable(change.before)} to {readable(change.after)}"
        yield f"  market rule {change.rule} {done} {swap} in the {' and the '.join(where)}: {change.why}"
    yield from (f"  {told}" for told in _signed(machine, log))


def _pivot(store: Store, uses: Sequence[Use], line: str, market: str) -> Iterator[str]:
    """The English an engine translated it through."""
    keys = [use.key for use in uses if use.stage == "translate" and use.title == f"{line} {market}"]
    receipt = store.receipt(keys[-1]) if keys else None
    if receipt is not None and isinstance(receipt.answer, dict) and receipt.answer.get("pivot"):
        yield f"through English: {receipt.answer['pivot']}"


def _adapted(receipt: Receipt | None) -> Adapted | None:
    from localize.stages.adapt import Adapted

    if receipt is None:
        return None
    try:
        found: Adapted = restore(receipt.answer, Adapted)
    except ValueError:  # written by a version whose answer had another shape
        return None
    return found


def _cell(machine: Rendering, log: Sequence[Edit], cell: str, name: str) -> Iterator[str]:
    """One of the texts: who wrote it, and what it was before."""
    at = max((number for number, edit in enumerate(log) if edit.field == cell), default=-1)
    now, made = _text(machine, log, cell), _text(machine, (), cell)
    if at >= 0 and now == _text(machine, log[: at + 1], cell):
        before = _text(machine, log[:at], cell)
        yield f"{name}: written by {_who(log[at])} in lines.csv, was: {readable(before)}"
    elif now != made:
        last = next(edit for edit in reversed(log) if edit.field in ("dub", "subtitle"))
        yield f"{name}: follows what {_who(last)} wrote in lines.csv as {CELLS[last.field]}, was: {readable(made)}"
    elif cell in ("short", "long") and not now:
        return
    else:
        reference = f" ({machine.reference})" if machine.reference else ""
        yield f"{name}: {ORIGINS[machine.origin]}{reference}"
    yield f"  {readable(now)}"


def _text(machine: Rendering, log: Sequence[Edit], cell: str) -> str:
    (shown,) = edits.apply((machine,), log)
    texts = {"dub": shown.dub.normal, "short": shown.dub.short, "long": shown.dub.long, "subtitle": shown.subtitle}
    return texts[cell]


def _signed(machine: Rendering, log: Sequence[Edit]) -> Iterator[str]:
    """Status and note."""
    (shown,) = edits.apply((machine,), log)
    at = max((number for number, edit in enumerate(log) if edit.field == "status"), default=-1)
    by = f", set by {_who(log[at])} in lines.csv" if at >= 0 and log[at].value == shown.status else ""
    yield f"status: {shown.status}{by}"
    note = next((edit for edit in reversed(log) if edit.field == "note"), None)
    if note is not None and note.value:
        yield f"note: {readable(note.value)}, by {_who(note)}"


def _who(edit: Edit) -> str:
    return f"{edit.by or 'someone'} on {edit.at[:10]}"


# ── what from ───────────────────────────────────────────────────────────────────────────────────────────────
def _head(stage: str, title: str, market: str) -> str:
    return " ".join(part for part in (stage, title, "" if title.endswith(market) else market) if part)


def _made(store: Store, head: str, keys: Sequence[str]) -> Iterator[str]:
    """One answer: when and by which engine; from what, or what changed since the answer before it."""
    now = store.receipt(keys[-1])
    if now is None:
        yield f"{head}: its receipt is gone; the next run makes it again"
        return
    engine = next(_engines(now.recipe), "")
    made = f"{head}: made {_when(now.made)} in {now.seconds:.1f} s{f' by {engine}' if engine else ''}"
    before = store.receipt(keys[-2]) if len(keys) > 1 else None
    if before is None:
        yield f"{made}, from"
        yield from (f"    {part}" for part in parts(now.recipe))
        yield f"    receipt: {store.receipt_path(now.key)}"
    else:
        yield f"{made}; since the time before"
        yield from (f"    {change}" for change in differences(before.recipe, now.recipe))


def _when(made: str) -> str:
    return made[:16].replace("T", " ") + (" UTC" if made.endswith("+00:00") else "")


def _engines(recipe: Any) -> Iterator[str]:
    if isinstance(recipe, dict):
        if "engine" in recipe and isinstance(recipe["engine"], str):
            yield f"{recipe['engine']} {recipe.get('version', '')}".strip()
        for value in recipe.values():
            yield from _engines(value)
