"""Words, numbers and names in forms that meet across languages."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from detector.terms import extract_terms, name_form, number_form, numbers_of, romanised, word_forms


@pytest.mark.parametrize(
    ("written", "form"),
    [
        ("1.234,5", "1234.5"),
        ("1,234.5", "1234.5"),
        ("1 234,5", "1234.5"),
        ("1'234.50", "1234.5"),
        ("1٬234٫5", "1234.5"),
        ("1.234", "1234"),
        ("1,234", "1234"),
        ("1.234.567", "1234567"),
        ("1\u202f234\u00a0567", "1234567"),
        ("3,5", "3.5"),
        ("3.50", "3.5"),
        ("3.0", "3"),
        ("0.125", "0.125"),
        ("007", "7"),
        ("0", "0"),
        ("000", "0"),
        ("٣٠٠", "300"),
        ("३००", "300"),
        ("３００", "300"),
        ("24.02.2026", "24022026"),
    ],
)
def test_a_number_has_one_form_however_it_is_written(written: str, form: str) -> None:
    assert number_form(written) == form


@given(st.integers(0, 10**9))
def test_grouping_and_script_do_not_change_a_number(number: int) -> None:
    arabic = str(number).translate(str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩"))
    grouped = [f"{number:,}".replace(",", mark) for mark in (",", ".", " ", "\u202f", "'")]
    for written in (str(number), arabic, *grouped):
        assert numbers_of(f"in {written} places") == [str(number)]


@given(st.text(st.sampled_from("0123456789.,' ٫"), min_size=1))
def test_any_run_of_digits_and_marks_has_forms(written: str) -> None:
    for form in numbers_of(written):
        assert form
        assert form.replace(".", "", 1).isdecimal()


def test_numbers_come_in_order_and_end_before_the_full_stop() -> None:
    assert numbers_of("Von 12,5 auf 1.300 Euro, 2026.") == ["12.5", "1300", "2026"]
    assert numbers_of("no number") == []


@pytest.mark.parametrize("written", ["Путин", "Путина", "Putin", "Poutine", "Putina", "푸틴"])
def test_a_name_meets_itself_in_another_script_and_case(written: str) -> None:
    assert name_form(written) == "ptn"


@pytest.mark.parametrize(
    "spellings",
    [
        ("Shevchenko", "Schewtschenko", "Шевченко"),
        ("Zelensky", "Zelenskyj", "Selenskyj", "Зеленский"),
        ("Mohammed", "Muhammad", "Mohamed"),
    ],
)
def test_spellings_of_one_name_meet(spellings: tuple[str, ...]) -> None:
    assert len({name_form(spelling) for spelling in spellings}) == 1


@pytest.mark.parametrize("word", ["river", "река", "Ed", "Io", "北京", "ひらがな", "สวัสดี"])
def test_what_cannot_be_a_name_has_no_form(word: str) -> None:
    assert name_form(word) == ""


def test_words_are_romanised_and_unspaced_scripts_are_shingled() -> None:
    assert list(word_forms("Überschwemmung")) == ["uberschwemmung"]
    assert list(word_forms("река")) == [romanised("река")] == ["reka"]
    assert list(word_forms("洪水警报")) == ["洪水", "水警", "警报"]
    assert list(word_forms("水")) == ["水"]
    assert list(word_forms("น้ำท่วม")) == ["น้ำท", "้ำท่", "ำท่ว", "ท่วม"]
    assert list(word_forms("した")) == []
    assert list(word_forms("a")) == []


def test_terms_are_counted_over_all_sentences() -> None:
    terms = extract_terms(["Putin met Putin in 2026.", "Путин: 2.026 km"])
    assert terms.numbers == {"2026": 2}
    assert terms.names == {"ptn": 3}
    assert terms.spelling == {"ptn": "Putin"}
    assert terms.words["putin"] == 3
    assert {"met", "in", "km"} <= terms.words.keys()


def test_no_sentences_have_no_terms() -> None:
    terms = extract_terms([])
    assert not (terms.words or terms.numbers or terms.names or terms.spelling)


@given(st.lists(st.text(max_size=30), max_size=4))
def test_any_text_has_terms_and_every_name_a_spelling(sentences: list[str]) -> None:
    terms = extract_terms(sentences)
    assert terms.names.keys() == terms.spelling.keys()
    assert all(spelling in "\n".join(sentences) for spelling in terms.spelling.values())
    assert sum(terms.numbers.values()) == sum(len(numbers_of(sentence)) for sentence in sentences)
    assert "" not in terms.words and "" not in terms.numbers
