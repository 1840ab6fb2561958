"""The sculpted head: a height field in units, its skin and its outline, for one character.

The origin lies between the pupils, x to the right, y down, z toward the camera; the distance between the
pupils is one unit.  Proportions are those of adult heads (face width about 2.1 units, pupils to chin 1.8,
pupils to mouth 1.1), the eyes a little larger than life.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from .draw_canvas import Float, Grid, bgr, blur, bump, noise, smooth
from .story import Character

CROWN = 0.90  # how much lower than the guides say everything above the brows lies
HEAD = (-2.0, -2.25, 2.0, 2.15)  # left, top, right, bottom of the head canvas in units


@dataclass(frozen=True, slots=True)
class Face:
    """The measures of one face, in units; ``seed`` drives the grain of skin and hair."""

    seed: int
    female: bool
    elder: bool
    jaw: float = 0.765
    chin: float = 1.84
    chin_width: float = 0.36
    cheek: float = 1.035
    eye: float = 0.265
    lid: float = 0.135
    tilt: float = 0.025
    brow: float = -0.40
    brow_width: float = 0.095
    nose: float = 0.25
    nose_width: float = 0.22
    bridge: float = 0.15
    mouth: float = 0.40
    mouth_y: float = 1.12
    upper_lip: float = 0.085
    lower_lip: float = 0.13


def face_of(who: Character, seed: int) -> Face:
    """The face of a character: a base by gender and age, varied by the seed and the character's id."""
    number = (seed * 1_000_003 + sum((i + 1) * ord(c) * 131 for i, c in enumerate(who.id))) % 2**31
    rng = np.random.default_rng(number)
    v = rng.uniform(-1, 1, 14)
    female, elder = who.gender == "female", who.look.age == "elder"
    if female:
        base = Face(
            number, True, elder, 0.69, 1.74, 0.285, 1.02, 0.282, 0.145, 0.035, -0.385, 0.068, 0.23, 0.175
        )
        base = replace(base, bridge=0.13, mouth=0.37, upper_lip=0.095, lower_lip=0.15)
    else:
        base = Face(number, False, elder)
    young = who.look.age == "young"
    return replace(
        base,
        jaw=base.jaw + 0.05 * v[0] - 0.03 * young,
        chin=base.chin + 0.05 * v[1] - 0.03 * young,
        chin_width=base.chin_width + 0.04 * v[2],
        cheek=base.cheek + 0.03 * v[3],
        eye=base.eye + 0.012 * v[4] + 0.006 * young - 0.012 * elder,
        lid=base.lid + 0.012 * v[5] - 0.03 * elder + 0.006 * young,
        tilt=base.tilt + 0.02 * v[6] - 0.03 * elder,
        brow=base.brow + 0.02 * v[7],
        brow_width=base.brow_width * (1 + 0.15 * v[8]),
        nose=base.nose + 0.03 * v[9] + 0.01 * elder,
        nose_width=base.nose_width + 0.015 * v[10] + 0.012 * elder,
        mouth=base.mouth + 0.02 * v[11],
        upper_lip=base.upper_lip + 0.012 * v[12] - 0.02 * elder,
        lower_lip=base.lower_lip + 0.012 * v[13] - 0.02 * elder,
    )


def lowered(y: Float) -> Float:
    """Heights of the guides (hairlines, skull) as they lie on the head: flattened toward the brows."""
    return np.asarray(np.where(y < -0.4, -0.4 + (y + 0.4) * CROWN, y))


def _raised(y: Float) -> Float:
    return np.asarray(np.where(y < -0.4, -0.4 + (y + 0.4) / CROWN, y), np.float32)


def _profile(y: Float, knots: list[tuple[float, float]], soft: float = 0.07) -> Float:
    """A smooth function of y through knots (y, value)."""
    at, value = np.array(knots).T
    fine = np.linspace(-3, 3, 1201)
    line = np.interp(fine, at, value)
    n = int(soft / 0.005 * 3)
    kernel = np.exp(-((np.arange(-n, n + 1) * 0.005 / soft) ** 2) / 2)
    line = np.convolve(np.pad(line, n, mode="edge"), kernel / kernel.sum(), "valid")
    return np.interp(y, fine, line).astype(np.float32)


