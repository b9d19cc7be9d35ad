"""Late interaction against a loop that follows the definitions word by word."""

from __future__ import annotations

from dataclasses import asdict

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from detector.interaction import BEST, LEAD, Interaction, interact, sentence_weights
from detector.records import Embeddings
from tests.making import make_embeddings


def by_loop(embeddings: Embeddings, weights: list[float], a: int, b: int, cut: float) -> dict[str, float]:
    def rows(article: int) -> range:
        return range(int(embeddings.offsets[article]), int(embeddings.offsets[article + 1]))

    def cosine(one: int, other: int) -> float:
        return float(sum(x * y for x, y in zip(embeddings.sentences[one], embeddings.sentences[other], strict=True)))

    best = {
        (mine, other): [max(cosine(one, two) for two in rows(other)) for one in rows(mine)]
        for mine, other in ((a, b), (b, a))
    }

    def mean(values: list[float], article: int) -> float:
        return sum(value * weights[row] for value, row in zip(values, rows(article), strict=True)) / sum(
            weights[row] for row in rows(article)
        )

    lates = mean(best[a, b], a), mean(best[b, a], b)
    leads = [sum(values[:LEAD]) / len(values[:LEAD]) for values in (best[a, b], best[b, a])]
    top = sorted(best[a, b] + best[b, a])[-2 * BEST :]
    return {
        "late": sum(lates) / 2,
        "late_least": min(lates),
        "headline": cosine(rows(a)[0], rows(b)[0]),
        "lead": sum(leads) / 2,
        "best": sum(top) / len(top),
        "coverage_a": mean([float(value >= cut) for value in best[a, b]], a),
        "coverage_b": mean([float(value >= cut) for value in best[b, a]], b),
    }


@given(st.lists(st.integers(1, 6), min_size=2, max_size=4), st.integers(0, 10**6), st.data())
def test_it_is_what_a_loop_finds(sizes: list[int], seed: int, data: st.DataObject) -> None:
    generator = np.random.default_rng(seed)
    embeddings = make_embeddings(generator, sizes, dimensions=4)
    weights = generator.uniform(0.1, 5, sum(sizes)).astype(np.float32)
    a, b = data.draw(st.permutations(range(len(sizes))))[:2]
    found = interact(embeddings, weights, a, b, cut=0.5)
    assert asdict(found) == pytest.approx(by_loop(embeddings, weights.tolist(), a, b, cut=0.5), abs=1e-5)


@given(st.integers(1, 6), st.integers(1, 6), st.integers(0, 10**6))
def test_the_other_way_round_only_the_coverages_change_places(size_a: int, size_b: int, seed: int) -> None:
    generator = np.random.default_rng(seed)
    embeddings = make_embeddings(generator, [size_a, size_b])
    weights = generator.uniform(0.1, 5, size_a + size_b).astype(np.float32)
    one, other = asdict(interact(embeddings, weights, 0, 1, 0.2)), asdict(interact(embeddings, weights, 1, 0, 0.2))
    one["coverage_a"], one["coverage_b"] = one["coverage_b"], one["coverage_a"]
    assert one == pytest.approx(other, abs=1e-6)


def test_a_long_sentence_without_a_counterpart_weighs_more_than_a_short_one() -> None:
    sentences = np.eye(3, dtype=np.float32)[[0, 1, 0]]
    embeddings = Embeddings(sentences[:2], sentences, np.array([0, 2, 3]))
    weights = sentence_weights(np.array([10, 90, 10]))
    found = interact(embeddings, weights, 0, 1, cut=0.5)
    assert (found.coverage_a, found.coverage_b) == pytest.approx((0.1, 1.0))
    assert (found.late, found.late_least, found.headline) == pytest.approx((0.55, 0.1, 1.0))


def test_an_article_and_itself_agree_in_everything() -> None:
    embeddings = make_embeddings(np.random.default_rng(1), [5])
    found = interact(embeddings, np.ones(5, np.float32), 0, 0, cut=0.9)
    assert asdict(found) == pytest.approx(asdict(Interaction(1, 1, 1, 1, 1, 1, 1)), abs=1e-6)


def test_a_sentence_without_characters_still_weighs_something() -> None:
    assert sentence_weights(np.array([0, 1, 7])).tolist() == [1, 1, 7]
