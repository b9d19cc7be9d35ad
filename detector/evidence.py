"""What speaks for and against a pair of articles telling the same story, as numbers: one row of features a pair.

The features are symmetric and defined for every pair. Each has one direction: more of it never speaks against the
same story ("days_apart" and "numbers_differ" never for it). Only "across", a pair of two languages, has none.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from detector.batch import Batch
from detector.determinism import on_one_thread
from detector.interaction import Interaction, interact

FEATURES = (
    "across",
    "article",
    "late",
    "late_least",
    "headline",
    "lead",
    "best",
    "specific",
    "specific_least",
    "coverage",
    "coverage_least",
    "words",
    "words_across",
    "numbers",
    "numbers_differ",
    "names",
    "days_apart",
)
# Speaks neither way: it sets off what the encoder and the words still owe to a pair of two languages.
FREE = frozenset({"across"})
AGAINST = frozenset({"days_apart", "numbers_differ"})


@dataclass(frozen=True)
class PairEvidence:
    """The evidence of many pairs: `features` is float64, (pairs, len(FEATURES)); the rest (pairs,)."""

    pairs: NDArray[np.int64]
    features: NDArray[np.float64]
    cosine: NDArray[np.float64]
    coverage_a: NDArray[np.float64]
    coverage_b: NDArray[np.float64]
    days_apart: NDArray[np.float64]


@on_one_thread
def gather(batch: Batch, pairs: NDArray[np.int64], progress: Callable[[int], None] | None = None) -> PairEvidence:
    """The evidence of the pairs, (pairs, 2), article numbers of the batch with the smaller one first.

    `progress` is called with the number of pairs done since the last call.
    """
    rows = []
    for number, (first, second) in enumerate(pairs.tolist(), 1):
        rows.append(interact(batch, batch.weights, first, second))
        if progress and number % 1000 == 0:
            progress(1000)
    column = {
        name: np.array([getattr(row, name) for row in rows], np.float64) for name in Interaction.__dataclass_fields__
    }
    a, b = pairs[:, 0], pairs[:, 1]
    column["article"] = _dots(batch.neutral.articles, a, b)
    column["coverage"] = np.maximum(column["coverage_a"], column["coverage_b"])
    column["coverage_least"] = np.minimum(column["coverage_a"], column["coverage_b"])
    across = batch.across(pairs)
    column["across"] = across.astype(np.float64)
    words = batch.overlap.cosines("words", pairs)
    column["words"], column["words_across"] = np.where(across, 0, words), np.where(across, words, 0)
    column["numbers"] = batch.overlap.cosines("numbers", pairs)
    has_numbers = batch.overlap.has("numbers")
    column["numbers_differ"] = (has_numbers[a] & has_numbers[b] & (column["numbers"] == 0)).astype(np.float64)
    column["names"] = batch.overlap.cosines("names", pairs)
    days_apart = np.abs(batch.days[a] - batch.days[b])
    column["days_apart"] = np.nan_to_num(days_apart, nan=0.0)
    return PairEvidence(
        pairs=pairs,
        features=np.stack([column[name] for name in FEATURES], 1) if len(pairs) else np.zeros((0, len(FEATURES))),
        cosine=_dots(batch.raw.articles, a, b),
        coverage_a=column["coverage_a"],
        coverage_b=column["coverage_b"],
        days_apart=days_apart,
    )


def _dots(vectors: NDArray[np.float32], a: NDArray[np.int64], b: NDArray[np.int64]) -> NDArray[np.float64]:
    step = 1 << 16
    parts = [
        np.einsum("ij,ij->i", vectors[a[start : start + step]], vectors[b[start : start + step]], dtype=np.float64)
        for start in range(0, len(a), step)
    ]
    return np.concatenate(parts) if parts else np.zeros(0)
