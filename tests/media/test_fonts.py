import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from localize.errors import SetupError
from localize.media import fonts

SPANISH = "¿Qué? ¡Señor Núñez! “Mañana” — así…"


def test_the_wheels_semibold_covers_the_first_markets() -> None:
    found = fonts.for_script(
        "Latn", "Source Sans Pro", [SPANISH, "Tuan Muda! Rp5.000", "I’ve had enough – go."]
    )
    (face,) = found.faces
    assert face.name == "Source Sans Pro Semibold"
    assert found.italic is not None and found.italic.name == "Source Sans Pro Semibold Italic"
    assert 1.2 < face.tall < 1.3  # usWinAscent 984 + usWinDescent 273 of 1000 units


def test_width_grows_with_size_and_text() -> None:
    (face,) = fonts.for_script("Latn").faces
    assert fonts.width(face, "Hello", 50) == pytest.approx(2 * fonts.width(face, "Hello", 25))
    assert fonts.width(face, "Hello, you", 50) > fonts.width(face, "Hello", 50) > 0
    assert fonts.width(face, "", 50) == 0


def test_what_a_font_lacks_is_named() -> None:
    (face,) = fonts.for_script("Latn").faces
    assert fonts.uncovered(face, "Lin Wan 林晚\n\u200d") == ("晚", "林")


def test_text_nobody_can_draw_is_refused_with_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    latin = fonts.for_script("Latn").faces[0].path
    shutil.copy(latin, tmp_path / latin.name)
    monkeypatch.setattr(fonts, "SYSTEM", ())
    monkeypatch.setattr(fonts, "WHEELS", ())
    monkeypatch.setenv("LOCALIZE_FONTS", str(tmp_path))
    assert fonts.for_script("Latn").faces[0].path == tmp_path / latin.name
    with pytest.raises(SetupError) as caught:
        fonts.for_script("Latn", texts=["Lin Wan 林晚"])
    assert "晚 (U+665A)" in caught.value.what
    assert "fonts-noto-cjk" in caught.value.fix
    with pytest.raises(SetupError, match="no font for Hans"):
        fonts.for_script("Hans")


def test_another_face_helps_out_and_is_found_again_by_its_key() -> None:
    try:
        found = fonts.for_script("Latn", texts=["少爷"])
    except SetupError:
        pytest.skip("no Chinese font on this machine")
    assert found.face_for("Tuan") == found.faces[0]
    face = found.face_for("少爷")
    assert face != found.faces[0]
    assert fonts.find(face.key) == face
    with pytest.raises(SetupError, match="U\\+A000"):
        found.face_for("\ua000")


def test_finding_fonts_imports_no_font_package() -> None:
    code = "import sys, localize.media.fonts as f; next(iter(f.folders())); print('fontTools' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
