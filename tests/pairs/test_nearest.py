"""Nearest neighbours against a comparison with every vector."""

from __future__ import annotations

import sys

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

from detector.pairs import nearest
from detector.pairs.nearest import ExactSearch, InvertedFile, nearest_index
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
    rows = np.flatnonzero(generator.random(count) < 0.8)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(nearest, "NUMBERS_HELD", held)
        found, cosines = nearest_index(vectors, rows).nearest(queries, k)
    assert found.dtype == np.int64
    assert cosines.dtype == np.float32
    assert found.shape == cosines.shape == (asked, min(k, len(rows)))
    for query, neighbours, values in zip(queries, found, cosines, strict=True):
        expected = np.sort(vectors[rows] @ query)[::-1][:k]
        assert values == pytest.approx(expected, abs=1e-6)
        assert values == pytest.approx(vectors[neighbours] @ query, abs=1e-6)
        assert len(set(neighbours)) == len(neighbours)
        assert set(neighbours) <= set(rows)


def test_of_equally_near_vectors_the_smaller_index_comes_first() -> None:
    vectors = np.array([[0, 1], [1, 0], [1, 0], [0, 1]], np.float32)
    ids, _ = ExactSearch(vectors, np.arange(4)).nearest(vectors[1:2], 4)
    assert ids.tolist() == [[1, 2, 0, 3]]


def test_vectors_may_be_mapped_and_of_half_precision(tmp_path) -> None:
    vectors = random_units(np.random.default_rng(0), 50, 8)
    np.save(tmp_path / "vectors.npy", vectors.astype(np.float16))
    mapped = np.load(tmp_path / "vectors.npy", mmap_mode="r")
    ids, cosines = ExactSearch(mapped, np.arange(50)).nearest(vectors, 1)
    assert ids[:, 0].tolist() == list(range(50))
    assert cosines.dtype == np.float32


def test_without_faiss_the_search_is_exact_with_a_warning(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(nearest, "EXACT", 3)
    monkeypatch.setattr(nearest, "find_spec", lambda name: None)
    monkeypatch.setattr(sys, "platform", "linux")
    with pytest.warns(UserWarning, match=r"pip install 'detector\[scale\]'"):
        index = nearest_index(np.eye(4, dtype=np.float32), np.arange(4))
    assert isinstance(index, ExactSearch)


def test_on_macos_faiss_is_never_loaded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(nearest, "EXACT", 3)
    monkeypatch.setattr(sys, "platform", "darwin")
    assert isinstance(nearest_index(np.eye(4, dtype=np.float32), np.arange(4)), ExactSearch)


class TestInvertedFile:
    @pytest.fixture(autouse=True)
    def faiss(self) -> None:
        if sys.platform == "darwin":
            pytest.skip("Faiss is not used on macOS")
        pytest.importorskip("faiss")

    def test_it_is_used_for_more_vectors_than_an_exact_search(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(nearest, "EXACT", 60)
        monkeypatch.setattr(sys, "platform", "linux")
        vectors = clustered(100)
        assert isinstance(nearest_index(vectors, np.arange(60)), ExactSearch)
        assert isinstance(nearest_index(vectors, np.arange(61)), InvertedFile)

    def test_nearly_all_neighbours_are_found(self) -> None:
        vectors = clustered(6000)
        queries, rows = vectors[::7], np.arange(0, 6000, 2)
        ids, cosines = InvertedFile(vectors, rows).nearest(queries, 20)
        expected, _ = ExactSearch(vectors, rows).nearest(queries, 20)
        assert np.mean([np.isin(a, b).mean() for a, b in zip(expected, ids, strict=True)]) > 0.99
        assert np.einsum("qd,qkd->qk", queries, vectors[ids]) == pytest.approx(cosines, abs=1e-3)
        assert ids.dtype == np.int64
        assert (np.diff(cosines, axis=1) <= 0).all()

    def test_all_vectors_are_found_if_more_are_asked_for(self) -> None:
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

    def test_the_neighbours_of_a_query_do_not_depend_on_other_queries(self) -> None:
        vectors = clustered(3000)
        index = InvertedFile(vectors, np.arange(3000))
        together, alone = index.nearest(vectors[:50], 10)[0], index.nearest(vectors[17:18], 10)[0]
        assert together[17].tolist() == alone[0].tolist()
