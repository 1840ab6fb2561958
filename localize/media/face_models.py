"""The two face-model files, pinned: which ones, where they lie, whether they are the right ones.

Both come out of one wheel of mediapipe (Apache-2.0) and run in OpenCV; ``localize.engine.models`` fetches them.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from localize.model_cards import home


@dataclass(frozen=True, slots=True)
class Model:
    """One pinned file: its name here, its place in the wheel, its SHA-256, what it does."""

    name: str
    member: str
    digest: str
    summary: str

    @property
    def file(self) -> str:
        return self.member.rsplit("/", 1)[-1]

    def is_at(self, path: Path) -> bool:
        """Whether ``path`` is this file and whole."""
        return path.is_file() and sha256(path.read_bytes()).hexdigest() == self.digest


MODELS = (
    Model(
        "face_landmark", "mediapipe/modules/face_landmark/face_landmark.tflite",
        "1055cb9d4a9ca8b8c688902a3a5194311138ba256bcc94e336d8373a5f30c814", "468 points of a face",
    ),
    Model(
        "face_detection", "mediapipe/modules/face_detection/face_detection_short_range.tflite",
        "bbff11cebd1eb27a1e004cae0b0e63ec8c551cbf34a4451148b4908b8db3eca8", "finds faces",
    ),
)  # fmt: skip


def present(folder: Path | None = None, wanted: Iterable[Model] = MODELS) -> dict[str, Path]:
    """Those of ``wanted`` that are there, by name, and whole (their SHA-256 agrees)."""
    where = folder or home()
    return {model.name: where / model.file for model in wanted if model.is_at(where / model.file)}
