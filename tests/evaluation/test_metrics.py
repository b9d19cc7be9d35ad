"""The measures, against scikit-learn and against a count one by one."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import precision_recall_fscore_support

from detector.evaluation.metrics import b_cubed, calibration_error, pairwise

FLAGS = st.lists(st.tuples(st.booleans(), st.booleans()), min_size=1, max_size=30)
LABELS = st.lists(st.tuples(st.integers(0, 4), st.integers(0, 4)), min_size=1, max_size=12)
PREDICTED = st.lists(st.tuples(st.floats(0, 1), st.booleans(), st.floats(0.1, 5)), min_size=1, max_size=30)


@given(FLAGS)
def test_pairwise_equals_scikit_learn(flags: list[tuple[bool, bool]]) -> None:
    found, same = (np.array(side) for side in zip(*flags, strict=True))
    precision, recall, f1, _ = precision_recall_fscore_support(same, found, average="binary", zero_division=0)
    assert pairwise(found, same) == pytest.approx({"f1": f1, "precision": precision, "recall": recall})


@given(LABELS)
def test_b_cubed_equals_a_count_article_by_article(labels: list[tuple[int, int]]) -> None:
    found, truth = (np.array(side) for side in zip(*labels, strict=True))
    precisions, recalls = [], []
    for article in range(len(labels)):
        story = {other for other in range(len(labels)) if found[other] == found[article]}
        event = {other for other in range(len(labels)) if truth[other] == truth[article]}
        precisions.append(len(story & event) / len(story))
        recalls.append(len(story & event) / len(event))
    precision, recall = float(np.mean(precisions)), float(np.mean(recalls))
    expected = {"f1": 2 * precision * recall / (precision + recall), "precision": precision, "recall": recall}
    assert b_cubed(found, truth) == pytest.approx(expected)


def test_b_cubed_of_known_stories() -> None:
    truth = np.array([0, 0, 0, 1])
    assert b_cubed(truth + 5, truth) == {"f1": 1, "precision": 1, "recall": 1}
    together, apart = b_cubed(np.zeros(4, int), truth), b_cubed(np.arange(4), truth)
    assert (together["precision"], together["recall"]) == pytest.approx(((3 * 0.75 + 0.25) / 4, 1))
    assert (apart["precision"], apart["recall"]) == pytest.approx((1, (3 / 3 + 1) / 4))


@given(PREDICTED)
def test_the_calibration_error_is_the_gap_in_each_bin(predicted: list[tuple[float, bool, float]]) -> None:
    values, same, weight = (np.array(side) for side in zip(*predicted, strict=True))
    gaps = {b: sum(w * (p - s) for p, s, w in predicted if min(int(p * 10), 9) == b) for b in range(10)}
    expected = sum(map(abs, gaps.values())) / weight.sum()
    assert calibration_error(values, same, weight) == pytest.approx(expected, abs=1e-12)


def test_calibrated_probabilities_have_error_0_and_opposite_ones_error_1() -> None:
    same = np.array([True, False, False, False])
    assert calibration_error(np.full(4, 0.25), same) == 0
    assert calibration_error(np.array([0.0, 1, 1, 1]), same) == 1
    assert calibration_error(np.array([0.3, 0.9]), np.array([True, True]), np.array([1.0, 3])) == pytest.approx(
        (0.7 + 3 * 0.1) / 4
    )


def test_without_pairs_every_measure_is_0() -> None:
    nothing = np.zeros(0, bool)
    assert calibration_error(np.zeros(0), nothing) == 0
    assert pairwise(nothing, nothing) == {"f1": 0, "precision": 0, "recall": 0}
