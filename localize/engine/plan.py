"""What would run, and why: drawn and shown before any work starts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from localize import backends
from localize.adaptation import LEVELS
from localize.engine.order import Order
from localize.errors import GateError, SetupError
from localize.roles import Availability, Backend, Role
from localize.stages import Choice

PREFERENCE: Mapping[Role, tuple[str, ...]] = {
    "ocr": ("rapid",),
    "separation": ("centre",),
    "asr": ("whisperx", "faster_whisper", "openai_speech"),
    "alignment": ("whisperx",),
    "diarization": ("pyannote", "classical", "resemblyzer"),
    "active_speaker": ("mouths",),
    "gaze": ("face_mesh",),
    "translation": ("openai_chat", "ctranslate2", "transformers"),
    "tts": ("openai_speech", "coqui", "espeak"),
    "inpainting": ("neighbours", "opencv"),
    "faceswap": (),
    "lipsync": (),
}
"""Which engine is taken when several are ready; an engine a person names always wins.

``classical`` comes before ``resemblyzer`` because it tells more lines right in every row of docs/measured.md.
"""

OPTIONAL: frozenset[Role] = frozenset({"active_speaker", "asr", "gaze", "translation", "faceswap", "lipsync"})
"""Roles a run can do without: their stage says so in the plan instead of failing."""

UNDRIVEN: frozenset[Role] = frozenset({"faceswap", "lipsync"})
"""Roles whose stage the pipeline does not call yet: the plan says "no engine" whatever is installed."""

STAGES: tuple[tuple[str, Role | None, str], ...] = (
    ("probe", None, "container, streams, rotation, frame rate (PyAV)"),
    ("shots", None, "cuts by colour and histogram change"),
    ("ocr", "ocr", "burned-in captions and other text"),
    ("separate", "separation", "dialogue versus music and effects"),
    ("transcribe", "asr", "sidecar → embedded → fusion of captions and speech recognition, or either"),
    ("diarize", "diarization", "who speaks, seeded by the cast's reference clips"),
    ("watch", "active_speaker", "whose mouth moves, where a voice is not clear"),
    ("gaze", "gaze", "where heads turn, where nothing else tells whom a line is said to"),
    ("translate", "translation", "script → series memory → phrasebook → engine"),
    ("adapt", None, "market rules; every change on the record"),
    ("synthesize", "tts", "one voice per character"),
    ("fit", None, "variant → borrow silence → trim → stretch ≤ 1.2× → flag ≤ 1.4×"),
    ("mix", None, "ducked music and effects, −14 LUFS, ≤ −1 dBTP"),
    ("caption", None, "market limits, safe area, steady baseline (libass)"),
    ("erase", "inpainting", "burned-in captions and replaced texts, stored as lossless patches"),
    ("faceswap", "faceswap", "no engine ships; needs one and a consent"),
    ("lipsync", "lipsync", "no engine ships; needs one and a consent"),
    ("film", None, "one x264 encode per picture, while the sound is made"),
    ("render", None, "picture and sound together; nothing is encoded twice"),
    ("metadata", None, "title, synopsis, tags per market; draft until signed"),
    ("qc", None, "checks and one report per version"),
    ("package", None, "a delivered version never changes"),
)
"""The walk, in order: stage, the role it needs an engine for, what it does."""


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the plan.  ``better`` names an engine that is missing, ``fix`` the command that gets it."""

    stage: str
    engine: str
    why: str
    licence: str = ""
    grade: str = ""
    better: str = ""
    fix: str = ""


@dataclass(frozen=True, slots=True)
class Plan:
    """The rows a person reads and the choices the pipeline uses."""

    rows: tuple[Row, ...]
    choices: Mapping[Role, Choice]

    def choice(self, role: Role) -> Choice:
        """The engine chosen for a role that must have one."""
        return self.choices[role]

    def translator(self, market: str) -> Choice | None:
        """The engine that translates for one market: None without one, and where its models serve other markets."""
        chosen = self.choices.get("translation")
        if chosen is None:
            return None
        card, options = backends.card(chosen.role, chosen.name), dict(chosen.options)
        if not card.by_market:
            return chosen
        own = _narrowed(options, market)
        return Choice.of(card, own) if _serves(card, own) else None

    def grade(self) -> str:
        """``preview`` as soon as one engine in use is only that."""
        return "preview" if any(row.grade == "preview" for row in self.rows) else "delivery"


def draw(order: Order) -> Plan:
    """Choose an engine per role.  Raises ``SetupError`` when a needed role has none, ``GateError`` for a licence."""
    choices: dict[Role, Choice] = {}
    rows = [_row(stage, role, what, order, choices) for stage, role, what in STAGES]
    return Plan(tuple(rows), choices)


