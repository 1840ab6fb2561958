"""The change list of a version."""

from localize.formats.changes import changes, changes_md

BEFORE = {"lines": {"L1": {"dub": "Get out!", "subtitle": "Get out!"},
                    "L2": {"dub": "No.", "subtitle": "No."}},
          "settings": {"loudness": -14.0}, "engines": {"tts": "espeak 1"}}  # fmt: skip


def test_lines_settings_and_engines_are_compared() -> None:
    now = {"lines": {"L1": {"dub": "Out!", "subtitle": "Get out!"}, "L3": {"dub": "Yes."}},
           "settings": {"loudness": -16.0}, "engines": {"tts": "espeak 2"}}  # fmt: skip
    assert [change.text for change in changes(BEFORE, now)] == [
        "L1 dub: “Get out!” → “Out!”",
        "L3 dub: new, “Yes.”",
        "L2 dub: gone, was “No.”",
        "L2 subtitle: gone, was “No.”",
        "loudness: “-14.0” → “-16.0”",
        "tts: “espeak 1” → “espeak 2”",
    ]


def test_nothing_changed_is_said() -> None:
    assert changes(BEFORE, BEFORE) == ()
    assert "what else changed, v1 did not record" in changes_md("id-ID", 2, 1, ())
    assert "first version" in changes_md("id-ID", 1, 0, ())


def test_markdown_in_a_line_stays_text() -> None:
    found = changes({}, {"lines": {"L1": {"dub": "a\n# *b* <i>"}}})
    text = changes_md("id-ID", 2, 1, found)
    assert "\\*b\\*" in text and "\\<i\\>" in text and text.count("\n# ") == 0


def made(**more: object) -> dict[str, object]:
    """A manifest as versions have it."""
    given = {"music-and-effects track": "me.wav (0123456789ab)", "language of the series": "zh-CN"}
    document = {
        "series": {"id": "a", "title": "甲"},
        "episode": {"number": 1, "title": "One"},
        "names": {"秦念": "Qin"},
    }
    made_of = {"given": given, "document": document, "captions": "aa", "pictures": {"dub": "bb"}}
    listing, source = {"title": "Away", "tags": ["Modern", "CEO"]}, {"name": "a.mp4", "digest": "f" * 64}
    told = {"series": "a", "source": source, "listing": listing, "findings": [], "made_of": made_of}
    return {**BEFORE, **told, **more}


def changed(**parts: object) -> list[str]:
    """The change list between ``made`` and the same with parts of ``made_of`` replaced."""
    now = made()
    return texts(made(), {**now, "made_of": {**now["made_of"], **parts}})  # type: ignore[dict-item]


def texts(before: dict[str, object], now: dict[str, object]) -> list[str]:
    return [one.text for one in changes(before, now)]


def test_what_was_given_with_the_episode_is_named() -> None:
    given = {"music-and-effects track": "silent.wav (ba9876543210)", "language of the series": "en"}
    assert changed(given=given) == [
        "music-and-effects track: “me.wav (0123456789ab)” → “silent.wav (ba9876543210)”",
        "language of the series: “zh-CN” → “en”",
    ]
    source = {"name": "a.mp4", "digest": "e" * 64}
    assert texts(made(), made(series="b", source=source)) == [
        "series: “a” → “b”", "source: “a.mp4 (ffffffffffff)” → “a.mp4 (eeeeeeeeeeee)”",
    ]  # fmt: skip


def test_the_listing_is_told_in_words() -> None:
    now = made(listing={"title": "No way out", "tags": ["Modern"]})
    assert texts(made(), now) == ["title: “Away” → “No way out”", "tags: “Modern · CEO” → “Modern”"]
    assert "## Listing" in changes_md("id-ID", 2, 1, changes(made(), now))
    old = {name: value for name, value in made().items() if name != "made_of"}
    assert texts(old, now)[0] == "title: “Away” → “No way out”", "versions that recorded less are compared as well"


def test_a_signature_alone_is_told() -> None:
    before = {"lines": {"L1": {"dub": "Go!", "status": "draft"}}}
    assert texts(before, {"lines": {"L1": {"dub": "Go!", "status": "reviewed"}}}) == ["L1 status: “draft” → “reviewed”"]


def test_what_has_no_name_is_told_by_its_field() -> None:
    assert changed(captions="cc") == ["something else changed: captions: “aa” → “cc”"]
    finding = {"check": "script", "line": "", "message": "1 row fits no line"}
    assert texts(made(), made(findings=[finding])) == [
        "something else changed: findings script: new, “1 row fits no line”"
    ]
    assert texts(made(), made()) == []
