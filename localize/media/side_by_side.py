"""Work on a stream's items in a few threads, the answers in order, with a bounded number of items alive."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

T = TypeVar("T")
R = TypeVar("R")


def in_order(items: Iterable[T], work: Callable[[T], R], threads: int, alive: int) -> Iterator[R]:
    """``work(item)`` for every item, in the items' order.

    Item ``n`` is taken only after the answer to item ``n - alive`` has been given away, however the threads run: a
    stream that learns from earlier answers always learns from the same ones.  An error comes out where its answer
    would have.
    """
    waiting: deque[Future[R]] = deque()
    with ThreadPoolExecutor(threads) as pool:
        try:
            for item in items:
                waiting.append(pool.submit(work, item))
                if len(waiting) == alive:
                    yield waiting.popleft().result()
            while waiting:
                yield waiting.popleft().result()
        finally:
            for one in waiting:
                one.cancel()
