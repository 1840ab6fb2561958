"""Changed words are told until somebody signed them; a forbidden word is one in every shape that mending knows."""

from __future__ import annotations

from fractions import Fraction

from localize.checks import Seen, look
from localize.episode import Line, Picture
from localize.glossary import Term, broken_terms
from localize.market import resolve
from localize.timing import Ms, span
from localize.version import Origin, Rendering, Status, Variants

PICTURE = Picture(720, 1280, Fraction(25), Ms(10_000), 250, "h264")


def findings(check: str, said: str, origin: Origin = "machine", status: Status = "draft") -> list[tuple[str, str, str]]:
    one = Rendering("L1", "en-US", Variants(said), said, origin, status, mended=("dub: 陆总: “Boss!” → “Mr. Lu!”",))
    line = Line("L1", span(0, 1000), "陆总，绿茶。", "a")
    seen = Seen(resolve("en"), PICTURE, (line,), (one,), forbidden=(("绿茶", "green tea"),))
    return [(one.line, one.severity, one.message) for one in look(seen) if one.check == check]


def test_what_was_mended_is_told_until_a_person_signs_or_rewrites() -> None:
    assert findings("mended", "Mr. Lu!") == [("L1", "note", "dub: 陆总: “Boss!” → “Mr. Lu!”")]
    assert findings("mended", "Mr. Lu!", status="reviewed") == findings("mended", "Mr. Lu!", "person") == []


def test_the_gate_and_the_check_agree_on_what_is_forbidden() -> None:
    term = Term("绿茶", ("green tea",), "forbidden", language="en-US")
    for said in ("Green teas!", "A green\ntea.", "Evergreen tea.", "Green tea's here."):
        assert bool(findings("forbidden", said)) is bool(broken_terms([term], said)), said
    assert [one[1] for one in findings("forbidden", "Green teas!")] == ["block", "block"]
