"""What speaks for and against a pair of articles telling the same story, as numbers: one row of features a pair.

The features are symmetric and defined for every pair. Each has one direction: more of it never speaks against the
same story ("days_apart" and "numbers_differ" never for it). Only "across", a pair of two languages, has none.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from detector.execution.spool import release
from detector.execution.threads import on_one_thread
from detector.pairs.batch import Batch
from detector.pairs.maxsim import MaxSim, maxsim

FEATURES = (
    "across",
    "late",
    "headline",
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
# Articles that one article is compared with at a time.
TOGETHER = 256


@dataclass(frozen=True)
class PairFeatures:
    """The evidence of many pairs: `features` is (pairs, len(FEATURES)), the rest (pairs,); all but `pairs` float32.

    taken_a, taken_b: how far each article says what the other does. Within one language the share of its wording that
    stands in the other, across languages the mean best cosine of its sentences (as `MaxSim.specific_a`).
    """

    pairs: NDArray[np.int64]
    features: NDArray[np.floating[Any]]
    cosine: NDArray[np.floating[Any]]
    coverage_a: NDArray[np.floating[Any]]
    coverage_b: NDArray[np.floating[Any]]
    taken_a: NDArray[np.floating[Any]]
    taken_b: NDArray[np.floating[Any]]
    days_apart: NDArray[np.floating[Any]]

    def rows(self, chosen: NDArray[np.int64] | slice) -> PairFeatures:
        """The evidence of some of the pairs."""
        return PairFeatures(**{name: getattr(self, name)[chosen] for name in PairFeatures.__dataclass_fields__})


@on_one_thread
def pair_features(
    batch: Batch, pairs: NDArray[np.int64], progress: Callable[[int], None] | None = None
) -> PairFeatures:
    """The evidence of the pairs, (pairs, 2), article numbers of the batch with the smaller one first.

    `progress` is called with the number of pairs done since the last call.
    """
    column = _interactions(batch, pairs, progress)
    a, b = pairs[:, 0], pairs[:, 1]
    across = batch.across(pairs)
    column["across"] = across.astype(np.float64)
    words = batch.tfidf.cosines("words", pairs)
    column["words"], column["words_across"] = np.where(across, 0, words), np.where(across, words, 0)
    column["numbers"] = batch.tfidf.cosines("numbers", pairs)
    has_numbers = batch.tfidf.has("numbers")
    column["numbers_differ"] = (has_numbers[a] & has_numbers[b] & (column["numbers"] == 0)).astype(np.float64)
    column["names"] = batch.tfidf.cosines("names", pairs)
    days_apart = np.abs(batch.days[a] - batch.days[b])
    column["days_apart"] = np.nan_to_num(days_apart, nan=0.0)
    taken = np.stack([column["specific_a"], column["specific_b"]], 1)
    taken[~across] = batch.shingles.shared(pairs[~across])
    columns = {
        "features": np.stack([column[name] for name in FEATURES], 1),
        "cosine": dots(batch.raw.articles, a, b),
        "coverage_a": column["coverage_a"],
        "coverage_b": column["coverage_b"],
        "taken_a": taken[:, 0],
        "taken_b": taken[:, 1],
        "days_apart": days_apart,
    }
    return PairFeatures(pairs, **{name: values.astype(np.float32) for name, values in columns.items()})


def _interactions(
    batch: Batch, pairs: NDArray[np.int64], progress: Callable[[int], None] | None
) -> dict[str, NDArray[np.float64]]:
    """The fields of `MaxSim`, each (pairs,)."""
    column = {name: np.zeros(len(pairs)) for name in MaxSim.__dataclass_fields__}
    order = np.lexsort((pairs[:, 1], pairs[:, 0]))
    firsts = pairs[order, 0]
    bounds = [0, *(np.flatnonzero(np.diff(firsts)) + 1).tolist(), len(pairs)]
    for start, end in pairwise(bounds):
        for low in range(start, end, TOGETHER):
            rows = order[low : min(low + TOGETHER, end)]
            found = maxsim(batch, batch.weights, int(firsts[start]), pairs[rows, 1])
            for name, values in column.items():
                values[rows] = getattr(found, name)
            # At once: for each row that is read the system maps its surroundings too.
            release(batch.neutral.sentences, batch.specific.sentences)
            if progress:
                progress(len(rows))
    return column


def dots(vectors: NDArray[np.float32], a: NDArray[np.int64], b: NDArray[np.int64]) -> NDArray[np.float64]:
    """The cosines of the rows a and b of unit vectors, (pairs,)."""
    step = 1 << 16
    parts = [
        np.einsum("ij,ij->i", vectors[a[start : start + step]], vectors[b[start : start + step]], dtype=np.float64)
        for start in range(0, len(a), step)
    ]
    return np.concatenate(parts) if parts else np.zeros(0)
