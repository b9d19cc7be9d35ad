"""The learned map keeps the directions that separate stories and damps the others."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from detector.fitting.metric_learning import SAME_PAIRS, UNRELATED_PAIRS, PairVectors, fit_metric, sampled
from detector.fitting.pair_sets import FOLDS, PairSet
from detector.records import Embeddings, unit

DIMENSIONS, STORIES = 12, 40


def pair_vectors(seed: int, noise: float = 1.5) -> PairVectors:
    """Articles whose story is in the first half of the dimensions; the second half is noise of the same size."""
    generator = np.random.default_rng(seed)
    story = np.repeat(np.arange(STORIES), 3)
    content = generator.normal(size=(STORIES, DIMENSIONS // 2))[story]
    other = noise * generator.normal(size=content.shape)
    vectors = unit(np.hstack([content + 0.3 * generator.normal(size=content.shape), other]).astype(np.float32))
    pairs = np.stack(np.triu_indices(len(story), 1), 1)
    same, fold = story[pairs[:, 0]] == story[pairs[:, 1]], story % FOLDS
    data = PairSet(
        "set",
        pairs,
        np.zeros((len(pairs), 0)),
        np.zeros(len(pairs)),
        same,
        weight=np.ones(len(pairs)),
        size=np.full(len(pairs), 3),
        across=np.zeros(len(pairs), bool),
        fold_a=fold[pairs[:, 0]],
        fold_b=fold[pairs[:, 1]],
    )
    return PairVectors(data, Embeddings(vectors, vectors, np.arange(len(story) + 1)))


def gap(vectors: PairVectors, metric: NDArray[np.float32]) -> float:
    """Mean cosine of one story minus that of unrelated pairs, in standard deviations of the unrelated pairs."""
    mapped = unit(vectors.neutral.articles @ metric)
    a, b = vectors.data.pairs.T
    cosines, same = np.einsum("ij,ij->i", mapped[a], mapped[b]), vectors.data.same
    return float((cosines[same].mean() - cosines[~same].mean()) / cosines[~same].std())


def test_the_map_separates_stories_it_has_not_seen() -> None:
    eye = np.eye(DIMENSIONS, dtype=np.float32)
    metric = fit_metric([pair_vectors(1)], eye)
    assert metric.shape == (DIMENSIONS, DIMENSIONS)
    assert metric.dtype == np.float32
    assert gap(pair_vectors(2), metric) > 1.2 * gap(pair_vectors(2), eye)
    half = DIMENSIONS // 2
    assert np.abs(np.diag(metric)[:half]).mean() > 1.2 * np.abs(np.diag(metric)[half:]).mean()


def test_the_same_data_gives_the_same_map_and_a_fold_can_be_left_out() -> None:
    eye = np.eye(DIMENSIONS, dtype=np.float32)
    vectors = pair_vectors(1)
    np.testing.assert_array_equal(fit_metric([vectors], eye), fit_metric([vectors], eye))
    in_fold = vectors.data.touches(0)
    changed = replace(
        vectors, data=replace(vectors.data, same=np.where(in_fold, ~vectors.data.same, vectors.data.same))
    )
    np.testing.assert_array_equal(fit_metric([vectors], eye, without=0), fit_metric([changed], eye, without=0))


def test_a_sample_keeps_the_total_weight() -> None:
    count = SAME_PAIRS + 3 * UNRELATED_PAIRS
    data = replace(
        pair_vectors(1).data,
        pairs=np.arange(2 * count).reshape(-1, 2),
        same=np.arange(count) < SAME_PAIRS + 100,
        grade=None,
    )
    weight = np.random.default_rng(3).uniform(1, 2, count)
    rows, kept = sampled(data, np.arange(count), weight)
    assert len(rows) == SAME_PAIRS + UNRELATED_PAIRS == len(set(rows.tolist()))
    for same in (True, False):
        assert np.isclose(kept[data.same[rows] == same].sum(), weight[data.same == same].sum())


def test_all_graded_pairs_are_used() -> None:
    data = replace(pair_vectors(1).data, grade=np.linspace(0, 1, len(pair_vectors(1).data.same)))
    rows, weight = sampled(data, np.arange(50), np.ones(50))
    assert rows.tolist() == list(range(50))
    assert weight.sum() == 50


def test_the_centre_comes_from_real_articles_only() -> None:
    eye = np.eye(DIMENSIONS, dtype=np.float32)
    translated = replace(pair_vectors(2), real=False)
    shifted = replace(
        translated, neutral=replace(translated.neutral, articles=unit(translated.neutral.articles + np.float32(0.5)))
    )
    real = pair_vectors(1)
    assert (fit_metric([real, translated], eye) != fit_metric([real, replace(translated, real=True)], eye)).any()
    # With no real article, vectors are measured from the origin.
    assert np.isfinite(fit_metric([shifted], eye)).all()
