"""Faces and their 468 points, by MediaPipe's two small networks in OpenCV.

``Detector`` looks for faces in squares laid over the picture, for its network sees 128 × 128 px and faces of a fifth of
that; ``Mesh`` puts the points on one face.  Both take BGR pictures and know nothing of time.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from localize.roles import Image

Points = NDArray[np.float64]
_SQUARE = 128  # px the detector sees
_MESHED = 192  # px the mesh sees
_FACE = 0.5  # score from which on the networks' authors take something for a face
_TWICE = 0.3  # overlap from which on two finds are one
_LIKELY = 12  # finds that are looked at more closely in one picture, the surest ones
_AROUND = 1.5  # side of the mesh's crop over the face's box, as in MediaPipe's own graph
_LEVELS = (1.0, 0.5)  # sides of the squares over the picture's shorter side
_RIGHT_EYE, _LEFT_EYE, _UPPER_LIP, _LOWER_LIP, _RIGHT_CHEEK, _LEFT_CHEEK = 33, 263, 13, 14, 234, 454


@dataclass(frozen=True, slots=True)
class Region:
    """Where a mesh is put: centre and side in px, and the turn in the picture's plane in radians."""

    x: float
    y: float
    side: float
    angle: float


@dataclass(frozen=True, slots=True)
class Mesh:
    """468 points ``(468, 3)`` of one face: px to the right, px down, and px away from the camera."""

    points: Points

    @property
    def middle(self) -> tuple[float, float]:
        low, high = self.points[:, :2].min(axis=0), self.points[:, :2].max(axis=0)
        return float(low[0] + high[0]) / 2, float(low[1] + high[1]) / 2

    @property
    def width(self) -> float:
        """px from the leftmost point to the rightmost."""
        return float(np.ptp(self.points[:, 0]))

    @property
    def yaw(self) -> float:
        """Degrees the head is turned, to the right of the picture positive: mean by the eyes and by the cheeks."""
        turns = [self._turn(_RIGHT_EYE, _LEFT_EYE), self._turn(_RIGHT_CHEEK, _LEFT_CHEEK)]
        return float(np.degrees(np.mean(turns)))

    def _turn(self, one: int, other: int) -> float:
        across = self.points[other] - self.points[one]
        return float(np.arctan2(across[2], np.hypot(across[0], across[1])))

    @property
    def opening(self) -> float:
        """Between the lips, in distances between the outer corners of the eyes, whatever the head's turn."""
        eyes = float(np.linalg.norm(self.points[_LEFT_EYE] - self.points[_RIGHT_EYE]))
        return float(np.linalg.norm(self.points[_UPPER_LIP] - self.points[_LOWER_LIP])) / max(eyes, 1e-6)

    @property
    def region(self) -> Region:
        """Where the same face is looked for in the next picture."""
        across = self.points[_LEFT_EYE, :2] - self.points[_RIGHT_EYE, :2]
        angle = float(np.arctan2(across[1], across[0]))
        turn = np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])
        upright = self.points[:, :2] @ turn.T
        low, high = upright.min(axis=0), upright.max(axis=0)
        x, y = (low + high) / 2 @ turn
        return Region(float(x), float(y), float((high - low).max()) * _AROUND, angle)


