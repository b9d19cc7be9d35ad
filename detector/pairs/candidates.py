"""Which pairs of articles are worth gathering evidence for: every pair over a floor, in big batches the nearest ones.

Up to `EXACT` articles no pair at or above the floor is missed, and an article may have any number of candidates. Such
pairs grow with the square of the articles, and nearly all of them join strangers. Beyond, an article is paired with its
nearest neighbours over the floor, and deeper where these are still as near as those of one story; a copy is paired with
the article that it is a copy of only (see `detector.pairs.near_duplicates`). Pairs then grow as articles do.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from detector.execution.spool import release
from detector.execution.threads import on_one_thread
from detector.pairs.nearest import neighbours

# Articles compared at a time, and the fewest that a slice of time holds.
BLOCK = 1024
# Articles up to which every pair over the floor is taken: some two million of fifty, as many as are scored in minutes.
EXACT = 10_000
# Neighbours that each article is paired with, and how many of them in a big story.
NEIGHBOURS, DEEPEST = 32, 512
# Articles whose neighbours are looked for at a time.
TOGETHER = 1 << 14

# The days of all articles, and how far apart two may lie.
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
    """The pairs with a cosine of at least `floor`: int64, (pairs, 2), smaller number first, in rising order.

    vectors: (articles, dimensions), of length 1, float32 or float16, in memory or mapped. Where `window_days` is given,
    pairs whose articles both have a date and lie further apart are left out; `days` holds NaN for articles without one.
    Beyond `EXACT` articles, two more are used: copy_of, int64, (articles,), the article that each is a copy of, itself
    if it is no copy (see `detector.pairs.near_duplicates.copies`; the same window); big_story, the cosine at or above
    which even the last neighbour shows that a story holds more.
    """
    window = None if days is None or window_days is None else (days, window_days)
    count = len(vectors)
    if count <= EXACT:
        return _every_pair(np.asarray(vectors, np.float32), floor, window)
    own = np.arange(count)
    first = own if copy_of is None else copy_of
    copied = np.flatnonzero(first != own)
    # A pair as one number, which takes half the room.
    found = [first[copied] * count + copied]
    for rows, among in _slices(np.flatnonzero(first == own), window):
        for pairs in _nearest_pairs(vectors, rows, among, floor, window, big_story):
            found.append(pairs[:, 0] * count + pairs[:, 1])
    return np.stack(np.divmod(np.unique(np.concatenate(found)), count), 1)


def _every_pair(vectors: NDArray[np.floating], floor: float, window: Window | None) -> NDArray[np.int64]:
    """The pairs at or above the floor, in rising order."""
    count = len(vectors)
    found = []
    for start in range(0, count, BLOCK):
        rows = vectors[start : start + BLOCK]
        close = rows @ vectors[start:].T >= floor
        close &= np.arange(count - start) > np.arange(len(rows))[:, None]
        close &= ~_apart(window, np.arange(start, start + len(rows))[:, None], np.arange(start, count)[None])
        a, b = np.nonzero(close)
        found.append(np.stack([a + start, b + start], 1))
    return np.concatenate(found) if found else np.zeros((0, 2), np.int64)


def _slices(
    articles: NDArray[np.int64], window: Window | None
) -> Iterator[tuple[NDArray[np.int64], NDArray[np.int64]]]:
    """Articles whose neighbours are looked for, and the articles, in rising order, that these are looked for among.

    A slice of time is at least as long as the window and is looked for in itself and a window on either side, so what
    is looked through is at most some three times all articles, and neighbours outside the window take up few places.
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
    rows: NDArray[np.int64],
    among: NDArray[np.int64],
    floor: float,
    window: Window | None,
    big_story: float,
) -> Iterator[NDArray[np.int64]]:
    """The pairs of each row with its neighbours, (pairs, 2), smaller number first; some twice."""
    index = neighbours(vectors, among)
    for start in range(0, len(rows), TOGETHER):
        part = rows[start : start + TOGETHER]
        for reach in (NEIGHBOURS, DEEPEST):
            ids, cosines = index.nearest(np.asarray(vectors[part], np.float32), reach + 1)
            good = (cosines >= floor) & (ids != part[:, None]) & ~_apart(window, part[:, None], ids)
            rank = good.cumsum(1)
            big = (good & (rank >= NEIGHBOURS) & (cosines >= big_story)).any(1)
            a, place = np.nonzero(good & ((rank <= NEIGHBOURS) | big[:, None]))
            yield np.sort(np.stack([part[a], ids[a, place]], 1), 1)
            # Those outside the window took up the places of neighbours.
            short = (rank[:, -1] < NEIGHBOURS) & (cosines[:, -1] >= floor)
            part = part[big | short]
        release(vectors)


def _apart(window: Window | None, a: NDArray[np.int64], b: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Which articles a and b lie further apart than the window; never without a window or one of the dates."""
    if window is None:
        return np.zeros((1, 1), np.bool_)
    days, length = window
    return np.asarray(np.abs(days[a] - days[b]) > length)
