"""The vector of an opening."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from detector.pairs import opening
from detector.pairs.opening import opening_vectors
from detector.records import unit
from tests.making import make_embeddings


@given(st.integers(0, 10**6), st.integers(1, 3), st.booleans())
def test_the_vector_of_an_opening_is_the_weighted_mean_of_the_sentences_in_the_first_window(
    seed: int, at_once: int, windows: bool
) -> None:
    generator = np.random.default_rng(seed)
    sizes = generator.integers(1, 6, 4).tolist()
    embeddings = make_embeddings(generator, sizes)
    first = [int(generator.integers(1, size + 1)) if windows else size for size in sizes]
    if windows:
        second = [np.arange(size) >= count for size, count in zip(sizes, first, strict=True)]
        embeddings = replace(embeddings, windows=np.concatenate([2 * i + later for i, later in enumerate(second)]))
    weights = generator.integers(1, 9, len(embeddings.sentences)).astype(np.float32)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(opening, "SHARD", at_once)
        openings = opening_vectors(embeddings, weights)
    for article, count in enumerate(first):
        rows = slice(embeddings.offsets[article], embeddings.offsets[article] + count)
        assert openings[article] == pytest.approx(unit(weights[rows] @ embeddings.sentences[rows]), abs=1e-5)
