"""Pairs that the neighbour search skipped and that could still change the stories."""

from __future__ import annotations

from itertools import combinations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from detector.stories.missing_pairs import MOST_PAIRS, missing_pairs

THRESHOLD = 0.5


def missing(
    labels: list[int], known: dict[tuple[int, int], float], copy_of: list[int] | None = None
) -> list[tuple[int, int]]:
    pairs = np.array(list(known), np.int64).reshape(-1, 2)
    found = missing_pairs(
        np.array(labels, np.int64),
        pairs,
        np.array(list(known.values())),
        THRESHOLD,
        np.arange(len(labels)) if copy_of is None else np.array(copy_of),
    )
    return [(int(a), int(b)) for a, b in found]


def test_pairs_inside_a_story_are_missing() -> None:
    assert missing([0, 0, 0, 1], {(0, 1): 0.9, (1, 2): 0.9}) == [(0, 2)]
    assert missing([0, 0, 0], {(0, 1): 0.9, (1, 2): 0.9, (0, 2): 0.1}) == []


def test_pairs_between_two_stories_are_missing_if_the_known_ones_would_join_them() -> None:
    known = {(0, 1): 0.9, (2, 3): 0.9, (1, 2): 0.8}
    assert missing([0, 0, 1, 1], known) == [(0, 2), (0, 3), (1, 3)]
    assert missing([0, 0, 1, 1], {**known, (1, 2): 0.3}) == []
    assert missing([0, 0, 1, 1], {**known, (0, 3): 0.1, (0, 2): 0.0}) == []


def test_no_pair_is_missing_between_stories_without_any() -> None:
    assert missing([0, 0, 1, 1], {(0, 1): 0.9, (2, 3): 0.9}) == []


def test_no_pair_of_a_copy_is_missing() -> None:
    assert missing([0, 0, 1, 2], {(0, 1): 0.9, (0, 2): 1.0, (0, 3): 1.0}, [0, 1, 0, 0]) == []


def test_no_pair_is_missing_in_a_story_with_too_many() -> None:
    count = 400
    assert missing([0] * count, {(0, place): 0.9 for place in range(1, count)}) == []
    assert count * (count - 1) // 2 > MOST_PAIRS


def test_without_pairs_none_is_missing() -> None:
    assert missing([0, 1, 2], {}) == []
    assert missing([], {}) == []


@st.composite
def batches(draw: st.DrawFn) -> tuple[list[int], dict[tuple[int, int], float]]:
    labels = draw(st.lists(st.integers(0, 3), min_size=1, max_size=9))
    every = list(combinations(range(len(labels)), 2))
    known = draw(st.dictionaries(st.sampled_from(every), st.sampled_from((0.0, 0.2, 0.6, 1.0)))) if every else {}
    _, numbered = np.unique(labels, return_inverse=True)
    return numbered.tolist(), known


@given(batches())
def test_the_missing_pairs_are_those_of_a_plain_search(batch: tuple[list[int], dict[tuple[int, int], float]]) -> None:
    labels, known = batch
    expected = []
    for first, second in combinations(range(len(labels)), 2):
        ends = {labels[first], labels[second]}
        between = [value for (a, b), value in known.items() if {labels[a], labels[b]} == ends]
        same = len(ends) == 1
        if (first, second) not in known and between and (same or sum(between) >= THRESHOLD * len(between)):
            expected.append((first, second))
    assert missing(labels, known) == expected
