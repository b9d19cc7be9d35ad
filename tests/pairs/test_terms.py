"""Words, numbers and names in forms that meet across languages."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from detector.pairs.terms import (
    extract_terms,
    name_form,
    number_form,
    numbers_and_rest,
    romanised,
    shown_number,
    word_forms,
)


def numbers_of(sentence: str, language: str = "xx") -> list[str]:
    """The numbers of a sentence as they are written."""
    return [forms[0] for forms in numbers_and_rest(sentence, language)[0]]


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
    terms = extract_terms(["Putin met Putin in 2026.", "Путин: 2.026 km"], "en")
    assert terms.numbers == {"2026": 2}
    assert terms.names == {"ptn": 3}
    assert terms.spelling == {"ptn": "Putin"}
    assert terms.words["putin"] == 3
    assert {"met", "in", "km"} <= terms.words.keys()


def test_no_sentences_have_no_terms() -> None:
    terms = extract_terms([], "en")
    assert not (terms.words)
    assert not (terms.numbers)
    assert not (terms.names)
    assert not (terms.spelling)


LANGUAGES = ("en", "de", "ru", "vi", "ar", "ja", "zh", "th", "xx")


@given(st.lists(st.text(max_size=30), max_size=4), st.sampled_from(LANGUAGES))
def test_any_text_has_terms_and_every_name_a_spelling(sentences: list[str], language: str) -> None:
    terms = extract_terms(sentences, language)
    assert terms.names.keys() == terms.spelling.keys()
    numbers = [form for sentence in sentences for forms in numbers_and_rest(sentence, language)[0] for form in forms]
    assert sum(count for form, count in terms.numbers.items() if form[:2] != "--") == len(numbers)
    assert "" not in terms.words
    assert "" not in terms.numbers


@pytest.mark.parametrize(
    ("language", "text", "value"),
    [
        ("en", "2.5 million dollars", "2500000"),
        ("de", "2,5 Mio. Euro", "2500000"),
        ("fr", "3 milliards d'euros", "3000000000"),
        ("ru", "2,5 млн рублей", "2500000"),
        ("vi", "500 tỷ đồng", "500000000000"),
        ("ja", "5万人", "50000"),
        ("zh", "1.2亿美元", "120000000"),
        ("ko", "5천만 원", "50000000"),
        ("hi", "3 लाख रुपये", "300000"),
    ],
)
def test_a_number_that_a_word_multiplies_has_its_value_and_keeps_its_form(language: str, text: str, value: str) -> None:
    [forms], rest = numbers_and_rest(text, language)
    assert forms == (number_form(text.split(" ")[0].rstrip("万亿人美元천만")), value)
    assert not any(character.isdecimal() for character in rest)


def test_a_word_multiplies_only_where_it_ends() -> None:
    assert numbers_and_rest("5 millionaires", "en")[0] == [("5",)]
    assert numbers_and_rest("5 million", "xx")[0] == [("5",)]


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "on October 23"),
        ("en", "the 23rd October 2013"),
        ("de", "am 23. Oktober"),
        ("de", "am 23.10.2013"),
        ("es", "el 23 de octubre"),
        ("pt", "23/10/2013"),
        ("ru", "23 октября"),
        ("pl", "23 października"),
        ("vi", "ngày 23 tháng 10"),
        ("vi", "sáng 23/10"),
        ("zh", "10月23日"),
        ("ja", "10月23日"),
        ("ko", "10월 23일"),
        ("hu", "október 23."),
        ("ar", "23 أكتوبر"),
    ],
)
def test_a_date_is_one_term_in_every_language(language: str, text: str) -> None:
    assert "--10-23" in extract_terms([text], language).numbers


def test_a_date_is_shown_as_people_write_it() -> None:
    assert (shown_number("--10-23"), shown_number("2500000")) == ("23 October", "2500000")


def test_what_may_be_no_date_is_none() -> None:
    for language, text in (
        ("en", "10/23/2013"),
        ("de", "23.10"),
        ("vi", "45/10"),
        ("en", "May 2.5"),
        ("xx", "23.10.2013"),
    ):
        assert not any(term.startswith("--") for term in extract_terms([text], language).numbers)


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "the Indonesian army"),
        ("fr", "en Indonésie"),
        ("ru", "в Индонезии"),
        ("pl", "w Indonezji"),
        ("zh", "在印度尼西亚发生"),
        ("ja", "インドネシアで"),
        ("ko", "인도네시아에서"),
        ("ar", "إندونيسيا"),
        ("th", "ที่อินโดนีเซีย"),
    ],
)
def test_a_country_is_one_name_in_every_language(language: str, text: str) -> None:
    assert "@ID" in extract_terms([text], language).names


@pytest.mark.parametrize(
    ("language", "text"),
    [("it", "il Palazzo"), ("fr", "le Palais"), ("en", "Bertrand Russell"), ("en", "Mr Chadwick"), ("en", "a Malik")],
)
def test_a_word_that_only_begins_like_a_country_is_none(language: str, text: str) -> None:
    assert not any(name.startswith("@") for name in extract_terms([text], language).names)


@pytest.mark.parametrize(
    ("language", "text", "code"),
    [
        ("pl", "prezydent Rosji", "RU"),
        ("en", "the Russian army", "RU"),
        ("de", "Chinas Wirtschaft", "CN"),
        ("ru", "в Китае", "CN"),
    ],
)
def test_a_short_name_keeps_most_of_its_letters(language: str, text: str, code: str) -> None:
    assert f"@{code}" in extract_terms([text], language).names


def test_a_country_of_several_words_is_met_word_by_word() -> None:
    assert extract_terms(["президент Соединенных Штатов"], "ru").spelling["@US"] == "Соединенных Штатов"
    assert "@US" in extract_terms(["los Estados Unidos"], "es").names
    assert "@RU" in extract_terms(["nước Nga"], "vi").names
    assert "@TR" not in extract_terms(["a turkey"], "en").names
