"""A date is read if it can be read in one way only; it is never guessed."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pandas as pd
import pytest
from babel import Locale, localedata
from babel.dates import format_date
from hypothesis import given
from hypothesis import strategies as st

from detector.reading.mapping.dates import iso_date

YEAR_IN_FULL = sorted(
    code
    for code in localedata.locale_identifiers()
    # Latin and Kako put spaces between the numbers.
    if "_" not in code and code not in ("la", "kkj") and "yy" not in Locale.parse(code).date_formats["short"].pattern
)


DATE_LIKE = st.from_regex(
    r"\A([A-Z][a-z]{2,8},? )?([0-9]{1,4}[-/. ]){2}[0-9]{1,4}( [0-9]{1,2}:[0-9]{2}(:[0-9]{2})?)?( [APM]{2})?"
    r"( ?[A-Z+-]{1,4}[0-9:]{0,5})?\Z"
)


@pytest.mark.parametrize(
    ("value", "iso"),
    [
        ("2026-03-04", "2026-03-04"),
        ("20260304", "2026-03-04"),
        (20260304, "2026-03-04"),
        (" 2026-03-04T10:15:00Z ", "2026-03-04T10:15:00+00:00"),
        ("2026-03-04 10:15:00", "2026-03-04T10:15:00"),
        ("2026-03-04T10:15:00.5+05:30", "2026-03-04T10:15:00.500000+05:30"),
        ("Wed, 04 Mar 2026 10:15:00 +0100", "2026-03-04T10:15:00+01:00"),
        ("4 Mar 2026 10:15 GMT", "2026-03-04T10:15:00+00:00"),
        (1772619300, "2026-03-04T10:15:00+00:00"),
        (1772619300.0, "2026-03-04T10:15:00+00:00"),
        (1772619300000, "2026-03-04T10:15:00+00:00"),
        ("1772619300", "2026-03-04T10:15:00+00:00"),
        (date(2026, 3, 4), "2026-03-04"),
        (datetime(2026, 3, 4, 10, tzinfo=UTC), "2026-03-04T10:00:00+00:00"),
        ("23/10/2013 11:39", "2013-10-23T11:39:00"),
        ("23.10.2013", "2013-10-23"),
        ("23. 10. 2013.", "2013-10-23"),
        ("23-10-2013 9:32:05", "2013-10-23T09:32:05"),
        ("10/23/2013, 12:05 AM", "2013-10-23T00:05:00"),
        ("10/23/2013 9:32 p.m.", "2013-10-23T21:32:00"),
        ("10/23/2013 12:32pm", "2013-10-23T12:32:00"),
        ("23/10/2013 15:30 PM", "2013-10-23T15:30:00"),
        ("2013/3/4", "2013-03-04"),
        ("2013.03.04 10:15", "2013-03-04T10:15:00"),
        ("4/4/2026", "2026-04-04"),
        (pd.Timestamp("2026-03-04 10:15:00.123456789"), "2026-03-04T10:15:00.123456"),
        # GDELT
        ("20260304T101500Z", "2026-03-04T10:15:00+00:00"),
        ("20260304101500", "2026-03-04T10:15:00"),
        (20260304101500, "2026-03-04T10:15:00"),
        # With the name of the month, in English
        ("March 4, 2026", "2026-03-04"),
        ("4 March 2026", "2026-03-04"),
        ("Wednesday, March 4th, 2026, 10:15 AM", "2026-03-04T10:15:00"),
        ("Sept. 4, 2026", "2026-09-04"),
        ("2026年3月4日 10:15", "2026-03-04T10:15:00"),
        ("2026년 3월 4일", "2026-03-04"),
        # With the zone
        ("March 4, 2026 10:15 AM EST", "2026-03-04T10:15:00-05:00"),
        ("Mar 4, 2026 10:15 p.m. (CET)", "2026-03-04T22:15:00+01:00"),
        ("2026-03-04 10:15:00 UTC", "2026-03-04T10:15:00+00:00"),
        ("2026-03-04 10:15:00 +0530", "2026-03-04T10:15:00+05:30"),
        ("23/10/2013 10:15 -0330", "2013-10-23T10:15:00-03:30"),
        ("2026/03/04 10:15:00 GMT+2", "2026-03-04T10:15:00+02:00"),
        ("2026-03-04 10:15 IST", "2026-03-04T10:15:00"),
    ],
)
def test_an_unambiguous_date_becomes_iso_8601_with_its_time_zone(value: object, iso: str) -> None:
    assert iso_date(value) == iso


@pytest.mark.parametrize(
    "value",
    [
        *("03/04/2026", "3.4.2026", "04-03-26", "March 2026", "yesterday", "0000-00-00", "2026-02-30", "2026", "12"),
        *("04/03/2569", "1404/12/13", "2082/11/20", "31/02/2026", "13/13/2026", "2026/13/01", "03/2026", "23/10-2013"),
        *("23/10/2013 15:30 AM", "23/10/2013 24:00", "23/10/2013 9:60", "23/10/2013 9", "123/10/2013", "1.2.3.4"),
        *(
            "4 mars 2026",
            "4 Foo 2026",
            "March 32, 2026",
            "March 4, 1826",
            "4 March",
            "03/04/2026 10:15 EST",
            "10:15 EST",
        ),
        *("20261304101500", "2026-03-04 10:15 UTC+99", "March 4, 2026 25:00", "2026年13月4日", "May the 4, 2026"),
        *("32 Mar 2026 10:15 GMT", "Wed, 04 Mar 26 10:15:00 +0100", 0, -1, 12, 10**400, float("inf"), True, [], {}),
    ],
)
def test_an_ambiguous_or_invalid_date_is_left_out(value: object) -> None:
    assert iso_date(value) is None


@pytest.mark.parametrize(
    ("language", "iso"),
    [
        *(
            (code, "2026-04-03")
            for code in ("vi", "it-IT", "fr", "pt_BR", "vie", "sr-Latn-RS", "en-GB", "en_AU", "en-001")
        ),
        *((code, "2026-03-04") for code in ("en-US", "eng_US", "fil", "tl", "en-PH")),
        *(
            (code, None)
            for code in ("en", "eng", "en-Latn", "zh", "hu", "fr-CA", "und", "und-GB", "xx", "en-XX", "", "?")
        ),
    ],
)
def test_day_and_month_are_in_the_order_of_the_declared_language(language: str, iso: str | None) -> None:
    assert iso_date("03/04/2026", language) == iso
    assert iso_date("03/04/2026 9:32", language) == (iso and f"{iso}T09:32:00")


@pytest.mark.parametrize("language", [None, "vi", "en-US", "zh"])
def test_no_language_changes_an_unambiguous_date(language: str | None) -> None:
    assert {iso_date(value, language) for value in ("23/10/2013", "10/23/2013", "2013/10/23")} == {"2013-10-23"}


@pytest.mark.parametrize(
    ("written", "language", "iso"),
    [
        ("4 mars 2026", "fr", "2026-03-04"),
        ("mercredi 4 mars 2026 à 10:15", "fr-CA", "2026-03-04T10:15:00"),
        ("4 марта 2026 г.", "ru", "2026-03-04"),
        ("4 марта 2026, 10:15", "ru", "2026-03-04T10:15:00"),
        ("4. März 2026", "de", "2026-03-04"),
        ("4 de marzo de 2026", "es", "2026-03-04"),
        ("٤ مارس ٢٠٢٦", "ar", "2026-03-04"),
        ("4 listopada 2026", "pl", "2026-11-04"),
        ("4 listopada 2026", "hr", "2026-10-04"),
        ("4 listopada 2026", "en", None),
        ("4 March 2026", "fr", "2026-03-04"),
        ("4 mars 2026", "de", None),
    ],
)
def test_the_name_of_the_month_is_that_of_the_declared_language_or_english(
    written: str, language: str, iso: str | None
) -> None:
    assert iso_date(written, language) == iso


@given(
    st.dates(date(1990, 1, 1), date(2035, 12, 31)), st.sampled_from(["fr", "de", "es", "it", "ru", "pl", "vi", "en"])
)
def test_a_date_written_out_is_read_back(day: date, language: str) -> None:
    written = format_date(day, "d MMMM y", language)
    assert iso_date(written, language) == day.isoformat() or language == "vi"


@given(st.dates(date(1990, 1, 1), date(2035, 12, 31)), st.sampled_from(YEAR_IN_FULL))
def test_the_short_date_of_a_language_is_read_back(day: date, language: str) -> None:
    assert iso_date(format_date(day, "short", language), language) == day.isoformat()


@given(st.text() | st.from_regex(r"\A[A-Z0-9a-z:, .+-]{0,30}\Z") | DATE_LIKE | st.integers() | st.floats())
def test_every_result_is_iso_8601(value: object) -> None:
    iso = iso_date(value)
    assert iso is None or datetime.fromisoformat(iso)
