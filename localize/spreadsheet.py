"""What spreadsheets do to cells: run them as formulas, respell them as dates and numbers, cut times short.

A leading apostrophe is the one mark that Excel, LibreOffice, Numbers and Google Sheets all take for "this is text" or
leave where it is.
"""

from __future__ import annotations

import re
import unicodedata

from localize.errors import InputError
from localize.timing import parse_clock

# OWASP's list of what starts a formula, with the full-width twins that East Asian spreadsheets fold into it.
FORMULA = re.compile(r"'*(?:\s*[=+\-@＝＋－＠]|[\t\r\n])")
# English, Spanish and Indonesian: what a spreadsheet in that language reads as a date.
_MONTH = r"(?:jan|feb|mar|apr|may|mei|jun|jul|aug|agu|ago|sep|oct|okt|nov|dec|des|dic|ene|abr)[a-z]*\.?"
RESPELT = re.compile(
    r"'*\s*(?:"
    r"(?!(?:0|[1-9]\d{0,9})\s*\Z)\d[\d\s.,:/%年月日时時点點分秒-]*"  # 007, 1,000, 3-4, 02:15, 10月1日; 2024 is safe
    r"|\d+(?:[.,]\d+)?e[+-]?\d+"  # 12e4567
    r"|\d{1,2}(?::\d\d){0,2}\s*[ap]\.?\s?m\.?"  # 10:30 pm
    rf"|\d{{1,2}}[\s/.-]*{_MONTH}(?:[\s/.,-]+\d{{2,4}})?|{_MONTH}[\s/.-]*\d{{1,4}}(?:,?\s+\d{{4}})?"  # 3 May, May 3
    r"|true|false|verdadero|falso|benar|salah"
    r")\s*",
    re.IGNORECASE,
)
_ERROR = re.compile(
    r"#{2,}|#(?:REF!|NAME\?|VALUE!|DIV/0!|N/A|NUM!|NULL!|SPILL!|¡REF!|¿NOMBRE\?|¡VALOR!|¡NUM!|¡DIV/0!)|Err:\d{3}"
)
_DAY = 86_400_000
_UNSEEN = ("Cc", "Cf", "Zs", "Zl", "Zp", "Mn")
"""Categories of Unicode that show nothing by themselves: controls, formats, blanks, marks without a letter."""
_BLANK = "\u115f\u1160\u2800\u3164\uffa0"
"""Letters by category that are blank: Hangul fillers, the empty Braille cell."""


def neutral(text: str, respelt: bool = False) -> str:
    """``text`` as no spreadsheet will run it, or with ``respelt`` spell it anew.  ``original`` undoes it exactly."""
    return "'" + text if FORMULA.match(text) or (respelt and RESPELT.fullmatch(text)) else text


def original(cell: str, respelt: bool = False) -> str:
    """The text behind a cell; an apostrophe that opens an ordinary word (``'Cause``) is the writer's own."""
    return cell[1:] if cell.startswith("'") and neutral(cell, respelt) != cell else cell


def is_error(cell: str) -> bool:
    """Whether a cell shows a spreadsheet's error or a column too narrow for it (``###``) instead of its text."""
    return _ERROR.fullmatch(cell.strip()) is not None


def visible(text: str) -> bool:
    """Whether anything of ``text`` can be seen.  Zero-width spaces, joiners and marks of direction, which come along
    when people copy from web pages, cannot, nor can blanks, whatever their width.
    """
    return any(unicodedata.category(sign) not in _UNSEEN and sign not in _BLANK for sign in text)


def same_time(was: str, now: str) -> bool:
    """Whether ``now`` is what a spreadsheet makes of the time ``was`` (00:00:01,039): ``00:01.0``, ``0:00:01``,
    ``12:00:01 AM``, ``1.2E-05`` days, ``####``.  A time to the millisecond is somebody's own.
    """
    if now == was or re.fullmatch(r"#+", now):
        return True
    try:
        found, unit = _read(now)
        return unit > 1 and abs(found - parse_clock(was)) <= unit
    except (InputError, ValueError):
        return False


def _read(shown: str) -> tuple[float, float]:
    """Milliseconds of a respelt time, and of the last digit it shows."""
    half = re.fullmatch(r"(\d{1,2})(:[\d:.,]+)\s*([ap])\.?\s?m\.?", shown, re.IGNORECASE)
    if half:
        shown = f"{int(half[1]) % 12 + 12 * (half[3].lower() == 'p')}{half[2]}"
    if ":" not in shown:
        if not re.fullmatch(r"0?[.,]\d+|\d(?:[.,]\d+)?e-\d+", shown, re.IGNORECASE):
            raise ValueError(f"not a time: {shown!r}")
        return float(shown.replace(",", ".")) * _DAY, 1000.0
    decimals = re.search(r"[.,](\d+)\Z", shown)
    return parse_clock(shown), 1000.0 / 10 ** len(decimals[1]) if decimals else 1000.0
