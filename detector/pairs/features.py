"""The features of a pair of articles: numbers that support or oppose one story, one row for each pair.

The features are symmetric and defined for every pair. They depend on its two articles and the profile alone: they are
the same in every batch, to the last bit. Each has one direction: more of it never lowers the score (those in `AGAINST`
never raise it). Only "across", a pair of two languages, has no direction.
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
from detector.pairs.conflicts import lead_conflicts
from detector.pairs.exact import FINEST, on_grid
from detector.pairs.maxsim import MaxSim, maxsim

FEATURES = (
    "across",
    "late",
    "headline",
    "opening",
    "words",
    "words_across",
    "names",
    "lead_conflict",
    "days_conflict",
    "days_apart",
)
# No direction: it offsets what the encoder and the words systematically miss between two languages.
FREE = frozenset({"across"})
AGAINST = frozenset({"lead_conflict", "days_conflict", "days_apart"})
# Articles that one article is compared with in one step.
COMPARED_AT_ONCE = 256


@dataclass(frozen=True)
class PairFeatures:
    """The features of many pairs: `matrix` is (pairs, len(FEATURES)), the rest (pairs,); all but `pairs` float32.

    pairs: int64, (pairs, 2), the indices of the two articles. reuse_a, reuse_b: how much of each article is also in the
    other, 0 to 1. Within one language that is the share of its shingles, across languages the mean best cosine of its
    sentences (as `MaxSim.specific_a`). days_apart: NaN if an article has no date.
    """

    pairs: NDArray[np.int64]
    matrix: NDArray[np.floating[Any]]
    cosine: NDArray[np.floating[Any]]
    coverage_a: NDArray[np.floating[Any]]
    coverage_b: NDArray[np.floating[Any]]
    reuse_a: NDArray[np.floating[Any]]
    reuse_b: NDArray[np.floating[Any]]
    days_apart: NDArray[np.floating[Any]]

    def rows(self, chosen: NDArray[np.int64] | slice) -> PairFeatures:
        """The features of some of the pairs."""
        return PairFeatures(**{name: getattr(self, name)[chosen] for name in PairFeatures.__dataclass_fields__})


@on_one_thread
def pair_features(
    batch: Batch, pairs: NDArray[np.int64], progress: Callable[[int], None] | None = None
) -> PairFeatures:
    """The features of pairs, (pairs, 2), indices into the batch, the smaller first.

    `progress` is called with the number of pairs done since the last call.
    """
    columns = _maxsim_columns(batch, pairs, progress)
    a, b = pairs[:, 0], pairs[:, 1]
    across = batch.across(pairs)
    columns["across"] = across.astype(np.float64)
    columns["opening"] = dots(batch.openings, a, b)
    columns["lead_conflict"] = lead_conflicts(batch.facts, batch.neutral.offsets, pairs, ~across)
    columns["days_conflict"] = batch.days_named.conflicts(pairs)
    words = batch.tfidf.cosines("words", pairs)
    columns["words"], columns["words_across"] = np.where(across, 0, words), np.where(across, words, 0)
    columns["names"] = batch.tfidf.cosines("names", pairs)
    days_apart = np.abs(batch.days[a] - batch.days[b])
    columns["days_apart"] = np.nan_to_num(days_apart, nan=0.0)
    reuse = np.stack([columns["specific_a"], columns["specific_b"]], 1)
    reuse[~across] = batch.shingles.shared(pairs[~across])
    fields = {
        "matrix": np.stack([columns[name] for name in FEATURES], 1),
        "cosine": dots(batch.raw.articles, a, b),
        "coverage_a": columns["coverage_a"],
        "coverage_b": columns["coverage_b"],
        "reuse_a": reuse[:, 0],
        "reuse_b": reuse[:, 1],
        "days_apart": days_apart,
    }
    return PairFeatures(pairs, **{name: values.astype(np.float32) for name, values in fields.items()})


def _maxsim_columns(
    batch: Batch, pairs: NDArray[np.int64], progress: Callable[[int], None] | None
) -> dict[str, NDArray[np.float64]]:
    """The fields of `MaxSim`, each (pairs,)."""
    columns = {name: np.zeros(len(pairs)) for name in MaxSim.__dataclass_fields__}
    order = np.lexsort((pairs[:, 1], pairs[:, 0]))
    firsts = pairs[order, 0]
    bounds = [0, *(np.flatnonzero(np.diff(firsts)) + 1).tolist(), len(pairs)]
    for start, end in pairwise(bounds):
        for low in range(start, end, COMPARED_AT_ONCE):
            rows = order[low : min(low + COMPARED_AT_ONCE, end)]
            result = maxsim(batch, batch.weights, int(firsts[start]), pairs[rows, 1])
            for name, values in columns.items():
                values[rows] = getattr(result, name)
            # At once, because the system also maps what surrounds each row that is read.
            release(batch.neutral.sentences, batch.specific.sentences)
            if progress:
                progress(len(rows))
    return columns


def dots(vectors: NDArray[np.floating[Any]], a: NDArray[np.int64], b: NDArray[np.int64]) -> NDArray[np.float64]:
    """The cosines of the rows a and b of vectors of length 1, which are rounded to the finest grid: (pairs,)."""
    cosines = np.zeros(len(a))
    for start in range(0, len(a), COMPARED_AT_ONCE):
        rows = slice(start, start + COMPARED_AT_ONCE)
        cosines[rows] = np.einsum("ij,ij->i", on_grid(vectors[a[rows]], FINEST), on_grid(vectors[b[rows]], FINEST))
    return cosines.clip(-1, 1)
