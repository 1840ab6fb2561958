"""Voices that are nobody's of the cast, and speakers somebody wrote whom the cast does not know."""

from __future__ import annotations

from collections.abc import Iterator

from localize.checks import Check, Seen
from localize.corrections import sayable
from localize.tables import did_you_mean
from localize.version import Finding

STRANGER = "?"
"""Who nobody knows is called ``?1``, ``?2`` … by diarization, ``?L0005`` … once a person spoke of them."""
UNHEARD = "?0"
"""And a line in which no voice is heard ``?0``."""
ADD_CAST = "describe the cast in cast.toml, each with references = clean recordings of that voice alone"
ADD_CLIP = "add a clean recording of this voice to references in cast.toml, under its character or a new one"
SPLIT = "listen; lines of somebody else leave a voice with: localize cast EPISODE split '{}' LINE …; "
NOBODY = "if nobody speaks there, empty its dub in lines.csv and set its status to reviewed"


def _look(seen: Seen) -> Iterator[Finding]:
    said = dict[str, list[str]]()
    for line in seen.lines:
        said.setdefault(line.speaker, []).append(line.id)
    voices = {who: lines for who, lines in said.items() if who.startswith(STRANGER)}
    if seen.cast:
        yield from _misspelt(seen, said)
    if not any(clips for _, clips in seen.cast):
        yield from _without_clips(seen, voices)
        return
    for voice, lines in voices.items():
        if voice == UNHEARD:
            told = f"no voice is heard, and nobody of the cast can be named: {', '.join(lines)}"
            yield Finding(CHECK.id, lines[0], "warn", told, NOBODY)
        else:
            told = f"the voice {voice} is nobody of the cast: {', '.join(lines)}"
            yield Finding(CHECK.id, lines[0], "warn", told, ADD_CLIP)


def _misspelt(seen: Seen, said: dict[str, list[str]]) -> Iterator[Finding]:
    """Speakers with a name that is no member's: a slip in the table makes a character with a voice of its own."""
    cast = [member for member, _ in seen.cast]
    for who, lines in said.items():
        if who and not who.startswith(STRANGER) and who not in cast:
            told = f"the speaker {who!r} is not in cast.toml: {', '.join(lines)}"
            fix = f"{did_you_mean(who, cast)}correct the speaker in transcript.csv, or add them to cast.toml; "
            yield Finding(CHECK.id, lines[0], "warn", told, f"{fix}the cast: {', '.join(cast)}")


def _without_clips(seen: Seen, voices: dict[str, list[str]]) -> Iterator[Finding]:
    """One word for the whole version: without a clip nobody can be known, and like voices are easily taken for one."""
    if not voices:
        return
    heard = [voice for voice in voices if voice != UNHEARD]
    said = "; ".join(f"{voice} says {', '.join(lines)}" for voice, lines in voices.items())
    apart = f"all lines sound like one voice: {said}" if len(heard) == 1 else f"voices are only told apart: {said}"
    largest = max(heard, key=lambda voice: len(voices[voice]), default="")
    doubted = len(voices.get(largest, ())) > 1
    handle = sayable(largest, {line.id: line.speaker for line in seen.lines})
    alike, split = ("; two like voices may be one here", SPLIT.format(handle)) if doubted else ("", "")
    if seen.cast:
        told = f"no character has a reference clip, so {apart}{alike}"
        yield Finding(CHECK.id, "", "warn", told, f"{split}{ADD_CLIP}")
    else:
        yield Finding(CHECK.id, "", "note", f"the series has no cast, so {apart}{alike}", f"{split}{ADD_CAST}")


CHECK = Check("unknown_speaker", "Unknown speakers", "Nobody of the cast speaks these lines.", "warn", _look)
