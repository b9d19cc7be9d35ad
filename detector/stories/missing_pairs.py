"""The pairs that big batches owe their stories: those the search for neighbours left out, where they would count.

In a big batch an article is paired with its nearest neighbours only, and a pair that was never a candidate counts as
no link. Inside a story, and between two stories that one strong pair ties, that would be a judgement without a look:
so these pairs are scored as well, until stories no longer ask for any.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from detector.pairs.near_duplicates import without_copies

# Pairs owed inside a story, or between two, at most: beyond, a story is so big that those found speak for it.
MOST = 1 << 14


def missing_pairs(
    labels: NDArray[np.int64],
    pairs: NDArray[np.integer],
    probabilities: NDArray[np.float64],
    threshold: float,
    copy_of: NDArray[np.int64],
) -> NDArray[np.int64]:
    """The pairs that are not among `pairs` and would count: (owed, 2), smaller number first, in rising order.

    labels: (articles,), the stories found so far; probabilities: (pairs,); copy_of: (articles,), the article that each
    is a copy of, itself where of none: copies are spoken for by what they are copies of. Owed are the pairs inside a
    story, and those between two stories whose known pairs, alone, would join them.
    """
    count = len(labels)
    first = np.flatnonzero(copy_of == np.arange(count))
    firsts = without_copies(pairs, copy_of)
    known, likely = pairs[firsts], probabilities[firsts]
    order = first[np.argsort(labels[first], kind="stable")]
    starts = np.searchsorted(labels[order], np.arange(labels.max(initial=-1) + 2))
    a, b = labels[known[:, 0]], labels[known[:, 1]]
    stories = labels.max(initial=0) + 1
    keys, link = np.unique(np.minimum(a, b) * stories + np.maximum(a, b), return_inverse=True)
    del a, b  # as long as all pairs
    counts = np.bincount(link, minlength=len(keys))
    one, other = np.divmod(keys, stories)
    sizes = np.diff(starts)
    whole = np.where(one == other, sizes[one] * (sizes[one] - 1) // 2, sizes[one] * sizes[other])
    promising = np.bincount(link, likely, len(keys)) >= threshold * counts
    asked = (counts < whole) & (whole <= MOST) & ((one == other) | promising)
    owed = [
        _between(order, starts, a, b, count) for a, b in zip(one[asked].tolist(), other[asked].tolist(), strict=True)
    ]
    codes = np.unique(np.concatenate([np.zeros(0, np.int64), *owed]))
    missing = np.setdiff1d(codes, known.min(1).astype(np.int64) * count + known.max(1), assume_unique=True)
    return np.stack(np.divmod(missing, count), 1)


def _between(
    order: NDArray[np.int64], starts: NDArray[np.int64], one: int, other: int, count: int
) -> NDArray[np.int64]:
    """All pairs between two stories, or inside one, each as one number: smaller × articles + greater."""
    a, b = order[starts[one] : starts[one + 1]], order[starts[other] : starts[other + 1]]
    pairs = np.stack(np.meshgrid(a, b, indexing="ij"), -1).reshape(-1, 2)
    if one == other:
        pairs = pairs[pairs[:, 0] < pairs[:, 1]]
    return np.asarray(pairs.min(1) * count + pairs.max(1))
