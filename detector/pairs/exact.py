"""Sums without rounding, so that the score of a pair is the same to the last bit, whatever else is computed with it.

The rounded sum of many numbers depends on their order, and the libraries of linear algebra choose the order by the
shape of a matrix, the number of threads and the processor. Multiples of a power of two are different: their sum is
exact, in any order, as long as it has no more bits than the number format. So vectors are rounded to such a grid before
every sum. (Reproducible sums by rounding first: Demmel and Nguyen, ARITH 2013.)
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

# The grid of float64 calculations. A product of two of its numbers is a multiple of 2**-40, so a sum of products has
# the 53 bits of float64 up to 2**13. The vectors here and the columns of a linear map are far shorter than its root.
FINE = 2.0**-20
# The grid of two vectors of length 1 whose only sum is that of their products: 51 bits.
FINEST = 2.0**-25
# The grid of vectors that are compared in float32. For two vectors of length 1, every sum of products is a multiple of
# 2**-22 and below 2, which 24 bits hold. Numbers up to 1 on this grid are exact in float16, which has 11 bits.
COARSE = 2.0**-11


def on_grid(values: NDArray[np.floating[Any]], step: float) -> NDArray[np.float64]:
    """The values, rounded to multiples of `step`, a power of two; float64, of the same shape."""
    scaled = np.multiply(values, 1 / step, dtype=np.float64)
    np.rint(scaled, out=scaled)
    return np.asarray(scaled * step)


def unit_on_grid(vectors: NDArray[np.float64]) -> NDArray[np.float64]:
    """Vectors, (vectors, dimensions), scaled to length 1, on the fine grid before and after; a zero vector stays."""
    rounded = on_grid(vectors, FINE)
    lengths = np.sqrt(np.einsum("ij,ij->i", rounded, rounded))[:, None]
    return on_grid(rounded / np.where(lengths > 0, lengths, 1), FINE)
