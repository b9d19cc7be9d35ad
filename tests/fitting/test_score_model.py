"""Fitting the scoring model and measuring it on stories it has not seen."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from detector.fitting.score_model import figures, figures_without, fit_scoring
from detector.pairs.features import AGAINST, FEATURES, FREE
from detector.pairs.scoring import log_odds
from detector.profile import CURVES
from tests.fitting.making import made_pairs


@pytest.mark.slow
def test_a_scoring_model_is_fitted_and_measured_on_stories_it_has_not_seen() -> None:
    curves_of, found = fit_scoring([made_pairs("articles", 1), made_pairs("graded", 2, graded=True)])
    assert tuple(curves_of) == CURVES
    assert all(not gains.any() for gains in curves_of["form"].gains.values())
    for curves in (curves_of["probability"], curves_of["similarity"]):
        assert list(curves.gains) == list(FEATURES)
        for feature, gains in curves.gains.items():
            if feature not in FREE:
                assert (gains <= 0).all() if feature in AGAINST else (gains >= 0).all()
        totals = {feature: abs(gains.sum()) for feature, gains in curves.gains.items()}
        assert max(totals, key=totals.__getitem__) == "late"
    assert set(found) == {"articles", "graded"}
    assert found["articles"]["probability_average_precision"] > 0.9
    assert found["articles"]["storyline_auc"] > 0.9
    assert found["articles"]["probability_across_languages_auc"] > 0.9
    assert found["graded"]["pearson"] > 0.8
    assert "pearson" not in found["articles"]


@pytest.mark.slow
def test_affairs_and_forms_are_learned_from_the_sets_that_label_them() -> None:
    """Here an affair is any pair with matching sentences, a form any with a shared headline."""
    data = made_pairs("articles", 1, graded=True)
    late, headline = (data.features[:, FEATURES.index(name)] for name in ("late", "headline"))
    affair, form = data.same | (late > np.median(late)), headline > np.median(headline)
    labelled = replace(
        data, targets={**data.targets, "storyline": affair.astype(np.float64), "form": form.astype(np.float64)}
    )
    curves, _ = fit_scoring([labelled, made_pairs("others", 2)])
    odds = {name: log_odds(curves[name], data.features, FEATURES) for name in ("probability", "storyline", "form")}
    assert odds["storyline"][affair & ~data.same].mean() > odds["probability"][affair & ~data.same].mean()
    assert odds["form"][form].mean() > odds["form"][~form].mean()


def test_a_set_is_measured_by_scores_of_the_other_sets() -> None:
    data, others = made_pairs("articles", 1), [made_pairs("others", 2), made_pairs("graded", 3, graded=True)]
    assert figures_without(data, others)["probability_auc"] > 0.9
    shuffled = replace(data, features=data.features[::-1].copy())
    assert figures_without(shuffled, others)["probability_auc"] < 0.7


def test_figures_tell_an_event_from_a_development_and_from_a_form() -> None:
    data = replace(
        made_pairs("a", 1),
        targets={
            "probability": np.array([1.0] * 100 + [0.0] * 300),
            "storyline": np.array([1.0] * 200 + [0.0] * 200),
            "form": np.array([0.0] * 300 + [1.0] * 100),
        },
    )
    probability = np.array([0.9] * 100 + [0.8] * 100 + [0.1] * 100 + [0.95] * 100)
    found = figures(data, dict.fromkeys(CURVES, probability))
    assert found["event_against_development_auc"] == 1
    assert found["event_against_form_auc"] == 0
    # Of the 300 pairs from 0.15 on, those at 0.9 and 0.95 are in one bin: 200 pairs, half of them one event.
    assert found["probability_calibration_error"] == pytest.approx((2 * (0.925 - 0.5) + 0.8) / 3, abs=0.01)


def test_without_graded_pairs_similarity_cannot_be_fitted() -> None:
    with pytest.raises(ValueError, match="no graded pairs"):
        fit_scoring([made_pairs("articles", 1)])
