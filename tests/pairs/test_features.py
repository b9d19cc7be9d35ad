"""The features of pairs against their definitions, pair by pair."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from detector.pairs import features as features_module
from detector.pairs.batch import Batch
from detector.pairs.features import AGAINST, FEATURES, FREE, PairFeatures, dots, pair_features
from detector.pairs.maxsim import maxsim
from tests.making import make_batch, make_document, make_embeddings, random_units

SEEDS = st.integers(0, 10**6)


def random_batch(seed: int, count: int = 5) -> Batch:
    """Articles of one to four sentences in two languages, some without a date, a number or a name."""
    generator = np.random.default_rng(seed)
    sizes = generator.integers(1, 5, count).tolist()
    words = ["Baku", "river", "Kyiv", "7", "2035", "vote"]
    documents = [
        make_document(
            f"{article}",
            *(" ".join(generator.choice(words, 3)) for _ in range(size)),
            language=str(generator.choice(["en", "it"])),
            published=None if generator.random() < 0.3 else f"2026-01-{generator.integers(1, 9):02}",
        )
        for article, size in enumerate(sizes)
    ]
    return make_batch(documents=documents, raw=make_embeddings(generator, sizes))


def all_pairs(count: int) -> NDArray[np.int64]:
    return np.array(list(combinations(range(count), 2)), np.int64).reshape(-1, 2)


def column(features: PairFeatures, name: str) -> NDArray[np.floating]:
    return features.matrix[:, FEATURES.index(name)]


def test_each_feature_has_at_most_one_direction() -> None:
    assert len(set(FEATURES)) == len(FEATURES)
    assert set(FEATURES) > FREE
    assert set(FEATURES) > AGAINST
    assert not FREE & AGAINST


@given(SEEDS, st.integers(1, 4))
def test_each_row_has_the_features_of_its_pair(seed: int, at_once: int) -> None:
    batch = random_batch(seed)
    pairs = np.random.default_rng(seed).permutation(all_pairs(5))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(features_module, "COMPARED_AT_ONCE", at_once)
        features = pair_features(batch, pairs)
    assert features.matrix.shape == (len(pairs), len(FEATURES))
    for row, (a, b) in enumerate(pairs.tolist()):
        expected = maxsim(batch, batch.weights, a, np.array([b]))
        for name in ("late", "headline"):
            assert column(features, name)[row] == pytest.approx(getattr(expected, name)[0], abs=1e-6)
        assert features.coverage_a[row] == pytest.approx(expected.coverage_a[0], abs=1e-6)
        assert features.coverage_b[row] == pytest.approx(expected.coverage_b[0], abs=1e-6)
        assert features.cosine[row] == pytest.approx(batch.raw.articles[a] @ batch.raw.articles[b], abs=1e-6)


@given(SEEDS)
def test_the_order_of_the_two_articles_only_swaps_what_belongs_to_each(seed: int) -> None:
    batch, pairs = random_batch(seed), all_pairs(5)
    forth, back = pair_features(batch, pairs), pair_features(batch, pairs[:, ::-1])
    np.testing.assert_allclose(forth.matrix, back.matrix, atol=1e-6)
    np.testing.assert_allclose(forth.coverage_a, back.coverage_b, atol=1e-6)
    np.testing.assert_allclose(forth.reuse_a, back.reuse_b, atol=1e-6)


@given(SEEDS)
def test_shared_words_count_within_a_language_or_across(seed: int) -> None:
    batch, pairs = random_batch(seed), all_pairs(5)
    features, across = pair_features(batch, pairs), batch.across(pairs)
    shared = batch.tfidf.cosines("words", pairs)
    assert column(features, "across").tolist() == across.tolist()
    assert column(features, "words") == pytest.approx(np.where(across, 0, shared), abs=1e-6)
    assert column(features, "words_across") == pytest.approx(np.where(across, shared, 0), abs=1e-6)


@given(SEEDS)
def test_reuse_is_shared_wording_within_a_language_and_maxsim_across(seed: int) -> None:
    batch, pairs = random_batch(seed), all_pairs(5)
    features, wording = pair_features(batch, pairs), batch.shingles.shared(pairs)
    for row, (a, b) in enumerate(pairs.tolist()):
        sims = maxsim(batch, batch.weights, a, np.array([b]))
        across = (sims.specific_a[0], sims.specific_b[0])
        expected = across if batch.across(pairs)[row] else wording[row]
        assert (features.reuse_a[row], features.reuse_b[row]) == pytest.approx(tuple(expected), abs=1e-6)


def test_days_apart_is_absolute_and_counts_as_0_without_a_date() -> None:
    dates = ("2026-01-08", "2026-01-05", None)
    documents = [make_document(f"{index}", "News.", published=date) for index, date in enumerate(dates)]
    batch = make_batch(documents=documents, raw=make_embeddings(np.random.default_rng(0), [1, 1, 1]))
    features = pair_features(batch, np.array([[0, 1], [1, 2]]))
    assert column(features, "days_apart").tolist() == [3, 0]
    assert features.days_apart[0] == 3
    assert np.isnan(features.days_apart[1])


def test_progress_counts_every_pair_once() -> None:
    done: list[int] = []
    pair_features(random_batch(1), all_pairs(5), done.append)
    assert sum(done) == 10


def test_rows_are_the_features_of_some_pairs() -> None:
    features = pair_features(random_batch(2), all_pairs(5))
    chosen = features.rows(np.array([7, 2]))
    assert chosen.pairs.tolist() == features.pairs[[7, 2]].tolist()
    assert chosen.matrix.tolist() == features.matrix[[7, 2]].tolist()


def test_cosines_of_many_pairs_are_those_of_each() -> None:
    vectors = random_units(np.random.default_rng(3), 9, 4)
    a, b = np.random.default_rng(4).integers(9, size=(2, 70_000))
    assert dots(vectors, a, b) == pytest.approx((vectors[a] * vectors[b]).sum(1), abs=1e-6)
    assert dots(vectors, a[:0], b[:0]).shape == (0,)
