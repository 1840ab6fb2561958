"""A head on the picture: painted once for a place and a size, then acted and turned for every frame."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from .draw_canvas import Bytes, Float, Grid, bgr, blur, layer, over, smooth
from .draw_eyes import EyeState, brow_layer, paint_eye
from .draw_hair import locks, paint_locks
from .draw_light import Light, shade
from .draw_mouth import MouthState, move_mouth
from .draw_worn import beard_layer, ears_layer, glasses_layer
from .face import HEAD, Face, base_height, features, skin
from .story import Character

NECK = (1.55, -0.75)  # the joint a head turns about: y and z in units
WARP = 8  # the turn is computed every so many pixels and interpolated between them


@dataclass(frozen=True, slots=True)
class Pose:
    """Where a head is: pixel between the pupils when straight, pixels per unit, and its turn in degrees.

    Positive yaw turns to the right of the picture, positive pitch nods down, positive roll leans right.
    """

    x: float
    y: float
    scale: float
    yaw: float
    pitch: float
    roll: float


@dataclass(frozen=True, slots=True)
class Acting:
    """What a face does in one frame; brows in units of rise."""

    mouth: MouthState
    eyes: EyeState
    inner: float
    outer: float


class Head:
    """One character's head, lit for one place, at ``scale`` pixels per unit."""

    def __init__(self, face: Face, who: Character, lit: Light, scale: float) -> None:
        self.face, self.who, self.scale = face, who, scale
        self.grid = Grid.spanning(*HEAD, scale)
        wide = Grid.spanning(-2.3, -2.65, 2.3, 4.3, scale)
        height, cover = base_height(face, self.grid)
        sculpt = height + features(face, self.grid)
        self.colour = self._under_hair(shade(sculpt, skin(face, who, self.grid), lit, scale))
        self.base = layer(self.colour, cover)
        if who.look.beard:
            over(self.base, _within(beard_layer(face, who.look, self.grid, lit), cover))
        self.light = float(np.mean(lit.colour)) * 0.85
        self.brows = brow_layer(face, self.grid, who.look.hair, 0.8 * self.light)
        self.depth = blur(height, 0.10 * scale) + 0.75 * blur(sculpt - height, 0.05 * scale)
        front = paint_locks(locks(face, who.look, "front"), wide, who.look, lit, face.seed + 1)
        back = paint_locks(locks(face, who.look, "back"), wide, who.look, lit, face.seed + 2, 0.55)
        self.front, self.front_grid = _trimmed(front, wide)
        self.front_depth = _hair_depth(self.front_grid)
        self.back, self.back_grid = _trimmed(back, wide)
        self.ears = [_trimmed(part, wide) for part in _halves(ears_layer(face, who.look, wide, lit))]
        self.glasses, self.glasses_grid = _trimmed(glasses_layer(face, wide), wide)
        self.glasses_depth = _hair_depth(self.glasses_grid) + 0.12
        self.eye_colour = bgr((74, 46, 28)) * 1.1
        self.teeth = float(np.clip(self.light * 1.02, 0.5, 1.0))
        self._eyes: dict[tuple[int, int, int, int], Float] = {}

    def _under_hair(self, colour: Float) -> Float:
        """Darken the skin that lies in the shadow of fringe and side hair."""
        if self.who.look.hair_style == "bald":
            return colour
        x, y = self.grid.axes()
        shadow = 0.34 * smooth(-0.70, -1.12, y + 0.10 * x * x) + 0.22 * smooth(0.80, 1.08, np.abs(x))
        return np.asarray(colour * (1 - np.clip(shadow, 0, 0.55))[..., None], np.float32)

    def _acted(self, acting: Acting) -> Bytes:
        head = self.base.copy()
        for side in (-1, 1):
            part, (rows, columns) = self.grid.patch(side * 0.5 - 0.44, -0.36, side * 0.5 + 0.44, 0.34)
            key = (
                side,
                round(acting.eyes.open * 16),
                round(acting.eyes.gaze_x * 160),
                round(acting.eyes.gaze_y * 160),
            )
            if key not in self._eyes:
                state = EyeState(key[1] / 16, key[2] / 160, key[3] / 160)
                eye = paint_eye(self.colour[rows, columns], part, self.face, side, state, self.eye_colour)
                self._eyes[key] = (np.clip(eye, 0, 1) * 255).astype(np.uint8)
            head[rows, columns, :3] = self._eyes[key]
            self._place_brow(head, side, acting)
        move_mouth(head, self.grid, self.face, acting.mouth, self.teeth)
        return head

    def _place_brow(self, head: Bytes, side: int, acting: Acting) -> None:
        middle = 0.52 * side
        part, (rows, columns) = self.grid.patch(
            middle - 0.44, self.face.brow - 0.30, middle + 0.44, self.face.brow + 0.26
        )
        x, y = np.broadcast_arrays(*part.axes())
        u = np.clip((x * side - 0.20) / 0.64, -0.1, 1.1)
        rise = acting.inner * (1 - u) + acting.outer * u
        squeeze = 0.5 * max(0.0, -acting.inner) * (1 - u)
        mx = ((x + squeeze * side - part.left) * part.scale - 0.5).astype(np.float32)
        my = ((y + rise - part.top) * part.scale - 0.5).astype(np.float32)
        brow = cv2.remap(np.ascontiguousarray(self.brows[rows, columns]), mx, my, cv2.INTER_LINEAR)
        target = np.ascontiguousarray(head[rows, columns])
        over(target, np.asarray(brow, np.uint8))
        head[rows, columns] = target

    def draw_back(self, frame: Bytes, pose: Pose) -> None:
        """The hair behind the body."""
        _turn(self.back, self.back_grid, None, pose, frame, depth=-0.7)

    def draw(self, frame: Bytes, pose: Pose, acting: Acting) -> None:
        """Face, ears, front hair and glasses onto a BGR frame."""
        for ear, grid in self.ears:
            _turn(ear, grid, None, pose, frame, depth=-0.25)
        _turn(self._acted(acting), self.grid, self.depth, pose, frame)
        _turn(self.front, self.front_grid, self.front_depth, pose, frame)
        if self.who.look.glasses:
            _turn(self.glasses, self.glasses_grid, self.glasses_depth, pose, frame)


