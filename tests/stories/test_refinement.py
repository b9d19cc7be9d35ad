"""Moves of single articles raise the objective; on planted stories they reach the best of all partitions."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from detector.stories.clustering import agglomerate
from detector.stories.refinement import move_articles

Pairs = NDArray[np.int64]
Probabilities = NDArray[np.float64]
SEEDS = st.integers(0, 10**6)
THRESHOLDS = st.floats(0.05, 0.95)


def objective(labels: NDArray[np.int64], pairs: Pairs, probabilities: Probabilities, threshold: float) -> float:
    """The sum of (probability − threshold) over the pairs inside stories, where a missing pair counts as 0."""
    inside = labels[pairs[:, 0]] == labels[pairs[:, 1]]
    sizes = np.bincount(labels)
    return float(probabilities[inside].sum() - threshold * (sizes * (sizes - 1) / 2).sum())


def partitions(count: int) -> Iterator[NDArray[np.int64]]:
    """All set partitions, as labels."""

    def grow(labels: list[int]) -> Iterator[list[int]]:
        if len(labels) == count:
            yield labels
            return
        for label in range(max(labels, default=-1) + 2):
            yield from grow([*labels, label])

    return (np.array(labels, np.int64) for labels in grow([]))


def groups(labels: NDArray[np.int64]) -> set[frozenset[int]]:
    return {frozenset(np.flatnonzero(labels == label).tolist()) for label in set(labels.tolist())}


def random_pairs(count: int, share: float, seed: int) -> tuple[Pairs, Probabilities]:
    generator = np.random.default_rng(seed)
    pairs = np.array(list(combinations(range(count), 2)), np.int64).reshape(-1, 2)
    pairs = pairs[generator.random(len(pairs)) < share]
    return pairs, generator.beta(0.5, 0.5, len(pairs))


def planted(count: int, seed: int) -> tuple[NDArray[np.int64], Pairs, Probabilities]:
    """Stories, and pairs that are all over 0.6 inside them and under 0.4 outside."""
    generator = np.random.default_rng(seed)
    story = generator.integers(0, 3, count)
    pairs = np.array(list(combinations(range(count), 2)), np.int64).reshape(-1, 2)
    same = story[pairs[:, 0]] == story[pairs[:, 1]]
    return story, pairs, np.where(same, 0.6, 0.0) + 0.4 * generator.random(len(pairs))


@given(st.integers(1, 14), st.floats(0, 1), SEEDS, THRESHOLDS)
def test_the_objective_never_falls_from_any_start(count: int, share: float, seed: int, threshold: float) -> None:
    pairs, probabilities = random_pairs(count, share, seed)
    labels = np.random.default_rng(seed).integers(0, count, count)
    moved = move_articles(labels, pairs, probabilities, threshold)
    before = objective(labels, pairs, probabilities, threshold)
    assert objective(moved, pairs, probabilities, threshold) >= before - 1e-9


@given(st.integers(1, 14), st.floats(0, 1), SEEDS, THRESHOLDS)
def test_every_article_is_alone_or_its_mean_reaches_the_threshold(
    count: int, share: float, seed: int, threshold: float
) -> None:
    pairs, probabilities = random_pairs(count, share, seed)
    moved = move_articles(np.zeros(count, np.int64), pairs, probabilities, threshold)
    matrix = np.zeros((count, count))
    matrix[tuple(pairs.T)] = probabilities
    matrix += matrix.T
    for article in range(count):
        mates = np.flatnonzero((moved == moved[article]) & (np.arange(count) != article))
        assert not len(mates) or matrix[article, mates].mean() >= threshold - 1e-6


@given(st.integers(1, 7), st.floats(0, 1), SEEDS, THRESHOLDS)
def test_the_objective_lies_between_linkage_and_the_best_of_all_partitions(
    count: int, share: float, seed: int, threshold: float
) -> None:
    pairs, probabilities = random_pairs(count, share, seed)
    linked = agglomerate(np.arange(count), pairs, probabilities, threshold)
    objectives = [
        objective(labels, pairs, probabilities, threshold)
        for labels in (linked, move_articles(linked, pairs, probabilities, threshold))
    ]
    best = max(objective(labels, pairs, probabilities, threshold) for labels in partitions(count))
    assert objectives[0] - 1e-9 <= objectives[1] <= best + 1e-9


@given(st.integers(1, 7), SEEDS)
def test_planted_stories_are_the_best_partition_and_are_found(count: int, seed: int) -> None:
    story, pairs, probabilities = planted(count, seed)
    moved = move_articles(agglomerate(np.arange(count), pairs, probabilities, 0.5), pairs, probabilities, 0.5)
    best = max(partitions(count), key=lambda labels: objective(labels, pairs, probabilities, 0.5))
    assert groups(moved) == groups(best) == groups(story)


@given(st.integers(2, 30), SEEDS)
def test_an_article_in_the_wrong_story_moves_to_its_own(count: int, seed: int) -> None:
    story, pairs, probabilities = planted(count, seed)
    labels = story.copy()
    labels[seed % count] = (story[seed % count] + 1) % 3
    # In a story of two either could join the other; with two left in its story, only the misplaced article moves.
    if (labels == story[seed % count]).sum() > 1:
        assert groups(move_articles(labels, pairs, probabilities, 0.5)) == groups(story)


@given(st.integers(2, 12), SEEDS, THRESHOLDS, st.data())
def test_the_numbering_of_articles_does_not_matter(
    count: int, seed: int, threshold: float, data: st.DataObject
) -> None:
    pairs, probabilities = random_pairs(count, 0.6, seed)
    labels = np.random.default_rng(seed).integers(0, count, count)
    number = np.array(data.draw(st.permutations(range(count))), np.int64)
    renamed = np.empty_like(labels)
    renamed[number] = labels
    moved = move_articles(renamed, np.sort(number[pairs], 1), probabilities, threshold)[number]
    assert groups(moved) == groups(move_articles(labels, pairs, probabilities, threshold))


def test_without_articles_or_pairs_nothing_fails() -> None:
    nothing = np.zeros((0, 2), np.int64), np.zeros(0)
    assert move_articles(np.zeros(0, np.int64), *nothing, 0.5).tolist() == []
    assert len(groups(move_articles(np.zeros(3, np.int64), *nothing, 0.5))) == 3
