"""Late interaction by MaxSim: how well the sentences of two articles match (Khattab and Zaharia, SIGIR 2020).

Each sentence takes its best cosine in the other article; the similarity of two articles is the mean of these. The
weight of a sentence is its length.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from detector.pairs.ranges import rows_of
from detector.records import Embeddings


class Sentences(Protocol):
    """The two versions of all sentence vectors of a batch that MaxSim needs; see `Batch`."""

    @property
    def neutral(self) -> Embeddings:
        """Language and centre removed; on the coarse grid of `detector.pairs.exact`, as `specific`."""
        ...

    @property
    def specific(self) -> Embeddings:
        """Additionally, the mean of its window removed from each sentence."""
        ...

    @property
    def counterpart(self) -> float:
        """The cosine from which a sentence has a counterpart."""
        ...


@dataclass(frozen=True, slots=True)
class MaxSim:
    """How well the sentences of article a match those of each of the articles b.

    All are float64, (articles b,): cosines (−1 to 1) or shares (0 to 1). Of the neutral vectors, late: mean best
    cosine, averaged over both directions; headline: cosine of the two first sentences. Of the specific vectors,
    specific_a: mean best cosine of the sentences of a, specific_b: of those of b; coverage_a, coverage_b: share of the
    sentences of each with a counterpart.
    """

    late: NDArray[np.float64]
    headline: NDArray[np.float64]
    specific_a: NDArray[np.float64]
    specific_b: NDArray[np.float64]
    coverage_a: NDArray[np.float64]
    coverage_b: NDArray[np.float64]


def maxsim(batch: Sentences, weights: NDArray[np.float32], a: int, b: NDArray[np.int64]) -> MaxSim:
    """MaxSim of article a and each of the articles b; a counterpart has a cosine of at least `batch.counterpart`.

    `weights` has one positive integer for each sentence of the batch. Every article has at least one sentence. One
    product with the sentences of all articles b is far faster than many small ones. Cosines are multiples of 2**-22 and
    weights are integers, so no sum is rounded, and what is computed together does not matter.
    """
    offsets = batch.neutral.offsets
    rows_a = slice(offsets[a], offsets[a + 1])
    sizes = offsets[b + 1] - offsets[b]
    starts = np.cumsum(sizes) - sizes
    rows_b = rows_of(offsets[b], sizes)
    weights_a, weights_b = weights[rows_a].astype(np.float64), weights[rows_b].astype(np.float64)
    total_a, total_b = weights_a.sum(), np.add.reduceat(weights_b, starts)

    def means(best_a: NDArray[Any], best_b: NDArray[Any]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        best_a, best_b = (np.minimum(best, 1.0, dtype=np.float64) for best in (best_a, best_b))
        return weights_a @ best_a / total_a, np.add.reduceat(best_b * weights_b, starts) / total_b

    def products(vectors: NDArray[Any]) -> NDArray[Any]:
        return np.asarray(vectors[rows_a].astype(np.float32) @ vectors[rows_b].astype(np.float32).T)

    cosines = products(batch.neutral.sentences)
    late_a, late_b = means(np.maximum.reduceat(cosines, starts, axis=1), cosines.max(0))
    specific = products(batch.specific.sentences)
    best_a, best_b = np.maximum.reduceat(specific, starts, axis=1), specific.max(0)
    return MaxSim(
        (late_a + late_b) / 2,
        np.minimum(cosines[0, starts], 1.0, dtype=np.float64),
        *means(best_a, best_b),
        *means(best_a >= batch.counterpart, best_b >= batch.counterpart),
    )


def sentence_weights(lengths: NDArray[np.int64]) -> NDArray[np.float32]:
    """The weight of sentences by their length in characters."""
    return np.asarray(lengths.clip(1), np.float32)
