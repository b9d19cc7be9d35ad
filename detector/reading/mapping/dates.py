"""Converts dates of publication to ISO 8601. A date that can be read in two ways is left out."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta, timezone
from email.utils import parsedate_to_datetime
from functools import lru_cache
from numbers import Real
from typing import NamedTuple

import langcodes
from langcodes.tag_parser import LanguageTagError

from detector.languages.cldr import locale_of, months

_NUMBER = re.compile(r"\d+(\.\d+)?")
# GDELT writes date and time without the T of ISO 8601.
_FOURTEEN_DIGITS = re.compile(r"(?:19|20)\d{12}")
_RFC_2822 = re.compile(r"([A-Za-z]{3,9},?\s+)?\d{1,2}[ -][A-Za-z]{3}[ -]\d{4}\s+\d{1,2}:\d\d(:\d\d)?(\s+\S+.*)?")
# Epoch seconds of the years 1973 to 2100. A smaller number can be a day such as 20260304, or anything else.
_EPOCH_SECONDS = (10**8, 4_102_444_800)
_CLOCK = r"(?P<hour>\d{1,2}):(?P<minute>\d\d)(?::(?P<second>\d\d)(?:\.\d+)?)?(?:\s*(?P<half>[ap])\.?m\.?)?"
# 2013/10/23, 23.10.2013 11:39, "4. 3. 2026.", 10/23/2013 9:32:05 PM, 23/10/2013 - 11:39
_NUMERIC = re.compile(
    rf"(\d{{1,4}})\s*([/.-])\s*(\d{{1,2}})\s*\2\s*(\d{{1,4}})\.?(?:,?\s+(?:[-–|]\s+)?{_CLOCK})?", re.IGNORECASE
)
# 2026年3月4日 10:15, 2026년 3월 4일
_IDEOGRAPHIC = re.compile(rf"(\d{{4}})\s*[年년]\s*(\d{{1,2}})\s*[月월]\s*(\d{{1,2}})\s*[日일]?(?:\s*{_CLOCK})?")
_WEEKDAY = r"(?:(?P<weekday>[^\W\d]+)\.?,?\s+)?"
_MONTH = r"(?P<month>[^\W\d]+)\.?"
_YEAR_AND_CLOCK = rf"(?P<year>\d{{4}})(?:\s*[^\W\d]{{1,2}}\.)?(?:,?\s+(?:[-–|]\s+|[^\W\d]{{1,3}}\s+)?{_CLOCK})?"
_WRITTEN_OUT = (
    # 4 mars 2026, Wednesday, 4th March 2026 at 10:15, 4 de marzo de 2026
    re.compile(
        rf"{_WEEKDAY}(?P<day>\d{{1,2}})(?:\.|º|[^\W\d]{{1,2}})?\s+(?:d[eo]\s+)?{_MONTH},?\s+(?:d[eo]\s+)?{_YEAR_AND_CLOCK}",
        re.IGNORECASE,
    ),
    # March 4, 2026 10:15 AM
    re.compile(
        rf"{_WEEKDAY}{_MONTH}\s+(?P<day>\d{{1,2}})(?:st|nd|rd|th)?,?\s+{_YEAR_AND_CLOCK}",
        re.IGNORECASE,
    ),
)
# A time followed by an offset or the name of a zone.
_ZONE = re.compile(
    r"(?P<time>.*:\d\d(?:\.\d+)?(?:\s*(?i:[ap]\.?m\.?))?)\s*"
    r"\(?(?:(?![AP]M\b)(?P<name>[A-Z]{1,5})|(?P<offset>(?:UTC|GMT)?[+-]\d\d?:?(?:\d\d)?))\)?"
)
# Zones of RFC 2822 and others that are unambiguous; CST, IST and the like each name several zones.
_ZONES = {
    **{"Z": 0, "UTC": 0, "GMT": 0, "UT": 0, "WET": 0, "WEST": 1, "CET": 1, "CEST": 2, "EET": 2, "EEST": 3, "MSK": 3},
    **{"EST": -5, "EDT": -4, "CDT": -5, "MST": -7, "MDT": -6, "PST": -8, "PDT": -7, "JST": 9, "KST": 9},
}
# A year outside this range belongs to another calendar: 2026 is 2569 in the Thai calendar, 1405 in the Persian one and
# 2082 or 2083 in the Nepali one.
_YEARS = range(1900, 2051)
_LONGEST = 80
# Invisible marks between the numbers of dates in Arabic and Hebrew.
_DIRECTION_MARKS = re.compile("[\u061c\u200e\u200f]")


def iso_date(value: object, language: str | None = None) -> str | None:
    """The date in ISO 8601, with its time zone if it has one; None if it is ambiguous or not a date.

    Accepts ISO 8601, RFC 2822, epoch seconds and milliseconds (years 1973 to 2100), `date` and `datetime` objects,
    numeric dates with a year of four digits (1900 to 2050), and dates with the month's name in `language` or English.
    If day and month could be swapped, `language` (a code such as "vi" or "en-GB") decides the order. A date without a
    time stays a date. A time has no zone if none is given, or if its letters name several zones.

    >>> iso_date("Wed, 04 Mar 2026 10:15:00 +0100"), iso_date("March 4, 2026 10:15 AM EST")
    ('2026-03-04T10:15:00+01:00', '2026-03-04T10:15:00-05:00')
    >>> iso_date("4 mars 2026", "fr"), iso_date("4 mars 2026")
    ('2026-03-04', None)
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
    if _FOURTEEN_DIGITS.fullmatch(text):
        text = f"{text[:8]}T{text[8:]}"
    if _NUMBER.fullmatch(text) and len(text) != len("20260304"):
        return _from_epoch(float(text))
    for parse in (date.fromisoformat, datetime.fromisoformat, _from_rfc_2822):
        try:
            return parse(text).isoformat()
        except (ValueError, OverflowError):
            continue
    text = _DIRECTION_MARKS.sub("", text)
    return _from_parts(text, language) or _with_zone(text, language)


