"""Who says a line when the voice alone cannot tell."""

from __future__ import annotations

from localize.episode import Box, Line, OnScreenText, Scene
from localize.roles import Attribution, Speaking
from localize.series import Character
from localize.stages._who import Seen, Signs, Told, doubted, suggested, told
from localize.timing import span

LIN = Character("lin", "林夏", ("林总",), "female", "adult")
GU = Character("gu", "顾言", (), "male", "adult")
TANG = Character("tang", "唐月", (), "female", "young")
CAST = (LIN, GU, TANG)
CLEAR = 2.0
OFF, UNCLEAR = Seen("S1", Speaking("off_screen")), Seen("S1", Speaking("unclear"))


def face(number: int, *beside: int, shot: str = "S1") -> Seen:
    return Seen(shot, Speaking("speaks", number, beside))


def sure(who: str) -> Attribution:
    return Attribution(who, 3.0, tuple((one.id, 3.0) for one in CAST if one.id != who), CLEAR)


def between(who: str, other: str, margin: float = 0.2) -> Attribution:
    return Attribution(who, margin, ((other, margin),), CLEAR)


def scene(*said: tuple[str, Attribution], gap: int = 400, **signs: object) -> tuple[Told, ...]:
    lines = [Line(f"L{n}", span(n * 2000, (n + 1) * 2000 - gap), text) for n, (text, _) in enumerate(said)]
    whole = [Scene("S", span(0, 2000 * len(said)), tuple(line.id for line in lines))]
    heard = {line.id: voice for line, (_, voice) in zip(lines, said, strict=True)}
    return told(lines, whole, heard, Signs(CAST, **signs))  # type: ignore[arg-type]


def plate(text: str, start: int, end: int) -> OnScreenText:
    return OnScreenText("T1", span(start, end), Box(0, 0, 9, 9), text, "nameplate")


def test_a_clear_voice_is_never_overruled() -> None:
    said = scene(
        ("林总，请坐。", sure("lin")),
        ("好。", sure("lin")),
        texts=[plate("顾言", 0, 9000)],
        faces={"L0": face(0), "L1": OFF},
    )
    assert [one.speaker for one in said] == ["lin", "lin"]
    assert not any(one.maybe for one in said)


def test_nobody_calls_themselves() -> None:
    (one,) = scene(("林总，您找我？", between("lin", "tang")))
    assert one.speaker == "tang" and not one.maybe


def test_who_is_called_answers() -> None:
    said = scene(("顾言，你说话。", sure("lin")), ("我没什么可说的。", between("tang", "gu")))
    assert said[1].speaker == "gu"


def test_a_name_plate_names_the_one_in_the_picture() -> None:
    voice = between("tang", "lin")
    assert scene(("五百万。", voice), texts=[plate("林夏｜林氏总裁", 300, 1500)])[0].speaker == "lin"
    assert scene(("五百万。", voice), texts=[plate("林夏｜林氏总裁", 1500, 4000)])[0].maybe == ("tang", "lin")


def test_nobody_says_two_lines_at_once() -> None:
    said = scene(("你给我站住！", sure("lin")), ("放手！", between("lin", "tang")), gap=-300)
    assert said[1].speaker == "tang"


def test_the_same_face_is_the_same_speaker() -> None:
    lines = (("我等了你三年。", sure("tang")), ("整整三年。", between("lin", "tang", 0.3)))
    assert scene(*lines)[1].speaker == "lin"
    assert scene(*lines, faces={"L0": face(0), "L1": face(0)})[1].speaker == "tang"
    assert scene(*lines, faces={"L0": face(0), "L1": face(0, shot="S2")})[1].speaker == "lin"


def test_two_faces_side_by_side_are_two_speakers_and_one_found_again_elsewhere_is_not() -> None:
    lines = (("我等了你三年。", sure("tang")), ("整整三年。", between("tang", "lin", 0.9)))
    assert scene(*lines)[1].speaker == "tang"
    assert scene(*lines, faces={"L0": face(0, 1), "L1": face(1, 0)})[1].speaker == "lin"
    assert scene(*lines, faces={"L0": face(0), "L1": face(1)})[1].speaker == "tang"


