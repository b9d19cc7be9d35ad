"""Sums of rounded vectors against Python's integers, which never round."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from detector.pairs.exact import COARSE, FINE, on_grid, unit_on_grid
from tests.making import random_units

SEEDS = st.integers(0, 10**6)


def exact_product(a: NDArray[np.floating], b: NDArray[np.floating], bits: int) -> Fraction:
    """The dot product of two vectors of multiples of 2**-bits, in integers."""
    whole = [(int(x * 2**bits), int(y * 2**bits)) for x, y in zip(a.tolist(), b.tolist(), strict=True)]
    return Fraction(sum(x * y for x, y in whole), 4**bits)


def vectors_of_kind(seed: int, count: int, dimensions: int) -> NDArray[np.float32]:
    """Random unit vectors, some with a few large components and some all alike, where sums are largest."""
    generator = np.random.default_rng(seed)
    spread = random_units(generator, count, dimensions)
    peaked = spread**5 / np.linalg.norm(spread**5, axis=1, keepdims=True)
    alike = np.full((count, dimensions), dimensions**-0.5, np.float32)
    kinds = generator.integers(3, size=(count, 1))
    return np.asarray(np.select([kinds == 0, kinds == 1], [spread, peaked], alike), np.float32)


@given(SEEDS, st.sampled_from([2, 16, 384, 1024]))
def test_products_of_coarse_vectors_are_exact_in_float32_in_any_order(seed: int, dimensions: int) -> None:
    rows = on_grid(vectors_of_kind(seed, 6, dimensions), COARSE).astype(np.float32)
    order = np.random.default_rng(seed).permutation(dimensions)
    products = {
        "matrix": rows @ rows.T,
        "reordered": np.ascontiguousarray(rows[:, order]) @ np.ascontiguousarray(rows[:, order]).T,
        "one by one": np.array([[np.cumsum(a * b, dtype=np.float32)[-1] for b in rows] for a in rows]),
        "row by matrix": np.stack([rows @ row for row in rows]),
    }
    for a in range(6):
        for b in range(6):
            expected = exact_product(rows[a], rows[b], 11)
            for how, found in products.items():
                assert Fraction(float(found[a, b])) == expected, how


@given(SEEDS)
def test_coarse_vectors_are_exact_in_float16(seed: int) -> None:
    rows = on_grid(vectors_of_kind(seed, 6, 384), COARSE)
    np.testing.assert_array_equal(rows.astype(np.float16).astype(np.float64), rows)
    assert on_grid(np.array([1.0, -1.0]), COARSE).astype(np.float16).tolist() == [1, -1]


@given(SEEDS)
def test_rounding_moves_a_cosine_by_less_than_a_thousandth(seed: int) -> None:
    rows = vectors_of_kind(seed, 6, 384).astype(np.float64)
    rounded = on_grid(rows, COARSE)
    assert abs(rounded @ rounded.T - rows @ rows.T).max() < 0.01
    assert abs(rounded - rows).max() <= COARSE / 2


@given(SEEDS)
def test_a_fine_product_is_exact_in_float64(seed: int) -> None:
    rows = on_grid(vectors_of_kind(seed, 3, 384), FINE)
    metric = on_grid(3 * np.random.default_rng(seed).normal(size=(384, 4)), FINE)
    found = rows @ metric
    for row in range(3):
        for column in range(4):
            assert Fraction(float(found[row, column])) == exact_product(rows[row], metric[:, column], 20)


@given(SEEDS, st.integers(1, 30))
def test_a_vector_is_scaled_alike_alone_and_among_others(seed: int, count: int) -> None:
    rows = 5 * np.random.default_rng(seed).normal(size=(count, 384)) / 20
    together = unit_on_grid(rows)
    for index in range(count):
        np.testing.assert_array_equal(unit_on_grid(rows[index][None])[0], together[index])
    assert np.linalg.norm(together, axis=1) == pytest.approx(np.ones(count), abs=1e-5)
    np.testing.assert_array_equal(on_grid(together, FINE), together)


def test_a_zero_vector_stays() -> None:
    assert not unit_on_grid(np.zeros((2, 3))).any()
