"""Models of transformers on this machine: Marian, M2M100 and NLLB, and chat models (Qwen, Hunyuan-MT, TranslateGemma).

Which of the models that are here (``localize models list``) serve which market is for ``_nmt_models.py`` to say, how
they run for ``_nmt_hardware.py``.  Nothing is ever downloaded, nothing reports home, and no code that comes with
weights is run.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from localize.backends.translation import _nmt_models as nmt
from localize.backends.translation._chat_prompt import digest
from localize.backends.translation._nmt_hardware import Running
from localize.backends.translation._nmt_loading import Library, cascade
from localize.model_cards import Installed
from localize.roles import Backend, Translator

if TYPE_CHECKING:
    from localize.backends.translation._nmt_lines import Hop

PACKAGES = ("transformers", "torch", "sentencepiece")
INSTALL = "pip install 'localize-drama[mt]'"
FAMILIES = ("marian", "m2m100", "nllb", "chat")


def able(model: Installed) -> bool:
    """Whether this engine runs it."""
    return not model.converted and model.card.family in FAMILIES and (model.folder / "config.json").is_file()


LIBRARY = Library(
    "transformers", PACKAGES, INSTALL, able, "translation model",
    lambda codes: nmt.fetching(codes, FAMILIES) or "localize models list",
)  # fmt: skip


def _identity(options: Mapping[str, str]) -> dict[str, str]:
    """The models by digest, the number type, and the prompt where a chat model is asked for scenes."""
    models = nmt.used(nmt.routes(able, options))
    asked = {one.card.prompt: digest() if one.card.prompt == "json" else one.card.ask for one in models}
    return {**{f"prompt {kind}": words for kind, words in asked.items() if kind}, **LIBRARY.identity(options)}


def _load(options: Mapping[str, str]) -> Translator:
    route, how = LIBRARY.loaded(options)
    if route.hops[0].card.prompt == "json":
        from localize.backends.translation._local_chat import LocalChat, SceneChat

        return SceneChat(LocalChat(route.hops[0], how))
    whole = any(one.card.family == "chat" for one in route.hops)
    return cascade(route, lambda model, source, target: _hop(model, source, target, how), whole)


def _hop(model: Installed, source: str, target: str, how: Running) -> Hop:
    if model.card.family == "chat":
        from localize.backends.translation._local_chat import LineChat, LocalChat

        return LineChat(LocalChat(model, how), model.card.prompt, model.card.ask, source, target)
    from localize.backends.translation._seq2seq import Seq2Seq

    return Seq2Seq(model, source, target, how)


BACKEND = Backend(
    role="translation",
    name="transformers",
    version="3",
    summary="translation and chat models on this machine",
    licence="Apache-2.0 (transformers); each model has its own",
    commercial_use=None,
    load=_load,
    available=LIBRARY.available,
    needs="mt",
    identity=_identity,
    terms=lambda options: nmt.terms(able, "Apache-2.0 (transformers)", options),
    by_market=True,
)
