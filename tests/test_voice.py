from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from localize.episode import Speaker
from localize.errors import GateError, InputError
from localize.voice import Consent, cast_voices, stock_voices

TODAY = date(2026, 11, 21)
CONSENT = Consent("Li Na", ("voice_clone",), ("en", "es-419"), ("worldwide",), date(2030, 12, 31), "a.pdf")
CAST = (
    Speaker("lin", "林晚", "female", "young"),
    Speaker("lu", "陆沉", "male", "adult"),
    Speaker("zhou", "周佩兰", "female", "elder"),
    Speaker("gu", "顾伯", "male", "elder"),
    Speaker("?1", "", "unknown", "unknown"),
    Speaker("baby", "小宝", "male", "child"),
)


def cast(**more: object) -> dict[str, str]:
    found = cast_voices(CAST, more.get("table", {}), {}, "en-US", "en-US", TODAY)  # type: ignore[arg-type]
    return {one.speaker: one.voice.id for one in found}


def test_nine_stock_voices_say_what_they_are() -> None:
    names = "f1 f2 f3 m1 m2 m3 elder-f elder-m child"
    assert set(stock_voices()) == {f"stock-{name}" for name in names.split()}
    for voice in stock_voices().values():
        assert voice.grade == "preview"
        assert {"en-US", "es-419", "id-ID"} <= set(voice.languages)
        assert "GPL-3.0" in voice.licence


def test_everybody_gets_a_voice_of_their_own_by_gender_and_age() -> None:
    found = cast()
    assert len(set(found.values())) == len(CAST)
    assert found["lin"] == "stock-f3"
    assert found["lu"] in ("stock-m1", "stock-m2")
    assert (found["zhou"], found["gu"], found["baby"]) == ("stock-elder-f", "stock-elder-m", "stock-child")


def test_the_casting_table_wins_and_the_others_keep_clear_of_it() -> None:
    found = cast(table={"lu": {"*": "stock-m2", "en-US": "stock-f3"}})
    assert found["lu"] == "stock-f3"
    assert found["lin"] != "stock-f3"


def test_an_unknown_voice_and_a_voice_without_the_language_are_refused() -> None:
    with pytest.raises(InputError, match="nobody"):
        cast(table={"lu": {"*": "nobody"}})
    mute = {name: replace(voice, languages=("fr-FR",)) for name, voice in stock_voices().items()}
    with pytest.raises(GateError):
        cast_voices(CAST, {"lu": {"*": "stock-m1"}}, {}, "en-US", "en-US", TODAY, mute)
    with pytest.raises(GateError):
        cast_voices(CAST, {}, {}, "en-US", "en-US", TODAY, mute)


@pytest.mark.parametrize(
    ("consent", "market", "agreed"),
    [
        (CONSENT, "en-US", True),
        (CONSENT, "es-419", True),
        (CONSENT, "id-ID", False),
        (replace(CONSENT, revoked=True), "en-US", False),
        (replace(CONSENT, until=date(2026, 11, 20)), "en-US", False),
        (replace(CONSENT, scope=("face_swap",)), "en-US", False),
        (replace(CONSENT, territories=("MX",)), "en-US", False),
    ],
)
def test_only_a_valid_consent_moves_a_voice_toward_the_actor(
    consent: Consent, market: str, agreed: bool
) -> None:
    (found,) = cast_voices(CAST[:1], {}, {"lin": consent}, market, market, TODAY)
    assert bool(found.toward) is agreed
    assert ("stock voice:" in found.why) is not agreed
    if not agreed:
        assert consent.refusal("voice_clone", market, TODAY) in found.why


def test_more_speakers_than_voices_share() -> None:
    crowd = [Speaker(f"S{number}", "", "female", "adult") for number in range(12)]
    found = cast_voices(crowd, {}, {}, "en-US", "en-US", TODAY)
    assert len({one.voice.id for one in found}) >= len(stock_voices()) - 1
