"""Near-duplicates: articles that share nearly all of their wording, such as a wire story printed a hundred times.

They are found first, because otherwise they would fill the nearest neighbours of each other. MinHash (Broder, 1997):
the smallest hash of all shingles is the same in two articles with a probability equal to their Jaccard similarity. So
articles that agree in a band, a few such hashes, are compared in full; with several bands, few are missed.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from detector.pairs.shingles import Shingles

# The Jaccard similarity of near-duplicates: they differ in a headline, a date line or a correction.
SIMILARITY = 0.9
# Two articles with that similarity agree in at least one band with a probability of 1 − (1 − 0.9³)⁶ = 0.9996.
BANDS, ROWS = 6, 3
# Shingles hashed in one step.
HASHED_AT_ONCE = 1 << 21


def find_near_duplicates(
    shingles: Shingles, days: NDArray[np.float64] | None = None, window_days: float | None = None
) -> NDArray[np.int64]:
    """For each article, the index of its original, its own index if it is no copy: int64, (articles,).

    The article that others are copies of is itself no copy, and each copy has a Jaccard similarity of at least
    `SIMILARITY` to it, so copies form no chains. With `window_days`, time is cut into stretches of that many days, and
    only articles of the same stretch are compared. `days` holds NaN for articles without a date; these are compared
    with each other only. An article without words is no copy.
    """
    count = shingles.matrix.shape[0]
    copy_of = np.arange(count)
    has_copies = np.zeros(count, np.bool_)
    with_words = np.flatnonzero(np.diff(shingles.matrix.indptr))
    stretch = _stretches(count, days, window_days)[with_words]
    for band in _bands(shingles, with_words):
        free = copy_of[with_words] == with_words
        leader = _leaders(np.stack([stretch, band], 1)[free], with_words[free])
        followers = np.flatnonzero((leader != with_words[free]) & ~has_copies[with_words[free]])
        pairs = np.stack([leader[followers], with_words[free][followers]], 1)
        pairs = pairs[_jaccard(shingles, pairs) >= SIMILARITY]
        # No leader is a copy: it follows nothing in this band, and was free, so it followed nothing in earlier ones.
        copy_of[pairs[:, 1]] = pairs[:, 0]
        has_copies[pairs[:, 0]] = True
    return copy_of


def without_copies(pairs: NDArray[np.integer], copy_of: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Which pairs, (pairs, 2), join two articles that are no copies: (pairs,); see `find_near_duplicates`."""
    original = copy_of == np.arange(len(copy_of))
    return np.asarray(original[pairs].all(1))


def _stretches(count: int, days: NDArray[np.float64] | None, window_days: float | None) -> NDArray[np.uint64]:
    """A code for the stretch of days of each article, (articles,)."""
    if days is None or window_days is None:
        return np.zeros(count, np.uint64)
    stretch = np.floor(days / window_days) if window_days else days
    return np.unique(stretch, return_inverse=True)[1].astype(np.uint64)


def _bands(shingles: Shingles, articles: NDArray[np.int64]) -> NDArray[np.uint64]:
    """One hash for each band of each article: uint64, (bands, articles). Each of the articles has a shingle."""
    generator = np.random.default_rng(0)
    # Odd factors make multiplication a permutation of 64-bit numbers, so no two shingles become one.
    factors = generator.integers(1 << 63, size=(BANDS, ROWS), dtype=np.uint64) * np.uint64(2) + np.uint64(1)
    joins = generator.integers(1 << 63, size=ROWS, dtype=np.uint64) * np.uint64(2) + np.uint64(1)
    bands = np.zeros((BANDS, len(articles)), np.uint64)
    starts = shingles.matrix.indptr[articles].astype(np.int64)
    end = len(shingles.matrix.indices)
    low = 0
    while low < len(articles):
        high = max(int(np.searchsorted(starts, starts[low] + HASHED_AT_ONCE)), low + 1)
        stop = starts[high] if high < len(articles) else end
        hashes = _mixed(np.asarray(shingles.matrix.indices[starts[low] : stop]).astype(np.uint64))
        for band, row in np.ndindex(BANDS, ROWS):
            smallest = np.minimum.reduceat(hashes * factors[band, row], starts[low:high] - starts[low])
            bands[band, low:high] += smallest * joins[row]
        low = high
    return bands


def _mixed(numbers: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """The numbers hashed one to one, as in splitmix64 (Steele, Lea and Flood, OOPSLA 2014)."""
    spread = numbers * np.uint64(0x9E3779B97F4A7C15)
    spread = (spread ^ (spread >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    return np.asarray((spread ^ (spread >> np.uint64(27))) * np.uint64(0x94D049BB133111EB))


def _leaders(keys: NDArray[np.uint64], articles: NDArray[np.int64]) -> NDArray[np.int64]:
    """For each article, the first one with the same key: keys (articles, 2), articles in rising order."""
    order = np.lexsort((keys[:, 1], keys[:, 0]))
    new = np.ones(len(order), np.bool_)
    new[1:] = (np.diff(keys[order], axis=0) != 0).any(1)
    leader = np.empty_like(articles)
    leader[order] = articles[order[new]][np.cumsum(new) - 1]
    return leader


def _jaccard(shingles: Shingles, pairs: NDArray[np.int64]) -> NDArray[np.float64]:
    """The Jaccard similarity of two articles, 0 to 1, for pairs (pairs, 2) of articles with words."""
    sizes = np.diff(shingles.matrix.indptr)[pairs]
    common = np.rint(shingles.shared(pairs)[:, 0] * sizes[:, 0])
    return np.asarray(common / (sizes.sum(1) - common))
