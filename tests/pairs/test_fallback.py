"""Language means and a score from the batch itself, for a model without a profile."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from detector.pairs.fallback import FEWEST_ARTICLES, batch_profile, batch_scorer, best_of_each, otsu
from detector.pairs.features import FEATURES, PairFeatures
from detector.pairs.space import ALL_LANGUAGES, neutralise
from tests.making import make_embeddings
from tests.pairs.making import THRESHOLDS, make_features

VALUES = st.lists(st.integers(-50, 50).map(lambda value: value / 50), min_size=2, max_size=12)


def features_of_late(values: list[float]) -> PairFeatures:
    """Pairs of different articles with this late interaction, and nothing else."""
    rows = np.zeros((len(values), len(FEATURES)))
    rows[:, FEATURES.index("late")] = values
    features = make_features(*rows.tolist())
    features.pairs[:] = np.arange(2 * len(values)).reshape(-1, 2)
    return features


def variance_inside(values: list[float], cut: float) -> float:
    groups = [[value for value in values if (value > cut) == above] for above in (False, True)]
    return sum(len(group) * float(np.var(group)) for group in groups if group)


@given(VALUES)
def test_no_cut_has_less_variance_inside_its_groups_than_otsu(values: list[float]) -> None:
    cut, deviation = otsu(np.array(values))
    ordered = sorted(values)
    if ordered[0] == ordered[-1]:
        assert cut > ordered[-1]
        return
    every_cut = [(low + high) / 2 for low, high in pairwise(ordered) if low < high]
    least = min(variance_inside(values, each) for each in every_cut)
    assert ordered[0] < cut < ordered[-1]
    assert variance_inside(values, cut) == pytest.approx(least, abs=1e-9)
    assert deviation == pytest.approx(max((least / len(values)) ** 0.5, 1e-3), abs=1e-6)


def test_the_cut_lies_in_the_middle_of_the_gap() -> None:
    assert otsu(np.array([0.0, 0.2, 0.8, 1.0]))[0] == pytest.approx(0.5)


@pytest.mark.parametrize("values", [[], [0.3], [0.3, 0.3]])
def test_without_two_different_values_the_cut_lies_above_all(values: list[float]) -> None:
    cut, deviation = otsu(np.array(values))
    assert cut == pytest.approx(max(values, default=0.0) + 0.1)
    assert deviation > 0


@given(st.lists(st.tuples(st.integers(0, 5), st.integers(0, 5), st.floats(-1, 1)), max_size=9))
def test_the_best_of_each_is_the_largest_value_of_an_article_in_any_pair(pairs: list[tuple[int, int, float]]) -> None:
    articles = sorted({article for a, b, _ in pairs for article in (a, b)})
    expected = [max(value for a, b, value in pairs if article in (a, b)) for article in articles]
    indices = np.array([(a, b) for a, b, _ in pairs], np.int64).reshape(-1, 2)
    assert best_of_each(indices, np.array([value for *_, value in pairs])).tolist() == expected


def test_a_language_of_enough_articles_gets_its_own_mean() -> None:
    languages = ["it"] * FEWEST_ARTICLES + ["vi"] * (FEWEST_ARTICLES - 1)
    embeddings = make_embeddings(np.random.default_rng(0), [1] * len(languages))
    profile = batch_profile(embeddings, languages)
    assert profile.groups == ("it", ALL_LANGUAGES)
    assert profile.means[0] == pytest.approx(embeddings.articles[:FEWEST_ARTICLES].mean(0))
    assert profile.means[1] == pytest.approx(embeddings.articles.mean(0))
    assert profile.scoring is None


def test_its_profile_subtracts_the_mean_and_no_other_centre() -> None:
    embeddings = make_embeddings(np.random.default_rng(1), [1] * 6)
    profile = batch_profile(embeddings, ["it"] * 6)
    centred = embeddings.articles - embeddings.articles.mean(0)
    expected = centred / np.linalg.norm(centred, axis=1, keepdims=True)
    assert neutralise(embeddings, ["it"] * 6, profile).articles == pytest.approx(expected, abs=3e-6)
    assert not profile.background.centre.any()
    assert profile.background.total == 0


def test_a_pair_at_the_cut_is_as_likely_as_not_and_others_by_their_side() -> None:
    late = [0.0, 0.1, 0.05, 0.8, 0.9]
    scorer = batch_scorer(features_of_late(late))
    assert scorer.model.threshold == 0.5
    cut = float(scorer.model.probability.knots["late"][1])
    scores = scorer.score(features_of_late([*late, cut]), np.zeros(6, bool), THRESHOLDS)
    assert (scores.probability[:5] > 0.5).tolist() == [False, False, False, True, True]
    assert scores.probability[5] == pytest.approx(0.5)
    assert (scores.similarity == scores.probability).all()


def test_without_pairs_there_is_still_a_scorer() -> None:
    features = features_of_late([0.5]).rows(slice(0, 0))
    assert batch_scorer(features).score(features, np.zeros(0, bool), THRESHOLDS).probability.shape == (0,)


def test_without_labels_an_affair_is_no_likelier_than_an_event_and_nothing_is_of_one_form() -> None:
    features = features_of_late([0.1, 0.2, 0.9])
    scores = batch_scorer(features).score(features, np.zeros(3, bool), THRESHOLDS)
    np.testing.assert_array_equal(scores.storyline_probability, scores.probability)
    assert (scores.form_probability < 1e-4).all()
