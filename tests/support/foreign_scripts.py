"""Scripts of other people, made: the words of an episode in other segments, on another clock, with gaps and extras."""

from __future__ import annotations

import csv
import io
import random
import re
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from xml.sax.saxutils import escape

from localize.formats.target_script import Passage, shared
from localize.timing import Ms, Span, clock

ROOT = Path(__file__).parents[2]
EXTRA = {
    "es": ("♪ Amor de una noche ♪", "Próximamente", "Subtítulos: Ana", "Grupo Horizonte presenta", "[puerta]"),
    "en": ("♪ Love of a night ♪", "Coming soon", "Subtitles: Ana", "Horizon presents", "[door]"),
    "id": ("♪ Cinta semalam ♪", "Segera hadir", "Takarir: Ana", "Grup Cakrawala", "[pintu]"),
}


@dataclass(frozen=True)
class Talk:
    """A line of the true episode and its translation."""

    id: str
    span: Span
    zh: str
    said: str
    speaker: str = ""


@dataclass(frozen=True)
class Made:
    """A passage and the lines whose words it holds."""

    passage: Passage
    lines: tuple[str, ...]


def talks(market: str, count: int, seed: int) -> list[Talk]:
    """Lines of the phrasebook as if an episode said them, one after the other with pauses."""
    column = {"en-US": "en"}.get(market, market)
    rows = [row for row in csv.DictReader((ROOT / "glossaries/drama-phrasebook.csv").open(encoding="utf-8"))
            if "{" not in row["zh"]]  # fmt: skip
    chance, at, found = random.Random(seed), 2000, []
    for number, row in enumerate(chance.sample(rows, count), start=1):
        length = max(600, round(len(row["zh"]) * 190 * chance.uniform(0.85, 1.2)))
        found.append(Talk(f"L{number:04}", Span(Ms(at), Ms(at + length)), row["zh"], row[column]))
        at += length + chance.choice((80, 150, 300, 700, 1500, 4000))
    return found


def segmented(
    said: Sequence[Talk], seed: int, lost: float = 0.0, more: float = 0.0, cut: float = 0.2, joined: float = 0.2,
    shift: int = 0, rate: float = 1.0, jitter: int = 150, language: str = "es",
) -> list[Made]:  # fmt: skip
    """The translations cut and joined at random, with lines left out and strange ones put in."""
    chance, made, at = random.Random(seed), list[Made](), 0
    kept = [one for one in said if chance.random() >= lost]
    while at < len(kept):
        one, later = kept[at], kept[at + 1] if at + 1 < len(kept) else None
        near = later is not None and later.span.start - one.span.end < 600
        if later is not None and near and chance.random() < joined:
            text, span = f"{one.said} {later.said}", Span(one.span.start, later.span.end)
            made.append(Made(Passage(0, text, span), (one.id, later.id)))
            at += 2
            continue
        parts = re.split(r"(?<=[.!?,;…])\s+", one.said, maxsplit=1) if chance.random() < cut else [one.said]
        if len(parts) == 1 and chance.random() < cut / 2 and len(one.said.split()) > 5:
            words = one.said.split()
            parts = [" ".join(words[: len(words) // 2]), " ".join(words[len(words) // 2 :])]
        for text, span in zip(parts, shared(one.span, [len(part) for part in parts]), strict=True):
            made.append(Made(Passage(0, text, span), (one.id,)))
        at += 1
    if more:
        made = list(_with_extras(made, chance, more, language))
    return [_moved(one, number, chance, shift, rate, jitter) for number, one in enumerate(made, start=1)]


def _with_extras(made: Sequence[Made], chance: random.Random, more: float, language: str) -> Sequence[Made]:
    found: list[Made] = []
    for one in made:
        found.append(one)
        if chance.random() < more and one.passage.span is not None:
            start = one.passage.span.end + chance.choice((20, 200, 900))
            found.append(Made(Passage(0, chance.choice(EXTRA[language]), Span(Ms(start), Ms(start + 1200))), ()))
    return found


def _moved(one: Made, number: int, chance: random.Random, shift: int, rate: float, jitter: int) -> Made:
    span = one.passage.span
    assert span is not None
    start = max(0, round((span.start + chance.randint(-jitter, jitter)) * rate) + shift)
    end = max(start + 200, round((span.end + chance.randint(-jitter, 2 * jitter)) * rate) + shift)
    return replace(one, passage=replace(one.passage, line=number, span=Span(Ms(start), Ms(end))))


def untimed(made: Sequence[Made]) -> list[Made]:
    return [replace(one, passage=replace(one.passage, span=None)) for one in made]


# ── files ───────────────────────────────────────────────────────────────────────────────────────────────────
def srt(made: Sequence[Passage]) -> str:
    return "\n".join(
        f"{number}\n{clock(one.span.start)} --> {clock(one.span.end)}\n{one.text}\n"
        for number, one in enumerate(made, start=1) if one.span is not None
    )  # fmt: skip


def ass(made: Sequence[Passage]) -> str:
    head = "[Script Info]\nScriptType: v4.00+\n\n[Events]\nFormat: Layer, Start, End, Style, Name, MarginL, MarginR, "
    rows = (
        f"Dialogue: 0,{clock(o.span.start, False)[1:-1]},{clock(o.span.end, False)[1:-1]},Default,{o.speaker},0,0,0,,"
        + o.text.replace("\n", "\\N") for o in made if o.span is not None
    )  # fmt: skip
    return head + "MarginV, Effect, Text\n" + "\n".join(rows) + "\n"


def xlsx(rows: Sequence[Sequence[str]]) -> bytes:
    from openpyxl import Workbook

    book = Workbook()
    for row in rows:
        book.active.append(list(row))
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


_WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


def docx(paragraphs: Sequence[str] = (), table: Sequence[Sequence[str]] = (), head: str = "", raw: str = "") -> bytes:
    """A document as Word writes it, as far as anybody reads it.

    ``head`` goes before the root, ``raw`` into the body.
    """

    def paragraph(text: str) -> str:
        rows = "<w:r><w:br/></w:r>".join(
            f'<w:r><w:t xml:space="preserve">{escape(row)}</w:t></w:r>' for row in text.split("\n")
        )
        return f"<w:p>{rows}</w:p>"

    body = "".join(map(paragraph, paragraphs)) + raw
    if table:
        cells = ("".join(f"<w:tc>{paragraph(cell)}</w:tc>" for cell in row) for row in table)
        body += "<w:tbl>" + "".join(f"<w:tr>{row}</w:tr>" for row in cells) + "</w:tbl>"
    inner = f"<w:body>{body}</w:body>"
    xml = f'<?xml version="1.0" encoding="UTF-8"?>{head}<w:document xmlns:w="{_WORD}">{inner}</w:document>'
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("word/document.xml", xml)
    return out.getvalue()


LAUGHS16 = '<?xml version="1.0" encoding="UTF-16"?><!DOCTYPE x [<!ENTITY a "ha">]><x>&a;</x>'.encode("utf-16")
"""The same attack in letters of two bytes, which a search for the usual ones misses."""
