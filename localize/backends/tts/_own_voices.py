"""Which of an engine's own voices stands for a voice of the cast nobody is cloned for.

``LOCALIZE_TTS_VOICES`` (or the option ``voices``) names a TOML file: ``stock-f1 = "Ana Florence"`` by a voice's id,
``female = ["Ana Florence", "nova"]`` by gender.  It comes before ``own_voices.toml``.
"""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Collection, Mapping
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from localize.errors import InputError, SetupError
from localize.voice import Voice, stock_voices


@cache
def _table() -> Mapping[str, Mapping[str, list[str]]]:
    return tomllib.loads((files("localize.backends.tts") / "own_voices.toml").read_text("utf-8"))


def given(path: str) -> Mapping[str, Any]:
    """What a person's table says; nothing without one.  Raises ``SetupError``."""
    if not path:
        return {}
    try:
        told = tomllib.loads(Path(path).expanduser().read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise SetupError(f"LOCALIZE_TTS_VOICES cannot be read: {error}", path, "see docs/engines.md") from error
    wrong = [name for name, one in told.items() if not isinstance(one, str | list)]
    if wrong:
        what = f"LOCALIZE_TTS_VOICES names no voice for {wrong[0]}"
        raise SetupError(what, path, 'write stock-f1 = "name", or female = ["name", "name"]')
    return told


def digest(path: str) -> str:
    """What of both tables an answer depends on."""
    told = repr(sorted(given(path).items())) + repr(_table())
    return hashlib.sha256(told.encode()).hexdigest()[:16]


def name_of(voice: Voice, engine: str, told: Mapping[str, Any], there: Collection[str] = ()) -> str:
    """The engine's own voice for ``voice``; ``there`` are those it has (none told: whatever it is called).

    Raises ``InputError`` where there is none.
    """
    named = told.get(voice.id)
    if isinstance(named, str):
        if there and named not in there:
            raise InputError(f"the model has no voice {named!r}", voice.id, f"choose from {', '.join(sorted(there))}")
        return named
    known = {**_table().get(engine, {}), **{gender: one for gender, one in told.items() if isinstance(one, list)}}
    among = known.get(voice.gender) or [one for names in known.values() for one in names]
    able = [one for one in among if not there or one in there] or sorted(there)
    if not able:
        fix = "write the names of its voices into a file and set LOCALIZE_TTS_VOICES, or have a consent for cloning"
        raise InputError("the engine has no voices of its own", voice.id, fix)
    return str(able[_number(voice) % len(able)])


def _number(voice: Voice) -> int:
    """The place of a stock voice among those of its gender, so that a cast gets different names; else by its id."""
    like = [one.id for one in stock_voices().values() if one.gender == voice.gender]
    bare = voice.id.removesuffix("-low").removesuffix("-high")
    if bare in like:
        step = 0 if bare == voice.id else 1 + voice.id.endswith("-high")
        return like.index(bare) + step * len(like)
    return int(hashlib.sha256(voice.id.encode()).hexdigest()[:8], 16)
