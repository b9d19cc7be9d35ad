"""The values of a record: what counts as a word."""

from __future__ import annotations

import pytest

from detector.reading.mapping.values import word_count


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("two words", 2),
        ("12 & 34 !", 0),
        ("한국 뉴스", 2),
        ("大雨来了", 2),
        ("大 雨 来", 1),
        ("カナダ", 1),
        ("ฝนตก", 2),
        ("ນ້ຳ", 1),
        ("མི་དམངས", 2),
        ("iPhone 发布", 2),
        ("one " * 9, 5),
    ],
)
def test_words_are_counted_in_scripts_with_and_without_spaces(text: str, words: int) -> None:
    assert word_count(text, most=5) == words
