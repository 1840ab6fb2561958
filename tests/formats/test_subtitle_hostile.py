"""Subtitle files nobody means well with, and files that are far too long: refused with their line, never a hang."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from localize.errors import InputError
from localize.formats import srt as writer
from localize.formats import subtitle_files
from localize.formats.subtitle_files import MOST_CUES, SUFFIXES, SubtitleFile
from localize.timing import clock, span
from localize.version import Cue

TTML = '<?xml version="1.0"?>\n<tt xmlns="http://www.w3.org/ns/ttml">\n<body><div>\n'
HEAD = "[Script Info]\nScriptType: v4.00+\n\n[Events]\nFormat: Layer, Start, End, Style, Name, Effect, Text\n"


def read(folder: Path, name: str, content: str | bytes) -> SubtitleFile:
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode("utf-8"))
    return subtitle_files.read(path, Fraction(25))


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('<!DOCTYPE tt [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>\n<tt>&b;</tt>', "line 1: declares a document type"),
        ('<!DOCTYPE tt SYSTEM "file:///etc/passwd">\n<tt></tt>', "line 1: declares a document type"),
        (TTML + "<p begin='1s' end='2s'>&file;</p>", "line 4: not well-formed XML: undefined entity"),
        (TTML + "<p begin='soon'>你</p>", "line 4: not a time: 'soon'"),
        (TTML + "<p>你走。</p></div></body></tt>", "line 4: a paragraph without times"),
        ("<tt>" + "<div>" * 100, "nested more than 60 deep"),
        ("<html><p begin='1s'>a</p></html>", "not a subtitle file|the root element is"),
        ('<tt xmlns:ttp="u" ttp:frameRate="1e999999999"></tt>', "not a rate"),
        ("<tt", "not well-formed XML|holds no sub"),
    ],
)
def test_hostile_xml_is_refused(tmp_path: Path, text: str, told: str) -> None:
    with pytest.raises(InputError, match=told):
        read(tmp_path, "a.ttml", text)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.srt", "".join(f"{n}\n{clock(n)} --> {clock(n + 9)}\n好\n\n" for n in range(25_000))),
        ("a.ass", HEAD + "Dialogue: 0,0:00:01.00,0:00:02.00,Default,,,好\n" * 25_000),
        ("a.ttml", TTML + '<p begin="1s" end="2s">好</p>\n' * 25_000 + "</div></body></tt>"),
        ("a.sub", "{1}{2}好\n" * 25_000),
    ],
)
def test_a_file_of_100_000_rows_is_refused_with_its_number(tmp_path: Path, name: str, text: str) -> None:
    with pytest.raises(InputError, match=r"holds 25,000 subtitles; no episode has that many \(at most 20,000\)"):
        read(tmp_path, name, text)
    assert MOST_CUES == 20_000


START = b"1\n00:00:01,000 --> 00:00:02,000\n"


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.srt", START + b"<a" * 1_000_000),
        ("a.srt", START + b"\n" * 2_000_000),
        ("a.srt", b"1\n00:00:01,000 -->" + b" " * 2_000_000),
        ("a.srt", b"9" * 2_000_000),
        ("a.srt", START + b"&" * 2_000_000),
        ("a.vtt", b"WEBVTT\n\nNOTE\n" + b"a\n" * 900_000),
        ("a.ass", HEAD.encode() + b"Dialogue: 0,0:00:01.00,0:00:02.00,D,,," + b"{" * 2_000_000),
        ("a.ttml", b"<tt>" + b"<" * 2_000_000),
        ("a.sub", b"{1}{2}" + b"|" * 2_000_000),
        ("a.sub", b"{1}{2}" + b"{" * 2_000_000),
    ],
)
def test_no_file_makes_the_reader_hang(tmp_path: Path, name: str, data: bytes) -> None:
    """Two million characters that make a careless pattern try every pair of places: it would not come back."""
    with pytest.raises(InputError):
        read(tmp_path, name, data)


FUZZ = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
PIECES = st.sampled_from([
    "1", "\n", "\n\n", "00:00:01,000 --> 00:00:02,000", "-->", "{1}{2}", "[1][2]", "WEBVTT", "NOTE", "<i>", "</i>", "<",
    ">", "&#99999;", "&amp;", "{\\p1}", "{", "}", "[Events]", "Format: Start, End, Text", "<tt>",
    "Dialogue: 0:00:01.00,0:00:02.00,", "<p begin='1s' end='2s'>", "</p>", "</tt>", "<br/>", "\\N", "\0", "\ufeff",
    "\u2028", "\r", "好", "{y:i}", "|",
    "00:00:01.00,00:00:02.00", "9" * 30, "\ud800",
])  # fmt: skip


@FUZZ
@given(parts=st.lists(PIECES, max_size=40), suffix=st.sampled_from(sorted(SUFFIXES)))
def test_any_mixture_is_read_or_refused(tmp_path: Path, parts: list[str], suffix: str) -> None:
    path = tmp_path / f"a{suffix}"
    path.write_bytes("".join(parts).encode("utf-8", "surrogatepass"))
    try:
        found = subtitle_files.read(path, Fraction(25))
    except InputError as error:
        assert error.what and str(path) in error.where
        return
    assert found.subtitles and all(one.text.strip() and one.line >= 1 for one in found.subtitles)
    assert [one.span for one in found.subtitles] == sorted(one.span for one in found.subtitles)


@FUZZ
@given(texts=st.lists(st.text("你我他好走来说话，。！?- aZ0<>&{}", min_size=1, max_size=12), min_size=1, max_size=6))
def test_words_survive_a_round_through_srt(tmp_path: Path, texts: list[str]) -> None:
    shown = [Cue(f"C{n}", span(n * 1000, n * 1000 + 900), (text,), ()) for n, text in enumerate(texts) if text.strip()]
    path = tmp_path / "a.srt"
    path.write_text(writer.text(shown), encoding="utf-8")
    words = [char for cue in shown for char in "".join(cue.rows) if "\u4e00" <= char <= "\u9fff"]
    if not words:
        return
    found = subtitle_files.read(path, Fraction(25)).subtitles
    read_back = [char for one in found for char in one.text if "\u4e00" <= char <= "\u9fff"]
    assert read_back == words
