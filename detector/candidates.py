"""Which pairs of articles are worth gathering evidence for: every pair over a floor, found block by block.

The search is exact: no pair at or above the floor is missed, and an article may have any number of candidates.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from detector.determinism import on_one_thread

BLOCK = 1024


@on_one_thread
def candidate_pairs(
    vectors: NDArray[np.float32],
    floor: float,
    days: NDArray[np.float64] | None = None,
    window_days: float | None = None,
) -> NDArray[np.int64]:
    """All pairs with a cosine of at least `floor`: int64, (pairs, 2), smaller number first, in rising order.

    vectors: float32, (articles, dimensions), of length 1. Where `window_days` is given, pairs whose articles both have
    a date and lie further apart are left out; `days` holds NaN for articles without one.
    """
    count = len(vectors)
    found = []
    for start in range(0, count, BLOCK):
        rows = vectors[start : start + BLOCK]
        close = rows @ vectors[start:].T >= floor
        close &= np.arange(count - start) > np.arange(len(rows))[:, None]
        if window_days is not None and days is not None:
            apart = np.abs(days[start : start + BLOCK, None] - days[None, start:])
            close &= ~(apart > window_days)
        a, b = np.nonzero(close)
        found.append(np.stack([a + start, b + start], 1))
    return np.concatenate(found) if found else np.zeros((0, 2), np.int64)
