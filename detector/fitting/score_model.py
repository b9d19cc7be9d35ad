"""Fitting the curves of a score model on several sets of pairs at once, and measuring them by cross-validation.

Each set has one share of the weight, whatever its size. Inside a set the pairs that are not one story weigh at most
`pair_sets.UNRELATED_WEIGHT` times what the pairs of one story do. Folds are made of stories: both articles of a
predicted pair belong to stories that the model has not seen.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.stats import pearsonr
from sklearn.metrics import average_precision_score, roc_auc_score

from detector.evaluation.metrics import calibration_error
from detector.fitting.additive_model import choose_knots, fit_curves
from detector.fitting.pair_sets import FOLDS, PairSet
from detector.pairs.fallback import NO_FORM
from detector.pairs.features import AGAINST, FEATURES, FREE
from detector.pairs.scoring import Matrix, log_odds, probability
from detector.profile import CURVES, Curves

KNOTS = 5
PENALTY = 1.0
# Calibration is measured from this probability on: nearly all pairs are below it, where any model is right.
CALIBRATED_FROM = 0.15

# The curves that are calibrated, and from how many pairs.
CALIBRATED = ("probability", "storyline")
FEWEST_TO_CALIBRATE = 100

Knots = dict[str, NDArray[np.float64]]
Predicted = dict[str, NDArray[np.float64]]


def fit_scoring(
    sets: Sequence[PairSet], features: Sequence[str] = FEATURES
) -> tuple[dict[str, Curves], dict[str, Any]]:
    """The curves of a score model by name, and the figures of its cross-validation by set.

    Raises `ValueError` if no set has graded pairs.
    """
    if not any(data.known("similarity").any() for data in sets):
        raise ValueError("no graded pairs to fit similarity on")
    knots = _knots(sets, features)
    everything = [np.ones(len(data.pairs), bool) for data in sets]
    predicted = _predicted(sets, features, knots)
    curves = {
        curve: scaled(_fit(sets, everything, features, knots, curve), *calibration(sets, predicted, curve))
        for curve in CURVES
    }
    return curves, _all_figures(sets, predicted)


def cross_validate(sets: Sequence[PairSet], features: Sequence[str] = FEATURES) -> dict[str, Any]:
    """For each set, the figures of predictions by models that saw no story of the pair."""
    return _all_figures(sets, _predicted(sets, features, _knots(sets, features)))


def calibration(sets: Sequence[PairSet], predicted: Sequence[Predicted], curve: str) -> tuple[float, float]:
    """The slope and the intercept that calibrate the log odds of a curve on real news (Platt, 1999).

    predicted: log odds, by models that saw no story of the pair. Other sets hold more
    pairs of one story than news does. 1 and 0 without pairs that were judged.
    """
    rows = [data.known(curve) & data.judged for data in sets]
    odds = np.concatenate([values[curve][chosen] for values, chosen in zip(predicted, rows, strict=True)])
    if curve not in CALIBRATED or len(odds) < FEWEST_TO_CALIBRATE:
        return 1.0, 0.0
    target = np.concatenate(
        [data.targets[curve][chosen] for data, chosen in zip(sets, rows, strict=True) if chosen.any()]
    )
    weight = np.concatenate([data.weight[chosen] for data, chosen in zip(sets, rows, strict=True)])

    def loss(line: NDArray[np.float64]) -> float:
        moved = line[0] * odds + line[1]
        return float(np.sum(weight * (np.logaddexp(0, moved) - target * moved)) / weight.sum())

    # A slope of 0 or below would turn the order around.
    slope, intercept = minimize(loss, [1.0, 0.0], method="L-BFGS-B", bounds=[(0.1, 10.0), (None, None)]).x
    return float(slope), float(intercept)


def scaled(curves: Curves, slope: float, intercept: float) -> Curves:
    """The curves whose log odds are those of `curves` times `slope` plus `intercept`."""
    gains = {name: slope * values for name, values in curves.gains.items()}
    return Curves(slope * curves.base + intercept, curves.knots, gains)


def _predicted(sets: Sequence[PairSet], features: Sequence[str], knots: Knots) -> list[Predicted]:
    """The log odds of every pair by curve, by models that saw no story of the pair."""
    predicted = [{curve: np.full(len(data.pairs), np.nan) for curve in CURVES} for data in sets]
    for fold in range(FOLDS):
        seen = [~data.touches(fold) for data in sets]
        for curve in CURVES:
            curves = _fit(sets, seen, features, knots, curve)
            for data, known, values in zip(sets, seen, predicted, strict=True):
                values[curve][~known] = _log_odds(curves, data, ~known, features)
    return predicted


def _all_figures(sets: Sequence[PairSet], predicted: Sequence[Predicted]) -> dict[str, Any]:
    """The figures of every set, once the log odds are calibrated."""
    lines = {curve: calibration(sets, predicted, curve) for curve in CURVES}
    found = {}
    for data, values in zip(sets, predicted, strict=True):
        moved = {curve: probability(slope * values[curve] + base) for curve, (slope, base) in lines.items()}
        found[data.name] = figures(data, moved)
    return found


def figures_without(data: PairSet, others: Sequence[PairSet], features: Sequence[str] = FEATURES) -> dict[str, float]:
    """The figures of a set whose scores were fitted on the other sets only."""
    knots = _knots(others, features)
    everything = [np.ones(len(other.pairs), bool) for other in others]
    rows = np.ones(len(data.pairs), bool)
    predicted = {
        curve: probability(_log_odds(_fit(others, everything, features, knots, curve), data, rows, features))
        for curve in CURVES
    }
    return figures(data, predicted)


def figures(data: PairSet, predicted: dict[str, NDArray[np.float64]]) -> dict[str, float]:
    """How well predictions, (pairs,) by curve, fit what is known of the pairs of a set.

    For each level: `average_precision`, `auc`, and over the pairs from `CALIBRATED_FROM` on the calibration error, all
    weighted by what a pair represents; for similarity Pearson's correlation. If affairs are known too: `auc` of one
    event against other events of one affair, and against pairs of one form.
    """
    found: dict[str, float] = {}
    for curve in ("probability", "storyline"):
        for suffix, rows in (("", np.ones(len(data.pairs), bool)), ("_across_languages", data.across)):
            known = data.known(curve) & rows
            if known.any():
                found |= {
                    f"{curve}{suffix}_{name}": value
                    for name, value in _level(data, predicted[curve], curve, known).items()
                }
    same = data.same
    for name, other in (("development", "storyline"), ("form", "form")):
        against = data.known(other) & ~same & (data.targets.get(other, np.zeros(len(same))) >= 0.5)
        if against.any() and same.any():
            rows = same | against
            found[f"event_against_{name}_auc"] = float(roc_auc_score(same[rows], predicted["probability"][rows]))
    graded = data.known("similarity")
    if graded.sum() > 1:
        found["pearson"] = float(pearsonr(predicted["similarity"][graded], data.targets["similarity"][graded])[0])
    return {name: round(value, 4) for name, value in found.items()}


def _level(data: PairSet, predicted: NDArray[np.float64], curve: str, rows: NDArray[np.bool_]) -> dict[str, float]:
    """The figures of one level over some of the pairs; none if they are all alike."""
    truth, given, weight = data.targets[curve][rows] >= 0.5, predicted[rows], data.weight[rows]
    if truth.all() or not truth.any():
        return {}
    high = given >= CALIBRATED_FROM
    return {
        "average_precision": float(average_precision_score(truth, given, sample_weight=weight)),
        "auc": float(roc_auc_score(truth, given, sample_weight=weight)),
        "calibration_error": calibration_error(given[high], truth[high], weight[high]),
    }


def _knots(sets: Sequence[PairSet], features: Sequence[str]) -> Knots:
    """Knots at quantiles of a mixture: every set counts alike, and pairs of one story as much as the others."""
    rows = []
    for data in sets:
        for chosen in (np.flatnonzero(data.same), np.flatnonzero(~data.same)):
            rows.append(data.features[chosen[:: max(1, len(chosen) // 1000)]][:1000])
    pool = np.concatenate(rows)
    return {name: choose_knots(pool[:, FEATURES.index(name)], KNOTS) for name in features}


def _fit(
    sets: Sequence[PairSet], chosen: Sequence[NDArray[np.bool_]], features: Sequence[str], knots: Knots, curve: str
) -> Curves:
    """One curve of the score model, from the chosen pairs of the sets that have a target for it.

    Without any, a form is never probable, and an affair or a similarity is as probable as one story.
    """
    used = [(data, rows & data.known(curve)) for data, rows in zip(sets, chosen, strict=True)]
    used = [(data, rows) for data, rows in used if rows.any()]
    if not used and curve == "form":
        return Curves(NO_FORM, knots, {name: np.zeros(len(values) - 1) for name, values in knots.items()})
    if not used:
        return _fit(sets, chosen, features, knots, "probability")
    pool = np.concatenate([_columns(data.features[rows], features) for data, rows in used])
    target = np.concatenate([data.targets[curve][rows] for data, rows in used])
    weight = np.concatenate([data.fitting_weight(curve, rows) for data, rows in used])
    # Evidence for one story can be evidence for a form or against it, so the curves of a form may rise or fall.
    free = features if curve == "form" else FREE
    return fit_curves(pool, target, weight, features, knots, against=AGAINST, free=free, penalty=PENALTY)


def _log_odds(curves: Curves, data: PairSet, rows: NDArray[np.bool_], features: Sequence[str]) -> NDArray[np.float64]:
    return log_odds(curves, _columns(data.features[rows], features), features)


def _columns(features: Matrix, names: Sequence[str]) -> Matrix:
    return features[:, [FEATURES.index(name) for name in names]]
