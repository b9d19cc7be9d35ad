"""Refinement after linkage: moves single articles to the story they fit better, which joining groups cannot do.

The gain of a move is what it adds to the objective of `detector.stories.clustering`: the sum of (probability −
threshold) over the pairs inside stories. These are the local moves of the Louvain method (Blondel and others, 2008).
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_matrix

# Smallest gain that counts; smaller ones can be rounding.
DIGITS = 9
TOLERANCE = 10**-DIGITS
# Each sweep raises the objective, so the loop ends; the limit only keeps an unusual batch from being slow.
SWEEPS = 100


def move_articles(
    labels: NDArray[np.int64], pairs: NDArray[np.integer], probabilities: NDArray[np.float64], threshold: float
) -> NDArray[np.int64]:
    """The labels after the best moves of single articles, to another story or to one of their own: int64, (articles,).

    labels: (articles,), 0 or more; pairs: (pairs, 2), each once; probabilities: (pairs,), 0 to 1. The article that
    gains most moves first, among equals the one with the smaller index. Afterwards the mean probability of an article's
    pairs inside its story is at least the threshold, or it is alone.
    """
    stories = _Stories(labels, pairs, probabilities, threshold)
    candidates: Iterable[int] = range(len(labels))
    for _ in range(SWEEPS):
        gains = ((stories.best_move(article)[0], article) for article in candidates)
        moving = sorted((-gain, article) for gain, article in gains if gain > TOLERANCE)
        changed = set()
        for loss, article in moving:
            gain, story = stories.best_move(article)
            # If an earlier move has changed the gain, the article waits for the next sweep. Otherwise the order of the
            # articles would decide which of two moves when each would join the other.
            if gain == -loss:
                changed |= {stories.labels[article], story}
                stories.move(article, story)
        if not changed:
            break
        candidates = stories.touching(changed)
    return np.array(stories.labels, np.int64)


class _Stories:
    """The story of each article, the size of each story, and the pairs of each article."""

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
        self._starts, self._neighbours, self._probabilities = both.indptr.tolist(), both.indices, both.data
        self._threshold = threshold
        self.labels: list[int] = labels.tolist()
        # There is one story more than articles, so one is always empty.
        self._sizes: list[int] = np.bincount(labels, minlength=len(labels) + 1).tolist()
        self._empty = [story for story, size in enumerate(self._sizes) if not size]

    def best_move(self, article: int) -> tuple[float, int]:
        """The gain of the best move of an article, rounded, and the story it moves to, which may be empty."""
        rows = slice(self._starts[article], self._starts[article + 1])
        sums: dict[int, float] = {}
        for neighbour, probability in zip(
            self._neighbours[rows].tolist(), self._probabilities[rows].tolist(), strict=True
        ):
            story = self.labels[neighbour]
            sums[story] = sums.get(story, 0.0) + probability
        home = self.labels[article]
        stay = sums.pop(home, 0.0) - self._threshold * (self._sizes[home] - 1)
        best, to = 0.0, self._empty[-1]
        for story, total in sorted(sums.items()):
            gain = total - self._threshold * self._sizes[story]
            if gain > best + TOLERANCE:
                best, to = gain, story
        return round(best - stay, DIGITS), to

    def move(self, article: int, story: int) -> None:
        """Move an article to a story."""
        home = self.labels[article]
        if not self._sizes[story]:
            self._empty.pop()
        self.labels[article] = story
        self._sizes[story] += 1
        self._sizes[home] -= 1
        if not self._sizes[home]:
            self._empty.append(home)

    def touching(self, stories: set[int]) -> list[int]:
        """The articles inside some stories or paired with one inside: their best moves may have changed."""
        inside = np.isin(self.labels, list(stories))
        touching = inside.copy()
        article = np.repeat(np.arange(len(inside)), np.diff(self._starts))
        touching[article[inside[self._neighbours]]] = True
        found: list[int] = np.flatnonzero(touching).tolist()
        return found
