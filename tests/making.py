"""Makes small profiles and embeddings of random numbers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from detector.encoding.encoder import unit
from detector.overlap import term_keys
from detector.profile import Profile
from detector.records import Embeddings

DIMENSIONS = 16


def random_units(generator: np.random.Generator, *shape: int) -> NDArray[np.float32]:
    """Random vectors of length 1."""
    return unit(generator.normal(size=shape).astype(np.float32))


def make_embeddings(generator: np.random.Generator, sizes: Sequence[int], dimensions: int = DIMENSIONS) -> Embeddings:
    """Random embeddings of articles with so many sentences."""
    return Embeddings(
        random_units(generator, len(sizes), dimensions),
        random_units(generator, sum(sizes), dimensions),
        np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64),
    )


def make_profile(
    groups: Sequence[str] = ("*",),
    *,
    means: NDArray[np.float32] | None = None,
    bases: NDArray[np.float32] | None = None,
    whitening: NDArray[np.float32] | None = None,
    background: Mapping[tuple[str, str], int] | None = None,
    background_articles: int = 0,
    dimensions: int = DIMENSIONS,
) -> Profile:
    """A profile that changes nothing but what is given; `background` counts articles by kind and term."""
    counts = sorted((int(term_keys(kind, [term])[0]), count) for (kind, term), count in (background or {}).items())
    return Profile(
        name="random",
        groups=tuple(groups),
        means=np.zeros((len(groups), dimensions), np.float32) if means is None else means,
        bases=np.zeros((len(groups), 1, dimensions), np.float32) if bases is None else bases,
        whitening=np.eye(dimensions, dtype=np.float32) if whitening is None else whitening,
        background_keys=np.array([key for key, _ in counts], np.uint32),
        background_counts=np.array([count for _, count in counts], np.uint16),
        background_articles=background_articles,
        scoring={},
    )
