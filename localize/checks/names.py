"""One name, one spelling."""

from __future__ import annotations

import re
from collections.abc import Iterator

from localize.checks import Check, Seen
from localize.checks._gates import gate
from localize.checks._words import has, plain
from localize.version import Finding

_WORD = re.compile(r"\w[\w'’-]*")


def other_spelling(text: str, name: str) -> str:
    """A capitalised run in ``text`` that is ``name`` written differently; empty when there is none."""
    from rapidfuzz import fuzz

    if has(text, name, whole=True):
        return ""
    count, words = len(name.split()), [re.sub(r"['’]s$", "", word) for word in _WORD.findall(text)]
    wanted = plain(name)
    for at in range(len(words) - count + 1):
        run = words[at : at + count]
        if not all(word[:1].isupper() for word in run):
            continue
        turned = sorted(map(plain, run)) == sorted(wanted.split())
        if turned or fuzz.ratio(plain(" ".join(run)), wanted) >= gate("names")["alike"]:
            return " ".join(run)
    return ""


def _look(seen: Seen) -> Iterator[Finding]:
    for line, one in seen.translated():
        for source, name in seen.names:
            for field, text in (("dub", one.dub.normal), ("subtitle", one.subtitle)):
                spelled = other_spelling(text, name) if source in line.text else ""
                known = any(plain(spelled) == plain(other) for _, other in seen.names)
                if spelled and not known:
                    told = f"the {field} spells {source} “{spelled}”; everywhere else it is “{name}”"
                    yield Finding(CHECK.id, line.id, "warn", told, f"write {name}")


CHECK = Check("names", "Names", "A name is not spelled as elsewhere in the series.", "warn", _look)
