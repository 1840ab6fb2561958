"""Drawn episodes: frames, mouths that follow the sounds, burned-in text that lies where the truth says."""

import json
from dataclasses import replace
from fractions import Fraction
from functools import cache

import numpy as np
import pytest
from studio import fonts
from studio.burn import WIDEST, burn, burned, truth
from studio.draw_motion import frame_count, frame_times, motions, mouth_of
from studio.picture import clean_frames
from studio.story import CaptionStyle, Character, Look, Overlay, Phoneme, Shot, Spoken, Story

WIDTH, HEIGHT = 216, 384
LOOK = Look((236, 200, 176), (38, 26, 24), "long", (150, 30, 50), "dress", "young", lipstick=(190, 60, 70))
MAN = Look((222, 184, 156), (40, 30, 26), "swept", (34, 38, 52), "suit", "adult", glasses=True, beard=True)
CAST = (
    Character("wan", "林婉", "female", "young", LOOK),
    Character("gu", "顾承", "male", "adult", MAN),
)
WORDS = ((300, 420, "m"), (420, 640, "ɑ"), (640, 700, "n"), (700, 900, "a"))
LINE = Spoken("L1", "wan", "gu", "妈，你看", 300, 900, tuple(Phoneme(*w) for w in WORDS), "angry", True)
LONG = replace(
    LINE, id="L2", text="我不会再忍了，今天就在这里把所有的话说清楚", start=950, end=1150, phonemes=()
)
SHOTS = (
    Shot(0, 960, "closeup", ("wan",), "plain", "push_in"),
    Shot(960, 1200, "phone", (), "home", text=("银行通知", "余额 312.66 元")),
)
OVERLAYS = (
    Overlay(0, 500, "nameplate", "林婉\n总裁", (0.3, 0.2)),
    Overlay(0, 1200, "watermark", "星河", (0.8, 0.05)),
)


@cache
def story() -> Story:
    style = CaptionStyle(fonts.cjk_fonts()["sans"], 16, (255, 255, 255), 2, 0.82)
    rate = Fraction(25)
    return Story("试", 3, WIDTH, HEIGHT, rate, 1200, CAST, SHOTS, (LINE, LONG), OVERLAYS, style)


@cache
def frames() -> list[np.ndarray]:
    return list(clean_frames(story()))


def test_every_frame_of_the_length_is_drawn_once_and_the_same_again() -> None:
    assert len(frames()) == frame_count(story()) == 30
    assert all(f.shape == (HEIGHT, WIDTH, 3) and f.dtype == np.uint8 for f in frames())
    again = next(iter(clean_frames(story())))
    assert np.array_equal(again, frames()[0])


def test_the_background_moves_under_a_steady_shot() -> None:
    first, later = frames()[1].astype(int), frames()[20].astype(int)
    band = slice(round(HEIGHT * 0.78), round(HEIGHT * 0.86))
    assert np.abs(first[band] - later[band]).mean() > 1.0


def test_other_seeds_and_looks_are_other_people() -> None:
    shot = (replace(SHOTS[0], end=40),)
    one = replace(story(), length=40, shots=shot)
    pictures = [one, replace(one, seed=9), replace(one, shots=(replace(shot[0], characters=("gu",)),))]
    drawn = [next(iter(clean_frames(s))).astype(int) for s in pictures]
    face = (slice(round(HEIGHT * 0.25), round(HEIGHT * 0.6)), slice(round(WIDTH * 0.25), round(WIDTH * 0.75)))
    assert np.abs(drawn[0][face] - drawn[1][face]).mean() > 3
    assert np.abs(drawn[0][face] - drawn[2][face]).mean() > 10


def test_lips_meet_at_bilabials_and_part_at_open_vowels() -> None:
    opening, _ = mouth_of(LINE)
    middle = {ipa: round(((start + end) / 2 - LINE.start) / 5) for start, end, ipa in WORDS}
    assert opening[middle["m"]] < 0.05
    assert opening[middle["ɑ"]] > 0.7
    assert opening[middle["n"]] < opening[middle["ɑ"]]


