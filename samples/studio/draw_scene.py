"""One shot: the place, the people in it or the prop that fills it, and the camera's move."""

from __future__ import annotations

from dataclasses import dataclass, field

import cv2
import numpy as np

from .backgrounds import place
from .draw_air import Bokeh, Dust, Rain, Sweep
from .draw_body import body_layer
from .draw_canvas import Bytes, Float, Grid, blur, over
from .draw_eyes import EyeState
from .draw_head import Acting, Head, Pose
from .draw_light import light
from .draw_motion import Motion
from .draw_mouth import MouthState
from .draw_place import Place
from .draw_props import prop
from .face import face_of
from .story import Character, Shot, Story

# Framing by kind of shot: pixels per unit of the head (share of the width), height of the eyes (share of the
# height), lower end of the painted body (units below the eyes), blur of the background (share of the width).
FRAMING = {
    "closeup": (0.238, 0.385, 6.4, 0.020),
    "medium": (0.128, 0.335, 10.4, 0.010),
    "two": (0.140, 0.400, 9.0, 0.012),
    "wide": (0.036, 0.0, 23.4, 0.0012),
}
PARALLAX = 0.45  # how much of a camera move the background follows


@dataclass(frozen=True, slots=True)
class Camera:
    """Shift in pixels and zoom of the foreground at one moment."""

    x: float
    y: float
    zoom: float


@dataclass(slots=True)
class Studio:
    """What shots share: painted places and people, kept while the same size and light are asked for."""

    story: Story
    motions: dict[str, Motion]
    _places: dict[str, Place] = field(default_factory=dict)
    _people: dict[tuple[str, str, str], tuple[Head, Bytes, Grid]] = field(default_factory=dict)

    def place(self, name: str) -> Place:
        """The painting of a place."""
        if name not in self._places:
            self._places[name] = place(name, self.story.width, self.story.height, self.story.seed)
        return self._places[name]

    def person(self, who: Character, shot: Shot) -> tuple[Head, Bytes, Grid]:
        """Head, body and the body's grid, painted a little larger than the shot shows them."""
        key = (who.id, shot.background, shot.kind)
        if key not in self._people:
            unit, _, bottom, _ = FRAMING[shot.kind]
            scale = max(24.0, unit * self.story.width * 1.08)
            face, lit = face_of(who, self.story.seed), light(shot.background)
            self._people[key] = (Head(face, who, lit, scale), *body_layer(face, who, lit, scale, bottom))
        return self._people[key]


