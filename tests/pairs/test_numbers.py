"""Numbers and dates in forms that can be compared across languages."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from detector.pairs.numbers import date_forms, number_form, numbers_and_rest, shown_number


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
def test_the_forms_of_any_digits_and_marks_are_numbers(written: str) -> None:
    for form in numbers_of(written):
        assert form
        assert form.replace(".", "", 1).isdecimal()


def test_numbers_come_in_order_and_end_before_the_full_stop() -> None:
    assert numbers_of("Von 12,5 auf 1.300 Euro, 2026.") == ["12.5", "1300", "2026"]
    assert numbers_of("no number") == []


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


def test_only_a_complete_word_multiplies() -> None:
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
def test_a_date_has_one_form_in_every_language(language: str, text: str) -> None:
    assert "--10-23" in date_forms(text, language)


def test_a_date_is_shown_as_people_write_it() -> None:
    assert (shown_number("--10-23"), shown_number("2500000")) == ("23 October", "2500000")


def test_an_ambiguous_date_has_no_form() -> None:
    for language, text in (
        ("en", "10/23/2013"),
        ("de", "23.10"),
        ("vi", "45/10"),
        ("en", "May 2.5"),
        ("xx", "23.10.2013"),
    ):
        assert not list(date_forms(text, language))
