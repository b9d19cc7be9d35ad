"""Average linkage, against all articles clustered at once."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy.cluster.hierarchy import fcluster, linkage

from detector.clustering import cluster

Pairs = NDArray[np.int64]
Probabilities = NDArray[np.float64]
SEEDS = st.integers(0, 10**6)


def groups(labels: NDArray[np.int64]) -> set[frozenset[int]]:
    """A partition, whatever its parts are called."""
    return {frozenset(np.flatnonzero(labels == label).tolist()) for label in set(labels.tolist())}


def at_once(count: int, pairs: Pairs, probabilities: Probabilities, threshold: float) -> set[frozenset[int]]:
    """Average linkage on the full matrix of all articles."""
    distance = np.ones((count, count))
    distance[tuple(pairs.T)] = 1 - probabilities
    condensed = distance[np.triu_indices(count, 1)]
    return groups(fcluster(linkage(condensed, "average"), 1 - threshold + 1e-9, "distance"))


def random_pairs(count: int, share: float, seed: int) -> tuple[Pairs, Probabilities]:
    """So large a share of all pairs, with probabilities that are high or low more often than in between."""
    generator = np.random.default_rng(seed)
    pairs = np.array(list(combinations(range(count), 2)), np.int64).reshape(-1, 2)
    pairs = pairs[generator.random(len(pairs)) < share]
    return pairs, generator.beta(0.4, 0.4, len(pairs)).clip(1e-6, 1)


@given(st.integers(2, 14), st.floats(0, 1), SEEDS, st.floats(0.05, 0.99))
def test_it_is_average_linkage_of_all_articles_at_once(count: int, share: float, seed: int, threshold: float) -> None:
    pairs, probabilities = random_pairs(count, share, seed)
    found = cluster(count, pairs, probabilities, threshold)
    assert groups(found) == at_once(count, pairs, probabilities, threshold)


@given(st.integers(2, 12), SEEDS, st.floats(0.05, 0.99), st.data())
def test_neither_the_order_of_pairs_nor_the_numbering_of_articles_matters(
    count: int, seed: int, threshold: float, data: st.DataObject
) -> None:
    pairs, probabilities = random_pairs(count, 0.6, seed)
    expected = groups(cluster(count, pairs, probabilities, threshold))
    order = np.array(data.draw(st.permutations(range(len(pairs)))), np.int64)
    assert groups(cluster(count, pairs[order], probabilities[order], threshold)) == expected
    number = np.array(data.draw(st.permutations(range(count))), np.int64)
    renamed = np.sort(number[pairs], 1)
    back = cluster(count, renamed, probabilities, threshold)[number]
    assert groups(back) == expected


@given(st.integers(1, 14), SEEDS, st.floats(0, 1))
def test_stories_are_numbered_in_the_order_of_their_first_articles(count: int, seed: int, threshold: float) -> None:
    labels = cluster(count, *random_pairs(count, 0.5, seed), threshold).tolist()
    firsts = list(dict.fromkeys(labels))
    assert firsts == list(range(len(firsts)))


@pytest.mark.parametrize("threshold", [0.1, 0.3, 0.5, 0.7, 0.9])
def test_a_mean_exactly_at_the_threshold_joins(threshold: float) -> None:
    pairs = np.array([[0, 1]], np.int64)
    assert cluster(2, pairs, np.array([threshold]), threshold).tolist() == [0, 0]
    assert cluster(2, pairs, np.array([threshold - 1e-6]), threshold).tolist() == [0, 1]
    # Two links whose mean is the threshold, one over it and one as far under it.
    three = np.array([[0, 1], [0, 2], [1, 2]], np.int64)
    assert len(set(cluster(3, three, np.array([1, threshold + 0.05, threshold - 0.05]), threshold).tolist())) == 1


def test_a_pair_that_was_never_a_candidate_counts_as_nothing() -> None:
    chain = np.array([[0, 1], [1, 2]], np.int64)
    assert cluster(3, chain, np.array([1.0, 0.9]), 0.5).tolist() == [0, 0, 1]
    assert cluster(3, chain, np.array([1.0, 0.9]), 0.45).tolist() == [0, 0, 0]


def test_a_threshold_of_nothing_never_joins_without_a_link() -> None:
    pairs = np.array([[0, 1], [2, 3]], np.int64)
    assert cluster(5, pairs, np.array([0.01, 0.0]), 0.0).tolist() == [0, 0, 1, 2, 3]


def test_without_articles_or_pairs_nothing_fails() -> None:
    nothing = np.zeros((0, 2), np.int64), np.zeros(0)
    assert cluster(0, *nothing, 0.5).tolist() == []
    assert cluster(3, *nothing, 0.5).tolist() == [0, 1, 2]


def blocks(sizes: list[int], inside: float) -> dict[tuple[int, int], float]:
    """Articles in blocks, each pair of a block with one probability."""
    bounds = np.cumsum([0, *sizes])
    return {
        pair: inside
        for start, end in zip(bounds[:-1].tolist(), bounds[1:].tolist(), strict=True)
        for pair in combinations(range(start, end), 2)
    }


def clustered(count: int, links: dict[tuple[int, int], float], threshold: float = 0.5) -> set[frozenset[int]]:
    return groups(cluster(count, np.array(list(links), np.int64), np.array(list(links.values())), threshold))


def test_a_bridge_article_does_not_join_two_stories_of_fifty() -> None:
    links = blocks([50, 50], 0.95)
    links |= {(article, 100): 0.9 for article in range(100)}
    parts = clustered(101, links)
    assert sorted(map(len, parts)) == [50, 51]
    assert not any({0, 50} <= part for part in parts)


def test_a_few_strong_links_do_not_join_two_stories() -> None:
    links = blocks([20, 20], 0.95) | {(article, article + 20): 0.9 for article in range(5)}
    assert sorted(map(len, clustered(40, links))) == [20, 20]


def test_two_halves_of_one_story_in_two_languages_join() -> None:
    links = blocks([25, 25], 0.99) | {(a, b): 0.6 for a in range(25) for b in range(25, 50)}
    assert clustered(50, links) == {frozenset(range(50))}
