"""Dates of publication as ISO 8601; what could be read in two ways is not read at all."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time
from email.utils import parsedate_to_datetime
from functools import lru_cache
from numbers import Real

import langcodes
from langcodes.tag_parser import LanguageTagError

from detector.cldr import locale_of

_NUMBER = re.compile(r"\d+(\.\d+)?")
_RFC_2822 = re.compile(r"([A-Za-z]{3,9},?\s+)?\d{1,2}[ -][A-Za-z]{3}[ -]\d{4}\s+\d{1,2}:\d\d(:\d\d)?(\s+\S+.*)?")
# Epoch seconds of the years 1973 to 2100: a smaller number may be a day such as 20260304, or anything else.
_EPOCH_SECONDS = (10**8, 4_102_444_800)
# 2013/10/23, 23.10.2013 11:39, "4. 3. 2026.", 10/23/2013 9:32:05 PM
_NUMERIC = re.compile(
    r"(\d{1,4})\s*([/.-])\s*(\d{1,2})\s*\2\s*(\d{1,4})\.?"
    r"(?:,?\s+(?P<hour>\d{1,2}):(?P<minute>\d\d)(?::(?P<second>\d\d))?(?:\s*(?P<half>[ap])\.?m\.?)?)?",
    re.IGNORECASE,
)
# A year outside was counted in another calendar: 2569 in the Thai one is 2026, and so are 1405 and 2082 or 2083 in the
# Persian and the Nepali one.
_YEARS = range(1900, 2051)
# Written between the numbers in Arabic and Hebrew, and never seen.
_DIRECTION_MARKS = re.compile("[\u061c\u200e\u200f]")


def iso_date(value: object, language: str | None = None) -> str | None:
    """The date in ISO 8601, with the time zone it came with; None where it is ambiguous or not a date.

    Takes ISO 8601, RFC 2822, epoch seconds and milliseconds (years 1973 to 2100), `date` or `datetime` objects, and
    numbers with a year of four digits (1900 to 2050). Where both day and month could come first, the order is that in
    which `language` (a code such as "vi" or "en-GB") writes dates. A date without a time stays one.

    >>> iso_date("Wed, 04 Mar 2026 10:15:00 +0100")
    '2026-03-04T10:15:00+01:00'
    >>> iso_date("23/10/2013 11:39"), iso_date("03/04/2026", "vi"), iso_date("03/04/2026")
    ('2013-10-23T11:39:00', '2026-04-03', None)
    """
    if isinstance(value, Real) and not isinstance(value, bool):
        value = _digits(value)
    if isinstance(value, date):
        value = value.isoformat()
    return _from_text(value.strip(), language) if isinstance(value, str) else None


def _digits(number: Real) -> str:
    try:
        return f"{float(number):.3f}".removesuffix(".000")
    except OverflowError:
        return ""


def _from_text(text: str, language: str | None) -> str | None:
    if _NUMBER.fullmatch(text) and len(text) != len("20260304"):
        return _from_epoch(float(text))
    for parse in (date.fromisoformat, datetime.fromisoformat, _from_rfc_2822):
        try:
            return parse(text).isoformat()
        except (ValueError, OverflowError):
            continue
    return _from_numbers(_DIRECTION_MARKS.sub("", text), language)


def _from_rfc_2822(text: str) -> datetime:
    if not _RFC_2822.fullmatch(text):  # the parser below would make a date of nearly anything
        raise ValueError(text)
    return parsedate_to_datetime(text)


def _from_epoch(number: float) -> str | None:
    first, last = _EPOCH_SECONDS
    seconds = number / 1000 if number >= first * 1000 else number
    return datetime.fromtimestamp(seconds, UTC).isoformat() if first <= seconds <= last else None


def _from_numbers(text: str, language: str | None) -> str | None:
    found = _NUMERIC.fullmatch(text)
    if not found:
        return None
    first, middle, last = (int(found[group]) for group in (1, 3, 4))
    if first in _YEARS:
        year, month, day = first, middle, last
    elif last in _YEARS and (day_first := _is_day_first(first, middle, language)) is not None:
        year, month, day = (last, middle, first) if day_first else (last, first, middle)
    else:
        return None
    try:
        day_alone = date(year, month, day)
        return (datetime.combine(day_alone, _time(found)) if found["hour"] else day_alone).isoformat()
    except ValueError:
        return None


def _is_day_first(first: int, second: int, language: str | None) -> bool | None:
    """Whether the first of two numbers is the day and the second the month; None where that is not known."""
    if first > 12 or first == second:
        return True
    if second > 12:
        return False
    return None if language is None else _writes_day_first(language)


@lru_cache(maxsize=1024)
def _writes_day_first(language: str) -> bool | None:
    """Whether a language writes the day before the month and the year last, by the Unicode CLDR; None if not known."""
    try:
        tag = langcodes.Language.get(language)
        # The CLDR takes English without a region, and texts without a language, to be American.
        if tag.language is None or (tag.language == "en" and tag.territory is None):
            return None
        known = langcodes.Language.make(tag.language, script=tag.script, territory=tag.territory)
    except (LanguageTagError, ValueError):
        return None
    locale = locale_of(known.to_tag())
    if locale is None:
        return None
    order = "".join(dict.fromkeys(re.findall("[dMy]", locale.date_formats["short"].pattern)))
    return {"dMy": True, "Mdy": False}.get(order)


def _time(found: re.Match[str]) -> time:
    hour, half = int(found["hour"]), (found["half"] or "").lower()
    if half == "a" and hour > 12:  # while "15:30 PM" says the same twice
        raise ValueError(hour)
    if half:
        hour = hour % 12 + 12 * (half == "p")
    return time(hour, int(found["minute"]), int(found["second"] or 0))
