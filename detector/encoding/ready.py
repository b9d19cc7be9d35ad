"""Vectors that somebody else computed, in the place of an encoder."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

from detector.encoding.encoder import Progress, unit
from detector.records import Embeddings


class ReadyEmbeddings:
    """An encoder that gives vectors somebody else computed."""

    name = "ready embeddings"

    def __init__(self, embeddings: Embeddings | ArrayLike) -> None:
        self.embeddings = embeddings

    def in_order(self, order: NDArray[np.int64], sizes: Sequence[int]) -> ReadyEmbeddings:
        """The vectors of the articles in another order; `sizes` is the number of sentences of each, in that order.

        Raises `ValueError` where the numbers of articles or sentences do not match.
        """
        given = self.embeddings
        offsets = np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64)
        if not isinstance(given, Embeddings):
            vectors = unit(np.atleast_2d(np.asarray(given, np.float32)))
            _match("embeddings", len(vectors), "articles", len(order))
            return ReadyEmbeddings(Embeddings(vectors[order], np.repeat(vectors[order], sizes, axis=0), offsets))
        _match("embeddings", len(given.articles), "articles", len(order))
        sentences = [given.of(int(place)) for place in order]
        for place, (rows, size) in enumerate(zip(sentences, sizes, strict=True)):
            _match(f"sentence vectors of article {int(order[place])}", len(rows), "its sentences", size)
        windows = given.windows
        if windows is not None:
            rows = np.concatenate([np.arange(given.offsets[place], given.offsets[place + 1]) for place in order])
            windows = windows[rows]
        return ReadyEmbeddings(
            Embeddings(unit(given.articles[order]), unit(np.concatenate(sentences)), offsets, windows)
        )

    def encode(self, articles: Sequence[Sequence[str]], progress: Progress | None = None) -> Embeddings:
        """The vectors as they were given; `in_order` has put them in the order of the articles."""
        assert isinstance(self.embeddings, Embeddings)
        return self.embeddings


def _match(what: str, found: int, other: str, wanted: int) -> None:
    if found != wanted:
        raise ValueError(f"Number of {what} ({found}) must match number of {other} ({wanted})")
