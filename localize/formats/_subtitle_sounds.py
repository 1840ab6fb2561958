"""What stands in a subtitle and nobody says: descriptions for the hard of hearing, and the marks of a song.

Brackets hold sounds (``[音乐]``), manners (``（冷笑）``), and also what somebody thinks (``（我不能输）``).  A
bracket goes only where its words are known (``subtitle_sounds.toml``); every other stays and is named, so that no word
is lost.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from localize.han import HAN
from localize.hanzi import simplified

NOTES = "♪♫♬♩🎵🎶"
_BRACKETS = re.compile(
    r"(?P<square>[\[【［〔〖])(?P<inside>[^\[\]【】［］〔〕〖〗]{1,80})[\]】］〕〗]"
    r"|(?P<round>[（(﹙])(?P<within>[^（）()﹙﹚]{1,80})[）)﹚]"
    r"|(?<![\w*＊])[*＊](?P<star>[^*＊\n]{1,80})[*＊](?![\w*＊])"
)  # fmt: skip
_OPENING = "[【［〔〖（(﹙*＊"
_LETTERS = re.compile(r"[^\W\d_]+(?:['’.][^\W\d_]+)*")
_ENDS = " \t\n。．.…!！~～—-"
_SENTENCE = re.compile(r"[。．.!！?？…]")


@dataclass(frozen=True, slots=True)
class Heard:
    """``text`` without what nobody says; ``gone`` is what that was, ``open`` the brackets nobody could tell.

    ``emotion`` is one of ``voices/emotions.toml``, where what went tells it, else empty.
    """

    text: str
    gone: tuple[str, ...] = ()
    open: tuple[str, ...] = ()
    emotion: str = ""


def undescribed(text: str, names: Collection[str] = ()) -> Heard:
    """``text`` without descriptions.  ``names`` of the cast may stand in them: ``（陆沉冷笑）``.  Rows stay rows."""
    if not any(sign in text for sign in _OPENING):
        return Heard(text)
    gone, doubtful, at, kept = list[str](), list[str](), 0, list[str]()
    for found in _BRACKETS.finditer(text):
        content = found["inside"] or found["within"] or found["star"]
        strict = found["within"] is not None
        if is_description(content, strict, names):
            kept.append(text[at : found.start()])
            gone.append(" ".join(found[0].split()))
            at = found.end()
        elif found["star"] is None and (not strict or _outside(text, found.start(), found.end()) or _hints(content)):
            doubtful.append(" ".join(found[0].split()))
    kept.append(text[at:])
    return Heard(_tidy("".join(kept)), tuple(gone), tuple(doubtful), emotion_of(" ".join(gone)))


def is_description(content: str, strict: bool, names: Collection[str] = ()) -> bool:
    """Whether a bracket's content is a sound or a manner; ``strict`` for round ones, which hold thoughts as well."""
    said = simplified(content).strip(_ENDS).casefold()
    if not said:
        return all(char in NOTES or not char.isalnum() for char in content)
    if all(char in NOTES or not char.isalnum() for char in said):
        return any(char in NOTES for char in said)
    return _in_chinese(said, strict, names) if HAN.search(said) else _in_latin(content, strict, names)


def emotion_of(told: str) -> str:
    """The emotion that a manner tells, empty where it tells none."""
    said = simplified(told).casefold()
    return next((name for name, words in table()["emotions"].items() if any(word in said for word in words)), "")


def _outside(text: str, start: int, end: int) -> bool:
    """Whether words stand beside a bracket: alone it is a thought, as usual, and nobody need look."""
    return any(char.isalnum() for char in text[:start] + text[end:])


def _in_chinese(said: str, strict: bool, names: Collection[str]) -> bool:
    words, whole = table()["zh"], frozenset(name for name in names if name)
    if _made_of(said, whole):
        return True
    if _SENTENCE.search(said) or any(sign in said for sign in words["speaks"]):
        return False
    if said.endswith(tuple(words["endings"])) and len(said) <= 12:
        return True
    return not strict and any(len(word) > 1 and word in said for word in (*words["sound"], *words["manner"]))


def _made_of(said: str, names: Collection[str]) -> bool:
    """Whether ``said`` is known words from end to end, one of them a sound or a manner."""
    telling, around, longest = _words()
    longest = max((longest, *map(len, names)))
    ways: list[int] = [1] + [0] * len(said)  # 1: reached, 3: reached over a telling word
    for at in range(len(said)):
        if ways[at]:
            for end in range(at + 1, min(len(said), at + longest) + 1):
                piece = said[at:end]
                if piece in telling:
                    ways[end] |= 3
                elif piece in around or piece in names:
                    ways[end] |= ways[at]
    return ways[-1] == 3


def _in_latin(content: str, strict: bool, names: Collection[str] = ()) -> bool:
    """Whether every word is one of a description, one of them a sound or a manner: other words somebody may say."""
    said = _latin_words(content)
    if not said or set(said) & _set("latin", "speaks"):
        return False
    if strict and (len(said) > 5 or _SENTENCE.search(content.strip())):
        return False
    own = {word for name in names for word in _latin_words(name)}
    strange = {word for word in said if not _tells(word, strict) and word not in own}
    if not any(_tells(word, strict) for word in said) or not strange <= _set("latin", "around"):
        return False
    return any(_tells(word, True) for word in said) or not strange & _set("labels", "small")  # [Ring the bell]


def _latin_words(text: str) -> list[str]:
    return [word.casefold().replace("’", "'") for word in _LETTERS.findall(text)]


def _hints(content: str) -> bool:
    return any(_tells(word, strict=True) for word in _latin_words(content))


def _tells(word: str, strict: bool) -> bool:
    known = word in _set("latin", "words") or (not strict and word in _set("latin", "things"))
    return known or word.startswith(tuple(table()["latin"]["stems"]))


def _tidy(text: str) -> str:
    rows = (" ".join(row.split()) for row in text.split("\n"))
    return "\n".join(row for row in rows if any(char.isalnum() or char in NOTES for char in row))


# ── songs ───────────────────────────────────────────────────────────────────────────────────────────────────
def by_song(text: str) -> Iterator[tuple[str, bool]]:
    """The rows in runs, each with whether it is sung: every row with a note, and rows between two of them."""
    if not any(note in text for note in NOTES):
        yield text, False
        return
    rows, run, before = text.split("\n"), list[str](), False
    closes = [row.rstrip().endswith(tuple(NOTES)) for row in rows]
    inside = False
    for at, row in enumerate(rows):
        opens = row.lstrip(" -").startswith(tuple(NOTES))
        sung = opens or closes[at] or inside
        inside = sung and not closes[at] and any(closes[at + 1 :])
        if run and sung != before:
            yield _bare(run, before), before
            run = []
        before = sung
        run.append(row)
    yield _bare(run, before), before


def _bare(run: list[str], sung: bool) -> str:
    return "\n".join(filter(None, (row.strip(NOTES + " -") for row in run))) if sung else "\n".join(run)


# ── the table ───────────────────────────────────────────────────────────────────────────────────────────────
@cache
def table() -> dict[str, Any]:
    """``subtitle_sounds.toml``."""
    return tomllib.loads((files("localize.formats") / "subtitle_sounds.toml").read_text("utf-8"))


@cache
def _set(part: str, name: str) -> frozenset[str]:
    return frozenset(table()[part][name])


@cache
def _words() -> tuple[frozenset[str], frozenset[str], int]:
    """What tells a description, what stands around it, and the length of the longest of both."""
    telling, around = _set("zh", "sound") | _set("zh", "manner"), _set("zh", "around")
    return telling, around, max(map(len, telling | around))
