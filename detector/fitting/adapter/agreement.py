"""How well cosines agree with grades, on texts that were not learned."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random

import numpy as np
import torch

from detector.fitting.adapter.low_rank import TrainedModel
from detector.fitting.adapter.sources import Source

# Pairs of a source that are measured.
MEASURED = 200
# Texts that are encoded at a time.
TEXTS = 32


def agreement(model: TrainedModel, sources: Sequence[Source], tokens: int) -> dict[str, float]:
    """Pearson's correlation of cosine and grade for each source; sources whose grades are all equal are left out."""
    return {
        source.name: round(found, 4) for source in sources if (found := _correlation(model, source, tokens)) is not None
    }


def _correlation(model: TrainedModel, source: Source, tokens: int) -> float | None:
    chooser = Random(0)  # noqa: S311  draws samples, not secrets
    items = chooser.sample(range(len(source)), min(len(source), MEASURED))
    pairs = [source.pair(item, chooser) for item in items]
    grades = np.array([pair.grade for pair in pairs])
    if len(np.unique(grades)) < 2:
        return None
    texts = [text for pair in pairs for text in (pair.a, pair.b)]
    order = sorted(range(len(texts)), key=lambda index: len(texts[index]))
    vectors: list[np.ndarray] = [np.zeros(0)] * len(texts)
    with torch.inference_mode():
        for start in range(0, len(order), TEXTS):
            rows = order[start : start + TEXTS]
            encoded = model.vectors([texts[row] for row in rows], tokens).cpu().numpy()
            for row, vector in zip(rows, encoded, strict=True):
                vectors[row] = vector
    cosines = (np.stack(vectors[::2]) * np.stack(vectors[1::2])).sum(1)
    return float(np.corrcoef(cosines, grades)[0, 1])
