"""Vectors that somebody else computed, in the place of an encoder."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

from detector.encoding.encoder import Progress, unit
from detector.encoding.model_store import cache_folders
from detector.execution.spool import Spool
from detector.records import Embeddings


class PrecomputedEmbeddings:
    """An encoder that gives vectors somebody else computed."""

    name = "ready embeddings"

    def __init__(self, embeddings: Embeddings | ArrayLike) -> None:
        self.embeddings = embeddings

    def in_order(self, order: NDArray[np.int64], sizes: Sequence[int]) -> PrecomputedEmbeddings:
        """The vectors of the articles in another order; `sizes` is the number of sentences of each, in that order.

        Raises `ValueError` where the numbers of articles or sentences do not match.
        """
        given = self.embeddings
        offsets = np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64)
        if not isinstance(given, Embeddings):
            vectors = unit(np.atleast_2d(np.asarray(given, np.float32)))
            _match("embeddings", len(vectors), "articles", len(order))
            whole = Embeddings(vectors, vectors, np.arange(len(vectors) + 1))
        else:
            _match("embeddings", len(given.articles), "articles", len(order))
            for place, found, size in zip(order.tolist(), np.diff(given.offsets)[order].tolist(), sizes, strict=True):
                _match(f"sentence vectors of article {place}", found, "its sentences", size)
            whole = given
        sentences = Spool(np.float16, whole.articles.shape[1], next(cache_folders()))
        windows = Spool(np.int64)
        for place, size in zip(order.tolist(), sizes, strict=True):
            own = whole.part(range(place, place + 1))
            # An article known as a whole only has sentences that all say the same.
            sentences.append(unit(own.sentences if whole is given else np.repeat(own.sentences, size, axis=0)))
            if own.windows is not None:
                windows.append(own.windows)
        read = windows.array() if whole.windows is not None else None
        return PrecomputedEmbeddings(Embeddings(unit(whole.articles[order]), sentences.array(), offsets, read))

    def encode(self, articles: Sequence[Sequence[str]], progress: Progress | None = None) -> Embeddings:
        """The vectors as they were given; `in_order` has put them in the order of the articles."""
        assert isinstance(self.embeddings, Embeddings)
        return self.embeddings


def _match(what: str, found: int, other: str, wanted: int) -> None:
    if found != wanted:
        raise ValueError(f"Number of {what} ({found}) must match number of {other} ({wanted})")
