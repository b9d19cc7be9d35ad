"""How good stories and probabilities are, against labels: the measures of clustering and of calibration."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray


def precision_recall_f1(right: float, wrong: float, missed: float) -> dict[str, float]:
    """From counts of what was found rightly, found wrongly and missed; 0 where nothing was found or was there."""
    precision = right / (right + wrong) if right + wrong else 0.0
    recall = right / (right + missed) if right + missed else 0.0
    f1 = 2 * precision * recall / (precision + recall) if precision + recall else 0.0
    return {"f1": f1, "precision": precision, "recall": recall}


def pairwise(found: NDArray[np.bool_], same: NDArray[np.bool_]) -> dict[str, float]:
    """Precision, recall and F1 over pairs: `found` in one story, `same` by the labels, both (pairs,)."""
    return precision_recall_f1(float((found & same).sum()), float((found & ~same).sum()), float((~found & same).sum()))


def b_cubed(
    found: NDArray[np.int64], labels: NDArray[np.int64], counted: NDArray[np.bool_] | None = None
) -> dict[str, float]:
    """B-cubed precision, recall and F1 (Bagga and Baldwin, 1998): averaged over articles, so that no story dominates.

    found, labels: (articles,), story numbers. counted: (articles, articles), symmetric, the pairs that are scored; None
    for all. An article always counts with itself.
    """
    known = np.ones((len(found),) * 2, bool) if counted is None else counted | np.eye(len(found), dtype=bool)
    together = (found[:, None] == found[None, :]) & known
    same = (labels[:, None] == labels[None, :]) & known
    hits = (together & same).sum(1)
    precision, recall = float((hits / together.sum(1)).mean()), float((hits / same.sum(1)).mean())
    return {"f1": 2 * precision * recall / (precision + recall), "precision": precision, "recall": recall}


def calibration_error(
    probabilities: NDArray[np.float64],
    same: NDArray[np.bool_],
    weight: NDArray[np.float64] | None = None,
    bins: int = 10,
) -> float:
    """Expected calibration error (Naeini et al., AAAI 2015): mean gap between probability and share of same stories.

    Over `bins` bins of equal width, weighted by the pairs in them; 0 is perfect, 1 the worst.
    """
    mass = np.ones(len(probabilities)) if weight is None else weight
    place = np.minimum((probabilities * bins).astype(int), bins - 1)
    gap = np.bincount(place, mass * (probabilities - same), minlength=bins)
    return float(np.abs(gap).sum() / mass.sum()) if len(mass) else 0.0
