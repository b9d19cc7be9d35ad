"""Dates of publication as moments in time. Every stage that compares dates uses these, so all agree on time zones."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def moment(published: str | None) -> datetime | None:
    """The moment of an ISO 8601 date, in UTC if it names no zone; None if it is missing or not ISO 8601.

    >>> moment("2026-03-04")
    datetime.datetime(2026, 3, 4, 0, 0, tzinfo=datetime.timezone.utc)
    """
    try:
        when = datetime.fromisoformat(published or "")
    except ValueError:
        return None
    return when if when.tzinfo else when.replace(tzinfo=UTC)


def days_since_epoch(published: str | None) -> float:
    """An ISO 8601 date in days since 1970-01-01T00:00Z; NaN if it is missing or not ISO 8601.

    >>> days_since_epoch("1970-01-02T12:00:00+12:00")
    1.0
    """
    when = moment(published)
    return float("nan") if when is None else (when - _EPOCH) / timedelta(days=1)