def test_off_screen_speaks_a_little_against_the_face_in_the_picture_and_not_in_a_thought() -> None:
    lines = (("我等了你三年。", sure("tang")), ("整整三年。", between("tang", "lin", 1.2)))
    assert scene(*lines)[1] == Told("L1", "tang")
    assert scene(*lines, faces={"L0": face(0), "L1": UNCLEAR})[1] == Told("L1", "tang")
    assert scene(*lines, faces={"L0": face(0), "L1": OFF})[1] == Told("L1", "tang", ("tang", "lin"))
    spoken = Line("L0", span(0, 900), "我等了你三年。"), Line("L1", span(1000, 1900), "整整三年。", kind="thought")
    whole = [Scene("S", span(0, 1900), ("L0", "L1"))]
    heard = {"L0": sure("tang"), "L1": between("tang", "lin", 0.3)}
    thought = told(spoken, whole, heard, Signs(CAST, faces={"L0": face(0), "L1": OFF}))[1]
    assert thought == told(spoken, whole, heard, Signs(CAST))[1] and thought.speaker == "tang"


def test_a_name_plate_does_not_name_somebody_off_screen() -> None:
    signs = [plate("林夏", 300, 1500)]
    assert scene(("五百万。", between("tang", "lin")), texts=signs)[0].speaker == "lin"
    assert scene(("五百万。", between("tang", "lin")), texts=signs, faces={"L0": OFF})[0].speaker == "tang"


def test_a_voice_is_doubted_below_what_its_engine_calls_clear() -> None:
    heard = {
        "L1": sure("lin"), "L2": between("lin", "gu"), "L3": Attribution("?1", 0.0),
        "L4": Attribution("?0", 0.0, (("gu", 0.0),), 0.0),
    }  # fmt: skip
    assert doubted(heard) == {"L2", "L4"}
    usual = {str(n): Attribution("lin", 8.0, (("gu", 8.0),)) for n in range(3)}
    assert doubted(usual | {"low": Attribution("lin", 3.9, (("gu", 3.9),))}) == {"low"}


def test_a_close_call_keeps_the_best_guess_and_is_asked() -> None:
    (one,) = scene(("走吧。", between("lin", "tang", 0.3)))
    assert one == Told("L0", "lin", ("lin", "tang"))
    assert scene(("走吧。", between("lin", "tang", 1.2)))[0].maybe == ()


def test_what_a_person_said_stands_and_helps_the_neighbours() -> None:
    lines = (("你说呢？", sure("lin")), ("随你。", between("lin", "gu", 0.3)))
    said = scene(*lines, said={"L0": "gu"})
    assert [one.speaker for one in said] == ["gu", "lin"] and not said[0].maybe
    assert scene(*lines)[1].speaker == "gu"


def test_a_line_without_voice_belongs_to_the_scene_and_is_asked() -> None:
    nothing = Attribution("?0", 0.0, tuple((one.id, 0.0) for one in CAST))
    said = scene(("顾言？", sure("lin")), ("嗯。", nothing), ("走。", sure("lin")))
    assert said[1] == Told("L1", "gu", ("gu",))
    (alone,) = scene(("嗯。", Attribution("?0", 0.0)))
    assert alone == Told("L0", "?0", ("?0",))


def test_an_engine_nobody_measured_is_judged_by_its_usual_margin() -> None:
    usual = [("好。", Attribution(who, 8.0, (("gu" if who != "gu" else "lin", 8.0),))) for who in ("lin", "gu", "lin")]
    said = scene(*usual, ("林总，走。", Attribution("lin", 1.0, (("gu", 1.0),))))
    assert [one.speaker for one in said] == ["lin", "gu", "lin", "gu"]


def test_thoughts_take_no_turns() -> None:
    lines = [Line("L0", span(0, 900), "顾言，你变了。", kind="thought"), Line("L1", span(1000, 1900), "走吧。")]
    heard = {"L0": sure("lin"), "L1": between("tang", "gu", 0.9)}
    whole = [Scene("S", span(0, 1900), ("L0", "L1"))]
    assert told(lines, whole, heard, Signs(CAST))[1].speaker == "tang"


def test_a_stranger_may_be_somebody_whose_plate_is_shown() -> None:
    lines = [Line("L0", span(0, 900), "唐月，过来。"), Line("L1", span(1000, 1900), "来了。")]
    whole = [Scene("S", span(0, 1900), ("L0", "L1"))]
    found = (Told("L0", "lin"), Told("L1", "?1"))
    signs = Signs(CAST, [plate("唐月", 1100, 1900)])
    assert suggested(lines, whole, found, signs) == (("?1", "tang"),)
    assert suggested(lines, whole, found, Signs(CAST)) == ()
    assert suggested(lines, whole, (Told("L0", "tang"), found[1]), signs) == ()
    assert told([], [], {}, Signs()) == ()
