"""The script of a text, and the scripts without spaces."""

from __future__ import annotations

import pytest
import regex

from detector.languages.script import EAST_ASIAN, SOUTHEAST_ASIAN, WITHOUT_SPACES, is_traditional, script_of


@pytest.mark.parametrize(
    ("text", "script"),
    [
        ("Hello", "Latn"),
        ("Привет, NATO", "Cyrl"),
        ("你好", "Hani"),
        ("東京は晴れ", "Jpan"),
        ("안녕", "Kore"),
        ("สวัสดี", "Thai"),
        ("नमस्ते", "Deva"),
        ("ＡＢＣ", "Latn"),
        ("12:30 !", "Zyyy"),
        ("", "Zyyy"),
    ],
)
def test_the_script_is_that_of_most_letters(text: str, script: str) -> None:
    assert script_of(text) == script


@pytest.mark.parametrize(
    ("text", "traditional"), [("學校計劃", True), ("学校计划", False), ("", False), ("ABC", False)]
)
def test_traditional_characters_are_those_of_big5(text: str, traditional: bool) -> None:
    assert is_traditional(text) == traditional


@pytest.mark.parametrize(
    ("letter", "east_asian", "southeast_asian"),
    [
        *((letter, True, False) for letter in ("水", "々", "み", "ミ", "ﾐ", "𠀀")),
        *((letter, False, True) for letter in ("น", "ນ", "ន", "န", "ནྱ"[0])),
        *((letter, False, False) for letter in ("a", "я", "한", "न", "ع", "。", "1", "ー")),
    ],
)
def test_scripts_without_spaces(letter: str, east_asian: bool, southeast_asian: bool) -> None:
    assert bool(regex.match(f"[{EAST_ASIAN}]", letter)) == east_asian
    assert bool(regex.match(f"[{SOUTHEAST_ASIAN}]", letter)) == southeast_asian
    assert bool(regex.match(f"[{WITHOUT_SPACES}]", letter)) == (east_asian or southeast_asian)
