"""Windows: every sentence is in them once and complete; none is truncated or padded."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby, pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from detector.encoding.windows import SentencePart, Window, arrange_windows, batches_of_equal_length, split

# Counting bytes, one character may have more tokens than a small limit allows.
TEXTS = st.text(st.sampled_from("ab é水🌊 "), max_size=60)
ARTICLES = st.lists(st.lists(TEXTS, max_size=6), max_size=5)
LIMITS = st.integers(1, 40)


def count_bytes(texts: Sequence[str]) -> list[int]:
    return [len(text.encode()) for text in texts]


@given(ARTICLES, LIMITS)
def test_every_sentence_is_there_once_in_order_and_complete(articles: list[list[str]], limit: int) -> None:
    parts = [part for window in arrange_windows(articles, limit, count_bytes) for part in window.parts]
    rows = groupby(parts, key=lambda part: part.sentence)
    together = [(row, "".join(part.text for part in group)) for row, group in rows]
    assert together == list(enumerate(sentence for article in articles for sentence in article))


@given(ARTICLES, LIMITS)
def test_a_window_holds_one_article_and_articles_stay_in_order(articles: list[list[str]], limit: int) -> None:
    owner = [index for index, article in enumerate(articles) for _ in article]
    windows = list(arrange_windows(articles, limit, count_bytes))
    assert [window.article for window in windows for _ in window.parts] == [
        owner[part.sentence] for window in windows for part in window.parts
    ]
    assert {window.article for window in windows} == {index for index, article in enumerate(articles) if article}


@given(ARTICLES, LIMITS)
def test_only_a_single_character_may_exceed_the_limit(articles: list[list[str]], limit: int) -> None:
    for window in arrange_windows(articles, limit, count_bytes):
        assert window.tokens == sum(count_bytes([part.text for part in window.parts]))
        assert window.tokens <= limit or [len(part.text) for part in window.parts] == [1]


@given(st.integers(1, 60), st.integers(1, 9), LIMITS)
def test_windows_are_few_and_about_equally_full(count: int, longest: int, limit: int) -> None:
    sentences = ["a" * (1 + index % longest) for index in range(count)]
    windows = list(arrange_windows([sentences], limit, count_bytes))
    if longest == 1:
        sizes = [window.tokens for window in windows]
        assert len(sizes) == -(-count // limit)
        assert max(sizes) - min(sizes) <= 1
    else:
        assert len(windows) <= 2 * -(-sum(map(len, sentences)) // limit) + 1


@given(ARTICLES, LIMITS, st.integers(0, 9))
def test_spans_are_the_positions_of_the_parts(articles: list[list[str]], limit: int, start: int) -> None:
    for window in arrange_windows(articles, limit, count_bytes):
        text = "#" * start + window.text
        assert [text[begin:end] for begin, end in window.spans(start)] == [part.text for part in window.parts]


@given(ARTICLES, LIMITS)
def test_halves_together_are_the_window(articles: list[list[str]], limit: int) -> None:
    for window in arrange_windows(articles, limit, count_bytes):
        if len(window.parts) > 1:
            first, second = window.halves()
            assert first.parts
            assert second.parts
            assert (first.article, first.parts + second.parts) == (window.article, window.parts)
            assert second.article == window.article


@given(TEXTS, LIMITS)
def test_the_parts_of_a_split_sentence_are_the_sentence(text: str, limit: int) -> None:
    [size] = count_bytes([text])
    parts = split(SentencePart(text, 7, size), limit, count_bytes)
    assert "".join(part.text for part in parts) == text
    assert [part.tokens for part in parts] == count_bytes([part.text for part in parts])
    assert {part.sentence for part in parts} == {7}
    assert all(part.tokens <= limit or len(part.text) == 1 for part in parts)
    assert len(parts) == 1 or size > limit


def test_a_sentence_is_split_between_words_if_it_has_any() -> None:
    text = "one two three four"
    assert [part.text for part in split(SentencePart(text, 0, len(text)), 11, count_bytes)] == [
        "one two",
        " three",
        " four",
    ]


def test_without_articles_there_are_no_windows() -> None:
    assert list(arrange_windows([], 5, count_bytes)) == []
    assert list(arrange_windows([[], []], 5, count_bytes)) == []


@pytest.mark.parametrize("limit", [2, 3, 100])
def test_a_window_reads_its_parts_with_spaces_between(limit: int) -> None:
    windows = list(arrange_windows([["a", "b", "c"]], limit, count_bytes))
    assert " ".join(window.text for window in windows) == "a b c"
    assert windows[0] == Window(0, tuple(SentencePart("abc"[i], i, 1) for i in range(min(limit, 3))))


@given(st.lists(st.integers(0, 9), max_size=40), st.integers(1, 30))
def test_every_index_is_in_one_batch(lengths: list[int], budget: int) -> None:
    batches = list(batches_of_equal_length(lengths, budget))
    assert sorted(index for batch in batches for index in batch) == list(range(len(lengths)))
    for batch in batches:
        assert len({lengths[index] for index in batch}) == 1
        assert batch == sorted(batch)
        assert len(batch) == 1 or len(batch) * lengths[batch[0]] <= budget


@given(st.lists(st.integers(0, 9), max_size=40), st.integers(1, 30))
def test_batches_are_full_and_the_longest_come_first(lengths: list[int], budget: int) -> None:
    for batch, following in pairwise(batches_of_equal_length(lengths, budget)):
        length, next_length = lengths[batch[0]], lengths[following[0]]
        assert length > next_length or (length == next_length and (len(batch) + 1) * length > budget)
