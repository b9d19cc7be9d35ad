"""Vectors from elsewhere in place of an encoder."""

from __future__ import annotations

import numpy as np
import pytest

from detector.encoding.precomputed import PrecomputedEmbeddings
from detector.records import Embeddings

ORDER = np.array([2, 0, 1])
ARTICLES = np.array([[1, 0], [0, 2], [3, 4]], np.float32)
SENTENCES = np.array([[1, 0], [0, 1], [0, 1], [0.6, 0.8]], np.float32)
UNIT = np.array([[0.6, 0.8], [1, 0], [0, 1]], np.float32)


def with_sentences(windows: list[int] | None = None) -> PrecomputedEmbeddings:
    """Articles of one, two and one sentences."""
    numbers = None if windows is None else np.array(windows, np.int64)
    return PrecomputedEmbeddings(Embeddings(ARTICLES, SENTENCES, np.array([0, 1, 3, 4]), numbers))


def test_vectors_of_articles_are_put_in_order_and_scaled_to_length_one() -> None:
    ordered = PrecomputedEmbeddings(ARTICLES).in_order(ORDER, [1, 1, 1]).encode([])
    np.testing.assert_allclose(ordered.articles, UNIT, atol=1e-6)


def test_sentences_without_vectors_get_that_of_their_article() -> None:
    ordered = PrecomputedEmbeddings(ARTICLES).in_order(ORDER, [2, 0, 1]).encode([])
    assert ordered.offsets.tolist() == [0, 2, 2, 3]
    np.testing.assert_allclose(ordered.sentences, UNIT[[0, 0, 2]], atol=1e-3)
    assert ordered.windows is None


def test_vectors_of_sentences_follow_their_article() -> None:
    ordered = with_sentences([0, 1, 1, 2]).in_order(ORDER, [1, 1, 2]).encode([])
    np.testing.assert_allclose(ordered.sentences, SENTENCES[[3, 0, 1, 2]], atol=1e-3)
    assert ordered.offsets.tolist() == [0, 1, 2, 4]
    assert ordered.windows is not None
    assert ordered.windows.tolist() == [2, 0, 1, 1]


@pytest.mark.parametrize("given", [PrecomputedEmbeddings(ARTICLES), with_sentences()])
def test_another_number_of_articles_is_refused(given: PrecomputedEmbeddings) -> None:
    with pytest.raises(ValueError, match=r"^Number of embeddings \(3\) must match number of articles \(2\)$"):
        given.in_order(np.array([0, 1]), [1, 1])


def test_another_number_of_sentences_is_refused() -> None:
    complaint = r"^Number of sentence vectors of article 1 \(2\) must match number of its sentences \(5\)$"
    with pytest.raises(ValueError, match=complaint):
        with_sentences().in_order(ORDER, [1, 1, 5])


def test_vectors_of_articles_cannot_be_used_before_they_are_in_order() -> None:
    with pytest.raises(TypeError, match="in_order first"):
        PrecomputedEmbeddings(ARTICLES).encode([["a"]])
