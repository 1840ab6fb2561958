"""Who a subtitle file says is speaking: labels before the words (``陆沉：``), voice tags, name fields, agents.

A label is taken off the words and kept as evidence.  A colon alone makes no label (``时间：三点``): it takes a name
of the cast, or a file that labels its lines throughout, and a name that can be one
(``subtitle_sounds.toml``, ``[labels]``).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field, replace

from localize.episode import LineKind
from localize.formats._subtitle_events import Event
from localize.formats._subtitle_sounds import emotion_of, table
from localize.han import HAN
from localize.hanzi import simplified

SURE = 2
"""Subtitles with a name of the cast before a colon from which the file is one that labels its lines."""
OFTEN = 0.3
"""… or this share of subtitles with anything like a label, ``LEAST`` at least, one of them more than once.  Judged:
talk has a colon after its first word in under one line of a hundred."""
LEAST = 3
_LONGEST = 24  # characters of a label
_HAN_LONGEST = 6
_ONE = r"[^\W\d_][^\W_]*(?:[·.'’&-][^\W_]+)*\.?"
_NAME = rf"{_ONE}(?: [^\W_]+(?:[·.'’&-][^\W_]+)*\.?){{0,2}}"
_LABEL = re.compile(
    rf"\s*(?:[-–—‐]|>>+)?\s*(?:[\[【（(]\s*(?P<boxed>{_NAME})\s*[\]】）)]\s*(?P<colon>[：:])?"
    rf"|(?P<name>{_NAME})\s*(?:[（(\[【](?P<how>[^\[\]【】（）()\n]{{1,20}})[）)\]】])?\s*[：:](?!//))\s*"
)  # fmt: skip
_AFTER = re.compile(r"[。！？!?…”\"」』]\s*(?=\S)")
_DASH = re.compile(r"^\s*(?:[-–—‐]|>>+)\s*")
_SIGNS = ":：[【（(>"  # without one of these there is no label
_SEVERAL = re.compile(r"\s*[;；,，、/&+]\s*")


@dataclass(frozen=True, slots=True)
class Part:
    """What one voice says of a subtitle: rows joined by ``\\n``; ``speaker`` as the file has the name, else empty."""

    text: str
    speaker: str = ""
    emotion: str = ""
    kind: LineKind = "speech"


@dataclass(frozen=True, slots=True)
class Labels:
    """What counts as a label in one file.  ``known`` are the cast's names, folded; ``left`` looked like labels."""

    known: frozenset[str]
    taken: frozenset[str]
    left: tuple[tuple[str, int], ...] = ()
    idle: frozenset[str] = field(default=frozenset())

    def takes(self, name: str) -> bool:
        base = folded(_bare(name)[0])
        return base in self.known or base in self.taken or base in _nobody()


def folded(name: str) -> str:
    """A name as it is compared: simplified, lower case, single spaces."""
    return " ".join(simplified(name).casefold().split())


def labels_of(events: Sequence[Event], names: Collection[str]) -> Labels:
    """What the labels of a file are, from all of it; ``names`` are those of the cast, in every spelling."""
    known = frozenset(map(folded, names)) - {""}
    seen: Counter[str] = Counter()
    where: dict[str, int] = {}
    for event in events:
        for name in dict.fromkeys(folded(_bare(one)[0]) for one in _candidates(event)):
            seen[name] += 1
            where.setdefault(name, event.line)
    sure = sum(count for name, count in seen.items() if name in known)
    likely = {name: count for name, count in seen.items() if name not in known and _can_be(name)}
    both = sure + sum(likely.values())
    often = both >= max(LEAST, OFTEN * len(events)) and max(seen.values(), default=0) > 1
    tagged = Counter(name for event in events for name in dict.fromkeys(one for one, _ in event.voices if one))
    idle = {folded(one) for one, count in tagged.items() if len(tagged) == 1 and folded(one) not in known and count > 4}
    if sure >= SURE or often:
        taken = frozenset(name for name, count in likely.items() if count > 1 or _is_somebody(name))
        left = tuple((name, where[name]) for name in likely if name not in taken)
        return Labels(known, taken, left, frozenset(idle))
    left = tuple((name, where[name]) for name, count in likely.items() if count > 1 or HAN.search(name))
    return Labels(known, frozenset(), left, frozenset(idle))


def parted(event: Event, labels: Labels) -> list[Part]:
    """The event by who says it: one part when nobody is named or one voice says it all."""
    found: list[Part] = []
    for name, text in event.voices or (("", event.text),):
        own = _tagged(name, labels)
        for part in _by_label(text, labels):
            found.append(part if part.speaker or part.kind != "speech" else replace(part, speaker=own))
    return found


# ── labels in the words ─────────────────────────────────────────────────────────────────────────────────────
def _candidates(event: Event) -> Iterator[str]:
    for row in event.text.split("\n") if ":" in event.text or "：" in event.text else ():
        found = _LABEL.match(row[:80])
        if found and (found["name"] or found["colon"]):
            name = found["name"] or found["boxed"]
            if HAN.search(name) or all(not word[0].islower() for word in name.split()):
                yield name