def _with_zone(text: str, language: str | None) -> str | None:
    """The date of a text that ends in a time and a zone."""
    match = _ZONE.fullmatch(text) if len(text) <= _LONGEST else None
    if not match:
        return None
    try:
        local = datetime.fromisoformat(match["time"])
    except ValueError:
        iso = _from_parts(match["time"], language)
        if iso is None:
            return None
        local = datetime.fromisoformat(iso)
    hours = _ZONES.get(match["name"]) if match["name"] else _hours(match["offset"])
    try:
        return local.replace(tzinfo=None if hours is None else timezone(timedelta(hours=hours))).isoformat()
    except ValueError:
        return None


def _hours(offset: str) -> float:
    """The hours of an offset such as "+0100", "UTC+1" or "-03:30"."""
    sign, digits = offset.lstrip("UTCGM")[0], re.sub(r"\D", "", offset)
    hours, minutes = (int(digits), 0) if len(digits) <= 2 else (int(digits[:-2]), int(digits[-2:]))
    return (hours + minutes / 60) * (-1 if sign == "-" else 1)


def _from_rfc_2822(text: str) -> datetime:
    if not _RFC_2822.fullmatch(text):  # the parser below accepts nearly anything as a date
        raise ValueError(text)
    return parsedate_to_datetime(text)


def _from_epoch(number: float) -> str | None:
    first, last = _EPOCH_SECONDS
    seconds = number / 1000 if number >= first * 1000 else number
    return datetime.fromtimestamp(seconds, UTC).isoformat() if first <= seconds <= last else None


def _from_parts(text: str, language: str | None) -> str | None:
    """The date of a text with year, month and day, perhaps a time, but no zone."""
    if len(text) > _LONGEST:
        return None
    parts = _numeric(text, language) or _ideographic(text) or _written_out(text, language)
    if parts is None or parts.year not in _YEARS:
        return None
    try:
        day = date(parts.year, parts.month, parts.day)
        return (datetime.combine(day, _time(parts.clock)) if parts.clock["hour"] else day).isoformat()
    except ValueError:
        return None


class _Parts(NamedTuple):
    """Numbers found in a text that may form a date, and the match that holds the groups of `_CLOCK`."""

    clock: re.Match[str]
    year: int
    month: int
    day: int


def _numeric(text: str, language: str | None) -> _Parts | None:
    match = _NUMERIC.fullmatch(text)
    if not match:
        return None
    first, middle, last = (int(match[group]) for group in (1, 3, 4))
    if first in _YEARS:
        return _Parts(match, first, middle, last)
    day_first = _is_day_first(first, middle, language)
    if day_first is None:
        return None
    return _Parts(match, last, middle, first) if day_first else _Parts(match, last, first, middle)


def _ideographic(text: str) -> _Parts | None:
    match = _IDEOGRAPHIC.fullmatch(text)
    return _Parts(match, int(match[1]), int(match[2]), int(match[3])) if match else None


def _written_out(text: str, language: str | None) -> _Parts | None:
    """A date with the month's name in the language or in English."""
    codes = (re.split("[-_]", language or "en")[0], "en", "en-GB")
    for pattern in _WRITTEN_OUT:
        if match := pattern.fullmatch(text):
            name = match["month"].lower()
            for code in codes:
                if month := months(code).get(name):
                    return _Parts(match, int(match["year"]), month, int(match["day"]))
    return None


def _is_day_first(first: int, second: int, language: str | None) -> bool | None:
    """Whether the first of two numbers is the day and the second the month; None if that is unknown."""
    if first > 12 or first == second:
        return True
    if second > 12:
        return False
    return None if language is None else _writes_day_first(language)


@lru_cache(maxsize=1024)
def _writes_day_first(language: str) -> bool | None:
    """Whether a language writes day, month, year (true) or month, day, year (false) in the CLDR; None if neither."""
    try:
        tag = langcodes.Language.get(language)
        # The CLDR treats English without a region, and an unknown language, as American English.
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


def _time(match: re.Match[str]) -> time:
    hour, half = int(match["hour"]), (match["half"] or "").lower()
    if half == "a" and hour > 12:  # "15:30 PM" is redundant, "15:30 AM" is wrong
        raise ValueError(hour)
    if half:
        hour = hour % 12 + 12 * (half == "p")
    return time(hour, int(match["minute"]), int(match["second"] or 0))
