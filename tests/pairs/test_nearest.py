"""The nearest neighbours against a look at every vector."""

from __future__ import annotations

import sys

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

from detector.pairs import nearest as neighbours
from detector.pairs.nearest import Everything, InvertedFile
from tests.making import random_units

SEEDS = st.integers(0, 10**6)


def clustered(count: int, dimensions: int = 32) -> NDArray[np.float32]:
    """Vectors as articles have them: stories of about ten, around topics."""
    generator = np.random.default_rng(5)
    topics = random_units(generator, 20, dimensions)
    stories = random_units(generator, count // 10, dimensions) + topics[generator.integers(20, size=count // 10)]
    vectors = stories[generator.integers(len(stories), size=count)] + 0.6 * random_units(generator, count, dimensions)
    return np.asarray(vectors / np.linalg.norm(vectors, axis=1, keepdims=True), np.float32)


@given(st.integers(1, 30), st.integers(1, 9), st.integers(1, 12), SEEDS, st.integers(1, 60))
def test_exact_search_finds_the_nearest_of_the_chosen_rows(
    count: int, asked: int, k: int, seed: int, held: int
) -> None:
    generator = np.random.default_rng(seed)
    vectors, queries = random_units(generator, count, 3), random_units(generator, asked, 3)
    among = np.flatnonzero(generator.random(count) < 0.8)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(neighbours, "HELD", held)
        ids, cosines = neighbours.neighbours(vectors, among).nearest(queries, k)
    assert ids.dtype == np.int64
    assert cosines.dtype == np.float32
    assert ids.shape == cosines.shape == (asked, min(k, len(among)))
    for query, row, found in zip(queries, ids, cosines, strict=True):
        expected = np.sort(vectors[among] @ query)[::-1][:k]
        assert found == pytest.approx(expected, abs=1e-6)
        assert found == pytest.approx(vectors[row] @ query, abs=1e-6)
        assert len(set(row)) == len(row)
        assert set(row) <= set(among)


def test_of_equally_near_ones_the_smaller_number_comes_first() -> None:
    vectors = np.array([[0, 1], [1, 0], [1, 0], [0, 1]], np.float32)
    ids, _ = Everything(vectors, np.arange(4)).nearest(vectors[1:2], 4)
    assert ids.tolist() == [[1, 2, 0, 3]]


def test_half_precision_and_mapped_vectors_are_read(tmp_path) -> None:
    vectors = random_units(np.random.default_rng(0), 50, 8)
    np.save(tmp_path / "vectors.npy", vectors.astype(np.float16))
    mapped = np.load(tmp_path / "vectors.npy", mmap_mode="r")
    ids, cosines = Everything(mapped, np.arange(50)).nearest(vectors, 1)
    assert ids[:, 0].tolist() == list(range(50))
    assert cosines.dtype == np.float32


def test_without_the_library_all_is_looked_through_and_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(neighbours, "EXACT", 3)
    monkeypatch.setattr(neighbours, "find_spec", lambda name: None)
    monkeypatch.setattr(sys, "platform", "linux")
    with pytest.warns(UserWarning, match=r"pip install 'detector\[scale\]'"):
        found = neighbours.neighbours(np.eye(4, dtype=np.float32), np.arange(4))
    assert isinstance(found, Everything)


def test_where_the_library_would_end_the_process_it_is_not_loaded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(neighbours, "EXACT", 3)
    monkeypatch.setattr(sys, "platform", "darwin")
    assert isinstance(neighbours.neighbours(np.eye(4, dtype=np.float32), np.arange(4)), Everything)


class TestInvertedFile:
    @pytest.fixture(autouse=True)
    def library(self) -> None:
        if sys.platform == "darwin":
            pytest.skip("not used there")
        pytest.importorskip("faiss")

    def test_it_is_used_beyond_the_size_that_is_cheap(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(neighbours, "EXACT", 60)
        monkeypatch.setattr(sys, "platform", "linux")
        vectors = clustered(100)
        assert isinstance(neighbours.neighbours(vectors, np.arange(60)), Everything)
        assert isinstance(neighbours.neighbours(vectors, np.arange(61)), InvertedFile)

    def test_nearly_all_neighbours_are_found(self) -> None:
        vectors = clustered(6000)
        rows = np.arange(0, 6000, 7)
        among = np.arange(0, 6000, 2)
        ids, cosines = InvertedFile(vectors, among).nearest(vectors[rows], 20)
        expected, _ = Everything(vectors, among).nearest(vectors[rows], 20)
        assert np.mean([np.isin(a, b).mean() for a, b in zip(expected, ids, strict=True)]) > 0.99
        assert np.einsum("qd,qkd->qk", vectors[rows], vectors[ids]) == pytest.approx(cosines, abs=1e-3)
        assert ids.dtype == np.int64
        assert (np.diff(cosines, axis=1) <= 0).all()

    def test_fewer_vectors_than_asked_for_are_all_found(self) -> None:
        vectors = clustered(40)
        ids, _ = InvertedFile(vectors, np.arange(40)).nearest(vectors[:5], 100)
        assert [sorted(row) for row in ids.tolist()] == [list(range(40))] * 5

    def test_the_number_of_threads_changes_nothing(self) -> None:
        vectors = clustered(3000)
        found = []
        for threads in (1, 4):
            with threadpool_limits(threads):
                found.append(InvertedFile(vectors, np.arange(3000)).nearest(vectors, 10))
        assert all((a == b).all() for a, b in zip(*found, strict=True))

    def test_a_neighbour_does_not_depend_on_what_is_asked_beside_it(self) -> None:
        vectors = clustered(3000)
        index = InvertedFile(vectors, np.arange(3000))
        together, alone = index.nearest(vectors[:50], 10)[0], index.nearest(vectors[17:18], 10)[0]
        assert together[17].tolist() == alone[0].tolist()
