from __future__ import annotations

import pytest

from localize.errors import InputError
from localize.tables import decoded, did_you_mean, is_gbk, rows_of

LINES = "speaker,line\nlin_wan,你为什么骗我？我们说好了不分开的\nlu_chen,对不起，我也没有办法\n"
TRADITIONAL = "speaker,line\nlin_wan,你為什麼騙我？我們說好了不分開的\nlu_chen,對不起，我也沒有辦法\n"
JAPANESE = "speaker,line\na,どうして嘘をついたの？ずっと一緒だと言ったのに\n"
KOREAN = "speaker,line\na,왜 나한테 거짓말했어? 우리 헤어지지 않기로 했잖아\n"
SPANISH = "speaker,line\na,¿Por qué me mentiste? Señora, mañana será demasiado tarde\n"
RUSSIAN = "speaker,line\na,Почему ты мне солгал? Мы же обещали не расставаться\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_unicode_with_a_mark_is_read(encoding: str) -> None:
    mark = "\ufeff" if encoding[-2:] in ("le", "be") else ""  # the others write their own
    assert decoded((mark + LINES).encode(encoding), "terms.csv") == LINES


def test_an_encoding_is_named_only_without_doubt() -> None:
    assert is_gbk(LINES.encode("gb18030")) and is_gbk("名,林晚\n名,陆沉\n".encode("gbk"))
    others = [(TRADITIONAL, "big5"), (JAPANESE, "shift_jis"), (JAPANESE, "euc_jp"), (KOREAN, "euc_kr"),
              (SPANISH, "cp1252"), (RUSSIAN, "cp1251"), (SPANISH, "mac_roman"), ("好", "gbk")]  # fmt: skip
    assert [name for text, name in others if is_gbk(text.encode(name))] == []


@pytest.mark.parametrize(
    ("data", "where", "said"),
    [
        (LINES.encode("gbk"), "x.csv, line 2", "byte 9 of this line is 0xC4; the file is GBK"),
        (TRADITIONAL.encode("big5"), "x.csv, line 2", "byte 9 of this line is 0xA7"),
        (b"a,b\nc,\xe9l\n", "x.csv, line 2", "not UTF-8: byte 3 of this line is 0xE9"),
        ("a,b\n".encode("utf-16-le"), "x.csv, line 1", "UTF-16 without its mark"),
        (b"\xff\xfea", "x.csv", "starts like UTF-16"),
        (b"PK\x03\x04\x14\x00\xff\xfe", "x.csv", "a spreadsheet's own file"),
    ],
)
def test_what_is_no_unicode_is_refused_with_line_and_byte(data: bytes, where: str, said: str) -> None:
    with pytest.raises(InputError) as caught:
        decoded(data, "x.csv")
    assert caught.value.where == where and said in caught.value.what
    assert "CSV UTF-8" in caught.value.fix
    assert ("GBK" in caught.value.what) == ("GBK" in said) and "BIG5" not in str(caught.value).upper()


@pytest.mark.parametrize(
    ("text", "where", "said"),
    [
        ("", "x.csv", "the table is empty → its first line must name the columns source, kind"),
        ("# about\n\nsorce,kind\n", "x.csv, line 3", "'source' is missing → is it sorce? columns needed: source, kind"),
        ("source,kind,Note\n", "x.csv, line 1", "'Note' is not known → did you mean note? known columns: "),
        ("source,kind,kind\n", "x.csv, line 1", "'kind' appears twice → keep one"),
        ('source,kind\n"a\nb",c,d\n', "x.csv, line 2", "3 cells for 2 columns → put cells that hold a comma"),
        ('source,kind\na,"b\n', "x.csv, line 2", "cannot be read: unexpected end of data → close every quote"),
    ],
)
def test_every_message_has_a_place_and_a_way_out(text: str, where: str, said: str) -> None:
    with pytest.raises(InputError) as caught:
        rows_of(text, "x.csv", ("source", "kind"), ("source", "kind", "note"))
    assert caught.value.where == where
    assert said in f"{caught.value.what} → {caught.value.fix}"


@pytest.mark.parametrize("mark", [",", ";", "\t"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_any_delimiter_and_line_end_under_a_remark(mark: str, end: str) -> None:
    lines = ["# one, two; three", mark.join(("source", "kind")), mark.join(("少爷", "title")), mark]
    [row] = rows_of(end.join(lines), "x.csv", ("source", "kind"))
    assert (row["source"], row["kind"], row.place) == ("少爷", "title", "x.csv, line 3")


def test_what_a_name_resembles() -> None:
    known = ("es-419", "dialogue", "aliases")
    assert did_you_mean("dialog", known) == "did you mean dialogue? "
    assert did_you_mean("ES_419", known) == "did you mean es-419? "
    assert did_you_mean("xyz", known) == ""
