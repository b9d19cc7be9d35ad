"""The language, the centre of the background and the window means are taken out."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from detector.pairs import space
from detector.pairs.space import (
    ALL_LANGUAGES,
    fallbacks,
    group_of,
    in_space,
    neutralise,
    subtract_centre,
    subtract_window_means,
)
from detector.profile import Profile
from detector.records import Embeddings, unit
from tests.making import DIMENSIONS, make_embeddings, make_profile, on_coarse_grid, random_units

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
    np.testing.assert_allclose(neutral.of(0), unit(embeddings.of(0) @ damped), atol=3e-6)
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
    assert in_space(empty, [], make_profile())[0].sentences.shape == (0, DIMENSIONS)


def test_subtracting_a_centre_keeps_length_one() -> None:
    generator = np.random.default_rng(12)
    embeddings = make_embeddings(generator, [2, 1])
    mean = 0.3 * random_units(generator, DIMENSIONS)
    centred = subtract_centre(embeddings, mean)
    np.testing.assert_allclose(centred.articles, unit(embeddings.articles - mean), atol=3e-6)
    np.testing.assert_allclose(np.linalg.norm(centred.sentences, axis=1), 1, atol=3e-6)


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
    np.testing.assert_allclose(found.of(0), embeddings.of(0), atol=3e-6)
    assert found.of(1).shape == (0, DIMENSIONS)
    expected = embeddings.of(2) - 2 / 4 * embeddings.of(2).mean(0)
    np.testing.assert_allclose(found.of(2), unit(expected), atol=3e-6)
    np.testing.assert_array_equal(embeddings.sentences, before)


def test_each_window_of_an_article_loses_its_own_mean() -> None:
    vectors = random_units(np.random.default_rng(15), 4, DIMENSIONS)
    embeddings = Embeddings(vectors[:1], vectors, np.array([0, 4]), np.array([0, 0, 0, 1]))
    found = subtract_window_means(embeddings)
    np.testing.assert_allclose(found.sentences[:3], unit(vectors[:3] - 2 / 4 * vectors[:3].mean(0)), atol=3e-6)
    np.testing.assert_allclose(found.sentences[3], vectors[3], atol=3e-6)


def made_profile(generator: np.random.Generator) -> Profile:
    """A profile of two groups in which no step is without effect."""
    return make_profile(
        ("it", ALL_LANGUAGES),
        means=0.2 * random_units(generator, 2, DIMENSIONS),
        bases=random_units(generator, 2, 1, DIMENSIONS),
        metric=generator.normal(size=(DIMENSIONS, DIMENSIONS)).astype(np.float32),
        centre=0.3 * random_units(generator, DIMENSIONS),
    )


@pytest.mark.parametrize("shard", [1, 2, 100])
def test_neutral_and_specific_vectors_are_the_steps_in_turn_whatever_the_shard(
    shard: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    generator = np.random.default_rng(16)
    raw, profile = make_embeddings(generator, [2, 1, 3]), made_profile(generator)
    groups = ["it", ALL_LANGUAGES, "it"]
    monkeypatch.setattr(space, "SHARD", shard)
    neutral, specific = in_space(raw, groups, profile)
    expected = subtract_centre(neutralise(raw, groups, profile), profile.background.centre)
    np.testing.assert_array_equal(neutral.articles, on_coarse_grid(expected.articles))
    np.testing.assert_array_equal(neutral.sentences, on_coarse_grid(expected.sentences))
    np.testing.assert_array_equal(specific.sentences, on_coarse_grid(subtract_window_means(expected).sentences))
    assert neutral.sentences.dtype == specific.sentences.dtype == np.float16


@given(st.integers(0, 10**6), st.lists(st.sampled_from(range(5)), min_size=1, max_size=5))
def test_the_vectors_of_an_article_do_not_depend_on_the_others(seed: int, chosen: list[int]) -> None:
    generator = np.random.default_rng(seed)
    sizes = generator.integers(0, 5, 5).tolist()
    raw, profile = make_embeddings(generator, sizes), made_profile(generator)
    groups = generator.choice(["it", ALL_LANGUAGES], 5).tolist()
    together = in_space(raw, groups, profile)
    offsets = np.concatenate([[0], np.cumsum([sizes[index] for index in chosen])])
    some = Embeddings(raw.articles[chosen], np.concatenate([raw.of(index) for index in chosen]), offsets)
    apart = in_space(some, [groups[index] for index in chosen], profile)
    for all_vectors, own in zip(together, apart, strict=True):
        np.testing.assert_array_equal(own.articles, all_vectors.articles[chosen])
        for position, index in enumerate(chosen):
            np.testing.assert_array_equal(own.of(position), all_vectors.of(index))
