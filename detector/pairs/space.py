"""Takes the language out of embeddings, so that a translation is nearer than an unrelated text in the same language.

Three steps, all learned beforehand from translations, because a batch often holds too few articles of a language, or
only one topic, to estimate them. The language's mean is subtracted (Libovický, Rosa and Fraser, 2020). The directions
in which it still differs from other languages that say the same are projected out (after LIR; Yang et al., EMNLP 2021;
the directions come from differences between translations, so no topic is lost with them). A linear map damps the
directions in which all news varies most (partial whitening, see `detector.fitting.language_space`).

Two more steps follow: the centre of the background is subtracted, and from each sentence the mean of its window.

Vectors are on the fine grid of `detector.pairs.exact` after every step, and on the coarse one in the end. So the
vectors of an article, and all cosines between two articles, do not depend on the articles that are computed with them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from detector.execution.spool import Spool, release
from detector.pairs.exact import COARSE, FINE, on_grid, unit_on_grid
from detector.profile import Profile
from detector.records import Embeddings

# The group of all languages.
ALL_LANGUAGES = "*"
# Articles neutralised in one step.
SHARD = 256


def group_of(language: str, script: str, groups: Iterable[str]) -> str:
    """The group that serves a language: its own, that of its plain code, of its script, or of all languages."""
    known = set(groups)
    for candidate in (language, language.split("-")[0], script):
        if candidate in known:
            return candidate
    return ALL_LANGUAGES


def fallbacks(groups: Mapping[str, str]) -> dict[str, str]:
    """The languages without statistics of their own and what serves them instead, in a user's words.

    `groups` maps each language to its group.
    """
    return {
        language: "all languages" if group == ALL_LANGUAGES else f"script {group}"
        for language, group in sorted(groups.items())
        if group not in (language, language.split("-")[0])
    }


def in_space(
    raw: Embeddings, groups: Sequence[str], profile: Profile, folder: Path | None = None
) -> tuple[Embeddings, Embeddings]:
    """The embeddings in the space of the profile, neutral and specific, of length 1 and rounded to the coarse grid.

    neutral: without the language and the centre of the background. specific: additionally, the mean of its window
    removed from each sentence. Sentence vectors are float16; large arrays are files in `folder`.
    """
    dimensions = raw.articles.shape[1]
    articles = Spool(np.float32, dimensions, folder)
    sentences, specific = (Spool(np.float16, dimensions, folder) for _ in range(2))
    for start in range(0, len(groups), SHARD):
        shard = range(start, min(start + SHARD, len(groups)))
        fine = neutralise(raw.part(shard), groups[shard.start : shard.stop], profile)
        fine = subtract_centre(fine, profile.background.centre)
        articles.append(on_grid(fine.articles, COARSE))
        sentences.append(on_grid(fine.sentences, COARSE))
        specific.append(on_grid(subtract_window_means(fine).sentences, COARSE))
        release(raw.sentences, raw.articles)
    neutral = replace(raw, articles=articles.array(), sentences=sentences.array())
    return neutral, replace(neutral, sentences=specific.array())


def group_indices(groups: Sequence[str], profile: Profile) -> NDArray[np.int64]:
    """The index of each group in the profile."""
    index = {group: i for i, group in enumerate(profile.groups)}
    return np.array([index[group] for group in groups], np.int64)


def neutralise(embeddings: Embeddings, groups: Sequence[str], profile: Profile) -> Embeddings:
    """The embeddings with each article's language taken out, float32 on the fine grid, of length 1 again.

    `groups` names, for each article, the group of the profile whose statistics are used (see `group_of`).
    """
    indices = group_indices(groups, profile)
    return replace(
        embeddings,
        articles=neutral_vectors(embeddings.articles, indices, profile),
        sentences=neutral_vectors(embeddings.sentences, np.repeat(indices, np.diff(embeddings.offsets)), profile),
    )


def neutral_vectors(
    vectors: NDArray[np.floating[Any]], groups: NDArray[np.int64], profile: Profile
) -> NDArray[np.float32]:
    """Vectors, (vectors, dimensions), with their language taken out, of length 1, on the fine grid.

    `groups` is the index of the group of each vector, (vectors,).
    """
    neutral = np.empty(vectors.shape, np.float64)
    for group in np.unique(groups):
        rows = groups == group
        basis = on_grid(profile.bases[group], FINE)
        centred = on_grid(vectors[rows] - profile.means[group].astype(np.float64), FINE)
        neutral[rows] = centred - on_grid(centred @ basis.T, FINE) @ basis
    return mapped(unit_on_grid(neutral), profile.metric)


def mapped(vectors: NDArray[np.floating[Any]], metric: NDArray[np.float32]) -> NDArray[np.float32]:
    """Vectors on the fine grid, (vectors, dimensions), after a linear map, of length 1 and on the fine grid again."""
    return unit_on_grid(vectors.astype(np.float64) @ on_grid(metric, FINE)).astype(np.float32)


def subtract_centre(embeddings: Embeddings, centre: NDArray[np.float32]) -> Embeddings:
    """The embeddings with the centre, (dimensions,), subtracted, of length 1 again; float32, on the fine grid."""
    shift = centre.astype(np.float64)
    articles, sentences = (unit_on_grid(vectors - shift) for vectors in (embeddings.articles, embeddings.sentences))
    return replace(embeddings, articles=articles.astype(np.float32), sentences=sentences.astype(np.float32))


def subtract_window_means(embeddings: Embeddings) -> Embeddings:
    """The embeddings with the mean of its window subtracted from each sentence, of length 1 again.

    Before and after, they are float32 on the fine grid. Sentences that the encoder reads together all carry the topic
    of their window; the rest is what each one says. In a window of n sentences, (n − 1) / (n + 1) of the mean is
    subtracted, so that a lone sentence stays as it is. The mean of the article would not do: windows of one article
    differ from each other more than two articles do.
    """
    count = len(embeddings.sentences)
    if not count:
        return embeddings
    articles = np.repeat(np.arange(len(embeddings.articles)), np.diff(embeddings.offsets))
    windows = articles if embeddings.windows is None else embeddings.windows
    starts = np.flatnonzero(np.diff(windows, prepend=-1))
    sizes = np.diff(starts, append=count)
    sentences = embeddings.sentences.astype(np.float64)
    means = np.add.reduceat(sentences, starts) * ((sizes - 1) / (sizes + 1) / sizes)[:, None]
    specific = unit_on_grid(sentences - np.repeat(means, sizes, axis=0))
    return replace(embeddings, sentences=specific.astype(np.float32))
