"""Candidate pairs against a comparison of every pair, and in big batches of every article with its nearest."""

from __future__ import annotations

from itertools import combinations
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

from detector.pairs import candidates, nearest
from detector.pairs.candidates import DEEPEST, candidate_pairs
from detector.records import unit
from tests.making import random_units

SEEDS = st.integers(0, 10**6)
DAYS = st.one_of(st.just(float("nan")), st.floats(0, 9), st.integers(0, 9).map(float))


@given(st.integers(0, 20), st.floats(-1, 1), SEEDS, st.integers(1, 7))
def test_every_pair_at_or_above_the_floor_is_found(count: int, floor: float, seed: int, block: int) -> None:
    vectors = random_units(np.random.default_rng(seed), count, 3)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(candidates, "BLOCK", block)
        found = set(map(tuple, candidate_pairs(vectors, floor).tolist()))
    for a, b in combinations(range(count), 2):
        cosine = float(vectors[a] @ vectors[b])
        assert ((a, b) in found) == (cosine >= floor) or cosine == pytest.approx(floor, abs=1e-6)


@given(st.lists(DAYS, max_size=12), st.floats(0, 9), st.integers(1, 5))
def test_the_window_only_leaves_out_pairs_with_two_dates_that_are_further_apart(
    days: list[float], window: float, block: int
) -> None:
    vectors = np.ones((len(days), 1), np.float32)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(candidates, "BLOCK", block)
        found = candidate_pairs(vectors, 0.5, np.array(days, np.float64), window)
    expected = [[a, b] for a, b in combinations(range(len(days)), 2) if not abs(days[a] - days[b]) > window]
    assert sorted(found.tolist()) == expected


def test_a_cosine_exactly_at_the_floor_counts() -> None:
    vectors = np.array([[1, 0], [0, 1], [1, 0]], np.float32)
    assert candidate_pairs(vectors, 1.0).tolist() == [[0, 2]]
    assert candidate_pairs(vectors, 0.0).tolist() == [[0, 1], [0, 2], [1, 2]]


def test_articles_exactly_as_many_days_apart_as_the_window_are_compared() -> None:
    vectors, days = np.ones((3, 1), np.float32), np.array([0.0, 7.0, 7.001])
    assert candidate_pairs(vectors, 0, days, 7).tolist() == [[0, 1], [1, 2]]


def test_without_a_window_dates_do_not_matter() -> None:
    assert len(candidate_pairs(np.ones((3, 1), np.float32), 0, np.array([0.0, 1e6, np.nan]))) == 3


def test_pairs_come_in_rising_order_with_the_smaller_index_first() -> None:
    found = candidate_pairs(random_units(np.random.default_rng(1), 40, 3), 0.2)
    assert (found[:, 0] < found[:, 1]).all()
    assert found.dtype == np.int64
    assert found.tolist() == sorted(found.tolist())


@pytest.mark.parametrize("count", [0, 1])
def test_fewer_than_two_articles_have_no_pair(count: int) -> None:
    assert candidate_pairs(np.ones((count, 4), np.float32), -1.0).shape == (0, 2)


def nearest_pairs(
    vectors: NDArray[np.float32],
    floor: float,
    days: NDArray[np.float64],
    window: float,
    copy_of: NDArray[np.int64],
    big_story: float,
    neighbours: int,
) -> set[tuple[int, int]]:
    """The candidates of a big batch, article by article; random vectors have no two equal cosines."""
    originals = np.flatnonzero(copy_of == np.arange(len(vectors)))
    pairs = {(original, copy) for copy, original in enumerate(copy_of.tolist()) if original != copy}

    def pair(a: int, others: NDArray[np.int64]) -> None:
        cosines = vectors[others] @ vectors[a]
        near = others[np.argsort(-cosines, kind="stable")][: (np.sort(cosines)[::-1] >= floor).sum()]
        last = near[neighbours - 1 : neighbours]
        wanted = DEEPEST if (vectors[last] @ vectors[a] >= big_story).any() else neighbours
        pairs.update((min(a, b), max(a, b)) for b in near[:wanted].tolist())

    undated = np.isnan(days)
    for a in originals.tolist():
        others = originals[(originals != a) & ~(np.abs(days[originals] - days[a]) > window)]
        if undated[a] or window == np.inf:
            pair(a, others)
        else:
            pair(a, others[~undated[others]])
            pair(a, others[undated[others]])
    return pairs


