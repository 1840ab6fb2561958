"""A chat model small enough to be made by a test, served by transformers' real tokenizer, template and decoding."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

TEMPLATE = (
    "{% for one in messages %}<|{{ one.role }}|>{{ one.content }}<|end|>{% endfor %}"
    "{% if add_generation_prompt %}<|assistant|>{% endif %}"
)
Messages = Sequence[dict[str, str]]


class ChatModel:
    """A GPT-2 of one layer whose weights are written by hand: it knows one answer to one conversation, by position, and
    ends at once anywhere else.  ``most`` is how many tokens it may write.
    """

    def __init__(self, messages: Messages, answer: str) -> None:
        import torch
        import transformers

        self.most = 400
        self.tokenizer = _tokenizer([*(one["content"] for one in messages), answer])
        asked = self._tokens(messages).shape[1]
        said = self.tokenizer(answer, add_special_tokens=False)["input_ids"]
        config = transformers.GPT2Config(
            vocab_size=len(self.tokenizer), n_positions=4096, n_embd=len(said), n_layer=1, n_head=1, n_inner=8,
            tie_word_embeddings=False, bos_token_id=None, eos_token_id=self.tokenizer.eos_token_id,
            pad_token_id=self.tokenizer.eos_token_id,
        )  # fmt: skip
        self.model = transformers.GPT2LMHeadModel(config).eval()
        with torch.no_grad():
            for weight in self.model.parameters():
                weight.zero_()
            self.model.transformer.ln_f.weight.fill_(1.0)
            for number, token in enumerate(said):
                self.model.transformer.wpe.weight[asked - 1 + number, number] = 1.0
                self.model.lm_head.weight[token, number] = 1.0

    def _tokens(self, messages: Messages) -> Any:
        text = self.tokenizer.apply_chat_template(list(messages), tokenize=False, add_generation_prompt=True)
        return self.tokenizer(text, return_tensors="pt", add_special_tokens=False)["input_ids"]

    def complete(self, messages: Messages) -> dict[str, Any]:
        """A chat completion with the real counts and the real reason to stop."""
        import torch

        asked = self._tokens(messages)
        with torch.no_grad():
            out = self.model.generate(
                asked, attention_mask=torch.ones_like(asked), max_new_tokens=self.most, do_sample=False
            )[0, asked.shape[1] :]
        ended = bool(len(out)) and int(out[-1]) == self.tokenizer.eos_token_id
        text = self.tokenizer.decode(out, skip_special_tokens=True)
        usage = {"prompt_tokens": int(asked.shape[1]), "completion_tokens": len(out)}
        message = {"role": "assistant", "content": text}
        return {"choices": [{"message": message, "finish_reason": "stop" if ended else "length"}], "usage": usage}


def _tokenizer(texts: Sequence[str]) -> Any:
    """A byte-level BPE whose words are those of ``texts``."""
    import transformers
    from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers

    base = Tokenizer(models.BPE())
    base.pre_tokenizer, base.decoder = pre_tokenizers.ByteLevel(add_prefix_space=False), decoders.ByteLevel()
    special = ["<|end|>", "<|system|>", "<|user|>", "<|assistant|>"]
    alphabet = pre_tokenizers.ByteLevel.alphabet()
    trainer = trainers.BpeTrainer(
        vocab_size=1500, min_frequency=1, special_tokens=special, initial_alphabet=alphabet, show_progress=False
    )
    base.train_from_iterator(texts, trainer)
    made = transformers.PreTrainedTokenizerFast(tokenizer_object=base, eos_token="<|end|>")
    made.chat_template = TEMPLATE
    return made


@contextmanager
def serving(model: ChatModel) -> Iterator[str]:
    """The base address of a server of the OpenAI chat protocol with ``model`` behind it."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["content-length"])))
            data = json.dumps(model.complete(body["messages"])).encode()
            self.send_response(200 if self.path == "/v1/chat/completions" else 404)
            self.send_header("content-length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, *args: object) -> None:
            """Stay quiet."""

    server = HTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}/v1"
    finally:
        server.shutdown()
        server.server_close()
