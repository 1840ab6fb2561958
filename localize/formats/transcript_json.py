"""The transcript for programs: lines with words, speakers and on-screen texts; times in milliseconds."""

from __future__ import annotations

import json
from typing import Any

from localize.episode import Episode, Line, OnScreenText


def text(episode: Episode, source: str) -> str:
    """``source`` says where the lines came from: sidecar, embedded, captions, asr …"""
    body = {
        "episode": episode.id, "series": episode.series, "number": episode.number, "language": episode.language,
        "length": episode.source.picture.length, "source": source,
        "speakers": [{"id": s.id, "name": s.name, "gender": s.gender, "age": s.age} for s in episode.speakers],
        "lines": [_line(line) for line in episode.lines],
        "on_screen": [_shown(one) for one in episode.on_screen],
    }  # fmt: skip
    return json.dumps(body, ensure_ascii=False, indent=1) + "\n"


def _line(line: Line) -> dict[str, Any]:
    words = [{"start": w.span.start, "end": w.span.end, "text": w.text, "confidence": w.confidence} for w in line.words]
    return {
        "id": line.id, "start": line.span.start, "end": line.span.end, "speaker": line.speaker,
        "addressee": line.addressee, "kind": line.kind, "text": line.text, "words": words,
    }  # fmt: skip


def _shown(one: OnScreenText) -> dict[str, Any]:
    box = [one.box.x0, one.box.y0, one.box.x1, one.box.y1]
    return {
        "id": one.id, "start": one.span.start, "end": one.span.end, "kind": one.kind, "text": one.text, "box": box,
        "confidence": one.confidence,
    }  # fmt: skip
