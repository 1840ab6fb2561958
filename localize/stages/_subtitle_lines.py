"""From a subtitle file to lines: its own language only, on the episode's clock, with everything odd as a finding."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence

from localize.episode import Line, OnScreenText, dialogue
from localize.errors import InputError
from localize.formats.subtitle_files import Subtitle, SubtitleFile
from localize.han import HAN
from localize.stages._clock import SAME, moved, told
from localize.stages._drift import BELONGS, USUAL, Judgement, judge
from localize.stages._drift_text import Said
from localize.stages._stacked import in_turn
from localize.stages._two_languages import apart
from localize.timing import Span, clock
from localize.version import Finding

_OTHER = re.compile(r"[\u3040-\u30ff\uac00-\ud7af]")
LEAST_CHINESE = 0.3
"""Share of subtitles with Chinese in them; a file with a translation beside every line has half."""
LISTED = 60
"""So many subtitles that were left out are named one by one."""
SENTENCE, NAMED = 2, 5
"""Words that make a sentence (one may be a name or OK), and how many of them are named by their times."""
_WORD = re.compile(r"[^\W\d_]+")
_TWIN = 0.7  # share of a subtitle's time its translation stands with it
_FIX = "give the right file with --subtitles"
_IN_CHINESE = "give the Chinese file with --subtitles"


def lines_of(
    file: SubtitleFile, where: str, language: str, captions: Sequence[OnScreenText],
    speech: Callable[[], Sequence[Span]], length: int, chosen: bool,
) -> tuple[list[Line], tuple[Finding, ...]]:  # fmt: skip
    """Lines without ids, and findings about the file.

    ``chosen``: somebody named this source, so that doubts are findings only.  Raises ``InputError`` for a file in
    another language, or of another episode.
    """
    kept, notes = in_series_language(file.subtitles, language, where)
    shown = sorted(dialogue(captions), key=lambda one: (one.span, one.box.y0))
    found = judge(
        [Said(one.text, one.span) for one in kept], [Said(one.text, one.span) for one in shown], speech, length
    )
    if found.verdict == "foreign" and not found.guess and not chosen:
        fix = f"{_FIX}; --transcript sidecar (or embedded) takes this one all the same"
        raise InputError(f"these subtitles do not belong to this episode: {_foreign(found)}", where, fix)
    findings = [Finding("subtitle_file", "", "note", note) for note in (*file.notes, *notes)]
    findings += (*_findings(found, length), *mixed(kept, language, "subtitles", "subtitle_file"))
    if found.verdict != "repaired":
        return _alone([_line(one, one.span) for one in kept], findings, language)
    places = moved([one.span for one in kept], found.clock, length)
    outside = places.count(None)
    if outside:
        lost = _listed([one for one, at in zip(kept, places, strict=True) if at is None])
        what = f"{outside} subtitles lie outside the episode and were left out: {lost}"
        findings.append(Finding("subtitle_file", "", "warn", what, _FIX))
    lines = [_line(one, at) for one, at in zip(kept, places, strict=True) if at is not None]
    return _alone(lines, findings, language)


def _alone(lines: Sequence[Line], findings: Sequence[Finding], language: str) -> tuple[list[Line], tuple[Finding, ...]]:
    """Without the other language that stands beside the Chinese in one subtitle, and no two at the very same times."""
    kept, beside = apart(lines, language)
    in_order, stacked = in_turn(kept)
    note = f"{stacked} subtitles stand at the very same times: taken one after the other"
    fix = "where two speak at once, set their times in transcript.csv"
    return in_order, (*findings, *beside, *([Finding("subtitle_file", "", "note", note, fix)] if stacked else []))


def _line(one: Subtitle, at: Span) -> Line:
    """A line whose speaker is the name that the file gives, nobody's id yet."""
    return Line("", at, one.text, one.speaker, kind=one.kind, emotion=one.emotion)