def _hair_depth(grid: Grid) -> Float:
    x, y = grid.axes()
    bowl = 1.12 * np.clip(1 - (x / 1.30) ** 2, -0.25, 1) * smooth(-2.1, -1.1, y)
    return np.asarray(bowl * smooth(2.2, 0.4, y) + 0.35 * smooth(0.6, 2.2, y) * np.ones_like(x), np.float32)


def _halves(top: Bytes) -> list[Bytes]:
    """The left and the right half of a layer, each the size of the whole."""
    left, right, middle = top.copy(), top.copy(), top.shape[1] // 2
    left[:, middle:] = 0
    right[:, :middle] = 0
    return [left, right]


def _trimmed(top: Bytes, grid: Grid) -> tuple[Bytes, Grid]:
    """A layer and its grid without the empty border; a layer with nothing on it becomes one clear pixel."""
    rows, columns = np.nonzero(top[..., 3].any(1))[0], np.nonzero(top[..., 3].any(0))[0]
    if not len(rows):
        return np.zeros((1, 1, 4), np.uint8), Grid(grid.left, grid.top, 1, 1, grid.scale)
    y0, y1 = max(0, rows[0] - 1), min(grid.height, rows[-1] + 2)
    x0, x1 = max(0, columns[0] - 1), min(grid.width, columns[-1] + 2)
    part = Grid(grid.left + x0 / grid.scale, grid.top + y0 / grid.scale, int(x1 - x0), int(y1 - y0), grid.scale)
    return np.ascontiguousarray(top[y0:y1, x0:x1]), part


def _within(top: Bytes, cover: Float) -> Bytes:
    """A layer cut to the coverage of what it lies on."""
    return np.asarray(top * cover[..., None], np.uint8)


def _turn(top: Bytes, grid: Grid, depths: Float | None, pose: Pose, frame: Bytes, depth: float = 0.0) -> None:
    """Turn a layer in space by its depth (units; one ``depth`` without a map) and place it on the frame."""
    if grid.width < 3:
        return
    x0, y0, x1, y1 = _bounds(grid, pose, frame)
    if x0 >= x1 or y0 >= y1:
        return
    columns, rows = (x1 - x0) // WARP + 2, (y1 - y0) // WARP + 2
    u = (x0 + np.arange(columns, dtype=np.float32) * WARP)[None, :]
    v = (y0 + np.arange(rows, dtype=np.float32) * WARP)[:, None]
    x, y = _sources(grid, depths, pose, u, v, depth)
    maps = []
    for m in (x, y):  # resize samples at pixel centres: shift so that node k sits exactly at pixel k * WARP
        shift = np.array([[WARP, 0, 0], [0, WARP, 0]], np.float32)
        maps.append(
            cv2.warpAffine(m, shift, (x1 - x0, y1 - y0), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
        )
    turned = cv2.remap(top, maps[0], maps[1], cv2.INTER_LINEAR, borderMode=cv2.BORDER_CONSTANT)
    over(frame, np.asarray(turned, np.uint8), x0, y0)


def _bounds(grid: Grid, pose: Pose, frame: Bytes) -> tuple[int, int, int, int]:
    reach = 0.5
    x0 = pose.x + (grid.left - reach) * pose.scale
    x1 = pose.x + (grid.left + grid.width / grid.scale + reach) * pose.scale
    y0 = pose.y + (grid.top - reach) * pose.scale
    y1 = pose.y + (grid.top + grid.height / grid.scale + reach) * pose.scale
    return max(0, int(x0)), max(0, int(y0)), min(frame.shape[1], int(x1)), min(frame.shape[0], int(y1))


def _sources(grid: Grid, depths: Float | None, pose: Pose, u: Float, v: Float, depth: float) -> tuple[Float, Float]:
    """Layer pixels seen at picture pixels (u, v): the turn undone, depth found by iteration."""
    roll, yaw, pitch = np.radians((pose.roll, pose.yaw, pose.pitch))
    dx, dy = (u - pose.x) / pose.scale, (v - pose.y) / pose.scale - NECK[0]
    qx, qy = np.cos(roll) * dx + np.sin(roll) * dy, np.cos(roll) * dy - np.sin(roll) * dx
    x, y, z = qx, qy, np.full_like(qx, depth - NECK[1])
    for _ in range(1 if depths is None else 5):
        px, py = (x - grid.left) * grid.scale - 0.5, (y + NECK[0] - grid.top) * grid.scale - 0.5
        if depths is not None:
            found = cv2.remap(
                depths,
                px.astype(np.float32),
                py.astype(np.float32),
                cv2.INTER_LINEAR,
                borderMode=cv2.BORDER_REPLICATE,
            )
            z = found - NECK[1]
        x = (qx - z * np.sin(yaw)) / np.cos(yaw)
        y = (qy - (z * np.cos(yaw) - x * np.sin(yaw)) * np.sin(pitch)) / np.cos(pitch)
    px, py = (x - grid.left) * grid.scale - 0.5, (y + NECK[0] - grid.top) * grid.scale - 0.5
    return px.astype(np.float32), py.astype(np.float32)
