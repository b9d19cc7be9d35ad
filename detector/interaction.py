"""Late interaction: how the sentences of two articles answer each other (Khattab and Zaharia, SIGIR 2020).

Every sentence looks for its best counterpart in the other article; what a pair of articles is worth is made of these
best cosines. A sentence weighs as much as it is long.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from detector.records import Embeddings

LEAD = 3
BEST = 3


class Sentences(Protocol):
    """The two readings of all sentences of a batch that the interaction is made from; see `detector.batch.Batch`."""

    @property
    def neutral(self) -> Embeddings: ...
    @property
    def specific(self) -> Embeddings: ...
    @property
    def counterpart(self) -> float: ...


@dataclass(frozen=True, slots=True)
class Interaction:
    """What the sentences of two articles say of the pair; all values are cosines (−1 to 1) or shares (0 to 1).

    Read in context: late: mean best cosine, averaged over both directions; late_least: the smaller direction.
    headline: cosine of the two first sentences. lead: mean best cosine of the first sentences of each. best: mean of
    the best few cosines. Without what the sentences of one article share: specific, specific_least: as late and
    late_least; coverage_a, coverage_b: share of each article with a counterpart.
    """

    late: float
    late_least: float
    headline: float
    lead: float
    best: float
    specific: float
    specific_least: float
    coverage_a: float
    coverage_b: float


def interact(batch: Sentences, weights: NDArray[np.float32], a: int, b: int) -> Interaction:
    """The interaction of articles a and b of a batch; a counterpart is a best specific cosine of `batch.counterpart`.

    `weights` holds one positive number a sentence of all articles. Every article has at least one sentence.
    """
    offsets = batch.neutral.offsets
    weight_a, weight_b = weights[offsets[a] : offsets[a + 1]], weights[offsets[b] : offsets[b + 1]]
    cosines = batch.neutral.of(a) @ batch.neutral.of(b).T
    best_a, best_b = cosines.max(1), cosines.max(0)
    late_a, late_b = _mean(best_a, weight_a), _mean(best_b, weight_b)
    top = np.sort(np.concatenate([best_a, best_b]))[-2 * BEST :]
    matches = batch.specific.of(a) @ batch.specific.of(b).T
    match_a, match_b = matches.max(1), matches.max(0)
    specific_a, specific_b = _mean(match_a, weight_a), _mean(match_b, weight_b)
    return Interaction(
        late=(late_a + late_b) / 2,
        late_least=min(late_a, late_b),
        headline=float(cosines[0, 0]),
        lead=float(best_a[:LEAD].mean() + best_b[:LEAD].mean()) / 2,
        best=float(top.mean()),
        specific=(specific_a + specific_b) / 2,
        specific_least=min(specific_a, specific_b),
        coverage_a=_mean(match_a >= batch.counterpart, weight_a),
        coverage_b=_mean(match_b >= batch.counterpart, weight_b),
    )


def _mean(values: NDArray[np.float32] | NDArray[np.bool_], weights: NDArray[np.float32]) -> float:
    return float(np.dot(values, weights) / weights.sum())


def sentence_weights(lengths: NDArray[np.int64]) -> NDArray[np.float32]:
    """The weight of sentences by their length in characters."""
    return np.asarray(lengths.clip(1), np.float32)
