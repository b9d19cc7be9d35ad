"""The score: monotone, made of its shares, the same both ways, and never without a value."""

from __future__ import annotations

from dataclasses import asdict, replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy.special import logit

from detector.pairs.features import AGAINST, FEATURES, FREE, PairFeatures, pair_features
from detector.pairs.relations import RelationCuts
from detector.pairs.scoring import Curves, Scorer, probability, steps
from detector.profile import load_profile
from detector.records import RELATIONS
from tests.making import make_batch, make_profile

Row = list[float]
CUTS = RelationCuts(wording=0.8, answered=0.3, even=0.9)
VALUES = st.floats(-2, 2)
ROWS = st.lists(VALUES, min_size=len(FEATURES), max_size=len(FEATURES))


def random_curves(generator: np.random.Generator) -> Curves:
    """Curves in the directions the features have."""
    knots = {name: np.sort(generator.uniform(-1, 1, 4)) + np.arange(4) * 0.01 for name in FEATURES}
    sign = {name: -1.0 if name in AGAINST else 1.0 for name in FEATURES}
    gains = {name: sign[name] * generator.exponential(1, 3) for name in FEATURES}
    return Curves(float(generator.normal()), knots, gains)


def random_scorer(seed: int = 0) -> Scorer:
    generator = np.random.default_rng(seed)
    return Scorer(FEATURES, random_curves(generator), random_curves(generator), threshold=0.5, relations=CUTS)


SCORERS = [
    pytest.param(random_scorer(), id="random"),
    pytest.param(Scorer.of(load_profile("multilingual-e5-small")), id="shipped"),
]


def evidence_of(*rows: Row, taken: tuple[float, float] = (0, 0)) -> PairFeatures:
    """The evidence of pairs with these features."""
    count = len(rows)
    nothing = np.zeros(count)
    return PairFeatures(
        pairs=np.tile(np.array([[0, 1]], np.int64), (count, 1)),
        features=np.array(rows, np.float64).reshape(count, len(FEATURES)),
        cosine=nothing,
        coverage_a=nothing,
        coverage_b=nothing,
        taken_a=np.full(count, taken[0]),
        taken_b=np.full(count, taken[1]),
        days_apart=nothing,
    )


def scored(scorer: Scorer, *rows: Row) -> Any:
    return scorer.score(evidence_of(*rows), np.zeros(len(rows), bool), 0.5)


@pytest.mark.parametrize("scorer", SCORERS)
@given(ROWS, st.sampled_from([name for name in FEATURES if name not in FREE]), st.floats(0, 3))
def test_more_of_a_feature_never_speaks_the_other_way(scorer: Scorer, row: Row, name: str, more: float) -> None:
    raised = list(row)
    raised[FEATURES.index(name)] += more
    scores = scored(scorer, row, raised)
    sign = -1 if name in AGAINST else 1
    for before, after in (scores.probability, scores.similarity):
        assert sign * (after - before) >= -1e-12


@pytest.mark.parametrize("scorer", SCORERS)
@given(ROWS)
def test_base_and_shares_add_up_to_the_log_odds(scorer: Scorer, row: Row) -> None:
    shares = scorer.explain(evidence_of(row))
    assert list(shares) == ["base", *scorer.features]
    odds = scorer.same_story.log_odds(np.array([row]), FEATURES)[0]
    assert sum(shares.values()) == pytest.approx(odds)
    assert scored(scorer, row).probability[0] == pytest.approx(probability(np.array([sum(shares.values())]))[0])


@pytest.mark.parametrize("scorer", SCORERS)
@pytest.mark.parametrize("value", [0.0, -1e30, 1e30, float("inf"), float("-inf"), 1e-320])
def test_a_score_always_has_a_value(scorer: Scorer, value: float) -> None:
    scores = scored(scorer, [value] * len(FEATURES))
    for numbers in (scores.probability, scores.similarity):
        assert 0 <= numbers[0] <= 1


def test_log_odds_become_probabilities_without_overflow() -> None:
    odds = np.array([-1e9, -3.0, 0.0, 3.0, 1e9])
    assert probability(odds)[[0, 2, 4]].tolist() == [0, 0.5, 1]
    assert logit(probability(odds)[[1, 3]]) == pytest.approx([-3, 3])


def test_beyond_the_outer_knots_a_curve_is_flat() -> None:
    curves = Curves(0.5, {"late": np.array([0.0, 1.0, 3.0])}, {"late": np.array([2.0, 4.0])})
    values = np.array([[-9.0], [0.0], [0.5], [1.0], [2.0], [3.0], [9.0]])
    assert curves.log_odds(values, ["late"]).tolist() == [0.5, 0.5, 1.5, 2.5, 4.5, 6.5, 6.5]
    assert steps(np.array([2.0]), np.array([0.0, 1.0, 3.0])).tolist() == [[1, 0.5]]