def outline(face: Face, y: Float) -> Float:
    """Half the width of the head at height y, in units; 0 above the crown and below the chin."""
    c, w, y = face.chin, face.cheek, _raised(y)
    low = c - 1.74
    square = [(-1.95, -0.62), (-1.76, 0.0), (-1.6, 0.44), (-1.4, 0.74), (-1.1, 0.98), (-0.8, 1.06)]
    square += [(-0.4, 1.06 * w * w), (0.0, 1.10 * w * w), (0.3, 1.09 * w * w), (0.6, 0.95 * w * w)]
    square += [(0.9 + low / 2, (face.jaw + 0.235) ** 2), (1.15 + low, (face.jaw + 0.09) ** 2)]
    square += [(1.36 + low, (face.jaw * 0.70 + face.chin_width * 0.42) ** 2)]
    square += [(1.55 + low, (face.jaw * 0.22 + face.chin_width * 0.85) ** 2)]
    square += [(1.66 + low, face.chin_width**2 * 0.70), (c, 0.0), (c + 0.12, -0.30)]
    return np.sqrt(np.clip(_profile(y, square, 0.085), 0, None))


def base_height(face: Face, grid: Grid) -> tuple[Float, Float]:
    """The head without features: height in units and coverage 0..1, both (height, width)."""
    x, y = grid.axes()
    half = np.maximum(outline(face, y), 1e-3)
    ratio = np.abs(x) / half
    middle = _profile(
        y,
        [
            (-1.8, 0.25),
            (-1.5, 0.52),
            (-1.1, 0.80),
            (-0.6, 0.97),
            (0, 1.0),
            (0.6, 1.04),
            (1.1, 1.05),
            (1.5, 1.0),
            (face.chin - 0.06, 0.90),
            (face.chin + 0.05, 0.55),
            (2.6, 0.2),
        ],
    )
    round_ = np.clip(1 - ratio**2.25, 0, 1) ** 0.56
    cover = np.clip((half - np.abs(x)) * grid.scale + 0.5, 0, 1) * (half > 0.02)
    return (middle * round_).astype(np.float32), cover.astype(np.float32)


def _nose(face: Face, x: Float, y: Float) -> Float:
    tip = 0.63
    along = np.clip((y + 0.15) / (tip + 0.15), 0, 1.0)
    ridge = (0.05 + face.nose * along**1.3) * smooth(tip + 0.25, tip - 0.08, y) * smooth(-0.40, 0.10, y)
    spread = face.bridge * (0.66 + 0.52 * along)
    z = ridge * np.exp(-((np.abs(x) / spread) ** 2.0) / 2)
    z = z + 0.075 * bump(x, y, (0, tip + 0.005), (0.115, 0.10))
    for side in (-1, 1):
        z = z + 0.115 * bump(x, y, (side * face.nose_width, tip + 0.065), (0.080, 0.075))
        z = z - 0.035 * bump(x, y, (side * (face.nose_width + 0.13), tip + 0.09), (0.06, 0.11))
        z = z - 0.03 * bump(x, y, (side * 0.11, tip + 0.145), (0.05, 0.03))
    return np.asarray(z, np.float32)


def _lips(face: Face, x: Float, y: Float) -> Float:
    m, t = face.mouth_y, np.clip(np.abs(x) / face.mouth, 0, 1.4)
    body = np.clip(1 - t**2.2, 0, 1) ** 1.4
    z = 0.09 * bump(x, y, (0, m), (0.42, 0.26))
    z = z + 0.075 * body * np.exp(-(((y - m + face.upper_lip * 0.55) / (face.upper_lip * 0.55)) ** 2) / 2)
    z = z + 0.090 * body * np.exp(-(((y - m - face.lower_lip * 0.52) / (face.lower_lip * 0.50)) ** 2) / 2)
    z = z - 0.075 * np.exp(-(((y - m) / 0.022) ** 2) / 2) * smooth(1.2, 0.75, t)
    z = z - 0.040 * bump(x, y, (0, (m + 0.80) / 2 + 0.02), (0.045, 0.085))
    z = z - 0.075 * bump(x, y, (0, m + 0.30), (0.26, 0.06))
    for side in (-1, 1):
        z = z - 0.045 * bump(x, y, (side * (face.mouth + 0.05), m + 0.01), (0.05, 0.06))
    return np.asarray(z, np.float32)


