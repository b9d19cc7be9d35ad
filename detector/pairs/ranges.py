"""The rows of several articles or sentences in one long array."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray


def rows_of(starts: NDArray[np.int64], sizes: NDArray[np.int64]) -> NDArray[np.int64]:
    """The rows starts[i] to starts[i] + sizes[i], one range after the other: int64, (the sum of sizes,)."""
    return np.arange(sizes.sum()) + np.repeat(starts - np.cumsum(sizes) + sizes, sizes)
