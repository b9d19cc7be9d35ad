"""Nearest neighbours: by comparing all vectors while that is cheap, in larger batches by an inverted file.

The inverted file (Sivic and Zisserman, ICCV 2003; here Faiss, Douze et al., 2024, arXiv 2401.08281) splits the vectors
into cells around the centres that k-means finds, and searches only the cells nearest to a query. It is built and
searched on one thread with a fixed seed, so that the same vectors have the same neighbours.
"""

from __future__ import annotations

import sys
import warnings
from importlib import import_module
from importlib.util import find_spec
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

from detector.execution.spool import release

# Number of vectors up to which all are compared; an inverted file would save no more than a second or two.
EXACT = 20_000
# The n vectors go into 4 √n cells, the fewest that the manual of Faiss advises; 64 cells hold 99 % of the neighbours.
CELLS_PER_ROOT, CELLS_SEARCHED = 4, 64
# Vectors per cell that its centre is learned from (the manual advises at least 39), and the iterations of k-means.
TRAINED_ON, ITERATIONS = 48, 6
# Numbers in memory at once: products of exact search, or vectors on their way into the index.
NUMBERS_HELD = 1 << 23

# Row indices and cosines, both (queries, k).
Nearest = tuple[NDArray[np.int64], NDArray[np.float32]]


class NearestIndex(Protocol):
    """Finds the nearest of the vectors it was built from."""

    def nearest(self, queries: NDArray[np.float32], k: int) -> Nearest:
        """The row indices of the k nearest vectors of each query, nearest first, and their cosines.

        queries: float32, (queries, dimensions), of length 1. Returns int64 and float32, both (queries, k), with fewer
        columns if there are fewer vectors. An entry with a cosine below −1 is empty: too few vectors were found.
        """
        ...


def nearest_index(vectors: NDArray[np.floating], rows: NDArray[np.int64]) -> NearestIndex:
    """An index of the chosen rows of `vectors`; it returns row indices of `vectors`.

    vectors: (vectors, dimensions), of length 1, float32 or float16, in memory or mapped; rows: int64, rising. The
    search is exact for up to `EXACT` rows, and for more, with a warning, if Faiss is not installed.
    """
    # torch and Faiss each load an OpenMP, and two of them abort the process on macOS, so the extra omits Faiss there.
    if len(rows) > EXACT and sys.platform != "darwin":
        if find_spec("faiss"):
            return InvertedFile(vectors, rows)
        warnings.warn(
            f"comparing each of {len(rows)} articles with all others, which is slow; "
            "for a faster search: pip install 'detector[scale]'",
            stacklevel=2,
        )
    return ExactSearch(vectors, rows)


class ExactSearch:
    """Compares each query with all vectors, a few queries at a time."""

    def __init__(self, vectors: NDArray[np.floating], rows: NDArray[np.int64]) -> None:
        self._vectors = np.asarray(vectors[rows], np.float32)
        self._rows = rows

    def nearest(self, queries: NDArray[np.float32], k: int) -> Nearest:
        """As `NearestIndex.nearest`; of equally near vectors, the one with the smaller index comes first."""
        count = len(self._rows)
        k = min(k, count)
        indices, cosines = np.empty((len(queries), k), np.int64), np.empty((len(queries), k), np.float32)
        step = max(NUMBERS_HELD // max(count, 1), 1)
        with threadpool_limits(1):
            for start in range(0, len(queries) if k else 0, step):
                products = queries[start : start + step] @ self._vectors.T
                near = np.sort(np.argpartition(products, count - k, 1)[:, count - k :], 1)
                values = np.take_along_axis(products, near, 1)
                order = np.argsort(-values, 1, kind="stable")
                indices[start : start + step] = self._rows[np.take_along_axis(near, order, 1)]
                cosines[start : start + step] = np.take_along_axis(values, order, 1)
        return indices, cosines


class InvertedFile:
    """Searches the cells nearest to a query; vectors are kept in half precision, so cosines are accurate to 0.001."""

    def __init__(self, vectors: NDArray[np.floating], rows: NDArray[np.int64]) -> None:
        faiss: Any = import_module("faiss")
        count, dimensions = len(rows), vectors.shape[1]
        cells = min(round(CELLS_PER_ROOT * count**0.5), count)
        self._rows = rows
        self._index = faiss.IndexIVFScalarQuantizer(
            faiss.IndexFlatIP(dimensions),
            dimensions,
            cells,
            faiss.ScalarQuantizer.QT_fp16,
            faiss.METRIC_INNER_PRODUCT,
            False,
        )
        self._index.nprobe = min(CELLS_SEARCHED, cells)
        k_means = self._index.cp
        k_means.seed, k_means.niter, k_means.spherical = 1, ITERATIONS, True
        k_means.min_points_per_centroid, k_means.max_points_per_centroid = 1, TRAINED_ON
        step = max(NUMBERS_HELD // dimensions, 1)
        with threadpool_limits(1):
            sample = rows[:: max(count // (cells * TRAINED_ON), 1)]
            self._index.train(np.asarray(vectors[sample], np.float32))
            for start in range(0, count, step):
                self._index.add(np.asarray(vectors[rows[start : start + step]], np.float32))
                release(vectors)

    def nearest(self, queries: NDArray[np.float32], k: int) -> Nearest:
        """As `NearestIndex.nearest`."""
        with threadpool_limits(1):
            closeness, cells = self._index.quantizer.search(np.ascontiguousarray(queries), self._index.nprobe)
            # Queries of one cell in a row find its vectors in the processor's cache, which is 1.5 times as fast.
            order = np.argsort(cells[:, 0], kind="stable")
            k = min(k, len(self._rows))
            cosines, found = self._index.search_preassigned(queries[order], k, cells[order], closeness[order])
        back = np.argsort(order)
        return self._rows[found[back]], cosines[back]
