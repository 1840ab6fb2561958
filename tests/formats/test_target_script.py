"""Scripts in a market's language: every format they come in, and what is no script or means harm."""

from __future__ import annotations

import io
import tracemalloc
import zipfile
import zlib
from pathlib import Path

import foreign_scripts as foreign
import pytest

from localize.errors import InputError
from localize.formats import docx, target_script
from localize.formats.target_script import Passage
from localize.timing import span

SAID = (
    Passage(1, "¿Qué haces aquí?", span(1000, 2200), "Lu Chen"),
    Passage(2, "No tenías que haber venido, señora.", span(2500, 4800), "Shen Wan"),
    Passage(3, "Firma ya.", span(5000, 6000), "Lu Chen"),
)


def read(path: Path, data: str | bytes, market: str = "es-419") -> target_script.TargetScript:
    path.write_bytes(data if isinstance(data, bytes) else data.encode())
    return target_script.read(path, market)


def told(found: target_script.TargetScript) -> list[tuple[str, int, int]]:
    return [(one.text, one.span.start, one.span.end) if one.span else (one.text, -1, -1) for one in found.passages]


ALL = [(one.text, one.span.start, one.span.end) for one in SAID if one.span]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252", "latin-1"])
def test_subtitles_in_the_encodings_people_save_them_in(tmp_path: Path, encoding: str) -> None:
    more = foreign.srt([one.passage for one in foreign.segmented(foreign.talks("es-419", 30, 1), 1)])
    data = (foreign.srt(SAID) + "\n" + more).encode(encoding, "ignore")
    found = read(tmp_path / "a.srt", data)
    assert any(one.text == "¿Qué haces aquí?" for one in found.passages)


def test_ass_and_the_file_that_lies_about_its_name(tmp_path: Path) -> None:
    assert told(read(tmp_path / "a.ass", foreign.ass(SAID))) == ALL
    assert told(read(tmp_path / "b.srt", foreign.ass(SAID))) == ALL


HEADS = [
    ("start", "end", "speaker", "text"), ("TC IN", "TC OUT", "Personaje", "Español"),
    ("开始", "结束", "角色", "es-419"), ("In", "Out", "Character", "Translation"),
]  # fmt: skip


@pytest.mark.parametrize("head", HEADS, ids=lambda head: head[3])
def test_spreadsheets_name_their_columns_as_they_like(tmp_path: Path, head: tuple[str, ...]) -> None:
    lines = [("00:00:01,000", "00:00:02,200"), ("00:00:02,500", "00:00:04,800"), ("00:00:05,000", "00:00:06,000")]
    body = [(*times, one.speaker, one.text) for times, one in zip(lines, SAID, strict=True)]
    found = read(tmp_path / "a.xlsx", foreign.xlsx([("Guion", "", "", ""), (), head, *body]))
    assert told(found) == ALL and [one.speaker for one in found.passages] == [one.speaker for one in SAID]
    text = "\n".join(";".join(f'"{cell}"' for cell in row) for row in (head, *body))
    assert told(read(tmp_path / "a.csv", text)) == ALL


def test_a_spreadsheet_without_names_goes_by_what_is_in_it(tmp_path: Path) -> None:
    rows = [("1", "00:00:01:00", "00:00:02:05", "你来干什么？", SAID[0].text),
            ("2", "00:00:02:12", "00:00:04:20", "夫人，你不该来。", SAID[1].text)]  # fmt: skip
    found = read(tmp_path / "a.xlsx", foreign.xlsx(rows))
    assert told(found) == [(SAID[0].text, 1000, 2200), (SAID[1].text, 2480, 4800)]
    assert [one.source for one in found.passages] == ["你来干什么？", "夫人，你不该来。"]


