"""The words, numbers and names of an article together."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from detector.pairs.numbers import numbers_and_rest
from detector.pairs.terms import extract_terms

LANGUAGES = ("en", "de", "ru", "vi", "ar", "ja", "zh", "th", "xx")


def test_terms_are_counted_over_all_sentences() -> None:
    terms = extract_terms(["Putin met Putin in 2026.", "Путин: 2.026 km"], "en")
    assert terms.numbers == {"2026": 2}
    assert terms.names == {"ptn": 3}
    assert terms.spelling == {"ptn": "Putin"}
    assert terms.words["putin"] == 3
    assert {"met", "in", "km"} <= terms.words.keys()


def test_no_sentences_have_no_terms() -> None:
    terms = extract_terms([], "en")
    assert not terms.words
    assert not terms.numbers
    assert not terms.names
    assert not terms.spelling


@given(st.lists(st.text(max_size=30), max_size=4), st.sampled_from(LANGUAGES))
def test_every_name_of_any_text_has_a_spelling(sentences: list[str], language: str) -> None:
    terms = extract_terms(sentences, language)
    assert terms.names.keys() == terms.spelling.keys()
    numbers = [form for sentence in sentences for forms in numbers_and_rest(sentence, language)[0] for form in forms]
    assert sum(count for form, count in terms.numbers.items() if form[:2] != "--") == len(numbers)
    assert "" not in terms.words
    assert "" not in terms.numbers


def test_dates_are_numbers_and_countries_are_names() -> None:
    terms = extract_terms(["On October 23 the Indonesian army left."], "en")
    assert terms.numbers == {"23": 1, "--10-23": 1}
    assert terms.names["@ID"] == 1
    assert terms.spelling["@ID"] == "Indonesian"
