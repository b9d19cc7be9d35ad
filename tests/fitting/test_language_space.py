"""The language-neutral space: what a language adds is estimated from translations and removed."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from detector.fitting.language_space import fit_space, language_differences, partial_whitening, principal
from detector.pairs.space import ALL_LANGUAGES, neutralise
from detector.records import Embeddings, unit
from tests.making import DIMENSIONS, make_profile, random_units

SCRIPTS = {"it": "Latn", "vi": "Latn", "ru": "Cyrl"}
LANGUAGES = [*SCRIPTS, "en"]


def translations(contents: int) -> tuple[NDArray[np.float32], list[str], NDArray[np.int64]]:
    """Sentences in three languages, each with an offset and a direction of its own added."""
    generator = np.random.default_rng(1)
    meanings = random_units(generator, contents, DIMENSIONS)
    offsets, directions = (random_units(generator, len(SCRIPTS), DIMENSIONS) for _ in range(2))
    rows = []
    for offset, direction in zip(offsets, directions, strict=True):
        amount = generator.normal(size=(contents, 1)).astype(np.float32)
        rows.append(unit(meanings + 1.5 * offset + amount * direction))
    languages = [language for language in SCRIPTS for _ in range(contents)]
    return np.concatenate(rows), languages, np.tile(np.arange(contents), len(SCRIPTS))


def mean_cosine(vectors: NDArray[np.float32], content: NDArray[np.int64], same: bool) -> float:
    """The mean cosine over pairs of one content, or over the others."""
    a, b = np.triu_indices(len(vectors), 1)
    chosen = (content[a] == content[b]) == same
    return float(np.einsum("ij,ij->i", vectors[a[chosen]], vectors[b[chosen]]).mean())


def test_known_offsets_and_directions_are_removed() -> None:
    vectors, languages, content = translations(120)
    space = fit_space(vectors, languages, content, SCRIPTS, directions=1)
    assert space.groups == ("it", "ru", "vi", "Cyrl", "Latn", ALL_LANGUAGES)
    assert space.means.shape == (6, DIMENSIONS)
    assert space.bases.shape == (6, 1, DIMENSIONS)
    profile = make_profile(space.groups, means=space.means, bases=space.bases)
    offsets = np.arange(len(vectors) + 1)
    neutral = neutralise(Embeddings(vectors, vectors, offsets), languages, profile).articles
    assert mean_cosine(neutral, content, same=True) > 0.8 > 0.55 > mean_cosine(vectors, content, same=True)
    assert abs(mean_cosine(neutral, content, same=False)) < 0.05


def test_the_mean_of_a_script_and_of_all_is_that_of_their_languages() -> None:
    vectors, languages, content = translations(50)
    space = fit_space(vectors, languages, content, SCRIPTS, directions=2)
    mean = dict(zip(space.groups, space.means, strict=True))
    np.testing.assert_allclose(mean["Cyrl"], mean["ru"], atol=1e-6)
    np.testing.assert_allclose(mean["Latn"], (mean["it"] + mean["vi"]) / 2, atol=1e-6)
    np.testing.assert_allclose(mean[ALL_LANGUAGES], (mean["it"] + mean["vi"] + mean["ru"]) / 3, atol=1e-6)


def test_differences_contain_no_content() -> None:
    vectors, _, content = translations(30)
    mean, differences = language_differences(vectors, content)
    for id in range(30):
        np.testing.assert_allclose(differences[content == id].sum(0), 0, atol=1e-5)
    np.testing.assert_allclose(mean, vectors.mean(0), atol=1e-5)


def test_ids_without_a_sentence_are_ignored() -> None:
    vectors = random_units(np.random.default_rng(2), 3, DIMENSIONS)
    mean, differences = language_differences(vectors, np.array([0, 0, 7]))
    np.testing.assert_allclose(mean, (vectors[:2].mean(0) + vectors[2]) / 2, atol=1e-6)
    assert not differences[2].any()


def test_principal_components_are_orthonormal_and_zero_beyond_the_rank() -> None:
    generator = np.random.default_rng(3)
    rows = generator.normal(size=(50, 2)) @ np.linalg.qr(generator.normal(size=(DIMENSIONS, 2)))[0].T
    found = principal(rows, 4)
    np.testing.assert_allclose(found[:2] @ found[:2].T, np.eye(2), atol=1e-9)
    assert not found[2:].any()
    np.testing.assert_allclose(rows @ found.T @ found, rows, atol=1e-9)


@pytest.mark.parametrize(("power", "spread"), [(0.0, 25.0), (0.25, 5.0), (0.5, 1.0)])
def test_whitening_divides_each_component_by_its_variance_to_the_power(power: float, spread: float) -> None:
    generator = np.random.default_rng(4)
    vectors = generator.normal(size=(40_000, 4)).astype(np.float32)
    vectors[:, 0] *= 1.0
    rows = np.concatenate([5 * np.eye(2, 4), np.eye(2, 4)[:, ::-1]])[generator.integers(0, 4, 40_000)]
    chosen = np.where(generator.random((40_000, 1)) < 25 / 26, rows[:, :] * [1, 1, 0, 0], rows * [0, 0, 1, 1])
    sample = chosen[np.abs(chosen).sum(1) > 0].astype(np.float32)
    matrix = partial_whitening(sample, power)
    np.testing.assert_allclose(matrix, matrix.T, atol=1e-6)
    variance = (unit(sample) @ matrix).var(0) + (unit(sample) @ matrix).mean(0) ** 2
    assert variance[:2].mean() / variance[2:].mean() == pytest.approx(spread, rel=0.15)
