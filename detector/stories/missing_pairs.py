"""Pairs that the nearest-neighbour search skipped and that could still change the stories of a big batch.

In a big batch an article is paired with its nearest neighbours only, and a pair that is not a candidate counts as
probability 0. Inside a story, and between two stories that a strong pair connects, that could be wrong. So these pairs
are scored too, until no more are missing.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from detector.pairs.near_duplicates import without_copies

# A story, or two stories together, with more pairs than this gets none added, because the known pairs are enough.
MOST_PAIRS = 1 << 14


def missing_pairs(
    labels: NDArray[np.int64],
    pairs: NDArray[np.integer],
    probabilities: NDArray[np.float64],
    threshold: float,
    copy_of: NDArray[np.int64],
) -> NDArray[np.int64]:
    """The pairs that are not in `pairs` and could change the stories: (missing, 2), smaller index first, sorted.

    These are the pairs inside a story, and those between two stories that would be joined by their known pairs alone.
    labels: (articles,), the stories found so far; probabilities: (pairs,); copy_of: (articles,), the index of the
    original of each article, its own index if it is no copy. Pairs of copies are never missing, because a
    copy follows its original.
    """
    count = len(labels)
    originals = np.flatnonzero(copy_of == np.arange(count))
    of_originals = without_copies(pairs, copy_of)
    known, probabilities = pairs[of_originals], probabilities[of_originals]
    order = originals[np.argsort(labels[originals], kind="stable")]
    starts = np.searchsorted(labels[order], np.arange(labels.max(initial=-1) + 2))
    a, b = labels[known[:, 0]], labels[known[:, 1]]
    stories = labels.max(initial=0) + 1
    keys, link = np.unique(np.minimum(a, b) * stories + np.maximum(a, b), return_inverse=True)
    del a, b  # Frees memory: they are as long as all pairs.
    counts = np.bincount(link, minlength=len(keys))
    story_a, story_b = np.divmod(keys, stories)
    sizes = np.diff(starts)
    possible = np.where(story_a == story_b, sizes[story_a] * (sizes[story_a] - 1) // 2, sizes[story_a] * sizes[story_b])
    near = np.bincount(link, probabilities, len(keys)) >= threshold * counts
    wanted = (counts < possible) & (possible <= MOST_PAIRS) & ((story_a == story_b) | near)
    keys_of_all = [
        _between(order, starts, story_a, story_b, count)
        for story_a, story_b in zip(story_a[wanted].tolist(), story_b[wanted].tolist(), strict=True)
    ]
    all_keys = np.unique(np.concatenate([np.zeros(0, np.int64), *keys_of_all]))
    known_keys = known.min(1).astype(np.int64) * count + known.max(1)
    return np.stack(np.divmod(np.setdiff1d(all_keys, known_keys, assume_unique=True), count), 1)


def _between(
    order: NDArray[np.int64], starts: NDArray[np.int64], story_a: int, story_b: int, count: int
) -> NDArray[np.int64]:
    """All pairs between two stories, or inside one, each as a single integer: smaller index × count + greater index.

    order: the articles, story after story; starts: the position in `order` of each story's first article.
    """
    a, b = order[starts[story_a] : starts[story_a + 1]], order[starts[story_b] : starts[story_b + 1]]
    pairs = np.stack(np.meshgrid(a, b, indexing="ij"), -1).reshape(-1, 2)
    if story_a == story_b:
        pairs = pairs[pairs[:, 0] < pairs[:, 1]]
    return np.asarray(pairs.min(1) * count + pairs.max(1))