def test_curves_survive_being_written_down() -> None:
    curves = random_curves(np.random.default_rng(2))
    again = Curves.from_json(curves.to_json())
    rows = np.random.default_rng(3).normal(size=(9, len(FEATURES)))
    np.testing.assert_array_equal(again.log_odds(rows, FEATURES), curves.log_odds(rows, FEATURES))


@pytest.mark.parametrize("seed", range(5))
def test_the_other_way_round_is_the_same_score(seed: int) -> None:
    generator = np.random.default_rng(seed)
    batch = make_batch(generator, sizes=generator.integers(1, 7, 6).tolist())
    pairs = np.array([[a, b] for a in range(6) for b in range(a + 1, 6)], np.int64)
    one, other = pair_features(batch, pairs), pair_features(batch, pairs[:, ::-1])
    np.testing.assert_allclose(one.features, other.features, atol=1e-6)
    np.testing.assert_allclose(one.coverage_a, other.coverage_b, atol=1e-6)
    across = np.zeros(len(pairs), bool)
    first, second = (random_scorer().score(each, across, 0.5) for each in (one, other))
    np.testing.assert_allclose(first.probability, second.probability, atol=1e-5)
    np.testing.assert_allclose(first.similarity, second.similarity, atol=1e-5)


def test_no_pair_is_no_error() -> None:
    batch = make_batch(np.random.default_rng(0), sizes=[2, 1])
    evidence = pair_features(batch, np.zeros((0, 2), np.int64))
    scores = random_scorer().score(evidence, np.zeros(0, bool), 0.5)
    assert scores.probability.shape == scores.similarity.shape == scores.relation.shape == (0,)


@pytest.mark.parametrize(
    ("same", "across", "taken", "relation"),
    [
        (True, False, (0.8, 1.0), "copy"),
        (True, False, (0.1, 0.8), "partial reuse"),
        (True, False, (0.79, 0.79), "same story"),
        (True, True, (0.5, 0.46), "translation"),
        (True, True, (0.27, 0.3), "translation"),
        (True, True, (0.5, 0.4), "partial reuse"),
        (True, True, (0.29, 0.29), "same story"),
        (False, True, (1.0, 1.0), "different"),
        (False, False, (1.0, 1.0), "different"),
    ],
)
def test_relations_are_named_by_what_each_article_takes_from_the_other(
    same: bool, across: bool, taken: tuple[float, float], relation: str
) -> None:
    """Within one language shared wording counts; across, how well the sentences are answered, and how evenly."""
    evidence = evidence_of([0.0] * len(FEATURES), taken=taken)

    def flags(value: bool) -> NDArray[np.bool_]:
        return np.array([value])

    assert RELATIONS[CUTS.named(flags(same), flags(across), evidence)[0]] == relation


def test_a_pair_exactly_at_the_threshold_is_one_story() -> None:
    evidence = evidence_of([0.0] * len(FEATURES))
    scorer = random_scorer()
    exact = float(scorer.score(evidence, np.zeros(1, bool), 0.5).probability[0])
    assert RELATIONS[scorer.score(evidence, np.zeros(1, bool), exact).relation[0]] == "same story"
    assert RELATIONS[scorer.score(evidence, np.zeros(1, bool), exact + 1e-9).relation[0]] == "different"


def test_a_profile_of_another_version_is_refused_in_one_line() -> None:
    curves = random_curves(np.random.default_rng(4)).to_json()
    scoring: dict[str, Any] = {"features": ["late", "moon"], "probability": curves, "similarity": curves}
    scoring |= {"threshold": 0.5, "relations": asdict(CUTS)}
    with pytest.raises(ValueError, match="profile random needs unknown features: moon; fit it again"):
        Scorer.of(make_profile(scoring=scoring))
    known = Scorer.of(replace(make_profile(), scoring={**scoring, "features": ["late"]}))
    assert known.features == ("late",)


def test_the_shipped_curves_rise_or_fall_as_their_features_do() -> None:
    scorer = Scorer.of(load_profile("multilingual-e5-small"))
    for curves in (scorer.same_story, scorer.alike):
        for name, gains in curves.gains.items():
            assert name in FREE or (gains <= 0).all() if name in AGAINST else name in FREE or (gains >= 0).all()
            assert (np.diff(curves.knots[name]) > 0).all()
            assert len(gains) == len(curves.knots[name]) - 1
