"""Vectors that were computed elsewhere, used in place of an encoder."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

from detector.encoding.model_store import cache_folders
from detector.encoding.protocol import Progress
from detector.execution.spool import Spool
from detector.records import Embeddings, unit


class PrecomputedEmbeddings:
    """An encoder that returns vectors that were computed elsewhere.

    embeddings, adapter: as `StoryDetector.from_embeddings`.
    """

    name = "ready embeddings"
    fingerprint: str | None = None
    precision: str | None = None
    prompt: str | None = None
    packages: tuple[str, ...] = ()
    on_processor = True

    def __init__(self, embeddings: Embeddings | ArrayLike, adapter: str | None = None) -> None:
        self.embeddings, self.adapter = embeddings, adapter

    def in_order(self, order: NDArray[np.int64], sizes: Sequence[int]) -> PrecomputedEmbeddings:
        """The vectors of the articles in another order.

        order: int64, (articles,), the index of each article in the vectors as given. sizes: the number of sentences of
        each article, in the new order. Raises `ValueError` if the numbers of articles or sentences do not match.
        """
        given, has_sentences = self._with_sentences(order, sizes)
        offsets = np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64)
        sentences = Spool(np.float16, given.articles.shape[1], next(cache_folders()))
        windows = Spool(np.int64)
        for index, size in zip(order.tolist(), sizes, strict=True):
            article = given.part(range(index, index + 1))
            # Without sentence vectors, every sentence gets the vector of its article.
            sentences.append(unit(article.sentences if has_sentences else np.repeat(article.sentences, size, axis=0)))
            if article.windows is not None:
                windows.append(article.windows)
        window_of_sentence = windows.array() if given.windows is not None else None
        return PrecomputedEmbeddings(
            Embeddings(unit(given.articles[order]), sentences.array(), offsets, window_of_sentence), self.adapter
        )

    def _with_sentences(self, order: NDArray[np.int64], sizes: Sequence[int]) -> tuple[Embeddings, bool]:
        """The vectors as given, one sentence per article if they have none; and whether they have sentences."""
        given = self.embeddings
        if not isinstance(given, Embeddings):
            vectors = unit(np.atleast_2d(np.asarray(given, np.float32)))
            _require_equal("embeddings", len(vectors), "articles", len(order))
            return Embeddings(vectors, vectors, np.arange(len(vectors) + 1)), False
        _require_equal("embeddings", len(given.articles), "articles", len(order))
        counts = np.diff(given.offsets)[order].tolist()
        for index, count, size in zip(order.tolist(), counts, sizes, strict=True):
            _require_equal(f"sentence vectors of article {index}", count, "its sentences", size)
        return given, True

    def encode(self, articles: Sequence[Sequence[str]], progress: Progress | None = None) -> Embeddings:
        """The vectors as given, in the order of the articles after `in_order`. Raises `TypeError` before it."""
        if not isinstance(self.embeddings, Embeddings):
            raise TypeError("call in_order first: these are vectors of articles without their sentences")
        return self.embeddings

    def with_windows(self, tokens: int) -> PrecomputedEmbeddings:
        """The same vectors: they have no windows to change."""
        return self


def _require_equal(counted: str, count: int, expected_for: str, expected: int) -> None:
    if count != expected:
        raise ValueError(f"Number of {counted} ({count}) must match number of {expected_for} ({expected})")
