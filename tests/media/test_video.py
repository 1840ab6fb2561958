"""Frames come by number from a constant-rate grid, exact after a seek, cropped, turned and resized as
asked."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from hashlib import sha256
from pathlib import Path

import numpy as np
import pytest

from localize.episode import Box
from localize.errors import InputError, WorkError
from localize.media.probe import look
from localize.media.video import frame_at_ms, frames, frames_near, planes, read_patch, write_patch

Make = Callable[..., Path]


def test_every_frame_of_a_constant_source_once_with_its_time(clip: Make) -> None:
    path = clip(rate="30000/1001")
    picture = look(path, "").picture
    found = list(frames(path, picture))
    assert [number for number, _, _ in found] == list(range(picture.frames)) == list(range(60))
    assert [at for _, at, _ in found][:4] == [0, 33, 67, 100]
    assert all(image.shape == (256, 144, 3) for _, _, image in found)


@pytest.mark.parametrize("start", [1, 13, 24, 60, 99])
def test_a_seek_lands_on_the_exact_frame(clip: Make, start: int) -> None:
    path = clip(seconds=4)
    picture = look(path, "").picture
    whole = {number: image for number, _, image in frames(path, picture, format="yuv420p")}
    part = list(frames(path, picture, start, start + 1, format="yuv420p"))
    assert [number for number, _, _ in part] == [start]
    assert np.array_equal(part[0][2], whole[start])
    assert np.array_equal(frame_at_ms(path, picture, start * 40 + 39, "yuv420p"), whole[start])


def test_a_box_is_the_same_pixels_as_the_whole(clip: Make) -> None:
    path = clip()
    picture = look(path, "").picture
    box = Box(10, 20, 90, 60)
    for kind in ("yuv420p", "bgr24"):
        whole = next(frames(path, picture, 7, 8, format=kind))[2]
        cut = next(frames(path, picture, 7, 8, box=box, format=kind))[2]
        if kind == "bgr24":
            # chroma is interpolated across the edge of the box in the whole picture, inside it is the same
            assert np.abs(whole[22:58, 12:88].astype(int) - cut[2:-2, 2:-2]).max() <= 2
        else:
            for part, piece, by in zip(planes(whole), planes(cut), (1, 2, 2), strict=True):
                assert np.array_equal(part[20 // by : 60 // by, 10 // by : 90 // by], piece)


def test_scale_gives_the_wanted_size(clip: Make) -> None:
    path = clip()
    picture = look(path, "").picture
    assert next(frames(path, picture, scale=(36, 64)))[2].shape == (64, 36, 3)
    assert next(frames(path, picture, box=Box(0, 0, 100, 50), scale=(20, 10)))[2].shape == (10, 20, 3)


def test_a_turned_source_is_shown_upright(clip: Make, make: Make) -> None:
    path = clip()
    turned = make("turned.mp4", "-display_rotation", "90", "-i", str(path), "-c", "copy")
    upright, lying = look(turned, "").picture, look(path, "").picture
    assert (upright.width, upright.height, upright.rotation) == (256, 144, 90)
    for kind in ("bgr24", "yuv420p"):
        mine, other = (next(frames(p, q, format=kind))[2] for p, q in ((turned, upright), (path, lying)))
        expected = np.rot90(other) if kind == "bgr24" else np.rot90(planes(other)[0])
        found = mine if kind == "bgr24" else planes(mine)[0]
        assert np.abs(found.astype(int) - expected).mean() < 3


def test_odd_sizes_are_cropped_to_even(make: Make) -> None:
    path = make("odd.mkv", "-f", "lavfi", "-i", "testsrc2=s=65x47:r=10:d=1", "-f", "lavfi", "-i", "sine=d=1",
                "-c:v", "ffv1", "-pix_fmt", "yuv420p")  # fmt: skip
    picture = look(path, "").picture
    assert (picture.width, picture.height) == (64, 46)
    assert next(frames(path, picture))[2].shape == (46, 64, 3)
    assert next(frames(path, picture, format="yuv420p"))[2].shape == (69, 64)


def test_a_variable_source_is_resampled_by_its_time_stamps(make: Make) -> None:
    # every picture is flat grey of its own number; pictures 10…19 are missing, so picture 9 stays
    path = make("vfr.mkv", "-f", "lavfi", "-i", "color=black:s=64x64:r=25:d=2",
                "-f", "lavfi", "-i", "sine=d=2",
                "-vf", "geq=lum=4*N+16:cb=128:cr=128,select='not(between(n,10,19))'",
                "-fps_mode", "vfr", "-c:v", "ffv1", "-pix_fmt", "yuv420p")  # fmt: skip
    picture = look(path, "").picture
    assert picture.variable and picture.rate == 25 and picture.frames == 50
    levels = [
        round((int(planes(image)[0].mean()) - 16) / 4)
        for _, _, image in frames(path, picture, format="yuv420p")
    ]
    assert levels == [*range(10), *[9] * 10, *range(20, 50)]
    assert levels[15] == round(
        (int(planes(next(frames(path, picture, 15, 16, format="yuv420p"))[2])[0].mean()) - 16) / 4
    )


def test_a_patch_comes_back_bit_for_bit(tmp_path: Path) -> None:
    pixels = np.random.default_rng(1)
    made = [pixels.integers(0, 256, (45, 50), np.uint8) for _ in range(5)]
    path = tmp_path / "名 a:b'c.mkv"
    assert write_patch(path, made, 50, 30, Fraction(30000, 1001)) == 5
    assert all(np.array_equal(one, other) for one, other in zip(read_patch(path), made, strict=True))


def test_a_patch_of_the_wrong_size_or_damaged_is_refused(tmp_path: Path) -> None:
    with pytest.raises(WorkError, match="patch frame"):
        write_patch(tmp_path / "p.mkv", [np.zeros((9, 8), np.uint8)], 8, 8, Fraction(25))
    (tmp_path / "q.mkv").write_bytes(b"no matroska at all")
    with pytest.raises(WorkError, match="cannot be read"):
        list(read_patch(tmp_path / "q.mkv"))


@pytest.mark.parametrize("box", [(2, 2), (50, 30), (718, 34)])
def test_a_patch_of_any_even_size_comes_back(tmp_path: Path, box: tuple[int, int]) -> None:
    width, height = box
    made = [np.random.default_rng(i).integers(0, 256, (height * 3 // 2, width), np.uint8) for i in range(3)]
    write_patch(tmp_path / "p.mkv", made, width, height, Fraction(25))
    assert all(np.array_equal(one, other) for one, other in zip(read_patch(tmp_path / "p.mkv"), made, strict=True))


def test_a_patch_with_one_flipped_bit_is_not_pasted(tmp_path: Path) -> None:
    path = tmp_path / "p.mkv"
    write_patch(path, [np.full((45, 50), 99, np.uint8)] * 5, 50, 30, Fraction(25))
    digest = sha256(path.read_bytes()).hexdigest()
    assert len(list(read_patch(path, digest))) == 5
    written = bytearray(path.read_bytes())
    written[len(written) // 2] ^= 1
    path.write_bytes(written)
    with pytest.raises(WorkError, match="damaged") as told:
        list(read_patch(path, digest))
    assert "delete" in told.value.fix
    path.unlink()
    with pytest.raises(WorkError, match="cannot be read"):
        list(read_patch(path, digest))


def test_a_damaged_film_is_told_with_the_time_and_the_way_out(clip: Make) -> None:
    path = clip(seconds=8)
    picture = look(path, "").picture
    data = bytearray(path.read_bytes())
    middle = len(data) // 2
    data[middle : middle + 4000] = bytes(4000)
    path.write_bytes(data)
    with pytest.raises(InputError, match=r"damaged near \d+\.\d s") as told:
        list(frames(path, picture))
    assert "again" in told.value.fix


def test_a_file_that_breaks_is_an_input_error(clip: Make, tmp_path: Path) -> None:
    path = clip()
    picture = look(path, "").picture
    broken = tmp_path / "broken.mp4"
    broken.write_bytes(b"\x00\x00\x00\x20ftypisom")
    with pytest.raises(InputError, match="cannot be decoded"):
        next(frames(broken, replace(picture)))


def test_cheap_frames_stand_for_the_wanted_ones_and_are_the_same_pixels(clip: Make) -> None:
    path = clip(seconds=8)
    picture = look(path, "").picture
    wanted = [0, 3, 50, 51, 120, 160]
    whole = {number: image for number, _, image in frames(path, picture, format="yuv420p", only=range(picture.frames))}
    found = list(frames_near(path, picture, wanted))
    numbers = [number for number, _, _ in found]
    assert numbers == sorted(set(numbers)) and numbers[0] == 0
    assert all(any(0 <= number - one <= 8 for number in numbers) for one in wanted)
    assert all(at == number * 40 and np.array_equal(image, whole[number]) for number, at, image in found)


@pytest.mark.parametrize("codec", [("libx264",), ("libx265", "-x265-params", "log-level=none"), ("libsvtav1",)])
def test_wanted_frames_alone_are_the_same_pixels(make: Make, codec: tuple[str, ...]) -> None:
    """Whatever the decoder leaves out on the way."""
    path = make("clip.mp4", "-f", "lavfi", "-i", "testsrc2=s=144x256:r=25:d=3", "-f", "lavfi", "-i", "sine=d=3",
                "-pix_fmt", "yuv420p", "-c:v", *codec)  # fmt: skip
    picture = look(path, "").picture
    wanted = frozenset(range(3, 75, 7))
    whole = {number: image for number, _, image in frames(path, picture, format="yuv420p")}
    for start in (0, 45):
        found = {n: image for n, _, image in frames(path, picture, start, 75, format="yuv420p", only=wanted)}
        assert sorted(found) == sorted(number for number in wanted if number >= start)
        assert all(np.array_equal(image, whole[number]) for number, image in found.items())


def test_where_a_picture_is_left_out_the_one_on_screen_is_looked_at(make: Make) -> None:
    path = make("vfr.mkv", "-f", "lavfi", "-i", "testsrc2=s=144x256:r=25:d=8", "-f", "lavfi", "-i", "sine=d=8",
                "-vf", "select='not(between(n,61,179))'", "-fps_mode", "vfr", "-pix_fmt", "yuv420p")  # fmt: skip
    picture = look(path, "").picture
    assert [number for number, _, _ in frames_near(path, picture, [19, 57, 95, 171])] == [19, 57, 95, 171]


def test_a_short_clip_gives_exactly_the_wanted_frames(clip: Make) -> None:
    path = clip(seconds=4)
    picture = look(path, "").picture
    assert [number for number, _, _ in frames_near(path, picture, [1, 2, 57])] == [1, 2, 57]
