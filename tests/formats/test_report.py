"""The report of a version."""

import re
import xml.etree.ElementTree as ET
from dataclasses import replace
from datetime import date
from fractions import Fraction
from html.parser import HTMLParser

import pytest

from localize.enforcing import Accuracy, Missed
from localize.episode import Asset, AudioTrack, Line, Picture, Source
from localize.evidence import Evidence, Provenance
from localize.formats import plots
from localize.formats.report import EngineUse, FileMade, ReportFacts, StageTime, TermUse, Voicing, report
from localize.formats.sync import measure
from localize.market import resolve
from localize.timing import Ms, span
from localize.version import Adaptation, Finding, Listing, Loudness, Offer, Placed, Rendering, Take, Variants
from localize.voice import Casting, Consent, Voice

WAV = Asset("0" * 64, "audio/wav", 1000)
SCRIPT = (
    ("L0001", 900, 2600, "shen_wan", "陆沉，签字吧。", "Sign it, Lu Chen.", "person", 1.0),
    (
        "L0002",
        3000,
        5200,
        "lu_chen",
        "你以为离开我，你还能活下去？",
        "You think you can live without me?",
        "person",
        1.12,
    ),
    (
        "L0003",
        5600,
        7400,
        "zhou_peilan",
        "五百万，滚出陆家。",
        "Five million yuan. Now get out of this house.",
        "memory",
        1.31,
    ),
    ("L0004", 7900, 9300, "shen_wan", "留着养老吧。", "Keep it for your old age.", "phrasebook", 1.0),
    ("L0005", 10100, 11800, "gu_bo", "大小姐，车备好了。", "Miss, the car is ready.", "machine", 1.18),
    ("L0006", 12600, 13700, "lu_chen", "大小姐？！", "", "source", 0.0),
)


def rendering(row: tuple[str, int, int, str, str, str, str, float]) -> Rendering:
    line, *_, text, origin, stretch = row
    offers = (Offer("Miss?!", "memory", 82.0, "said to somebody else"),) if not stretch else ()
    status = "reviewed" if origin == "person" else "draft" if stretch else "missing"
    return Rendering(line, "en-US", Variants(text), text, origin, status, offers=offers)  # type: ignore[arg-type]


def placed(row: tuple[str, int, int, str, str, str, str, float]) -> Placed:
    line, start, end, _, _, text, _, stretch = row
    take = Take(line, "normal", text, WAV, Ms(round((end - start) * stretch * 0.95)), "stock-f1")
    steps = ("variant", "borrow", "stretch") if stretch > 1 else ()
    return Placed(line, take, WAV, Ms(start), Ms(round((end - start) * 0.95)), stretch, steps)  # type: ignore[arg-type]


