"""Chinese characters: which languages write with them, and where they are Chinese that nobody translated."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from importlib.resources import files
from typing import Any

SIGNS = r"\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003fffd"
"""Chinese characters as the inside of a pattern's brackets, everywhere in this program: the unified ideographs with
their extensions, and those kept for compatibility (Unicode 16, chapter 18; planes 2 and 3 hold no other letters)."""
HAN = re.compile(f"[{SIGNS}]+")
"""A run of Chinese characters, whoever writes them."""
_AT_HOME = {"zh", "ja", "ko", "yue"}
_OWN = {"ja": re.compile(r"[ぁ-ゖァ-ヺｦ-ﾟ々]"), "ko": re.compile(r"[가-힣]")}
"""Letters that only this language has: no Chinese sentence holds one."""
_JAPANESE = "euc_jis_2004"
"""JIS X 0213:2004, all the characters of Japanese print; it has 說 and 玥, not 说, 们 or 陈."""
_KOREAN = "euc_kr"
"""KS X 1001: the Chinese characters Korean print has, 先 and 慶, not 爷."""
_GLOSS = re.compile(rf"(?<=[가-힣])[(（][{SIGNS}]+[)）]")
_SHARED = 5
"""Characters that both write alike at most: names, titles, four-letter sayings.  Judged, not counted."""


def writes_han(language: str) -> bool:
    """Whether Chinese characters are at home in ``language`` (``ja``, ``ja-JP``, ``zh-TW``)."""
    return language.partition("-")[0] in _AT_HOME


def chinese_left(text: str, source: str, language: str) -> str:
    """What of a translation of ``source`` into ``language`` (BCP 47) is Chinese still; empty when nothing is.

    Any Chinese character is, but for Korean glosses, 한자(漢字).  In Japanese only what stands in the source and
    Japanese would not write: a character no Japanese print has, a run longer than a name, a word of ``han.toml``.
    Never anything for Chinese.
    """
    name = language.partition("-")[0]
    if name == "ja":
        return _left_in_japanese(text, source)
    plain = _GLOSS.sub(lambda gloss: "" if _has(gloss[0][1:-1], _KOREAN) else gloss[0], text) if name == "ko" else text
    return next(iter(HAN.findall(plain)), "") if name == "ko" or not writes_han(name) else ""


def _left_in_japanese(text: str, source: str) -> str:
    from localize.hanzi import simplified

    runs: list[str] = HAN.findall(text)
    if not runs:
        return ""
    table, said = _table()["ja"], "\n".join(HAN.findall(f"{source}\n{simplified(source)}"))
    copied = [run for run in runs if run in said or simplified(run) in said]
    for run in runs:
        strange = any(char in said and not _has(char, _JAPANESE) for char in run)
        if strange or (run in copied and (len(run) > _SHARED or not set(table["never"]).isdisjoint(run))):
            return run
    if copied != runs or _OWN["ja"].search(text):
        return ""
    shared = re.compile("|".join(table["words"]))
    return next((run for run in runs if not set(table["seldom"]).isdisjoint(shared.sub("", run))), "")


def stays_chinese(text: str, language: str) -> bool:
    """Whether a text of the picture that nobody translated cannot be read in ``language`` (BCP 47)."""
    name = language.partition("-")[0]
    if name == "ja":
        return is_chinese(text, name)
    return bool(HAN.search(text)) and (name == "ko" or not writes_han(name))


def could_be_chinese(text: str, language: str) -> bool:
    """Whether a row of a script in ``language`` (BCP 47) may be the Chinese beside it.

    It has Chinese characters and, in Japanese and Korean, no letter of their own.  Never true for Chinese.
    """
    name = language.partition("-")[0]
    if name in _OWN:
        return bool(HAN.search(text)) and not _OWN[name].search(text)
    return bool(HAN.search(text)) and not writes_han(name)


def is_chinese(text: str, language: str) -> bool:
    """Whether it surely is: more than a third in Chinese characters; in Japanese, one that no Japanese print has."""
    if not could_be_chinese(text, language):
        return False
    runs = HAN.findall(text)
    if language.partition("-")[0] == "ja":
        return not _has("".join(runs), _JAPANESE)
    return sum(map(len, runs)) > len(text) / 3


def _has(text: str, charset: str) -> bool:
    """Whether a national character set has every sign of ``text``."""
    try:
        return bool(text.encode(charset))
    except UnicodeEncodeError:
        return False


@cache
def _table() -> dict[str, Any]:
    return tomllib.loads((files("localize") / "han.toml").read_text("utf-8"))
