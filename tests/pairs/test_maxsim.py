"""Late interaction against a loop that follows the definitions word by word."""

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
    """The two readings of the sentences, and the cut."""

    neutral: Embeddings
    specific: Embeddings
    counterpart: float


def random_batch(generator: np.random.Generator, sizes: list[int], cut: float, dimensions: int = DIMENSIONS) -> Batch:
    """Two unlike readings of articles with so many sentences."""
    first, second = (make_embeddings(generator, sizes, dimensions) for _ in range(2))
    return Batch(first, second, cut)


def by_loop(batch: Batch, weights: list[float], a: int, b: int) -> dict[str, float]:
    embeddings = batch.neutral

    def rows(article: int) -> range:
        return range(int(embeddings.offsets[article]), int(embeddings.offsets[article + 1]))

    def cosine(one: int, other: int, reading: Embeddings = embeddings) -> float:
        return float(sum(x * y for x, y in zip(reading.sentences[one], reading.sentences[other], strict=True)))

    best, match = (
        {
            (mine, other): [max(cosine(one, two, reading) for two in rows(other)) for one in rows(mine)]
            for mine, other in ((a, b), (b, a))
        }
        for reading in (batch.neutral, batch.specific)
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
def test_it_is_what_a_loop_finds(sizes: list[int], seed: int, data: st.DataObject) -> None:
    generator = np.random.default_rng(seed)
    batch = random_batch(generator, sizes, 0.5, dimensions=4)
    weights = generator.uniform(0.1, 5, sum(sizes)).astype(np.float32)
    a, b = data.draw(st.permutations(range(len(sizes))))[:2]
    for place, (one, other) in enumerate(((a, a), (a, b))):
        found = asdict(maxsim(batch, weights, a, np.array([a, b])))
        alone = {name: values[place] for name, values in found.items()}
        assert alone == pytest.approx(by_loop(batch, weights.tolist(), one, other), abs=1e-5)


@given(st.integers(1, 6), st.integers(1, 6), st.integers(0, 10**6))
def test_the_other_way_round_only_the_two_directions_change_places(size_a: int, size_b: int, seed: int) -> None:
    generator = np.random.default_rng(seed)
    batch = random_batch(generator, [size_a, size_b], 0.2)
    weights = generator.uniform(0.1, 5, size_a + size_b).astype(np.float32)
    one, other = (asdict(maxsim(batch, weights, a, np.array([1 - a]))) for a in (0, 1))
    for name in ("coverage", "specific"):
        one[f"{name}_a"], one[f"{name}_b"] = one[f"{name}_b"], one[f"{name}_a"]
    for name, values in one.items():
        assert values == pytest.approx(other[name], abs=1e-6)


def test_a_long_sentence_without_a_counterpart_weighs_more_than_a_short_one() -> None:
    sentences = np.eye(3, dtype=np.float32)[[0, 1, 0]]
    embeddings = Embeddings(sentences[:2], sentences, np.array([0, 2, 3]))
    weights = sentence_weights(np.array([10, 90, 10]))
    found = maxsim(Batch(embeddings, embeddings, 0.5), weights, 0, np.array([1]))
    assert (found.coverage_a, found.coverage_b) == pytest.approx((0.1, 1.0))
    assert (found.late, found.headline) == pytest.approx((0.55, 1.0))


def test_an_article_and_itself_agree_in_everything() -> None:
    batch = random_batch(np.random.default_rng(1), [5], 0.9)
    found = maxsim(batch, np.ones(5, np.float32), 0, np.array([0]))
    assert all(values == pytest.approx([1], abs=1e-6) for values in asdict(found).values())


def test_only_what_is_specific_counts_as_a_counterpart() -> None:
    same, apart = np.eye(2, dtype=np.float32)[[0, 0]], np.eye(2, dtype=np.float32)
    offsets = np.array([0, 1, 2])
    found = maxsim(
        Batch(Embeddings(same, same, offsets), Embeddings(same, apart, offsets), 0.5),
        np.ones(2, np.float32),
        0,
        np.array([1]),
    )
    assert [*found.late, *found.specific_a, *found.coverage_a, *found.coverage_b] == [1, 0, 0, 0]


def test_a_sentence_without_characters_still_weighs_something() -> None:
    assert sentence_weights(np.array([0, 1, 7])).tolist() == [1, 1, 7]
