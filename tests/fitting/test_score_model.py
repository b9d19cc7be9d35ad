"""Fitting the scoring model and measuring it on stories it has not seen."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from detector.fitting.score_model import fit_scoring
from detector.pairs.features import AGAINST, FEATURES, FREE
from detector.pairs.scoring import log_odds
from detector.profile import CURVES
from tests.fitting.making import made_pairs


@pytest.mark.slow
def test_a_scoring_model_is_fitted_and_measured_on_stories_it_has_not_seen() -> None:
    curves_of, figures = fit_scoring([made_pairs("articles", 1), made_pairs("graded", 2, graded=True)])
    assert tuple(curves_of) == CURVES
    assert curves_of["storyline"] is curves_of["probability"]
    assert all(not gains.any() for gains in curves_of["form"].gains.values())
    for curves in (curves_of["probability"], curves_of["similarity"]):
        assert list(curves.gains) == list(FEATURES)
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


@pytest.mark.slow
def test_affairs_and_forms_are_learned_from_the_sets_that_label_them() -> None:
    """Here an affair is any pair with matching sentences, a form any with a shared headline."""
    data = made_pairs("articles", 1, graded=True)
    late, headline = (data.features[:, FEATURES.index(name)] for name in ("late", "headline"))
    affair, form = data.same | (late > np.median(late)), headline > np.median(headline)
    curves, _ = fit_scoring([replace(data, affair=affair, form=form), made_pairs("others", 2)])
    odds = {name: log_odds(curves[name], data.features, FEATURES) for name in ("probability", "storyline", "form")}
    assert odds["storyline"][affair & ~data.same].mean() > odds["probability"][affair & ~data.same].mean()
    assert odds["form"][form].mean() > odds["form"][~form].mean()


def test_without_graded_pairs_similarity_cannot_be_fitted() -> None:
    with pytest.raises(ValueError, match="no graded pairs"):
        fit_scoring([made_pairs("articles", 1)])
