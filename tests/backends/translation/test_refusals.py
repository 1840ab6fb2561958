"""What a model says instead of a translation, told from what characters say who decline."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from localize.backends.translation._refusals import declines, refuses

ROOT = Path(__file__).parents[3]


@pytest.mark.parametrize(
    ("line", "source"),
    [
        ("I'm sorry, I cannot translate this content.", "她真是个贱人！"),
        ("I’m sorry, but I can't assist with that request.", "把他杀了。"),
        ("I'm really sorry, but I can't help with that.", "去死吧！"),
        ("I cannot comply with the request.", "去死吧！"),
        ("As an AI language model, I must refuse.", "去死吧！"),
        ("Unable to translate.", "她真是个贱人！"),
        ("“Sorry, I can't provide a translation.”", "她真是个贱人！"),
        ("Lo siento, no puedo traducir este contenido.", "她真是个贱人！"),
        ("Desculpe, não posso traduzir este texto.", "她真是个贱人！"),
        ("Maaf, saya tidak bisa menerjemahkan konten ini.", "她真是个贱人！"),
        ("抱歉，我无法翻译这段内容。", "她真是个贱人！"),
        ("ขออภัย ฉันไม่สามารถแปลเนื้อหานี้ได้", "她真是个贱人！"),
        ("申し訳ありませんが、この内容は翻訳できません。", "她真是个贱人！"),
        ("죄송합니다. 이 내용은 번역할 수 없습니다.", "她真是个贱人！"),
        ("[Content removed]", "你这个贱人！"),
        ("N/A", "你这个贱人！"),
        ("(refused)", "你这个贱人！"),
        ("Translation not available.", "你这个贱人！"),
        ("[This line cannot be translated due to policy]", "我要杀了你！"),
        ("[Contenido eliminado]", "我要杀了你！"),
        ("I'm not comfortable translating this.", "我要杀了你！"),
        ("I won't be able to continue with this conversation.", "我要杀了你！"),
        ("I'm sorry, but I can't assist with that.", "对不起，我不能嫁给你。"),
        ("Lo siento, pero no puedo ayudar con eso.", "我要杀了你！"),
        ("Lo siento, no puedo cumplir con esa solicitud.", "我要杀了你！"),
        ("Não consigo atender a esse pedido.", "我要杀了你！"),
        ("Maaf, saya tidak dapat membantu permintaan tersebut.", "我要杀了你！"),
        ("ขออภัย ฉันไม่สามารถช่วยเรื่องนี้ได้", "我要杀了你！"),
        ("申し訳ありませんが、そのリクエストにはお応えできません。", "我要杀了你！"),
        ("죄송합니다, 해당 요청은 도와드릴 수 없습니다.", "我要杀了你！"),
        ("翻訳不可", "我要杀了你！"),
    ],
)
def test_a_refusal_is_no_line(line: str, source: str) -> None:
    assert refuses(line, source)


@pytest.mark.parametrize(
    ("line", "source"),
    [
        ("I'm sorry, I can't go with you.", "对不起，我不能跟你走。"),
        ("I'm sorry, I can't help you with that.", "抱歉，这个忙我帮不了。"),
        ("Sorry, I can't translate this letter.", "抱歉，这封信我翻译不了。"),
        ("I cannot accept this request.", "您的要求我不能答应。"),
        ("I won't comply with your order!", "恕难从命！"),
        ("Lo siento, no puedo ayudarte con eso.", "对不起，我帮不了你。"),
        ("Maaf, saya tidak bisa.", "抱歉，我不行。"),
        ("I'm sorry, I can't grant your request.", "对不起，我不能答应你。"),
        ("Sorry, I couldn't fulfill your wish.", "对不起，没能实现你的愿望。"),
        ("Sorry, I couldn't fulfill my promise.", "我食言了。"),
        ("I'm sorry, I can't help you with that.", "对不起，这件事我做不到。"),
        ("Unable to comply with your order, General.", "末将难以遵命。"),
        ("This content has been deleted.", "帖子已经被删了。"),
        ("This content is no longer available.", "视频被下架了。"),
        ("The content of that video goes too far.", "视频里的东西太过分了。"),
        ("I cannot accept this request.", "你的条件我答应不了。"),
        ("No puedo aceptar ese pedido.", "你的条件我答应不了。"),
        ("I apologize for this inappropriate language.", "请原谅我的无礼。"),
        ("Sorry, I can't translate that into anything I understand.", "不好意思，我听不懂。"),
        ("Removed.", "删了。"),
        ("Not available.", "他没空。"),
        ("I'm sorry, I can't assist you with this.", "抱歉，这件事我帮不了你。"),
        ("Get out!", "滚！"),
        ("", ""),
    ],
)
def test_dialogue_that_declines_is_a_line(line: str, source: str) -> None:
    assert not refuses(line, source)


def test_no_line_of_the_phrasebook_and_no_reference_is_a_refusal() -> None:
    for name in ("glossaries/drama-phrasebook.csv", "tests/benchmarks/translation_lines.csv"):
        with (ROOT / name).open(encoding="utf-8-sig", newline="") as file:
            rows = list(csv.DictReader(file))
        source = "zh" if "zh" in rows[0] else "source"
        assert len(rows) > 100
        taken = [text for row in rows for text in row.values() if text and refuses(text, row[source])]
        assert taken == []


def test_a_whole_answer_declines_in_fewer_words() -> None:
    assert declines("I'm sorry, but I can't help with that.") == "I'm sorry, but I can't help with that."
    assert declines('{"lines": []}') == ""
