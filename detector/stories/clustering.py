"""Clusters scored pairs into stories: average linkage, then moves of single articles, without roundups.

Linkage and moves raise the same objective, the sum of (probability − threshold) over the pairs inside stories. This is
correlation clustering (Bansal, Blum and Chawla, Machine Learning 56, 2004), also known as the constant Potts model
(Traag, Van Dooren and Nesterov, Physical Review E 84, 2011). A pair that was never a candidate has probability 0. No
array has an entry for every pair of articles, so the work grows with the number of candidates.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from heapq import heapify, heappop, heappush
from itertools import pairwise
from typing import Any, overload

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components

from detector.execution.spool import release
from detector.pairs.near_duplicates import without_copies
from detector.stories.refinement import move_articles
from detector.stories.roundups import attach, find_roundups

# Means that differ by less are equal, so that rounding errors of sums cannot split a story.
DIGITS = 9
TOLERANCE = 10**-DIGITS
# Each round raises the objective, so the loop ends; real batches need two or three rounds.
ROUNDS = 20


@dataclass(frozen=True)
class Clusters:
    """The story of each article, int64, (articles,), and which articles are roundups, (articles,).

    Stories are numbered from 0 in the order of their first articles.
    """

    labels: NDArray[np.int64]
    roundups: NDArray[np.bool_]


def cluster(
    count: int,
    pairs: NDArray[np.integer],
    probabilities: NDArray[np.float64],
    coverage: NDArray[np.floating],
    threshold: float,
    copy_of: NDArray[np.int64] | None = None,
    linked: NDArray[np.int64] | None = None,
) -> Clusters:
    """The stories of `count` articles. The result depends neither on the order of the pairs nor on that inside a pair.

    pairs: (pairs, 2), each pair once; probabilities: (pairs,), 0 to 1; coverage: (pairs, 2), the share of each
    article's sentences with a counterpart in the other, 0 to 1. Groups whose mean probability is at least the
    threshold, 0 to 1, are joined, but never at a mean of 0. Stories are formed without roundups; each roundup then
    joins the story it fits best. copy_of: (articles,), the index of the original of each article, its own index if it
    is no copy; None if no copies were collapsed. Copies take the label of their original and do not influence the
    clustering. linked: (articles,), what `stories_of` gives for all pairs except
    those of copies, if it is known already.
    """
    given, pairs = pairs, pairs.astype(np.int32, copy=False)
    release(given)
    if copy_of is not None:
        originals = without_copies(pairs, copy_of)
        found = cluster(
            count, pairs[originals], probabilities[originals], coverage[originals], threshold, linked=linked
        )
        return Clusters(renumbered(found.labels[copy_of]), found.roundups[copy_of])
    pairs, probabilities, coverage = in_order(pairs, probabilities, coverage)
    labels = stories_of(count, pairs, probabilities, threshold) if linked is None else linked
    roundups = find_roundups(labels, pairs, coverage)
    if roundups.any():
        kept = ~roundups[pairs].any(1)
        labels = stories_of(count, pairs[kept], probabilities[kept], threshold)
        labels = attach(labels, roundups, pairs, probabilities, threshold - TOLERANCE)
    return Clusters(renumbered(labels), roundups)


@overload
def in_order(
    pairs: NDArray[np.integer], probabilities: NDArray[np.float64]
) -> tuple[NDArray[np.integer], NDArray[np.float64]]: ...
@overload
def in_order(
    pairs: NDArray[np.integer], probabilities: NDArray[np.float64], coverage: NDArray[np.floating]
) -> tuple[NDArray[np.integer], NDArray[np.float64], NDArray[np.floating]]: ...
def in_order(
    pairs: NDArray[np.integer], probabilities: NDArray[np.float64], coverage: NDArray[np.floating] | None = None
) -> tuple[NDArray[Any], ...]:
    """The pairs sorted, the smaller index first in each, so that sums always add up in the same order."""
    columns = (pairs, probabilities) if coverage is None else (pairs, probabilities, coverage)
    turned = pairs[:, 0] > pairs[:, 1]
    first, second = np.diff(pairs, axis=0).T
    if not turned.any() and ((first > 0) | ((first == 0) & (second > 0))).all():
        return columns
    sides = [np.where(turned[:, None], each[:, ::-1], each) if each.ndim == 2 else each for each in columns]
    order = np.lexsort((sides[0][:, 1], sides[0][:, 0]))
    return tuple(each[order] for each in sides)


def stories_of(
    count: int, pairs: NDArray[np.integer], probabilities: NDArray[np.float64], threshold: float
) -> NDArray[np.int64]:
    """The story of each article, (count,): linkage, then moves and linkage in turn until neither changes anything."""
    near = within_reach(count, pairs, probabilities, threshold)
    pairs, probabilities = pairs[near], probabilities[near]
    labels = agglomerate(np.arange(count), pairs, probabilities, threshold)
    for _ in range(ROUNDS):
        before = labels
        moved = move_articles(labels, pairs, probabilities, threshold)
        labels = agglomerate(renumbered(moved), pairs, probabilities, threshold)
        if np.array_equal(labels, before):
            break
    return labels


def within_reach(
    count: int, pairs: NDArray[np.integer], probabilities: NDArray[np.float64], threshold: float
) -> NDArray[np.bool_]:
    """Which pairs can influence the stories, about a tenth of a big batch: (pairs,).

    Neither a mean reaches the threshold nor does a move gain anything without a pair that reaches the threshold. So
    articles that such pairs do not connect, directly or through other articles, are never in the same story.
    """
    high = (probabilities > 0) & (probabilities >= threshold - TOLERANCE)
    graph = coo_matrix((high[high], tuple(pairs[high].T)), (count, count))
    _, component = connected_components(graph, directed=False)
    return np.asarray(component[pairs[:, 0]] == component[pairs[:, 1]])


def agglomerate(
    labels: NDArray[np.int64], pairs: NDArray[np.integer], probabilities: NDArray[np.float64], threshold: float
) -> NDArray[np.int64]:
    """Average linkage (Sokal and Michener, 1958) on sparse pairs: joins groups of articles, the highest mean first.

    Two groups are joined if the mean over all pairs between them is at least the threshold; pairs that are not
    candidates count as 0. Among equal means, the groups with the smallest indices are joined first. labels:
    (articles,), the groups to begin with, numbered in the order of their first articles, as are those returned.
    """
    links, sums = _between(labels, pairs, probabilities)
    sizes = np.bincount(labels)
    least = threshold - TOLERANCE
    # Only a mean at the threshold joins two groups, so components that no such mean connects are never joined.
    strong = (sums > 0) & (sums >= least * sizes[links].prod(1))
    graph = coo_matrix((strong[strong], tuple(links[strong].T)), (len(sizes), len(sizes)))
    _, component = connected_components(graph, directed=False)
    rows = np.flatnonzero(component[links[:, 0]] == component[links[:, 1]])
    rows = rows[np.argsort(component[links[rows, 0]], kind="stable")]
    bounds = np.flatnonzero(np.diff(component[links[rows, 0]], prepend=-1, append=-1))
    groups = _Groups(sizes.tolist())
    for start, end in pairwise(bounds.tolist()):
        part = rows[start:end]
        groups.join(links[part].tolist(), sums[part].tolist(), least)
    return renumbered(np.array([groups.find(group) for group in range(len(sizes))], np.int64)[labels])


class _Groups:
    """Groups that are joined, each known by the index of one of its members: union-find (Tarjan, 1975)."""

    def __init__(self, sizes: list[int]) -> None:
        self._root = list(range(len(sizes)))
        self._first = list(range(len(sizes)))
        self._sizes = sizes

    def find(self, group: int) -> int:
        """The group that this group was joined into, itself if it was not."""
        root = self._root
        while root[group] != group:
            root[group] = group = root[root[group]]
        return group

    def join(self, links: Sequence[Sequence[int]], sums: Sequence[float], least: float) -> None:
        """Join linked groups until no mean is at least `least`; sums: the sum of the probabilities of each link."""
        near: dict[int, dict[int, float]] = {}
        for (a, b), total in zip(links, sums, strict=True):
            near.setdefault(a, {})[b] = total
            near.setdefault(b, {})[a] = total
        heap = [
            (-round(total / (self._sizes[a] * self._sizes[b]), DIGITS), a, b)
            for (a, b), total in zip(links, sums, strict=True)
            if total > 0 and total >= least * self._sizes[a] * self._sizes[b]
        ]
        heapify(heap)
        while heap:
            entry = heappop(heap)
            while heap and heap[0] == entry:
                heappop(heap)
            a, b = self.find(entry[1]), self.find(entry[2])
            if a == b:
                continue
            # After a join, the mean to a third group is at most the greater of the two means before. So an entry is
            # never too low; one that is too high goes back into the heap with the present mean.
            mean = near[a][b] / (self._sizes[a] * self._sizes[b])
            first, second = sorted((self._first[a], self._first[b]))
            current = (-round(mean, DIGITS), first, second)
            if current == entry:
                self._unite(a, b, near)
            elif mean >= least:
                heappush(heap, current)

    def _unite(self, a: int, b: int, near: dict[int, dict[int, float]]) -> None:
        """Join two groups into the one with more neighbours, which costs less."""
        if len(near[a]) < len(near[b]):
            a, b = b, a
        for third, total in near.pop(b).items():
            del near[third][b]
            if third != a:
                near[a][third] = near[third][a] = near[a].get(third, 0.0) + total
        self._root[b] = a
        self._first[a] = min(self._first[a], self._first[b])
        self._sizes[a] += self._sizes[b]


def _between(
    labels: NDArray[np.int64], pairs: NDArray[np.integer], probabilities: NDArray[np.float64]
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """The pairs of groups with candidates between them, (links, 2), and the sums of the candidates' probabilities."""
    a, b = labels[pairs[:, 0]], labels[pairs[:, 1]]
    apart = a != b
    a, b = a[apart], b[apart]
    count = labels.max(initial=0) + 1
    keys, link = np.unique(np.minimum(a, b) * count + np.maximum(a, b), return_inverse=True)
    del a, b  # Frees memory: they are as long as all pairs.
    sums = np.bincount(link, probabilities[apart], len(keys))
    return np.stack(np.divmod(keys, count), 1), np.asarray(sums, np.float64)


def renumbered(labels: NDArray[np.int64]) -> NDArray[np.int64]:
    """The same groups, numbered from 0 in the order of their first articles."""
    _, first, inverse = np.unique(labels, return_index=True, return_inverse=True)
    rank = np.empty(len(first), np.int64)
    rank[np.argsort(first)] = np.arange(len(first))
    return np.asarray(rank[inverse])
