"""Characters who speak with one and the same voice: a slip in casting.toml, or a cast larger than the voices."""

from __future__ import annotations

from collections.abc import Iterator

from localize.checks import Check, Seen
from localize.version import Finding
from localize.voice import Casting


def _look(seen: Seen) -> Iterator[Finding]:
    """One finding for each voice that several people of this episode have, at the first line of the second of them; the
    note of that line silences it where a doubled part is meant.
    """
    said = dict[str, str]()
    for line in sorted(seen.lines, key=lambda one: (one.span, one.id)):
        said.setdefault(line.speaker, line.id)
    voiced = dict[tuple[str, str], list[Casting]]()
    castings = {one.speaker: one for one in seen.castings}
    for one in (castings[who] for who in said if who in castings):
        voiced.setdefault((one.voice.id, one.toward), []).append(one)
    for those in voiced.values():
        if len(those) > 1:
            yield _told(those, said[those[1].speaker])


def _told(those: list[Casting], line: str) -> Finding:
    who = " and ".join(one.speaker for one in those)
    slip = sum(one.by == "person" for one in those) > 1
    where = " by casting.toml" if slip else ""
    told = f"{who} speak with one voice{where}: {those[0].voice.id}, {those[0].voice.name}"
    fix = "give one of them another voice in casting.toml; where it is meant, write ignore-shared_voice in the note"
    return Finding(CHECK.id, line, "warn" if slip else "note", told, fix)


CHECK = Check("shared_voice", "Shared voices", "Two characters sound like one person.", "warn", _look)
