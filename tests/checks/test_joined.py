"""Words that were put together are told until a person signed them."""

from __future__ import annotations

from fractions import Fraction

from localize.checks import Seen, look
from localize.episode import Line, Picture
from localize.market import resolve
from localize.timing import Ms, span
from localize.version import Rendering, Status, Variants


def findings(reference: str, status: Status) -> list[tuple[str, str, str]]:
    one = Rendering("L1", "en-US", Variants("Sign it. Go."), "Sign it. Go.", "person", status, reference)
    picture = Picture(720, 1280, Fraction(25), Ms(10_000), 250, "h264")
    seen = Seen(resolve("en"), picture, (Line("L1", span(0, 1000), "签了它，走。", "a"),), (one,))
    return [(one.line, one.severity, one.message) for one in look(seen) if one.check == "joined"]


def test_joined_words_are_told_until_they_are_signed() -> None:
    told = "joined from L1 and L2"
    assert findings(told, "draft") == [("L1", "note", "joined from L1 and L2: read it")]
    assert findings(told, "reviewed") == findings("script.csv", "draft") == []
