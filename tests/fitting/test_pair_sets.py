"""Labelled pairs: what is known of them, their weights and folds."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from detector.fitting.pair_sets import FOLDS, folds, joined
from tests.fitting.making import made_pairs


def test_a_target_is_known_unless_it_is_missing_or_not_a_number() -> None:
    data = made_pairs("a", 1)
    partly = np.where(np.arange(400) < 100, np.nan, 1.0)
    data = replace(data, targets={**data.targets, "storyline": partly})
    assert data.known("storyline").tolist() == [False] * 100 + [True] * 300
    assert not data.known("similarity").any()
    assert data.same.tolist() == (data.targets["probability"] == 1).tolist()


def test_every_set_has_weight_1_and_a_large_story_does_not_outweigh_the_others() -> None:
    data = replace(
        made_pairs("a", 1),
        targets={"probability": np.array([1.0] * 4 + [0.0] * 396)},
        size=np.array([3, 3, 3, 2] + [1] * 396),
        weight=np.ones(400),
    )
    weight = data.fitting_weight("probability", np.ones(400, bool))
    assert weight.sum() == pytest.approx(1)
    assert weight[:3] * 2 == pytest.approx(weight[3])
    assert weight[4:].sum() == pytest.approx(10 * weight[:4].sum())


def test_groups_are_spread_evenly_and_their_order_does_not_matter() -> None:
    groups = [f"s{index // 2}" for index in range(4 * FOLDS)]
    fold = folds(groups)
    assert (fold[::2] == fold[1::2]).all()
    assert np.bincount(fold[::2]).tolist() == [2] * FOLDS
    assert folds(groups[::-1]).tolist() == fold[::-1].tolist()


def test_a_pair_touches_the_folds_of_both_articles() -> None:
    data = made_pairs("a", 1)
    assert (data.touches(0) == ((data.fold_a == 0) | (data.fold_b == 0))).all()
    assert (data.fold == np.maximum(data.fold_a, data.fold_b)).all()


def test_the_parts_of_a_set_are_joined_in_their_order() -> None:
    first, second = made_pairs("a", 1), made_pairs("a", 2)
    both = joined([first, second])
    assert both.name == "a"
    assert len(both.pairs) == 800
    assert (both.features[400:] == second.features).all()
    assert (both.targets["probability"][:400] == first.targets["probability"]).all()
