"""Dates of publication as ISO 8601; what could be read in two ways is not read at all."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from email.utils import parsedate_to_datetime
from numbers import Real

_NUMBER = re.compile(r"\d+(\.\d+)?")
_RFC_2822 = re.compile(r"([A-Za-z]{3,9},?\s+)?\d{1,2}[ -][A-Za-z]{3}[ -]\d{4}\s+\d{1,2}:\d\d(:\d\d)?(\s+\S+.*)?")
# Epoch seconds of the years 1973 to 2100: a smaller number may be a day such as 20260304, or anything else.
_EPOCH_SECONDS = (10**8, 4_102_444_800)


def iso_date(value: object) -> str | None:
    """The date in ISO 8601, with the time zone it came with; None where it is ambiguous or not a date.

    Takes ISO 8601, RFC 2822, epoch seconds and milliseconds (years 1973 to 2100) and `date` or `datetime` objects.
    A date without a time stays one.

    >>> iso_date("Wed, 04 Mar 2026 10:15:00 +0100")
    '2026-03-04T10:15:00+01:00'
    >>> iso_date("03/04/2026") is None
    True
    """
    if isinstance(value, Real) and not isinstance(value, bool):
        value = _digits(value)
    if isinstance(value, date):
        value = value.isoformat()
    return _from_text(value.strip()) if isinstance(value, str) else None


def _digits(number: Real) -> str:
    try:
        return f"{float(number):.3f}".removesuffix(".000")
    except OverflowError:
        return ""


def _from_text(text: str) -> str | None:
    if _NUMBER.fullmatch(text) and len(text) != len("20260304"):
        return _from_epoch(float(text))
    for parse in (date.fromisoformat, datetime.fromisoformat, _from_rfc_2822):
        try:
            return parse(text).isoformat()
        except (ValueError, OverflowError):
            continue
    return None


def _from_rfc_2822(text: str) -> datetime:
    if not _RFC_2822.fullmatch(text):  # the parser below would make a date of nearly anything
        raise ValueError(text)
    return parsedate_to_datetime(text)


def _from_epoch(number: float) -> str | None:
    first, last = _EPOCH_SECONDS
    seconds = number / 1000 if number >= first * 1000 else number
    return datetime.fromtimestamp(seconds, UTC).isoformat() if first <= seconds <= last else None
