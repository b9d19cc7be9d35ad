"""The rows of several ranges, one after the other."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from detector.pairs.ranges import rows_of


@given(st.lists(st.tuples(st.integers(0, 50), st.integers(0, 4)), max_size=6))
def test_the_rows_are_those_of_each_range_in_turn(ranges: list[tuple[int, int]]) -> None:
    starts, sizes = np.array(ranges, np.int64).reshape(-1, 2).T
    expected = [row for start, size in ranges for row in range(start, start + size)]
    assert rows_of(starts, sizes).tolist() == expected
