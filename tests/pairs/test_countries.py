"""Countries, found by their names and compared by their codes."""

from __future__ import annotations

import pytest

from detector.pairs.countries import countries_in
from detector.pairs.words import TOKEN


def countries(text: str, language: str) -> dict[str, str]:
    """The countries that a text names, and the names."""
    return dict(countries_in(text, TOKEN.findall(text), language))


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
def test_a_country_has_one_code_in_every_language(language: str, text: str) -> None:
    assert "@ID" in countries(text, language)


@pytest.mark.parametrize(
    ("language", "text"),
    [("it", "il Palazzo"), ("fr", "le Palais"), ("en", "Bertrand Russell"), ("en", "Mr Chadwick"), ("en", "a Malik")],
)
def test_a_word_that_only_begins_like_a_country_is_no_country(language: str, text: str) -> None:
    assert not countries(text, language)


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
    assert f"@{code}" in countries(text, language)


def test_a_country_of_several_words_is_found_word_by_word() -> None:
    assert countries("президент Соединенных Штатов", "ru") == {"@US": "Соединенных Штатов"}
    assert "@US" in countries("los Estados Unidos", "es")
    assert "@RU" in countries("nước Nga", "vi")
    assert not countries("a turkey", "en")
