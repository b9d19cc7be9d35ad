"""One pair, one score: what is said of two articles is the same, to the last bit, in every batch and every command."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import combinations
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from detector import Article, Pair, Result, StoryDetector, compare, load_profile, read_articles
from detector.comparing import score_pairs
from detector.encoding.encoder import SentenceTransformerEncoder
from detector.pairs.batch import Batch
from detector.pairs.features import COMPARED_AT_ONCE, PairFeatures, pair_features
from detector.pairs.relations import Thresholds
from detector.pairs.scoring import Scorer
from detector.pairs.space import SHARD
from detector.preparing import prepare
from detector.reading.given_pairs import GivenPair
from tests.making import make_document, make_embeddings
from tests.pairs.making import NEUTRAL, make_features, random_model

LEVELS = Thresholds(0.5, 0.5)
EN = "The river rose by 2 metres in the night. 300 people left their homes in Vicenza. The school gave them beds."
TEXTS = {
    "en": (EN, "2026-01-05"),
    "en-copy": (EN + " The mayor thanked the fire brigade.", "2026-01-06"),
    "it": (
        "Il fiume è cresciuto di 2 metri nella notte. A Vicenza 300 hanno lasciato le case. La scuola li ospita.",
        "2026-01-05",
    ),
    "fr": ("La rivière est montée de 2 mètres. À Vicence, 300 personnes ont quitté leur maison.", None),
    # A language whose words the background of the profile may not know.
    "la": ("Flumen nocte crevit. Trecenti homines domos suas reliquerunt. Schola eos accepit.", None),
    "weather-1": ("Sunny in Turin on Monday, 12 degrees. Wind from the north at 20 km/h. No rain.", "2026-01-05"),
    "weather-2": ("Cloudy in Bari on Tuesday, 15 degrees. Wind from the south at 35 km/h. Rain.", "2026-01-06"),
    "headline": ("Minister opens museum in Baku", "2026-01-05"),
    "other": ("The minister opened a new museum. Many children came to see the old paintings.", "2026-01-07"),
}  # fmt: skip
MADE = tuple(Article(id, text, published=date) for id, (text, date) in TEXTS.items())


@pytest.fixture(scope="module")
def articles(seeds: Path) -> tuple[Article, ...]:
    return (*read_articles(seeds).articles, *MADE)


@pytest.fixture(scope="module")
def together(encoder: SentenceTransformerEncoder, articles: tuple[Article, ...]) -> dict[tuple[str, str], Pair]:
    """Every pair, from a report of all articles."""
    return pairs_of(StoryDetector(model=encoder).detect(articles))


def pairs_of(result: Result) -> dict[tuple[str, str], Pair]:
    """Every pair of a result with its evidence, candidate or not, by the two ids in rising order."""
    return {(a, b): result.pair(a, b) for a, b in combinations(result.ids, 2)}


@given(chosen=st.lists(st.integers(0, 13), min_size=2, max_size=10, unique=True))
@settings(max_examples=12, deadline=None)
def test_any_part_of_the_articles_in_any_order_gives_each_pair_the_same_numbers(
    chosen: list[int],
    encoder: SentenceTransformerEncoder,
    articles: tuple[Article, ...],
    together: dict[tuple[str, str], Pair],
) -> None:
    result = StoryDetector(model=encoder).detect([articles[index] for index in chosen])
    for ids, pair in pairs_of(result).items():
        assert pair == together[ids]


def test_compare_and_score_say_what_the_report_says(
    encoder: SentenceTransformerEncoder, together: dict[tuple[str, str], Pair]
) -> None:
    by_id = {article.id: article for article in MADE}
    ids = [("en", "it"), ("en-copy", "la"), ("weather-1", "weather-2"), ("fr", "headline")]
    for a, b in [*ids, ("en", "en-copy")]:
        # Nothing is cached here, so the two articles are also encoded alone.
        assert compare(by_id[b], by_id[a], model=encoder) == together[a, b]
    scored = score_pairs([GivenPair(f"{a} {b}", by_id[a], by_id[b]) for a, b in ids], model=encoder)
    assert [pair for _, pair in scored] == [replace(together[pair], evidence=None) for pair in ids]


def test_candidates_have_the_features_of_any_other_pair(
    encoder: SentenceTransformerEncoder, articles: tuple[Article, ...]
) -> None:
    result = StoryDetector(model=encoder).detect(articles)
    batch = result.batch
    for row in range(len(result.features.pairs)):
        pair = result.features.rows(slice(row, row + 1))
        assert_equal(pair, pair_features(batch, pair.pairs))


def test_an_article_is_encoded_alike_alone_and_among_others(
    encoder: SentenceTransformerEncoder, articles: tuple[Article, ...]
) -> None:
    sentences = [prepare(article).sentences for article in (*articles[:2], *MADE)]
    batch = encoder.encode(sentences)
    for index, own in enumerate(sentences):
        alone = encoder.encode([own])
        np.testing.assert_array_equal(alone.articles[0], batch.articles[index])
        np.testing.assert_array_equal(alone.sentences, batch.of(index))


def big_batch(indices: Sequence[int]) -> Batch:
    """Some of 700 articles with random vectors, in the space of the shipped profile."""
    generator = np.random.default_rng(1)
    sizes = generator.integers(1, 9, 700).tolist()
    every, words = make_embeddings(generator, sizes, 384), ["Baku", "river", "Kyiv", "7", "2035", "vote", "the"]
    documents = [
        make_document(f"{index}", *(" ".join(generator.choice(words, 4)) for _ in range(size)))
        for index, size in enumerate(sizes)
    ]
    raw = replace(
        every,
        articles=every.articles[list(indices)],
        sentences=np.concatenate([every.of(index) for index in indices]),
        offsets=np.concatenate([[0], np.cumsum([sizes[index] for index in indices])]).astype(np.int64),
    )
    return Batch.of([documents[index] for index in indices], raw, load_profile("multilingual-e5-small"))


def assert_equal(found: PairFeatures, expected: PairFeatures) -> None:
    for name in PairFeatures.__dataclass_fields__:
        if name != "pairs":
            np.testing.assert_array_equal(getattr(found, name), getattr(expected, name), err_msg=name)


def test_a_pair_in_a_batch_of_several_shards_has_the_features_it_has_alone() -> None:
    assert max(SHARD, COMPARED_AT_ONCE) < 600
    pairs = np.array([[0, index] for index in range(1, 700)], np.int64)
    features = pair_features(big_batch(range(700)), pairs)
    for index in range(1, 700, 47):
        alone = pair_features(big_batch([0, index]), np.array([[0, 1]], np.int64))
        assert_equal(alone, features.rows(slice(index - 1, index)))


@given(st.lists(st.integers(0, 99), min_size=1, max_size=30), st.integers(0, 50))
def test_a_score_does_not_depend_on_the_pairs_scored_with_it(rows: list[int], seed: int) -> None:
    batch = big_features()
    chosen = np.array(rows)
    scorer, across = Scorer(random_model(seed)), np.zeros(100, bool)
    every, some = scorer.score(batch, across, LEVELS), scorer.score(batch.rows(chosen), across[chosen], LEVELS)
    for name in ("probability", "storyline_probability", "form_probability", "similarity", "relation"):
        np.testing.assert_array_equal(getattr(some, name), getattr(every, name)[chosen])
    parts = scorer.contributions(batch.rows(chosen[:1]))
    assert parts == scorer.contributions(batch.rows(slice(chosen[0], 100)))


def big_features() -> PairFeatures:
    """The features of 100 random pairs."""
    generator = np.random.default_rng(3)
    return make_features(*generator.uniform(-1, 1, (100, len(NEUTRAL))).tolist())
