"""The candidate search against looking at every pair."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from detector import candidates
from detector.candidates import candidate_pairs
from tests.making import random_units

SEEDS = st.integers(0, 10**6)
DAYS = st.one_of(st.just(float("nan")), st.floats(0, 9), st.integers(0, 9).map(float))


@given(st.integers(0, 20), st.floats(-1, 1), SEEDS, st.integers(1, 7))
def test_every_pair_over_the_floor_is_found(count: int, floor: float, seed: int, block: int) -> None:
    vectors = random_units(np.random.default_rng(seed), count, 3)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(candidates, "BLOCK", block)
        found = set(map(tuple, candidate_pairs(vectors, floor).tolist()))
    for a, b in combinations(range(count), 2):
        cosine = float(vectors[a] @ vectors[b])
        assert ((a, b) in found) == (cosine >= floor) or cosine == pytest.approx(floor, abs=1e-6)


@given(st.lists(DAYS, max_size=12), st.floats(0, 9), st.integers(1, 5))
def test_the_window_leaves_out_only_what_has_two_dates_and_lies_further_apart(
    days: list[float], window: float, block: int
) -> None:
    vectors = np.ones((len(days), 1), np.float32)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(candidates, "BLOCK", block)
        found = candidate_pairs(vectors, 0.5, np.array(days, np.float64), window)
    expected = [[a, b] for a, b in combinations(range(len(days)), 2) if not abs(days[a] - days[b]) > window]
    assert sorted(found.tolist()) == expected


def test_the_floor_itself_is_over_the_floor() -> None:
    vectors = np.array([[1, 0], [0, 1], [1, 0]], np.float32)
    assert candidate_pairs(vectors, 1.0).tolist() == [[0, 2]]
    assert candidate_pairs(vectors, 0.0).tolist() == [[0, 1], [0, 2], [1, 2]]


def test_articles_exactly_so_many_days_apart_are_compared() -> None:
    vectors, days = np.ones((3, 1), np.float32), np.array([0.0, 7.0, 7.001])
    assert candidate_pairs(vectors, 0, days, 7).tolist() == [[0, 1], [1, 2]]


def test_without_a_window_dates_do_not_matter() -> None:
    assert len(candidate_pairs(np.ones((3, 1), np.float32), 0, np.array([0.0, 1e6, np.nan]))) == 3


def test_pairs_come_in_rising_order_with_the_smaller_number_first() -> None:
    found = candidate_pairs(random_units(np.random.default_rng(1), 40, 3), 0.2)
    assert (found[:, 0] < found[:, 1]).all() and found.dtype == np.int64
    assert found.tolist() == sorted(found.tolist())


@pytest.mark.parametrize("count", [0, 1])
def test_fewer_than_two_articles_have_no_pair(count: int) -> None:
    assert candidate_pairs(np.ones((count, 4), np.float32), -1.0).shape == (0, 2)
