"""The language, the batch mean and the window means are taken out."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray

from detector.pairs import space
from detector.pairs.space import (
    ALL_LANGUAGES,
    batch_mean,
    fallbacks,
    group_of,
    in_space,
    neutralise,
    subtract_mean,
    subtract_window_means,
)
from detector.records import Embeddings, unit
from tests.making import DIMENSIONS, make_embeddings, make_profile, random_units

Vectors = NDArray[np.float32]
GROUPS = ("it", "zh", "Latn", ALL_LANGUAGES)


@pytest.mark.parametrize(
    ("language", "script", "group"),
    [
        ("it", "Latn", "it"),
        ("zh-Hant", "Hant", "zh"),
        ("vi", "Latn", "Latn"),
        ("sr-Latn", "Latn", "Latn"),
        ("am", "Ethi", ALL_LANGUAGES),
        ("und", "Zyyy", ALL_LANGUAGES),
    ],
)
def test_a_language_is_served_by_the_nearest_group(language: str, script: str, group: str) -> None:
    assert group_of(language, script, GROUPS) == group


def test_only_languages_without_statistics_of_their_own_are_reported() -> None:
    chosen = {"vi": "Latn", "it": "it", "zh-Hant": "zh", "am": ALL_LANGUAGES}
    assert fallbacks(chosen) == {"am": "all languages", "vi": "script Latn"}
    assert list(fallbacks(chosen)) == ["am", "vi"]


def planted(generator: np.random.Generator) -> tuple[Embeddings, Embeddings, Vectors, Vectors]:
    """Four articles twice: without a language, and with the mean and a direction of their language mixed in."""
    base = random_units(generator, DIMENSIONS, DIMENSIONS)
    axes = np.linalg.qr(base)[0].T.astype(np.float32)
    mean, direction = axes[0], axes[1]
    content = make_embeddings(generator, [2, 1, 3, 1])

    def clean(vectors: Vectors) -> Vectors:
        return unit((vectors - (vectors @ axes[:2].T) @ axes[:2]).astype(np.float32))

    pure = Embeddings(clean(content.articles), clean(content.sentences), content.offsets)

    def speak(vectors: Vectors) -> Vectors:
        amount = generator.normal(size=(len(vectors), 1)).astype(np.float32)
        return np.asarray(vectors + mean + amount * direction, np.float32)

    spoken = Embeddings(speak(pure.articles), speak(pure.sentences), pure.offsets)
    return pure, spoken, mean, direction


def test_the_mean_and_the_directions_of_a_language_are_taken_out() -> None:
    pure, spoken, mean, direction = planted(np.random.default_rng(5))
    zeros = np.zeros(DIMENSIONS, np.float32)
    profile = make_profile(
        ("it", ALL_LANGUAGES), means=np.stack([mean, zeros]), bases=np.stack([direction, zeros])[:, None, :]
    )
    neutral = neutralise(spoken, ["it"] * 4, profile)
    np.testing.assert_allclose(neutral.articles, pure.articles, atol=1e-5)
    np.testing.assert_allclose(neutral.sentences, pure.sentences, atol=1e-5)
    np.testing.assert_array_equal(neutral.offsets, pure.offsets)
    assert abs(neutral.sentences @ direction).max() < 1e-5


def test_each_article_and_its_sentences_are_served_by_its_own_group() -> None:
    pure, spoken, mean, direction = planted(np.random.default_rng(6))
    zeros = np.zeros(DIMENSIONS, np.float32)
    profile = make_profile(
        ("it", ALL_LANGUAGES), means=np.stack([mean, zeros]), bases=np.stack([direction, zeros])[:, None, :]
    )
    neutral = neutralise(spoken, [ALL_LANGUAGES, "it", ALL_LANGUAGES, "it"], profile)
    for article, group in enumerate([ALL_LANGUAGES, "it", ALL_LANGUAGES, "it"]):
        expected = pure if group == "it" else spoken
        np.testing.assert_allclose(neutral.articles[article], unit(expected.articles[article]), atol=1e-5)
        np.testing.assert_allclose(neutral.of(article), unit(expected.of(article)), atol=1e-5)


def test_the_linear_map_damps_a_direction() -> None:
    damped = np.eye(DIMENSIONS, dtype=np.float32)
    damped[0, 0] = 0.1
    embeddings = make_embeddings(np.random.default_rng(7), [3, 2])
    neutral = neutralise(embeddings, [ALL_LANGUAGES] * 2, make_profile(metric=damped))
    np.testing.assert_allclose(neutral.of(0), unit(embeddings.of(0) @ damped), atol=1e-6)
    assert (abs(neutral.sentences[:, 0]) < abs(embeddings.sentences[:, 0])).all()


def test_the_input_is_not_changed_and_lengths_stay_one() -> None:
    generator = np.random.default_rng(8)
    embeddings = make_embeddings(generator, [3, 2, 1])
    before = embeddings.articles.copy(), embeddings.sentences.copy()
    means, bases = random_units(generator, 1, DIMENSIONS), random_units(generator, 1, 2, DIMENSIONS)
    profile = make_profile(means=means, bases=bases)
    neutral = neutralise(embeddings, [ALL_LANGUAGES] * 3, profile)
    np.testing.assert_array_equal(embeddings.articles, before[0])
    np.testing.assert_array_equal(embeddings.sentences, before[1])
    np.testing.assert_allclose(np.linalg.norm(neutral.sentences, axis=1), 1, atol=1e-5)
    assert neutral.articles.dtype == neutral.sentences.dtype == np.float32


def test_an_empty_batch_stays_empty() -> None:
    empty = make_embeddings(np.random.default_rng(0), [])
    assert neutralise(empty, [], make_profile()).articles.shape == (0, DIMENSIONS)
    assert not batch_mean(empty.articles, 0.5, 10).any()


def test_a_batch_on_one_story_does_not_lose_it() -> None:
    generator = np.random.default_rng(9)
    story = random_units(generator, DIMENSIONS)
    versions = unit(story + 0.05 * generator.normal(size=(200, DIMENSIONS)).astype(np.float32))
    assert np.linalg.norm(batch_mean(versions, same_story=0.5, prior=50)) < 0.03


def test_the_topic_that_many_stories_share_is_found() -> None:
    generator = np.random.default_rng(10)
    topic = np.eye(DIMENSIONS, dtype=np.float32)[0]
    stories = unit(random_units(generator, 400, DIMENSIONS) + 0.6 * topic)
    found = batch_mean(stories, same_story=0.95, prior=20)
    assert found @ topic / np.linalg.norm(found) > 0.95
    assert 0.3 < np.linalg.norm(found) < 0.7


def test_a_story_of_many_articles_counts_once() -> None:
    big, small = np.eye(DIMENSIONS, dtype=np.float32)[:2]
    vectors = np.concatenate([np.tile(big, (99, 1)), small[None]])
    found = batch_mean(vectors, same_story=0.9, prior=0)
    np.testing.assert_allclose(found, (big + small) / 2, atol=1e-6)


def test_a_large_batch_is_sampled() -> None:
    generator = np.random.default_rng(11)
    vectors = random_units(generator, 50, DIMENSIONS)
    np.testing.assert_array_equal(batch_mean(vectors, 0.9, 5, sample=10), batch_mean(vectors[::5], 0.9, 5))


def test_subtracting_a_mean_keeps_length_one() -> None:
    generator = np.random.default_rng(12)
    embeddings = make_embeddings(generator, [2, 1])
    mean = 0.3 * random_units(generator, DIMENSIONS)
    centred = subtract_mean(embeddings, mean)
    np.testing.assert_allclose(centred.articles, unit(embeddings.articles - mean), atol=1e-6)
    np.testing.assert_allclose(np.linalg.norm(centred.sentences, axis=1), 1, atol=1e-6)


def test_the_topic_of_a_window_is_taken_out_of_its_sentences() -> None:
    generator = np.random.default_rng(13)
    topic = np.eye(DIMENSIONS, dtype=np.float32)[0]
    embeddings = make_embeddings(generator, [40, 40])
    with_topic = Embeddings(embeddings.articles, unit(embeddings.sentences + 2 * topic), embeddings.offsets)
    found = subtract_window_means(with_topic)
    assert (with_topic.of(0) @ with_topic.of(1).T).mean() > 0.7
    assert abs((found.of(0) @ found.of(1).T).mean()) < 0.1
    np.testing.assert_array_equal(found.articles, with_topic.articles)
    np.testing.assert_allclose(np.linalg.norm(found.sentences, axis=1), 1, atol=1e-5)


def test_a_lone_sentence_stays_as_it_is_and_an_article_without_sentences_is_no_error() -> None:
    embeddings = make_embeddings(np.random.default_rng(14), [1, 0, 3])
    before = embeddings.sentences.copy()
    found = subtract_window_means(embeddings)
    np.testing.assert_allclose(found.of(0), embeddings.of(0), atol=1e-6)
    assert found.of(1).shape == (0, DIMENSIONS)
    expected = embeddings.of(2) - 2 / 4 * embeddings.of(2).mean(0)
    np.testing.assert_allclose(found.of(2), unit(expected), atol=1e-6)
    np.testing.assert_array_equal(embeddings.sentences, before)


def test_each_window_of_an_article_loses_its_own_mean() -> None:
    vectors = random_units(np.random.default_rng(15), 4, DIMENSIONS)
    embeddings = Embeddings(vectors[:1], vectors, np.array([0, 4]), np.array([0, 0, 0, 1]))
    found = subtract_window_means(embeddings)
    np.testing.assert_allclose(found.sentences[:3], unit(vectors[:3] - 2 / 4 * vectors[:3].mean(0)), atol=1e-6)
    np.testing.assert_allclose(found.sentences[3], vectors[3], atol=1e-6)


@pytest.mark.parametrize("shard", [1, 2, 100])
def test_the_size_of_a_shard_changes_nothing(shard: int, monkeypatch: pytest.MonkeyPatch) -> None:
    generator = np.random.default_rng(16)
    raw = make_embeddings(generator, [2, 1, 3])
    profile = make_profile(("it", ALL_LANGUAGES), means=0.2 * random_units(generator, 2, DIMENSIONS))
    profile = replace(profile, cuts=replace(profile.cuts, centre_prior=2.0))
    groups = ["it", ALL_LANGUAGES, "it"]
    monkeypatch.setattr(space, "SHARD", shard)
    neutral, specific, mean = in_space(raw, groups, profile)
    expected = neutralise(raw, groups, profile)
    np.testing.assert_allclose(mean, batch_mean(expected.articles, 0.9, 2.0), atol=1e-6)
    expected = subtract_mean(expected, mean)
    np.testing.assert_allclose(neutral.articles, expected.articles, atol=1e-6)
    np.testing.assert_allclose(neutral.sentences, expected.sentences, atol=1e-3)
    np.testing.assert_allclose(specific.sentences, subtract_window_means(expected).sentences, atol=1e-3)
