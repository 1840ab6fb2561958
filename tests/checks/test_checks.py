from dataclasses import replace
from fractions import Fraction

import pytest

from localize import checks
from localize.checks import Seen, known, look
from localize.episode import Asset, Box, Line, OnScreenText, Picture
from localize.evidence import Evidence
from localize.market import resolve
from localize.timing import Ms, span
from localize.version import Adaptation, Cue, Finding, Loudness, Placed, Rendering, Take, Variants
from localize.voice import Casting, Voice

PICTURE = Picture(720, 1280, Fraction(25), Ms(10_000), 250, "h264")
SOUND = Asset("0" * 64, "audio/wav", 1)
LINE = Line("L0001", span(1000, 3000), "林晚小姐，你欠我三千万！", "S1")
TEXT = "Miss Lin Wan, you owe me 30 million!"
SAID = Rendering("L0001", "en-US", Variants(TEXT), TEXT, "person", "reviewed")
CUE = Cue("C0001", span(1000, 3000), ("Miss Lin Wan,", "you owe me 30 million!"), ("L0001",))
TAKE = Take("L0001", "normal", SAID.dub.normal, SOUND, Ms(2000), "v")
PLACED = Placed("L0001", TAKE, SOUND, Ms(1000), Ms(2000), 1.0)
VOICE = Voice("v", "V", "espeak", "female", "adult", ("en",), "GPL-3.0", "delivery", 200.0)
GOOD = Seen(
    resolve("en"), PICTURE, (LINE,), (SAID,), (CUE,), (PLACED,), (Casting("S1", "en-US", VOICE, "cast"),),
    terms=(("L0001", (("小姐", "Miss"), ("小姐", "Ms"))),), names=(("林晚", "Lin Wan"),),
    forbidden=(("", "damn"),),
    loudness=Loudness(-14.1, -1.2), frames=250, audio_ms=10_010, widths=(("C0001", 400),), width=502,
)  # fmt: skip


def text(dub: str, subtitle: str | None = None) -> Seen:
    return replace(GOOD, renderings=(replace(SAID, dub=Variants(dub), subtitle=dub if subtitle is None else subtitle),))


def found(seen: Seen, check: str) -> list[tuple[str, str]]:
    return [(one.line, one.severity) for one in look(seen) if one.check == check]


def test_every_file_is_one_check_that_explains_itself() -> None:
    assert len(known()) == 35
    for name, check in known().items():
        assert name == check.id == check.find.__module__.rpartition(".")[2]
        assert check.name and check.says.endswith(".")


def test_a_good_version_has_no_findings() -> None:
    assert look(GOOD) == ()


def test_a_line_that_music_drowns_is_told() -> None:
    assert found(replace(GOOD, audible=(("L0001", 4.9),)), "audibility") == [("L0001", "warn")]
    assert found(replace(GOOD, audible=(("L0001", 5.0),)), "audibility") == []


def test_an_empty_version_has_none_either() -> None:
    assert look(Seen(resolve("id"), PICTURE)) == ()


def placed(**changes: object) -> Seen:
    return replace(GOOD, placed=(replace(PLACED, **changes),))  # type: ignore[arg-type]