def test_the_drawn_mouth_opens_while_speaking_and_rests_before() -> None:
    track = motions(story())["wan"].open[: len(frames())]
    times = frame_times(story())
    assert track[times < 200].max() == 0
    rows = slice(round(HEIGHT * 0.49), round(HEIGHT * 0.60))
    columns = slice(round(WIDTH * 0.38), round(WIDTH * 0.62))
    dark = np.array([(f[rows, columns].max(axis=2) < 60).sum() for f in frames()[:24]])
    wide, shut = track[:24] > 0.6, track[:24] < 0.05
    assert dark[wide].mean() > dark[shut].mean() + 30
    assert np.corrcoef(dark, track[:24])[0, 1] > 0.8


def test_thought_and_narration_move_no_mouth_but_are_captioned() -> None:
    silent = replace(story(), lines=(replace(LINE, kind="thought"),))
    assert motions(silent)["wan"].open.max() == 0
    assert [b.kind for b in burned(silent)].count("subtitle") == 1


def test_burning_changes_only_what_lies_in_the_boxes_and_leaves_the_clean_frame_alone() -> None:
    clean = frames()[10]
    before = clean.copy()
    result = burn(clean, 400, story())
    changed = (result != clean).any(axis=2)
    shown = [b for b in burned(story()) if b.start <= 400 < b.end]
    assert {b.kind for b in shown} == {"subtitle", "nameplate", "watermark"}
    inside = np.zeros_like(changed)
    for text in shown:
        x0, y0, x1, y1 = text.box
        assert changed[y0:y1, x0:x1].any()
        inside[y0:y1, x0:x1] = True
    assert not (changed & ~inside).any()
    assert np.array_equal(clean, before)


def test_the_box_of_a_subtitle_is_the_edge_of_its_ink() -> None:
    x0, y0, x1, y1 = next(b.box for b in burned(story()) if b.text == LINE.text)
    grey = np.full((HEIGHT, WIDTH, 3), 90, np.uint8)
    lone = replace(story(), overlays=())
    rows, columns = np.nonzero((burn(grey, 400, lone) != grey).any(axis=2))
    found = (columns.min(), rows.min(), columns.max() + 1, rows.max() + 1)
    assert np.abs(np.array(found) - (x0, y0, x1, y1)).max() <= 1
    assert abs((y0 + y1) / 2 - HEIGHT * 0.82) <= 1


def test_long_lines_stay_within_their_share_of_the_width() -> None:
    x0, _, x1, _ = next(b.box for b in burned(story()) if b.text == LONG.text)
    assert WIDTH * 0.5 < x1 - x0 <= WIDTH * WIDEST + 2


def test_truth_names_every_text_with_span_and_box() -> None:
    report = json.loads(json.dumps(truth(story())))
    kinds = [entry["kind"] for entry in report["texts"]]
    assert sorted(kinds) == ["nameplate", "screen", "screen", "subtitle", "subtitle", "watermark"]
    for entry in report["texts"]:
        x0, y0, x1, y1 = entry["box"]
        assert 0 <= x0 < x1 <= WIDTH and 0 <= y0 < y1 <= HEIGHT
        assert 0 <= entry["start"] < entry["end"] <= story().length
    screens = [entry for entry in report["texts"] if entry["kind"] == "screen"]
    assert [entry["text"] for entry in screens] == list(SHOTS[1].text)


def test_a_screen_carries_its_text_in_the_clean_picture() -> None:
    frame = frames()[-1].astype(int)
    for entry in truth(story())["texts"]:
        if entry["kind"] == "screen":
            x0, y0, x1, y1 = entry["box"]
            assert np.ptp(frame[y0:y1, x0:x1].mean(axis=2)) > 60


def test_a_missing_font_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    monkeypatch.setattr(fonts, "_FOLDERS", ())
    with pytest.raises(FileNotFoundError, match="mplfonts"):
        fonts.cjk_fonts()
