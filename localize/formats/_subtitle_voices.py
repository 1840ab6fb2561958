"""Who a subtitle file says is speaking: labels before the words (``陆沉：``), voice tags, name fields, agents.

A label is taken off the words and kept as evidence.  A colon alone makes no label (``时间：三点``, ``证据：在这里``):
it takes names of the cast, or a file that labels its lines and a word that is somebody's (``_subtitle_names``).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field, replace

from localize.episode import LineKind
from localize.formats._subtitle_events import Event
from localize.formats._subtitle_names import can_be, is_somebody, looks_like_name
from localize.formats._subtitle_sounds import emotion_of, table
from localize.han import HAN
from localize.hanzi import simplified

SURE = 2
"""Subtitles with a name of the cast before a colon from which the file is one that labels its lines."""
OFTEN = 0.3
"""… or this share of subtitles with anything like a label, ``LEAST`` at least, one of them more than once.  Judged:
talk has a colon after its first word in under one line of a hundred."""
LEAST = 3
THROUGHOUT, MANY = 0.6, 3
"""Share of subtitles with something like a label from which a Latin word is a name that stands so ``MANY`` times."""
"""Where every subtitle of a translation has one, and there are ``LEAST``, once is enough."""
_LONGEST = 48  # characters of a name beside the words
_ONE = r"[^\W\d_][^\W_]*(?:[·.'’-][^\W_]+)*\.?"
_NAME = rf"{_ONE}(?: [^\W_]+(?:[·.'’-][^\W_]+)*\.?){{0,2}}"
_NAMES = rf"{_NAME}(?:\s*[、，,;；/／&＆+＋]\s*{_NAME}){{0,4}}"
_LABEL = re.compile(
    rf"\s*(?:[-–—‐]|>>+)?\s*(?:[\[【（(]\s*(?P<boxed>{_NAMES})\s*[\]】）)]\s*(?P<colon>[：:])?"
    rf"|(?P<name>{_NAMES})\s*(?:[（(\[【](?P<how>[^\[\]【】（）()\n]{{1,40}})[）)\]】])?\s*[：:](?!//))\s*"
)  # fmt: skip
_AFTER = re.compile(r"[。！？!?…”\"」』]\s*(?=\S)")
_DASH = re.compile(r"^\s*(?:[-–—‐]|>>+)\s*")
_SIGNS = ":：[【（(>"  # without one of these there is no label
_SEVERAL = re.compile(r"\s*[;；,，、/／&＆+＋]\s*")
_AND = re.compile(r"[和与跟同]")


@dataclass(frozen=True, slots=True)
class Part:
    """What one voice says of a subtitle: rows joined by ``\\n``; ``speaker`` as the file has the name, else empty.

    Several names are joined by ``、``.  ``manner`` is what the label tells of how it is said, as written there.
    """

    text: str
    speaker: str = ""
    emotion: str = ""
    kind: LineKind = "speech"
    manner: str = ""


@dataclass(frozen=True, slots=True)
class Labels:
    """What counts as a label in one file.  ``known`` are the cast's names, folded; ``left`` looked like labels, with
    the rows of the file where they stand.
    """

    known: frozenset[str]
    taken: frozenset[str]
    left: tuple[tuple[str, tuple[int, ...]], ...] = ()
    idle: frozenset[str] = field(default=frozenset())

    def people(self, label: str) -> tuple[str, ...]:
        """Whom a label names, one by one and as written; empty where it is no label."""
        for parts in (_names(label), *([tuple(_AND.split(label))] if HAN.search(label) else [])):
            strange = [part for part in parts if not self._names_one(part)]
            if len(strange) < len(parts) and all(looks_like_name(folded(part)) for part in strange):
                return (label,) if folded(label) in self.known else parts
        return (label,) if folded(label) in self.known else ()

    def only_known(self, label: str) -> bool:
        """Whether a label is nothing but names of the cast."""
        return all(folded(one) in self.known for one in _names(label)) or folded(label) in self.known

    def _names_one(self, name: str) -> bool:
        plain = folded(name)
        return plain in self.known or plain in self.taken or plain in _nobody()


def folded(name: str) -> str:
    """A name as it is compared: simplified, lower case, single spaces."""
    return " ".join(simplified(name).casefold().split())


def labels_of(events: Sequence[Event], names: Collection[str]) -> Labels:
    """What the labels of a file are, from all of it; ``names`` are those of the cast, in every spelling."""
    known = frozenset(map(folded, names)) - {""}
    where: dict[str, list[int]] = {}
    for event in events:
        for name in dict.fromkeys(folded(part) for one in _candidates(event) for part in _names(one)):
            where.setdefault(name, []).append(event.line)
    sure = sum(len(rows) for name, rows in where.items() if name in known)
    likely = {name: rows for name, rows in where.items() if name not in known and can_be(name)}
    both = sure + sum(map(len, likely.values()))
    labelled = sum(any(can_be(folded(part)) for one in _candidates(event) for part in _names(one)) for event in events)
    every = labelled == len(events) >= LEAST and not any(HAN.search(event.text) for event in events)
    often = every or (both >= max(LEAST, OFTEN * len(events)) and max(map(len, where.values()), default=0) > 1)
    tagged = Counter(name for event in events for name in dict.fromkeys(one for one, _ in event.voices if one))
    idle = {folded(one) for one, count in tagged.items() if len(tagged) == 1 and folded(one) not in known and count > 4}
    least = 1 if every else MANY if both >= THROUGHOUT * len(events) else 0
    taken = frozenset(name for name, rows in likely.items() if _is_taken(name, len(rows), least, known))
    if sure < SURE and not often:
        taken = frozenset()
    left = tuple((name, tuple(rows)) for name, rows in likely.items() if name not in taken and _may_be(name, rows))
    return Labels(known, taken, left, frozenset(idle))


def _is_taken(name: str, times: int, least: int, known: Collection[str]) -> bool:
    """Whether a word that the cast does not have is somebody's name in a file with labels: something must say so."""
    if is_somebody(name) or name in _nobody():
        return True
    if HAN.search(name):
        return times > 1 and looks_like_name(name)
    part = any(name in one.split() for one in known)
    return part or (times > 1 and looks_like_name(name)) or (0 < least <= times)


