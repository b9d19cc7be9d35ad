"""Sparse average linkage against SciPy's on the full matrix, and the stories after refinement."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy.cluster.hierarchy import fcluster, linkage

from detector.stories import clustering
from detector.stories.clustering import agglomerate, cluster, stories_of, within_reach
from detector.stories.missing_pairs import missing_pairs

Pairs = NDArray[np.int64]
Probabilities = NDArray[np.float64]
SEEDS = st.integers(0, 10**6)


def groups(labels: NDArray[np.int64]) -> set[frozenset[int]]:
    """A partition, regardless of its labels."""
    return {frozenset(np.flatnonzero(labels == label).tolist()) for label in set(labels.tolist())}


def linked(count: int, pairs: Pairs, probabilities: Probabilities, threshold: float) -> NDArray[np.int64]:
    """Average linkage from single articles."""
    return agglomerate(np.arange(count), pairs, probabilities, threshold)


def labels_of(count: int, pairs: Pairs, probabilities: Probabilities, threshold: float) -> NDArray[np.int64]:
    """The stories of articles without coverage, so that none is a roundup."""
    return cluster(count, pairs, probabilities, np.zeros(pairs.shape), threshold).labels


def at_once(count: int, pairs: Pairs, probabilities: Probabilities, threshold: float) -> set[frozenset[int]]:
    """Average linkage on the full matrix of all articles."""
    distance = np.ones((count, count))
    distance[tuple(pairs.T)] = 1 - probabilities
    condensed = distance[np.triu_indices(count, 1)]
    return groups(fcluster(linkage(condensed, "average"), 1 - threshold + 1e-9, "distance"))


def random_pairs(count: int, share: float, seed: int) -> tuple[Pairs, Probabilities]:
    """A random share of all pairs, with probabilities that are mostly high or low."""
    generator = np.random.default_rng(seed)
    pairs = np.array(list(combinations(range(count), 2)), np.int64).reshape(-1, 2)
    pairs = pairs[generator.random(len(pairs)) < share]
    return pairs, generator.beta(0.4, 0.4, len(pairs)).clip(1e-6, 1)


@given(st.integers(2, 14), st.floats(0, 1), SEEDS, st.floats(0.05, 0.99))
def test_linkage_equals_that_on_the_full_matrix(count: int, share: float, seed: int, threshold: float) -> None:
    pairs, probabilities = random_pairs(count, share, seed)
    found = linked(count, pairs, probabilities, threshold)
    assert groups(found) == at_once(count, pairs, probabilities, threshold)


@given(st.integers(2, 14), st.floats(0, 1), SEEDS, st.floats(0.05, 0.99))
def test_linkage_continues_from_given_groups(count: int, share: float, seed: int, threshold: float) -> None:
    pairs, probabilities = random_pairs(count, share, seed)
    once = linked(count, pairs, probabilities, threshold)
    assert agglomerate(once, pairs, probabilities, threshold).tolist() == once.tolist()
    # What a higher threshold joins is joined first at a lower one too.
    halfway = linked(count, pairs, probabilities, (1 + threshold) / 2)
    assert groups(agglomerate(halfway, pairs, probabilities, threshold)) == groups(once)


@given(st.integers(2, 12), SEEDS, st.sampled_from([0.3, 0.5, 0.75]), st.data())
def test_equal_means_are_joined_in_one_order_whatever_the_order_of_the_pairs(
    count: int, seed: int, threshold: float, data: st.DataObject
) -> None:
    pairs, probabilities = random_pairs(count, 0.6, seed)
    coarse = (probabilities * 4).round() / 4
    order = np.array(data.draw(st.permutations(range(len(pairs)))), np.int64)
    turned = pairs[:, ::-1] if seed % 2 else pairs
    expected = labels_of(count, pairs, coarse, threshold).tolist()
    assert labels_of(count, turned[order], coarse[order], threshold).tolist() == expected


@given(st.integers(2, 12), SEEDS, st.floats(0.05, 0.99), st.data())
def test_neither_the_order_of_pairs_nor_the_numbering_of_articles_matters(
    count: int, seed: int, threshold: float, data: st.DataObject
) -> None:
    pairs, probabilities = random_pairs(count, 0.6, seed)
    expected = groups(labels_of(count, pairs, probabilities, threshold))
    order = np.array(data.draw(st.permutations(range(len(pairs)))), np.int64)
    assert groups(labels_of(count, pairs[order], probabilities[order], threshold)) == expected
    number = np.array(data.draw(st.permutations(range(count))), np.int64)
    renamed = np.sort(number[pairs], 1)
    back = labels_of(count, renamed, probabilities, threshold)[number]
    assert groups(back) == expected


@given(st.integers(2, 14), st.floats(0, 1), SEEDS, st.floats(0.05, 0.95))
def test_every_article_is_alone_or_its_mean_reaches_the_threshold(
    count: int, share: float, seed: int, threshold: float
) -> None:
    pairs, probabilities = random_pairs(count, share, seed)
    labels = labels_of(count, pairs, probabilities, threshold)
    matrix = np.zeros((count, count))
    matrix[tuple(pairs.T)] = probabilities
    matrix += matrix.T
    for article in range(count):
        mates = np.flatnonzero((labels == labels[article]) & (np.arange(count) != article))
        assert not len(mates) or matrix[article, mates].mean() >= threshold - 1e-6


@given(st.integers(2, 40), st.floats(0, 0.3), SEEDS, st.floats(0, 1))
def test_pairs_out_of_reach_change_nothing(count: int, share: float, seed: int, threshold: float) -> None:
    pairs, probabilities = random_pairs(count, share, seed)
    near = within_reach(count, pairs, probabilities, threshold)
    found, copy_of = stories_of(count, pairs, probabilities, threshold), np.arange(count)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(clustering, "within_reach", lambda count, pairs, *_: np.ones(len(pairs), bool))
        np.testing.assert_array_equal(found, stories_of(count, pairs, probabilities, threshold))
    np.testing.assert_array_equal(
        missing_pairs(found, pairs[near], probabilities[near], threshold, copy_of),
        missing_pairs(found, pairs, probabilities, threshold, copy_of),
    )


def test_pairs_that_no_pair_at_the_threshold_connects_are_out_of_reach() -> None:
    pairs = np.array([[0, 1], [0, 2], [1, 2], [2, 3]])
    near = within_reach(4, pairs, np.array([0.9, 0.1, 0.8, 0.4]), 0.5)
    assert near.tolist() == [True, True, True, False]


@given(st.integers(1, 14), SEEDS, st.floats(0, 1))
def test_stories_are_numbered_in_the_order_of_their_first_articles(count: int, seed: int, threshold: float) -> None:
    labels = labels_of(count, *random_pairs(count, 0.5, seed), threshold).tolist()
    firsts = list(dict.fromkeys(labels))
    assert firsts == list(range(len(firsts)))


@pytest.mark.parametrize("threshold", [0.1, 0.3, 0.5, 0.7, 0.9])
def test_a_mean_exactly_at_the_threshold_joins(threshold: float) -> None:
    pairs = np.array([[0, 1]], np.int64)
    assert labels_of(2, pairs, np.array([threshold]), threshold).tolist() == [0, 0]
    assert labels_of(2, pairs, np.array([threshold - 1e-6]), threshold).tolist() == [0, 1]
    # Two links whose mean is the threshold, one over it and one as far under it.
    three = np.array([[0, 1], [0, 2], [1, 2]], np.int64)
    assert len(set(labels_of(3, three, np.array([1, threshold + 0.05, threshold - 0.05]), threshold).tolist())) == 1


def test_a_pair_that_was_never_a_candidate_counts_as_zero() -> None:
    chain = np.array([[0, 1], [1, 2]], np.int64)
    assert labels_of(3, chain, np.array([1.0, 0.9]), 0.5).tolist() == [0, 0, 1]
    assert labels_of(3, chain, np.array([1.0, 0.9]), 0.45).tolist() == [0, 0, 0]


def test_a_threshold_of_zero_joins_nothing_without_a_pair() -> None:
    pairs = np.array([[0, 1], [2, 3]], np.int64)
    assert labels_of(5, pairs, np.array([0.01, 0.0]), 0.0).tolist() == [0, 0, 1, 2, 3]


def test_without_articles_or_pairs_nothing_fails() -> None:
    nothing = np.zeros((0, 2), np.int64), np.zeros(0)
    assert labels_of(0, *nothing, 0.5).tolist() == []
    assert labels_of(3, *nothing, 0.5).tolist() == [0, 1, 2]


def blocks(sizes: list[int], inside: float) -> dict[tuple[int, int], float]:
    """Articles in blocks, each pair of a block with one probability."""
    bounds = np.cumsum([0, *sizes])
    return {
        pair: inside
        for start, end in zip(bounds[:-1].tolist(), bounds[1:].tolist(), strict=True)
        for pair in combinations(range(start, end), 2)
    }


def arrays(links: dict[tuple[int, int], float]) -> tuple[Pairs, Probabilities]:
    return np.array(list(links), np.int64), np.array(list(links.values()))


def clustered(count: int, links: dict[tuple[int, int], float], threshold: float = 0.5) -> set[frozenset[int]]:
    return groups(labels_of(count, *arrays(links), threshold))


def test_a_bridge_article_does_not_join_two_stories_of_fifty() -> None:
    links = blocks([50, 50], 0.95)
    links |= {(article, 100): 0.6 + 0.3 * (article % 7) / 6 for article in range(100)}
    parts = clustered(101, links)
    assert sorted(map(len, parts)) == [50, 51]
    assert not any({0, 50} <= part for part in parts)


def test_a_few_strong_links_do_not_join_two_stories() -> None:
    links = blocks([20, 20], 0.95) | {(article, article + 20): 0.9 for article in range(5)}
    assert sorted(map(len, clustered(40, links))) == [20, 20]


def test_two_halves_of_a_story_in_two_languages_join() -> None:
    generator = np.random.default_rng(0)
    links = blocks([25, 25], 0.95)
    links |= {(a, b): float(generator.choice([0.05, 0.95], p=[0.4, 0.6])) for a in range(25) for b in range(25, 50)}
    assert clustered(50, links) == {frozenset(range(50))}


def test_a_chain_of_strong_pairs_is_not_one_story() -> None:
    chain = {(article, article + 1): 0.95 for article in range(40)}
    assert max(map(len, clustered(41, chain))) <= 3


def test_four_hundred_copies_are_one_story() -> None:
    assert clustered(400, blocks([400], 1.0)) == {frozenset(range(400))}


def test_an_article_that_linkage_misplaced_moves_to_where_it_fits() -> None:
    # Article 0 is joined first to its nearest neighbour, whose other articles it does not fit.
    links = {(0, 1): 0.9, (0, 2): 0.1, (0, 3): 0.1, (1, 2): 0.85, (1, 3): 0.85, (2, 3): 0.8}
    links |= {(0, 4): 0.75, (0, 5): 0.75, (0, 6): 0.75, **dict.fromkeys(combinations(range(4, 7), 2), 0.8)}
    assert {0, 1} <= next(iter(part for part in groups(linked(7, *arrays(links), 0.5)) if 0 in part))
    assert clustered(7, links) == {frozenset({0, 4, 5, 6}), frozenset({1, 2, 3})}


def test_a_roundup_joins_no_stories_and_is_put_where_it_fits_best() -> None:
    links = blocks([3, 3, 3], 0.9) | {(article, 9): 0.7 if article < 3 else 0.6 for article in range(9)}
    pairs, probabilities = arrays(links)
    coverage = np.where((pairs[:, 1] == 9)[:, None], [0.1, 0.3], 0.0)
    found = cluster(10, pairs, probabilities, coverage, 0.5)
    assert found.labels.tolist() == [0, 0, 0, 1, 1, 1, 2, 2, 2, 0]
    assert np.flatnonzero(found.roundups).tolist() == [9]


@pytest.mark.slow
def test_a_hundred_thousand_articles_need_no_array_of_all_pairs() -> None:
    generator = np.random.default_rng(0)
    story = np.sort(generator.integers(0, 20_000, 100_000))
    near = np.concatenate([np.stack([np.arange(100_000 - step), np.arange(step, 100_000)], 1) for step in range(1, 4)])
    same = story[near[:, 0]] == story[near[:, 1]]
    values = np.where(same, 0.9, 0.05) + 0.05 * generator.random(len(near))
    assert len(set(labels_of(100_000, near, values, 0.5).tolist())) >= len(set(story.tolist()))
