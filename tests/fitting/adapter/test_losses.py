"""The losses equal what their definitions give, computed one pair at a time."""

from __future__ import annotations

import math

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from detector.fitting.adapter.losses import (
    CONTRAST,
    COSENT_SCALE,
    GRADE_MARGIN,
    POSITIVE_GRADE,
    TEMPERATURE,
    contrast,
    cosent,
    line_loss,
    pair_loss,
)


def units(seed: int, count: int) -> torch.Tensor:
    rows = torch.from_numpy(np.random.default_rng(seed).normal(size=(count, 6)).astype(np.float32))
    return torch.nn.functional.normalize(rows, dim=1)


def slow_cosent(cosines: list[float], grades: list[float]) -> float:
    total = 1.0
    for i, higher in enumerate(grades):
        for j, lower in enumerate(grades):
            if higher - lower > GRADE_MARGIN:
                total += math.exp(COSENT_SCALE * (cosines[j] - cosines[i]))
    return math.log(total)


def slow_contrast(a: np.ndarray, b: np.ndarray, positive: list[int]) -> float:
    losses = []
    for i in positive:
        others = [a[j] for j in range(len(a)) if j != i] + list(b)
        total = sum(math.exp(float(a[i] @ other) / TEMPERATURE) for other in others)
        losses.append(-math.log(math.exp(float(a[i] @ b[i]) / TEMPERATURE) / total))
    return sum(losses) / len(losses)


GRADES = st.lists(st.sampled_from([0.0, 0.05, 0.2, 0.6, 0.7, 1.0]), min_size=1, max_size=8)


@given(GRADES, st.integers(0, 99))
def test_cosent_is_the_sum_over_all_two_pairs_in_the_wrong_order(grades: list[float], seed: int) -> None:
    cosines = np.random.default_rng(seed).uniform(-1, 1, len(grades)).astype(np.float32)
    found = cosent(torch.from_numpy(cosines), torch.tensor(grades)).item()
    assert found == pytest.approx(slow_cosent(cosines.tolist(), grades), rel=1e-4, abs=1e-4)


@given(GRADES, st.integers(0, 99))
def test_the_loss_of_pairs_adds_the_contrast_of_the_alike(grades: list[float], seed: int) -> None:
    a, b = units(seed, len(grades)), units(seed + 1, len(grades))
    positive = [index for index, grade in enumerate(grades) if grade >= POSITIVE_GRADE - 1e-6]
    expected = slow_cosent((a * b).sum(1).tolist(), grades)
    if positive:
        alone = contrast(a, b, torch.tensor(positive)).item()
        assert alone == pytest.approx(slow_contrast(a.numpy(), b.numpy(), positive), rel=1e-3, abs=1e-3)
        expected += CONTRAST * alone
    assert pair_loss(a, b, torch.tensor(grades)).item() == pytest.approx(expected, rel=1e-4, abs=1e-4)


@given(st.integers(1, 7), st.integers(0, 99))
def test_each_line_must_find_its_translation_both_ways(count: int, seed: int) -> None:
    a, b = units(seed, count).numpy(), units(seed + 1, count).numpy()
    expected = 0.0
    for one, other in ((a, b), (b, a)):
        for index in range(count):
            values = [math.exp(float(one[index] @ row) / TEMPERATURE) for row in other]
            expected -= math.log(values[index] / sum(values)) / count / 2
    found = line_loss(torch.from_numpy(a), torch.from_numpy(b)).item()
    assert found == pytest.approx(CONTRAST * expected, rel=1e-3, abs=1e-3)


def test_pairs_in_the_right_order_lose_almost_nothing_and_equal_grades_nothing() -> None:
    grades = torch.tensor([1.0, 0.6, 0.0])
    assert cosent(torch.tensor([0.9, 0.4, -0.5]), grades).item() < 1e-3
    assert cosent(torch.tensor([-0.5, 0.4, 0.9]), grades).item() > 20
    assert cosent(torch.tensor([0.1, 0.9]), torch.tensor([0.5, 0.55])).item() == 0
