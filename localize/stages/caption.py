"""Caption: subtitle texts become cues in time and rows, and a styled file to burn in at one steady place."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from localize.episode import Asset, Box, Line, OnScreenText, Picture, Shot
from localize.formats import ass, cueing, rows
from localize.formats._segments import recipe as segments_recipe
from localize.market import Market, Platform
from localize.media import fonts
from localize.media.fonts import Face, Fonts
from localize.stages import Desk, Stage
from localize.stages._overlays import overlays
from localize.stages._panels import plain
from localize.stages._setting import Overlay, Screen, widest
from localize.stages.look import UNSEEN, Look
from localize.timing import frame_at
from localize.version import Cue, Finding

EM = 0.05  # of the picture's width: 54 px at 1080, the middle of the 52–56 px of vertical guides (§1.3)
WHERE = 0.72  # of the height: the block's bottom when no old captions tell (vertical guides: 0.64–0.75)
CENTRED = 0.6  # of the width: rows stay centred on the picture while at least this much fits
INNER = {"thought", "narration", "song"}  # kinds of line set in italics


@dataclass(frozen=True, slots=True)
class Job:
    """``subtitles`` are (line id, text), ``overlays`` translated; ``band`` held the old captions.

    ``look`` is how the source has its texts: overlays take the colour of what they replace; white without it.

    Without ``fonts`` those of the market's script are taken.
    """

    market: Market
    picture: Picture
    lines: tuple[Line, ...]
    subtitles: tuple[tuple[str, str], ...]
    shots: tuple[Shot, ...]
    platform: Platform
    band: Box | None = None
    overlays: tuple[OnScreenText, ...] = ()
    fonts: Fonts | None = None
    look: Look = UNSEEN


@dataclass(frozen=True, slots=True)
class Captions:
    """Cues in time order and the script that burns them in.

    ``fonts`` are keys for ``font_files``; ``italics`` the ids of slanted cues; ``widths`` the widest row of
    each cue in pixels, ``width`` what is allowed; ``block`` where two-row cues stand.
    """

    cues: tuple[Cue, ...]
    ass: Asset
    font: str
    findings: tuple[Finding, ...]
    fonts: tuple[str, ...]
    italics: tuple[str, ...]
    widths: tuple[tuple[str, int], ...]
    width: int
    block: Box


@dataclass(frozen=True, slots=True)
class _Place:
    """Where cues stand, in pixels: ``x`` their centre, ``width`` a row's limit, ``em`` the size."""

    x: float
    bottom: float
    width: float
    em: float
    safe: Box


def recipe(job: Job) -> Mapping[str, Any]:
    """Everything the cues and their look depend on; the platform counts by its safe area only."""
    spoken = {line.id: (line.span, line.speaker, line.kind) for line in job.lines}
    set_in, phrases = _fonts(job), segments_recipe(job.market.language)
    return ({"phrases": phrases} if phrases else {}) | {
        "language": job.market.language, "limits": job.market.subtitles,
        "picture": (job.picture.width, job.picture.height, job.picture.rate, job.picture.length),
        "said": [(name, text, *spoken[name]) for name, text in job.subtitles],
        "cuts": [shot.span.start for shot in job.shots], "band": job.band, "safe": safe_area(job),
        "breaks": _breaks_digest(),
        "overlays": [(one.id, one.span, one.box, one.text, one.kind) for one in job.overlays],
        "look": _looks(job),
        "fonts": [face.recipe() for face in (*_faces(job, set_in), *([set_in.italic] if set_in.italic else []))],
    }  # fmt: skip


@cache
def _breaks_digest() -> str:
    """SHA-256 in hex of the table that says where rows may end."""
    return hashlib.sha256((files("localize.formats") / "breaks.toml").read_bytes()).hexdigest()


def _fonts(job: Job) -> Fonts:
    texts = [*(text for _, text in job.subtitles), *(one.text for one in job.overlays)]
    return job.fonts or fonts.for_script(job.market.script, job.market.font, texts)


