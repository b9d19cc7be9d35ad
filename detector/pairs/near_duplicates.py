"""Copies: articles that share nearly all of their wording, a wire story printed a hundred times, found before the rest.

Compared as any other articles, its copies would be all the neighbours each of them has. They are found by min-hashing
(Broder, 1997): the smallest of all hashed runs is the same in two articles as often as their runs overlap, so articles
with the same few smallest ones, a band, are looked at closely; several bands miss few.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from detector.pairs.shingles import Shingles

# Nine tenths of all runs of two articles stand in both: what is left is a headline, a date line or a correction.
COPIED = 0.9
# Two articles that share 0.9 meet in one band at least with probability 1 − (1 − 0.9³)⁶ = 0.9996.
BANDS, ROWS = 6, 3
# Runs that are hashed at a time.
HELD = 1 << 21


def copies(
    shingles: Shingles, days: NDArray[np.float64] | None = None, window_days: float | None = None
) -> NDArray[np.int64]:
    """For each article the number of the article it is a copy of, itself where of none: int64, (articles,).

    An article that others are copies of is a copy of none, and each copy shares at least `COPIED` of all runs of the
    two with it (Jaccard), so nothing is a copy by way of another. Where `window_days` is given, articles are copies
    only inside one stretch of that many days, so that what lies further apart is not compared; `days` holds NaN for
    articles without a date, which are copies only of each other. An article without words is no copy.
    """
    count = shingles.runs.shape[0]
    first = np.arange(count)
    # Articles that have copies.
    kept = np.zeros(count, np.bool_)
    written = np.flatnonzero(np.diff(shingles.runs.indptr))
    stretch = _stretches(count, days, window_days)[written]
    for band in _bands(shingles, written):
        free = first[written] == written
        leader = _leaders(np.stack([stretch, band], 1)[free], written[free])
        followers = np.flatnonzero((leader != written[free]) & ~kept[written[free]])
        pairs = np.stack([leader[followers], written[free][followers]], 1)
        pairs = pairs[_jaccard(shingles, pairs) >= COPIED]
        # None of these is a copy itself: a leader follows nothing in this band, and followed nothing in those before.
        first[pairs[:, 1]] = pairs[:, 0]
        kept[pairs[:, 0]] = True
    return first


def among_firsts(pairs: NDArray[np.integer], copy_of: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Which pairs, (pairs, 2), join two articles that are copies of none: (pairs,); `copy_of` as `copies` gives it."""
    first = copy_of == np.arange(len(copy_of))
    return np.asarray(first[pairs].all(1))


def _stretches(count: int, days: NDArray[np.float64] | None, window_days: float | None) -> NDArray[np.uint64]:
    """A number for the stretch of days each article lies in, (articles,)."""
    if days is None or window_days is None:
        return np.zeros(count, np.uint64)
    stretch = np.floor(days / window_days) if window_days else days
    return np.unique(stretch, return_inverse=True)[1].astype(np.uint64)


def _bands(shingles: Shingles, written: NDArray[np.int64]) -> NDArray[np.uint64]:
    """What two articles that share a band have in common: uint64, (bands, articles that have words)."""
    generator = np.random.default_rng(0)
    # Odd, so that multiplying mixes all runs up and merges none.
    factors = generator.integers(1 << 63, size=(BANDS, ROWS), dtype=np.uint64) * np.uint64(2) + np.uint64(1)
    joins = generator.integers(1 << 63, size=ROWS, dtype=np.uint64) * np.uint64(2) + np.uint64(1)
    found = np.zeros((BANDS, len(written)), np.uint64)
    starts = shingles.runs.indptr[written].astype(np.int64)
    end = len(shingles.runs.indices)
    low = 0
    while low < len(written):
        high = max(int(np.searchsorted(starts, starts[low] + HELD)), low + 1)
        until = starts[high] if high < len(written) else end
        runs = _mixed(np.asarray(shingles.runs.indices[starts[low] : until]).astype(np.uint64))
        for band, row in np.ndindex(BANDS, ROWS):
            smallest = np.minimum.reduceat(runs * factors[band, row], starts[low:high] - starts[low])
            found[band, low:high] += smallest * joins[row]
        low = high
    return found


def _mixed(numbers: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """Numbers spread evenly, different ones apart, as in splitmix64 (Steele, Lea and Flood, OOPSLA 2014)."""
    spread = numbers * np.uint64(0x9E3779B97F4A7C15)
    spread = (spread ^ (spread >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    return np.asarray((spread ^ (spread >> np.uint64(27))) * np.uint64(0x94D049BB133111EB))


def _leaders(keys: NDArray[np.uint64], articles: NDArray[np.int64]) -> NDArray[np.int64]:
    """For each article the first one with the same key: keys (articles, 2), articles in rising order."""
    order = np.lexsort((keys[:, 1], keys[:, 0]))
    new = np.ones(len(order), np.bool_)
    new[1:] = (np.diff(keys[order], axis=0) != 0).any(1)
    leader = np.empty_like(articles)
    leader[order] = articles[order[new]][np.cumsum(new) - 1]
    return leader


def _jaccard(shingles: Shingles, pairs: NDArray[np.int64]) -> NDArray[np.float64]:
    """The share of all runs of two articles that stand in both, 0 to 1, of pairs (pairs, 2) that have words."""
    own = np.diff(shingles.runs.indptr)[pairs]
    both = np.rint(shingles.shared(pairs)[:, 0] * own[:, 0])
    return np.asarray(both / (own.sum(1) - both))
