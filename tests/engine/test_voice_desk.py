"""Voices and consents as people handle them: what is taken in, what is refused, what is marked and never deleted."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from talk import talk

from localize import voice_ledger
from localize.engine import voice_desk
from localize.engine.voice_clip import checked
from localize.engine.voice_desk import Person, Signed
from localize.engine.voice_uses import verify
from localize.errors import GateError, InputError
from localize.media import audio
from localize.series import SeriesBible, open_series
from localize.voice import Wishes, cast_by

TODAY = date(2026, 11, 21)
RATE = 16_000


@pytest.fixture
def root(tmp_path: Path) -> Path:
    folder = tmp_path / "SERIES"
    folder.mkdir()
    (folder / "series.toml").write_text('id = "it"\ntitle = "它"\n', "utf-8")
    (folder / "cast.toml").write_text('[[character]]\nid = "lin"\nname = "林晚"\ngender = "female"\n', "utf-8")
    (tmp_path / "signed.txt").write_text("I agree.\n", "utf-8")
    return folder


@pytest.fixture
def clip(tmp_path: Path) -> Path:
    return audio.write(tmp_path / "clip.wav", talk(6.0, RATE, 200.0), RATE)


def signed(root: Path, **more: object) -> Signed:
    base = Signed("Li Na", root.parent / "signed.txt", ("voice_clone",), ("en",), ("worldwide",), date(2030, 12, 31),
                  "Li Na", date(2026, 1, 1))  # fmt: skip
    return replace(base, **more)  # type: ignore[arg-type]


def added(root: Path, clip: Path) -> SeriesBible:
    voice_desk.add(open_series(root), "li_na", clip, Person("Li Na", "female", "adult", ("en", "es")), "Ana", TODAY)
    (root / "casting.toml").write_text('[lin]\n"*" = "li_na"\n', "utf-8")
    return open_series(root)


def test_a_voice_is_copied_with_its_digest_and_cast_by_its_name(root: Path, clip: Path) -> None:
    voice = added(root, clip).voices["li_na"]
    assert (voice.person, voice.languages, voice.gender) == ("Li Na", ("en-US", "es-419"), "female")
    assert abs(voice.pitch - 200) < 20 and voice.sample is not None
    assert voice_ledger.read(root)[-1]["sample"] == voice.sample.digest


@pytest.mark.parametrize(
    ("sound", "says"),
    [
        (talk(1.0, RATE), "1.0 s short"),
        (np.zeros(5 * RATE, np.float32), "silent"),
        (np.clip(20 * talk(5.0, RATE), -1, 1), "full scale"),
        (np.random.default_rng(1).normal(0, 0.1, 5 * RATE).astype(np.float32), "hardly a voice"),
    ],
)
def test_a_clip_that_will_not_do_is_refused(tmp_path: Path, sound: np.ndarray, says: str) -> None:
    with pytest.raises(InputError, match=says):
        checked(audio.write(tmp_path / "it.wav", sound, RATE))


def test_two_people_in_a_clip_are_told(tmp_path: Path) -> None:
    cast = Path(__file__).parents[2] / "samples/SERIES/cast"
    one, two = (audio.read(cast / f"{name}.wav") for name in ("lu_chen", "zhou_peilan"))
    both = np.concatenate([audio.mono(sound)[: 5 * rate] for sound, rate in (one, two)])
    assert checked(cast / "lu_chen.wav").seconds > 7
    with pytest.raises(InputError, match=r"two people speak in the clip, the second from about [456]\.\d s"):
        checked(audio.write(tmp_path / "both.wav", both, one[1]))


def test_a_changed_clip_is_refused(root: Path, clip: Path) -> None:
    added(root, clip)
    audio.write(root / "voices/li_na.wav", talk(6.0, RATE, 120.0), RATE)
    with pytest.raises(InputError, match="not the clip the voice was taken from"):
        open_series(root)


def test_a_voice_is_used_only_within_its_consent(root: Path, clip: Path) -> None:
    bible = added(root, clip)

    def cast(market: str) -> tuple[str, str, str]:
        now = open_series(root)
        wishes = Wishes(now.casting, now.consents, own=now.voices)
        (one,) = cast_by(now.speakers(), wishes, market, market, TODAY)
        return one.voice.id, one.toward, one.refused

    assert cast("en-US")[0].startswith("stock-f") and "no consent of Li Na" in cast("en-US")[2]
    voice_desk.consent(bible, "li_na", signed(root), "Ana")
    assert cast("en-US") == ("li_na", "Li Na", "")
    assert cast("es-419")[0].startswith("stock-f") and "language es-419" in cast("es-419")[2]
    assert voice_desk.revoke(open_series(root), "li_na", "Ana", TODAY) == ()
    assert cast("en-US")[1] == "" and "Li Na revoked the consent on 2026-11-21" in cast("en-US")[2]
    with pytest.raises(GateError, match="does not speak id-ID"):
        cast("id-ID")


def test_a_revoked_consent_stays_on_file_beside_the_new_one(root: Path) -> None:
    card = voice_desk.consent(open_series(root), "lin", signed(root), "Ana")
    with pytest.raises(InputError, match="is on file"):
        voice_desk.consent(open_series(root), "lin", signed(root), "Ana")
    voice_desk.revoke(open_series(root), "lin", "Ben", TODAY)
    before = card.read_text("utf-8")
    assert "revoked = true" in before and 'revoked_by = "Ben"' in before
    voice_desk.revoke(open_series(root), "lin", "Ben", TODAY)
    voice_desk.consent(open_series(root), "lin", signed(root), "Ana")
    assert (root / "consents/revoked/lin.1.toml").read_text("utf-8") == before
    assert (root / "consents/revoked/lin.1.txt").is_file()
    assert [one["what"] for one in voice_ledger.read(root)] == ["consent", "revoked", "consent"]
    assert not open_series(root).consents["lin"].revoked


def test_tampered_evidence_is_refused(root: Path) -> None:
    voice_desk.consent(open_series(root), "lin", signed(root), "Ana")
    (root / "consents/lin.txt").write_text("I agree to everything.\n", "utf-8")
    with pytest.raises(InputError, match="is not the document that was signed"):
        open_series(root)


@pytest.mark.parametrize(
    ("more", "says"),
    [({"scope": ("voice",)}, "scope cannot be 'voice'"), ({"until": date(2020, 1, 1)}, "ends before"),
     ({"document": Path("nowhere.pdf")}, "not there")],
)  # fmt: skip
def test_a_consent_that_says_nonsense_is_refused(root: Path, more: dict[str, object], says: str) -> None:
    with pytest.raises(InputError, match=says):
        voice_desk.consent(open_series(root), "lin", signed(root, **more), "Ana")
    assert not (root / "consents").exists()


def test_an_audition_speaks_and_a_persons_goes_on_record(root: Path, clip: Path, tmp_path: Path) -> None:
    bible = added(root, clip)
    count = len(voice_ledger.read(root))
    assert voice_desk.audition(bible, "stock-f1-low", "Hello there.", "en", tmp_path / "a.wav", "Ana", TODAY) > 0.4
    assert len(voice_ledger.read(root)) == count
    with pytest.raises(GateError, match="no consent of Li Na is on file"):
        voice_desk.audition(bible, "li_na", "Hello there.", "en", tmp_path / "b.wav", "Ana", TODAY)
    voice_desk.consent(bible, "li_na", signed(root), "Ana")
    voice_desk.audition(open_series(root), "li_na", "Hello there.", "en", tmp_path / "b.wav", "Ana", TODAY)
    last = voice_ledger.read(root)[-1]
    assert (last["what"], last["voice"], last["language"]) == ("audition", "li_na", "en-US")
    assert last["consent_digest"] == open_series(root).consents["li_na"].digest
    assert audio.shape(tmp_path / "b.wav")[0] and not verify(open_series(root)).flaws
