"""Chinese characters: which languages write with them, and where they are Chinese that nobody translated."""

from __future__ import annotations

import re

SIGNS = r"\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003fffd"
"""Chinese characters as the inside of a pattern's brackets, everywhere in this program: the unified ideographs with
their extensions, and those kept for compatibility (Unicode 16, chapter 18; planes 2 and 3 hold no other letters)."""
HAN = re.compile(f"[{SIGNS}]+")
"""A run of Chinese characters, whoever writes them."""
_AT_HOME = {"zh", "ja", "ko", "yue"}
_OWN = {"ja": re.compile(r"[ぁ-ゖァ-ヺｦ-ﾟ]"), "ko": re.compile(r"[가-힣]")}
"""Letters that only this language has: no Chinese sentence holds one."""
_JAPANESE = "euc_jis_2004"
"""JIS X 0213:2004, all the characters of Japanese print; it has 說 and 玥, not 说, 们 or 陈."""
_SHARED = 5
"""Characters that both write alike at most: names, titles, four-letter sayings.  Judged, not counted."""


def writes_han(language: str) -> bool:
    """Whether Chinese characters are at home in ``language`` (``ja``, ``ja-JP``, ``zh-TW``)."""
    return language.partition("-")[0] in _AT_HOME


def chinese_left(text: str, source: str, language: str) -> bool:
    """Whether a translation of ``source`` into ``language`` (BCP 47) has Chinese left in it.

    Any Chinese character tells it, in Japanese only what Japanese would not write: a character of the source that no
    Japanese print has, or a run longer than a name that stands in the source letter by letter.  Never true for Chinese.
    """
    name = language.partition("-")[0]
    runs = HAN.findall(text)
    if name != "ja":
        return bool(runs) and (name == "ko" or not writes_han(name))
    return any(len(run) > _SHARED and run in source for run in runs) or any(
        char in source and not _printed(char) for run in runs for char in run
    )


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
        return not all(map(_printed, "".join(runs)))
    return sum(map(len, runs)) > len(text) / 3


def _printed(char: str) -> bool:
    """Whether Japanese print has a character."""
    return bool(char.encode(_JAPANESE, "ignore"))
