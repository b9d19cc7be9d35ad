"""Calibration by language, and what the false links are."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from detector.evaluation.levels import KINDS, calibration, false_links
from detector.evaluation.metrics import calibration_error

FLAGS = st.lists(st.tuples(st.booleans(), st.booleans(), st.booleans(), st.floats(0.5, 3)), max_size=20)


def test_errors_are_those_of_the_pairs_of_each_kind() -> None:
    probabilities, truth = np.array([0.9, 0.9, 0.2, 0.6]), np.array([True, False, False, True])
    languages = np.array([("en", "en"), ("it", "en"), ("en", "it"), ("vi", "it")])
    found = calibration(probabilities, truth, languages)
    assert found["all"] == {"pairs": 4, "error": calibration_error(probabilities, truth)}
    assert found["within_one_language"] == {"pairs": 1, "error": pytest.approx(0.1)}
    assert found["across_languages"]["pairs"] == 3
    assert list(found["by_languages"]) == ["en-en", "en-it", "it-vi"]
    assert found["by_languages"]["en-it"] == {"pairs": 2, "error": pytest.approx((0.9 + 0.2) / 2)}
    assert found["by_languages"]["it-vi"] == {"pairs": 1, "error": pytest.approx(0.4)}


def test_a_pair_counts_as_many_times_as_it_weighs() -> None:
    probabilities, truth = np.array([0.9, 0.1]), np.array([False, False])
    languages = np.array([("en", "en"), ("en", "en")])
    weighted = calibration(probabilities, truth, languages, np.array([3.0, 1.0]))
    assert weighted["all"]["error"] == pytest.approx((3 * 0.9 + 0.1) / 4)


def test_without_pairs_there_is_no_error() -> None:
    empty = np.zeros(0)
    assert calibration(empty, empty.astype(bool), np.zeros((0, 2), np.str_))["all"] == {"pairs": 0, "error": 0.0}


@given(FLAGS)
def test_every_false_link_is_of_one_kind_and_a_form_before_a_development(
    rows: list[tuple[bool, bool, bool, float]],
) -> None:
    expected = dict.fromkeys(KINDS, 0.0)
    for wrong, development, form, weight in rows:
        if wrong:
            expected["form" if form else "development" if development else "unrelated"] += weight
    flags = np.array([row[:3] for row in rows], bool).reshape(-1, 3).T
    weights = np.array([row[3] for row in rows])
    assert false_links(flags[0], flags[1], flags[2], weights) == pytest.approx(expected)
