"""What words cost, and how they came about, redoes nothing that is made from the words."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

from localize.checks import Seen
from localize.engine.local import key_of
from localize.episode import Line, Picture
from localize.market import resolve
from localize.stages import adapt, qc
from localize.timing import Ms, span
from localize.version import Rendering, Spent, Variants

ONE = Rendering("L1", "en-US", Variants("Hi."), "Hi.", "machine", "draft", spent=Spent(10, 1))
AGAIN = replace(ONE, spent=Spent(300, 40, 0.1))
LINE = Line("L1", span(0, 900), "嗨。")


def test_other_token_counts_with_the_same_words_redo_nothing() -> None:
    adapting = adapt.Job(LINE, ONE, "en-US", "metric", ())
    assert key_of(adapt.STAGE, adapting) == key_of(adapt.STAGE, replace(adapting, rendering=AGAIN))
    mended = replace(AGAIN, mended=("dub: …",), doubt="why")
    assert key_of(adapt.STAGE, adapting) == key_of(adapt.STAGE, replace(adapting, rendering=mended))
    other = replace(ONE, subtitle="Hello.")
    assert key_of(adapt.STAGE, adapting) != key_of(adapt.STAGE, replace(adapting, rendering=other))


def test_checks_look_again_at_other_words_or_doubts_and_not_at_other_costs() -> None:
    seen = Seen(resolve("en"), Picture(720, 1280, Fraction(25), Ms(1000), 25, "h264"), (LINE,), (ONE,))
    key = key_of(qc.STAGE, qc.Job(seen))
    assert key == key_of(qc.STAGE, qc.Job(replace(seen, renderings=(AGAIN,))))
    for other in (replace(ONE, doubt="why"), replace(ONE, mended=("dub: …",)), replace(ONE, subtitle="Hello.")):
        assert key != key_of(qc.STAGE, qc.Job(replace(seen, renderings=(other,))))


def test_a_sum_tells_a_cost_only_where_every_part_has_one() -> None:
    priced, free = Spent(10, 1, 0.5), Spent(5, 1)
    assert sum((priced, priced), Spent()) == Spent(20, 2, 1.0)
    assert priced + free == free + priced == Spent(15, 2) and priced + free + priced == Spent(25, 3)
    assert "price" not in (priced + free).told()
