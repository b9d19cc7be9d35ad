"""Features and scores shard by shard against those of all pairs at once."""

from __future__ import annotations

from dataclasses import fields
from itertools import combinations, pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from detector.execution import spool
from detector.pairs import sharding
from detector.pairs.batch import Batch
from detector.pairs.fallback import batch_scorer
from detector.pairs.features import FEATURES, PairFeatures, pair_features
from detector.pairs.scoring import Scores
from detector.pairs.sharding import all_pair_features, merge, score_all, shards
from tests.execution.test_spool import folders_used
from tests.making import make_batch
from tests.pairs.making import THRESHOLDS

SEEDS = st.integers(0, 10**6)
NO_PAIR = np.zeros((0, 2), np.int64)


def random_batch(seed: int, count: int) -> tuple[Batch, NDArray[np.int64]]:
    """Articles with random vectors, and some of their pairs."""
    generator = np.random.default_rng(seed)
    batch = make_batch(generator, generator.integers(1, 5, count).tolist())
    pairs = np.array([pair for pair in combinations(range(count), 2) if generator.random() < 0.7], np.int64)
    return batch, pairs.reshape(-1, 2)


def assert_equal(found: PairFeatures | Scores, expected: PairFeatures | Scores, tolerance: float) -> None:
    """Floats up to the tolerance, integers exactly."""
    for field in fields(expected):
        column, wanted = getattr(found, field.name), getattr(expected, field.name)
        assert (column.dtype, column.shape) == (wanted.dtype, wanted.shape), field.name
        if np.issubdtype(wanted.dtype, np.integer):
            np.testing.assert_array_equal(column, wanted, field.name)
        else:
            np.testing.assert_allclose(column, wanted, atol=tolerance, rtol=0, err_msg=field.name)


@given(st.integers(0, 40), st.integers(1, 9))
def test_shards_hold_every_pair_once_and_none_is_too_large(count: int, shard: int) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sharding, "SHARD", shard)
        found = list(shards(count))
    assert [row for rows in found for row in range(count)[rows]] == list(range(count))
    assert len(found) == max(1, -(-count // shard))
    assert found[-1].stop == count
    assert all(rows.stop - rows.start <= shard for rows in found)


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 9), st.integers(1, 40), st.booleans(), SEEDS)
def test_features_and_scores_are_those_of_all_pairs_at_once(count: int, shard: int, on_disk: bool, seed: int) -> None:
    batch, pairs = random_batch(seed, count)
    done: list[int] = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sharding, "SHARD", shard)
        if on_disk:
            patch.setattr(spool, "IN_MEMORY", 0)
        features = all_pair_features(batch, pairs, progress=done.append)
        scorer = batch_scorer(features)
        scores = score_all(scorer, batch, features, THRESHOLDS)
    assert sum(done) == len(pairs)
    assert_equal(features, pair_features(batch, pairs), 1e-6)
    assert_equal(scores, scorer.score(features, batch.across(pairs), THRESHOLDS), 1e-12)
    assert isinstance(features.matrix, np.memmap) == (on_disk and len(pairs) > 0)


def test_without_pairs_the_columns_are_empty() -> None:
    batch, _ = random_batch(0, 3)
    features = all_pair_features(batch, NO_PAIR)
    assert features.pairs.shape == (0, 2)
    assert features.matrix.shape == (0, len(FEATURES))
    scores = score_all(batch_scorer(features), batch, features, THRESHOLDS)
    assert scores.probability.shape == scores.similarity.shape == scores.relation.shape == (0,)


@given(st.lists(st.integers(0, 6), min_size=1, max_size=5), SEEDS)
def test_parts_are_merged_in_their_order(sizes: list[int], seed: int) -> None:
    generator = np.random.default_rng(seed)
    total = sum(sizes)
    event, affair, form, alike = generator.random((4, total))
    scores = Scores(event, affair, form, alike, generator.integers(0, 7, total))
    cuts = np.cumsum([0, *sizes]).tolist()
    parts = [
        Scores(*(getattr(scores, field.name)[start:end] for field in fields(Scores))) for start, end in pairwise(cuts)
    ]
    assert_equal(merge(iter(parts)), scores, 0)


def test_merging_the_rows_of_features_gives_the_features() -> None:
    batch, pairs = random_batch(5, 9)
    features = pair_features(batch, pairs)
    merged = merge(features.rows(rows) for rows in (slice(0, 4), slice(4, 4), slice(4, 5), slice(5, None)))
    for field in fields(PairFeatures):
        np.testing.assert_array_equal(getattr(merged, field.name), getattr(features, field.name))


def test_large_columns_are_files_in_the_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spool, "IN_MEMORY", 0)
    used = folders_used(monkeypatch)
    ones = np.ones(2)
    merge([Scores(ones, ones, ones, ones, np.ones(2, np.int64))], tmp_path)
    assert used == [tmp_path] * 5
