"""From labelled articles to labelled pairs with features: all pairs of a small set, the telling ones of a large one."""

from __future__ import annotations

import zlib
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from detector.batch import Batch
from detector.evaluation.labelled import Labelled
from detector.evaluation.score_fitting import FOLDS, SAME_GRADE, PairSet
from detector.evidence import gather
from detector.reading.pairs import GivenPair

# Of a set with more articles, this many are taken; of more pairs, so many of each kind.
ARTICLES = 2_000
ALL_PAIRS = 130_000
SAME_PAIRS, NEAREST_STRANGERS, OTHER_STRANGERS = 15_000, 20_000, 20_000


def story_set(data: Labelled, batch: Batch) -> PairSet:
    """The pairs of labelled articles; the batch holds their documents in the same order.

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
        pairs, weight = _sampled(pairs, data.same(pairs), batch, rng)
    fold = _folds(data.story)
    _, story = np.unique(data.story, return_inverse=True)
    evidence = gather(batch, pairs)
    return PairSet(
        name=data.name,
        features=evidence.features,
        same=data.same(pairs),
        weight=weight,
        size=np.bincount(story)[story[pairs[:, 0]]],
        across=batch.across(pairs),
        fold_a=fold[pairs[:, 0]],
        fold_b=fold[pairs[:, 1]],
    )


def graded_set(name: str, given: Sequence[GivenPair], batch: Batch) -> PairSet:
    """The pairs people graded; the batch holds the two articles of each, one after the other."""
    graded = [number for number, pair in enumerate(given) if pair.overall is not None]
    grade = np.array([(4 - (given[number].overall or 4)) / 3 for number in graded])
    pairs = np.array([[2 * number, 2 * number + 1] for number in graded], np.int64)
    evidence = gather(batch, pairs)
    fold = _folds(np.array([given[number].name for number in graded]))
    return PairSet(
        name=name,
        features=evidence.features,
        same=grade >= SAME_GRADE - 1e-9,
        weight=np.ones(len(pairs)),
        size=np.full(len(pairs), 2),
        across=batch.across(pairs),
        fold_a=fold,
        fold_b=fold,
        grade=grade,
    )


def _sampled(
    pairs: NDArray[np.int64], same: NDArray[np.bool_], batch: Batch, rng: np.random.Generator
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    twins, strangers = np.flatnonzero(same), np.flatnonzero(~same)
    vectors = batch.neutral.articles
    cosines = np.concatenate(
        [
            np.einsum("ij,ij->i", vectors[part[:, 0]], vectors[part[:, 1]])
            for part in np.array_split(pairs[strangers], len(strangers) // 100_000 + 1)
        ]
    )
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
