"""Takes the language out of embeddings, so that a translation is nearer than an unrelated text in the same language.

Three steps, all learned beforehand from translations, because a batch often holds too few articles of a language, or
only one topic, to estimate them. The language's mean is subtracted (Libovický, Rosa and Fraser, 2020). The directions
in which it still differs from other languages that say the same are projected out (after LIR; Yang et al., EMNLP 2021;
the directions come from differences between translations, so no topic is lost with them). A linear map learned from
labelled pairs damps the directions in which unrelated articles look alike (see `detector.fitting.metric_learning`).

Two more steps depend on the batch: its mean is subtracted, and from each sentence the mean of its window.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from detector.execution.spool import Spool, release
from detector.profile import Profile
from detector.records import Embeddings, unit

# The group of all languages.
ALL_LANGUAGES = "*"
# Articles neutralised in one step.
SHARD = 1024


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
) -> tuple[Embeddings, Embeddings, NDArray[np.float32]]:
    """The embeddings in the space of the profile: neutral, specific, and the batch mean that was subtracted.

    neutral: language and batch mean removed. specific: additionally, the mean of its window removed from each sentence.
    The batch mean is (dimensions,). Sentence vectors are float16; large arrays are files in `folder`.
    """
    dimensions = raw.articles.shape[1]
    uncentred, articles = (Spool(np.float32, dimensions, folder) for _ in range(2))
    sentences, specific = (Spool(np.float16, dimensions, folder) for _ in range(2))
    shards = [range(start, min(start + SHARD, len(groups))) for start in range(0, len(groups), SHARD)]
    for shard in shards:
        indices = group_indices(groups[shard.start : shard.stop], profile)
        uncentred.append(neutral_vectors(raw.articles[shard.start : shard.stop], indices, profile))
    mean = batch_mean(uncentred.array(), profile.cuts.same_story, profile.cuts.centre_prior)
    for shard in shards:
        neutral = subtract_mean(neutralise(raw.part(shard), groups[shard.start : shard.stop], profile), mean)
        articles.append(neutral.articles)
        sentences.append(neutral.sentences)
        specific.append(subtract_window_means(neutral).sentences)
        release(raw.sentences, raw.articles)
    all_neutral = replace(raw, articles=articles.array(), sentences=sentences.array())
    return all_neutral, replace(all_neutral, sentences=specific.array()), mean


def group_indices(groups: Sequence[str], profile: Profile) -> NDArray[np.int64]:
    """The index of each group in the profile."""
    index = {group: i for i, group in enumerate(profile.groups)}
    return np.array([index[group] for group in groups], np.int64)


def neutralise(embeddings: Embeddings, groups: Sequence[str], profile: Profile) -> Embeddings:
    """The embeddings with each article's language taken out, float32, of length 1 again.

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
    """Vectors, (vectors, dimensions), with their language taken out, of length 1.

    `groups` is the index of the group of each vector, (vectors,).
    """
    neutral = np.empty(vectors.shape, np.float32)
    for group in np.unique(groups):
        rows = groups == group
        basis = profile.bases[group]
        centred = vectors[rows].astype(np.float32) - profile.means[group]
        neutral[rows] = centred - (centred @ basis.T) @ basis
    return unit(unit(neutral) @ profile.metric)


def batch_mean(
    vectors: NDArray[np.float32], same_story: float, prior: float, sample: int = 2000
) -> NDArray[np.float32]:
    """What the stories of a batch have in common (their topic, their time), as a vector to subtract: (dimensions,).

    Each article counts as one part of its story, the articles with a cosine of `same_story` or more to it, so that a
    batch on one story does not lose it. The mean is shrunk towards zero as if `prior` more stories were at the origin.
    Of more than `sample` articles, every k-th is used.
    """
    used = vectors[:: max(1, -(-len(vectors) // sample))]
    if not len(used):
        return np.zeros(vectors.shape[1], np.float32)
    share = 1.0 / (used @ used.T >= same_story).sum(1).clip(1)
    return np.asarray((share[:, None] * used).sum(0) / (share.sum() + prior), np.float32)


def subtract_mean(embeddings: Embeddings, mean: NDArray[np.float32]) -> Embeddings:
    """The embeddings with `mean`, (dimensions,), subtracted, of length 1 again."""
    return replace(embeddings, articles=unit(embeddings.articles - mean), sentences=unit(embeddings.sentences - mean))


def subtract_window_means(embeddings: Embeddings) -> Embeddings:
    """The embeddings with the mean of its window subtracted from each sentence, of length 1 again.

    Sentences that the encoder reads together all carry the topic of their window; the rest is what each one says. In a
    window of n sentences, (n − 1) / (n + 1) of the mean is subtracted, so that a lone sentence stays as it is. The mean
    of the article would not do: windows of one article differ from each other more than two articles do.
    """
    count = len(embeddings.sentences)
    articles = np.repeat(np.arange(len(embeddings.articles)), np.diff(embeddings.offsets))
    windows = articles if embeddings.windows is None else embeddings.windows
    starts = np.flatnonzero(np.diff(windows, prepend=-1)) if count else np.zeros(0, np.int64)
    sizes = np.diff(starts, append=count)
    shares = ((sizes - 1) / (sizes + 1) / sizes)[:, None].astype(np.float32)
    means = np.add.reduceat(embeddings.sentences, starts) * shares if count else embeddings.sentences
    return replace(embeddings, sentences=unit(embeddings.sentences - np.repeat(means, sizes, axis=0)))
