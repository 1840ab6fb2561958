"""The transcript for programs: lines with words, speakers and on-screen texts; times in milliseconds."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from localize.episode import Episode, Line, OnScreenText
from localize.evidence import Doubted, Provenance


def text(episode: Episode, source: str, sources: Sequence[Provenance] = ()) -> str:
    """``source`` says where the lines came from: sidecar, embedded, captions, asr …; ``sources`` where each of them."""
    known = {one.line: one for one in sources}
    body = {
        "episode": episode.id, "series": episode.series, "number": episode.number, "language": episode.language,
        "length": episode.source.picture.length, "source": source,
        "speakers": [{"id": s.id, "name": s.name, "gender": s.gender, "age": s.age} for s in episode.speakers],
        "lines": [_line(line) | _from(known.get(line.id)) for line in episode.lines],
        "on_screen": [_shown(one) for one in episode.on_screen],
    }  # fmt: skip
    return json.dumps(body, ensure_ascii=False, indent=1) + "\n"


def with_doubted(made: str, doubted: Sequence[Doubted]) -> str:
    """The transcript with what was recognised and is no line, under ``doubted``."""
    listed = [{"id": one.line, "start": one.span.start, "end": one.span.end, "text": one.text, "reason": one.reason}
              for one in doubted]  # fmt: skip
    return json.dumps(json.loads(made) | {"doubted": listed}, ensure_ascii=False, indent=1) + "\n"


def _line(line: Line) -> dict[str, Any]:
    words = [{"start": w.span.start, "end": w.span.end, "text": w.text, "confidence": w.confidence} for w in line.words]
    return {
        "id": line.id, "start": line.span.start, "end": line.span.end, "speaker": line.speaker,
        "addressee": line.addressee, "kind": line.kind, "text": line.text, "words": words,
    }  # fmt: skip


def _from(one: Provenance | None) -> dict[str, Any]:
    """Shares and scores 0–1, null where nobody told."""
    if one is None:
        return {}
    told: dict[str, Any] = {
        "from": {"text": list(one.text), "time": one.time, "speaker": one.speaker, "addressee": one.addressee},
        "maybe": list(one.maybe),
    }  # fmt: skip
    own = one.evidence
    if own is not None:
        scores = {name: getattr(own, name) for name in ("confidence", "read", "heard", "agreement", "speech")}
        told["evidence"] = scores | {"said": own.said}
    return told


def _shown(one: OnScreenText) -> dict[str, Any]:
    box = [one.box.x0, one.box.y0, one.box.x1, one.box.y1]
    return {
        "id": one.id, "start": one.span.start, "end": one.span.end, "kind": one.kind, "text": one.text, "box": box,
        "confidence": one.confidence,
    }  # fmt: skip
