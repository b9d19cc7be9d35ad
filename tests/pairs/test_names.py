"""Names in a form that survives transliteration and inflection."""

from __future__ import annotations

import pytest

from detector.pairs.names import name_form, names_in


@pytest.mark.parametrize("written", ["Путин", "Путина", "Putin", "Poutine", "Putina", "푸틴"])
def test_a_name_has_one_form_in_every_script_and_case(written: str) -> None:
    assert name_form(written) == "ptn"


@pytest.mark.parametrize(
    "spellings",
    [
        ("Shevchenko", "Schewtschenko", "Шевченко"),
        ("Zelensky", "Zelenskyj", "Selenskyj", "Зеленский"),
        ("Mohammed", "Muhammad", "Mohamed"),
    ],
)
def test_spellings_of_one_name_have_one_form(spellings: tuple[str, ...]) -> None:
    assert len({name_form(spelling) for spelling in spellings}) == 1


@pytest.mark.parametrize("word", ["river", "река", "Ed", "Io", "北京", "ひらがな", "สวัสดี"])
def test_what_cannot_be_a_name_has_no_form(word: str) -> None:
    assert name_form(word) == ""


def test_names_come_with_the_token_as_written() -> None:
    assert list(names_in(["Putin", "met", "Путина"])) == [("ptn", "Putin"), ("ptn", "Путина")]