def test_documents_of_tables_and_of_paragraphs(tmp_path: Path) -> None:
    table = [("Time", "Name", "Text"), *(("00:00:0" + str(at), one.speaker, one.text) for at, one in enumerate(SAID))]
    found = read(tmp_path / "t.docx", foreign.docx(["Episodio 7"], table))
    assert [(one.speaker, one.text, one.span and one.span.start) for one in found.passages] == [
        (one.speaker, one.text, at * 1000) for at, one in enumerate(SAID)
    ]
    rows = ["[00:01] Lu Chen: ¿Qué haces aquí?", "",
            "[00:02.5 - 00:04.8] Shen Wan: No tenías que haber venido, señora.",
            "[00:05] Lu Chen: Firma ya.\nLu Chen: ¡Ya!"]  # fmt: skip
    found = read(tmp_path / "p.docx", foreign.docx(rows))
    assert [(one.speaker, one.text) for one in found.passages] == [
        *((one.speaker, one.text) for one in SAID), ("Lu Chen", "¡Ya!"),
    ]  # fmt: skip
    assert not found.timed and "1 of 4 passages have no times" in found.notes[-1]
    plain = read(tmp_path / "q.docx", foreign.docx(["你来干什么？", "¿Qué haces aquí?", "Escucha: vete."]))
    assert [(one.source, one.text) for one in plain.passages] == [
        ("你来干什么？", "¿Qué haces aquí?"), ("", "Escucha: vete."),
    ]  # fmt: skip
    pasted = read(tmp_path / "s.docx", foreign.docx(foreign.srt(SAID).split("\n")))
    assert told(pasted) == ALL


def test_what_was_struck_out_is_gone_and_what_was_put_in_counts(tmp_path: Path) -> None:
    raw = (
        '<w:p><w:pPr><w:pStyle w:val="Heading1"/></w:pPr><w:r><w:t>Escena 1</w:t></w:r></w:p>'
        "<w:p><w:r><w:t>Firma </w:t></w:r><w:del><w:r><w:delText>mañana</w:delText></w:r></w:del>"
        "<w:ins><w:r><w:t>ya.</w:t></w:r></w:ins></w:p>"
    )
    found = read(tmp_path / "a.docx", foreign.docx(raw=raw))
    assert [one.text for one in found.passages] == ["Firma ya."] and found.notes == ("1 heading left out",)


def test_two_voices_in_one_subtitle_are_two_passages_and_chinese_rows_are_the_source(tmp_path: Path) -> None:
    text = (
        "1\n00:00:01,000 --> 00:00:03,000\n- ¿Quién?\n- Yo, señor.\n\n2\n00:00:04,000 --> 00:00:05,000\n走吧。\nVamos."
    )
    found = read(tmp_path / "a.srt", text)
    assert told(found) == [("¿Quién?", 1000, 1823), ("Yo, señor.", 1823, 3000), ("Vamos.", 4000, 5000)]
    assert found.passages[2].source == "走吧。"


def test_labels_and_descriptions_of_a_script_are_nobodys_words(tmp_path: Path) -> None:
    times = "0{}:00:01,000 --> 0{}:00:02,000"
    rows = [
        "LU CHEN: Vete.",
        "(risas)",
        "LIN XIA (susurra): [suspira] No me voy.",
        "Hora: las tres",
        "LU CHEN: ¡Fuera!",
    ]
    text = "\n".join(f"{n}\n{times.format(n, n)}\n{row}\n" for n, row in enumerate(rows, start=1))
    (tmp_path / "a.srt").write_text(text, "utf-8")
    found = target_script.read(tmp_path / "a.srt", "es-419", names=("Lu Chen", "Lin Xia"))
    assert [(one.speaker, one.text) for one in found.passages] == [
        ("LU CHEN", "Vete."), ("LIN XIA", "No me voy."), ("", "Hora: las tres"), ("LU CHEN", "¡Fuera!"),
    ]  # fmt: skip
    head = ("start", "end", "text")
    body = [("00:00:01,000", "00:00:02,000", "(susurra) Vete."), ("00:00:03,000", "00:00:04,000", "[música]")]
    sheet = read(tmp_path / "a.xlsx", foreign.xlsx([head, *body]))
    assert [one.text for one in sheet.passages] == ["(susurra) Vete.", "[música]"]
    told = "brackets that may be descriptions nobody says, kept as words: (susurra) (line 2); [música] (line 3)"
    assert sheet.notes == (told,)


def test_words_in_brackets_stay_in_a_table(tmp_path: Path) -> None:
    rows = ("text", "Go [to the door]", "Knock knock [Beat it]", "(The music again)")
    found = read(tmp_path / "a.csv", "\n".join(rows), "en-US")
    assert [one.text for one in found.passages] == list(rows[1:]) and "[Beat it] (line 3)" in found.notes[0]


