"""Captions that do not stand as usual: each difficulty in four seconds, against what was drawn."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest
from burned import SERIF, SPEC, Burn, Clip, Truth, write

from localize import backends
from localize.episode import OnScreenText, Shot, dialogue
from localize.media.probe import look
from localize.stages import Choice
from localize.stages.ocr import STAGE, Job
from localize.timing import span

pytestmark = pytest.mark.skipif(SPEC is None, reason="mplfonts, which brings a Chinese font, is not installed")

SAID = ((200, 1400, "你怎么现在才来"), (1400, 2480, "我等了你三年"), (2640, 3880, "这份合同我不会签的"))
SMALL = {"length": 4200, "size": (360, 640)}
TOP = (0.5, 0.12)


class Desk:
    def progress(self, done: float, total: float) -> None:
        assert done <= total


def said(**look: object) -> tuple[Burn, ...]:
    return tuple(Burn(start, stop, text, **{"size": 0.075, **look}) for start, stop, text in SAID)  # type: ignore[arg-type]


def read(folder: Path, clip: Clip) -> tuple[tuple[OnScreenText, ...], list[Truth]]:
    truth = write(clip, folder / "clip.mp4")
    picture = look(folder / "clip.mp4", "d").picture
    whole = (Shot("K0001", span(0, picture.length)),)
    job = Job(folder / "clip.mp4", "d", picture, whole, Choice.of(backends.card("ocr", "rapid")))
    ((_, texts),) = STAGE.work([job], Desk())  # type: ignore[arg-type]
    return tuple(texts), truth


def lines_are(texts: tuple[OnScreenText, ...], truth: list[Truth], within: int = 1) -> None:
    """The dialogue is read exactly, in its place and, in ms, ``within`` its times."""
    lines, want = dialogue(texts), [one for one in truth if one.kind == "subtitle"]
    assert [line.text for line in lines] == [one.text for one in want]
    for line, one in zip(lines, want, strict=True):
        assert abs(line.span.start - one.start) <= within and abs(line.span.end - one.end) <= within
        assert line.box.y0 < (one.box[1] + one.box[3]) / 2 < line.box.y1


def test_two_rows_are_one_caption(tmp_path: Path) -> None:
    burns = (*said()[:2], replace(said()[2], text="可是你连一个电话\n都没有打给我"))
    texts, truth = read(tmp_path, Clip("two", burns, seed=6, **SMALL))  # type: ignore[arg-type]
    lines_are(texts, truth)
    assert len(texts) == 3


def test_captions_elsewhere_are_captions_too(tmp_path: Path) -> None:
    first, second, third = said()
    texts, truth = read(tmp_path, Clip("top", (first, replace(second, at=TOP), third), seed=9, **SMALL))  # type: ignore[arg-type]
    lines_are(texts, truth)
    assert len(texts) == 3


def test_a_caption_moved_out_of_a_face_stays_dialogue(tmp_path: Path) -> None:
    first, second, third = said()
    moved = replace(second, at=(0.5, 0.48))
    texts, truth = read(tmp_path, Clip("moved", (first, moved, third), seed=10, **SMALL))  # type: ignore[arg-type]
    lines_are(texts, truth, within=120)


def test_a_place_name_between_two_lines_is_none(tmp_path: Path) -> None:
    first, second, third = said()
    place = replace(second, text="陆家别墅", at=(0.5, 0.48), size=0.1, kind="caption")
    texts, _ = read(tmp_path, Clip("place", (first, place, third), seed=10, **SMALL))  # type: ignore[arg-type]
    assert [text.text for text in dialogue(texts)] == [first.text, third.text]
    assert len(texts) == 3


def test_captions_that_begin_at_the_left(tmp_path: Path) -> None:
    texts, truth = read(tmp_path, Clip("left", said(at=(0.07, 0.78), align="l"), seed=7, **SMALL))  # type: ignore[arg-type]
    lines_are(texts, truth)


def test_captions_from_top_to_bottom(tmp_path: Path) -> None:
    texts, truth = read(tmp_path, Clip("column", said(at=(0.88, 0.4), upright=True), seed=12, **SMALL))  # type: ignore[arg-type]
    lines_are(texts, truth)


def test_a_second_script_is_kept_apart_from_the_line(tmp_path: Path) -> None:
    english = ("Why are you only here now", "I waited three years", "I will never sign this")
    burns = tuple(replace(burn, second=text, size=0.085) for burn, text in zip(said(), english, strict=True))
    texts, truth = read(tmp_path, Clip("two scripts", burns, seed=14, **SMALL))  # type: ignore[arg-type]
    lines_are(texts, truth)
    second = [text for text in texts if text.language]
    assert [(t.text, t.kind, t.language) for t in second] == [(text, "subtitle", "en") for text in english]
    assert [t.span for t in second] == [line.span for line in dialogue(texts)]


def test_fading_captions_and_a_camera_that_moves(tmp_path: Path) -> None:
    texts, truth = read(tmp_path, Clip("fade", said(fade=160), pan=(6.0, 2.0), seed=5, **SMALL))  # type: ignore[arg-type]
    lines_are(texts, truth, within=40)


def test_times_of_a_variable_rate(tmp_path: Path) -> None:
    clip = Clip("vfr", said(), variable=True, rate=Fraction(30), seed=17, **SMALL)  # type: ignore[arg-type]
    texts, truth = read(tmp_path, clip)
    lines_are(texts, truth, within=33)


def test_every_other_text_has_its_kind(tmp_path: Path) -> None:
    others = (
        Burn(0, 4200, "星河剧场", "watermark", (0.05, 0.05), "l", 0.055, outline=0.03, opacity=0.8),
        Burn(0, 4200, "内容由AI生成", "legal", (0.95, 0.1), "r", 0.05, outline=0.03, opacity=0.9),
        Burn(200, 2400, "顾明远", "nameplate", (0.1, 0.55), "l", 0.08),
        Burn(2600, 4160, "三个月后", "caption", (0.5, 0.4), size=0.09, font=SERIF),
        Burn(0, 2200, "第三集", "title_card", (0.5, 0.3), size=0.12, font=SERIF),
    )
    texts, truth = read(tmp_path, Clip("kinds", (*others, *said()), seed=15, **SMALL))  # type: ignore[arg-type]
    lines_are(texts, truth)
    found = sorted((text.kind, text.text) for text in texts if text.kind != "subtitle")
    assert found == sorted((burn.kind, burn.text) for burn in others)


def test_a_caption_between_two_looks_is_found(tmp_path: Path) -> None:
    burns = (*said(), Burn(8450, 9250, "三天后", "caption", (0.5, 0.4), size=0.1))  # looks: 8.1 s and 9.4 s
    texts, _ = read(tmp_path, Clip("short", burns, length=15_000, size=(360, 640), seed=3))
    assert ("caption", "三天后") in {(text.kind, text.text) for text in texts}


def test_a_caption_that_fills_a_short_clip_is_dialogue(tmp_path: Path) -> None:
    mark = Burn(0, 3300, "星河剧场", "watermark", (0.05, 0.05), "l", 0.055, outline=0.03, opacity=0.8)
    line = Burn(0, 3300, "这份合同我不会签的", size=0.075)
    texts, truth = read(tmp_path, Clip("one", (mark, line), seed=21, **{**SMALL, "length": 3300}))  # type: ignore[arg-type]
    lines_are(texts, truth)
    assert [(text.kind, text.text) for text in texts if text.kind != "subtitle"] == [("watermark", "星河剧场")]


def test_what_stays_below_captions_that_change_is_a_watermark(tmp_path: Path) -> None:
    mark = Burn(0, 4200, "重生之豪门归来", "watermark", (0.5, 0.86), size=0.07, outline=0.03)
    texts, truth = read(tmp_path, Clip("under", (mark, *said()), seed=22, **SMALL))  # type: ignore[arg-type]
    lines_are(texts, truth)
    assert [(text.kind, text.text) for text in texts if text.kind != "subtitle"] == [("watermark", "重生之豪门归来")]
