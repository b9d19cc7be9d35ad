"""Fitting the language-neutral space of a profile from translations.

Parallel texts have the same content in many languages. A sentence vector minus the mean of all its translations is what
the language adds. These differences give each language's mean and directions, and they contain no topic.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from detector.pairs.space import ALL_LANGUAGES
from detector.records import unit


@dataclass(frozen=True)
class Space:
    """The arrays of a profile that remove the language from a vector; see `Profile` for their shapes."""

    groups: tuple[str, ...]
    means: NDArray[np.float32]
    bases: NDArray[np.float32]


def language_differences(
    vectors: NDArray[np.float32], content: NDArray[np.int64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """The mean of all contents, (dimensions,), and each vector minus the mean of its content, (vectors, dimensions).

    content: (vectors,), an id of at least 0; translations of one sentence have the same id.
    """
    count = int(content.max()) + 1
    sums = np.zeros((count, vectors.shape[1]))
    np.add.at(sums, content, vectors)
    sizes = np.bincount(content, minlength=count)
    means = sums / sizes.clip(1)[:, None]
    return means[sizes > 0].mean(0), vectors - means[content]


def fit_space(
    vectors: NDArray[np.float32],
    languages: Sequence[str],
    content: NDArray[np.int64],
    scripts: Mapping[str, str],
    *,
    directions: int,
) -> Space:
    """Means and directions for every language, for every script (over its languages) and for all languages together.

    languages: the language of each vector. content: as in `language_differences`. scripts: language → script. The
    directions of a language are the principal components of its differences. Those of a script, or of all languages,
    are the principal components of the languages' means: they remove what separates languages from a vector of an
    unknown language.
    """
    codes = np.array(languages)
    mean, differences = language_differences(vectors, content)
    names = sorted(set(languages))
    offsets = {name: differences[codes == name].mean(0) for name in names}
    groups, means, bases = [], [], []
    for name in names:
        groups.append(name)
        means.append(mean + offsets[name])
        bases.append(principal(differences[codes == name] - offsets[name], directions))
    for script in [*sorted(set(scripts.values())), ALL_LANGUAGES]:
        members = np.array([offsets[name] for name in names if script in (ALL_LANGUAGES, scripts.get(name))])
        groups.append(script)
        means.append(mean + members.mean(0))
        bases.append(principal(members - members.mean(0), directions))
    return Space(tuple(groups), np.array(means, np.float32), np.array(bases, np.float32))


def principal(rows: NDArray[np.float64], directions: int) -> NDArray[np.float64]:
    """The first principal components of centred rows, (directions, dimensions): orthonormal, zero beyond their rank."""
    values, vectors = np.linalg.eigh(rows.T @ rows)
    chosen = vectors[:, ::-1][:, :directions].T.copy()
    chosen[values[::-1][:directions] <= 1e-9] = 0
    return np.asarray(chosen)


def partial_whitening(vectors: NDArray[np.float32], power: float) -> NDArray[np.float32]:
    """The symmetric matrix that divides each principal component by its variance to the `power`.

    power: 0 changes nothing, 0.5 is full whitening. vectors: language-neutral sentences, (sentences, dimensions).
    """
    rows = unit(vectors).astype(np.float64)
    values, basis = np.linalg.eigh(rows.T @ rows / len(rows))
    relative = values.clip(0) / values.mean() + 1e-3
    return np.asarray((basis * relative**-power) @ basis.T, np.float32)