class Meshes:
    """Both networks; ``files`` has ``face_detection`` and ``face_landmark``."""

    def __init__(self, files: Mapping[str, Path]) -> None:
        import cv2

        # OpenCV 5 gives one output a pass unless it is asked for its older engine; version 4 has only that one
        older = (cv2.dnn.ENGINE_CLASSIC,) if hasattr(cv2.dnn, "ENGINE_CLASSIC") else ()
        self._finder: Any = cv2.dnn.readNetFromTFLite(str(files["face_detection"]), *older)
        self._mesher: Any = cv2.dnn.readNetFromTFLite(str(files["face_landmark"]), *older)
        grids = ((_SQUARE // 8, 2), (_SQUARE // 16, 6))
        spots = [((x + 0.5) / n, (y + 0.5) / n) for n, each in grids for y in range(n) for x in range(n)
                 for _ in range(each)]  # fmt: skip
        self._anchors = np.array(spots, np.float64)

    def faces(self, image: Image) -> list[Mesh]:
        """Every face in the picture, from left to right; a find on which no mesh fits is none."""
        found: list[Mesh] = []
        for region in self._finds(image):
            if any(_over(mesh, region) for mesh in found):
                continue
            mesh = self.mesh(image, region)
            if mesh is not None and not any(_near(mesh, other) for other in found):
                found.append(mesh)
        return sorted(found, key=lambda mesh: mesh.middle)

    def mesh(self, image: Image, region: Region) -> Mesh | None:
        """The points of the face in ``region``, or None when there is none."""
        import cv2

        scale, c, s = _MESHED / region.side, np.cos(region.angle), np.sin(region.angle)
        half = _MESHED / 2
        there = np.array([
            [c * scale, s * scale, half - (c * region.x + s * region.y) * scale],
            [-s * scale, c * scale, half - (c * region.y - s * region.x) * scale],
        ])  # fmt: skip
        crop = cv2.warpAffine(image, there, (_MESHED, _MESHED))
        self._mesher.setInput(cv2.dnn.blobFromImage(crop, 1 / 255.0, (_MESHED, _MESHED), swapRB=True))
        score, found = (np.array(one) for one in self._mesher.forward(["conv2d_31", "conv2d_21"]))
        if _sigmoid(score.ravel()[0]) < _FACE:
            return None
        points, back = found.reshape(468, 3).astype(np.float64), cv2.invertAffineTransform(there)
        return Mesh(np.column_stack([points[:, :2] @ back[:, :2].T + back[:, 2], points[:, 2] / scale]))

    def _finds(self, image: Image) -> list[Region]:
        import cv2

        finds = [one for where in _squares(image.shape[1], image.shape[0]) for one in self._in_square(image, *where)]
        if not finds:
            return []
        boxes = [[r.x - r.side / 2, r.y - r.side / 2, r.side, r.side] for _, r in finds]
        kept = cv2.dnn.NMSBoxes(boxes, [score for score, _ in finds], _FACE, _TWICE)
        return [finds[int(at)][1] for at in np.ravel(np.asarray(kept))[:_LIKELY]]

    def _in_square(self, image: Image, left: int, top: int, side: int) -> list[tuple[float, Region]]:
        import cv2

        part = cv2.resize(image[top : top + side, left : left + side], (_SQUARE, _SQUARE), interpolation=cv2.INTER_AREA)
        blob = cv2.dnn.blobFromImage(part, 1 / 127.5, (_SQUARE, _SQUARE), (127.5,) * 3, swapRB=True)
        self._finder.setInput(blob)
        scores, shapes = (np.array(one) for one in self._finder.forward(["classificators", "regressors"]))
        sure = _sigmoid(scores.ravel())
        kept = np.flatnonzero(sure > _FACE)
        values = shapes.reshape(-1, 16)[kept] / _SQUARE
        return [(float(sure[at]), _region(value, self._anchors[at], left, top, side))
                for at, value in zip(kept, values, strict=True)]  # fmt: skip


def _squares(width: int, height: int) -> Iterator[tuple[int, int, int]]:
    """Left, top and side of the squares that are searched: as wide as the picture, and half as wide, overlapping."""
    shorter = min(width, height)
    for level in _LEVELS:
        side = int(shorter * level)
        step = max(1, int(side * (0.75 if level == 1 else 0.5)))
        for top in sorted({*range(0, max(1, height - side), step), height - side}):
            for left in sorted({*range(0, max(1, width - side), step), width - side}):
                yield left, top, side


def _region(value: Points, anchor: Points, left: int, top: int, side: int) -> Region:
    x, y = (value[:2] + anchor) * side + (left, top)
    eyes = value[6:8] - value[4:6]  # the left one less the right one
    return Region(float(x), float(y), float(value[2:4].max()) * side * _AROUND, float(np.arctan2(eyes[1], eyes[0])))


def _over(mesh: Mesh, region: Region) -> bool:
    x, y = mesh.middle
    return abs(x - region.x) < mesh.width / 2 and abs(y - region.y) < mesh.width / 2


def _near(one: Mesh, other: Mesh) -> bool:
    (x, y), (u, v) = one.middle, other.middle
    return max(abs(x - u), abs(y - v)) < max(one.width, other.width) / 2


def _sigmoid(value: Any) -> Any:
    return 1 / (1 + np.exp(-np.clip(value, -80, 80)))
