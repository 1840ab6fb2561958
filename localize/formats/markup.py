"""Subtitle text as words: people paste from ASS, SubRip and WebVTT files, and their codes come along.

Codes are taken out, not kept.  The burned-in captions have one style, and the readers of ``.srt`` agree on none:
YouTube's list of caption formats takes SubRip "basic, no style markup"; jellyfin-web (issue 3727) and ExoPlayer
(issue 4306) printed ``{\\an8}`` as text.
"""

from __future__ import annotations

import html
import re

_OVERRIDE = re.compile(
    r"\{[^{}]*\\[A-Za-z0-9][^{}]*\}"  # {\b1}, {\an8\fs20}, {remark\i1}
    r"|\{\\(?:an\d|[bisu]\d)"  # one that was never closed
    r"|\{[CcFfHhoPpSsYy]:[^{}\s]*\}"  # MicroDVD's {Y:i}, which SubRip readers eat as well
)
_BREAK = re.compile(r"\\[Nn]|<br\s*/?>|\r\n|[\n\r\v\f\x85\u2028\u2029]", re.IGNORECASE)
_TAG = re.compile(
    r"</?(?:i|b|u|s|em|strong|font|span|c|v|lang|ruby|rt)(?:[.\s=][^<>]*)?/?>|<(?:\d+:)?\d+:\d+\.\d+>", re.IGNORECASE
)
_ENTITY = re.compile(r"&(?:amp|lt|gt|nbsp|quot|apos|lrm|rlm|#\d{1,7}|#[xX][0-9a-fA-F]{1,6});")


def code_in(text: str) -> str:
    """The first code of ``{\\an8}``'s kind in a text, as it stands there; empty where there is none."""
    found = _OVERRIDE.search(text)
    return found[0] if found else ""


def plain(text: str) -> str:
    r"""What a viewer reads of ``text``; ``\N`` and its like become line ends, empty rows go.

    Braces, angle brackets, ampersands and backslashes that are no code stay: each format escapes them for itself.
    """
    text = _BREAK.sub("\n", _OVERRIDE.sub("", text)).replace(r"\h", " ")
    text = _ENTITY.sub(lambda found: html.unescape(found.group()), _TAG.sub("", text))
    rows = (" ".join(row.split()) for row in text.split("\n"))
    return "\n".join(row for row in rows if row)