SHORT = replace(CUE, span=span(1000, 1700))
ONE = [("L0001", "warn")]
SLEPT = replace(LINE, text="我睡了两个时辰。")
RANKS = replace(LINE, text="董事长和总裁都来了。")
BOTH = [("L0001", "warn"), ("L0001", "warn")]  # the dub and the subtitle
ONCE = [("L0001", "warn")]  # both in one
CASES = [
    ("reading_speed", replace(GOOD, cues=(SHORT,)), [("L0001", "note"), ("", "block")]),
    ("reading_speed", replace(GOOD, cues=(replace(SHORT, forced=True),)), []),
    ("row_width", replace(GOOD, cues=(replace(CUE, rows=("x" * 33,)),)), [*ONE, ("", "block")]),
    ("row_width", replace(GOOD, widths=(("C0001", 503),)), [*ONE, ("", "block")]),
    ("row_width", replace(GOOD, cues=(replace(CUE, rows=("a", "b", "c")),)), [*ONE, ("", "block")]),
    ("cue_overlap", replace(GOOD, cues=(CUE, replace(CUE, span=span(2900, 4000)))), [("L0001", "block")]),
    ("cue_overlap", replace(GOOD, cues=(CUE, replace(CUE, span=span(2900, 4000), forced=True))), []),
    ("term", text("Lin Wan, you owe me 30 million!"), [*BOTH, ("", "block")]),
    ("term", text("MS. Lin Wan, you owe me 30 million!"), []),
    ("term", text("Dismissed, Lin Wan, you owe me 30 million!"), [*BOTH, ("", "block")]),
    ("forbidden", text("Damn, Miss Lin Wan, 30 million!"), [("L0001", "block"), ("L0001", "block")]),
    ("forbidden", text("Miss Lin Wan, that damnation costs 30 million!"), []),
    ("numbers", replace(text("I slept two hours."), lines=(SLEPT,)), ONCE),
    ("numbers", replace(text("I slept four hours."), lines=(SLEPT,)), []),
    ("shared_title", replace(text("The CEO and the CEO came."), lines=(RANKS,)), BOTH),
    ("shared_title", replace(text("The Chairman and the CEO came."), lines=(RANKS,)), []),
    ("stretch", placed(stretch=1.3), [("L0001", "warn"), ("", "warn")]),
    ("stretch", placed(stretch=1.4, over=Ms(80)), [*ONE, ("", "block")]),
    ("stretch", placed(stretch=1.2), []),
    ("speech_overlap", placed(length=Ms(1500)), [("", "warn")]),
    ("speech_overlap", placed(length=Ms(900)), [("", "block")]),
    ("onset", placed(start=Ms(1300)), [("L0001", "warn")]),
    ("loudness", replace(GOOD, loudness=Loudness(-15.5, -1.5)), [("", "warn")]),
    ("loudness", replace(GOOD, loudness=Loudness(-17.0, -0.5)), [("", "block"), ("", "block")]),
    ("length", replace(GOOD, audio_ms=10_070), [("", "warn")]),
    ("length", replace(GOOD, audio_ms=9_000), [("", "block")]),
    ("names", text("Miss Lin Wang, you owe me 30 million!"), BOTH),
    ("names", text("Miss Wan Lin, you owe me 30 million!"), BOTH),
    ("names", text("Miss, you owe me 30 million!"), []),
    ("numbers", text("Miss Lin Wan, you owe me 13 million!"), ONCE),
    ("numbers", text("Miss Lin Wan, you owe me thirty million!", "Miss Lin Wan, you owe me 30,000,000!"), []),
]  # fmt: skip


@pytest.mark.parametrize(("check", "seen", "expected"), CASES)
def test_a_check_finds_what_it_is_for(check: str, seen: Seen, expected: list[tuple[str, str]]) -> None:
    assert found(seen, check) == expected


def test_a_finding_says_what_next() -> None:
    for _, seen, _ in CASES:
        assert all(one.message and one.fix for one in look(seen))


def test_a_note_silences_one_check_on_one_line() -> None:
    seen = text("Miss Lin Wang, you owe me 13 million!")
    silenced = replace(seen, notes=(("L0001", "she lies about the sum: ignore-numbers"),))
    assert {one.check for one in look(seen)} == {"names", "numbers"}
    assert {one.check for one in look(silenced)} == {"names"}


def test_preview_voices_are_told_and_soften_the_release_gates() -> None:
    casting = replace(GOOD.castings[0], voice=replace(VOICE, grade="preview"))
    seen = replace(GOOD, castings=(casting,), placed=(replace(PLACED, length=Ms(500), over=Ms(9)),))
    assert found(seen, "preview_voice") == [("", "note")]
    assert {one.severity for one in look(seen)} == {"note", "warn"}


def stuck_out(over: int) -> Seen:
    """A hundred lines with preview voices, of which one sticks out: its share alone never blocks."""
    preview = replace(GOOD.castings[0], voice=replace(VOICE, grade="preview"))
    lines = tuple(replace(LINE, id=f"L{number:04}") for number in range(1, 101))
    placed = tuple(replace(PLACED, line=line.id, stretch=1.4 if line == lines[0] else 1.0) for line in lines)
    first = replace(placed[0], over=Ms(over))
    return replace(GOOD, lines=lines, placed=(first, *placed[1:]), castings=(preview,))


