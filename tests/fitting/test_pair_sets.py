"""Labelled pairs: their weights, folds and samples."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest

from detector.evaluation.labelled import Labelled
from detector.fitting import pair_sets
from detector.fitting.pair_sets import FOLDS, PairSet, graded_pairs, story_pairs
from detector.reading.given_pairs import GivenPair
from detector.records import Article
from tests.fitting.making import made_pairs
from tests.making import make_embeddings


def labelled(stories: Sequence[str]) -> Labelled:
    ids = [f"{index:03}" for index in range(len(stories))]
    articles = tuple(Article(id, "a text") for id in ids)
    return Labelled("set", articles, np.array(stories), np.array(ids), np.full(len(ids), ""))


def pairs_of(stories: Sequence[str]) -> PairSet:
    neutral = make_embeddings(np.random.default_rng(0), [1] * len(stories))
    return story_pairs(labelled(stories), neutral, np.array(["en", "fr"] * len(stories))[: len(stories)])


def test_a_small_set_gives_every_pair_once() -> None:
    data = pairs_of(["flood", "flood", "vote", "vote", "vote"])
    assert data.pairs.tolist() == np.stack(np.triu_indices(5, 1), 1).tolist()
    assert data.same.sum() == 1 + 3
    assert data.weight.tolist() == [1] * 10
    assert data.size[data.same].tolist() == [2, 3, 3, 3]
    assert data.across.tolist() == [(a + b) % 2 == 1 for a, b in data.pairs.tolist()]


def test_a_sample_of_a_large_set_represents_all_its_pairs(monkeypatch: pytest.MonkeyPatch) -> None:
    stories = [f"s{index // 3}" for index in range(60)]
    every = pairs_of(stories)
    for name, value in (("ALL_PAIRS", 100), ("SAME_PAIRS", 20), ("NEAREST_UNRELATED", 30), ("OTHER_UNRELATED", 40)):
        monkeypatch.setattr(pair_sets, name, value)
    sample = pairs_of(stories)
    assert len(sample.pairs) == 20 + 30 + 40
    assert len(np.unique(sample.pairs, axis=0)) == len(sample.pairs)
    for same in (True, False):
        assert sample.weight[sample.same == same].sum() == pytest.approx((every.same == same).sum())


def test_a_story_has_one_fold_and_every_fold_has_as_many_stories() -> None:
    data = pairs_of([f"s{index // 2}" for index in range(4 * FOLDS)])
    assert (data.fold_a[data.same] == data.fold_b[data.same]).all()
    fold_of = dict(zip(data.pairs[:, 0].tolist(), data.fold_a.tolist(), strict=True))
    counts = np.bincount([fold_of[index] for index in range(0, 4 * FOLDS - 1, 2)])
    assert counts.tolist() == [2] * FOLDS
    assert (data.touches(0) == ((data.fold_a == 0) | (data.fold_b == 0))).all()


def test_pairs_without_a_grade_are_left_out_and_two_of_four_is_one_story() -> None:
    a, b = Article("a", "A."), Article("b", "B.")
    given = [GivenPair("1", a, b, 2.0), GivenPair("2", a, b), GivenPair("3", a, b, 3.0)]
    data = graded_pairs("graded", given, np.array(["en", "fr", "en", "en", "en", "en"]))
    assert data.pairs.tolist() == [[0, 1], [4, 5]]
    assert data.same.tolist() == [True, False]
    assert data.across.tolist() == [True, False]


def test_every_set_has_weight_1_and_a_large_story_does_not_outweigh_the_others() -> None:
    data = replace(
        made_pairs("a", 1),
        same=np.array([True] * 4 + [False] * 396),
        size=np.array([3, 3, 3, 2] + [1] * 396),
        weight=np.ones(400),
    )
    weight = data.fitting_weight(np.ones(400, bool))
    assert weight.sum() == pytest.approx(1)
    assert weight[:3] * 2 == pytest.approx(weight[3])
    assert weight[4:].sum() == pytest.approx(10 * weight[:4].sum())
    graded = replace(data, grade=np.zeros(400))
    assert graded.fitting_weight(np.ones(400, bool)).sum() == pytest.approx(1)
