"""Candidate pairs, those worth scoring: every pair above a floor, or in big batches the nearest of each article.

Up to `EXACT` articles, every pair with a cosine at or above the floor is a candidate. Their number grows with the
square of the articles, and nearly all of them are different stories. In a bigger batch, an article is paired with its
nearest neighbours above the floor, and with more of them if the last is still as near as articles of one story are. A
near-duplicate is only paired with its original (see `detector.pairs.near_duplicates`). The number of pairs then grows
in proportion to the articles.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from detector.execution.spool import release
from detector.execution.threads import on_one_thread
from detector.pairs.nearest import nearest_index

# Articles compared in one step, and the fewest in a slice of time.
BLOCK = 1024
# Number of articles up to which every pair above the floor is a candidate: of the fifty million pairs of so many
# articles, some two million are, as many as are scored in minutes.
EXACT = 10_000
# Neighbours that each article is paired with, and in a big story.
NEIGHBOURS, DEEPEST = 32, 512
# Articles whose neighbours are searched in one step.
QUERIES_AT_ONCE = 1 << 14

# The days of all articles, and the largest distance in days between two.
Window = tuple[NDArray[np.float64], float]


@on_one_thread
def candidate_pairs(
    vectors: NDArray[np.floating],
    floor: float,
    days: NDArray[np.float64] | None = None,
    window_days: float | None = None,
    *,
    copy_of: NDArray[np.int64] | None = None,
    big_story: float = np.inf,
) -> NDArray[np.int64]:
    """The pairs with a cosine of at least `floor`: int64, (pairs, 2), smaller index first, in rising order.

    vectors: (articles, dimensions), of length 1, float32 or float16, in memory or mapped. With `window_days`, a pair is
    left out if both articles have a date and the dates are further apart; `days` holds NaN for articles without a date.
    Two arguments only matter above `EXACT` articles. copy_of: int64, (articles,), as `find_near_duplicates` returns it
    for the same window. big_story: if the last neighbour of an article has at least this cosine, its story is taken to
    have more articles, and the search goes deeper.
    """
    window = None if days is None or window_days is None else (days, window_days)
    count = len(vectors)
    if count <= EXACT:
        return _every_pair(np.asarray(vectors, np.float32), floor, window)
    articles = np.arange(count)
    original = articles if copy_of is None else copy_of
    copies = np.flatnonzero(original != articles)
    # A pair as a single integer, which halves the memory.
    codes = [original[copies] * count + copies]
    for queries, searched in _slices(np.flatnonzero(original == articles), window):
        for pairs in _nearest_pairs(vectors, queries, searched, floor, window, big_story):
            codes.append(pairs[:, 0] * count + pairs[:, 1])
    return np.stack(np.divmod(np.unique(np.concatenate(codes)), count), 1)


def _every_pair(vectors: NDArray[np.floating], floor: float, window: Window | None) -> NDArray[np.int64]:
    """The pairs at or above the floor, in rising order."""
    count = len(vectors)
    blocks = []
    for start in range(0, count, BLOCK):
        rows = vectors[start : start + BLOCK]
        close = rows @ vectors[start:].T >= floor
        close &= np.arange(count - start) > np.arange(len(rows))[:, None]
        close &= ~_apart(window, np.arange(start, start + len(rows))[:, None], np.arange(start, count)[None])
        a, b = np.nonzero(close)
        blocks.append(np.stack([a + start, b + start], 1))
    return np.concatenate(blocks) if blocks else np.zeros((0, 2), np.int64)


def _slices(
    articles: NDArray[np.int64], window: Window | None
) -> Iterator[tuple[NDArray[np.int64], NDArray[np.int64]]]:
    """Slices of time: the articles whose neighbours are searched, and those that are searched, in rising order.

    Each slice spans at least one window and is searched within itself plus one window on each side: at most about three
    times the batch in total, with few neighbours outside the window.
    """
    if window is None:
        yield articles, articles
        return
    days, length = window
    undated = articles[np.isnan(days[articles])]
    dated = articles[np.argsort(days[articles], kind="stable")][: len(articles) - len(undated)]
    times = days[dated]
    start = 0
    while start < len(dated):
        end = max(int(np.searchsorted(times, times[start] + length, "right")), min(start + BLOCK, len(dated)))
        low = np.searchsorted(times, times[start] - length)
        high = np.searchsorted(times, times[end - 1] + length, "right")
        yield dated[start:end], np.sort(dated[low:high])
        start = end
    if len(undated):
        yield undated, articles
        yield dated, undated


def _nearest_pairs(
    vectors: NDArray[np.floating],
    queries: NDArray[np.int64],
    searched: NDArray[np.int64],
    floor: float,
    window: Window | None,
    big_story: float,
) -> Iterator[NDArray[np.int64]]:
    """The pairs of each query with its neighbours, (pairs, 2), smaller index first; some twice."""
    index = nearest_index(vectors, searched)
    for start in range(0, len(queries), QUERIES_AT_ONCE):
        asked = queries[start : start + QUERIES_AT_ONCE]
        for depth in (NEIGHBOURS, DEEPEST):
            found, cosines = index.nearest(np.asarray(vectors[asked], np.float32), depth + 1)
            good = (cosines >= floor) & (found != asked[:, None]) & ~_apart(window, asked[:, None], found)
            rank = good.cumsum(1)
            big = (good & (rank >= NEIGHBOURS) & (cosines >= big_story)).any(1)
            query, column = np.nonzero(good & ((rank <= NEIGHBOURS) | big[:, None]))
            yield np.sort(np.stack([asked[query], found[query, column]], 1), 1)
            # Articles outside the window may have crowded out neighbours inside it.
            crowded = (rank[:, -1] < NEIGHBOURS) & (cosines[:, -1] >= floor)
            asked = asked[big | crowded]
        release(vectors)


def _apart(window: Window | None, a: NDArray[np.int64], b: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Which articles a and b are further apart than the window; none without a window, or if a date is missing."""
    if window is None:
        return np.zeros((1, 1), np.bool_)
    days, length = window
    return np.asarray(np.abs(days[a] - days[b]) > length)
