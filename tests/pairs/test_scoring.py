"""The score: monotone, the sum of its contributions, the same both ways, and always a number."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.special import logit

from detector.pairs.features import AGAINST, FEATURES, FREE, pair_features
from detector.pairs.scoring import Scorer, Scores, contributions, log_odds, probability, steps
from detector.profile import Curves, load_profile
from detector.records import Relation
from tests.making import make_batch, make_profile
from tests.pairs.making import NEUTRAL, THRESHOLDS, Row, make_features, random_curves, random_model

IN_ONE_STORY = ("translation", "copy", "partial reuse", "same story")
VALUES = st.floats(-2, 2)
ROWS = st.lists(VALUES, min_size=len(FEATURES), max_size=len(FEATURES))
SHIPPED = Scorer.of(load_profile("multilingual-e5-small"))
SCORERS = [pytest.param(Scorer(random_model()), id="random"), pytest.param(SHIPPED, id="shipped")]


def scored(scorer: Scorer, *rows: Row, threshold: float = 0.5) -> Scores:
    return scorer.score(make_features(*rows), np.zeros(len(rows), bool), replace(THRESHOLDS, story=threshold))


@pytest.mark.parametrize("scorer", SCORERS)
@given(ROWS, st.sampled_from([name for name in FEATURES if name not in FREE]), st.floats(0, 3))
def test_more_of_a_feature_never_moves_the_score_the_wrong_way(
    scorer: Scorer, row: Row, name: str, more: float
) -> None:
    raised = list(row)
    raised[FEATURES.index(name)] += more
    scores = scored(scorer, row, raised)
    sign = -1 if name in AGAINST else 1
    for before, after in (scores.probability, scores.similarity):
        assert sign * (after - before) >= -1e-12


@pytest.mark.parametrize("scorer", SCORERS)
@given(ROWS)
def test_base_and_contributions_add_up_to_the_log_odds(scorer: Scorer, row: Row) -> None:
    parts = scorer.contributions(make_features(row))
    assert list(parts) == ["base", *scorer.model.features]
    columns = [FEATURES.index(name) for name in scorer.model.features]
    odds = log_odds(scorer.model.probability, np.array([row])[:, columns], scorer.model.features)[0]
    assert sum(parts.values()) == pytest.approx(odds)
    assert scored(scorer, row).probability[0] == pytest.approx(probability(np.array([sum(parts.values())]))[0])


@pytest.mark.parametrize("scorer", SCORERS)
@pytest.mark.parametrize("value", [0.0, -1e30, 1e30, float("inf"), float("-inf"), 1e-320])
def test_a_score_is_always_a_number_from_0_to_1(scorer: Scorer, value: float) -> None:
    scores = scored(scorer, [value] * len(FEATURES))
    for numbers in (scores.probability, scores.storyline_probability, scores.form_probability, scores.similarity):
        assert 0 <= numbers[0] <= 1


def test_log_odds_become_probabilities_without_overflow() -> None:
    odds = np.array([-1e9, -3.0, 0.0, 3.0, 1e9])
    assert probability(odds)[[0, 2, 4]].tolist() == [0, 0.5, 1]
    assert logit(probability(odds)[[1, 3]]) == pytest.approx([-3, 3])


def test_a_curve_is_straight_between_its_knots_and_flat_outside() -> None:
    curves = Curves(0.5, {"late": np.array([0.0, 1.0, 3.0])}, {"late": np.array([2.0, 4.0])})
    values = np.array([[-9.0], [0.0], [0.5], [1.0], [2.0], [3.0], [9.0]])
    assert log_odds(curves, values, ["late"]).tolist() == [0.5, 0.5, 1.5, 2.5, 4.5, 6.5, 6.5]
    assert steps(np.array([2.0]), np.array([0.0, 1.0, 3.0])).tolist() == [[1, 0.5]]


@given(ROWS, st.integers(0, 99))
def test_contributions_are_those_of_linear_interpolation(row: Row, seed: int) -> None:
    curves = random_curves(np.random.default_rng(seed))
    expected = [
        np.interp(value, curves.knots[name], np.concatenate([[0], np.cumsum(curves.gains[name])]))
        for name, value in zip(FEATURES, row, strict=True)
    ]
    assert contributions(curves, np.array([row]), FEATURES)[0] == pytest.approx(expected, abs=1e-9)


@pytest.mark.parametrize("seed", range(5))
def test_the_order_of_the_two_articles_does_not_change_the_score(seed: int) -> None:
    generator = np.random.default_rng(seed)
    batch = make_batch(generator, sizes=generator.integers(1, 7, 6).tolist())
    pairs = np.array([[a, b] for a in range(6) for b in range(a + 1, 6)], np.int64)
    across, scorer = np.zeros(len(pairs), bool), Scorer(random_model())
    forth, back = (scorer.score(pair_features(batch, each), across, THRESHOLDS) for each in (pairs, pairs[:, ::-1]))
    np.testing.assert_allclose(forth.probability, back.probability, atol=1e-5)
    np.testing.assert_allclose(forth.similarity, back.similarity, atol=1e-5)


def test_no_pairs_have_no_scores() -> None:
    batch = make_batch(np.random.default_rng(0), sizes=[2, 1])
    features = pair_features(batch, np.zeros((0, 2), np.int64))
    scores = Scorer(random_model()).score(features, np.zeros(0, bool), THRESHOLDS)
    assert scores.probability.shape == scores.similarity.shape == scores.relation.shape == (0,)


def test_a_pair_exactly_at_the_threshold_is_one_story() -> None:
    scorer = Scorer(random_model())
    exact = float(scored(scorer, NEUTRAL).probability[0])
    assert Relation.of_code(scored(scorer, NEUTRAL, threshold=exact).relation[0]) == "same story"
    assert Relation.of_code(scored(scorer, NEUTRAL, threshold=exact + 1e-9).relation[0]) not in IN_ONE_STORY


@given(ROWS, st.integers(0, 99))
def test_one_affair_is_at_least_as_likely_as_one_event(row: Row, seed: int) -> None:
    scores = scored(Scorer(random_model(seed)), row)
    assert scores.storyline_probability[0] >= scores.probability[0]


def test_a_profile_with_unknown_features_is_refused() -> None:
    model = replace(random_model(), features=("late", "moon"))
    with pytest.raises(ValueError, match="profile random needs unknown features: moon; fit it again"):
        Scorer.of(make_profile(scoring=model))


def test_a_profile_without_a_score_model_is_refused() -> None:
    with pytest.raises(ValueError, match="profile random has no score model; make one with: detector fit-profile"):
        Scorer.of(make_profile())


def test_a_model_may_use_some_of_the_features() -> None:
    model = replace(random_model(), features=("late",))
    scorer = Scorer.of(make_profile(scoring=model))
    assert list(scorer.contributions(make_features())) == ["base", "late"]


@pytest.mark.parametrize("curves", [SHIPPED.model.probability, SHIPPED.model.similarity])
@pytest.mark.parametrize("feature", SHIPPED.model.features)
def test_the_shipped_curves_rise_or_fall_as_their_features_do(curves: Curves, feature: str) -> None:
    gains = curves.gains[feature]
    if feature in AGAINST:
        assert (gains <= 0).all()
    elif feature not in FREE:
        assert (gains >= 0).all()
