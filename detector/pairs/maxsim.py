"""Late interaction: how the sentences of two articles answer each other (Khattab and Zaharia, SIGIR 2020).

Every sentence looks for its best counterpart in the other article; what a pair of articles is worth is made of these
best cosines. A sentence weighs as much as it is long.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from detector.records import Embeddings


class Sentences(Protocol):
    """The two readings of all sentences of a batch that late interaction needs; see `Batch`."""

    @property
    def neutral(self) -> Embeddings: ...
    @property
    def specific(self) -> Embeddings: ...
    @property
    def counterpart(self) -> float: ...


@dataclass(frozen=True, slots=True)
class MaxSim:
    """What the sentences of one article and those of others say of each pair.

    All are float64, (others,): cosines (−1 to 1) or shares (0 to 1). Read in context: late: mean best cosine, averaged
    over both directions; headline: cosine of the two first sentences. Without what the sentences of one article share:
    specific_a: mean best cosine of the one article's sentences, specific_b: of the other's; coverage_a, coverage_b:
    share of each with a counterpart.
    """

    late: NDArray[np.float64]
    headline: NDArray[np.float64]
    specific_a: NDArray[np.float64]
    specific_b: NDArray[np.float64]
    coverage_a: NDArray[np.float64]
    coverage_b: NDArray[np.float64]


def maxsim(batch: Sentences, weights: NDArray[np.float32], one: int, others: NDArray[np.int64]) -> MaxSim:
    """The interaction of an article with each of the others; a counterpart is a cosine of `batch.counterpart`.

    `weights` holds one positive number a sentence of all articles. Every article has at least one sentence. The others
    are looked at together, since one product of many sentences is far faster than many small ones.
    """
    offsets = batch.neutral.offsets
    own = slice(offsets[one], offsets[one + 1])
    sizes = offsets[others + 1] - offsets[others]
    starts = np.cumsum(sizes) - sizes
    rows = np.arange(sizes.sum()) + np.repeat(offsets[others] - starts, sizes)
    weight_a, weight_b = weights[own].astype(np.float64), weights[rows].astype(np.float64)
    whole_a, whole_b = weight_a.sum(), np.add.reduceat(weight_b, starts)

    def means(best_a: NDArray[Any], best_b: NDArray[Any]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        return weight_a @ best_a / whole_a, np.add.reduceat(best_b * weight_b, starts) / whole_b

    def products(vectors: NDArray[Any]) -> NDArray[Any]:
        return np.asarray(vectors[own].astype(np.float32) @ vectors[rows].astype(np.float32).T)

    cosines = products(batch.neutral.sentences)
    late_a, late_b = means(np.maximum.reduceat(cosines, starts, axis=1), cosines.max(0))
    matches = products(batch.specific.sentences)
    match_a, match_b = np.maximum.reduceat(matches, starts, axis=1), matches.max(0)
    return MaxSim(
        (late_a + late_b) / 2,
        cosines[0, starts].astype(np.float64),
        *means(match_a, match_b),
        *means(match_a >= batch.counterpart, match_b >= batch.counterpart),
    )


def sentence_weights(lengths: NDArray[np.int64]) -> NDArray[np.float32]:
    """The weight of sentences by their length in characters."""
    return np.asarray(lengths.clip(1), np.float32)
