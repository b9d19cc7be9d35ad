"""From pairs to stories: average linkage on the probabilities, so that one weak link cannot chain two stories.

Two groups are joined while the mean probability over all pairs between them is at least the threshold; a pair that was
never a candidate counts as 0. A join needs at least one pair at the threshold, so the connected components of those
pairs can be clustered one by one, and the result is the same as of all articles at once.
"""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from scipy.cluster.hierarchy import fcluster, linkage
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components
from scipy.spatial.distance import squareform

# Probabilities that differ by less are one: sums of the same numbers in another order must not part a story.
TOLERANCE = 1e-9


def cluster(
    count: int, pairs: NDArray[np.int64], probabilities: NDArray[np.float64], threshold: float
) -> NDArray[np.int64]:
    """The story number of each of `count` articles, (count,), numbered in the order of their first articles.

    pairs: (pairs, 2); probabilities: (pairs,), 0 to 1. A mean at the threshold joins. A threshold of 0 would join
    everything, so probabilities of 0 never do.
    """
    strong = (probabilities >= threshold - TOLERANCE) & (probabilities > 0)
    a, b = pairs[strong].T if strong.any() else (np.zeros(0, int), np.zeros(0, int))
    graph = coo_matrix((np.ones(len(a)), (a, b)), (count, count))
    _, component = connected_components(graph, directed=False)
    labels = np.arange(count)
    for members, inside in _parts(component, pairs, probabilities):
        groups = _average_linkage(len(members), *inside, threshold)
        _, first = np.unique(groups, return_index=True)
        labels[members] = members[first[groups]]
    return _renumbered(labels)


def _parts(
    component: NDArray[np.int32], pairs: NDArray[np.int64], probabilities: NDArray[np.float64]
) -> list[tuple[NDArray[np.int64], tuple[NDArray[np.int64], NDArray[np.float64]]]]:
    """Each component of two or more: its articles, and its pairs (numbered inside it) with their probabilities."""
    order = np.argsort(component, kind="stable")
    bounds = np.flatnonzero(np.diff(component[order], prepend=-1, append=component.max(initial=-1) + 1))
    place = np.empty(len(component), np.int64)
    place[order] = np.arange(len(component)) - np.repeat(bounds[:-1], np.diff(bounds))
    kept = component[pairs[:, 0]] == component[pairs[:, 1]]
    inner, values = pairs[kept], probabilities[kept]
    owner = component[inner[:, 0]]
    by_owner = np.argsort(owner, kind="stable")
    starts = np.searchsorted(owner[by_owner], np.arange(len(bounds)))
    parts = []
    for number, (start, end) in enumerate(pairwise(bounds)):
        if end - start > 1:
            rows = by_owner[starts[number] : starts[number + 1]]
            parts.append((order[start:end], (place[inner[rows]], values[rows])))
    return parts


def _average_linkage(
    count: int, pairs: NDArray[np.int64], probabilities: NDArray[np.float64], threshold: float
) -> NDArray[np.int64]:
    """Labels 0 to count − 1 of one component."""
    distance = np.ones((count, count))
    distance[pairs[:, 0], pairs[:, 1]] = distance[pairs[:, 1], pairs[:, 0]] = 1 - probabilities
    np.fill_diagonal(distance, 0)
    tree = linkage(squareform(distance, checks=False), "average")
    return np.asarray(fcluster(tree, 1 - threshold + TOLERANCE, "distance"), np.int64) - 1


def _renumbered(labels: NDArray[np.int64]) -> NDArray[np.int64]:
    _, first, inverse = np.unique(labels, return_index=True, return_inverse=True)
    rank = np.empty(len(first), np.int64)
    rank[np.argsort(first)] = np.arange(len(first))
    return np.asarray(rank[inverse])
