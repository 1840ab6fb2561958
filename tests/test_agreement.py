from __future__ import annotations

import pytest

from localize.agreement import Occasion, doubts, setting_of

ES = Occasion("es-419", "female", "male", True, "tu", "modern-china")
FORMAL = Occasion("es-419", "female", "male", True, "usted", "modern-china")
ID = Occasion("id-ID", "female", "male", True, "anda", "modern-china")


@pytest.mark.parametrize(
    ("zh", "target", "register", "occasion", "says"),
    [
        ("你骗我！", "¡Me mentiste!", "angry", ES, ""),
        ("你骗我！", "¡Me mentiste!", "angry", FORMAL, "as to a friend"),
        ("您请坐。", "Tome asiento, por favor.", "formal", FORMAL, ""),
        ("您请坐。", "Tome asiento, por favor.", "formal", ES, "as to a stranger"),
        ("你太美了。", "Estás hermosa.", "plain", ES, "assumes a female addressee"),
        ("我很累。", "Estoy cansado.", "plain", ES, "assumes a male speaker"),
        ("我很累。", "Estoy cansada.", "plain", ES, ""),
        ("拦住他！", "¡Deténganlo ustedes!", "angry", ES, "several people"),
        ("你们走吧。", "Váyanse ustedes.", "plain", ES, ""),
        ("你先走。", "Kamu duluan.", "plain", ID, "as to a friend"),
        ("别叫我陆太太。", "Jangan panggil aku Nyonya Lu.", "cold", ID, ""),
        ("三年后", "Tres años después", "caption", ES, "written as caption"),
    ],
)
def test_doubts(zh: str, target: str, register: str, occasion: Occasion, says: str) -> None:
    found = "; ".join(doubts(zh, target, register, "", occasion))
    assert (says in found) if says else found == ""


def test_nobody_known_means_no_commitment() -> None:
    stranger = Occasion("es-419", "female", "unknown", False, "", "modern-china")
    assert doubts("你骗我！", "¡Me mentiste!", "angry", "", stranger) != ()
    assert doubts("太好了！", "¡Qué bien!", "plain", "", stranger) == ()


def test_settings_do_not_mix() -> None:
    assert setting_of(("order", "palace")) == "historical" and setting_of(("money",)) == ""
    assert (
        "historical"
        in doubts("来人！", "Guards!", "angry", "historical", Occasion("en-US", setting="modern-china"))[0]
    )
    assert doubts("来人！", "Guards!", "angry", "historical", Occasion("en-US", setting="historical")) == ()


def test_text_on_the_screen_takes_captions_only() -> None:
    shown = Occasion("en-US", kind="narration", shown=True)
    assert doubts("三年后", "Three years later", "caption", "", shown) == ()
    assert doubts("滚！", "Get out!", "angry", "", shown) != ()
