"""MaxSim against a loop that follows the definitions sentence by sentence."""

from __future__ import annotations

from dataclasses import asdict, dataclass

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from detector.pairs.maxsim import maxsim, sentence_weights
from detector.records import Embeddings
from tests.making import DIMENSIONS, make_embeddings


@dataclass
class Batch:
    """The two versions of the sentence vectors, and the cut."""

    neutral: Embeddings
    specific: Embeddings
    counterpart: float


def random_batch(generator: np.random.Generator, sizes: list[int], cut: float, dimensions: int = DIMENSIONS) -> Batch:
    """Two unlike versions of articles with so many sentences."""
    first, second = (make_embeddings(generator, sizes, dimensions) for _ in range(2))
    return Batch(first, second, cut)


def by_loop(batch: Batch, weights: list[float], a: int, b: int) -> dict[str, float]:
    embeddings = batch.neutral

    def rows(article: int) -> range:
        return range(int(embeddings.offsets[article]), int(embeddings.offsets[article + 1]))

    def cosine(row_a: int, row_b: int, version: Embeddings = embeddings) -> float:
        return float(sum(x * y for x, y in zip(version.sentences[row_a], version.sentences[row_b], strict=True)))

    best, match = (
        {
            (first, second): [max(cosine(i, j, version) for j in rows(second)) for i in rows(first)]
            for first, second in ((a, b), (b, a))
        }
        for version in (batch.neutral, batch.specific)
    )

    def mean(values: list[float], article: int) -> float:
        return sum(value * weights[row] for value, row in zip(values, rows(article), strict=True)) / sum(
            weights[row] for row in rows(article)
        )

    lates = mean(best[a, b], a), mean(best[b, a], b)
    specifics = mean(match[a, b], a), mean(match[b, a], b)
    return {
        "late": sum(lates) / 2,
        "headline": cosine(rows(a)[0], rows(b)[0]),
        "specific_a": specifics[0],
        "specific_b": specifics[1],
        "coverage_a": mean([float(value >= batch.counterpart) for value in match[a, b]], a),
        "coverage_b": mean([float(value >= batch.counterpart) for value in match[b, a]], b),
    }


@given(st.lists(st.integers(1, 6), min_size=2, max_size=4), st.integers(0, 10**6), st.data())
def test_it_equals_the_loop(sizes: list[int], seed: int, data: st.DataObject) -> None:
    generator = np.random.default_rng(seed)
    batch = random_batch(generator, sizes, 0.5, dimensions=4)
    weights = generator.uniform(0.1, 5, sum(sizes)).astype(np.float32)
    a, b = data.draw(st.permutations(range(len(sizes))))[:2]
    found = asdict(maxsim(batch, weights, a, np.array([a, b])))
    for index, other in enumerate((a, b)):
        values = {name: column[index] for name, column in found.items()}
        assert values == pytest.approx(by_loop(batch, weights.tolist(), a, other), abs=1e-5)


@given(st.integers(1, 6), st.integers(1, 6), st.integers(0, 10**6))
def test_the_order_of_two_articles_only_swaps_what_belongs_to_each(size_a: int, size_b: int, seed: int) -> None:
    generator = np.random.default_rng(seed)
    batch = random_batch(generator, [size_a, size_b], 0.2)
    weights = generator.uniform(0.1, 5, size_a + size_b).astype(np.float32)
    forth, back = (asdict(maxsim(batch, weights, a, np.array([1 - a]))) for a in (0, 1))
    for name in ("coverage", "specific"):
        forth[f"{name}_a"], forth[f"{name}_b"] = forth[f"{name}_b"], forth[f"{name}_a"]
    for name, values in forth.items():
        assert values == pytest.approx(back[name], abs=1e-6)


def test_a_long_sentence_without_a_counterpart_weighs_more_than_a_short_one() -> None:
    sentences = np.eye(3, dtype=np.float32)[[0, 1, 0]]
    embeddings = Embeddings(sentences[:2], sentences, np.array([0, 2, 3]))
    weights = sentence_weights(np.array([10, 90, 10]))
    found = maxsim(Batch(embeddings, embeddings, 0.5), weights, 0, np.array([1]))
    assert (found.coverage_a, found.coverage_b) == pytest.approx((0.1, 1.0))
    assert (found.late, found.headline) == pytest.approx((0.55, 1.0))


def test_an_article_matches_itself_completely() -> None:
    batch = random_batch(np.random.default_rng(1), [5], 0.9)
    found = maxsim(batch, np.ones(5, np.float32), 0, np.array([0]))
    assert all(values == pytest.approx([1], abs=1e-6) for values in asdict(found).values())


def test_counterparts_are_found_among_specific_vectors_only() -> None:
    same, apart = np.eye(2, dtype=np.float32)[[0, 0]], np.eye(2, dtype=np.float32)
    offsets = np.array([0, 1, 2])
    found = maxsim(
        Batch(Embeddings(same, same, offsets), Embeddings(same, apart, offsets), 0.5),
        np.ones(2, np.float32),
        0,
        np.array([1]),
    )
    assert [*found.late, *found.specific_a, *found.coverage_a, *found.coverage_b] == [1, 0, 0, 0]


def test_an_empty_sentence_has_a_positive_weight() -> None:
    assert sentence_weights(np.array([0, 1, 7])).tolist() == [1, 1, 7]
