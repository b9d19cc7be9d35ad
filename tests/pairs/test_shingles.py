"""What two articles share word for word."""

from __future__ import annotations

import numpy as np
import pytest

from detector.pairs.shingles import RUN, Shingles, word_runs
from tests.making import make_document

RIVER = "The river rose by two metres in the night and the town was cut off."
HARVEST = "Farmers in the south expect the best harvest since the great drought."


def shared(a: str, b: str) -> list[float]:
    shingles = Shingles.of([make_document("a", a), make_document("b", b)])
    first, second = shingles.shared(np.array([[0, 1]]))[0].tolist()
    return [first, second]


def test_a_copy_shares_all_whatever_its_punctuation_and_capitals() -> None:
    assert shared(RIVER, RIVER.upper().replace(" and", ", AND")) == [1, 1]


def test_a_part_is_shared_whole_and_the_whole_in_part() -> None:
    part, whole = shared(RIVER, f"{RIVER} {HARVEST}")
    assert part == 1
    assert 0.3 < whole < 0.7


def test_strangers_share_nothing() -> None:
    assert shared(RIVER, HARVEST) == [0, 0]


def test_scripts_without_spaces_are_read_letter_by_letter() -> None:
    part, whole = shared("昨夜河水上涨了两米", "昨夜河水上涨了两米。农民预计今年会有最好的收成。")
    assert part == 1
    assert 0 < whole < 0.6


@pytest.mark.parametrize(("text", "count"), [("", 0), ("...", 0), ("River", 1), ("a b c d e", 1), ("a b c d e f", 2)])
def test_a_short_text_is_one_run_and_an_empty_one_none(text: str, count: int) -> None:
    assert RUN == 5
    assert len(word_runs(text)) == count
    assert shared(text, text) == [min(count, 1)] * 2


def test_no_article_and_no_pair_are_no_error() -> None:
    assert Shingles.of([]).shared(np.zeros((0, 2), np.int64)).shape == (0, 2)
