"""Batches: drawn by weight, every item once an epoch, the same for a seed."""

from __future__ import annotations

from collections import Counter

import pytest

from detector.fitting.adapter.batches import LINES, LINES_EVERY, Batches
from detector.fitting.weights import weights_of
from tests.fitting.adapter.making import graded, story_texts, translations

FIRST = graded(*((f"a{index}", f"b{index}", 0.5) for index in range(10)), name="first")
SECOND = graded(*((f"c{index}", f"d{index}", 0.5) for index in range(10)), name="second")


def test_the_same_seed_gives_the_same_batches_and_another_one_others() -> None:
    def batches(seed: int) -> list[object]:
        drawn = Batches([FIRST, story_texts("aabbcc"), translations()], [1, 1, 1], size=4, seed=seed)
        return [drawn.next() for _ in range(9)]

    assert batches(1) == batches(1)
    assert batches(1) != batches(2)


def test_skipping_steps_leads_to_the_batch_of_the_step() -> None:
    one, other = (Batches([FIRST, translations()], [1, 1], size=4, seed=5) for _ in range(2))
    for _ in range(7):
        one.next()
    other.skip(7)
    assert one.next() == other.next()


def test_every_item_comes_once_before_one_comes_again() -> None:
    batches = Batches([FIRST], [1], size=5, seed=0)
    for _ in range(3):
        drawn = [pair.a for _ in range(2) for pair in batches.next().pairs]
        assert sorted(drawn) == sorted(pair.a for pair in FIRST.pairs)


def test_files_are_drawn_by_weight() -> None:
    batches = Batches([FIRST, SECOND], [3, 1], size=100, seed=0)
    counts = Counter(pair.a[0] for _ in range(20) for pair in batches.next().pairs)
    assert 0.7 < counts["a"] / 2000 < 0.8
    batches = Batches([FIRST, SECOND], [0, 1], size=100, seed=0)
    assert {pair.a[0] for pair in batches.next().pairs} == {"c"}


def test_every_fourth_step_has_aligned_lines_if_there_are_translations() -> None:
    batches = Batches([FIRST, translations()], [1, 0], size=4, seed=0)
    steps = [batches.next() for _ in range(2 * LINES_EVERY)]
    assert [batch.lines for batch in steps] == 2 * [False, False, False, True]
    assert [len(batch.pairs) for batch in steps] == 2 * [4, 4, 4, LINES]
    alone = Batches([FIRST], [1], size=4, seed=0)
    assert not any(alone.next().lines for _ in range(2 * LINES_EVERY))


def test_files_without_a_weight_count_alike() -> None:
    assert weights_of([FIRST, SECOND], [SECOND], {"first": 2.0}) == [1.0]
    assert weights_of([FIRST, SECOND], [FIRST, SECOND], {"first": 0.0}) == [0.0, 1.0]
    with pytest.raises(ValueError, match="a weight is given for 'third', but the files are first, second"):
        weights_of([FIRST, SECOND], [FIRST], {"third": 1.0})
    for weights in ({"first": -1.0}, {"first": float("nan")}, {"first": 0.0, "second": 0.0}):
        with pytest.raises(ValueError, match="weights are numbers of 0 or more, not all 0"):
            weights_of([FIRST, SECOND], [FIRST, SECOND], weights)
