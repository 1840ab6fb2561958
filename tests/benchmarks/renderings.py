"""The renderings ``reading.py`` measures: one difficulty each, in ten seconds."""

from __future__ import annotations

import sys
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

sys.path.append(str(Path(__file__).parents[1] / "support"))

from burned import HEI, SERIF, Burn, Clip, Truth, write

__all__ = ["RENDERINGS", "Truth", "write"]

SAID = (
    ((280, 1760), "你怎么现在才来"), ((1880, 3360), "我等了你整整三年"), ((3360, 4480), "够了！"),
    ((4680, 6280), "这份合同我不会签的"), ((6400, 8000), "爷爷，您听我解释"), ((8200, 9720), "从今往后，我们两清"),
)  # fmt: skip
ENGLISH = ("Why are you only here now?", "I waited three whole years for you", "Enough!",
           "I will never sign this contract", "Grandpa, let me explain", "From now on we are even")  # fmt: skip
TWO = ("你知不知道这些年\n我是怎么过来的", "我每天都在想你", "想你什么时候回来", "可是你连一个电话\n都没有打给我",
       "对不起，是我错了", "现在说这些\n还有什么用呢")  # fmt: skip
HIGH = (0.5, 0.12)
ALWAYS = (0, 10_000)


def said(texts: tuple[str, ...] = tuple(text for _, text in SAID), **look: object) -> tuple[Burn, ...]:
    return tuple(Burn(*times, text, **look) for (times, _), text in zip(SAID, texts, strict=True))  # type: ignore[arg-type]


def _moved(places: dict[int, tuple[float, float]], **look: object) -> tuple[Burn, ...]:
    return tuple(replace(burn, at=places.get(place, burn.at)) for place, burn in enumerate(said(**look)))


BRANDED = (
    Burn(*ALWAYS, "星河剧场", "watermark", (0.05, 0.05), "l", 0.034, outline=0.03, opacity=0.7),
    Burn(*ALWAYS, "重生之豪门归来", "watermark", (0.95, 0.05), "r", 0.034, outline=0.03, opacity=0.8),
    Burn(*ALWAYS, "本剧情纯属虚构，请勿模仿", "legal", (0.5, 0.955), size=0.026, outline=0.03, opacity=0.7),
)
CLASSES = (
    Burn(400, 3000, "顾明远", "nameplate", (0.12, 0.56), "l", 0.05),
    Burn(400, 3000, "顾氏集团总裁", "nameplate", (0.12, 0.595), "l", 0.034),
    Burn(3600, 5600, "三个月后", "caption", (0.5, 0.4), size=0.062, font=SERIF),
    Burn(6000, 9960, "导演：林海", "credits", (0.5, 0.3), size=0.04),
    Burn(6000, 9960, "编剧：苏青", "credits", (0.5, 0.335), size=0.04),
    Burn(*ALWAYS, "内容由AI生成", "legal", (0.95, 0.09), "r", 0.024, outline=0.03, opacity=0.8),
)
TITLE = (Burn(0, 2400, "重生归来", "title_card", (0.5, 0.35), size=0.16, font=SERIF),
         Burn(0, 2400, "第三集", "title_card", (0.5, 0.45), size=0.06, font=SERIF),
         Burn(8400, 10_000, "未完待续", "title_card", (0.5, 0.4), size=0.1))  # fmt: skip

RENDERINGS = (
    Clip("white, outlined", said()),
    Clip("yellow", said(ink="#ffe14a"), scenery="shirt", seed=2),
    Clip("yellow, no outline", said(ink="#ffd800", outline=0.0), pan=(3.0, 0.0), seed=3),
    Clip("thin, no outline", said(outline=0.0, font=SERIF), pan=(0.3, 0.2), seed=4),
    Clip("moving camera", said(), pan=(14.0, 5.0), seed=5),
    Clip("two lines", said(TWO), seed=6),
    Clip("left-aligned", said(at=(0.08, 0.78), align="l"), seed=7),
    Clip("top", said(at=HIGH), seed=8),
    Clip("bottom and top", _moved({1: HIGH, 4: HIGH}), seed=9),
    Clip("moved once", _moved({3: (0.5, 0.5)}), seed=10),
    Clip("vertical plates", (*said(), Burn(600, 3200, "沈清欢", "nameplate", (0.86, 0.4), upright=True),
                             Burn(3800, 6000, "三年后", "caption", (0.5, 0.4), size=0.07, upright=True)), seed=11),
    Clip("vertical dialogue", said(at=(0.9, 0.4), upright=True), seed=12),
    Clip("crf 29, 480p", said(), size=(480, 854), crf=29, pan=(2.0, 1.0), seed=13),
    Clip("bilingual", tuple(replace(b, second=e) for b, e in zip(said(), ENGLISH, strict=True)), seed=14),
    Clip("standing texts", (*BRANDED, *CLASSES, *said()), seed=15),
    Clip("title cards", (*TITLE, *BRANDED, *said(at=(0.5, 0.7))[1:5]), seed=16),
    Clip("VFR", said(), variable=True, rate=Fraction(30), seed=17),
    Clip("fading 200 ms", said(fade=200), seed=18),
    Clip("night, heavy, 24 fps", said(font=HEI, ink="#f4ecd0"), rate=Fraction(24), scenery="night", seed=19),
    Clip("landscape", said(at=(0.5, 0.9), size=0.036), size=(1280, 720), seed=20),
)  # fmt: skip