@pytest.mark.parametrize(
    ("rows", "speakers"),
    [
        (("MAYORDOMO: Señor Wang.", "LIN: Señora.", "MADRE: Me encantan."), ["MAYORDOMO", "LIN", "MADRE"]),
        (("WANG: Señor Wang.", "Señora, no.", "Me encantan."), ["WANG", "", ""]),
        (("Hora: las tres.", "LIN: Señora.", "Me encantan."), ["", "LIN", ""]),
    ],
)
def test_a_name_behind_a_time_is_a_label_if_it_stands_once(
    tmp_path: Path, rows: tuple[str, ...], speakers: list[str]
) -> None:
    found = read(tmp_path / "a.docx", foreign.docx([f"[00:{2 * at:02}] {row}" for at, row in enumerate(rows)]))
    assert [one.speaker for one in found.passages] == speakers
    assert found.passages[1].text.startswith("Señora")
    named = ", ".join(f"{name} (line {at})" for at, name in enumerate(speakers, start=1) if name)
    assert found.notes == (f"names of speakers taken off the words, as evidence of who speaks: {named}",)


def test_every_subtitle_with_another_label_has_labels(tmp_path: Path) -> None:
    said = [Passage(0, text, span(2000 * at, 2000 * at + 1000))
            for at, text in enumerate(("CHEF: Ven.", "MADRE: No.", "WANG: Sí, ven."))]  # fmt: skip
    assert [one.speaker for one in read(tmp_path / "a.srt", foreign.srt(said)).passages] == ["CHEF", "MADRE", "WANG"]


def test_tags_and_notes_of_music_in_a_table_are_told_and_nobodys_words(tmp_path: Path) -> None:
    rows = ("text", "<i>Vamos</i>, señor.", "♪ Te amo. ♪", "1 < 2 y 3 > 2", "Di <nombre>.")
    found = read(tmp_path / "a.csv", "\n".join(f'"{row}"' for row in rows))
    assert [one.text for one in found.passages] == ["Vamos, señor.", "Te amo.", "1 < 2 y 3 > 2", "Di <nombre>."]
    assert found.notes == ("tags and notes of music taken off the words, in line 2, 3",)


@pytest.mark.parametrize(("market", "told_as"), [("en-US", "Spanish"), ("id-ID", "Spanish"), ("ja-JP", "Latin")])
def test_another_language_is_refused(tmp_path: Path, market: str, told_as: str) -> None:
    text = foreign.srt([one.passage for one in foreign.segmented(foreign.talks("es-419", 20, 2), 2)])
    with pytest.raises(InputError, match=f"{told_as}.*not the language of {market}"):
        read(tmp_path / "a.srt", text, market)
    zh = foreign.srt([Passage(0, one.zh, one.span) for one in foreign.talks("es-419", 20, 2)])
    with pytest.raises(InputError, match="says nothing"):
        read(tmp_path / "b.srt", zh, "es-419")


@pytest.mark.parametrize("market", ["en-US", "es-419", "id-ID"])
def test_the_right_language_is_taken(tmp_path: Path, market: str) -> None:
    for seed in range(5):
        text = foreign.srt([one.passage for one in foreign.segmented(foreign.talks(market, 20, seed), seed)])
        assert read(tmp_path / "a.srt", text, market).passages