def test_a_line_that_sticks_out_by_more_than_a_second_blocks_alone_and_with_any_voice() -> None:
    assert found(stuck_out(1000), "stretch") == [("L0001", "warn")]
    assert found(stuck_out(1001), "stretch") == [("L0001", "block")]
    (told,) = (one for one in look(stuck_out(1001)) if one.check == "stretch")
    assert told.message == f"spoken 1.40× as fast as the voice would and still sticks out by 1001 ms: {SAID.dub.normal}"
    assert "short column" in told.fix
    talk = "".join(f"{n} sheep, " for n in range(1, 40))
    long = replace(stuck_out(1001).placed[0], take=replace(PLACED.take, text=talk))
    (told,) = (one for one in look(replace(stuck_out(1001), placed=(long,))) if one.line == long.line)
    assert told.message.endswith(" …") and "1 sheep, 2 sheep" in told.message and len(told.message) < 120
    silenced = replace(stuck_out(1001), notes=(("L0001", "he is cut off on purpose: ignore-stretch"),))
    assert found(silenced, "stretch") == []


def test_lines_left_in_the_original_are_told_but_not_checked() -> None:
    left = replace(SAID, dub=Variants(LINE.text), subtitle=LINE.text, origin="source", status="missing")
    seen = replace(GOOD, renderings=(left,), cues=(), placed=())
    assert look(seen) == (
        Finding("draft_lines", "L0001", "warn", f"left in the original: {LINE.text}",
                "translate it in lines.csv and run the same command again"),
    )  # fmt: skip
    assert found(replace(GOOD, renderings=(replace(SAID, status="draft"),)), "draft_lines") == [("", "note")]


def test_a_caption_that_still_shows_is_told_with_its_time() -> None:
    text = OnScreenText("T0001", span(1000, 2000), Box(0, 0, 9, 9), "三千万", "subtitle", 0.9)
    (one,) = look(replace(GOOD, residue=(text,)))
    assert (one.check, one.line, one.severity) == ("residue", "T0001", "warn")
    assert "00:00:01,000" in one.message


def test_a_caption_without_a_line_is_told_with_what_stays() -> None:
    text = OnScreenText("T0001", span(5000, 6000), Box(0, 0, 9, 9), "三千万", "subtitle", 0.9)
    (dubbed,) = look(replace(GOOD, lineless=(text,)))
    assert (dubbed.check, dubbed.severity) == ("lineless_caption", "warn")
    assert "transcript.csv in a row with an empty id" in dubbed.fix
    assert "00:00:05,000" in dubbed.message and "三千万" in dubbed.message
    assert "stays in the picture and its original voice in the sound" in dubbed.message
    (undubbed,) = look(replace(GOOD, lineless=(text,), castings=(), placed=()))
    assert "voice" not in undubbed.message


def test_many_captions_without_a_line_hold_the_version_back() -> None:
    text = OnScreenText("T0001", span(5000, 6000), Box(0, 0, 9, 9), "三千万", "subtitle", 0.9)
    seen = replace(GOOD, lineless=(text,) * 8, captions=18)
    (held,) = (one for one in look(seen) if one.severity == "block")
    assert held.message.startswith("8 of 18 burned-in captions belong to no line and stay Chinese: 00:00:05,000 三千万")
    assert held.message.endswith("and 2 more") and "--transcript captions" in held.fix
    for few, captions in ((1, 2), (2, 20)):
        found = look(replace(GOOD, lineless=(text,) * few, captions=captions))
        assert {one.severity for one in found} == {"warn"}
    assert {one.severity for one in look(replace(seen, dropped=(text.span,)))} == {"warn"}, "people took the lines out"


def test_figures_a_market_rule_changed_are_not_questioned() -> None:
    change = Adaptation("L0001", "money.vague", 2, "dub", "30 million", "a fortune", "nobody needs the sum")
    seen = replace(text("Miss Lin Wan, you owe me a fortune!"), adaptations=(change,))
    assert found(seen, "numbers") == []


@pytest.mark.parametrize(
    ("said", "language", "value"),
    [
        ("five million two hundred thousand", "en", 5_200_000),
        ("twenty-five years", "en", 25),
        ("$1,200", "en", 1200),
        ("3.5 million", "en", 3_500_000),
        ("cinco mil millones", "es", 5_000_000_000),
        ("dos millones quinientos mil", "es", 2_500_000),
        ("1.500 pesos", "es", 1500),
        ("30 mil yuanes", "es", 30_000),
        ("dua ratus lima puluh ribu", "id", 250_000),
        ("tiga belas", "id", 13),
        ("Rp5.000.000", "id", 5_000_000),
    ],
)
def test_numbers_are_read_in_words_and_figures(said: str, language: str, value: int) -> None:
    from localize.checks._numerals import values

    assert Fraction(value) in values(said, language)


