"""Headline and lead, where the news stands: one vector for them, to compare two articles by what they report first."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from detector.execution.spool import Spool
from detector.pairs.exact import COARSE, on_grid, unit_on_grid
from detector.records import Embeddings

# Sentences of headline and lead.
LEAD = 2
# Articles in one step.
SHARD = 1 << 12


def lead_vectors(vectors: Embeddings, weights: NDArray[np.float32], folder: Path | None = None) -> NDArray[np.float32]:
    """The mean vector of the first sentences of each article: float32, (articles, dimensions), on the coarse grid.

    Their length is 1. weights: (sentences,), positive, how much each sentence counts in the mean. Every article has at
    least one sentence.
    `folder` is where large arrays are stored. Two articles are compared by the cosine of their vectors.
    """
    leads = Spool(np.float32, vectors.sentences.shape[1], folder)
    for start in range(0, len(vectors.offsets) - 1, SHARD):
        offsets = vectors.offsets[start : start + SHARD + 1]
        sizes = np.minimum(np.diff(offsets), LEAD)
        starts = np.cumsum(sizes) - sizes
        rows = np.arange(sizes.sum()) + np.repeat(offsets[:-1] - starts, sizes)
        weighted = vectors.sentences[rows].astype(np.float64) * weights[rows, None]
        total = np.add.reduceat(weights[rows].astype(np.float64), starts)[:, None]
        leads.append(on_grid(unit_on_grid(np.add.reduceat(weighted, starts) / total), COARSE))
    return leads.array()
