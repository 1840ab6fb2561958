"""``localize doctor``: what this machine can do, and what would add to it."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from localize.cli import show

from localize.engine.order import home
from localize.roles import ROLES


def show_doctor(as_json: bool) -> None:
    """Every engine of every role, ready or not."""
    from localize import backends

    rows: list[dict[str, Any]] = []
    for role in ROLES:
        for name, plain in backends.known(role).items():
            card, state = plain.under({}), plain.available({})
            use = {True: "commercial", False: "non-commercial", None: "not stated"}[card.commercial_use]
            rows.append({
                "role": role, "engine": name, "ready": state.ready, "grade": card.grade, "licence": card.licence,
                "use": use, "why": state.why, "fix": state.fix,
            })  # fmt: skip
    if as_json:
        print(json.dumps(rows, ensure_ascii=False))
        return
    print(_verdict(rows) + "\n")
    show.table("", ("role", "engine", "state", "licence"), [
        (f"{row['role']}: {DOES[row['role']]}", row["engine"], _state(row), f"{row['licence']} ({row['use']})")
        for row in rows
    ])  # fmt: skip
    print("\npreview: good enough to judge a version by, not to release it")
    missing = [row for row in rows if not row["ready"] and row["fix"]]
    if missing:
        print("\nto add an engine that is not here:")
    for row in missing:
        print(f"  {row['role']} {row['engine']}: {row['fix']}")
    _doctor_extras()


DOES: Mapping[str, str] = {
    "ocr": "reads burned-in captions", "separation": "takes voices and music apart", "asr": "recognises speech",
    "alignment": "places words in time", "diarization": "tells who speaks", "active_speaker": "sees whose mouth moves",
    "gaze": "sees where heads turn", "translation": "translates what no person did", "tts": "speaks the dub",
    "inpainting": "erases captions", "faceswap": "changes faces", "lipsync": "changes mouths",
}  # fmt: skip
"""What an engine of each role is for."""


def _state(row: Mapping[str, Any]) -> str:
    if not row["ready"]:
        return f"not here: {row['why']}"
    ready = "ready, preview" if row["grade"] == "preview" else "ready"
    return f"{ready}: {row['why']}" if row["why"] else ready


def _verdict(rows: Sequence[Mapping[str, Any]]) -> str:
    """Whether an episode can be localised here as things are."""
    from localize.engine.plan import OPTIONAL, PREFERENCE

    able = {row["role"] for row in rows if row["ready"] and row["use"] != "non-commercial"}
    lacking = [role for role in PREFERENCE if role not in OPTIONAL | able | {"alignment"}]
    if lacking:
        return f"not ready: nothing here {' or '.join(DOES[role] for role in lacking)}"
    return f"ready: {show.called()} EPISODE --to en,es,id runs here as it is; engines that are not here are optional"


def _doctor_extras() -> None:
    from localize.engine.models import face_models
    from localize.media.ffmpeg import binary
    from localize.model_cards import home as model_home

    absent = "not fetched; they tell by gaze whom a line is said to (localize models fetch)"
    print(f"\nffmpeg       {binary()}")
    print(f"face models  {model_home() if face_models() else absent}")
    print(f"store        {home() / 'store'} (what runs remember; may be deleted, costs only time)")