def facts() -> ReportFacts:
    picture = Picture(720, 1280, Fraction(30), Ms(15000), 450, "h264")
    voice = Voice("stock-f1", "Mira", "espeak", "female", "young", ("en-us",), "GPL-3.0-or-later", "preview", 210.0)
    consent = Consent(
        "Actor One",
        ("voice_clone",),
        ("en",),
        ("worldwide",),
        date(2030, 12, 31),
        "shen_wan.txt",
        "Actor One",
        date(2026, 10, 1),
    )
    return ReportFacts(
        title="Too Late, Mr. Lu – Episode 3",
        series="晚了，陆总",
        episode="too_late_ep03",
        number=3,
        market=resolve("en"),
        version=2,
        made="2026-11-21 10:00 UTC",
        grade="preview",
        source=Source("ab" * 32, "mp4", picture, (AudioTrack(1, 48000, 2, "zho"),), ()),
        source_name="too_late_ep03.mp4",
        transcript="captions",
        video="too_late_E003_en-US_dub_v2.mp4",
        files=(
            FileMade("dub", "too_late_E003_en-US_dub_v2.mp4", 8_412_000, "cd" * 32),
            FileMade("srt", "a b#1.srt", 900),
        ),
        names=(
            ("shen_wan", "Shen Wan"),
            ("lu_chen", "Lu Chen"),
            ("zhou_peilan", "Zhou Peilan"),
            ("gu_bo", "Uncle Gu"),
        ),
        lines=tuple(Line(row[0], span(row[1], row[2]), row[4], row[3]) for row in SCRIPT),
        renderings=tuple(rendering(row) for row in SCRIPT),
        placed=tuple(placed(row) for row in SCRIPT if row[7]),
        findings=(
            Finding(
                "reading-speed",
                "L0003",
                "warn",
                "24.1 characters a second, 23 can be read",
                "shorten the subtitle",
            ),
            Finding("untranslated", "L0006", "block", "no translation", "fill in the line table"),
            Finding("listing-title", "", "note", "draft", ""),
        ),
        adaptations=(
            Adaptation("L0003", "money", 1, "dub", "five million", "five million yuan", "a bare sum reads as dollars"),
        ),
        terms=(TermUse("大小姐", "Miss", ("L0005",)),),
        kept=Accuracy(40, (Missed("L0005", "dub", "大小姐", ("Miss",), "Lady!"),)),
        voicings=(
            Voicing(
                "Shen Wan",
                Casting("shen_wan", "en-US", voice, "casting.toml; toward Actor One, who agreed", "Actor One"),
                consent,
            ),
            Voicing(
                "Uncle Gu",
                Casting("gu_bo", "en-US", voice, "nearest free voice for male, elder; stock voice"),
            ),
        ),
        engines=(
            EngineUse("ocr", "rapid 3.10.0", "burned-in captions", "Apache-2.0", "delivery"),
            EngineUse(
                "synthesize",
                "espeak 1.52",
                "formant voices",
                "GPL-3.0-or-later",
                "preview",
                "xtts: weights are missing",
                "localize models fetch xtts",
            ),
        ),
        times=(
            StageTime("ocr", "", 1, 0, 6.2),
            StageTime("render", "en-US", 1, 0, 9.8),
            StageTime("mix", "en-US", 0, 1, 0.0),
        ),
        loudness=Loudness(-14.1, -1.3),
        curve=(
            -70.0,
            -70.0,
            -31.0,
            -22.0,
            -18.5,
            -15.2,
            -13.8,
            -14.4,
            -16.0,
            -13.1,
            -12.9,
            -15.0,
            -17.2,
            -14.6,
            -13.7,
            -14.0,
            -15.5,
            -19.0,
            -16.1,
            -13.4,
            -12.7,
            -13.9,
            -14.8,
            -16.7,
            -18.0,
            -15.3,
            -13.6,
            -14.1,
            -20.2,
            -33.0,
            -70.0,
        ),
        changes=("L0004 dub: “Keep it.” → “Keep it for your old age.”",),
        listing=Listing(
            "en-US",
            "Too Late, Mr. Lu",
            ("Too Late, Mr. Lu", "The CEO's Regret"),
            "She comes back.",
            ((60, "She comes back."),),
            "He begs.",
            ("Hidden identity",),
            ("#HiddenIdentity",),
            ("grovel",),
            (("tiktok", (("caption", "He begs.\n\n#HiddenIdentity"),)),),
        ),
    )


