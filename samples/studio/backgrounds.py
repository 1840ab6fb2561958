"""The places a shot can be set in, by the names of ``Shot.background``."""

from __future__ import annotations

from collections.abc import Callable

from .draw_place import MARGIN, Canvas, Place
from .draw_rooms import ballroom, home, hospital, plain
from .draw_town import office, street_night

PLACES: dict[str, Callable[[Canvas], Place]] = {
    "ballroom": ballroom,
    "office": office,
    "street_night": street_night,
    "home": home,
    "hospital": hospital,
    "plain": plain,
}


def place(name: str, width: int, height: int, seed: int) -> Place:
    """Paint a place for a picture of ``width`` x ``height`` pixels."""
    return PLACES[name](Canvas(round(width * MARGIN), round(height * 1.12), seed))