def features(face: Face, grid: Grid) -> Float:
    """What brows, eye sockets, lids, nose, cheeks, lips and chin add to the head, in units."""
    x, y = grid.axes()
    z = _nose(face, x, y) + _lips(face, x, y)
    z = z + 0.10 * bump(x, y, (0, face.chin - 0.17), (0.24, 0.13))
    z = z + 0.03 * bump(x, y, (0, -0.85), (0.7, 0.35)) - 0.05 * bump(x, y, (0, -0.12), (0.17, 0.15))
    heavy = 0.018 if face.female else 0.045
    for side in (-1, 1):
        z = z + heavy * bump(x, y, (side * 0.52, face.brow + 0.03), (0.30, 0.12))
        z = z - 0.12 * bump(x, y, (side * 0.47, -0.02), (0.27, 0.19))
        z = z + 0.105 * bump(x, y, (side * 0.50, 0.01), (face.eye * 0.80, 0.13))
        z = z + 0.07 * bump(x, y, (side * 0.66, 0.50), (0.26, 0.24))
        z = z - 0.05 * bump(x, y, (side * 0.76, 0.98), (0.20, 0.26))
        fold = side * x - (0.33 + 0.45 * np.clip(y - 0.66, 0, None) ** 1.15)
        depth = 0.030 if face.elder else (0.007 if face.female else 0.013)
        z = z - depth * np.exp(-((fold / 0.06) ** 2) / 2) * smooth(0.64, 0.98, y) * smooth(1.32, 0.95, y)
        bag = np.hypot((x - side * 0.5) / 1.4, y + 0.03) - (0.235 if face.elder else 0.25)
        z = z - (0.040 if face.elder else 0.010) * np.exp(-((bag / 0.03) ** 2) / 2) * smooth(0.05, 0.16, y)
    if face.elder:
        for row in (-0.62, -0.76, -0.9):
            wave = y - row - 0.03 * np.cos(x * 2.4) + 0.012 * np.sin(x * 9 + row * 20)
            z = z - 0.016 * np.exp(-((wave / 0.018) ** 2) / 2) * smooth(0.8, 0.4, np.abs(x))
    return np.asarray(z, np.float32)


def lip_mask(face: Face, x: Float, y: Float, part: str = "both") -> Float:
    """Coverage 0..1 of the closed lips (``upper``, ``lower`` or ``both``)."""
    t = np.abs(x) / face.mouth
    bow = 0.80 + 0.26 * np.exp(-(((np.abs(x) - 0.095) / 0.07) ** 2)) - 0.10 * np.exp(-((x / 0.05) ** 2))
    top = face.mouth_y - face.upper_lip * 1.1 * np.clip(1 - t**1.9, 0, 1) * bow
    low = face.mouth_y + face.lower_lip * 1.08 * np.clip(1 - t**2.3, 0, 1) ** 0.85
    upper = smooth(-0.012, 0.016, y - top) * (y <= face.mouth_y)
    lower = smooth(-0.020, 0.026, low - y) * (y > face.mouth_y)
    inside = smooth(1.02, 0.94, t)
    chosen = {"upper": upper, "lower": lower, "both": upper + lower}[part]
    return np.asarray(chosen * inside, np.float32)


def skin(face: Face, who: Character, grid: Grid) -> Float:
    """The colour of the skin before light, BGR 0..1, with blush, lips, stubble and the grain of pores."""
    x, y = grid.axes()
    look, rng = who.look, np.random.default_rng(face.seed)
    tone = bgr(look.skin)
    albedo = np.broadcast_to(tone, (grid.height, grid.width, 3)).copy()
    red = np.zeros((grid.height, grid.width), np.float32)
    for side in (-1, 1):
        red += (0.55 if face.female else 0.35) * bump(x, y, (side * 0.68, 0.52), (0.26, 0.20))
        red += 0.25 * bump(x, y, (side * 0.5, -0.02), (0.30, 0.14))
        if face.female:
            albedo *= 1 - 0.16 * bump(x, y, (side * 0.56, -0.13), (0.24, 0.07))[..., None]
    red += 0.35 * bump(x, y, (0, 0.68), (0.16, 0.12)) + 0.2 * bump(x, y, (0, face.chin - 0.1), (0.25, 0.12))
    red += 0.10 * noise(rng, grid.height, grid.width, 0.5 * grid.scale)
    albedo *= 1 - red[..., None] * np.array([0.22, 0.17, 0.0], np.float32)
    albedo *= 1 + 0.018 * noise(rng, grid.height, grid.width, 0.03 * grid.scale, 2)[..., None]
    if not face.female:
        beard = smooth(0.75, 1.15, y + 0.25 * np.abs(x) - 0.05) * smooth(
            -0.35, -0.12, np.abs(x) * 0 + y - 1.3
        )
        albedo *= (
            1
            - 0.12 * blur(np.broadcast_to(beard, red.shape).astype(np.float32), 0.05 * grid.scale)[..., None]
        )
    lips = blur(lip_mask(face, x, y), 0.008 * grid.scale)[..., None]
    colour = bgr(look.lipstick) if look.lipstick else tone * np.array([0.66, 0.62, 0.86], np.float32)
    lines = 1 + 0.05 * noise(rng, 1, grid.width, 0.02 * grid.scale, 1)[..., None]
    albedo = albedo * (1 - lips * 0.92) + colour * lines * lips * 0.92
    for side in (-1, 1):
        hole = bump(x, y, (side * 0.115, 0.765 + 0.10 * (side * x - 0.115)), (0.042, 0.020))[..., None]
        albedo = albedo * (1 - np.clip(hole * 0.95, 0, 0.70))
    return np.asarray(albedo, np.float32)