class Scene:
    """A shot, ready to be drawn at any of its frames."""

    def __init__(self, studio: Studio, shot: Shot) -> None:
        self.studio, self.shot, self.story = studio, shot, studio.story
        w, h = self.story.width, self.story.height
        self.place = studio.place(shot.background)
        number = self.story.shots.index(shot)
        self.rng = np.random.default_rng((self.story.seed, number))
        self.phase = float(self.rng.uniform(0, 6.28))
        self.side = 1 if self.rng.uniform() < 0.5 else -1
        soft = FRAMING[shot.kind][3] if shot.kind in FRAMING else {"landscape": 0.0006}.get(shot.kind, 0.022)
        self.backdrop = _focused(self.place.painting, soft * w)
        self.bokeh = Bokeh(self.place, w, 1.0 if soft > 0.008 else 0.30)
        self.rain = Rain(w, h, self.story.seed) if self.place.rain else None
        self.dust = Dust(w, h, self.story.seed + number) if self.place.dust else None
        self.sweep = Sweep(w, h, light(shot.background).colour)
        known = {who.id: who for who in self.story.cast}
        self.people = [known[name] for name in shot.characters if name in known]
        self.prop = prop(shot, self.story) if shot.kind in ("phone", "document") else None

    def draw(self, number: int, ms: float) -> Bytes:
        """The frame ``number`` at ``ms``, before the lens."""
        seconds = ms / 1000
        camera = self._camera(ms)
        frame = self._background(seconds, camera)
        if self.prop is not None:
            self._prop(frame, seconds, camera)
        elif self.shot.kind in FRAMING:
            self._people(frame, number, camera)
        if self.rain is not None:
            self.rain.draw(frame, seconds)
        if self.dust is not None:
            self.dust.draw(frame, seconds)
        self.sweep.draw(frame, seconds + self.phase)
        return frame

    def _camera(self, ms: float) -> Camera:
        shot, w = self.shot, self.story.width
        p = (ms - shot.start) / max(1, shot.end - shot.start)
        t = ms / 1000 + self.phase
        eased = p * p * (3 - 2 * p)
        drift = 0.004 * w
        x, y, zoom = drift * np.sin(t * 0.5), drift * 0.6 * np.sin(t * 0.37), 1.0 + 0.012 * p
        if shot.camera == "pan":
            x += self.side * w * (0.06 if shot.kind in ("closeup", "medium", "two") else 0.10) * (1 - 2 * eased)
        elif shot.camera == "push_in":
            zoom = 1.0 + (0.11 if shot.kind == "closeup" else 0.16) * eased
        elif shot.camera == "handheld":
            x += w * (0.007 * np.sin(t * 2.1) + 0.004 * np.sin(t * 4.7 + 1))
            y += w * (0.006 * np.sin(t * 2.6 + 2) + 0.004 * np.sin(t * 5.3))
        return Camera(float(x), float(y), float(zoom))

    def _background(self, seconds: float, camera: Camera) -> Bytes:
        w, h = self.story.width, self.story.height
        tall, wide = self.backdrop.shape[:2]
        follow = 1.0 if self.shot.kind in ("landscape", "wide") else PARALLAX
        zoom = 1 + (camera.zoom - 1) * follow
        if self.shot.kind == "closeup":
            zoom *= 1.12
        centre = 0.5 + 0.05 * self.side * (self.shot.kind in ("closeup", "medium"))
        tx = w / 2 - centre * wide * zoom + camera.x * follow
        ty = h / 2 - 0.5 * tall * zoom + camera.y * follow
        tx, ty = min(0.0, max(tx, w - wide * zoom)), min(0.0, max(ty, h - tall * zoom))
        matrix = np.array([[zoom, 0, tx], [0, zoom, ty]], np.float32)
        frame = np.asarray(cv2.warpAffine(self.backdrop, matrix, (w, h), borderMode=cv2.BORDER_REPLICATE), np.uint8)
        self.bokeh.draw(frame, seconds, matrix, (tall, wide))
        if self.place.pulse is not None:
            _heartbeat(frame, self.place.pulse, matrix, (tall, wide), seconds)
        return frame

    def _prop(self, frame: Bytes, seconds: float, camera: Camera) -> None:
        assert self.prop is not None
        w, h = self.story.width, self.story.height
        lean = 0.006 * np.sin(seconds * 0.9 + self.phase)
        zoom = camera.zoom
        c, s = zoom * np.cos(lean), zoom * np.sin(lean)
        x, y = self.prop.left - w / 2, self.prop.top - h / 2
        matrix = np.array([[c, -s, c * x - s * y + w / 2 + camera.x * 0.5], [s, c, s * x + c * y + h / 2 + camera.y]])
        over(frame, np.asarray(cv2.warpAffine(self.prop.layer, matrix, (w, h)), np.uint8))

    def _people(self, frame: Bytes, number: int, camera: Camera) -> None:
        shown = self.people[:1] if self.shot.kind == "closeup" else self.people
        for order, who in enumerate(shown):
            head, body, grid = self.studio.person(who, self.shot)
            pose = self._pose(who, order, len(shown), number, camera)
            if self.shot.kind == "wide":
                _shadow(frame, pose)
            head.draw_back(frame, pose)
            k = pose.scale / grid.scale
            lean = pose.yaw * 0.0035
            matrix = np.array(
                [[k, 0, pose.x + (grid.left + lean) * pose.scale], [0, k, pose.y + grid.top * pose.scale]]
            )
            _place(frame, body, matrix)
            head.draw(frame, pose, self._acting(who, number))

    def _pose(self, who: Character, order: int, count: int, number: int, camera: Camera) -> Pose:
        w, h, m = self.story.width, self.story.height, self.studio.motions[who.id]
        unit, eyes, bottom, _ = FRAMING[self.shot.kind]
        scale = unit * w * (0.94 if who.gender == "female" else 1.0)
        x, turn = 0.5, 7.0 * self.side
        if self.shot.kind == "closeup":
            x = 0.5 - 0.025 * self.side
        elif count > 1:
            x = (order + 0.5) / count if self.shot.kind == "wide" else 0.27 + 0.46 * order / (count - 1)
            turn = 13.0 if x < 0.5 else -13.0
        turn = self.shot.turns[order] if self.shot.turns else turn
        eye_y = eyes * h + (0.5 * scale if who.gender == "female" and self.shot.kind != "closeup" else 0)
        if self.shot.kind == "wide":
            scale = unit * w * (0.965 if who.gender == "female" else 1.0)
            feet = 0.81 + 0.035 * (order % 2)
            eye_y = feet * h - bottom * scale
        px = w / 2 + (x * w - w / 2) * camera.zoom + camera.x
        py = h * 0.42 + (eye_y - h * 0.42) * camera.zoom + camera.y
        yaw, pitch, roll = m.yaw[number] + turn, m.pitch[number], m.roll[number]
        return Pose(px + yaw * 0.004 * scale, py, scale * camera.zoom, yaw, pitch, roll)

    def _acting(self, who: Character, number: int) -> Acting:
        m = self.studio.motions[who.id]
        mouth = MouthState(float(m.open[number]), float(m.width[number]), float(m.smile[number]))
        eyes = EyeState(float(np.clip(m.lids[number], 0, 1.2)), float(m.gaze_x[number]), float(m.gaze_y[number]))
        return Acting(mouth, eyes, float(m.inner[number]), float(m.outer[number]))


