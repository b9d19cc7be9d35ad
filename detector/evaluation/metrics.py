"""Measures of clustering and of calibration, against labels."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray


def precision_recall_f1(right: float, wrong: float, missed: float) -> dict[str, float]:
    """From the counts of true positives, false positives and false negatives; 0 for a measure that is undefined."""
    precision = right / (right + wrong) if right + wrong else 0.0
    recall = right / (right + missed) if right + missed else 0.0
    f1 = 2 * precision * recall / (precision + recall) if precision + recall else 0.0
    return {"f1": f1, "precision": precision, "recall": recall}


def pairwise(
    predicted: NDArray[np.bool_], same: NDArray[np.bool_], weight: NDArray[np.float64] | None = None
) -> dict[str, float]:
    """Precision, recall and F1 over pairs: `predicted` to be one story, `same` by the labels, both (pairs,).

    weight: (pairs,), how many pairs each represents; None for one.
    """
    mass = np.ones(len(same)) if weight is None else weight
    right, wrong, missed = (mass[rows].sum() for rows in (predicted & same, predicted & ~same, ~predicted & same))
    return precision_recall_f1(float(right), float(wrong), float(missed))


def b_cubed(
    predicted: NDArray[np.int64], labels: NDArray[np.int64], counted: NDArray[np.bool_] | None = None
) -> dict[str, float]:
    """B-cubed precision, recall and F1 (Bagga and Baldwin, 1998): averaged over articles, so that no story dominates.

    predicted, labels: (articles,), the story of each article as an integer. counted: (articles, articles), symmetric,
    the pairs that are scored; None for all. An article is always scored with itself.
    """
    count = len(predicted)
    known = np.ones((count, count), bool) if counted is None else counted | np.eye(count, dtype=bool)
    together = (predicted[:, None] == predicted[None, :]) & known
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

    Averaged over `bins` bins of equal width, weighted by the pairs in them; 0 is best, 1 is worst. 0 if there are none.
    """
    mass = np.ones(len(probabilities)) if weight is None else weight
    bin_of = np.minimum((probabilities * bins).astype(int), bins - 1)
    gap = np.bincount(bin_of, mass * (probabilities - same), minlength=bins)
    return float(np.abs(gap).sum() / mass.sum()) if len(mass) else 0.0
