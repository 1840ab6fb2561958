"""Sources that cannot serve, or serve badly: captions in another language, a useless track, lines nobody says."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from localize.episode import AudioTrack, Line
from localize.errors import InputError
from localize.han import HAN
from localize.media.audio import SILENCE, Tape, decibels
from localize.media.speech_activity import share, speech_spans
from localize.stages._subtitle_lines import LEAST_CHINESE
from localize.timing import Span
from localize.version import Finding

CHECK = "source"
"""The findings' name: what the lines come from is not what it should be."""
UNDER = 0.2
"""Share of a line's time in which somebody must talk for it to be said, as in ``checks/gates.toml``."""
HARDLY = 0.2
"""Share of the lines that are said in an episode of which one must say that nobody speaks; music alone passes for
speech in 7 % of its time (docs/measured.md)."""
TELEPHONE = 16_000
"""Samples a second below which a track lacks what tells voices and hisses apart (nothing above 8 kHz)."""
LISTENED = 20 * 60_000
"""Milliseconds up to which a film without captions is listened to, only to say that it is silent as well."""
_PIECE = 60  # seconds


@dataclass(frozen=True, slots=True)
class Ear:
    """Where somebody speaks in a sound track, and its highest sample in dBFS (−120 for digital silence)."""

    speech: tuple[Span, ...]
    peak: float


def listened(tape: Tape, rate: int) -> Ear:
    """Read by slices, so that a long episode is never held whole."""
    step = _PIECE * rate
    pieces = (np.abs(tape[start : start + step]) for start in range(0, len(tape), step))
    top = max((float(piece.max(initial=0.0)) for piece in pieces), default=0.0)
    return Ear(speech_spans(tape, rate), decibels(top))


def speech(ear: Ear | None) -> tuple[Span, ...]:
    return () if ear is None else ear.speech


def unheard(lines: Sequence[Line], ear: Ear | None) -> Iterator[Finding]:
    """That nobody is heard saying the lines: a silent film, or music and effects without dialogue."""
    if ear is None or not lines:
        return
    said = sum(share(ear.speech, line.span) >= UNDER for line in lines)
    if ear.peak < SILENCE:
        what = f"the sound track is silent ({_peak(ear.peak)}): nobody is heard saying these lines"
        fix = "hand in the episode with its sound, or --deliver sub for a version that is read and not voiced"
        yield Finding(CHECK, "", "warn", what, fix)
    elif said < HARDLY * len(lines):
        what = f"hardly anybody is heard: there is speech under {said} of {len(lines)} lines"
        fix = "look whether this is the music-and-effects mix; hand in the episode with its dialogue, or --deliver sub"
        yield Finding(CHECK, "", "warn", what, fix)


def silence(ear: Ear | None) -> Iterator[Finding]:
    """That there is nothing to hear either where no captions were read."""
    if ear is not None and ear.peak < SILENCE:
        what = f"no burned-in captions, and the sound track is silent ({_peak(ear.peak)})"
        yield Finding(CHECK, "", "warn", what, "hand in the episode with its sound, or give its lines with --subtitles")


def _peak(peak: float) -> str:
    return "not one sample above zero" if peak <= -120 else f"highest peak {peak:.0f} dBFS"


def poor_sound(track: AudioTrack) -> Iterator[Finding]:
    """What a version cannot have because the episode's own sound has it not, or other than a version has it."""
    if track.rate < TELEPHONE:
        what = f"the sound has only {track.rate} samples a second: voices are told apart less surely, music stays dull"
        yield Finding(CHECK, "", "warn", what, "hand in the episode with its original sound (48 kHz)")
    if track.channels > 2:
        what = f"the sound has {track.channels} channels and is mixed down: versions are stereo"
        yield Finding(CHECK, "", "note", what, "make surround versions from the dialogue stem of a version")


def in_language(lines: list[Line], language: str, chosen: bool) -> tuple[list[Line], tuple[Finding, ...]]:
    """Captions of a Chinese series, or none where hardly one of them is Chinese and nobody named captions."""
    worded = [line for line in lines if any(char.isalpha() for char in line.text)]
    chinese = sum(bool(HAN.search(line.text)) for line in worded)
    if not language.startswith("zh") or chinese >= LEAST_CHINESE * len(worded):
        return lines, ()
    what = f"only {chinese} of {len(worded)} burned-in captions are Chinese, the language of the series"
    if chosen:
        return lines, (Finding(CHECK, "", "warn", what, "hand in the episode with Chinese captions"),)
    fix = "give the Chinese lines with --subtitles; --transcript captions takes these all the same"
    return [], (Finding(CHECK, "", "warn", f"{what}: not taken", fix),)


def unconfirmed(count: int, earlier: str) -> Finding:
    """That a cut has its ``count`` lines from the ``earlier`` one alone."""
    lines = "its one line is that" if count == 1 else f"its {count} lines are those"
    what = f"nothing can be read or heard in this cut: {lines} of {earlier}, and no word of them is confirmed"
    return Finding(CHECK, "", "warn", what, "look through transcript.csv, or give this cut's lines with --subtitles")


def passed_over(stream: int, error: InputError) -> Finding:
    """A subtitle track in the container that nobody asked for and that cannot serve."""
    fix = "give the right subtitles with --subtitles; --transcript embedded insists on this track"
    return Finding(CHECK, "", "warn", f"the embedded subtitles (stream {stream}) were not taken: {error.what}", fix)
