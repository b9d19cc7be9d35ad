"""Pairs that a big batch owes its stories."""

from __future__ import annotations

from itertools import combinations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from detector.stories.missing_pairs import MOST_PAIRS, missing_pairs

THRESHOLD = 0.5


def owed(
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


def test_a_story_is_owed_the_pairs_it_lacks() -> None:
    assert owed([0, 0, 0, 1], {(0, 1): 0.9, (1, 2): 0.9}) == [(0, 2)]
    assert owed([0, 0, 0], {(0, 1): 0.9, (1, 2): 0.9, (0, 2): 0.1}) == []


def test_two_stories_are_owed_theirs_where_those_known_would_join_them() -> None:
    known = {(0, 1): 0.9, (2, 3): 0.9, (1, 2): 0.8}
    assert owed([0, 0, 1, 1], known) == [(0, 2), (0, 3), (1, 3)]
    assert owed([0, 0, 1, 1], {**known, (1, 2): 0.3}) == []
    assert owed([0, 0, 1, 1], {**known, (0, 3): 0.1, (0, 2): 0.0}) == []


def test_stories_without_a_pair_between_them_are_owed_none() -> None:
    assert owed([0, 0, 1, 1], {(0, 1): 0.9, (2, 3): 0.9}) == []


def test_copies_are_owed_none() -> None:
    assert owed([0, 0, 1, 2], {(0, 1): 0.9, (0, 2): 1.0, (0, 3): 1.0}, [0, 1, 0, 0]) == []


def test_a_story_beyond_measure_is_owed_none() -> None:
    count = 400
    assert owed([0] * count, {(0, place): 0.9 for place in range(1, count)}) == []
    assert count * (count - 1) // 2 > MOST_PAIRS


def test_without_pairs_nothing_is_owed() -> None:
    assert owed([0, 1, 2], {}) == []
    assert owed([], {}) == []


@st.composite
def batches(draw: st.DrawFn) -> tuple[list[int], dict[tuple[int, int], float]]:
    labels = draw(st.lists(st.integers(0, 3), min_size=1, max_size=9))
    every = list(combinations(range(len(labels)), 2))
    known = draw(st.dictionaries(st.sampled_from(every), st.sampled_from((0.0, 0.2, 0.6, 1.0)))) if every else {}
    _, numbered = np.unique(labels, return_inverse=True)
    return numbered.tolist(), known


@given(batches())
def test_what_is_owed_is_what_brute_force_finds(batch: tuple[list[int], dict[tuple[int, int], float]]) -> None:
    labels, known = batch
    expected = []
    for one, other in combinations(range(len(labels)), 2):
        ends = {labels[one], labels[other]}
        between = [value for (a, b), value in known.items() if {labels[a], labels[b]} == ends]
        same = len(ends) == 1
        if (one, other) not in known and between and (same or sum(between) >= THRESHOLD * len(between)):
            expected.append((one, other))
    assert owed(labels, known) == expected
