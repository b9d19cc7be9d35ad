"""Fitting curves: a known curve is recovered, and every curve is monotone in the right direction."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from detector.fitting.additive_model import choose_knots, fit_curves
from detector.pairs.scoring import log_odds, probability
from detector.profile import Curves


def fitted(features: NDArray[np.float64], target: NDArray[np.float64], penalty: float = 0.01) -> Curves:
    """Curves for three features: one increasing, one decreasing, one of either direction."""
    names = ["for", "against", "free"][: features.shape[1]]
    knots = {name: choose_knots(features[:, index], 6) for index, name in enumerate(names)}
    weight = np.ones(len(target))
    return fit_curves(features, target, weight, names, knots, against={"against"}, free={"free"}, penalty=penalty)


def test_a_known_curve_is_recovered() -> None:
    generator = np.random.default_rng(1)
    values = generator.uniform(0, 1, (20_000, 1))
    true = probability(-4 + 9 * values[:, 0] ** 2)
    curves = fitted(values, (generator.random(20_000) < true).astype(float))
    found = probability(log_odds(curves, values, ["for"]))
    assert abs(found - true).max() < 0.08
    assert abs(found - true).mean() < 0.02


def test_the_mean_probability_equals_the_mean_target() -> None:
    generator = np.random.default_rng(2)
    features = generator.normal(size=(2_000, 3))
    target = generator.random(2_000)
    found = probability(log_odds(fitted(features, target), features, ["for", "against", "free"]))
    assert found.mean() == pytest.approx(target.mean(), abs=1e-3)


@pytest.mark.parametrize("direction", [1, -1])
def test_gains_have_the_sign_of_their_feature(direction: int) -> None:
    generator = np.random.default_rng(3)
    features = generator.uniform(0, 1, (3_000, 3))
    odds = direction * (4 * features[:, 0] - 4 * features[:, 1] + 4 * features[:, 2] - 2)
    gains = fitted(features, (generator.random(3_000) < probability(odds)).astype(float)).gains
    assert (gains["for"] >= 0).all()
    assert (gains["against"] <= 0).all()
    assert (gains["for"].sum() > 1) == (direction > 0) == (gains["against"].sum() < -1)
    assert np.sign(gains["free"].sum()) == direction


def test_a_penalty_keeps_curves_flat() -> None:
    generator = np.random.default_rng(4)
    values = generator.uniform(0, 1, (500, 1))
    target = (values[:, 0] > 0.5).astype(float)
    loose, tight = (fitted(values, target, penalty).gains["for"].sum() for penalty in (0.01, 100))
    assert 0 < tight < loose / 3


@given(st.lists(st.floats(-5, 5), min_size=1, max_size=60), st.integers(2, 8))
def test_there_are_at_least_two_increasing_knots(values: list[float], count: int) -> None:
    knots = choose_knots(np.array(values), count)
    assert 2 <= len(knots) <= count
    assert (np.diff(knots) > 0).all()