# ── what means harm ─────────────────────────────────────────────────────────────────────────────────────────
def zipped(parts: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    return out.getvalue()


LAUGHS = '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]>'


@pytest.mark.parametrize(("name", "data", "told_as"), [
    ("a.docx", b"", "no Word document"), ("a.docx", b"PK\3\4 broken", "no Word document"),
    ("a.docx", b"\xd0\xcf\x11\xe0 old", "old Office program"), ("a.docx", zipped({"a.txt": b"x"}), "no word/document"),
    ("a.docx", zipped({"word/document.xml": b"\0" * (65 << 20)}), "unpacks to more than 64 MB"),
    ("a.docx", foreign.docx(["Hola"], head=LAUGHS), "document type"),
    ("a.docx", zipped({"word/document.xml": foreign.LAUGHS16}), "document type"),
    ("a.docx", zipped({"word/document.xml": b"<w:document>"}), "not well-formed"),
    ("a.docx", foreign.docx([""]), "says nothing"), ("a.xlsx", b"", "no spreadsheet"),
    ("a.xlsx", zipped({"xl/workbook.xml": LAUGHS.encode()}), "document type"),
    ("a.xlsx", zipped({f"xl/{at}.bin": b"" for at in range(4001)}), "4000 parts"),
    ("a.xlsx", foreign.xlsx([("7", "8"), ("1", "2")]), "no column can be told"),
    ("a.xlsx", foreign.xlsx([]), "no column can be told"), ("a.srt", b"", "holds nothing"),
    ("a.csv", b'text\n"open', "cannot be read"), ("a.pdf", b"%PDF", "a script cannot be taken from .pdf"),
], ids=lambda value: str(value)[:24] if isinstance(value, str) else "")  # fmt: skip
def test_harm_is_refused_with_its_reason(tmp_path: Path, name: str, data: bytes, told_as: str) -> None:
    with pytest.raises(InputError, match=told_as):
        read(tmp_path / name, data)


def lying(parts: dict[str, bytes], told: int, whole_sum: bool = True) -> bytes:
    """An archive whose directory gives every part ``told`` bytes; without ``whole_sum`` the check sum lies as well."""
    made = bytearray(zipped(parts))
    for name, data in parts.items():
        at = made.rindex(b"PK\1\2", 0, made.rindex(name.encode()))
        made[at + 24 : at + 28] = told.to_bytes(4, "little")
        if not whole_sum:
            made[at + 16 : at + 20] = zlib.crc32(data[:told]).to_bytes(4, "little")
    return bytes(made)


@pytest.mark.parametrize("whole_sum", [True, False])
@pytest.mark.parametrize("name", ["a.docx", "a.xlsx"])
def test_an_archive_that_lies_about_its_sizes_is_not_unpacked(tmp_path: Path, name: str, whole_sum: bool) -> None:
    part = "word/document.xml" if name == "a.docx" else "xl/workbook.xml"
    data = lying({part: b"<a>" + b" " * (24 << 20)}, 10, whole_sum)
    tracemalloc.start()
    try:
        with pytest.raises(InputError, match="larger than the archive says"):
            read(tmp_path / name, data)
        assert tracemalloc.get_traced_memory()[1] < 8 << 20
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("part", ["xl/strings.bin", "xl/WORKBOOK.XML", "xl/media/a.svg"])
def test_no_name_hides_a_document_type_from_the_check(tmp_path: Path, part: str) -> None:
    with pytest.raises(InputError, match="document type"):
        read(tmp_path / "a.xlsx", zipped({part: LAUGHS.encode()}))


def test_a_picture_in_a_document_may_be_what_it_likes(tmp_path: Path) -> None:
    data = io.BytesIO(foreign.docx(["Hola.", "Firma ya."]))
    with zipfile.ZipFile(data, "a") as archive:
        archive.writestr("word/media/logo.svg", "<!DOCTYPE svg><svg/>")
    assert [one.text for one in read(tmp_path / "a.docx", data.getvalue()).passages] == ["Hola.", "Firma ya."]


def test_a_packing_no_office_program_uses_is_refused(tmp_path: Path) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_LZMA) as archive:
        archive.writestr("word/document.xml", b"<a/>")
    with pytest.raises(InputError, match="packed as no Office program"):
        read(tmp_path / "a.docx", out.getvalue())


def wide(rows: int, cell: str) -> bytes:
    """A sheet with one cell in the last column of every row."""
    body = "".join(f'<row r="{at}">{cell.format(at)}</row>' for at in range(1, rows + 1))
    data, out = foreign.xlsx([("text",), ("Hola.",)]), io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            text = old.read(name)
            if name.startswith("xl/worksheets/sheet"):
                head, _, rest = text.partition(b"<sheetData>")
                text = head + b"<sheetData>" + body.encode() + rest[rest.index(b"</sheetData>") :]
            new.writestr(name, text)
    return out.getvalue()


@pytest.mark.parametrize("cell", ['<c r="XFD{0}" t="inlineStr"><is><t>x</t></is></c>', '<c r="XFD{0}"/>'])
def test_cells_far_off_are_not_walked_to(tmp_path: Path, cell: str) -> None:
    data = wide(1000, cell)
    tracemalloc.start()
    try:
        with pytest.raises(InputError, match="column 16384") as caught:
            read(tmp_path / "a.xlsx", data)
        assert "beside" in caught.value.fix and tracemalloc.get_traced_memory()[1] < 48 << 20
    finally:
        tracemalloc.stop()


