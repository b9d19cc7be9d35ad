"""The nearest of many vectors: looked for among all of them while that is cheap, beyond that in an inverted file.

The inverted file (Sivic and Zisserman, ICCV 2003; here Faiss, Douze et al., 2024, arXiv 2401.08281) parts the vectors
into cells around the centres that k-means finds, and looks for the neighbours of a vector in the cells nearest to it
only. It is built and searched on one thread with a fixed seed, so that the same vectors have the same neighbours.
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

# Vectors up to which all are compared: an inverted file saves no more than a second or two there.
EXACT = 20_000
# The n vectors are parted into 4 √n cells, the fewest that the manual of Faiss advises; 64 hold 99 % of the neighbours.
CELLS, LOOKED_INTO = 4, 64
# Vectors a cell that its centre is learned from (the manual advises 39 and more), and the rounds of k-means.
LEARNED_FROM, ROUNDS = 48, 6
# Numbers held at once: products of exact search, or vectors on their way into the index.
HELD = 1 << 23

Found = tuple[NDArray[np.int64], NDArray[np.float32]]


class Neighbours(Protocol):
    """Finds the nearest of the vectors it was made of."""

    def nearest(self, queries: NDArray[np.float32], k: int) -> Found:
        """The numbers of the k nearest vectors of each query, nearest first, and the cosines.

        queries: float32, (queries, dimensions), of length 1. Returns int64 and float32, both (queries, k), fewer
        columns where there are fewer vectors; a place that nothing was found for has a cosine below −1.
        """
        ...


def neighbours(vectors: NDArray[np.floating], among: NDArray[np.int64]) -> Neighbours:
    """What finds the nearest of the rows `among` of `vectors`, by their numbers there.

    vectors: (vectors, dimensions), of length 1, float32 or float16, in memory or mapped; among: int64, rising. Exact up
    to `EXACT` rows, and beyond, with a warning, where Faiss is not installed.
    """
    # torch and Faiss each bring an OpenMP, and two of them end the process on macOS: the extra leaves Faiss out there.
    if len(among) > EXACT and sys.platform != "darwin":
        if find_spec("faiss"):
            return InvertedFile(vectors, among)
        warnings.warn(
            f"the neighbours of {len(among)} articles are looked for among all of them, which takes long; "
            "to search faster: pip install 'detector[scale]'",
            stacklevel=2,
        )
    return Everything(vectors, among)


class Everything:
    """Exact search: the products of a few queries with all vectors at a time."""

    def __init__(self, vectors: NDArray[np.floating], among: NDArray[np.int64]) -> None:
        self._vectors = np.asarray(vectors[among], np.float32)
        self._among = among

    def nearest(self, queries: NDArray[np.float32], k: int) -> Found:
        """As `Neighbours.nearest`; of equally near ones the smaller number first."""
        count = len(self._among)
        k = min(k, count)
        ids, cosines = np.empty((len(queries), k), np.int64), np.empty((len(queries), k), np.float32)
        step = max(HELD // max(count, 1), 1)
        with threadpool_limits(1):
            for start in range(0, len(queries) if k else 0, step):
                products = queries[start : start + step] @ self._vectors.T
                near = np.sort(np.argpartition(products, count - k, 1)[:, count - k :], 1)
                values = np.take_along_axis(products, near, 1)
                order = np.argsort(-values, 1, kind="stable")
                ids[start : start + step] = self._among[np.take_along_axis(near, order, 1)]
                cosines[start : start + step] = np.take_along_axis(values, order, 1)
        return ids, cosines


class InvertedFile:
    """Search in the cells nearest to a query; vectors are held in half precision, so cosines are good to 0.001."""

    def __init__(self, vectors: NDArray[np.floating], among: NDArray[np.int64]) -> None:
        faiss: Any = import_module("faiss")
        count, dimensions = len(among), vectors.shape[1]
        cells = min(round(CELLS * count**0.5), count)
        self._among = among
        self._index = faiss.IndexIVFScalarQuantizer(
            faiss.IndexFlatIP(dimensions),
            dimensions,
            cells,
            faiss.ScalarQuantizer.QT_fp16,
            faiss.METRIC_INNER_PRODUCT,
            False,
        )
        self._index.nprobe = min(LOOKED_INTO, cells)
        means = self._index.cp
        means.seed, means.niter, means.spherical = 1, ROUNDS, True
        means.min_points_per_centroid, means.max_points_per_centroid = 1, LEARNED_FROM
        step = max(HELD // dimensions, 1)
        with threadpool_limits(1):
            sample = among[:: max(count // (cells * LEARNED_FROM), 1)]
            self._index.train(np.asarray(vectors[sample], np.float32))
            for start in range(0, count, step):
                self._index.add(np.asarray(vectors[among[start : start + step]], np.float32))
                release(vectors)

    def nearest(self, queries: NDArray[np.float32], k: int) -> Found:
        """As `Neighbours.nearest`."""
        with threadpool_limits(1):
            closeness, cells = self._index.quantizer.search(np.ascontiguousarray(queries), self._index.nprobe)
            # One after the other, queries of one cell find its vectors still at hand: half as fast again.
            order = np.argsort(cells[:, 0], kind="stable")
            k = min(k, len(self._among))
            cosines, places = self._index.search_preassigned(queries[order], k, cells[order], closeness[order])
        back = np.argsort(order)
        return self._among[places[back]], cosines[back]