def _focused(painting: Float, soft: float) -> Bytes:
    """A painting out of focus by ``soft`` pixels, lamps blooming, as uint8."""
    bright = np.clip(painting, 0, 1.7)
    bloom = blur(np.clip(bright - 0.85, 0, None), max(6.0, soft * 1.2)) * 0.35
    picture = blur(bright, soft) + bloom if soft >= 0.3 else bright + bloom
    return (np.clip(picture, 0, 1) * 255).astype(np.uint8)


def _place(frame: Bytes, top: Bytes, matrix: Float) -> None:
    """Carry a layer onto the frame by a scaling matrix, touching only where it falls."""
    k, x, y = float(matrix[0, 0]), float(matrix[0, 2]), float(matrix[1, 2])
    x0, y0 = max(0, int(x)), max(0, int(y))
    x1 = min(frame.shape[1], int(x + top.shape[1] * k) + 2)
    y1 = min(frame.shape[0], int(y + top.shape[0] * k) + 2)
    if x0 >= x1 or y0 >= y1:
        return
    moved = cv2.warpAffine(top, np.array([[k, 0, x - x0], [0, k, y - y0]]), (x1 - x0, y1 - y0))
    over(frame, np.asarray(moved, np.uint8), x0, y0)


def _shadow(frame: Bytes, pose: Pose) -> None:
    """The soft shadow at the feet of a standing figure."""
    w, h = round(3.4 * pose.scale), round(0.8 * pose.scale)
    x, y = round(pose.x - w / 2), round(pose.y + 23.0 * pose.scale - h / 2)
    if w < 4 or h < 2:
        return
    v, u = np.mgrid[-1 : 1 : complex(0, h), -1 : 1 : complex(0, w)]
    dark = np.zeros((h, w, 4), np.uint8)
    dark[..., 3] = (np.clip(1 - np.hypot(u, v), 0, 1) * 190).astype(np.uint8)
    over(frame, dark, x, y)


def _heartbeat(
    frame: Bytes,
    box: tuple[float, float, float, float],
    matrix: Float,
    shape: tuple[int, int],
    seconds: float,
) -> None:
    """The trace of a heart monitor, sweeping over its screen."""
    x0, x1 = (matrix[0, 0] * v * shape[1] + matrix[0, 2] for v in (box[0] + 0.006, box[2] - 0.006))
    y0, y1 = (matrix[1, 1] * v * shape[0] + matrix[1, 2] for v in (box[1], box[3]))
    u = np.linspace(0, 1, 60)
    beat = (u * 2.6 + 0.2) % 1.0
    trace = (
        0.10 * np.exp(-(((beat - 0.30) / 0.06) ** 2))
        + np.exp(-(((beat - 0.5) / 0.018) ** 2))
        - 0.3 * np.exp(-(((beat - 0.55) / 0.02) ** 2))
    )
    at = (seconds / 2.2) % 1
    seen = (u < at) | (u > at + 0.08)
    points = np.stack([x0 + u * (x1 - x0), y0 + (y1 - y0) * (0.68 - 0.45 * trace)], 1)
    for k in np.nonzero(seen[:-1] & seen[1:])[0]:
        p, q = (tuple(int(v * 8) for v in points[j]) for j in (k, k + 1))
        cv2.line(frame, p, q, (120, 240, 120), 1, cv2.LINE_AA, 3)
