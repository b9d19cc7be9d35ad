"""From labelled articles to labelled pairs and their features: of a small set all pairs, of a large one the telling."""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from detector.evaluation.labelled import Labelled
from detector.fitting.score_model import FOLDS, SAME_GRADE, PairSet
from detector.pairs.batch import Batch
from detector.pairs.features import FEATURES, dots, pair_features
from detector.profile import Profile
from detector.reading.mapping.given_pairs import GivenPair
from detector.records import Embeddings

# Of a set with more articles, this many are taken; of more pairs, so many of each kind.
ARTICLES = 2_000
ALL_PAIRS = 130_000
SAME_PAIRS, NEAREST_STRANGERS, OTHER_STRANGERS = 15_000, 20_000, 20_000


def story_pairs(data: Labelled, neutral: Embeddings, languages: NDArray[np.str_]) -> PairSet:
    """The pairs of labelled articles, without features yet; embeddings and languages are in the same order.

    Of a large set: pairs of one story at random, the strangers with the largest cosines, and others at random, each
    weighted by the number of pairs it stands for.
    """
    rng = np.random.default_rng(zlib.crc32(data.name.encode()))
    count = len(data.articles)
    chosen = np.sort(rng.choice(count, min(count, ARTICLES), replace=False))
    pairs = chosen[np.stack(np.triu_indices(len(chosen), 1), 1)]
    pairs = pairs[data.counted(pairs)]
    weight = np.ones(len(pairs))
    if len(pairs) > ALL_PAIRS:
        pairs, weight = _sampled(pairs, data.same(pairs), neutral.articles, rng)
    fold = _folds(data.story)
    _, story = np.unique(data.story, return_inverse=True)
    return PairSet(
        name=data.name,
        pairs=pairs,
        features=np.zeros((len(pairs), 0)),
        cosine=np.zeros(len(pairs)),
        same=data.same(pairs),
        weight=weight,
        size=np.bincount(story)[story[pairs[:, 0]]],
        across=languages[pairs[:, 0]] != languages[pairs[:, 1]],
        fold_a=fold[pairs[:, 0]],
        fold_b=fold[pairs[:, 1]],
    )


def graded_pairs(name: str, given: Sequence[GivenPair], languages: NDArray[np.str_]) -> PairSet:
    """The pairs people graded, without features yet; `languages` of the two articles of each, one after the other."""
    graded = [number for number, pair in enumerate(given) if pair.grade is not None]
    grade = np.array([given[number].grade for number in graded], float)
    pairs = np.array([[2 * number, 2 * number + 1] for number in graded], np.int64).reshape(-1, 2)
    fold = _folds(np.array([given[number].name for number in graded]))
    return PairSet(
        name=name,
        pairs=pairs,
        features=np.zeros((len(pairs), 0)),
        cosine=np.zeros(len(pairs)),
        same=grade >= SAME_GRADE,
        weight=np.ones(len(pairs)),
        size=np.full(len(pairs), 2),
        across=languages[pairs[:, 0]] != languages[pairs[:, 1]],
        fold_a=fold,
        fold_b=fold,
        grade=grade,
    )


def crossfitted(data: PairSet, batch: Batch, profiles: Sequence[Profile]) -> PairSet:
    """The pairs with their features, each in the space of the profile of its fold, which has not seen its stories."""
    features, cosine = np.zeros((len(data.pairs), len(FEATURES))), np.zeros(len(data.pairs))
    for fold, profile in enumerate(profiles):
        rows = data.fold == fold
        if rows.any():
            there = batch.in_space_of(profile)
            features[rows] = pair_features(there, data.pairs[rows]).matrix
            cosine[rows] = dots(there.neutral.articles, *data.pairs[rows].T)
    return replace(data, features=features, cosine=cosine)


def _sampled(
    pairs: NDArray[np.int64], same: NDArray[np.bool_], vectors: NDArray[np.float32], rng: np.random.Generator
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    twins, strangers = np.flatnonzero(same), np.flatnonzero(~same)
    cosines = dots(vectors, *pairs[strangers].T)
    nearest = np.argpartition(-cosines, NEAREST_STRANGERS)
    near, far = strangers[nearest[:NEAREST_STRANGERS]], strangers[nearest[NEAREST_STRANGERS:]]
    chosen = [
        (rng.choice(twins, min(len(twins), SAME_PAIRS), replace=False), len(twins)),
        (near, len(near)),
        (rng.choice(far, min(len(far), OTHER_STRANGERS), replace=False), len(far)),
    ]
    places = np.concatenate([np.sort(rows) for rows, _ in chosen])
    weight = np.concatenate([np.full(len(rows), total / len(rows)) for rows, total in chosen])
    return pairs[places], weight


def _folds(stories: NDArray[np.str_]) -> NDArray[np.int64]:
    """A fold for each story, spread evenly and the same whatever the order: by the hash of its name."""
    names = sorted(set(stories.tolist()), key=lambda name: (zlib.crc32(name.encode()), name))
    fold = {name: number % FOLDS for number, name in enumerate(names)}
    return np.array([fold[name] for name in stories.tolist()], np.int64)
