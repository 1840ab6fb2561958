"""Where heads turn while a line is said, by MediaPipe's face mesh in OpenCV.

Faces are searched in the first picture of a line, then followed from picture to picture by their own points; where one
is lost they are searched again.  Of every face the middle turn of its head counts, and how much its lips open and shut.

Measured on 95 drawn faces of twelve people (24 lines each of three generated episodes): the mesh says 0.6 of the true
turn, on the right side for 83 of 84 heads turned by 20–38°.  Lips of those who speak vary by 0.023 (median; one in
twenty by less than 0.009) over the pictures of a line, those of listeners by 0.003 (one in twenty by more than 0.008).
Beyond 40° no face is found.  Real heads were not at hand.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from statistics import median, pstdev
from typing import TYPE_CHECKING

from localize.backends.gaze._mesh import Mesh, Meshes
from localize.media import face_models
from localize.roles import READY, Availability, Backend, Look

if TYPE_CHECKING:
    from localize.roles import Image
    from localize.timing import Ms, Span

SPEAKS = 0.012
"""Least standard deviation of the lips' opening, in distances between the eyes, of a mouth that speaks; see above."""
CLEARLY = 1.5
"""How many times more a speaking mouth varies than any other in the picture."""
_SEEN = 0.5  # share of a line's pictures a face must be found in


@dataclass(slots=True)
class _Face:
    """One face of a shot; ``found`` has its mesh by the number of the picture."""

    last: Mesh
    found: dict[int, Mesh] = field(default_factory=dict)


class FaceMesh:
    """The loaded networks; what is seen of one shot is forgotten with the shot."""

    def __init__(self, meshes: Meshes) -> None:
        self._meshes = meshes

    def looks(self, frames: Iterable[tuple[Ms, Image]], spans: Sequence[Span]) -> tuple[tuple[Look, ...], ...]:
        """Per span the faces seen in half of its pictures at least, from left to right."""
        faces: list[_Face] = []
        shown: list[list[int]] = [[] for _ in spans]
        size = (1, 1)
        for number, (at, image) in enumerate(frames):
            inside = [n for n, span in enumerate(spans) if at in span]
            for n in inside:
                shown[n].append(number)
            if inside:
                size = image.shape[1], image.shape[0]
                self._look(faces, number, image, any(len(shown[n]) == 1 for n in inside))
        return tuple(_seen(faces, own, size) for own in shown)

    def _look(self, faces: list[_Face], number: int, image: Image, search: bool) -> None:
        followed = [one for one in faces if number - 1 in one.found]
        for one in followed:
            mesh = self._meshes.mesh(image, one.last.region)
            if mesh is not None and not any(number in o.found and _same(o.last, mesh) for o in faces):
                one.last = one.found[number] = mesh
        if search or not followed or any(number not in one.found for one in followed):
            for mesh in self._meshes.faces(image):
                _taken_in(faces, number, mesh)


def _taken_in(faces: list[_Face], number: int, mesh: Mesh) -> None:
    """Who was there before, or somebody new."""
    known = next((one for one in faces if _same(one.last, mesh)), None)
    if known is None:
        faces.append(_Face(mesh, {number: mesh}))
    elif number not in known.found:
        known.last = known.found[number] = mesh


def _same(one: Mesh, other: Mesh) -> bool:
    """Whether two meshes lie on one face: their middles are less than half a face apart."""
    (x, y), (u, v) = one.middle, other.middle
    return max(abs(x - u), abs(y - v)) < max(one.width, other.width) / 2


def _seen(faces: Sequence[_Face], pictures: Sequence[int], size: tuple[int, int]) -> tuple[Look, ...]:
    found: list[tuple[int, list[Mesh]]] = []
    for number, face in enumerate(faces):
        own = [face.found[at] for at in pictures if at in face.found]
        if own and len(own) >= _SEEN * len(pictures):
            found.append((number, own))
    stirred = sorted(((pstdev([mesh.opening for mesh in own]), number) for number, own in found), reverse=True)
    least = max(SPEAKS, CLEARLY * (stirred[1][0] if len(stirred) > 1 else 0.0))
    talker = stirred[0][1] if stirred and stirred[0][0] >= least else -1
    looks = (_look(number, own, size, number == talker) for number, own in found)
    return tuple(sorted(looks, key=lambda look: look.at))


def _look(number: int, own: Sequence[Mesh], size: tuple[int, int], speaks: bool) -> Look:
    at = median(mesh.middle[0] for mesh in own) / size[0]
    width = median(mesh.width for mesh in own) / size[0]
    return Look(number, round(at, 4), round(width, 4), round(median(mesh.yaw for mesh in own), 1), speaks)


# ── the card ────────────────────────────────────────────────────────────────────────────────────────────────
def available(options: Mapping[str, str]) -> Availability:
    """Needs the two files that ``localize models fetch`` gets."""
    if len(face_models.present()) < len(face_models.MODELS):
        return Availability(False, "the face models are not here", "localize models fetch")
    return READY


def load(options: Mapping[str, str]) -> FaceMesh:
    """Both networks, on the CPU."""
    return FaceMesh(Meshes(face_models.present()))


BACKEND = Backend(
    role="gaze",
    name="face_mesh",
    version="1",
    summary="where heads turn, where nothing else tells whom a line is said to",
    licence="Apache-2.0 (MediaPipe's face mesh and detector)",
    commercial_use=True,
    load=load,
    available=available,
)
