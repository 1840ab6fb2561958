"""Hand props that fill the picture: a phone with a message, a page with a seal."""

from __future__ import annotations

from .draw_document import document
from .draw_page import Box, Prop
from .draw_phone import phone
from .story import Shot, Story


def prop(shot: Shot, story: Story) -> Prop:
    """The phone or document of a shot, drawn for the story's picture size and font."""
    make = phone if shot.kind == "phone" else document
    return make(shot.text, story.width, story.height, story.captions.font, shot.background)


def screen_boxes(shot: Shot, story: Story) -> list[tuple[str, Box]]:
    """Text and box (picture pixels, camera at rest) of every row a phone or document shows."""
    return list(prop(shot, story).rows) if shot.kind in ("phone", "document") else []
