"""Shingles: which wording two articles share."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from detector.pairs.shingles import SIZE, Shingles, shingles_of
from tests.making import make_document

RIVER = "The river rose by two metres in the night and the town was cut off."
HARVEST = "Farmers in the south expect the best harvest since the great drought."


def shared(a: str, b: str) -> list[float]:
    shingles = Shingles.of([make_document("a", a), make_document("b", b)])
    first, second = shingles.shared(np.array([[0, 1]]))[0].tolist()
    return [first, second]


def test_punctuation_and_capitals_do_not_matter() -> None:
    assert shared(RIVER, RIVER.upper().replace(" and", ", AND")) == [1, 1]


def test_all_of_a_part_is_shared_and_some_of_the_article() -> None:
    of_part, of_article = shared(RIVER, f"{RIVER} {HARVEST}")
    assert of_part == 1
    assert 0.3 < of_article < 0.7


def test_different_texts_share_nothing() -> None:
    assert shared(RIVER, HARVEST) == [0, 0]


def test_scripts_without_spaces_are_read_letter_by_letter() -> None:
    of_part, of_article = shared("昨夜河水上涨了两米", "昨夜河水上涨了两米。农民预计今年会有最好的收成。")
    assert of_part == 1
    assert 0 < of_article < 0.6


@pytest.mark.parametrize(("text", "count"), [("", 0), ("...", 0), ("River", 1), ("a b c d e", 1), ("a b c d e f", 2)])
def test_a_short_text_is_one_shingle_and_an_empty_one_has_none(text: str, count: int) -> None:
    assert SIZE == 5
    assert len(shingles_of(text)) == count
    assert shared(text, text) == [min(count, 1)] * 2


def test_no_articles_and_no_pairs_are_no_error() -> None:
    assert Shingles.of([]).shared(np.zeros((0, 2), np.int64)).shape == (0, 2)


WORDS = st.lists(st.sampled_from("abcd"), max_size=12)


@given(WORDS, WORDS)
def test_shares_are_those_of_sets_of_five_words(a: list[str], b: list[str]) -> None:
    sets = [{tuple(words[i : i + 5]) for i in range(max(len(words) - 4, min(len(words), 1)))} for words in (a, b)]
    expected = [len(sets[0] & sets[1]) / max(len(own), 1) for own in sets]
    assert shared(" ".join(a), " ".join(b)) == pytest.approx(expected)
