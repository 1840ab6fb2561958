"""Translation models on this machine: real layouts, the engines' own loading and decoding, and a whole walk.

The models are tiny and know a dozen sentences by heart (``tiny_nmt``), so what is right can be told.
"""

from __future__ import annotations

import json
import shutil
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import nmt_teaching
import pytest
import tiny_chat
import tiny_nmt
import walk
from chat_model import ChatModel
from walk import Place

from localize import backends
from localize.backends.translation._chat_prompt import messages
from localize.backends.translation._nmt_models import languages
from localize.engine.weights import import_model
from localize.errors import SetupError, WorkError
from localize.model_cards import home, installed
from localize.model_cards import known as known_models
from localize.roles import SceneLine, Translation, TranslationRequest
from localize.version import Variants

pytest.importorskip("ctranslate2", reason="needs localize-drama[nmt]")
pytest.importorskip("transformers", reason="needs localize-drama[mt]")
pytest.importorskip("torch", reason="the models are made with torch")

TERMS = (("少爷", "Young Master"),)


@pytest.fixture(autouse=True)
def own_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    for name in ("MODEL", "DEVICE", "COMPUTE", "BATCH"):
        monkeypatch.delenv(f"LOCALIZE_MT_{name}", raising=False)
    monkeypatch.setenv("LOCALIZE_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("LOCALIZE_MT_DEVICE", "cpu")
    with nmt_teaching.one_thread():
        yield


def ask(engine: str, market: str, *lines: str, terms: tuple[tuple[str, str], ...] = ()) -> list[Translation]:
    asked = [TranslationRequest(f"L{n}", text, market, 2.0, terms=terms) for n, text in enumerate(lines)]
    made = backends.load("translation", engine, {"market": market})
    return sorted(made.translate(asked), key=lambda one: one.line)


def dubs(found: list[Translation]) -> list[str]:
    return [one.dub.normal for one in found]


# ── CTranslate2 ─────────────────────────────────────────────────────────────────────────────────────────────────────
def test_a_converted_marian_translates_and_keeps_terms() -> None:
    import_model(tiny_nmt.converted("zh", "en"), "opus-mt-zh-en")
    found = ask("ctranslate2", "en-US", "站住！我一直没有忘记。", "少爷回来了。", "少爷！", "……！", terms=TERMS)
    assert dubs(found) == ["Stop! I never forgot.", "Young Master is back.", "Young Master!", "…!"]
    assert not any(one.doubt or one.told or one.pivot for one in found)
    [plain] = ask("ctranslate2", "en-US", "少爷回来了。")
    assert plain.dub.normal == "The young master is back."


def test_two_converted_marians_go_through_english_and_say_so() -> None:
    import_model(tiny_nmt.converted("zh", "en"), "opus-mt-zh-en")
    import_model(tiny_nmt.converted("en", "es"), "opus-mt-en-es")
    found = ask("ctranslate2", "es-419", "我一直没有忘记。", "少爷回来了。", terms=(("少爷", "joven señor"),))
    assert dubs(found) == ["Nunca lo olvidé.", "Ha vuelto joven señor."]
    assert [one.pivot for one in found] == ["I never forgot.", "[少爷 → joven señor] is back."]


def test_quickmt_and_a_converted_nllb_are_spoken_to_in_their_own_way() -> None:
    import_model(tiny_nmt.quick(), "quickmt-zh-en")
    found = ask("ctranslate2", "en-US", "站住！", "少爷回来了。", terms=TERMS)
    assert dubs(found) == ["Stop!", "Young Master is back."]
    import_model(tiny_nmt.converted_many("nllb"), "nllb-200-600m")
    assert dubs(ask("ctranslate2", "id-ID", "站住！", "我一直没有忘记。")) == ["Berhenti!", "Aku tak pernah lupa."]


def test_a_converted_m2m100_is_told_both_languages_and_keeps_terms() -> None:
    import_model(tiny_nmt.converted_many("m2m100"), "m2m100-418m")
    found = ask("ctranslate2", "en-US", "站住！我一直没有忘记。", "少爷回来了。", terms=TERMS)
    assert dubs(found) == ["Stop! I never forgot.", "Young Master is back."]
    assert not any(one.doubt or one.told or one.pivot for one in found)
    assert dubs(ask("ctranslate2", "id-ID", "站住！", "少爷回来了。")) == ["Berhenti!", "Tuan muda kembali."]
    assert ask("ctranslate2", "en-US", "站住！") == ask("ctranslate2", "en-US", "站住！")


def test_a_term_no_mark_carries_through_is_told() -> None:
    import_model(tiny_nmt.converted("zh", "en"), "opus-mt-zh-en")
    [one] = ask("ctranslate2", "en-US", "我一直没有忘记。", terms=(("我", "Myself"),))
    assert one.dub.normal == "I never forgot." and "我: no mark came through" in one.told[0]


def test_one_by_one_or_side_by_side_is_the_same() -> None:
    import_model(tiny_nmt.converted("zh", "en"), "opus-mt-zh-en")
    lines = list(nmt_teaching.ZH_EN)[:6]
    together = ask("ctranslate2", "en-US", *lines)
    assert dubs(together) == [ask("ctranslate2", "en-US", line)[0].dub.normal for line in lines]
    assert ask("ctranslate2", "en-US", *lines) == together


def test_weights_that_were_changed_are_not_loaded() -> None:
    model = import_model(tiny_nmt.converted("zh", "en"), "opus-mt-zh-en")
    data = (model.folder / "model.bin").read_bytes()
    (model.folder / "model.bin").write_bytes(data[:-1] + bytes([data[-1] ^ 1]))
    with pytest.raises(SetupError, match=r"model\.bin was changed \(SHA-256\)"):
        backends.card("translation", "ctranslate2").load({"market": "en-US"})


def test_what_is_no_model_is_a_typed_error() -> None:
    folder = home().parent / "broken"
    folder.mkdir(parents=True)
    for name in ("config.json", "shared_vocabulary.json", "source.spm", "target.spm"):
        (folder / name).write_bytes((tiny_nmt.converted("zh", "en") / name).read_bytes())
    (folder / "model.bin").write_bytes(b"no model at all")
    import_model(folder, "opus-mt-zh-en")
    with pytest.raises(SetupError, match="cannot be loaded") as caught:
        ask("ctranslate2", "en-US", "站住！")
    assert caught.value.fix


# ── transformers ────────────────────────────────────────────────────────────────────────────────────────────────────
def test_marian_of_transformers_agrees_with_its_converted_self() -> None:
    import_model(tiny_nmt.marian("zh", "en"))
    import_model(tiny_nmt.marian("en", "es"))
    found = ask("transformers", "en-US", "站住！", "少爷回来了。", terms=TERMS)
    assert dubs(found) == ["Stop!", "Young Master is back."]
    [one] = ask("transformers", "es-419", "少爷！", terms=(("少爷", "joven señor"),))
    assert (one.dub.normal, one.pivot) == ("¡Joven señor!", "[少爷 → joven señor]!")


@pytest.mark.parametrize(("name", "made"), [("m2m100-418m", tiny_nmt.m2m100), ("nllb-200-600m", tiny_nmt.nllb)])
def test_models_of_many_languages_are_told_which(name: str, made: Any) -> None:
    import_model(made(), name)
    assert dubs(ask("transformers", "en-US", "站住！", "我一直没有忘记。")) == ["Stop!", "I never forgot."]
    assert dubs(ask("transformers", "id-ID", "站住！", "我一直没有忘记。")) == ["Berhenti!", "Aku tak pernah lupa."]


@pytest.mark.parametrize("name", ["hunyuan-mt-7b", "translategemma-4b"])
def test_chat_models_made_for_translation_get_their_own_words(name: str) -> None:
    made = tiny_chat.chat() if name.startswith("hunyuan") else tiny_chat.chat("tiny-gemma", "zh en: {text}")
    import_model(made, name)
    found = ask("transformers", "en-US", "站住！", "少爷回来了。", terms=TERMS)
    assert dubs(found) == ["Stop!", "Young Master is back."]
    assert not any(one.dub.short or one.dub.long for one in found), "one answer has one length"


def test_words_a_chat_model_declines_with_are_kept_beside_their_doubt(tmp_path: Path) -> None:
    ask_for = known_models()["hunyuan-mt-7b"].ask
    words = languages()["en"]
    asked = ask_for.format(language=words["chinese"], name=words["name"], text="你去死。")
    declined = "I'm sorry, but I can't translate this content."
    known = ChatModel([{"role": "user", "content": asked}], declined)
    known.model.save_pretrained(tmp_path / "chat")
    known.tokenizer.save_pretrained(tmp_path / "chat")
    import_model(tmp_path / "chat", "hunyuan-mt-7b")
    [one] = ask("transformers", "en-US", "你去死。")
    assert one.dub.normal == declined and one.doubt == f"the model declined: {declined}"


def test_a_chat_model_asked_for_scenes_has_its_answer_checked() -> None:
    import_model(tiny_chat.chat(), "qwen2.5-7b-instruct")
    [one] = ask("transformers", "en-US", "站住！")
    assert one.doubt and not one.dub.normal and one.spent.tokens_in > 100


def test_a_chat_model_answers_for_a_whole_scene(tmp_path: Path) -> None:
    scene = (SceneLine("L0001", "Lu Chen", "站住！"), SceneLine("L0002", "Shen Wan", "我一直没有忘记。"))
    asked = [TranslationRequest(one.line, one.text, "en-US", 1.5, scene="S", context=scene) for one in scene]
    said = [
        {"id": "L0001", "normal": "Stop!", "short": "Stop!", "long": "Stop right there!", "subtitle": "Stop!"},
        {"id": "L0002", "normal": "I never forgot.", "short": "I know.", "long": "", "subtitle": "Never."},
    ]
    known = ChatModel(messages(asked), json.dumps({"lines": said}))
    known.model.save_pretrained(tmp_path / "chat")
    known.tokenizer.save_pretrained(tmp_path / "chat")
    import_model(tmp_path / "chat", "qwen2.5-7b-instruct")
    engine = backends.load("translation", "transformers", {"market": "en-US"})
    found = {one.line: one for one in engine.translate(asked)}
    assert found["L0001"].dub == Variants("Stop!", "Stop!", "Stop right there!") and not found["L0001"].doubt
    assert (found["L0002"].dub.short, found["L0002"].subtitle) == ("I know.", "Never.")
    assert found["L0001"].spent.tokens_out > 20


def test_a_template_that_takes_no_such_conversation_is_a_typed_error(tmp_path: Path) -> None:
    folder = tmp_path / "strict"
    shutil.copytree(tiny_chat.chat(), folder)
    (folder / "chat_template.jinja").write_text("{{ raise_exception('only assistants') }}", "utf-8")
    import_model(folder, "hunyuan-mt-7b")
    with pytest.raises(WorkError, match="only assistants"):
        ask("transformers", "en-US", "站住！")


# ── both ────────────────────────────────────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize("engine", ["ctranslate2", "transformers"])
def test_a_sentence_cut_at_the_limit_is_no_translation(engine: str) -> None:
    import_model(tiny_nmt.endless_converted() if engine == "ctranslate2" else tiny_nmt.endless(), "opus-mt-zh-en")
    [one] = ask(engine, "en-US", "从来没有人说过的一句话。")
    assert one.dub == Variants("") and one.doubt == "the model gave no usable translation"


# ── the walk ────────────────────────────────────────────────────────────────────────────────────────────────────────
def test_a_walk_with_models_on_this_machine(clip: Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    place = walk.copy(clip, tmp_path / "place")
    monkeypatch.setenv("LOCALIZE_HOME", str(place.home))
    how = {"deliver": "clean", "engine": ["translation=ctranslate2", "diarization=classical"]}
    place.run("en", deliver="clean", engine=["diarization=classical"])
    walk.with_an_unknown_line(place, place)
    for script in (place.series / "scripts").iterdir():
        kept = [row for row in script.read_text("utf-8").splitlines(keepends=True) if nmt_teaching.MOON not in row]
        script.write_text("".join(kept), encoding="utf-8")
    import_model(tiny_nmt.converted("zh", "en"), "opus-mt-zh-en")
    import_model(tiny_nmt.converted("en", "es"), "opus-mt-en-es")

    ran = place.run("en,es,id", **how)
    assert [one.market for one in ran.outcome.delivered] == ["en-US", "es-419"]
    [(market, error)] = ran.outcome.failed
    assert (market, ran.outcome.exit_code) == ("id-ID", 5) and nmt_teaching.MOON in str(error), "no model serves id-ID"
    line = next(row["id"] for row in walk.rows(place.table("en-US")) if row["source"] == nmt_teaching.MOON)
    for market, said in (("en-US", "The moon hangs in the well."), ("es-419", "La luna cuelga en el pozo.")):
        row = walk.cells(place.table(market), line)
        assert (row["dub"], row["subtitle"], row["origin"], row["status"]) == (said, said, "machine", "draft")
    told = json.loads((place.version("es-419") / "manifest.json").read_text("utf-8"))
    assert any("CC-BY-4.0 (opus-mt-zh-en), Apache-2.0 (opus-mt-en-es)" in one for one in told["licences"])
    receipt = translated(place, f"{line} es-419")
    digests = [one.digest[:16] for one in installed().values()]
    assert receipt["recipe"]["engine"]["es-419"] == f"opus-mt-zh-en {digests[0]} → opus-mt-en-es {digests[1]}"
    assert receipt["answer"]["pivot"] == "The moon hangs in the well." and "opus-mt-en-es" in receipt["licence"]
    why = place.cli("why", place.episode, line, "--to", "es", "--store", place.store)
    assert "through English: The moon hangs in the well." in why.stdout, why.stderr
    report = (place.version("es-419") / "report.html").read_text("utf-8")
    assert "through “The moon hangs in the well.”" in report

    again = place.run("en,es", **how)
    assert again.done() == Counter()


def translated(place: Place, title: str) -> dict[str, Any]:
    """The receipt of a line's translation by an engine."""
    found = (json.loads(path.read_text("utf-8")) for path in (place.store / "receipts").rglob("*.json"))
    return next(one for one in found if one["title"] == title and "engine" in one["recipe"])
