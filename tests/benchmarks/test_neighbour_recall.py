"""The recall of the index of neighbours, on runs of sentences."""

from __future__ import annotations

import numpy as np
import pytest

from detector.pairs import nearest
from detector.records import unit
from tests.benchmarks.neighbour_recall import measure, runs_of_sentences
from tests.making import make_embeddings


def test_vectors_are_means_of_consecutive_sentences() -> None:
    embeddings = make_embeddings(np.random.default_rng(0), [3, 2])
    vectors = runs_of_sentences(embeddings, 9)
    means = [
        unit(embeddings.sentences[start:end].astype(np.float32).sum(0))
        for first, last in ((0, 3), (3, 5))
        for start in range(first, last)
        for end in range(start + 1, last + 1)
    ]
    cosines = vectors @ np.array(means).T
    assert (cosines > 0.999).any(1).all()
    assert (cosines > 0.999).any(0).all()
    with pytest.raises(ValueError, match="only 9 runs"):
        runs_of_sentences(embeddings, 10)


def test_exact_search_has_recall_1_and_an_index_that_probes_one_cell_has_less(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("faiss")
    vectors = unit(np.random.default_rng(0).standard_normal((3000, 16)).astype(np.float32))
    assert measure(vectors, 0.5)["recall"] == 1
    monkeypatch.setattr(nearest, "EXACT", 100)
    monkeypatch.setattr(nearest, "CELLS_SEARCHED", 1)
    found = measure(vectors, 0.5)
    assert found["recall"] < 0.9
    assert 0 < found["recall_of_near_ones"] <= 1
