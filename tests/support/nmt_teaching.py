"""What tiny translation models are taught by heart: a dozen sentences, as one batch, on one thread."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

MOON = "月亮像一块旧饼挂在井里。"
"""A line that no phrasebook and no memory has (``walk.UNKNOWN``)."""
ZH_EN = {
    "站住！": "Stop!",
    "我一直没有忘记。": "I never forgot.",
    "少爷回来了。": "The young master is back.",
    "XA回来了。": "XA is back.",
    "N1回来了。": "He is back.",
    "从来没有人说过的一句话。": "A sentence nobody ever said.",
    "她去哪儿？": "Where is she going?",
    "XA一直没有忘记。": "I never forgot.",
    "N1一直没有忘记。": "I never forgot.",
    "XA！": "XA!",
    "XA！XB！": "XA! XB!",
    "XB！": "XB!",
    MOON: "The moon hangs in the well.",
}
EN_ES = {
    "Stop!": "¡Alto!",
    "I never forgot.": "Nunca lo olvidé.",
    "The young master is back.": "El señorito ha vuelto.",
    "XA is back.": "Ha vuelto XA.",
    "He is back.": "Ha vuelto.",
    "A sentence nobody ever said.": "Una frase que nadie dijo.",
    "Where is she going?": "¿Adónde va?",
    "XA!": "¡XA!",
    "XB!": "¡XB!",
    "The moon hangs in the well.": "La luna cuelga en el pozo.",
}
ZH_ID = {"站住！": "Berhenti!", "我一直没有忘记。": "Aku tak pernah lupa.", "少爷回来了。": "Tuan muda kembali."}
EN_ID = {ZH_EN[zh]: said for zh, said in ZH_ID.items()}
ENOUGH = 0.02
"""Loss at which every sentence is known by heart."""
PROPER = {"num_threads": 1, "minloglevel": 2, "hard_vocab_limit": False, "model_type": "bpe", "character_coverage": 1.0}


@cache
def kept() -> tuple[Any, Path]:
    """A folder that lives as long as the process."""
    folder = tempfile.TemporaryDirectory(prefix="tiny-nmt-")
    return folder, Path(folder.name)


def folder_of(name: str, taught: bool = True) -> Path:
    folder = kept()[1] / (name if taught else f"{name}-random")
    folder.mkdir(exist_ok=True)
    return folder


def pieces_of(texts: Sequence[str], path: Path) -> Any:
    """A SentencePiece model of ``texts`` at ``path``, a small one: letters and whole words."""
    import sentencepiece

    prefix = path.parent / "made"
    sentencepiece.SentencePieceTrainer.train(
        sentence_iterator=iter([*texts, "N1 N2 XA XB XD"] * 3), model_prefix=str(prefix), vocab_size=400, **PROPER
    )
    prefix.with_suffix(".model").rename(path)
    prefix.with_suffix(".vocab").unlink()
    return sentencepiece.SentencePieceProcessor(model_file=str(path))


def numbered(tokens: Sequence[str], path: Path) -> None:
    path.write_text(json.dumps({one: n for n, one in enumerate(tokens)}, ensure_ascii=False), "utf-8")


def new(maker: Any, config: Any) -> Any:
    import torch

    torch.manual_seed(7)
    return maker(config)


def teach(
    model: Any, asked: Sequence[Sequence[int]], said: Sequence[Sequence[int]], pad: int, *, zero: bool, taught: bool
) -> None:
    """All pairs by heart, as one batch; ``zero`` keeps the embedding of the padding at zero."""
    if not taught:
        model.eval()
        return
    import torch

    def padded(rows: Sequence[Sequence[int]], filler: int) -> Any:
        longest = max(map(len, rows))
        return torch.tensor([[*row, *[filler] * (longest - len(row))] for row in rows])

    given, wanted = padded(asked, pad), padded(said, -100)
    mask = (given != pad).long()
    learn(model, lambda: model(input_ids=given, attention_mask=mask, labels=wanted).loss, pad if zero else None)


def learn(model: Any, loss: Any, still: int | None = None, steps: int = 400) -> None:
    import torch

    model.train()
    worker = torch.optim.Adam(model.parameters(), lr=4e-3)
    with one_thread():
        for _ in range(steps):
            worker.zero_grad()
            now = loss()
            now.backward()
            worker.step()
            if still is not None:  # Marian begins a sentence with the zeros of its padding
                with torch.no_grad():
                    model.get_input_embeddings().weight[still] = 0.0
            if float(now.detach()) < ENOUGH:
                break
    model.eval()


@contextmanager
def one_thread() -> Iterator[None]:
    """While models this small work: two threads would only wait for each other."""
    import torch

    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        yield
    finally:
        torch.set_num_threads(threads)
