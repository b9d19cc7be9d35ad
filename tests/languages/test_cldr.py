"""What the CLDR says of languages: dates, words for large numbers, countries."""

from __future__ import annotations

from datetime import date

import pytest
from babel.dates import format_date
from hypothesis import given
from hypothesis import strategies as st

from detector.languages.cldr import dates_in, locale_of, magnitudes, months, territories

# Languages that write a long date with the name of the month, or with numbers between ideographs.
LONG = (
    "de",
    "el",
    "en",
    "es",
    "fr",
    "hi",
    "hu",
    "id",
    "it",
    "ja",
    "ko",
    "pl",
    "pt",
    "ru",
    "sv",
    "tr",
    "uk",
    "vi",
    "zh",
)


@given(st.dates(date(1990, 1, 1), date(2035, 12, 31)), st.sampled_from(LONG))
def test_every_long_date_is_found_in_its_language(day: date, language: str) -> None:
    assert (day.month, day.day) in dates_in(f"({format_date(day, 'long', locale=language)})", language)


@given(st.text(max_size=60), st.sampled_from([*LONG, "xx", "", "en-GB"]))
def test_any_text_gives_possible_days_only(text: str, language: str) -> None:
    assert all(1 <= month <= 12 and 1 <= day <= 31 for month, day in dates_in(text, language))


def test_numbers_alone_are_a_date_only_if_the_language_writes_dates_so() -> None:
    assert list(dates_in("22/10", "vi")) == [(10, 22)]
    assert not list(dates_in("22.10", "de"))
    assert list(dates_in("22.10.2013", "de")) == [(10, 22)]
    # English without a region may mean either.
    assert not list(dates_in("10/11/2013", "en"))


@pytest.mark.parametrize(
    ("language", "word", "factor"),
    [("en", "million", 10**6), ("de", "mrd", 10**9), ("ja", "億", 10**8), ("hi", "लाख", 10**5), ("vi", "tỷ", 10**9)],
)
def test_words_multiply_numbers(language: str, word: str, factor: int) -> None:
    assert magnitudes(language)[word] == factor


def test_a_single_letter_multiplies_nothing() -> None:
    assert not {"m", "b", "k", "t"} & magnitudes("en").keys()


def test_a_language_without_cldr_data_has_no_words() -> None:
    assert locale_of("xx") is None
    assert locale_of("") is None
    assert locale_of("not a code") is None
    assert not magnitudes("xx")
    assert not months("xx")
    assert not territories("xx")
    assert not list(dates_in("1 May", "xx"))


def test_countries_have_one_code_and_continents_none() -> None:
    assert territories("vi")["Nga"] == territories("de")["Russland"] == territories("zh")["俄罗斯"] == "RU"
    assert "Africa" not in territories("en")
    assert territories("en")["European Union"] == "EU"
