"""Every extra of the project imports in one environment, with telemetry off and nothing downloaded."""

import os
import subprocess
import sys
from importlib.util import find_spec

import pytest

PACKAGES = ("whisperx", "transformers", "TTS", "insightface", "faster_whisper", "ctranslate2", "sentencepiece", "cv2")
QUIET = {
    "PYANNOTE_METRICS_ENABLED": "0", "HF_HUB_OFFLINE": "1", "HF_HUB_DISABLE_TELEMETRY": "1", "TRAINER_TELEMETRY": "0",
    "DISABLE_TELEMETRY": "1",
}  # fmt: skip


@pytest.mark.parametrize("package", PACKAGES)
def test_the_package_imports(package: str) -> None:
    if find_spec(package) is None:
        pytest.skip(f"{package} is not installed here; constraints/engines.sh installs it")
    code = f"import {package}"
    done = subprocess.run([sys.executable, "-c", code], env={**os.environ, **QUIET}, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr[-800:]


def test_opencv_keeps_its_pinned_version() -> None:
    import cv2

    assert cv2.__version__.startswith("4.14.0")
