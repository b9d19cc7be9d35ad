"""Fitting the scoring model of a profile on several kinds of pairs at once, and judging it by cross-validation.

Each set of data has one share of the weight, whatever its size; inside a set of articles the strangers, which are
nearly all pairs, weigh at most `STRANGERS` times what the pairs of one story do. Folds are made of stories: both
articles of a pair that is judged belong to stories the model has not seen.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.stats import pearsonr
from sklearn.metrics import average_precision_score

from detector.evaluation.metrics import calibration_error, pairwise
from detector.fitting.additive_model import choose_knots, fit_curves
from detector.pairs.features import AGAINST, FEATURES, FREE
from detector.pairs.scoring import Matrix, log_odds, probability
from detector.profile import Curves

FOLDS = 5
KNOTS = 6
PENALTY = 0.5
STRANGERS = 10.0
# From this grade (0 to 1) people called the pair one story: 2 or better on the scale from 1 to 4.
SAME_GRADE = 2 / 3 - 1e-9


@dataclass(frozen=True)
class PairSet:
    """Labelled pairs of one set of data, all (pairs, …).

    pairs: (pairs, 2), the numbers of the articles. features: as `gather` gives them. cosine: of the articles in the
    neutral space. same: one story. grade: 0 to 1 where people graded the pairs, else None. weight: how many pairs each
    stands for. size: articles of the story of the first article. fold_a, fold_b: the fold of the story of each article.
    """

    name: str
    pairs: NDArray[np.int64]
    features: Matrix
    cosine: NDArray[np.float64]
    same: NDArray[np.bool_]
    weight: NDArray[np.float64]
    size: NDArray[np.int64]
    across: NDArray[np.bool_]
    fold_a: NDArray[np.int64]
    fold_b: NDArray[np.int64]
    grade: NDArray[np.float64] | None = None

    def mass(self, chosen: NDArray[np.bool_]) -> NDArray[np.float64]:
        """The weight of the chosen pairs in fitting; adds up to the share of the set.

        The pairs of one story weigh as much as it has articles, else one big story would be most of what is learned.
        """
        weight, same = self.weight[chosen].copy(), self.same[chosen]
        weight[same] /= np.maximum(self.size[chosen][same] - 1, 1)
        if self.grade is not None:
            return np.asarray(weight / weight.sum())
        strangers = weight[~same].sum()
        if strangers:
            weight[~same] *= min(1.0, STRANGERS * weight[same].sum() / strangers)
        return np.asarray(weight / weight.sum())

    @property
    def fold(self) -> NDArray[np.int64]:
        """The fold whose models judge each pair."""
        return np.maximum(self.fold_a, self.fold_b)

    def unseen(self, fold: int) -> NDArray[np.bool_]:
        """The pairs that touch a story of the fold."""
        return np.asarray((self.fold_a == fold) | (self.fold_b == fold))


def fit_scoring(sets: Sequence[PairSet], features: Sequence[str] = FEATURES) -> tuple[Curves, Curves, dict[str, Any]]:
    """The curves of probability and of similarity, and the figures of its cross-validation by set."""
    everything = [np.ones(len(data.same), bool) for data in sets]
    knots = _knots(sets, features)
    same, alike = _fit_same(sets, everything, features, knots), _fit_alike(sets, everything, features, knots)
    return same, alike, cross_validate(sets, features)


def cross_validate(sets: Sequence[PairSet], features: Sequence[str] = FEATURES) -> dict[str, Any]:
    """For each set, the figures of predictions made by models that saw no story of the pair."""
    knots = _knots(sets, features)
    same = [np.zeros(len(data.same)) for data in sets]
    alike = [np.zeros(len(data.same)) for data in sets]
    for fold in range(FOLDS):
        seen = [~data.unseen(fold) for data in sets]
        first, second = _fit_same(sets, seen, features, knots), _fit_alike(sets, seen, features, knots)
        for number, data in enumerate(sets):
            rows = ~seen[number]
            chosen = _columns(data.features[rows], features)
            same[number][rows] = probability(log_odds(first, chosen, features))
            alike[number][rows] = probability(log_odds(second, chosen, features))
    return {data.name: _figures(data, same[n], alike[n]) for n, data in enumerate(sets)}


def judged_by_others(data: PairSet, others: Sequence[PairSet], features: Sequence[str] = FEATURES) -> dict[str, float]:
    """The figures of a set whose scores were fitted on other sets alone."""
    knots = _knots(others, features)
    everything = [np.ones(len(other.same), bool) for other in others]
    columns = _columns(data.features, features)
    same = probability(log_odds(_fit_same(others, everything, features, knots), columns, features))
    # Grades are known in one set only: where it is the one left out, the probability stands for the similarity.
    graded = any(other.grade is not None for other in others)
    curves = _fit_alike(others, everything, features, knots) if graded else None
    return _figures(data, same, probability(log_odds(curves, columns, features)) if curves else same)


def _figures(data: PairSet, same: NDArray[np.float64], alike: NDArray[np.float64]) -> dict[str, float]:
    figures = {
        "average_precision": float(average_precision_score(data.same, same, sample_weight=data.weight)),
        "calibration_error": calibration_error(same, data.same, data.weight),
        **pairwise(same >= 0.5, data.same),
    }
    if data.across.any() and data.same[data.across].any() and not data.across.all():
        figures["average_precision_across_languages"] = float(
            average_precision_score(data.same[data.across], same[data.across], sample_weight=data.weight[data.across])
        )
    if data.grade is not None:
        figures["pearson"] = float(pearsonr(alike, data.grade)[0])
    return {name: round(value, 4) for name, value in figures.items()}


def _knots(sets: Sequence[PairSet], features: Sequence[str]) -> dict[str, NDArray[np.float64]]:
    """Knots at quantiles of a mixture in which every set counts alike, and pairs of one story as much as strangers."""
    rows = []
    for data in sets:
        for chosen in (np.flatnonzero(data.same), np.flatnonzero(~data.same)):
            rows.append(data.features[chosen[:: max(1, len(chosen) // 1000)]][:1000])
    pool = np.concatenate(rows)
    return {name: choose_knots(pool[:, FEATURES.index(name)], KNOTS) for name in features}


def _fit_same(
    sets: Sequence[PairSet],
    chosen: Sequence[NDArray[np.bool_]],
    features: Sequence[str],
    knots: dict[str, NDArray[np.float64]],
) -> Curves:
    pool = [_columns(data.features[rows], features) for data, rows in zip(sets, chosen, strict=True)]
    target = [data.same[rows].astype(float) for data, rows in zip(sets, chosen, strict=True)]
    weight = [data.mass(rows) for data, rows in zip(sets, chosen, strict=True)]
    return fit_curves(
        np.concatenate(pool), np.concatenate(target), np.concatenate(weight), features, knots,
        against=AGAINST, free=FREE, penalty=PENALTY,
    )  # fmt: skip


def _fit_alike(
    sets: Sequence[PairSet],
    chosen: Sequence[NDArray[np.bool_]],
    features: Sequence[str],
    knots: dict[str, NDArray[np.float64]],
) -> Curves:
    graded = [(data, data.grade, rows) for data, rows in zip(sets, chosen, strict=True) if data.grade is not None]
    if not graded:
        raise ValueError("no graded pairs to fit similarity on")
    pool = np.concatenate([_columns(data.features[rows], features) for data, _, rows in graded])
    target = np.concatenate([grade[rows] for _, grade, rows in graded])
    return fit_curves(pool, target, np.ones(len(pool)), features, knots, against=AGAINST, free=FREE, penalty=PENALTY)


def _columns(features: Matrix, names: Sequence[str]) -> Matrix:
    return features[:, [FEATURES.index(name) for name in names]]
