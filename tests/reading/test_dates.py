"""Dates are read where there is one way to read them, and never guessed."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from detector.reading.dates import iso_date


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
        (pd.Timestamp("2026-03-04 10:15:00.123456789"), "2026-03-04T10:15:00.123456"),
    ],
)
def test_what_is_clear_becomes_iso_8601_with_its_time_zone(value: object, iso: str) -> None:
    assert iso_date(value) == iso


@pytest.mark.parametrize(
    "value",
    [
        *("03/04/2026", "3.4.2026", "04-03-26", "March 2026", "yesterday", "0000-00-00", "2026-02-30", "2026", "12"),
        *("32 Mar 2026 10:15 GMT", "Wed, 04 Mar 26 10:15:00 +0100", 0, -1, 12, 10**400, float("inf"), True, [], {}),
    ],
)
def test_what_is_not_clear_is_left_out(value: object) -> None:
    assert iso_date(value) is None


@given(st.text() | st.from_regex(r"\A[A-Z0-9a-z:, .+-]{0,30}\Z") | st.integers() | st.floats())
def test_whatever_comes_out_is_iso_8601(value: object) -> None:
    iso = iso_date(value)
    assert iso is None or datetime.fromisoformat(iso)
