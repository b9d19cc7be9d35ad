"""Fitting the scoring model and measuring it on stories it has not seen."""

from __future__ import annotations

import pytest

from detector.fitting.score_model import fit_scoring
from detector.pairs.features import AGAINST, FEATURES, FREE
from tests.fitting.making import made_pairs


@pytest.mark.slow
def test_a_scoring_model_is_fitted_and_measured_on_stories_it_has_not_seen() -> None:
    same, alike, figures = fit_scoring([made_pairs("articles", 1), made_pairs("graded", 2, graded=True)])
    for curves in (same, alike):
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


def test_without_graded_pairs_similarity_cannot_be_fitted() -> None:
    with pytest.raises(ValueError, match="no graded pairs"):
        fit_scoring([made_pairs("articles", 1)])