def _can_be(name: str) -> bool:
    """Whether somebody may be called so, as far as a word tells."""
    words = table()["labels"]
    if len(name) > _LONGEST or name in words["never"] or re.fullmatch(r"l\d+", name):
        return False
    if not HAN.search(name):
        return not set(name.split()) & set(table()["latin"]["speaks"])
    clause = name.endswith(tuple(words["clauses"])) or name.startswith(tuple(words["begins"]))
    return len(name.replace(" ", "")) <= _HAN_LONGEST and not clause


def _is_somebody(name: str) -> bool:
    """Whether a name tells by itself that it is a person's: anything else once before a colon may be words."""
    words = table()["labels"]
    return name.endswith(tuple(words["people"])) or name in _nobody()


def _by_label(text: str, labels: Labels) -> list[Part]:
    if not any(sign in text for sign in _SIGNS):
        return [Part(text)]
    rows = text.split("\n")
    dashed = len(rows) > 1 and all(_DASH.match(row) for row in rows)
    found: list[Part] = []
    any_label = False
    for row in rows:
        for label, said in _cut(row, labels):
            if label is None and found and not (dashed and any_label):
                found[-1] = replace(found[-1], text=f"{found[-1].text}\n{said}".strip("\n"))
            elif label is not None and found and _is_translation(label, said, found[-1]):
                found[-1] = replace(found[-1], text=f"{found[-1].text}\n{said}")
            else:
                found.append(_labelled(label, said))
            any_label = any_label or label is not None
    if any_label:
        return [replace(part, text=_DASH.sub("", part.text)) for part in found]
    return [Part(re.sub(r"(?m)^>>+[ \t]*", "- " if dashed else "", text))]


def _cut(row: str, labels: Labels) -> Iterator[tuple[re.Match[str] | None, str]]:
    """A row at its labels, each with the words after it; None before the first."""
    colon = labels.known and (":" in row or "：" in row)
    places = [0, *(one.end() for one in _AFTER.finditer(row) if colon)]
    cuts: list[tuple[int, re.Match[str] | None]] = [(0, None)]
    for at in places:
        found = _LABEL.match(row, at)
        if found is not None and _counts(found, row, labels, at > 0):
            cuts.append((at, found))
    if len(cuts) > 1 and cuts[1][0] == 0:
        cuts.pop(0)
    ends = [at for at, _ in cuts[1:]] + [len(row)]
    for (at, found), end in zip(cuts, ends, strict=True):
        yield found, row[found.end() if found else at : end].strip()


def _counts(found: re.Match[str], row: str, labels: Labels, inside: bool) -> bool:
    """Whether what looks like a label is one; in the middle of a row, and in brackets alone, only the cast's names."""
    name = found["name"] or found["boxed"]
    if inside or not (found["name"] or found["colon"]):
        more = found["name"] or found["colon"] or any(char.isalnum() for char in row[found.end() :])
        return bool(more) and folded(_bare(name)[0]) in labels.known
    return labels.takes(name)


def _is_translation(label: re.Match[str], said: str, before: Part) -> bool:
    """``陆沉：你走。`` and below it ``Lu Chen: Go.``: one voice in two languages, not two voices."""
    name = label["name"] or label["boxed"]
    return bool(before.speaker and HAN.search(before.text)) and not HAN.search(name + said)


def _labelled(label: re.Match[str] | None, said: str) -> Part:
    if label is None:
        return Part(said)
    name, manner = _bare(label["name"] or label["boxed"])
    told = f"{manner} {label['how'] or ''}".strip().casefold()
    words, plain = table()["labels"], folded(name)
    kind: LineKind = "speech"
    if plain in words["narration"]:
        kind = "narration"
    elif plain in words["thought"] or any(word in words["thought"] for word in re.split(r"[\s,，、]+", told)):
        kind = "thought"
    return Part(said, "" if plain in _nobody() else name.strip(), emotion_of(told), kind)


def _bare(name: str) -> tuple[str, str]:
    """``陆沉OS``, ``陆沉内心``: the name, and what is said of the voice."""
    words = table()["labels"]
    for word in sorted((*words["thought"], "画外音", "画外"), key=len, reverse=True):
        if name.casefold().endswith(word) and len(name) > len(word):
            before = name[: -len(word)]
            if HAN.search(word) or before[-1] == " " or HAN.search(before[-1]):
                return before.strip(), word
    return name, ""


def _nobody() -> frozenset[str]:
    """Labels that name nobody in particular."""
    words = table()["labels"]
    return frozenset((*words["anybody"], *words["narration"], *words["thought"]))


# ── labels beside the words ─────────────────────────────────────────────────────────────────────────────────
def _tagged(name: str, labels: Labels) -> str:
    """The one name of a voice tag or a name field; empty for several, for nobody, and for what is no name."""
    parts = [one for one in _SEVERAL.split(_bare(name.strip())[0]) if one]
    if len(parts) != 1 or len(parts[0]) > 2 * _LONGEST:
        return ""
    plain = folded(parts[0])
    if plain in labels.known:
        return parts[0]
    strange = plain in labels.idle or plain in _nobody() or plain in table()["labels"]["never"]
    return "" if strange or not any(char.isalpha() for char in plain) else parts[0]
