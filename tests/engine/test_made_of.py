"""A change list names every reason for a new version, whatever it was."""

import wave

from walk import Place


def silence(place: Place) -> None:
    """A music-and-effects track of nothing but a click."""
    with wave.open(str(place.folder / "bed.wav"), "wb") as file:
        file.setparams((1, 2, 48000, 0, "NONE", ""))
        file.writeframes(b"\1\1" + b"\0\0" * int(48000 * 6.64))


def test_the_track_the_series_and_its_title_are_named(delivered: Place) -> None:
    silence(delivered)
    path = delivered.series / "series.toml"
    text = path.read_text("utf-8").replace('id = "short_7"', 'id = "other"')
    assert "You can't get away" in text
    path.write_text(text.replace("You can't get away", "No way out"), encoding="utf-8")
    delivered.run("en", me=delivered.folder / "bed.wav")
    told = (delivered.version("en-US", 2) / "changes.md").read_text("utf-8")
    assert "- series: “short\\_7” → “other”" in told
    assert "- music-and-effects track: new, “bed.wav (" in told
    assert "- title: “You can't get away” → “No way out”" in told
