"""Fitting the scoring model of a profile on several sets of pairs at once, and measuring it by cross-validation.

Each set has one share of the weight, whatever its size. Inside a set of articles the unrelated pairs, which are nearly
all, weigh at most `pair_sets.UNRELATED_WEIGHT` times what the pairs of one story do. Folds are made of stories: both
articles of a predicted pair belong to stories that the model has not seen.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.stats import pearsonr
from sklearn.metrics import average_precision_score

from detector.evaluation.metrics import calibration_error, pairwise
from detector.fitting.additive_model import choose_knots, fit_curves
from detector.fitting.pair_sets import FOLDS, PairSet
from detector.pairs.fallback import NO_FORM
from detector.pairs.features import AGAINST, FEATURES, FREE
from detector.pairs.scoring import Matrix, log_odds, probability
from detector.profile import Curves

KNOTS = 6
PENALTY = 0.5


def fit_scoring(
    sets: Sequence[PairSet], features: Sequence[str] = FEATURES
) -> tuple[dict[str, Curves], dict[str, Any]]:
    """The curves of a score model by name, and the figures of its cross-validation by set."""
    knots = _knots(sets, features)
    same = _fit_probability(sets, _everything(sets), features, knots)
    curves = {
        "probability": same,
        "storyline": _fit_storyline(sets, same, features, knots),
        "form": _fit_form(sets, features, knots),
        "similarity": _fit_similarity(sets, _everything(sets), features, knots),
    }
    return curves, cross_validate(sets, features)


def cross_validate(sets: Sequence[PairSet], features: Sequence[str] = FEATURES) -> dict[str, Any]:
    """For each set, the figures of predictions by models that saw no story of the pair."""
    knots = _knots(sets, features)
    probabilities = [np.zeros(len(data.same)) for data in sets]
    similarities = [np.zeros(len(data.same)) for data in sets]
    for fold in range(FOLDS):
        seen = [~data.touches(fold) for data in sets]
        for_probability = _fit_probability(sets, seen, features, knots)
        for_similarity = _fit_similarity(sets, seen, features, knots)
        for index, data in enumerate(sets):
            rows = ~seen[index]
            columns = _columns(data.features[rows], features)
            probabilities[index][rows] = probability(log_odds(for_probability, columns, features))
            similarities[index][rows] = probability(log_odds(for_similarity, columns, features))
    return {data.name: _figures(data, probabilities[i], similarities[i]) for i, data in enumerate(sets)}


def figures_without(data: PairSet, others: Sequence[PairSet], features: Sequence[str] = FEATURES) -> dict[str, float]:
    """The figures of a set whose scores were fitted on the other sets only."""
    knots = _knots(others, features)
    everything = _everything(others)
    columns = _columns(data.features, features)
    probabilities = probability(log_odds(_fit_probability(others, everything, features, knots), columns, features))
    # Only one set has grades. If it is the one left out, there is no similarity to fit: use the probability.
    graded = any(other.grade is not None for other in others)
    curves = _fit_similarity(others, everything, features, knots) if graded else None
    similarities = probability(log_odds(curves, columns, features)) if curves else probabilities
    return _figures(data, probabilities, similarities)


def _figures(data: PairSet, probabilities: NDArray[np.float64], similarities: NDArray[np.float64]) -> dict[str, float]:
    figures = {
        "average_precision": float(average_precision_score(data.same, probabilities, sample_weight=data.weight)),
        "calibration_error": calibration_error(probabilities, data.same, data.weight),
        **pairwise(probabilities >= 0.5, data.same),
    }
    across = data.across
    if across.any() and data.same[across].any() and not across.all():
        figures["average_precision_across_languages"] = float(
            average_precision_score(data.same[across], probabilities[across], sample_weight=data.weight[across])
        )
    if data.grade is not None:
        figures["pearson"] = float(pearsonr(similarities, data.grade)[0])
    return {name: round(value, 4) for name, value in figures.items()}


def _knots(sets: Sequence[PairSet], features: Sequence[str]) -> dict[str, NDArray[np.float64]]:
    """Knots at quantiles of a mixture: every set counts alike, and pairs of one story as much as unrelated pairs."""
    rows = []
    for data in sets:
        for chosen in (np.flatnonzero(data.same), np.flatnonzero(~data.same)):
            rows.append(data.features[chosen[:: max(1, len(chosen) // 1000)]][:1000])
    pool = np.concatenate(rows)
    return {name: choose_knots(pool[:, FEATURES.index(name)], KNOTS) for name in features}


def _fit_probability(
    sets: Sequence[PairSet],
    chosen: Sequence[NDArray[np.bool_]],
    features: Sequence[str],
    knots: dict[str, NDArray[np.float64]],
) -> Curves:
    """Curves for the probability that a pair is one story, from the chosen pairs of each set."""
    pool = [_columns(data.features[rows], features) for data, rows in zip(sets, chosen, strict=True)]
    target = [data.same[rows].astype(float) for data, rows in zip(sets, chosen, strict=True)]
    weight = [data.fitting_weight(rows) for data, rows in zip(sets, chosen, strict=True)]
    return fit_curves(
        np.concatenate(pool), np.concatenate(target), np.concatenate(weight), features, knots,
        against=AGAINST, free=FREE, penalty=PENALTY,
    )  # fmt: skip


def _fit_storyline(
    sets: Sequence[PairSet], same: Curves, features: Sequence[str], knots: dict[str, NDArray[np.float64]]
) -> Curves:
    """Curves for the probability that a pair is one affair; those of one story, `same`, if no set labels affairs."""
    if all(data.affair is None for data in sets):
        return same
    labelled = [data if data.affair is None else replace(data, same=data.affair) for data in sets]
    return _fit_probability(labelled, _everything(labelled), features, knots)


def _fit_form(sets: Sequence[PairSet], features: Sequence[str], knots: dict[str, NDArray[np.float64]]) -> Curves:
    """Curves for the probability that a pair is of one form; no pair is if no set labels forms."""
    labelled = [replace(data, same=data.form) for data in sets if data.form is not None]
    if not labelled:
        return Curves(NO_FORM, knots, {name: np.zeros(len(values) - 1) for name, values in knots.items()})
    return _fit_probability(labelled, _everything(labelled), features, knots)


def _everything(sets: Sequence[PairSet]) -> list[NDArray[np.bool_]]:
    """All pairs of each set."""
    return [np.ones(len(data.same), bool) for data in sets]


def _fit_similarity(
    sets: Sequence[PairSet],
    chosen: Sequence[NDArray[np.bool_]],
    features: Sequence[str],
    knots: dict[str, NDArray[np.float64]],
) -> Curves:
    """Curves for the similarity as people grade it, from the chosen pairs of the sets that are graded."""
    graded = [(data, data.grade, rows) for data, rows in zip(sets, chosen, strict=True) if data.grade is not None]
    if not graded:
        raise ValueError("no graded pairs to fit similarity on")
    pool = np.concatenate([_columns(data.features[rows], features) for data, _, rows in graded])
    target = np.concatenate([grade[rows] for _, grade, rows in graded])
    return fit_curves(pool, target, np.ones(len(pool)), features, knots, against=AGAINST, free=FREE, penalty=PENALTY)


def _columns(features: Matrix, names: Sequence[str]) -> Matrix:
    return features[:, [FEATURES.index(name) for name in names]]