def _findings(found: Judgement, length: int) -> Iterator[Finding]:
    look = f"look at the first and the last line; {_FIX}"
    if found.verdict == "repaired":
        yield Finding("subtitle_file", "", "warn", f"the file {told(found.clock, length)}: repaired{_by(found)}", look)
    elif found.verdict == "foreign":
        yield Finding("subtitle_file", "", "warn", f"the file seems another episode's: {_foreign(found)}", look)
    elif found.verdict == "unsure" and found.witness == "captions" and found.guess:
        when = f"; it may be that the file {told(found.maybe, length)}" if found.maybe != SAME else ""
        many = f"only {found.before:.0%} are in time"
        what = f"the words are those in the picture, but {many}{when}: too few to be sure, nothing was moved"
        yield Finding("subtitle_file", "", "warn", what, f"set the file's times right, or {_FIX}")
    elif found.verdict == "unsure" and found.witness == "captions":
        what = f"the words are those in the picture, but only {found.before:.0%} are in time, and no clock mends it"
        yield Finding("subtitle_file", "", "warn", what, look)
    elif found.verdict == "unsure" and found.maybe != SAME:
        what = f"it may be that the file {told(found.maybe, length)}"
        why = f"correlation with the speech {found.after:.2f} rather than {found.before:.2f}, too little to be sure"
        yield Finding("subtitle_file", "", "warn", f"{what} ({why}); its times were left as they are", look)
    elif found.uneven:
        what = "one half of the file follows the speech, the other does not: its times were left as they are"
        yield Finding("subtitle_file", "", "warn", what, look)
    elif found.verdict == "unsure" and found.witness == "speech":
        what = f"the subtitles follow the speech no better than chance (correlation {found.before:.2f})"
        yield Finding("subtitle_file", "", "warn", what, look)
    elif found.verdict == "unsure":
        what = "too few captions and too little speech to tell whether the subtitles are in time"
        yield Finding("subtitle_file", "", "note", what, look)


def _by(found: Judgement) -> str:
    if found.witness == "captions":
        was = f", {found.before:.0%} were" if found.before < found.after else ""  # equal where whole hours were off
        return f" ({found.after:.0%} of its words are in time with the captions{was})"
    if found.witness == "speech":
        was = f", was {found.before:.2f}" if found.before < found.after else ""
        return f" (correlation with the speech {found.after:.2f}{was})"
    return ""


def _foreign(found: Judgement) -> str:
    if found.witness == "captions":
        return (
            f"only {found.after:.0%} of the words in the picture are in the file, where the right one has "
            f"{BELONGS:.0%} and more"
        )
    return (
        f"they follow the speech no better than chance (correlation {found.after:.2f} at best, where the right file "
        f"has {USUAL} and more)"
    )


def mixed(kept: Sequence[Subtitle | Line], language: str, called: str, check: str) -> Iterator[Finding]:
    """A warning about sentences in another language than a Chinese series: they are lines all the same.

    ``called`` is what ``kept`` are, in the plural, and ``check`` the finding's name.
    """
    odd = [one for one in kept if not HAN.search(one.text) and len(_WORD.findall(one.text)) >= SENTENCE]
    if odd and language.startswith("zh"):
        first = ", ".join(clock(one.span.start) for one in odd[:NAMED])
        more = ", …" if len(odd) > NAMED else ""
        what = f"{len(odd)} of {len(kept)} {called} are not in Chinese ({first}{more}): they are lines as they stand"
        fix = "write the Chinese into transcript.csv, or empty the text of what nobody says"
        yield Finding(check, "", "warn", what, fix)


# ── language ────────────────────────────────────────────────────────────────────────────────────────────────
def in_series_language(subtitles: Sequence[Subtitle], language: str, where: str) -> tuple[list[Subtitle], list[str]]:
    """Without the translations that stand beside Chinese subtitles as subtitles of their own, and a note of it.

    Raises ``InputError`` when hardly one is Chinese in a Chinese series.
    """
    if not language.startswith("zh"):
        return list(subtitles), []
    worded = [one for one in subtitles if any(char.isalpha() for char in one.text)]
    chinese = [one for one in worded if HAN.search(one.text)]
    strange = sum(bool(_OTHER.search(one.text)) for one in worded)
    if len(chinese) < LEAST_CHINESE * len(worded) or strange > len(worded) - LEAST_CHINESE * len(worded):
        right = len(chinese) if strange < len(chinese) else 0
        what = f"only {right} of {len(worded)} subtitles are Chinese, the language of the series"
        raise InputError(what, where, f"{_IN_CHINESE}; --transcript captions leaves this one out")
    starts = [one.span.start for one in chinese]
    others = [one for one in worded if not HAN.search(one.text)]
    twins = {one for one in others if _has_twin(one, chinese, starts)}
    if len(twins) < max(2, len(others) / 2):
        return list(subtitles), []
    return [one for one in subtitles if one not in twins], [
        f"{len(twins)} translations beside the Chinese left out: {_listed([one for one in subtitles if one in twins])}"
    ]


def _listed(told: Sequence[Subtitle]) -> str:
    """Each with its text and the file's time, the first ``LISTED``."""
    shown = "; ".join(f"{' '.join(one.text.split())} ({clock(one.span.start)})" for one in told[:LISTED])
    return shown + (f" … {len(told) - LISTED} more" if len(told) > LISTED else "")


def _has_twin(one: Subtitle, chinese: Sequence[Subtitle], starts: Sequence[int]) -> bool:
    at = bisect_left(starts, one.span.start)
    near = chinese[max(0, at - 2) : at + 2]
    return any(one.span.overlap(other.span) >= _TWIN * max(one.span.length, other.span.length) for other in near)