def _faces(job: Job, set_in: Fonts) -> tuple[Face, ...]:
    """Every upright face that is used: screens and documents are in a weight of their own."""
    written = any(one.kind == "screen" for one in job.overlays)
    return plain(set_in).faces if written else set_in.faces


def font_files(captions: Captions) -> tuple[Path, ...]:
    """The font files a renderer needs for ``captions.ass``."""
    return tuple(dict.fromkeys(face.path for key in captions.fonts if (face := fonts.find(key))))


def work(jobs: Sequence[Job], desk: Desk) -> Iterator[tuple[Job, Captions]]:
    for number, job in enumerate(jobs):
        yield job, _captions(job, desk)
        desk.progress(number + 1, len(jobs))


def _captions(job: Job, desk: Desk) -> Captions:
    set_in = _fonts(job)
    place, moved = _place(job, set_in)
    drafts, pace = _drafts(job, set_in, place)
    speakers = {line.id: line.speaker for line in job.lines}
    shown = [(_cue(draft, pace), _event(draft, pace, set_in, place, speakers)) for draft in drafts]
    texts = tuple(one for one in job.overlays if rows.clean(one.text))
    inks, panels = dict(job.look.inks), dict(job.look.panels)
    screen = Screen(job.picture, job.market.language, set_in, place.em, place.safe, inks, panels)
    laid = overlays(texts, screen)
    shown += [(one.cue, one.event) for one in laid]
    shown.sort(key=lambda pair: (pair[0].span, pair[0].forced))
    named = [(replace(cue, id=f"C{number:04}"), event) for number, (cue, event) in enumerate(shown, 1)]
    path = desk.scratch(".ass")
    events = [event for _, event in named]
    size = (job.picture.width, job.picture.height)
    path.write_text(ass.text(*size, events, job.market.name, job.market.code), "utf-8")
    widths = tuple((cue.id, round(widest(event.rows, set_in, event.em))) for cue, event in named)
    faces = (*_faces(job, set_in), *([set_in.italic] if set_in.italic else []))
    wide = _too_wide(named, widths, place)
    return Captions(
        cues=tuple(cue for cue, _ in named), ass=desk.keep(path, "text/x-ass"), font=set_in.faces[0].name,
        findings=(*moved, *wide, *_outside(laid, job), *(finding for one in laid for finding in one.findings)),
        fonts=tuple(face.key for face in faces), italics=tuple(cue.id for cue, event in named if
        event.italic), widths=widths, width=int(place.width), block=_block(place, set_in,
        job.market.subtitles.rows),
    )  # fmt: skip


def _looks(job: Job) -> Look:
    """How the source has the texts that are replaced: others may have changed."""
    shown = {one.id for one in job.overlays}
    return Look(
        tuple(pair for pair in job.look.inks if pair[0] in shown),
        tuple(pair for pair in job.look.panels if pair[0] in shown),
    )


def _outside(laid: Sequence[Overlay], job: Job) -> Iterator[Finding]:
    """One word about the texts that stand under the platform's buttons, as they do in the source."""
    safe = safe_area(job)
    out = [
        one.cue.lines[0] for one in laid
        if one.block.x0 < safe.x0 - 1 or one.block.x1 > safe.x1 + 1
        or one.block.y0 < safe.y0 - 1 or one.block.y1 > safe.y1 + 1
    ]  # fmt: skip
    if out:
        told = f"stand outside {job.platform.name}'s safe area, as in the original: {', '.join(out)}"
        yield Finding("safe_area", "", "note", told, "choose another platform if its buttons must not cover them")


# ── where ────────────────────────────────────────────────────────────────────────────────────────────────
def safe_area(job: Job) -> Box:
    """The pixels of the picture no button or bar of the platform covers."""
    wide, high, platform = job.picture.width, job.picture.height, job.platform
    return Box(
        round(platform.left * wide), round(platform.top * high),
        round(platform.right * wide), round(platform.bottom * high),
    )  # fmt: skip


