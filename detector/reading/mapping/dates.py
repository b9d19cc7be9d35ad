"""Dates of publication as ISO 8601; what could be read in two ways is not read at all."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta, timezone
from email.utils import parsedate_to_datetime
from functools import lru_cache
from numbers import Real
from typing import TypeAlias

import langcodes
from langcodes.tag_parser import LanguageTagError

from detector.languages.cldr import locale_of, months

_NUMBER = re.compile(r"\d+(\.\d+)?")
# GDELT's form of a moment, which ISO 8601 would write with a T.
_FOURTEEN_DIGITS = re.compile(r"(?:19|20)\d{12}")
_RFC_2822 = re.compile(r"([A-Za-z]{3,9},?\s+)?\d{1,2}[ -][A-Za-z]{3}[ -]\d{4}\s+\d{1,2}:\d\d(:\d\d)?(\s+\S+.*)?")
# Epoch seconds of the years 1973 to 2100: a smaller number may be a day such as 20260304, or anything else.
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
# What may stand behind a time: an offset, or the name of a zone.
_ZONE = re.compile(
    r"(?P<time>.*:\d\d(?:\.\d+)?(?:\s*(?i:[ap]\.?m\.?))?)\s*"
    r"\(?(?:(?![AP]M\b)(?P<name>[A-Z]{1,5})|(?P<offset>(?:UTC|GMT)?[+-]\d\d?:?(?:\d\d)?))\)?"
)
# By RFC 2822, and those that stand for one zone everywhere; CST, IST and their like are in use for several.
_ZONES = {
    **{"Z": 0, "UTC": 0, "GMT": 0, "UT": 0, "WET": 0, "WEST": 1, "CET": 1, "CEST": 2, "EET": 2, "EEST": 3, "MSK": 3},
    **{"EST": -5, "EDT": -4, "CDT": -5, "MST": -7, "MDT": -6, "PST": -8, "PDT": -7, "JST": 9, "KST": 9},
}
# A year outside was counted in another calendar: 2569 in the Thai one is 2026, and so are 1405 and 2082 or 2083 in the
# Persian and the Nepali one.
_YEARS = range(1900, 2051)
_LONGEST = 80
# Written between the numbers in Arabic and Hebrew, and never seen.
_DIRECTION_MARKS = re.compile("[\u061c\u200e\u200f]")


def iso_date(value: object, language: str | None = None) -> str | None:
    """The date in ISO 8601, with the time zone it came with; None where it is ambiguous or not a date.

    Takes ISO 8601, RFC 2822, epoch seconds and milliseconds (years 1973 to 2100), `date` or `datetime` objects,
    numbers with a year of four digits (1900 to 2050), and dates with the month's name in `language` or in English.
    Where both day and month could come first, the order is that in which `language` (a code such as "vi" or "en-GB")
    writes dates. A date without a time stays one; a time whose zone is not told, or is told by letters in use for
    several zones, has none.

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
    """A date and a time with a zone behind them."""
    found = _ZONE.fullmatch(text) if len(text) <= _LONGEST else None
    if not found:
        return None
    try:
        moment = datetime.fromisoformat(found["time"])
    except ValueError:
        if (iso := _from_parts(found["time"], language)) is None:
            return None
        moment = datetime.fromisoformat(iso)
    hours = _ZONES.get(found["name"]) if found["name"] else _hours(found["offset"])
    try:
        return moment.replace(tzinfo=None if hours is None else timezone(timedelta(hours=hours))).isoformat()
    except ValueError:
        return None


def _hours(offset: str) -> float:
    """The hours of "+0100", "UTC+1" or "-03:30"."""
    sign, digits = offset.lstrip("UTCGM")[0], re.sub(r"\D", "", offset)
    hours, minutes = (int(digits), 0) if len(digits) <= 2 else (int(digits[:-2]), int(digits[-2:]))
    return (hours + minutes / 60) * (-1 if sign == "-" else 1)


def _from_rfc_2822(text: str) -> datetime:
    if not _RFC_2822.fullmatch(text):  # the parser below would make a date of nearly anything
        raise ValueError(text)
    return parsedate_to_datetime(text)


def _from_epoch(number: float) -> str | None:
    first, last = _EPOCH_SECONDS
    seconds = number / 1000 if number >= first * 1000 else number
    return datetime.fromtimestamp(seconds, UTC).isoformat() if first <= seconds <= last else None


def _from_parts(text: str, language: str | None) -> str | None:
    """The date of a text that writes year, month and day, and may write the time, but no zone."""
    if len(text) > _LONGEST:
        return None
    for parts in (_numeric, _ideographic, _written_out):
        if (found := parts(text, language)) is not None:
            clock, (year, month, day) = found
            break
    else:
        return None
    if year not in _YEARS:
        return None
    try:
        day_alone = date(year, month, day)
        return (datetime.combine(day_alone, _time(clock)) if clock["hour"] else day_alone).isoformat()
    except ValueError:
        return None


_Found: TypeAlias = tuple[re.Match[str], tuple[int, int, int]]


def _numeric(text: str, language: str | None) -> _Found | None:
    found = _NUMERIC.fullmatch(text)
    if not found:
        return None
    first, middle, last = (int(found[group]) for group in (1, 3, 4))
    if first in _YEARS:
        return found, (first, middle, last)
    day_first = _is_day_first(first, middle, language)
    if day_first is None:
        return None
    return found, (last, middle, first) if day_first else (last, first, middle)


def _ideographic(text: str, language: str | None) -> _Found | None:
    found = _IDEOGRAPHIC.fullmatch(text)
    return found and (found, (int(found[1]), int(found[2]), int(found[3])))


def _written_out(text: str, language: str | None) -> _Found | None:
    """A date with the month's name, in the language or in English."""
    for pattern in _WRITTEN_OUT:
        if found := pattern.fullmatch(text):
            name = found["month"].lower()
            codes = (re.split("[-_]", language or "en")[0], "en", "en-GB")
            if month := next(filter(None, (months(code).get(name) for code in codes)), None):
                return found, (int(found["year"]), month, int(found["day"]))
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
