"""The words for days, language by language."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from detector.languages.days import month_days_in, relative_days, relative_days_in, weekdays, weekdays_in

LANGUAGES = (
    *("it", "fr", "vi", "ru", "zh", "zh-Hant", "ar", "en", "es", "de", "pl", "tr", "id", "ms", "si", "ta", "ja", "ko"),
    *("th", "hi", "fi", "hu", "el", "pt", "he", "bn", "uk", "cs", "fa", "sw"),
)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_has_names_for_all_weekdays(language: str) -> None:
    assert set(weekdays(language).values()) == set(range(7))
    for name, day in weekdays(language).items():
        assert list(weekdays_in(f"… {name} …", language)) == [day]


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_words_for_yesterday_and_today_are_found(language: str) -> None:
    assert relative_days(language)
    for word, day in relative_days(language).items():
        assert list(relative_days_in(f"… {word} …", language)) == [day]


@pytest.mark.parametrize(
    ("sentence", "language", "days"),
    [
        ("In среду и во вторник, в пятницу", "ru", [2, 1, 4]),
        ("W środę i w sobotę", "pl", [2, 5]),
        ("Mercredi, le ministre part. Mercredi est son nom.", "fr", [2]),
        ("MONDAY NIGHT", "en", [0]),
        ("He sat in the sun and wed Mon.", "en", []),
        ("El domingo cantó Plácido Domingo", "es", [6]),
        ("vụ tấn công hôm thứ Hai là vụ thứ hai", "vi", [0]),
        ("hari Minggu ini, bukan minggu depan", "id", [6]),
        ("pazar günü pazarda, pazar açık", "tr", [6]),
        ("上周三和星期天", "zh", [2, 6]),
        ("والخميس، عائلة الخميسي", "ar", [3]),
        ("வெள்ளிக்கிழமையன்று வெள்ளி விலை", "ta", [4]),
        ("월요일에", "ko", [0]),
        ("п’ятницю", "uk", [4]),
        ("Monday", "xx", []),
    ],
)
def test_weekdays_are_told_from_other_words(sentence: str, language: str, days: list[int]) -> None:
    assert list(weekdays_in(sentence, language)) == days


@pytest.mark.parametrize(
    ("sentence", "language", "days"),
    [
        ("Aujourd’hui et hier", "fr", [0, -1]),
        ("Oggi, domani, ieri; il sieriano", "it", [0, 1, -1]),
        ("por la mañana, ayer", "es", [-1]),
        ("heute Morgen", "de", [0]),
        ("昨天在北京", "zh", [-1]),
        ("yesterday", "xx", []),
    ],
)
def test_relative_days_are_told_from_other_words(sentence: str, language: str, days: list[int]) -> None:
    assert list(relative_days_in(sentence, language)) == days


@pytest.mark.parametrize(
    ("sentence", "language", "days"),
    [
        ("新华社3日电", "zh", [3]),
        ("1月3日", "zh", []),
        ("3日間の会議", "ja", []),
        ("45日", "ja", []),
        ("3 days", "en", []),
    ],
)
def test_days_of_a_month_without_the_month(sentence: str, language: str, days: list[int]) -> None:
    assert list(month_days_in(sentence, language)) == days


@given(st.text(max_size=40), st.sampled_from(LANGUAGES))
def test_any_text_has_days_in_range(text: str, language: str) -> None:
    assert set(weekdays_in(text, language)) <= set(range(7))
    assert set(relative_days_in(text, language)) <= {-1, 0, 1}
    assert set(month_days_in(text, language)) <= set(range(1, 32))
