"""Labelled pairs for fitting: all pairs of a small set of articles, a weighted sample of a large one."""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from detector.evaluation.labelled import SAME_GRADE, Labelled
from detector.pairs.batch import Batch
from detector.pairs.features import FEATURES, dots, pair_features
from detector.pairs.scoring import Matrix
from detector.profile import Profile
from detector.reading.given_pairs import GivenPair
from detector.records import Embeddings

FOLDS = 5
# In fitting, the unrelated pairs of a set weigh together at most this many times what its pairs of one story weigh.
UNRELATED_WEIGHT = 10.0
# At most this many articles of a set are used. With more pairs than `ALL_PAIRS`, so many of each kind are sampled.
ARTICLES = 2_000
ALL_PAIRS = 130_000
SAME_PAIRS, NEAREST_UNRELATED, OTHER_UNRELATED = 15_000, 20_000, 20_000


@dataclass(frozen=True)
class PairSet:
    """Labelled pairs of one set of data; every array is (pairs, …).

    pairs: (pairs, 2), the indices of the articles. features: as `pair_features` returns them. cosine: of the articles
    in the language-neutral space. same: one story. weight: how many pairs of the full set each one represents.
    size: articles in the story of the first article. across: two languages. fold_a, fold_b: the fold of the story of
    each article. grade: 0 to 1 if people graded the pairs, else None. affair: one affair; None if only `same` is known.
    form: one recurring form with different facts; None if it is not labelled.
    """

    name: str
    pairs: NDArray[np.int64]
    features: Matrix
    cosine: NDArray[np.float64]
    same: NDArray[np.bool_]
    weight: NDArray[np.float64]
    size: NDArray[np.int64]
    across: NDArray[np.bool_]
    fold_a: NDArray[np.int64]
    fold_b: NDArray[np.int64]
    grade: NDArray[np.float64] | None = None
    affair: NDArray[np.bool_] | None = None
    form: NDArray[np.bool_] | None = None

    def fitting_weight(self, chosen: NDArray[np.bool_]) -> NDArray[np.float64]:
        """The weight of the chosen pairs in fitting; it sums to 1, so that every set counts alike.

        The pairs of one story together weigh as much as the story has articles. Otherwise one large story would be
        most of what is learned.
        """
        weight, same = self.weight[chosen].copy(), self.same[chosen]
        weight[same] /= np.maximum(self.size[chosen][same] - 1, 1)
        if self.grade is not None:
            return np.asarray(weight / weight.sum())
        unrelated = weight[~same].sum()
        if unrelated:
            weight[~same] *= min(1.0, UNRELATED_WEIGHT * weight[same].sum() / unrelated)
        return np.asarray(weight / weight.sum())

    @property
    def fold(self) -> NDArray[np.int64]:
        """The fold whose models predict each pair."""
        return np.maximum(self.fold_a, self.fold_b)

    def touches(self, fold: int) -> NDArray[np.bool_]:
        """Which pairs have an article whose story is in the fold."""
        return np.asarray((self.fold_a == fold) | (self.fold_b == fold))


def story_pairs(data: Labelled, neutral: Embeddings, languages: NDArray[np.str_]) -> PairSet:
    """The pairs of labelled articles, without features yet; embeddings and languages are in the order of the articles.

    A large set is sampled: pairs of one story at random, the unrelated pairs with the largest cosines, and other
    unrelated pairs at random. Each is weighted by the number of pairs it represents.
    """
    rng = np.random.default_rng(zlib.crc32(data.name.encode()))
    count = len(data.articles)
    chosen = np.sort(rng.choice(count, min(count, ARTICLES), replace=False))
    pairs = chosen[np.stack(np.triu_indices(len(chosen), 1), 1)]
    pairs = pairs[data.counted(pairs)]
    weight = np.ones(len(pairs))
    if len(pairs) > ALL_PAIRS:
        pairs, weight = _sample(pairs, data.same(pairs), neutral.articles, rng)
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
    """The pairs that people graded, without features yet.

    Pair i is made of documents 2i and 2i + 1; `languages` is (documents,).
    """
    graded = [index for index, pair in enumerate(given) if pair.grade is not None]
    grade = np.array([given[index].grade for index in graded], float)
    pairs = np.array([[2 * index, 2 * index + 1] for index in graded], np.int64).reshape(-1, 2)
    fold = _folds(np.array([given[index].name for index in graded]))
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


def with_features(data: PairSet, batch: Batch, profiles: Sequence[Profile]) -> PairSet:
    """The pairs with their features; each pair in the space of the profile of its fold, learned without its stories."""
    features, cosine = np.zeros((len(data.pairs), len(FEATURES))), np.zeros(len(data.pairs))
    for fold, profile in enumerate(profiles):
        rows = data.fold == fold
        if rows.any():
            in_fold = batch.in_space_of(profile)
            features[rows] = pair_features(in_fold, data.pairs[rows]).matrix
            cosine[rows] = dots(in_fold.neutral.articles, *data.pairs[rows].T)
    return replace(data, features=features, cosine=cosine)


def _sample(
    pairs: NDArray[np.int64], same: NDArray[np.bool_], vectors: NDArray[np.float32], rng: np.random.Generator
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """The sampled pairs, (sample, 2), and their weights, (sample,)."""
    related, unrelated = np.flatnonzero(same), np.flatnonzero(~same)
    cosines = dots(vectors, *pairs[unrelated].T)
    nearest = np.argpartition(-cosines, NEAREST_UNRELATED)
    near, far = unrelated[nearest[:NEAREST_UNRELATED]], unrelated[nearest[NEAREST_UNRELATED:]]
    chosen = [
        (rng.choice(related, min(len(related), SAME_PAIRS), replace=False), len(related)),
        (near, len(near)),
        (rng.choice(far, min(len(far), OTHER_UNRELATED), replace=False), len(far)),
    ]
    rows = np.concatenate([np.sort(rows) for rows, _ in chosen])
    weight = np.concatenate([np.full(len(rows), total / len(rows)) for rows, total in chosen])
    return pairs[rows], weight


def _folds(stories: NDArray[np.str_]) -> NDArray[np.int64]:
    """A fold for each story: evenly spread, and by the hash of its name, so that the order does not matter."""
    names = sorted(set(stories.tolist()), key=lambda name: (zlib.crc32(name.encode()), name))
    fold = {name: index % FOLDS for index, name in enumerate(names)}
    return np.array([fold[name] for name in stories.tolist()], np.int64)
