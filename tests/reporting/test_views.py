"""The words the report uses."""

import pytest

from detector.reporting.phrases import date, language_name, likelihood, line, span, verdict, web_address


def test_a_probability_short_of_certain_never_reads_as_certain():
    assert [likelihood(p) for p in (0.0, 0.0004, 0.5, 0.9996, 1.0)] == ["0.0%", "<0.1%", "50.0%", ">99.9%", "100.0%"]
    assert verdict(1.0) == "almost certainly the same story"
    assert verdict(0.5) == "undecided"
    assert verdict(0.0) == "almost certainly different stories"


def test_a_language_has_its_name_or_keeps_its_code():
    assert language_name("vi") == "Vietnamese"
    assert language_name("not a code!") == "not a code!"


def test_dates_are_days_and_odd_ones_keep_their_words():
    assert date("2024-11-24T09:00:00Z") == "2024-11-24"
    assert date("last week") == "last week"
    assert date(None) == ""
    assert span(["2024-11-25", None, "2024-11-24T23:00:00+02:00", "?"]) == "2024-11-24 to 2024-11-25"


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
