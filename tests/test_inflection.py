"""Approved forms in the shapes their language gives them, and no other word's."""

from __future__ import annotations

import pytest

from localize.inflection import occurs


@pytest.mark.parametrize(
    ("form", "text", "language", "there"),
    [
        ("mosquita muerta", "¡Son unas mosquitas muertas!", "es-419", True),
        ("señora", "Las señoras llegaron.", "es", True),
        ("señor", "Señora, pase.", "es", False),
        ("esposa", "Mi esposo no vino.", "es", False),
        ("abogado", "Llamé a mi abogada.", "es", True),
        ("cuñada", "Es mi cuñado.", "es", False),
        ("luz", "Las luces se apagan.", "es", True),
        ("rehén", "Hay dos rehenes.", "es", True),
        ("el niño", "Se lo dio al niño.", "es", True),
        ("Lu", "Los Lu son ricos.", "es", True),
        ("casa", "En este caso, no.", "es", False),
        ("suami", "Suaminya pergi.", "id-ID", True),
        ("cerai", "Kami sudah bercerai.", "id", True),
        ("cerai", "Surat perceraian itu.", "id", True),
        ("cerai", "Aku akan menceraikanmu!", "id", True),
        ("tolak", "Dia menolaknya.", "id", True),
        ("kirim", "Sudah dikirimkan, aku yang mengirimnya.", "id", True),
        ("anak", "Anak-anakku di mana?", "id", True),
        ("ibu mertua", "Ibu mertuanya datang.", "id", True),
        ("Pak Lu", "Pak Lu-nya mana?", "id", True),
        ("tuan", "Itu hantuan saja.", "id", False),
        ("Nona", "Nonagon.", "id", False),
        ("heiress", "Two heiresses!", "en", True),
        ("family", "Both families.", "en-US", True),
        ("Lu", "Luck!", "en", False),
        ("ex-wife", "My ex-wives.", "en", True),
        ("joven amo", "Los jóvenes amos.", "es", True),
        ("orden", "¡Son órdenes!", "es", True),
        ("คุณลู่", "สวัสดีคุณลู่ครับ", "th-TH", True),
        ("陸社長", "あの陸社長が来た", "ja-JP", True),
        ("", "anything", "en", False),
        ("well-known", "A well‑known man", "en", True),
    ],
)
def test_forms_are_found_as_their_language_writes_them(form: str, text: str, language: str, there: bool) -> None:
    assert occurs(form, text, language) is there
