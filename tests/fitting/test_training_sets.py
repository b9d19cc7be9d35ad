"""Labelled files as training sets: documents that are not repeated, and the pairs among some of them."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from detector.evaluation.labelled import Labelled
from detector.fitting import training_sets
from detector.fitting.pair_sets import PairSet
from detector.fitting.training_sets import StorySet, read_pair_set
from detector.preparing import prepare
from detector.records import Article
from tests.making import make_embeddings


def labelled(stories: Sequence[str], storylines: Sequence[str] | None = None) -> Labelled:
    ids = [f"{index:03}" for index in range(len(stories))]
    articles = tuple(Article(id, "The river rose by two metres in the night.") for id in ids)
    storyline = None if storylines is None else np.array(storylines)
    return Labelled("set", articles, np.array(stories), np.array(ids), np.full(len(ids), ""), storyline=storyline)


def pairs_of(stories: Sequence[str], storylines: Sequence[str] | None = None) -> PairSet:
    data = labelled(stories, storylines)
    documents = tuple(map(prepare, data.articles))
    neutral = make_embeddings(np.random.default_rng(0), [1] * len(stories))
    return StorySet(data, documents).pairs(np.arange(len(stories)), neutral)


def write(path: Path, rows: list[dict[str, object]]) -> Path:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path


def test_a_small_set_of_stories_gives_every_pair_once() -> None:
    data = pairs_of(["flood", "flood", "vote", "vote", "vote"])
    assert data.pairs.tolist() == np.stack(np.triu_indices(5, 1), 1).tolist()
    assert data.same.sum() == 1 + 3
    assert data.weight.tolist() == [1] * 10
    assert data.size[data.same].tolist() == [2, 3, 3, 3]


def test_a_sample_of_a_large_set_represents_all_its_pairs(monkeypatch: pytest.MonkeyPatch) -> None:
    stories = [f"s{index // 3}" for index in range(60)]
    every = pairs_of(stories)
    for name, value in (("ALL_PAIRS", 100), ("SAME_PAIRS", 20), ("NEAREST_UNRELATED", 30), ("OTHER_UNRELATED", 40)):
        monkeypatch.setattr(training_sets, name, value)
    sample = pairs_of(stories)
    assert len(sample.pairs) == 20 + 30 + 40
    assert len(np.unique(sample.pairs, axis=0)) == len(sample.pairs)
    for same in (True, False):
        assert sample.weight[sample.same == same].sum() == pytest.approx((every.same == same).sum())


def test_whether_two_near_stories_are_one_affair_is_unknown_unless_they_name_it() -> None:
    unnamed = pairs_of(["a", "a", "b", "c", "d", "e", "f"])
    affair = unnamed.targets["storyline"]
    assert (affair[unnamed.same] == 1).all()
    assert np.isnan(affair).sum() == 1
    named = pairs_of(["a", "a", "b", "c"], ["x", "x", "x", "y"])
    assert named.targets["storyline"].tolist() == [1, 1, 0, 1, 0, 0]
    assert named.targets["probability"].tolist() == [1, 0, 0, 0, 0, 0]


def test_a_story_has_one_fold() -> None:
    data = pairs_of([f"s{index // 2}" for index in range(40)])
    assert (data.fold_a[data.same] == data.fold_b[data.same]).all()


def test_grades_and_labels_say_what_is_known_of_given_pairs(tmp_path: Path) -> None:
    texts = [f"The river rose by {number} metres in the night." for number in range(4)]
    a, b, c, d = ({"text": text} for text in texts)
    rows: list[dict[str, object]] = [
        {"pair": 1, "overall": 2, "a": a, "b": b},
        {"pair": 2, "a": a, "b": c},
        {"pair": 3, "label": "same storyline", "weight": 100, "a": c, "b": d},
        {"pair": 4, "label": "alike", "same_form": True, "weight": 3, "a": c, "b": a},
        {"pair": 5, "label": "same event", "same_form": True, "a": d, "b": c},
    ]
    data = read_pair_set(write(tmp_path / "pairs.jsonl", rows))
    assert [document.article.text for document in data.documents] == [texts[0], texts[1], texts[2], texts[3]]
    assert data.rows.tolist() == [[0, 1], [2, 3], [2, 0], [3, 2]]
    expected = {
        "probability": [0.03, 0, 0, 1],
        "storyline": [0.55, 1, 0, 1],
        "form": [np.nan, 0, 1, 0],
        "similarity": [2 / 3, np.nan, np.nan, np.nan],
    }
    for curve, target in expected.items():
        np.testing.assert_allclose(data.targets[curve], target)
    assert data.weight.tolist() == [1, 20, 3, 1]
    # They share articles, so all are in one fold.
    assert len(set(data.group.tolist())) == 1
    pairs = data.pairs(np.array([0, 2]), make_embeddings(np.random.default_rng(0), [1, 1]))
    assert pairs.pairs.tolist() == [[0, 1]]
    assert pairs.targets["form"].tolist() == [1]


def test_an_unknown_label_is_reported(tmp_path: Path) -> None:
    text = {"text": "The river rose by two metres in the night."}
    path = write(tmp_path / "pairs.jsonl", [{"pair": 1, "label": "simmilar", "a": text, "b": text}])
    with pytest.raises(ValueError, match="the label 'simmilar' is none of: same event"):
        read_pair_set(path)
