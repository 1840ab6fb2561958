"""PP-OCRv6 small through rapidocr: detection and recognition of Chinese and Latin text, weights inside the
wheel."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

from localize.episode import Box
from localize.errors import SetupError
from localize.roles import READY, Availability, Backend, ReadText

if TYPE_CHECKING:
    from localize.roles import Image

_THREADS = 1
"""Threads per engine.  A second one only waits: a caption band takes 0.12 s with either, and twice the CPU time."""


_COLUMN, _COLUMNS_OF_TWO = 1.45, 2.3
"""Height over width: from the first on rapidocr turns a box, from the second on it must hold two characters or more."""


class RapidOcr:
    """May be called from several threads: each reads with an engine of its own, of the working size it asks for
    (loading takes 0.3 s, reading a caption band 0.1 s), and hands it back for the next.
    """

    def __init__(self) -> None:
        self._idle: dict[int, list[Any]] = {}
        self._choosing = threading.Lock()

    def read(self, image: Image, side: int = 640) -> tuple[ReadText, ...]:
        """Every text in ``image`` (BGR uint8), top to bottom; the detector works on at most ``side``
        pixels."""
        with self._engine(side) as engine:
            # The call options stick to the engine, so all three are given every time.
            found = engine(image, use_det=True, use_cls=False, use_rec=True)
            if getattr(found, "txts", None) is None or found.boxes is None:
                return ()
            height, width = image.shape[:2]
            texts = []
            for corners, text, score in zip(found.boxes, found.txts, found.scores, strict=True):
                x0, y0 = (max(0, int(v)) for v in corners.min(axis=0))
                x1, y1 = (int(v) + 1 for v in corners.max(axis=0))
                box = Box(x0, y0, min(width, x1), min(height, y1))
                if text.strip() and box.width > 0 and box.height > 0:
                    texts.append(_not_lying(engine, image, ReadText(box, text.strip(), round(float(score), 4))))
        return tuple(sorted(texts, key=lambda t: (t.box.y0, t.box.x0)))

    @contextmanager
    def _engine(self, side: int) -> Iterator[Any]:
        with self._choosing:
            idle = self._idle.setdefault(side, [])
            engine = idle.pop() if idle else None
        engine = engine or _loaded(side)
        try:
            yield engine
        finally:
            with self._choosing:
                idle.append(engine)


def _not_lying(engine: Any, image: Image, read: ReadText) -> ReadText:
    """``read``, or what stands there when it is not turned.

    Boxes 1.5 times as tall as wide are taken for columns and turned before they are read; of a single character in a
    tall box (三 over something bright) that makes 111.
    """
    box = read.box
    if not _COLUMN <= box.height / box.width < _COLUMNS_OF_TWO:
        return read
    found = engine(image[box.y0 : box.y1, box.x0 : box.x1], use_det=False, use_cls=False, use_rec=True)
    if getattr(found, "txts", None) is None or len(found.txts[0].strip()) != 1:
        return read
    text, score = found.txts[0].strip(), round(float(found.scores[0]), 4)
    return ReadText(box, text, score) if score > read.confidence or len(read.text) > 2 else read


def _loaded(side: int) -> Any:
    from rapidocr import RapidOCR

    # Limit type "min", the default, enlarges a caption band to 4800 px and takes 27 times as long.
    # One row at a time: in a batch the narrow rows are padded to the widest, which takes longer and lets what is read
    # in a row depend on the rows beside it.
    settings = {
        "Rec.rec_batch_num": 1,
        "Global.log_level": "critical",
        "EngineConfig.onnxruntime.intra_op_num_threads": _THREADS,
        "Det.limit_type": "max",
        "Det.limit_side_len": side,
    }
    return RapidOCR(params=settings)


def _available(options: Mapping[str, str]) -> Availability:
    missing = [name for name in ("rapidocr", "onnxruntime") if find_spec(name) is None]
    if not missing:
        return READY
    return Availability(
        False, f"{' and '.join(missing)} cannot be imported", "pip install rapidocr==3.10.0 onnxruntime"
    )


def _load(options: Mapping[str, str]) -> RapidOcr:
    state = _available(options)
    if not state.ready:
        raise SetupError(f"the ocr engine rapid cannot run: {state.why}", fix=state.fix)
    return RapidOcr()


BACKEND = Backend(
    role="ocr",
    name="rapid",
    version="3.10-ppocrv6-small-3",
    summary="PP-OCRv6 small (detection and recognition) on the CPU; weights ship in the wheel",
    licence="Apache-2.0 (code and weights)",
    commercial_use=True,
    load=_load,
    available=_available,
)
