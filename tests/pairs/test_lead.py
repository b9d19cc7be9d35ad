"""The vector of headline and lead."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from detector.pairs import lead as lead_module
from detector.pairs.lead import LEAD, lead_vectors
from detector.records import unit
from tests.making import make_embeddings


@given(st.integers(0, 10**6), st.integers(1, 3))
def test_the_vector_of_a_lead_is_the_weighted_mean_of_its_sentences(seed: int, at_once: int) -> None:
    generator = np.random.default_rng(seed)
    embeddings = make_embeddings(generator, generator.integers(1, 6, 4).tolist())
    weights = generator.uniform(1, 9, len(embeddings.sentences)).astype(np.float32)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(lead_module, "SHARD", at_once)
        leads = lead_vectors(embeddings, weights)
    for article in range(4):
        rows = slice(
            embeddings.offsets[article], min(embeddings.offsets[article + 1], embeddings.offsets[article] + LEAD)
        )
        expected = unit(weights[rows] @ embeddings.sentences[rows])
        assert leads[article] == pytest.approx(expected, abs=1e-5)