class Outline(HTMLParser):
    """Ids, links and outside references of a page, and whether its tags are balanced."""

    VOID = ("meta", "br", "link", "img", "input", "hr", "wbr")

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.ids: list[str] = []
        self.anchors: list[str] = []
        self.sources: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in self.VOID:
            self.open.append(tag)
        for name, value in attrs:
            if name == "id":
                self.ids.append(value or "")
            if name == "href" and (value or "").startswith("#"):
                self.anchors.append((value or "")[1:])
            elif name in ("src", "href", "poster"):
                self.sources.append(value or "")

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Closed at once."""

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def outline(page: str) -> Outline:
    found = Outline()
    found.feed(page)
    assert found.open == []
    return found


def test_the_page_is_whole_and_self_contained() -> None:
    found = outline(report(facts()))
    assert len(found.ids) == len(set(found.ids)) and set(found.anchors) <= set(found.ids)
    assert {source for source in found.sources if ":" in source or source.startswith("/")} == set()
    assert found.sources.count("too_late_E003_en-US_dub_v2.mp4") == 2 and "a%20b%231.srt" in found.sources


@pytest.mark.parametrize(
    "text",
    [
        "Version 2",
        "Preview grade",
        "en-US",
        "abababababababab…",
        "−14.1 LUFS",
        "−1.3 dBTP",
        "1.31×",
        "variant → borrow → stretch",
        "五百万，滚出陆家。",
        "24.1 characters a second",
        "five million yuan",
        "a bare sum reads as dollars",
        "大小姐",
        "Actor One: voice clone",
        "until 2030-12-31",
        "none on file",
        "localize models fetch xtts",
        "GPL-3.0-or-later",
        "said to somebody else",
        "Keep it for your old age.”",
        "8.4 MB",
        "all markets",
        "Left in the original",
    ],
)
def test_the_page_shows(text: str) -> None:
    assert text in report(facts())


def test_findings_come_gravest_first() -> None:
    page = report(facts())
    table = page[page.index('id="findings"') :]
    assert table.index("no translation") < table.index("24.1 characters") < table.index("listing-title")


def test_texts_cannot_break_the_page() -> None:
    evil = '</title></script><script>alert("1")</script>&'
    base = facts()
    lines = tuple(replace(line, text=evil) for line in base.lines)
    texts = tuple(replace(one, subtitle=evil, dub=Variants(evil)) for one in base.renderings)
    takes = tuple(replace(one, take=replace(one.take, text=evil)) for one in base.placed)
    page = report(
        replace(base, title=evil, lines=lines, renderings=texts, placed=takes, source_name=evil, changes=(evil,))
    )
    assert page.count("<script>") == 1 and "alert(&#34;1&#34;)" in page
    outline(page)


def test_a_version_with_nothing_but_a_picture_has_a_report_too() -> None:
    base = facts()
    page = report(
        ReportFacts(
            title="t",
            series="",
            episode="e",
            number=0,
            market=base.market,
            version=1,
            made="now",
            grade="delivery",
            source=base.source,
            source_name="e.mp4",
        )
    )
    outline(page)
    assert "Nothing to check" in page and "<video" not in page and "keeps the original sound" in page


def test_drawings_are_well_formed_and_to_scale() -> None:
    lane = plots.Lane(
        "A", (plots.Bar(0, 5000, "said", "a < b & “c”"),), (plots.Bar(5000, 10000, "pace-none", "d", "L1"),)
    )
    root = ET.fromstring(plots.timeline([lane], 10_000, "t"))
    bars = list(root.iter("{http://www.w3.org/2000/svg}rect"))
    assert float(bars[0].get("width", 0)) == pytest.approx(480) and float(bars[1].get("x", 0)) == pytest.approx(480)
    for text in (
        plots.curve([-14.0], 500, -14.0, "t"),
        plots.curve([-70.0, -70.0], 500, -14, "t"),
        plots.shares([], "t"),
        plots.timeline([], 0, "t"),
        plots.shares([("a", 3, "x"), ("b", 0, "y")], "t"),
    ):
        ET.fromstring(text)


def test_a_long_episode_gets_a_long_timeline() -> None:
    width = re.search(r'width="(\d+)"', plots.timeline([], 600_000, "t"))
    assert width and int(width[1]) == 8400


def test_sync_compares_speech_with_speech() -> None:
    base = facts()
    found = measure(base.lines, base.placed)
    assert found is not None and found.lines == 5
    assert found.overlap == pytest.approx(0.95, abs=0.01) and found.slc == 1.0
    assert found.hurried == pytest.approx(0.2) and found.fastest == 1.31
    assert measure(base.lines, ()) is None


def test_strangers_and_texts_in_the_picture_have_their_place() -> None:
    base = facts()
    stranger = Line("L0007", span(14000, 14800), "救命！", "")
    sign = Finding("width", "T0001", "warn", "the sign is too wide", "shorten it")
    page = report(replace(base, lines=(*base.lines, stranger), findings=(*base.findings, sign)))
    found = outline(page)
    assert set(found.anchors) <= set(found.ids) and "T0001" in page and "unknown" in page


def test_a_row_tells_where_its_line_comes_from() -> None:
    both = Evidence("L0001", ("captions", "recogniser"), 0.9, 0.8, 1.0, 0.94)
    sources = (
        Provenance("L0001", ("captions", "recogniser"), "recogniser", "voice", (), both),
        Provenance("L0002", ("captions",), "person", "guess", ("lu_chen", "shen_wan")),
    )
    page = report(replace(facts(), sources=sources))
    assert "captions and recogniser, 94 % sure" in page
    assert "captions, timed by person" in page and re.search(r"<small>or [^<]+</small>", page)
    assert "timed by" not in report(facts())


def test_terms_that_are_not_kept_are_named_with_the_goal() -> None:
    page = report(facts())
    assert "39 of 40 hits of approved terms are kept in dub and subtitle: 97.5 %, less than the goal of 98 %" in page
    assert "term-accuracy" not in report(replace(facts(), kept=Accuracy(0, ())))
