"""Fitting the monotone additive model of `detector.pairs.scoring` by penalised maximum likelihood.

Every step of a curve has a gain of the same sign, which keeps the curve monotone. The loss is the cross-entropy, so the
log odds are calibrated on the mixture of data they are fitted on. The target may be graded, between 0 and 1.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.special import expit

from detector.pairs.scoring import Matrix, steps
from detector.profile import Curves

# Curves are flat below this quantile of the data, and above 1 minus it.
OUTER = 0.01


def choose_knots(values: NDArray[np.float64], count: int) -> NDArray[np.float64]:
    """Between two and `count` increasing knots, at quantiles of the values."""
    knots = np.unique(np.quantile(values, np.linspace(OUTER, 1 - OUTER, count)))
    if len(knots) < 2 or len(np.unique(values)) < count:
        low, high = float(values.min()), float(values.max())
        return np.array([low, high if high > low else low + 1.0])
    return knots


def fit_curves(
    features: Matrix,
    target: NDArray[np.float64],
    weight: NDArray[np.float64],
    names: Sequence[str],
    knots: dict[str, NDArray[np.float64]],
    *,
    against: Collection[str],
    free: Collection[str],
    penalty: float,
) -> Curves:
    """The curves that minimise the weighted cross-entropy plus `penalty` × the sum of squared gains.

    features: (pairs, features), columns named by `names`. target: (pairs,), 0 to 1. weight: (pairs,), scaled to a sum
    of 1,000, so that the penalty means the same for any amount of data. Gains are at most 0 for the features in
    `against`, of any sign for those in `free`, at least 0 for the others.
    """
    parts = [steps(features[:, index], knots[name]) for index, name in enumerate(names)]
    design = np.hstack(parts)
    ends = np.cumsum([part.shape[1] for part in parts])
    mass = weight / weight.sum() * 1000

    def loss(parameters: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        gains, base = parameters[:-1], parameters[-1]
        odds = design @ gains + base
        error = mass * (expit(odds) - target)
        value = np.sum(mass * (np.logaddexp(0, odds) - target * odds)) + penalty / 2 * np.sum(gains**2)
        return float(value), np.append(design.T @ error + penalty * gains, error.sum())

    bounds = [_bounds(name in against, name in free) for name, part in zip(names, parts, strict=True) for _ in part[0]]
    start = np.zeros(design.shape[1] + 1)
    solution = minimize(
        loss, start, jac=True, method="L-BFGS-B", bounds=[*bounds, (None, None)], options={"maxiter": 500}
    ).x
    gains = dict(zip(names, np.split(solution[:-1], ends[:-1]), strict=True))
    return Curves(float(solution[-1]), {name: knots[name] for name in names}, gains)


def _bounds(decreasing: bool, free: bool) -> tuple[float | None, float | None]:
    if free:
        return None, None
    return (None, 0.0) if decreasing else (0.0, None)