def _may_be(name: str, rows: Sequence[int]) -> bool:
    return len(rows) > 1 or bool(HAN.search(name)) or " " in name


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
                found.append(_labelled(label, said, labels))
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
        return bool(more) and labels.only_known(name)
    return bool(labels.people(name))


def _is_translation(label: re.Match[str], said: str, before: Part) -> bool:
    """``陆沉：你走。`` and below it ``Lu Chen: Go.``: one voice in two languages, not two voices."""
    name = label["name"] or label["boxed"]
    return bool(before.speaker and HAN.search(before.text)) and not HAN.search(name + said)


def _labelled(label: re.Match[str] | None, said: str, labels: Labels) -> Part:
    if label is None:
        return Part(said)
    whole = label["name"] or label["boxed"]
    people = labels.people(whole) or (whole,)
    manner = _bare(whole)[1]
    told = f"{manner} {label['how'] or ''}".strip().casefold()
    words = table()["labels"]
    names = {folded(one) for one in people}
    kind: LineKind = "speech"
    if names <= set(words["narration"]):
        kind = "narration"
    elif names <= set(words["thought"]) or any(word in words["thought"] for word in re.split(r"[\s,，、]+", told)):
        kind = "thought"
    speaker = "、".join(one.strip() for one in people) if len(people) > 1 else whole.strip()
    speaker = "" if names <= _nobody() else speaker
    return Part(said, speaker, emotion_of(told), kind, " ".join((label["how"] or "").split()))


def _names(label: str) -> tuple[str, ...]:
    """The names of a label one by one, without what it says of the voice."""
    return tuple(_bare(one)[0] for one in _SEVERAL.split(label.strip()) if one)


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
    """The names of a voice tag or a name field, several only where the cast has them all; empty for nobody, and for
    what is no name.
    """
    parts = _names(_bare(name.strip())[0])
    if len(parts) > 1 and labels.only_known(name):
        return "、".join(parts)
    if len(parts) != 1 or len(parts[0]) > _LONGEST:
        return ""
    plain = folded(parts[0])
    if plain in labels.known:
        return parts[0]
    strange = plain in labels.idle or plain in _nobody() or plain in table()["labels"]["never"]
    return "" if strange or not any(char.isalpha() for char in plain) else parts[0]
