"""Chat models of transformers: asked for whole scenes like an endpoint, or line by line as translation models want."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from localize.backends.translation._chat_answers import DECLINED, spoken
from localize.backends.translation._chat_protocol import Reply
from localize.backends.translation._chat_repair import Settling, batches
from localize.backends.translation._nmt_hardware import Running
from localize.backends.translation._nmt_lines import HYPOTHESES, Hypothesis
from localize.backends.translation._nmt_models import languages
from localize.backends.translation._protection import spellings
from localize.backends.translation._refusals import TOLD, refuses
from localize.backends.translation._seq2seq import WHERE, weights
from localize.errors import WorkError
from localize.model_cards import Installed
from localize.roles import Translation, TranslationRequest

CONTEXT = 8192
"""Most tokens of question and answer: what longer ones would need in memory is not counted by ``nmt_hardware.toml``."""
ANSWER = 4096
"""Most tokens of an answer in JSON; a batch of lines needs about as many."""
LINE = 160
"""Most tokens of one line's translation."""
BEAMS = 4
"""Answers to choose from for a line that is asked for again."""


class LocalChat:
    """A chat model on this machine.  Greedy decoding: the same question gets the same answer."""

    def __init__(self, model: Installed, how: Running) -> None:
        self._model, self._tokenizer, self._turn = weights(model.folder, model.digest, "chat", how)
        told = getattr(self._model.config, "max_position_embeddings", None) or CONTEXT
        self._context = min(CONTEXT, int(told))

    def ask(self, messages: Sequence[Any], most: int = ANSWER) -> Reply:
        """The answer with its token counts; ``cut`` when question or answer do not fit.

        Raises ``WorkError`` when the library gives up, or the template takes no such conversation.
        """
        return self.answers(messages, most)[0]

    def answers(
        self, messages: Sequence[Any], most: int, count: int = 1, without: Sequence[str] = ()
    ) -> tuple[Reply, ...]:
        """``count`` answers, the likeliest first, of a beam as wide; the words ``without`` are in none of them."""
        import torch

        with self._turn:
            try:
                ids = self._ids(messages)
                room = self._context - ids.shape[1]
                if room < 16:
                    return (Reply(cut=True),)
                with torch.inference_mode():
                    out = self._model.generate(
                        input_ids=ids, attention_mask=torch.ones_like(ids), do_sample=False, num_beams=count,
                        num_return_sequences=count, max_new_tokens=min(most, room), max_length=None, temperature=None,
                        top_p=None, top_k=None, pad_token_id=self._padding(), bad_words_ids=self._tokens(without),
                    )[:, ids.shape[1] :]  # fmt: skip
            except Exception as error:  # a template raises jinja's own errors
                what = f"the model stopped ({type(error).__name__}: {error})"
                raise WorkError(what, WHERE, "choose a smaller model, or ask it over an address") from error
            return tuple(self._reply(one, int(ids.shape[1])) for one in out)

    def _reply(self, tokens: Any, asked: int) -> Reply:
        """One row of answers; behind its end it is filled up."""
        ends = [number for number, one in enumerate(tokens.tolist()) if one in self._ends()]
        said = tokens[: ends[0] + 1] if ends else tokens
        text = self._tokenizer.decode(said, skip_special_tokens=True)
        return Reply(text, not ends, "", asked, len(said))

    def _tokens(self, words: Sequence[str]) -> list[list[int]] | None:
        """Words as tokens, at the beginning and behind a blank."""
        forms = (f"{blank}{form}" for word in words for form in spellings(word) for blank in ("", " "))
        return [self._tokenizer(form, add_special_tokens=False)["input_ids"] for form in forms] or None

    def _ids(self, messages: Sequence[Any]) -> Any:
        told = self._tokenizer.apply_chat_template(list(messages), tokenize=False, add_generation_prompt=True)
        given = self._tokenizer(told, return_tensors="pt", add_special_tokens=False)["input_ids"]
        return given.to(self._model.device)

    def _ends(self) -> set[int]:
        told = self._model.generation_config.eos_token_id
        ends = set(told) if isinstance(told, (list, tuple)) else {told}
        return {*ends, self._tokenizer.eos_token_id} - {None}

    def _padding(self) -> int | None:
        padding = self._tokenizer.pad_token_id
        return padding if padding is not None else next(iter(self._ends()), None)

    def spells(self, mark: str) -> bool:
        """Byte-level vocabularies spell everything."""
        return True


class SceneChat:
    """A chat model that is asked what an endpoint is asked: whole scenes, answers in JSON, checked line by line."""

    def __init__(self, chat: LocalChat) -> None:
        self._chat = chat

    def translate(self, requests: Sequence[TranslationRequest]) -> Iterator[Translation]:
        """Every line once; what the model declined, lost or spoilt comes with a doubt."""
        for batch in batches(requests):
            settling = Settling(self._chat.ask)
            settling.settle(batch)
            yield from settling.settled(batch, None)


class LineChat:
    """A chat model made for translation as a hop: one text, one translation, in the words its card asks for."""

    def __init__(self, chat: LocalChat, prompt: str, ask: str, source: str, target: str) -> None:
        self._chat, self._prompt, self._words, self._languages = chat, prompt, ask, (source, target)

    def spells(self, mark: str) -> bool:
        return self._chat.spells(mark)

    def translate(self, texts: Sequence[str], count: int, without: Sequence[str] = ()) -> list[tuple[Hypothesis, ...]]:
        """One translation each; several only where a line is asked for again: every beam costs as much as the first.

        Where all that is said is a refusal, it comes with a doubt: it may be the line.
        """
        return [self._said(text, BEAMS if count > HYPOTHESES else 1, without) for text in texts]

    def _said(self, text: str, count: int, without: Sequence[str]) -> tuple[Hypothesis, ...]:
        replies = self._chat.answers(self.messages(text), LINE, count, without)
        told = [" ".join(spoken(one.text).split()).strip('"“”') for one in replies if not one.cut]
        found = {said: refuses(said, text) for said in told if said}
        taken = tuple(Hypothesis(said) for said, refused in found.items() if not refused)
        return taken or tuple(Hypothesis(said, doubt=f"{DECLINED}{said[:TOLD]}") for said in found)

    def messages(self, text: str) -> list[dict[str, Any]]:
        """The conversation for one text."""
        source, target = self._languages
        if self._prompt == "gemma":
            part = {"type": "text", "source_lang_code": source, "target_lang_code": target, "text": text}
            return [{"role": "user", "content": [part]}]
        names = languages()[target]
        asked = self._words.format(language=names["chinese"], name=names["name"], text=text)
        return [{"role": "user", "content": asked}]
