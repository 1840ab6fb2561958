"""The transcript as DAPT and as JSON."""

from __future__ import annotations

import json
from fractions import Fraction
from xml.etree import ElementTree

from localize.episode import Asset, Episode, Line, Picture, Source, Speaker, Stems, Word
from localize.evidence import Doubted, Evidence, Provenance
from localize.formats import dapt, transcript_json
from localize.timing import Ms, span

TT, TTM = "{http://www.w3.org/ns/ttml}", "{http://www.w3.org/ns/ttml#metadata}"
DAPTM = "{http://www.w3.org/ns/ttml/profile/dapt#metadata}"
NAME = "{http://www.w3.org/XML/1998/namespace}id"

SPEAKERS = (Speaker("lin_po", "林<婆>"), Speaker("?1", "?1"))
LINES = (
    Line("L0001", span(61_200, 62_050), "少爷！A&B", "lin_po", words=(Word("少爷", span(61_200, 61_800), 0.5),)),
    Line("L0002", span(3_600_000, 3_601_000), "谁？", "?1", addressee="lin_po", kind="thought"),
)


def test_dapt_is_wellformed_and_names_its_speakers() -> None:
    root = ElementTree.fromstring(dapt.text(LINES, SPEAKERS, "zh-CN").encode())
    assert root.tag == f"{TT}tt" and root.get(f"{DAPTM}scriptType") == "originalTranscript"
    agents = {one.get(NAME): one.findtext(f"{TTM}name") for one in root.iter(f"{TTM}agent")}
    assert agents == {"lin_po": "林<婆>", "unknown_1": "?1"}
    first, second = root.iter(f"{TT}div")
    assert (first.get("begin"), first.get("end")) == ("00:01:01.200", "00:01:02.050")
    assert first.get(f"{TTM}agent") == "lin_po" and first.findtext(f"{TT}p") == "少爷！A&B"
    assert second.get("begin") == "01:00:00.000" and second.get(f"{TTM}agent") == "unknown_1"


def test_dapt_survives_awkward_texts_and_ids() -> None:
    speakers = (Speaker("林 婆", "林\x00婆"), Speaker("林_婆", "林婆"), Speaker("L0001", "狗"))
    said = ("你走。\n我\x1b[0m不走！\ufffe\ud800", "走？", "汪", "")
    who = ("林 婆", "林_婆", "L0001", "?9")
    lines = [Line(f"L000{n}", span(n * 1000, n * 1000 + 500), said[n], who[n]) for n in range(4)]
    root = ElementTree.fromstring(dapt.text(lines, speakers, "zh-CN").encode())
    ids = [one.get(NAME) for kind in (f"{TTM}agent", f"{TT}div") for one in root.iter(kind)]
    assert len(set(ids)) == len(ids) == 7
    agents = [one.get(NAME) for one in root.iter(f"{TTM}agent")]
    assert [one.get(f"{TTM}agent") for one in root.iter(f"{TT}div")] == [*agents, "unknown_9"]
    first = next(root.iter(f"{TT}p"))
    assert (first.text, [one.tail for one in first]) == ("你走。", ["我[0m不走！"])


def test_json_says_it_all() -> None:
    asset = Asset("0" * 64, "audio/wav", 1)
    picture = Picture(720, 1280, Fraction(25), Ms(90_000), 2250, "h264")
    episode = Episode("ep01", "show", 1, "zh-CN", Source("d", "mp4", picture, (), ()), Stems(asset, asset, "me"),
                      speakers=SPEAKERS, lines=LINES)  # fmt: skip
    told = json.loads(transcript_json.text(episode, "captions"))
    assert told["source"] == "captions" and told["length"] == 90_000
    assert [line["id"] for line in told["lines"]] == ["L0001", "L0002"]
    assert told["lines"][0]["words"] == [{"start": 61_200, "end": 61_800, "text": "少爷", "confidence": 0.5}]
    assert "from" not in told["lines"][0]


def test_json_tells_where_every_line_comes_from() -> None:
    asset = Asset("0" * 64, "audio/wav", 1)
    picture = Picture(720, 1280, Fraction(25), Ms(90_000), 2250, "h264")
    episode = Episode("ep01", "show", 1, "zh-CN", Source("d", "mp4", picture, (), ()), Stems(asset, asset, "me"),
                      speakers=SPEAKERS, lines=LINES)  # fmt: skip
    both = Evidence("L0001", ("captions", "recogniser"), 0.9, 0.8, 1.0, 0.94, speech=0.7)
    sources = (
        Provenance("L0001", ("captions", "recogniser"), "recogniser", "guess", ("lin_po", "?1"), both),
        Provenance("L0002", ("person",), "person", "person"),
    )
    first, second = json.loads(transcript_json.text(episode, "captions+asr", sources))["lines"]
    senses = ["captions", "recogniser"]
    assert first["from"] == {"text": senses, "time": "recogniser", "speaker": "guess", "addressee": "nobody"}
    assert first["evidence"]["confidence"] == 0.94 and first["maybe"] == ["lin_po", "?1"]
    assert second["from"]["text"] == ["person"] and "evidence" not in second


def test_json_tells_what_was_recognised_and_is_no_line() -> None:
    doubted = [Doubted("L0003", span(1_000, 2_000), "谢谢观看", "stands where nobody speaks")]
    made = json.loads(transcript_json.with_doubted('{"lines": []}', doubted))
    assert made["doubted"] == [
        {"id": "L0003", "start": 1000, "end": 2000, "text": "谢谢观看", "reason": "stands where nobody speaks"}
    ]
