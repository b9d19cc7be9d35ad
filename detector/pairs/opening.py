"""The openings of articles, where the news stands: as much as the encoder reads at once.

An adapter learns from openings, so their plain cosine, in the space of the encoder, is what it is best at.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from detector.execution.spool import Spool
from detector.pairs.exact import FINE, on_grid, unit_on_grid
from detector.records import Embeddings

# Articles in one step.
SHARD = 1 << 10


def opening_vectors(raw: Embeddings, weights: NDArray[np.float32], folder: Path | None = None) -> NDArray[np.float64]:
    """The vector of the opening of each article: float64, (articles, dimensions), of length 1, on the fine grid.

    It is the mean of the sentences in the first window. raw: the vectors as the encoder gave them. weights:
    (sentences,), positive whole numbers, how much each sentence counts. Every article has at least one sentence.
    `folder` is where large arrays are stored.
    """
    openings = Spool(np.float64, raw.sentences.shape[1], folder)
    for start in range(0, len(raw.offsets) - 1, SHARD):
        offsets = raw.offsets[start : start + SHARD + 1]
        rows = np.arange(offsets[0], offsets[-1])
        first = np.repeat(offsets[:-1], np.diff(offsets))
        if raw.windows is not None:
            rows = rows[raw.windows[rows] == raw.windows[first]]
        article = np.searchsorted(offsets, rows, "right") - 1
        starts = np.searchsorted(article, np.arange(len(offsets) - 1))
        weighted = on_grid(raw.sentences[rows], FINE) * weights[rows, None].astype(np.float64)
        total = np.add.reduceat(weights[rows].astype(np.float64), starts)[:, None]
        openings.append(unit_on_grid(np.add.reduceat(weighted, starts) / total))
    return openings.array()