def vouched(**told: object) -> Seen:
    evidence = Evidence("L0001", ("captions", "recogniser"), 0.97, 0.9, 1.0, 0.99, speech=0.9)
    return replace(GOOD, evidence=(replace(evidence, **told), Evidence("L0099", ("recogniser",))))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("check", "seen", "expected"),
    [
        ("disagreement", vouched(), []),
        ("disagreement", vouched(agreement=0.4, said="天冷快穿衣服"), ONE),
        ("disagreement", vouched(agreement=0.4, heard=0.3, said="天冷快穿衣服"), []),
        ("disagreement", vouched(agreement=0.1, heard=0.01, said="天冷快穿衣服", timed=False), [("", "note")]),
        ("disagreement", vouched(agreement=0.1, said="天冷快穿衣服", timed=False), ONE),
        ("disagreement", vouched(agreement=0.4, heard=None, said="天冷快穿衣服"), ONE),
        ("disagreement", vouched(witnesses=("captions",), agreement=None), []),
        ("heard_only", vouched(), []),
        ("heard_only", vouched(witnesses=("recogniser",), read=None), ONE),
        ("silent_caption", vouched(witnesses=("captions",), speech=0.0), ONE),
        ("silent_caption", vouched(witnesses=("captions",), speech=0.5), []),
        ("silent_caption", vouched(witnesses=("captions",), speech=None), []),
        ("silent_caption", vouched(speech=0.0), []),
        ("silent_caption", replace(vouched(witnesses=("captions",), speech=0.0), placed=()), []),
    ],
)
def test_where_caption_and_voice_differ(check: str, seen: Seen, expected: list[tuple[str, str]]) -> None:
    assert found(seen, check) == expected


@pytest.mark.parametrize("source", ["万一你走了", "我十分爱你", "等我一下", "千万别说", "三年了"])
def test_figures_of_speech_are_no_amounts(source: str) -> None:
    seen = replace(text("If you go"), lines=(replace(LINE, text=source),), terms=(), names=())
    assert found(seen, "numbers") == []


@pytest.mark.parametrize(
    ("start", "speaker", "voiced", "expected"),
    [
        (2000, "S2", True, [("L0002", "note")]),
        (2000, "S1", True, [("L0002", "warn")]),
        (2800, "S1", True, []),
        (2000, "S1", False, []),
    ],
)
def test_lines_said_over_each_other_are_told(
    start: int, speaker: str, voiced: bool, expected: list[tuple[str, str]]
) -> None:
    other = Line("L0002", span(start, 3600), "你闭嘴！", speaker)
    takes = (PLACED, replace(PLACED, line="L0002", start=Ms(3000), length=Ms(600)))
    seen = replace(GOOD, lines=(LINE, other), placed=takes if voiced else takes[:1])
    assert found(seen, "crosstalk") == expected


def test_checks_are_told_apart_from_their_rulers() -> None:
    assert not any(name.startswith("_") for name in checks.known())


def test_a_line_in_another_language_is_a_note() -> None:
    english = text("I will never forget what you did to me.")
    assert found(english, "other_language") == []
    spanish = replace(english, market=resolve("es"))
    assert found(spanish, "other_language") == [("L0001", "note")]
    assert found(replace(spanish, notes=(("L0001", "ignore-other_language"),)), "other_language") == []


def test_another_form_of_address_than_agreed_is_told_until_somebody_signs() -> None:
    said = (replace(text("Váyase, no quiero verlo.").renderings[0], origin="machine", status="draft"),)
    seen = replace(GOOD, renderings=said, market=resolve("es"), forms=(("L0001", "tu"),))
    assert found(replace(seen, renderings=(replace(said[0], origin="person"),)), "address") == []
    assert found(seen, "address") == [("L0001", "warn")]
    assert found(replace(seen, forms=()), "address") == []
    assert found(replace(seen, forms=(("L0001", "usted"),)), "address") == []
    signed = tuple(replace(one, status="reviewed") for one in seen.renderings)
    assert found(replace(seen, renderings=signed), "address") == []