def _row(stage: str, role: Role | None, what: str, order: Order, choices: dict[Role, Choice]) -> Row:
    if stage == "adapt":
        return Row(
            stage, "built in", f"level {order.adapt_level}: {LEVELS[order.adapt_level]}; every change on the record"
        )
    if role is None or (stage == "synthesize" and "dub" not in order.deliver):
        skipped = role is not None
        return Row(stage, "not needed" if skipped else "built in", "no dub was asked for" if skipped else what)
    if role == "separation" and order.music_effects is not None:
        picked = _pick(role, order) or _none(role, order)
        choices[role] = Choice.of(picked, _options(picked, order))
        return Row(stage, "M&E track", f"the M&E track given with --me: {order.music_effects.name}")
    card = _pick(role, order)
    better, fix = _better(role, card, order)
    if role in UNDRIVEN and order.engines.get(role):
        raise SetupError(f"the pipeline does not call the {role} stage yet", "--engine", f"leave --engine {role}=… out")
    if card is None or role in UNDRIVEN:
        if role not in OPTIONAL:
            _none(role, order)
        return Row(stage, _without(role), what, better=better, fix=fix)
    choices[role] = Choice.of(card, _options(card, order))
    why = "; ".join(filter(None, (card.summary, card.available(_options(card, order)).why)))
    return Row(stage, f"{card.name} {card.version}", why, card.licence, card.grade, better, fix)


def _options(card: Backend, order: Order) -> Mapping[str, str]:
    """What the order tells an engine, and the markets where its model depends on them."""
    given = order.options.get(card.role, {})
    if not card.by_market:
        return given
    accepted = {"noncommercial": "yes"} if order.allow_noncommercial else {}
    return {**given, **accepted, "markets": ",".join(market.code for market in order.markets)}


def _narrowed(options: Mapping[str, str], market: str) -> dict[str, str]:
    """The options of one market: those of all, for their models share the machine, and which one it is."""
    return {**options, "market": market}


def _serves(card: Backend, options: Mapping[str, str]) -> bool:
    """Whether the engine has a model for the market in ``options`` whose licence is accepted."""
    refused = card.under(options).commercial_use is False and "noncommercial" not in options
    return card.available(options).ready and not refused


def _served(card: Backend, order: Order) -> int:
    """How many of the order's markets an engine that is ready serves."""
    if not card.by_market:
        return len(order.markets)
    options = _options(card, order)
    return sum(_serves(card, _narrowed(options, market.code)) for market in order.markets)


def _state(card: Backend, order: Order) -> Availability:
    return card.available(_options(card, order))


def _without(role: Role) -> str:
    return {"translation": "script, memory, phrasebook", "asr": "subtitles or captions"}.get(role, "no engine")


def _pick(role: Role, order: Order) -> Backend | None:
    """The named engine, else the first ready one in order of preference, else any ready third-party one; one whose
    models serve more of the markets comes before.  The card tells the licence of the model that would run.
    """
    named = order.engines.get(role)
    if named:
        return _named(role, named, order)
    ready = (card.under(_options(card, order)) for card in _preferred(role) if _state(card, order).ready)
    allowed = [card for card in ready if card.commercial_use is not False or order.allow_noncommercial]
    return max(allowed, key=lambda card: _served(card, order), default=None)  # of equals the first


def _named(role: Role, name: str, order: Order, where: str = "") -> Backend:
    """The card of an engine somebody named.  Raises ``SetupError`` when it cannot run, ``GateError`` for a licence."""
    card = backends.card(role, name)
    state = _state(card, order)
    if not state.ready:
        raise SetupError(f"the {role} engine {name} cannot run: {state.why}", where, state.fix)
    card = card.under(_options(card, order))
    _licensed(card, order)
    return card


def named_choice(role: Role, name: str, order: Order, where: str = "") -> Choice:
    """An engine that is needed beside the plan's, because of what ``where`` names."""
    card = _named(role, name, order, where)
    return Choice.of(card, _options(card, order))


def _preferred(role: Role) -> list[Backend]:
    """Every engine of a role, those people would rather have first."""
    cards = backends.known(role)
    names = [name for name in PREFERENCE[role] if name in cards] + [n for n in cards if n not in PREFERENCE[role]]
    return [cards[name] for name in names]


def _licensed(card: Backend, order: Order) -> None:
    if card.commercial_use is False and not order.allow_noncommercial:
        raise GateError(
            f"{card.name} is licensed for non-commercial use only ({card.licence})",
            f"{card.role} engine",
            "choose another engine, or add --allow-noncommercial if that is your use",
        )


def _better(role: Role, chosen: Backend | None, order: Order) -> tuple[str, str]:
    """The first engine people would rather have that cannot run here, and how to get it."""
    for card in _preferred(role):
        state = _state(card, order)
        wanted = chosen is None or (chosen.grade == "preview" and card.grade == "delivery")
        if (chosen is None or card.name != chosen.name) and wanted and not state.ready:
            return f"{card.name}: {state.why}", state.fix
    return "", ""


def _none(role: Role, order: Order) -> Backend:
    states = {name: _state(card, order) for name, card in backends.known(role).items()}
    reasons = (f"{name}: {state.why or 'non-commercial, see --allow-noncommercial'}" for name, state in states.items())
    raise SetupError(f"no {role} engine can run here", "; ".join(reasons), "localize doctor says what to install")
