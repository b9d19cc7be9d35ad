"""Article text made safe to show."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from detector.reporting.sanitize import clean, encodable, hidden_as_codes, line, visible, web_address


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("\x1b[31mred\x1b[0m", "red"),
        ("\x1b]0;owned\x07title", "title"),
        ("a\x00b\x9b2Jc", "abc"),
        ("\u202egnp.exe\u202c \u2066over\u2069", "gnp.exe over"),
        ("lone \ud800 surrogate", "lone \ufffd surrogate"),
        ("tabs\tand\nlines stay", "tabs\tand\nlines stay"),
    ],
)
def test_what_a_reader_cannot_see_is_removed(text, shown):
    assert clean(text) == shown


def test_lone_surrogates_are_replaced_so_that_utf_8_can_hold_the_text():
    assert encodable("a\udfffb").encode() == "a\ufffdb".encode()


@given(st.text(alphabet="a\\u0004\n\x1b\u202e", max_size=12))
def test_an_id_with_codes_can_be_read_back(id_):
    undone = re.sub(r"\\u([0-9a-f]{4})", lambda code: chr(int(code[1], 16)), visible(id_))
    assert undone == id_


def test_in_json_hidden_characters_are_codes():
    assert hidden_as_codes('"a\u202eb\\u0041"') == '"a\\u202eb\\u0041"'


def test_a_line_is_cropped_with_an_ellipsis():
    assert line(" one\n two ") == "one two"
    assert line("abcdef", 4) == "abc…"


@pytest.mark.parametrize(
    "url",
    [
        None,
        "",
        "javascript:alert(1)",
        "java\nscript:alert(1)",
        "data:text/html,x",
        "//host",
        " https://x",
        'https://x"',
    ],
)
def test_only_http_addresses_are_linked(url):
    assert web_address(url) is None


def test_an_http_address_is_kept_as_it_is():
    assert web_address("HTTPS://example.org/a?b=c&d#e") == "HTTPS://example.org/a?b=c&d#e"
