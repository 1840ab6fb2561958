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
    assert "No line" in changes_md("id-ID", 2, 1, ())
    assert "first version" in changes_md("id-ID", 1, 0, ())


def test_markdown_in_a_line_stays_text() -> None:
    found = changes({}, {"lines": {"L1": {"dub": "a\n# *b* <i>"}}})
    text = changes_md("id-ID", 2, 1, found)
    assert "\\*b\\*" in text and "\\<i\\>" in text and text.count("\n# ") == 0
