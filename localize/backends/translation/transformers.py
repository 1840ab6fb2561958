"""Models of transformers on this machine: Marian, M2M100 and NLLB, and chat models (Qwen, Hunyuan-MT, TranslateGemma).

Which of the models that are here (``localize models list``) serve which market is for ``_nmt_models.py`` to say, how
they run for ``_nmt_hardware.py``.  Nothing is ever downloaded, nothing reports home, and no code that comes with
weights is run.
"""

from __future__ import annotations

from collections.abc import Mapping
from importlib.util import find_spec
from typing import TYPE_CHECKING

from localize.backends.asr._hardware import here
from localize.backends.translation import _nmt_models as nmt
from localize.backends.translation._chat_prompt import digest
from localize.backends.translation._nmt_hardware import Running, running
from localize.errors import SetupError
from localize.model_cards import Installed
from localize.roles import Availability, Backend, Translator

if TYPE_CHECKING:
    from localize.backends.translation._nmt_lines import Hop

WHERE = "translation engine transformers"
PACKAGES = ("transformers", "torch", "sentencepiece")
INSTALL = "pip install 'localize-drama[mt]'"
FAMILIES = ("marian", "m2m100", "nllb", "chat")


def able(model: Installed) -> bool:
    """Whether this engine runs it."""
    return not model.converted and model.card.family in FAMILIES and (model.folder / "config.json").is_file()


def _available(options: Mapping[str, str]) -> Availability:
    lacking = next((name for name in PACKAGES if find_spec(name) is None), "")
    if lacking:
        return Availability(False, f"the package {lacking} is not installed", INSTALL)
    found = nmt.routes(able, options)
    if not found:
        names = f" of {', '.join(nmt.wanted(options))}" if nmt.wanted(options) else ""
        codes = nmt.markets(options)
        fix = nmt.fetching(codes, FAMILIES) or "localize models list"
        what = f"no translation model{names} is here for {', '.join(codes)}{nmt.passed_over(able, options)}"
        return Availability(False, what, fix)
    try:
        how = running("transformers", nmt.together(able, options), here(), options)
    except SetupError as error:
        return Availability(False, error.what, error.fix)
    return Availability(True, nmt.told_of(found, options) + how.told + nmt.passed_over(able, options))


def _identity(options: Mapping[str, str]) -> dict[str, str]:
    """The models by digest, the number type, and the prompt where a chat model is asked for scenes."""
    models, side = nmt.used(nmt.routes(able, options)), nmt.together(able, options)
    compute = running("transformers", side, here(), options).compute if side else ""
    asked = {one.card.prompt: digest() if one.card.prompt == "json" else one.card.ask for one in models}
    prompts = {f"prompt {kind}": words for kind, words in asked.items() if kind}
    return {"compute": compute, **prompts, **nmt.identity(able, options)}


def _load(options: Mapping[str, str]) -> Translator:
    found = nmt.routes(able, options)
    market = next(iter(nmt.markets(options)))
    if market not in found:
        raise SetupError(f"no translation model is here for {market}", WHERE, "see localize models list")
    route = found[market]
    how = running("transformers", nmt.together(able, options), here(), options)
    for one in route.hops:
        one.check()
    if route.hops[0].card.prompt == "json":
        from localize.backends.translation._local_chat import LocalChat, SceneChat

        return SceneChat(LocalChat(route.hops[0], how))
    from localize.backends.translation._nmt_lines import Cascade

    between = zip(route.hops, route.languages, route.languages[1:], strict=False)
    whole = any(one.card.family == "chat" for one in route.hops)
    return Cascade(tuple(_hop(one, source, target, how) for one, source, target in between), whole)


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
    available=_available,
    needs="mt",
    identity=_identity,
    terms=lambda options: nmt.terms(able, "Apache-2.0 (transformers)", options),
    by_market=True,
)
