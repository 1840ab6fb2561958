"""Lines in batches by scene, and one batch settled until every line is answered or given up."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby

from localize.backends.translation import _chat_answers as answers
from localize.backends.translation._chat_prompt import line, messages
from localize.backends.translation._chat_protocol import Reply
from localize.backends.translation._refusals import declines
from localize.roles import Translation, TranslationRequest
from localize.version import Spent, Variants

LINES = 24
"""Most lines in one question: an answer of some 4000 tokens, which every server allows."""
CHARACTERS = 12_000
"""Most characters of lines and scene in one question: with the answer below 8000 tokens, the smallest usual context."""
HOPELESS = 4
"""So many questions in a row without a usable line end the repair of a batch."""
AGAIN = "Your last answer lacked these lines or was not the JSON asked for."
UNREADABLE = "the model's answers could not be used"
CUT = "the answer was cut off: let the server write more tokens"
Requests = Sequence[TranslationRequest]


def batches(requests: Requests) -> Iterator[list[TranslationRequest]]:
    """The requests by market and scene, in order; a scene is parted only when it is too large for one question."""
    waiting: list[TranslationRequest] = []
    for _, scene in groupby(requests, key=lambda one: (one.market, one.scene or one.line)):
        for part in _parts(list(scene)):
            if waiting and (waiting[0].market != part[0].market or _too_much([*waiting, *part])):
                yield waiting
                waiting = []
            waiting = [*waiting, *part]
    if waiting:
        yield waiting


def _parts(scene: list[TranslationRequest]) -> Iterator[list[TranslationRequest]]:
    """A scene whole, or halved until it fits."""
    if len(scene) < 2 or not _too_much(scene):
        yield scene
    else:
        yield from _parts(scene[: (len(scene) + 1) // 2])
        yield from _parts(scene[(len(scene) + 1) // 2 :])


def _too_much(batch: Requests) -> bool:
    if len(batch) > LINES:
        return True
    around = {one for request in batch for one in request.context}
    own = sum(len(json.dumps(line(one), ensure_ascii=False)) for one in batch)
    return own + sum(len(one.text) + len(one.speaker) + 8 for one in around) > CHARACTERS


@dataclass
class Settling:
    """One batch on its way.  ``ask`` puts the messages of a question to the server."""

    ask: Callable[[list[dict[str, str]]], Reply]
    taken: dict[str, answers.Said] = field(default_factory=dict)
    doubted: dict[str, tuple[answers.Said, str]] = field(default_factory=dict)
    why: dict[str, str] = field(default_factory=dict)
    idle: int = 0
    tokens_in: int = 0
    tokens_out: int = 0

    def settle(self, batch: Requests) -> None:
        """Ask; then what is missing again: in halves where the answer was cut or declined, else once more, then line
        by line.
        """
        left, reply = self._asked(batch)
        if not left:
            return
        if reply.cut or reply.refusal:
            self._divided(left, len(left) < len(batch))
            return
        left, _ = self._asked(left, AGAIN)
        for one in left if len(batch) > 1 else ():
            if self.idle < HOPELESS:
                self._asked([one], AGAIN)

    def _divided(self, left: Requests, progress: bool) -> None:
        """Halves find the line that a model declines, and make answers short enough."""
        if progress:
            self.settle(left)
        elif len(left) > 1:
            middle = len(left) // 2
            self.settle(left[:middle])
            self.settle(left[middle:])

    def _asked(self, batch: Requests, again: str = "") -> tuple[list[TranslationRequest], Reply]:
        """One question; returns the lines it left open and the reply, a refusal in words told as one."""
        reply = self.ask(messages(batch, again))
        self.tokens_in, self.tokens_out = self.tokens_in + reply.tokens_in, self.tokens_out + reply.tokens_out
        taken, doubted = answers.usable(reply.text, batch)
        if not taken and not doubted and not reply.refusal:
            reply = Reply(reply.text, reply.cut, declines(answers.spoken(reply.text)))
        self.taken |= taken
        self.doubted |= doubted
        self.idle = 0 if taken else self.idle + 1
        left = [one for one in batch if one.line not in taken]
        reason = f"{answers.DECLINED}{reply.refusal}" if reply.refusal else CUT if reply.cut else UNREADABLE
        self.why |= {one.line: reason for one in left}
        return left, reply

    def settled(self, batch: Requests, price: tuple[float, float] | None) -> Iterator[Translation]:
        """Every line of the batch with its share of what was spent; those without a usable answer with a doubt."""
        asked = {one.line: one for one in batch}
        same = set(answers.monotonous({name: said.normal for name, said in self.taken.items()}, asked))
        for number, one in enumerate(batch):
            spent = self._share(number, len(batch), price)
            said, doubt = self.taken.get(one.line), answers.SAME if one.line in same else ""
            if said is None:
                said, doubt = self.doubted.get(one.line, (None, self.why.get(one.line, UNREADABLE)))
            if said is None:
                yield Translation(one.line, Variants(""), "", doubt, spent)
            else:
                yield Translation(one.line, answers.variants(said), said.subtitle or said.normal, doubt, spent)

    def _share(self, number: int, count: int, price: tuple[float, float] | None) -> Spent:
        """Line ``number`` of ``count``: an even share, the remainder with the first."""
        tokens = (self.tokens_in, self.tokens_out)
        mine = [total // count + (total % count if number == 0 else 0) for total in tokens]
        cost = None if price is None else sum(n * each for n, each in zip(mine, price, strict=True)) / 1e6
        return Spent(mine[0], mine[1], cost)
