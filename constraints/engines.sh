#!/usr/bin/env bash
# Fill a Python 3.11 environment with every extra, CPU only.  Usage: constraints/engines.sh PATH/TO/python
# Three steps that no requirement can say: whisperx pins torch ~2.8 and goes in without its dependencies; torchaudio's
# wheel is linked against CUDA, and works on a CPU once its compiled part is gone; opencv-python, which insightface asks
# for, gives way to the headless build of the same version.
set -euo pipefail
python=$1
here=$(cd "$(dirname "$0")/.." && pwd)
pip=("$python" -m pip --disable-pip-version-check install -q -c "$here/constraints/cpu-py311.txt")
"${pip[@]}" -e "$here[asr,mt,clone,voices,world,swap,dev]" torchaudio torchcodec six pyannote.audio nltk pandas omegaconf
"${pip[@]}" --no-deps whisperx
"$python" - <<'PY'
import importlib.util
from pathlib import Path

for library in Path(importlib.util.find_spec("torchaudio").origin).parent.glob("lib/*.so"):
    library.unlink()
PY
"$python" -m pip uninstall -q -y opencv-python
"${pip[@]}" --force-reinstall --no-deps opencv-python-headless