@pytest.mark.slow
@given(st.integers(1, 25), st.floats(-1, 0.5), st.floats(0, 1), st.integers(1, 5), st.booleans(), SEEDS)
def test_a_big_batch_pairs_each_article_with_its_nearest(
    count: int, floor: float, big_story: float, neighbours: int, windowed: bool, seed: int
) -> None:
    generator = np.random.default_rng(seed)
    vectors = random_units(generator, count, 3)
    days = np.where(generator.random(count) < 0.2, np.nan, generator.integers(0, 12, count).astype(float))
    window = float(generator.integers(0, 12)) if windowed else np.inf
    copy_of = np.arange(count)
    copy_of[generator.integers(1, count + 1, count // 4) - 1] = 0
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(candidates, "EXACT", 0)
        patch.setattr(candidates, "BLOCK", 3)
        patch.setattr(candidates, "QUERIES_AT_ONCE", 2)
        patch.setattr(candidates, "NEIGHBOURS", neighbours)
        found = candidate_pairs(
            vectors, floor, days, window if windowed else None, copy_of=copy_of, big_story=big_story
        )
    expected = nearest_pairs(vectors, floor, days, window, copy_of, big_story, neighbours)
    assert found.tolist() == sorted(map(list, expected))
    assert found.dtype == np.int64


@pytest.fixture
def big(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every batch is a big one."""
    monkeypatch.setattr(candidates, "EXACT", 0)


def test_copies_do_not_crowd_out_a_translation(big: None) -> None:
    # The wire story, four hundred prints of it, its translation, and strangers.
    generator = np.random.default_rng(3)
    story = random_units(generator, 1, 64)
    prints = story + 0.02 * random_units(generator, 400, 64)
    translation = story + 0.5 * random_units(generator, 1, 64)
    vectors = unit(np.concatenate([story, prints, translation, random_units(generator, 300, 64)]).astype(np.float32))
    copy_of = np.arange(len(vectors))
    copy_of[1:401] = 0
    found = set(map(tuple, candidate_pairs(vectors, 0.3, copy_of=copy_of).tolist()))
    assert (0, 401) in found
    assert all((0, copy) in found for copy in range(1, 401))
    assert not any(1 <= copy <= 400 for _, copy in found - {(0, copy) for copy in range(1, 401)})
    crowded = set(map(tuple, candidate_pairs(vectors, 0.3).tolist()))
    assert sum((copy, 401) in crowded for copy in range(401)) < 100


def test_a_big_story_is_not_cut_off(big: None) -> None:
    generator = np.random.default_rng(4)
    stories = np.repeat(random_units(generator, 3, 64), 150, 0) + 0.5 * random_units(generator, 450, 64)
    vectors = unit(np.asarray(stories, np.float32))
    inside = 3 * 150 * 149 // 2
    shallow, deep = candidate_pairs(vectors, 0.1), candidate_pairs(vectors, 0.1, big_story=0.4)
    found = [int((pairs[:, 0] // 150 == pairs[:, 1] // 150).sum()) for pairs in (shallow, deep)]
    assert found[0] < 0.5 * inside
    assert found[1] == inside


@pytest.mark.parametrize("window", [None, 5.0])
def test_a_big_batch_finds_nearly_all_pairs_above_the_floor(monkeypatch: pytest.MonkeyPatch, window) -> None:
    pytest.importorskip("faiss")
    generator = np.random.default_rng(6)
    stories = random_units(generator, 400, 64)[generator.integers(400, size=4000)]
    vectors = unit(np.asarray(stories + 0.7 * random_units(generator, 4000, 64), np.float32))
    days = np.where(generator.random(4000) < 0.1, np.nan, generator.uniform(0, 20, 4000))
    every = candidate_pairs(vectors, 0.45, days, window)
    monkeypatch.setattr(candidates, "EXACT", 0)
    monkeypatch.setattr(nearest, "EXACT", 1000)
    found = []
    for threads in (1, 3):
        with threadpool_limits(threads):
            found.append(candidate_pairs(vectors, 0.45, days, window, big_story=0.45))
    assert found[0].tolist() == found[1].tolist()
    hits = set(map(tuple, found[0].tolist())) & set(map(tuple, every.tolist()))
    assert len(hits) >= 0.99 * len(every)


@given(SEEDS)
def test_the_order_of_the_articles_does_not_change_the_pairs(seed: int) -> None:
    generator = np.random.default_rng(seed)
    vectors, days = random_units(generator, 40, 8), generator.integers(0, 9, 40).astype(float)
    order = generator.permutation(40)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(candidates, "EXACT", 0)
        patch.setattr(candidates, "NEIGHBOURS", 4)
        found = candidate_pairs(vectors, 0.1, days, 3.0)
        turned = order[candidate_pairs(vectors[order], 0.1, days[order], 3.0)]
    assert sorted(np.sort(turned, 1).tolist()) == found.tolist()


def test_vectors_may_be_mapped_and_of_half_precision(big: None, tmp_path: Path) -> None:
    vectors = random_units(np.random.default_rng(0), 60, 8)
    np.save(tmp_path / "vectors.npy", vectors.astype(np.float16))
    mapped = np.load(tmp_path / "vectors.npy", mmap_mode="r")
    found = candidate_pairs(mapped, 0.2)
    assert found.tolist() == candidate_pairs(mapped.astype(np.float32), 0.2).tolist()


@pytest.mark.parametrize("count", [0, 1])
@pytest.mark.parametrize("window", [None, 1.0])
def test_a_big_batch_of_fewer_than_two_has_no_pair(monkeypatch: pytest.MonkeyPatch, count: int, window) -> None:
    monkeypatch.setattr(candidates, "EXACT", -1)
    days = np.zeros(count)
    assert candidate_pairs(np.ones((count, 4), np.float32), -1.0, days, window).shape == (0, 2)
