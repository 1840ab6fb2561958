"""A pyannote pipeline folder of random weights, laid out as the published ones are and made by the library itself."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from localize.backends import _quiet

CONFIG = """dependencies:
  pyannote.audio: 4.0.0
pipeline:
  name: pyannote.audio.pipelines.SpeakerDiarization
  params:
    clustering: VBxClustering
    segmentation: $model/segmentation
    segmentation_step: 0.5
    segmentation_batch_size: 8
    embedding: $model/embedding
    embedding_batch_size: 8
    embedding_exclude_overlap: true
    plda: $model/plda
params:
  clustering: {threshold: 0.6, Fa: 0.07, Fb: 0.8}
  segmentation: {min_duration_off: 0.0}
"""
DIMENSION = 16


@cache
def _kept() -> TemporaryDirectory[str]:
    """Lives as long as the process."""
    return TemporaryDirectory(prefix="tiny-pyannote-")


@cache
def folder() -> Path:
    """``config.yaml`` and the folders ``segmentation``, ``embedding`` and ``plda`` it names."""
    import torch

    with _quiet.quiet():
        from pyannote.audio.core.task import Problem, Resolution, Specifications
        from pyannote.audio.models.embedding import XVectorMFCC
        from pyannote.audio.models.segmentation import PyanNet

    root = Path(_kept().name)
    torch.manual_seed(11)
    heard = PyanNet(lstm={"hidden_size": 8, "num_layers": 1, "monolithic": True}, linear={"hidden_size": 8})
    heard.specifications = Specifications(
        problem=Problem.MONO_LABEL_CLASSIFICATION, resolution=Resolution.FRAME, duration=2.0, min_duration=None,
        warm_up=(0.0, 0.0), classes=["a", "b", "c"], powerset_max_classes=2, permutation_invariant=True,
    )  # fmt: skip
    told = XVectorMFCC(mfcc={"n_mfcc": 8, "melkwargs": {"n_mels": 24}}, dimension=DIMENSION)
    told.specifications = Specifications(
        problem=Problem.REPRESENTATION, resolution=Resolution.CHUNK, duration=2.0, classes=["?"]
    )
    for name, model in (("segmentation", heard), ("embedding", told)):
        model.build()
        _saved(model, root / name)
    _plda(root / "plda")
    (root / "config.yaml").write_text(CONFIG, "utf-8")
    return root


def _saved(model: object, place: Path) -> None:
    """As Lightning and pyannote write a trained model, by the library's own hooks."""
    import torch

    place.mkdir()
    kept = {
        "state_dict": model.state_dict(),  # type: ignore[attr-defined]
        "hyper_parameters": dict(model.hparams),  # type: ignore[attr-defined]
        "pytorch-lightning_version": "2.0.0",
    }
    model.on_save_checkpoint(kept)  # type: ignore[attr-defined]
    torch.save(kept, place / "pytorch_model.bin")


def _plda(place: Path) -> None:
    place.mkdir()
    rng = np.random.default_rng(3)
    spread = np.eye(DIMENSION)
    np.savez(place / "xvec_transform.npz", mean1=np.zeros(DIMENSION), mean2=np.zeros(DIMENSION), lda=spread)
    np.savez(place / "plda.npz", mu=np.zeros(DIMENSION), tr=spread, psi=np.sort(rng.uniform(1, 3, DIMENSION))[::-1])
