from __future__ import annotations

from localize import backends, pace
from localize.episode import Asset
from localize.stages._foreseen import Wording, chosen, only
from localize.stages.fit import FitLine
from localize.timing import Ms, span
from localize.version import Take, Variants
from localize.voice import stock_voices

VOICE = pace.shipped("espeak", backends.card("tts", "espeak").version, stock_voices()["stock-f1"], "en-US")
assert VOICE
DUB = Variants(
    "I never asked you for anything.", "I asked for nothing.",
    "In all the years we have been married, I never once asked you for a single thing.",
)  # fmt: skip


def wording(start: int, ms: int, dub: Variants = DUB, name: str = "L1") -> Wording:
    assert VOICE
    return Wording(FitLine(name, span(start, start + ms), "lin"), dub, VOICE)


def take(text: str, variant: str, ms: int) -> Take:
    return Take("L1", variant, text, Asset("0", "audio/wav", 1), Ms(ms), "stock-f1")  # type: ignore[arg-type]


def test_the_length_that_fits_is_chosen_before_anything_is_spoken() -> None:
    lengths = {name: int(ms) for name, ms in wording(0, 2000).expected().items()}
    for name, ms in lengths.items():
        assert chosen([wording(1000, ms)], Ms(1000 + ms + 50)) == {"L1": name}


def test_one_length_is_no_choice_and_no_words_are_no_line() -> None:
    assert chosen([wording(0, 300, Variants("Much too long for this slot.")), wording(900, 300, Variants(""), "L2")],
                  Ms(9000)) == {"L1": "normal"}  # fmt: skip


def test_neighbours_decide_together() -> None:
    slot = int(wording(0, 1600).expected()["normal"]) - 300
    alone = chosen([wording(1000, slot)], Ms(9000))
    followed = chosen([wording(1000, slot), wording(1040 + slot, slot, name="L2")], Ms(9000))
    assert alone == {"L1": "short"} and followed["L1"] == "short"


def test_takes_correct_the_estimates_of_what_was_not_spoken() -> None:
    slot = int(wording(0, 1600).expected()["normal"])
    here = [wording(1000, slot)]
    until = Ms(1000 + slot + 30)
    assert chosen(here, until)["L1"] == "normal"
    slower = take(DUB.normal, "normal", round(slot * 1.5))
    assert chosen(here, until, (), [slower])["L1"] == "short"
    right = take(DUB.normal, "normal", slot)
    assert chosen(here, until, (), [right])["L1"] == "normal"


def test_only_one_length_is_handed_on() -> None:
    assert only(DUB, "short") == Variants("", short=DUB.short)
    assert only(DUB, "normal") == Variants(DUB.normal)
