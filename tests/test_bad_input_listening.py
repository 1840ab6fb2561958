"""What an episode or its subtitles may be like at worst: told as an error or a finding, in bounded memory."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import burned
import numpy as np
import pytest
import walk
from walk import Place, Ran

from localize.media import audio, ffmpeg
from localize.stages import _unfit
from localize.timing import clock

MEASURED = """import resource, subprocess, sys
code = subprocess.run(sys.argv[1:], stdout=sys.stderr).returncode
used = resource.getrusage(resource.RUSAGE_CHILDREN)
print(used.ru_maxrss)
sys.exit(code)"""
"""A small process around the command: a child begins with the memory of whoever starts it."""
LINE = "你逃不掉的。"
SAID = f"1\n00:00:00,278 --> 00:00:01,249\n{LINE}\n"
"""The first line of the episode."""
SCRIPT = f'start,end,source,dub,subtitle,short,long,status\n"00:00:00,278","00:00:01,249",{LINE},¡No!,¡No!,,,reviewed\n'


def ffmpeg_run(*words: str | Path) -> None:
    subprocess.run([ffmpeg.binary(), "-nostdin", "-v", "error", "-y", *map(str, words)], check=True)


def short(place: Place, *sound: str, subtitles: str = SAID) -> Place:
    """The first 1.4 s of the episode with another sound, a subtitle file and a script."""
    own = Place(place.folder, "odd_ep02")
    ffmpeg_run("-i", place.episode, *sound, "-t", "1.4", own.episode)
    own.episode.with_suffix(".srt").write_text(subtitles, encoding="utf-8")
    (own.series / "scripts" / f"{own.stem}.es-419.csv").write_text(SCRIPT, encoding="utf-8")
    return own


def told(ran: Ran) -> list[tuple[str, str]]:
    [version] = ran.outcome.delivered
    return [(one.severity, one.message) for one in version.findings if one.check == "source"]


def instead(source: str) -> tuple[str, ...]:
    """What replaces the episode's sound by a source of ffmpeg's."""
    return ("-f", "lavfi", "-i", source, "-map", "0:v", "-map", "1:a")


TONES = "aevalsrc=0.1*sin(1382*t)+0.1*sin(1740*t)+0.1*sin(2073*t):s=48000"
SOUNDS = {
    "all of it whispered": (("-af", "volume=-34dB"), []),
    "digital silence": (instead("anullsrc=r=48000:cl=stereo"), [("warn", "the sound track is silent")]),
    "music alone": (instead(TONES), [("warn", "hardly anybody is heard: there is speech under 0 of 1 lines")]),
    "telephone": (("-ac", "1", "-ar", "8000"), [("warn", "the sound has only 8000 samples a second")]),
    "surround": (("-af", "pan=5.1|FC=0.5*c0+0.5*c1"), [("note", "the sound has 6 channels and is mixed down")]),
}


@pytest.mark.parametrize(("sound", "expected"), SOUNDS.values(), ids=SOUNDS)
def test_odd_sound_is_told_and_done(nothing: Place, sound: tuple[str, ...], expected: list[tuple[str, str]]) -> None:
    place = short(nothing, *sound)
    ran = place.run("es", deliver="sub")
    assert ran.outcome.exit_code == 0
    found = told(ran)
    assert len(found) == len(expected)
    for (severity, message), (wanted, beginning) in zip(found, expected, strict=True):
        assert severity == wanted and message.startswith(beginning)
        assert message in ran.told("note" if severity == "note" else "warning")
    assert walk.leftovers(place) == []


def test_two_people_at_once_stay_over_each_other(nothing: Place) -> None:
    """Both lines are heard as far as they are, both are said in the dub, and the report says that they meet."""
    place = short(nothing, subtitles=f"{SAID}\n2\n00:00:00,640 --> 00:00:01,390\n你走开！\n")
    with (place.series / "scripts" / f"{place.stem}.es-419.csv").open("a", encoding="utf-8") as script:
        script.write('"00:00:00,640","00:00:01,390",你走开！,¡Vete!,¡Vete!,,,reviewed\n')
    ran = place.run("es", deliver="dub")
    assert ran.outcome.exit_code == 0
    rows = [row for row in walk.rows(place.out / "es-419" / "lines.csv") if row["id"].startswith("L")]
    assert [row["source"] for row in rows] == [LINE, "你走开！"] and rows[1]["start"] < rows[0]["end"]
    [version] = ran.outcome.delivered
    assert {one.line for one in version.findings if one.check == "crosstalk"} == {"L0002"}


def refused(place: Place, *words: str | Path, code: int = 2) -> str:
    """Run, and check that the error has the usual shape and that nothing new lies there but the store."""
    before = walk.tree(place.folder)
    said = place.cli(place.episode, "--to", "en", "--quiet", *words)
    assert (said.returncode, said.stdout) == (code, ""), said.stderr
    assert "Traceback" not in said.stderr and len(said.stderr.strip().splitlines()) == 2
    after = {name: value for name, value in walk.tree(place.folder).items() if not name.startswith("home/")}
    assert after == before
    return said.stderr


def cues(*texts: str) -> str:
    return "\n".join(f"{n}\n{clock(n * 900)} --> {clock(n * 900 + 700)}\n{text}\n" for n, text in enumerate(texts))


SUBTITLES = {
    "english": (cues("You cannot escape.", "I waited.").encode(), "only 0 of 2 subtitles are Chinese"),
    "japanese": (cues("逃げられない。", "三年も待っていた。").encode(), "only 0 of 2 subtitles are Chinese"),
    "a torn time": (cues(LINE, LINE).replace("00:00:00,900", "00:00:0x,9").encode(), "line 6: not a cue's times"),
    "a torn character": (cues(LINE * 9).encode()[:-9] + b"\n", "line 3: a broken character"),
    "no text": (b"\x00\x01\x02" * 50, "short_7_ep01.srt"),
    "100 000 lines": (cues(*[LINE] * 25_000).encode(), "holds 25,000 subtitles; no episode has that many"),
}


@pytest.mark.parametrize(("data", "said"), SUBTITLES.values(), ids=SUBTITLES)
def test_a_subtitle_file_that_cannot_serve_is_refused_before_the_picture_is_read(
    nothing: Place, data: bytes, said: str
) -> None:
    nothing.episode.with_suffix(".srt").write_bytes(data)
    assert said in refused(nothing)
    assert not [path for path in nothing.store.rglob("*.json") if '"ocr"' in path.read_text("utf-8")]


def test_markup_is_no_dialogue(nothing: Place) -> None:
    marked = SAID.replace(
        LINE, r'{\an8\pos(9,9)}<font color="red"><b>你逃不掉</b></font>的<i>。</i>{\p1}m 0 0 l 9 9{\p0}'
    )
    place = short(nothing, subtitles=marked)
    done = place.cli("transcribe", place.episode, "--out", "json,srt", "--quiet")
    assert done.returncode == 0, done.stderr
    [row] = walk.rows(place.out / "transcript.csv")
    assert row["text"] == LINE
    assert "{" not in (place.out / "transcript.srt").read_text("utf-8")


def test_a_line_in_another_language_is_left_to_a_person(nothing: Place) -> None:
    place = short(nothing, subtitles=SAID + "\n2\n00:00:01,260 --> 00:00:01,390\nOh my God.\n")
    ran = place.run("es", deliver="sub")
    assert ran.outcome.exit_code == 5 and "Oh my God." in ran.told("failed")
    assert not place.version("es-419").exists() and walk.leftovers(place) == []


def burn(place: Place, *burns: burned.Burn) -> None:
    burned.write(burned.Clip("odd", burns, length=2000, size=(360, 640)), place.episode)


def test_captions_over_credits_are_told_apart(nothing: Place) -> None:
    names = ("导演 王小明", "编剧 李华", "摄影 张伟", "主演 刘芳", "制片人 陈强")
    roll = (burned.Burn(200, 1900, name, at=(0.5, 0.2 + 0.06 * n), size=0.04) for n, name in enumerate(names))
    burn(nothing, *roll, burned.Burn(500, 1700, LINE))
    done = nothing.cli("transcribe", nothing.episode, "--quiet")
    assert done.returncode == 0, done.stderr
    assert [row["text"] for row in walk.rows(nothing.out / "transcript.csv")] == [LINE]


def test_captions_in_another_language_are_no_transcript(nothing: Place) -> None:
    burn(nothing, burned.Burn(200, 900, "You cannot escape."), burned.Burn(1000, 1900, "I waited for three years."))
    assert "only 0 of 2 burned-in captions are Chinese" in refused(nothing)


def test_three_hours_are_walked_in_bounded_memory(nothing: Place) -> None:
    """One picture a minute: 3 h on the clock, little to do.  A run of a 6 s episode takes as much memory."""
    shutil.rmtree(nothing.series)
    ffmpeg_run("-f", "lavfi", "-i", "color=gray:s=64x112:r=1/60:d=10800", "-f", "lavfi",
               "-i", "anullsrc=r=8000:cl=mono:d=10800", "-c:v", "libx264", "-preset", "ultrafast",
               "-c:a", "pcm_mulaw", nothing.episode.with_suffix(".mov"))  # fmt: skip
    words = walk.command(nothing.episode.with_suffix(".mov"), "--to", "en", "--quiet")
    done = subprocess.run(
        [sys.executable, "-c", MEASURED, *words], cwd=nothing.folder, env=nothing.environment(),
        capture_output=True, text=True,
    )  # fmt: skip
    assert done.returncode == 2 and "no speech was found" in done.stderr
    assert int(done.stdout) < 700_000  # KiB
    assert not nothing.series.exists() and not nothing.out.exists()


def test_sound_is_listened_to_by_slices(tmp_path: Path) -> None:
    class Watched(audio.Tape):
        longest = 0

        def __getitem__(self, where: slice) -> audio.Sound:
            found = super().__getitem__(where)
            self.longest = max(self.longest, len(found))
            return found

    rate = 8_000
    with audio.writing(tmp_path / "long.wav", 1, rate) as add:
        for _ in range(5):
            add(np.zeros(60 * rate, np.float32))
    tape = Watched(tmp_path / "long.wav")
    assert _unfit.listened(tape, rate) == _unfit.Ear((), -120.0)
    assert 0 < tape.longest <= 70 * rate
