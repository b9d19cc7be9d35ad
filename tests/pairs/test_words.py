"""Words in a form that can be compared across scripts."""

from __future__ import annotations

import pytest

from detector.pairs.words import TOKEN, romanised, word_forms


def test_words_are_romanised_and_unspaced_scripts_are_shingled() -> None:
    assert list(word_forms("Überschwemmung")) == ["uberschwemmung"]
    assert list(word_forms("река")) == [romanised("река")] == ["reka"]
    assert list(word_forms("洪水警报")) == ["洪水", "水警", "警报"]
    assert list(word_forms("水")) == ["水"]
    assert list(word_forms("น้ำท่วม")) == ["น้ำท", "้ำท่", "ำท่ว", "ท่วม"]
    assert list(word_forms("した")) == []
    assert list(word_forms("a")) == []


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ("L'Aquila, l’été", ["L'Aquila", "l’été"]),
        ("北京Beijing", ["北京", "Beijing"]),
        ("インドネシアで", ["インドネシア", "で"]),
        ("don't stop'", ["don't", "stop"]),
        ("42 + 7", []),
    ],
)
def test_a_token_is_a_word_or_a_run_of_one_script_without_spaces(text: str, tokens: list[str]) -> None:
    assert TOKEN.findall(text) == tokens
