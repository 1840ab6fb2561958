import hashlib
import json
import shutil
import subprocess
from dataclasses import replace
from fractions import Fraction
from itertools import pairwise
from pathlib import Path

import pysubs2
import pytest

from localize.episode import Asset, Box, Line, OnScreenText, Picture, Shot
from localize.market import platforms, resolve
from localize.media import fonts
from localize.stages import caption
from localize.stages.caption import STAGE, Captions, Job
from localize.stages.look import Look
from localize.timing import Ms, span

PICTURE = Picture(720, 1280, Fraction(25), Ms(20_000), 500, "h264")
BAND = Box(140, 930, 580, 976)
LINES = (
    Line("L0001", span(500, 5500), "我没想到", "S1"),
    Line("L0002", span(5700, 7300), "滚", "S2"),
    Line("L0003", span(8000, 9500), "他不知道", "S1", kind="thought"),
)
TEXTS = (
    ("L0001", "I never thought you would come back to this house after everything your family did to me."),
    ("L0002", "Get out. I never want to see you again."),
    ("L0003", "He still doesn't know."),
)
PLATE = OnScreenText("T0001", span(1000, 4000), Box(560, 300, 610, 560), "Lin Wan\nCEO", "nameplate")
JOB = Job(
    resolve("en"), PICTURE, LINES, TEXTS, (Shot("S1", span(0, 5600)), Shot("S2", span(5600, 20_000))),
    platforms()["tiktok"], BAND, (PLATE,),
)  # fmt: skip


class Desk:
    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def keep(self, path: Path, kind: str) -> Asset:
        digest = hashlib.sha256(path.read_bytes()).hexdigest()
        shutil.copy(path, self.folder / digest)
        return Asset(digest, kind, path.stat().st_size)

    def path(self, asset: Asset) -> Path:
        return self.folder / asset.digest

    def scratch(self, suffix: str = "") -> Path:
        return self.folder / f"scratch{len(list(self.folder.iterdir()))}{suffix}"

    def progress(self, done: float, total: float) -> None:
        assert 0 <= done <= total


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


def run(job: Job, desk: Desk) -> Captions:
    ((_, answer),) = STAGE.work([job], desk)
    return answer


def test_cues_fit_the_market_and_the_screen(desk: Desk) -> None:
    made = run(JOB, desk)
    limits, spoken = JOB.market.subtitles, [cue for cue in made.cues if not cue.forced]
    assert [cue.id for cue in made.cues] == [f"C{n:04}" for n in range(1, len(made.cues) + 1)]
    assert {line for cue in spoken for line in cue.lines} == {"L0001", "L0002", "L0003"}
    for cue in spoken:
        assert len(cue.rows) <= limits.rows
        assert max(map(len, cue.rows)) <= limits.row_chars
        assert limits.shortest <= cue.span.length <= limits.longest
    assert all(after.span.start - before.span.end >= 80 for before, after in pairwise(spoken))
    assert all(width <= made.width for name, width in made.widths)
    assert made.findings == ()


def test_the_block_stands_over_the_old_captions_inside_the_safe_area(desk: Desk) -> None:
    made, safe = run(JOB, desk), caption.safe_area(JOB)
    assert safe == Box(40, 87, 611, 1047)
    assert made.block.y0 <= BAND.y0 and made.block.y1 >= BAND.y1
    assert safe.x0 <= made.block.x0 and made.block.x1 <= safe.x1 and made.block.y1 <= safe.y1
    script = pysubs2.SSAFile.from_string(desk.path(made.ass).read_text("utf-8"), "ass")
    bottoms = {event.text.split(",")[1].split(")")[0] for event in script if r"\an2" in event.text}
    assert len(bottoms) == 1


@pytest.mark.parametrize(
    ("band", "way"), [(Box(140, 1150, 580, 1200), "up"), (Box(140, 20, 580, 60), "down")]
)
def test_old_captions_under_the_buttons_move_the_new_ones(band: Box, way: str, desk: Desk) -> None:
    job = replace(JOB, band=band)
    made, safe = run(job, desk), caption.safe_area(job)
    (finding,) = made.findings
    assert finding.check == "safe_area" and way in finding.message
    assert safe.y0 <= made.block.y0 and made.block.y1 <= safe.y1


def test_thoughts_are_slanted_and_overlays_forced(desk: Desk) -> None:
    made = run(JOB, desk)
    by_id = {cue.id: cue for cue in made.cues}
    assert [by_id[name].lines for name in made.italics] == [("L0003",)]
    (forced,) = (cue for cue in made.cues if cue.forced)
    assert (forced.lines, forced.rows, forced.span) == (("T0001",), ("Lin Wan", "CEO"), PLATE.span)


