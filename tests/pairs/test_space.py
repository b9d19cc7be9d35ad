"""Taking the language out."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from detector.encoding.encoder import unit
from detector.pairs.space import EVERY, batch_centre, centre, fallbacks, group_of, neutralise, specific
from detector.records import Embeddings
from tests.making import DIMENSIONS, make_embeddings, make_profile, random_units

Vectors = NDArray[np.float32]
GROUPS = ("it", "zh", "Latn", EVERY)


@pytest.mark.parametrize(
    ("language", "script", "group"),
    [
        ("it", "Latn", "it"),
        ("zh-Hant", "Hant", "zh"),
        ("vi", "Latn", "Latn"),
        ("sr-Latn", "Latn", "Latn"),
        ("am", "Ethi", EVERY),
        ("und", "Zyyy", EVERY),
    ],
)
def test_a_language_is_served_by_the_nearest_group(language: str, script: str, group: str) -> None:
    assert group_of(language, script, GROUPS) == group


def test_only_languages_without_statistics_of_their_own_are_told() -> None:
    chosen = {"vi": "Latn", "it": "it", "zh-Hant": "zh", "am": EVERY}
    assert fallbacks(chosen) == {"am": "all languages", "vi": "script Latn"}
    assert list(fallbacks(chosen)) == ["am", "vi"]


def planted(generator: np.random.Generator) -> tuple[Embeddings, Embeddings, Vectors, Vectors]:
    """Four articles twice: what they say, and the same with the mean and a direction of their language mixed in."""
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
    profile = make_profile(("it", EVERY), means=np.stack([mean, zeros]), bases=np.stack([direction, zeros])[:, None, :])
    neutral = neutralise(spoken, ["it"] * 4, profile)
    np.testing.assert_allclose(neutral.articles, pure.articles, atol=1e-5)
    np.testing.assert_allclose(neutral.sentences, pure.sentences, atol=1e-5)
    np.testing.assert_array_equal(neutral.offsets, pure.offsets)
    assert abs(neutral.sentences @ direction).max() < 1e-5


def test_each_article_and_its_sentences_are_served_by_its_own_group() -> None:
    pure, spoken, mean, direction = planted(np.random.default_rng(6))
    zeros = np.zeros(DIMENSIONS, np.float32)
    profile = make_profile(("it", EVERY), means=np.stack([mean, zeros]), bases=np.stack([direction, zeros])[:, None, :])
    neutral = neutralise(spoken, [EVERY, "it", EVERY, "it"], profile)
    for article, group in enumerate([EVERY, "it", EVERY, "it"]):
        expected = pure if group == "it" else spoken
        np.testing.assert_allclose(neutral.articles[article], unit(expected.articles[article]), atol=1e-5)
        np.testing.assert_allclose(neutral.of(article), unit(expected.of(article)), atol=1e-5)


def test_the_map_damps_what_all_news_shares() -> None:
    damped = np.eye(DIMENSIONS, dtype=np.float32)
    damped[0, 0] = 0.1
    embeddings = make_embeddings(np.random.default_rng(7), [3, 2])
    neutral = neutralise(embeddings, [EVERY] * 2, make_profile(metric=damped))
    np.testing.assert_allclose(neutral.of(0), unit(embeddings.of(0) @ damped), atol=1e-6)
    assert (abs(neutral.sentences[:, 0]) < abs(embeddings.sentences[:, 0])).all()


def test_what_was_given_is_not_changed_and_lengths_stay_one() -> None:
    generator = np.random.default_rng(8)
    embeddings = make_embeddings(generator, [3, 2, 1])
    before = embeddings.articles.copy(), embeddings.sentences.copy()
    means, bases = random_units(generator, 1, DIMENSIONS), random_units(generator, 1, 2, DIMENSIONS)
    profile = make_profile(means=means, bases=bases)
    neutral = neutralise(embeddings, [EVERY] * 3, profile)
    np.testing.assert_array_equal(embeddings.articles, before[0])
    np.testing.assert_array_equal(embeddings.sentences, before[1])
    np.testing.assert_allclose(np.linalg.norm(neutral.sentences, axis=1), 1, atol=1e-5)
    assert neutral.articles.dtype == neutral.sentences.dtype == np.float32


def test_an_empty_batch_stays_empty() -> None:
    empty = make_embeddings(np.random.default_rng(0), [])
    assert neutralise(empty, [], make_profile()).articles.shape == (0, DIMENSIONS)
    assert not batch_centre(empty.articles, 0.5, 10).any()


def test_a_batch_on_one_story_is_not_emptied_of_it() -> None:
    generator = np.random.default_rng(9)
    story = random_units(generator, DIMENSIONS)
    versions = unit(story + 0.05 * generator.normal(size=(200, DIMENSIONS)).astype(np.float32))
    assert np.linalg.norm(batch_centre(versions, same_story=0.5, prior=50)) < 0.03


def test_what_many_stories_share_is_found() -> None:
    generator = np.random.default_rng(10)
    topic = np.eye(DIMENSIONS, dtype=np.float32)[0]
    stories = unit(random_units(generator, 400, DIMENSIONS) + 0.6 * topic)
    found = batch_centre(stories, same_story=0.95, prior=20)
    assert found @ topic / np.linalg.norm(found) > 0.95
    assert 0.3 < np.linalg.norm(found) < 0.7


def test_a_story_told_often_counts_once() -> None:
    often, once = np.eye(DIMENSIONS, dtype=np.float32)[:2]
    vectors = np.concatenate([np.tile(often, (99, 1)), once[None]])
    found = batch_centre(vectors, same_story=0.9, prior=0)
    np.testing.assert_allclose(found, (often + once) / 2, atol=1e-6)


def test_a_large_batch_is_looked_at_in_part() -> None:
    generator = np.random.default_rng(11)
    vectors = random_units(generator, 50, DIMENSIONS)
    np.testing.assert_array_equal(batch_centre(vectors, 0.9, 5, sample=10), batch_centre(vectors[::5], 0.9, 5))


def test_centring_subtracts_and_keeps_length_one() -> None:
    generator = np.random.default_rng(12)
    embeddings = make_embeddings(generator, [2, 1])
    middle = 0.3 * random_units(generator, DIMENSIONS)
    centred = centre(embeddings, middle)
    np.testing.assert_allclose(centred.articles, unit(embeddings.articles - middle), atol=1e-6)
    np.testing.assert_allclose(np.linalg.norm(centred.sentences, axis=1), 1, atol=1e-6)


def test_what_the_sentences_of_an_article_share_is_taken_out() -> None:
    generator = np.random.default_rng(13)
    topic = np.eye(DIMENSIONS, dtype=np.float32)[0]
    embeddings = make_embeddings(generator, [40, 40])
    spoken = Embeddings(embeddings.articles, unit(embeddings.sentences + 2 * topic), embeddings.offsets)
    found = specific(spoken)
    assert (spoken.of(0) @ spoken.of(1).T).mean() > 0.7
    assert abs((found.of(0) @ found.of(1).T).mean()) < 0.1
    np.testing.assert_array_equal(found.articles, spoken.articles)
    np.testing.assert_allclose(np.linalg.norm(found.sentences, axis=1), 1, atol=1e-5)


def test_a_lone_sentence_stays_what_it_is_and_one_without_any_is_no_error() -> None:
    embeddings = make_embeddings(np.random.default_rng(14), [1, 0, 3])
    before = embeddings.sentences.copy()
    found = specific(embeddings)
    np.testing.assert_allclose(found.of(0), embeddings.of(0), atol=1e-6)
    assert found.of(1).shape == (0, DIMENSIONS)
    expected = embeddings.of(2) - 2 / 4 * embeddings.of(2).mean(0)
    np.testing.assert_allclose(found.of(2), unit(expected), atol=1e-6)
    np.testing.assert_array_equal(embeddings.sentences, before)
