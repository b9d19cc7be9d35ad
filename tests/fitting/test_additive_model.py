"""Fitting curves: what was planted comes back, and no curve bends the wrong way."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from detector.fitting.additive_model import choose_knots, fit_curves
from detector.fitting.score_model import FOLDS, PairSet, fit_scoring
from detector.pairs.features import AGAINST, FEATURES, FREE
from detector.pairs.scoring import log_odds, probability
from detector.profile import Curves


def fitted(features: NDArray[np.float64], target: NDArray[np.float64], penalty: float = 0.01) -> Curves:
    """Curves for features that speak for, against and either way."""
    names = ["for", "against", "free"][: features.shape[1]]
    knots = {name: choose_knots(features[:, place], 6) for place, name in enumerate(names)}
    weight = np.ones(len(target))
    return fit_curves(features, target, weight, names, knots, against={"against"}, free={"free"}, penalty=penalty)


def test_a_planted_curve_is_recovered() -> None:
    generator = np.random.default_rng(1)
    values = generator.uniform(0, 1, (20_000, 1))
    planted = probability(-4 + 9 * values[:, 0] ** 2)
    curves = fitted(values, (generator.random(20_000) < planted).astype(float))
    found = probability(log_odds(curves, values, ["for"]))
    assert abs(found - planted).max() < 0.08
    assert abs(found - planted).mean() < 0.02


def test_probabilities_come_out_calibrated_on_the_data() -> None:
    generator = np.random.default_rng(2)
    features = generator.normal(size=(2_000, 3))
    target = generator.random(2_000)
    found = probability(log_odds(fitted(features, target), features, ["for", "against", "free"]))
    assert found.mean() == pytest.approx(target.mean(), abs=1e-3)


@pytest.mark.parametrize("direction", [1, -1])
def test_gains_respect_the_direction_of_a_feature(direction: int) -> None:
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
def test_knots_rise_and_there_are_at_least_two(values: list[float], count: int) -> None:
    knots = choose_knots(np.array(values), count)
    assert 2 <= len(knots) <= count
    assert (np.diff(knots) > 0).all()


def planted_pairs(name: str, seed: int, graded: bool = False) -> PairSet:
    """Pairs of 40 stories whose late interaction tells one story; all other features tell nothing."""
    generator = np.random.default_rng(seed)
    same = generator.random(400) < 0.4
    features = generator.uniform(0, 1, (400, len(FEATURES)))
    features[:, FEATURES.index("late")] = same + generator.normal(0, 0.3, 400)
    fold = generator.integers(FOLDS, size=(2, 400))
    return PairSet(
        name,
        pairs=np.arange(800).reshape(400, 2),
        features=features,
        cosine=np.zeros(400),
        same=same,
        weight=np.ones(400),
        size=generator.integers(1, 5, 400),
        across=generator.random(400) < 0.5,
        fold_a=fold[0],
        fold_b=np.where(same, fold[0], fold[1]),
        grade=same.astype(float) if graded else None,
    )


def test_a_scoring_model_is_fitted_and_judged_on_stories_it_has_not_seen() -> None:
    probability, similarity, figures = fit_scoring(
        [planted_pairs("articles", 1), planted_pairs("graded", 2, graded=True)]
    )
    for curves in (probability, similarity):
        assert tuple(curves.gains) == tuple(curves.knots) == FEATURES
        for feature, gains in curves.gains.items():
            if feature not in FREE:
                assert (gains <= 0).all() if feature in AGAINST else (gains >= 0).all()
        totals = {feature: abs(gains.sum()) for feature, gains in curves.gains.items()}
        assert max(totals, key=totals.__getitem__) == "late"
    assert set(figures) == {"articles", "graded"}
    assert figures["articles"]["average_precision"] > 0.9
    assert figures["graded"]["pearson"] > 0.8
    assert "pearson" not in figures["articles"]
    assert "average_precision_across_languages" in figures["articles"]


def test_without_graded_pairs_similarity_cannot_be_fitted() -> None:
    with pytest.raises(ValueError, match="no graded pairs"):
        fit_scoring([planted_pairs("articles", 1)])


def test_every_set_weighs_the_same_and_no_big_story_outweighs_the_others() -> None:
    data = replace(
        planted_pairs("a", 1),
        same=np.array([True] * 4 + [False] * 396),
        size=np.array([3, 3, 3, 2] + [1] * 396),
        weight=np.ones(400),
    )
    mass = data.mass(np.ones(400, bool))
    assert mass.sum() == pytest.approx(1)
    assert mass[:3] * 2 == pytest.approx(mass[3])
    assert mass[4:].sum() == pytest.approx(10 * mass[:4].sum())
    graded = replace(data, grade=np.zeros(400))
    assert graded.mass(np.ones(400, bool)).sum() == pytest.approx(1)
