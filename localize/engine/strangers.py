"""Names that last for voices nobody named: ``?2`` is a place in one answer, ``?L0005`` a stranger for good."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace

from localize.corrections import NUMBERED, parts
from localize.edits import Edit
from localize.errors import InputError


def lasting(lines: Sequence[str], taken: Collection[str]) -> str:
    """A stranger's name after the first of ``lines`` (in time) that is not ``taken``."""
    names = (*(f"?{line}" for line in lines), *(f"?{lines[0]}_{number}" for number in range(2, len(taken) + 3)))
    return next(name for name in names if name not in taken)


def meant(name: str, said: Mapping[str, str]) -> str:
    """Whom ``name`` means among those who speak: ``?L0009`` is the stranger who says L0009, if nobody is called so.

    Raises ``InputError`` when a member of the cast says that line by now.
    """
    line = name.removeprefix("?")
    if name in said.values() or not name.startswith("?") or line not in said:
        return name
    if not said[line].startswith("?"):
        fix = "list the voices again and name one of those"
        raise InputError(f"{name} is nobody's name any more: {line} is said by {said[line]}", fix=fix)
    return said[line]


def settled(found: Sequence[Edit], before: Mapping[str, str], taken: Iterable[str]) -> tuple[Edit, ...]:
    """Edits as a person made them in a table, every number of a stranger in them replaced by a name that lasts.

    ``before`` are the lines of the table in time order with their speakers before ``found``.  Who is named so keeps all
    their lines, those nobody touched too; ``taken`` names are somebody else's.
    """
    told = [one.value for one in found if one.field in ("speaker", "addressee") and NUMBERED.fullmatch(one.value)]
    if not told:
        return tuple(found)
    after, used, names = _speakers(found, before), {*taken, *before.values()}, dict[str, str]()
    for number in dict.fromkeys(told):
        own = [line for line, who in after.items() if who == number] or [
            one.line for one in found if one.value == number
        ]
        names[number] = lasting(own, used)
        used.add(names[number])
    edited = [
        replace(one, value=names.get(one.value, one.value)) if one.field in ("speaker", "addressee") else one
        for one in found
    ]
    spoken = {one.line for one in found if one.field == "speaker"}
    untouched = [(line, names[who]) for line, who in after.items() if who in names and line not in spoken]
    return (*edited, *(replace(found[0], line=line, field="speaker", value=name) for line, name in untouched))


def _speakers(found: Sequence[Edit], before: Mapping[str, str]) -> dict[str, str]:
    """Who says each line after ``found``."""
    now = dict(before)
    for one in found:
        if one.field == "split":
            now[parts(one.value)[0]] = now.get(one.line, "")
        elif one.field == "merge":
            now.pop(one.value, None)
        elif one.field == "speaker":
            now[one.line] = one.value
    return now
