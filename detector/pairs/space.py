"""Taking the language out of embeddings, so that a translation is nearer than a stranger in one's own language.

Three steps, all learned beforehand from translations, because a batch often holds too few articles of a language, or
only one topic, to show them: the language's mean is subtracted (Libovický, Rosa and Fraser, 2020); the directions in
which it still differs from other languages saying the same are projected out (after LIR; Yang et al., EMNLP 2021, with
the directions taken from differences between translations, so that no topic is lost with them); and a linear map
learned from labelled pairs damps the directions in which strangers look alike (see `detector.fitting.metric_learning`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from detector.encoding.encoder import unit
from detector.execution.spool import Spool, release
from detector.profile import Profile
from detector.records import Embeddings

EVERY = "*"
# Articles taken into the space at a time.
TOGETHER = 1024


def group_of(language: str, script: str, groups: Iterable[str]) -> str:
    """The group that serves a language: its own, that of its plain code, of its script, of all languages."""
    known = set(groups)
    for candidate in (language, language.split("-")[0], script):
        if candidate in known:
            return candidate
    return EVERY


def fallbacks(groups: Mapping[str, str]) -> dict[str, str]:
    """Of languages and the groups that serve them, those without statistics of their own, in words a user reads."""
    return {
        language: "all languages" if group == EVERY else f"script {group}"
        for language, group in sorted(groups.items())
        if group not in (language, language.split("-")[0])
    }


def in_space(
    raw: Embeddings, groups: Sequence[str], profile: Profile, folder: Path | None = None
) -> tuple[Embeddings, Embeddings, NDArray[np.float32]]:
    """The embeddings in the space of the profile: neutral, specific, and what was taken out as shared by all.

    neutral: with each article's language and what the whole batch shares taken out. specific: the same, with what the
    sentences of an article share taken out of each. Sentence vectors are float16; `folder` is where large arrays lie.
    """
    cuts, dimensions = profile.scoring["cuts"], raw.articles.shape[1]
    uncentred, articles = (Spool(np.float32, dimensions, folder) for _ in range(2))
    sentences, matched = (Spool(np.float16, dimensions, folder) for _ in range(2))
    parts = [range(at, min(at + TOGETHER, len(groups))) for at in range(0, len(groups), TOGETHER)]
    for part in parts:
        chosen = chosen_groups([groups[place] for place in part], profile)
        uncentred.append(neutral_vectors(raw.articles[part.start : part.stop], chosen, profile))
    middle = batch_centre(uncentred.array(), cuts["same_story"], cuts["centre_prior"])
    for part in parts:
        neutral = centre(neutralise(raw.part(part), [groups[place] for place in part], profile), middle)
        articles.append(neutral.articles)
        sentences.append(neutral.sentences)
        matched.append(specific(neutral).sentences)
        release(raw.sentences, raw.articles)
    whole = replace(raw, articles=articles.array(), sentences=sentences.array())
    return whole, replace(whole, sentences=matched.array()), middle


def chosen_groups(groups: Sequence[str], profile: Profile) -> NDArray[np.int64]:
    """The number of each group in the profile."""
    place = {group: number for number, group in enumerate(profile.groups)}
    return np.array([place[group] for group in groups], np.int64)


def neutralise(embeddings: Embeddings, groups: Sequence[str], profile: Profile) -> Embeddings:
    """The embeddings with each article's language taken out, float32, of length 1 again.

    `groups` names, for each article, the group of the profile whose statistics are used (see `group_of`).
    """
    chosen = chosen_groups(groups, profile)
    return replace(
        embeddings,
        articles=neutral_vectors(embeddings.articles, chosen, profile),
        sentences=neutral_vectors(embeddings.sentences, np.repeat(chosen, np.diff(embeddings.offsets)), profile),
    )


def neutral_vectors(
    vectors: NDArray[np.floating[Any]], chosen: NDArray[np.int64], profile: Profile
) -> NDArray[np.float32]:
    """Vectors, (vectors, dimensions), with the language of the group `chosen` for each taken out, of length 1."""
    neutral = np.empty(vectors.shape, np.float32)
    for number in np.unique(chosen):
        rows = chosen == number
        basis = profile.bases[number]
        centred = vectors[rows].astype(np.float32) - profile.means[number]
        neutral[rows] = centred - (centred @ basis.T) @ basis
    return unit(unit(neutral) @ profile.metric)


def batch_centre(
    vectors: NDArray[np.float32], same_story: float, prior: float, sample: int = 2000
) -> NDArray[np.float32]:
    """What all stories of a batch share (its topic, its time), as a vector to subtract: (dimensions,).

    Each article counts as one part of its story, the articles at cosine `same_story` or more around it, so that a
    batch on one story is not emptied of it; the mean is shrunk towards zero as if `prior` more stories had none.
    Beyond `sample` articles every k-th is looked at.
    """
    chosen = vectors[:: max(1, -(-len(vectors) // sample))]
    if not len(chosen):
        return np.zeros(vectors.shape[1], np.float32)
    share = 1.0 / (chosen @ chosen.T >= same_story).sum(1).clip(1)
    return np.asarray((share[:, None] * chosen).sum(0) / (share.sum() + prior), np.float32)


def centre(embeddings: Embeddings, middle: NDArray[np.float32]) -> Embeddings:
    """The embeddings with `middle` subtracted, of length 1 again."""
    return replace(
        embeddings, articles=unit(embeddings.articles - middle), sentences=unit(embeddings.sentences - middle)
    )


def specific(embeddings: Embeddings) -> Embeddings:
    """The embeddings with what the sentences read together share taken out of each, of length 1 again.

    Read in context, all sentences of a window carry its topic; what is left tells what each one says. Of a window of n
    sentences (n − 1) / (n + 1) of their mean is subtracted, so that a lone sentence stays what it is. Windows of one
    article differ from each other more than two articles do, so the mean of the article would not serve.
    """
    count = len(embeddings.sentences)
    articles = np.repeat(np.arange(len(embeddings.articles)), np.diff(embeddings.offsets))
    read = articles if embeddings.windows is None else embeddings.windows
    starts = np.flatnonzero(np.diff(read, prepend=-1)) if count else np.zeros(0, np.int64)
    sizes = np.diff(starts, append=count)
    shares = ((sizes - 1) / (sizes + 1) / sizes)[:, None].astype(np.float32)
    shared = np.add.reduceat(embeddings.sentences, starts) * shares if count else embeddings.sentences
    return replace(embeddings, sentences=unit(embeddings.sentences - np.repeat(shared, sizes, axis=0)))
