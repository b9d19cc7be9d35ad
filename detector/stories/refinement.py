"""Single articles moved to where they fit better, which the joins of whole groups can no longer do.

A move is worth what it adds to the objective of `detector.stories.clustering`: the sum of (probability − threshold)
over the pairs inside stories. Local moves of this kind are those of the Louvain method (Blondel and others, 2008).
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_matrix

# What the objective must gain: less may come of the order in which a sum is taken.
DIGITS = 9
TOLERANCE = 10**-DIGITS
# Each sweep raises the objective, so there is an end; this only keeps a strange batch from being slow.
SWEEPS = 100


def move_articles(
    labels: NDArray[np.int64], pairs: NDArray[np.integer], probabilities: NDArray[np.float64], threshold: float
) -> NDArray[np.int64]:
    """The labels after the best moves of single articles, to another story or out on their own: int64, (articles,).

    labels: (articles,), 0 or more; pairs: (pairs, 2), each once; probabilities: (pairs,), 0 to 1. The article with the
    most to gain moves first, among equals the one with the smaller number, so nothing else hangs on the numbering.
    An article ends where the mean probability of its pairs is at least the threshold, or alone.
    """
    stories = _Stories(labels, pairs, probabilities, threshold)
    watched: Iterable[int] = range(len(labels))
    for _ in range(SWEEPS):
        gains = ((stories.best_move(article)[0], article) for article in watched)
        moving = sorted((-gain, article) for gain, article in gains if gain > TOLERANCE)
        changed = set()
        for loss, article in moving:
            gain, story = stories.best_move(article)
            # What the moves before it have changed waits for the next sweep: of two articles that each would join the
            # other, the numbering must not choose.
            if gain == -loss:
                changed |= {stories.labels[article], story}
                stories.move(article, story)
        if not changed:
            break
        watched = stories.touching(changed)
    return np.array(stories.labels, np.int64)


class _Stories:
    """Which story each article is in, how many are in each, and the pairs of each article."""

    def __init__(
        self,
        labels: NDArray[np.int64],
        pairs: NDArray[np.integer],
        probabilities: NDArray[np.float64],
        threshold: float,
    ) -> None:
        ends = np.concatenate([pairs, pairs[:, ::-1]]).astype(np.int32)
        both = coo_matrix((np.tile(probabilities, 2), tuple(ends.T)), (len(labels), len(labels))).tocsr()
        both.sort_indices()
        self._starts, self._other, self._probabilities = both.indptr.tolist(), both.indices, both.data
        self._threshold = threshold
        self.labels: list[int] = labels.tolist()
        # One more than there are articles can never all be taken: the last is always empty.
        self._sizes: list[int] = np.bincount(labels, minlength=len(labels) + 1).tolist()
        self._empty = [story for story, size in enumerate(self._sizes) if not size]

    def best_move(self, article: int) -> tuple[float, int]:
        """What the objective gains by the best move of an article, rounded, and the story, maybe a new one."""
        rows = slice(self._starts[article], self._starts[article + 1])
        sums: dict[int, float] = {}
        for other, probability in zip(self._other[rows].tolist(), self._probabilities[rows].tolist(), strict=True):
            story = self.labels[other]
            sums[story] = sums.get(story, 0.0) + probability
        home = self.labels[article]
        stay = sums.pop(home, 0.0) - self._threshold * (self._sizes[home] - 1)
        best, to = 0.0, self._empty[-1]
        for story, total in sorted(sums.items()):
            worth = total - self._threshold * self._sizes[story]
            if worth > best + TOLERANCE:
                best, to = worth, story
        return round(best - stay, DIGITS), to

    def move(self, article: int, story: int) -> None:
        home = self.labels[article]
        if not self._sizes[story]:
            self._empty.pop()
        self.labels[article] = story
        self._sizes[story] += 1
        self._sizes[home] -= 1
        if not self._sizes[home]:
            self._empty.append(home)

    def touching(self, stories: set[int]) -> list[int]:
        """The articles in some stories, and those that have pairs with them: all whose best move may be another now."""
        inside = np.isin(self.labels, list(stories))
        touching = inside.copy()
        article = np.repeat(np.arange(len(inside)), np.diff(self._starts))
        touching[article[inside[self._other]]] = True
        found: list[int] = np.flatnonzero(touching).tolist()
        return found