def test_a_few_cells_far_off_are_no_harm(tmp_path: Path) -> None:
    found = foreign.xlsx([("text",), ("Hola.", *("",) * 900, "x"), ("Firma ya.",)])
    assert len(read(tmp_path / "a.xlsx", found).passages) == 2


def test_thirty_thousand_rows_are_no_episode(tmp_path: Path) -> None:
    rows = [("text",), *((f"Señor número {at}, no me diga.",) for at in range(30_000))]
    with pytest.raises(InputError, match="holds 30,000 passages"):
        read(tmp_path / "a.csv", "\n".join(row[0].replace(",", "") for row in rows))
    long = foreign.docx(["Hola que tal. " * 200])
    with pytest.raises(InputError, match="one passage of"):
        read(tmp_path / "a.docx", long)


def test_a_season_in_one_subtitle_file_gets_the_advice_of_this_command(tmp_path: Path) -> None:
    cues = "".join(f"{at}\n00:00:01,000 --> 00:00:02,000\nHola.\n\n" for at in range(30_000))
    with pytest.raises(InputError, match="30,000 subtitles") as refused:
        read(tmp_path / "a.srt", cues)
    assert refused.value.fix == "give the file of this episode alone"


def test_words_in_braces_are_words(tmp_path: Path) -> None:
    said = '{"lines": [{"text": "Firma ya, por favor."}]}'
    found = read(tmp_path / "a.srt", f"1\n00:00:01,000 --> 00:00:02,000\n{said}\n")
    assert [one.text for one in found.passages] == [said]


def test_deep_nesting_costs_nothing() -> None:
    deep = "<w:p>" + "<w:ins>" * 20_000 + "<w:r><w:t>Hola</w:t></w:r>" + "</w:ins>" * 20_000 + "</w:p>"
    assert docx.read(foreign.docx(raw=deep), "x") == (docx.Paragraph("Hola"),)


# ── markets that write with Chinese characters themselves ───────────────────────────────────────────────────
JAPANESE = ("若様がお戻りです。", "田中社長、会議室です。", "承知！", "早く来てください。")
CHINESE = ("少爷回来了。", "田中社长，会议室到了。", "知道了！", "快点来。")


@pytest.mark.parametrize("market", ["ja-JP", "ko-KR"])
def test_a_document_in_a_market_with_characters_of_its_own(tmp_path: Path, market: str) -> None:
    said = JAPANESE if market == "ja-JP" else ("도련님이 오셨어요.", "사장님(社長), 회의실입니다.", "네!", "빨리 와요.")
    found = read(tmp_path / "a.docx", foreign.docx(said), market)
    assert [one.text for one in found.passages] == list(said) and not any(one.source for one in found.passages)


@pytest.mark.parametrize("market", ["ja-JP", "ko-KR"])
def test_chinese_rows_between_them_are_the_source(tmp_path: Path, market: str) -> None:
    said = JAPANESE if market == "ja-JP" else ("도련님이 오셨어요.", "사장님, 회의실입니다.", "네!", "빨리 와요.")
    pairs = [row for pair in zip(CHINESE, said, strict=True) for row in pair]
    found = read(tmp_path / "a.docx", foreign.docx(pairs), market)
    assert [(one.source, one.text) for one in found.passages] == list(zip(CHINESE, said, strict=True))


@pytest.mark.parametrize("chinese", [True, False])
def test_a_japanese_column_without_a_header_is_the_text(tmp_path: Path, chinese: bool) -> None:
    times = ("00:00:01,000", "00:00:03,000", "00:00:05,000", "00:00:07,000")
    pairs = zip(times, CHINESE, JAPANESE, strict=True)
    body = [(time, zh, ja) if chinese else (time, ja) for time, zh, ja in pairs]
    found = read(tmp_path / "a.xlsx", foreign.xlsx(body), "ja-JP")
    assert [one.text for one in found.passages] == list(JAPANESE)
    assert [one.source for one in found.passages] == (list(CHINESE) if chinese else [""] * 4)