def test_an_overlay_too_long_for_its_place_is_told(desk: Desk) -> None:
    words = "Deputy general manager of the whole Lu Group of companies " * 4
    made = run(replace(JOB, overlays=(replace(PLATE, box=Box(480, 300, 560, 340), text=words),)), desk)
    assert [(one.check, one.line) for one in made.findings] == [("overlay", "T0001")]


def test_plates_under_the_buttons_stay_where_they_are_and_are_told_together(desk: Desk) -> None:
    plates = tuple(replace(PLATE, id=f"T{n:04}", box=Box(430, 500 * n, 600, 60 + 500 * n)) for n in (1, 2))
    made = run(replace(JOB, overlays=plates), desk)
    (finding,) = made.findings
    assert (finding.check, finding.severity) == ("safe_area", "note")
    assert finding.message == "stand outside TikTok's safe area, as in the original: T0002"


def test_overlays_are_written_in_the_source_s_colour(desk: Desk) -> None:
    job = replace(JOB, overlays=(replace(PLATE, span=span(0, 1000)),))
    seen = Look(((PLATE.id, (232, 196, 110)), ("T0099", (255, 0, 0))))
    plain, golden = run(job, desk), run(replace(job, look=seen), desk)
    colours = [[r"\1c&H" in row for row in desk.path(one.ass).read_text("utf-8").splitlines() if "Lin Wan" in row]
               for one in (plain, golden)]  # fmt: skip
    assert colours == [[False, False], [False, True]]


def test_the_look_of_texts_that_are_not_replaced_changes_nothing() -> None:
    seen = Look((("T0099", (255, 0, 0)),))
    assert STAGE.recipe(replace(JOB, look=seen)) == STAGE.recipe(JOB)


def test_empty_texts_get_no_cue(desk: Desk) -> None:
    made = run(replace(JOB, subtitles=(("L0001", " \n"), ("L0002", "")), overlays=()), desk)
    assert made.cues == ()
    assert desk.path(made.ass).read_text("utf-8").startswith("[Script Info]")


def test_the_recipe_names_the_font_by_its_bytes_and_no_path() -> None:
    from localize.engine.codec import spell

    spelled = spell(STAGE.recipe(JOB))
    assert json.loads(spelled)["fonts"][0]["font"] == "Source Sans Pro Semibold"
    assert str(fonts.for_script("Latn").faces[0].path.parent) not in spelled
    assert spelled != spell(STAGE.recipe(replace(JOB, band=None)))
    assert spelled != spell(STAGE.recipe(replace(JOB, subtitles=TEXTS[:2])))


def test_the_answer_survives_the_store(desk: Desk) -> None:
    from localize.engine.codec import plain, restore

    made = run(JOB, desk)
    assert restore(plain(made), STAGE.answer) == made


def test_libass_draws_as_wide_as_we_measured(desk: Desk) -> None:
    imageio_ffmpeg = pytest.importorskip("imageio_ffmpeg")
    np = pytest.importorskip("numpy")
    made = run(replace(JOB, overlays=(), subtitles=TEXTS[1:2]), desk)
    (folder,) = {path.parent for path in caption.font_files(made)}
    graph = f"trim=start=6,ass=filename={desk.path(made.ass)}:fontsdir={folder}"
    command = [
        imageio_ffmpeg.get_ffmpeg_exe(), "-v", "error", "-f", "lavfi", "-i", "color=gray:s=720x1280:d=8:r=25",
        "-vf", graph, "-frames:v", "1", "-pix_fmt", "gray", "-f", "rawvideo", "-",
    ]  # fmt: skip
    frame = np.frombuffer(subprocess.run(command, capture_output=True, check=True).stdout, np.uint8)
    ys, xs = np.nonzero(frame.reshape(1280, 720) > 235)
    measured = dict(made.widths)["C0001"]
    assert abs((xs.max() - xs.min() + 1) - measured) <= 0.02 * measured + 2
    assert abs((xs.max() + xs.min()) / 2 - 360) <= 3
    assert made.block.y0 <= ys.min() and ys.max() <= made.block.y1


def test_the_rules_for_rows_are_part_of_the_recipe() -> None:
    table = (Path(caption.__file__).parents[1] / "formats" / "breaks.toml").read_bytes()
    assert caption.recipe(JOB)["breaks"] == hashlib.sha256(table).hexdigest()