def _place(job: Job, set_in: Fonts) -> tuple[_Place, tuple[Finding, ...]]:
    """One place for all cues: over the old captions, as far as the safe area lets it."""
    safe, em = safe_area(job), EM * job.picture.width
    row = em * set_in.faces[0].tall
    middle = job.picture.width / 2
    width = 2 * min(middle - safe.x0, safe.x1 - middle)
    if width < CENTRED * job.picture.width:
        middle, width = (safe.x0 + safe.x1) / 2, float(safe.width)
    wished = WHERE * job.picture.height
    if job.band:  # one row stands over the middle of a one-row band; a second row grows upward
        wished = max((job.band.y0 + job.band.y1 + row) / 2, float(job.band.y1))
    highest = min(safe.y0 + row * job.market.subtitles.rows, float(safe.y1))
    bottom = max(highest, min(wished, float(safe.y1)))
    found: tuple[Finding, ...] = ()
    if job.band and abs(bottom - wished) >= 1:
        way = "up" if bottom < wished else "down"
        area, far = f"{job.platform.name}'s safe area", round(abs(bottom - wished))
        told = f"the old captions lie outside {area}: the new ones stand {far} px further {way}"
        found = (Finding("safe_area", "", "note", told, "choose another platform to keep them in place"),)
    return _Place(middle, bottom, width, em, safe), found


def _block(place: _Place, set_in: Fonts, count: int) -> Box:
    high = place.em * set_in.faces[0].tall * count
    return Box(
        int(place.x - place.width / 2),
        int(place.bottom - high),
        int(place.x + place.width / 2),
        int(place.bottom),
    )


# ── what and when ────────────────────────────────────────────────────────────────────────────────────────
def _drafts(job: Job, set_in: Fonts, place: _Place) -> tuple[tuple[cueing.Draft, ...], cueing.Pace]:
    limits, lines = job.market.subtitles, {line.id: line for line in job.lines}
    said = [
        cueing.Said(name, lines[name].span, clean, lines[name].speaker, _style(lines[name]))
        for name, text in job.subtitles
        if (clean := rows.clean(text))
    ]
    fit = rows.Limits(
        limits.row_chars,
        limits.rows,
        place.width,
        lambda row: widest((row,), set_in, place.em),
        job.market.language,
    )
    pace = cueing.Pace.of(limits, job.picture.rate, job.picture.length)
    cuts = [frame_at(shot.span.start + 1, job.picture.rate) for shot in job.shots if shot.span.start > 0]
    return cueing.cue(said, fit, limits, pace, cuts), pace


def _style(line: Line) -> str:
    return "italic" if line.kind in INNER else ""


def _cue(draft: cueing.Draft, pace: cueing.Pace) -> Cue:
    return Cue("", pace.span(draft), draft.rows, draft.lines)


def _event(
    draft: cueing.Draft, pace: cueing.Pace, set_in: Fonts, place: _Place, speakers: Mapping[str, str]
) -> ass.Placed:
    face = set_in.face_for("".join(draft.rows))
    return ass.Placed(
        pace.span(draft), draft.rows, place.x, place.bottom, place.em, face.name, face.tall,
        italic=draft.style == "italic" and set_in.italic is not None,
        name=ass.TOGETHER.join(dict.fromkeys(speakers[line] for line in draft.lines)),
    )  # fmt: skip


def _too_wide(
    shown: Sequence[tuple[Cue, ass.Placed]], widths: Sequence[tuple[str, int]], place: _Place
) -> Iterator[Finding]:
    for (cue, _), (_, wide) in zip(shown, widths, strict=True):
        if wide > place.width and not cue.forced:
            told = f"a row is {wide} px wide, {place.width:.0f} px fit: {max(cue.rows, key=len)}"
            yield Finding("row_width", cue.lines[0], "warn", told, "use shorter words")


STAGE = Stage(
    "caption", revision=11, answer=Captions, recipe=recipe, work=work, title=lambda job: job.market.code,
)  # fmt: skip
