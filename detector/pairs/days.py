"""The days that headline and lead speak of: dates, weekdays and "yesterday", resolved by the date of publication.

Two reports of one event speak of the same day, a development of the next one. What cannot be resolved is compared as it
is: days of the year with days of the year, weekdays with weekdays.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from detector._moments import moment
from detector.languages.cldr import dates_in
from detector.languages.days import month_days_in, relative_days_in, weekdays_in
from detector.records import Document

# Sentences of headline and lead.
LEAD = 3
# A leap year, so that every day of the year has a number.
_YEAR = 2000
DAYS_OF_YEAR = 366
_WEEK = 7
# A date is nearest in the year of publication or in the years beside it.
_YEARS_BESIDE = (-1, 0, 1)


@dataclass(frozen=True)
class Days:
    """The days that articles speak of, in headline and lead and anywhere.

    lead_dates, dates: int8, (articles, 366), sparse, 1 for each day of the year. lead_weekdays, weekdays: uint8,
    (articles,), a bit for each weekday, Monday the lowest.
    """

    lead_dates: csr_matrix
    dates: csr_matrix
    lead_weekdays: NDArray[np.uint8]
    weekdays: NDArray[np.uint8]

    def conflicts(self, pairs: NDArray[np.int64]) -> NDArray[np.float64]:
        """Whether headline and lead of each pair, (pairs, 2), speak of different days: (pairs,), 1 or 0.

        Dates are compared if both have some, otherwise weekdays. Days conflict if neither article speaks anywhere of a
        day or weekday of the other's headline and lead; if nothing is known, they do not.
        """
        a, b = pairs[:, 0], pairs[:, 1]
        weekdays_a, weekdays_b = self.lead_weekdays[a], self.lead_weekdays[b]
        known = (self._has_dates[a] & self._has_dates[b]) | ((weekdays_a != 0) & (weekdays_b != 0))
        elsewhere = _shared(self.lead_dates, a, self.dates, b) | _shared(self.dates, a, self.lead_dates, b)
        elsewhere |= (weekdays_a & self.weekdays[b] != 0) | (self.weekdays[a] & weekdays_b != 0)
        return np.asarray(known & ~elsewhere, np.float64)

    @cached_property
    def _has_dates(self) -> NDArray[np.bool_]:
        return np.asarray(np.diff(self.lead_dates.indptr) > 0)


class DaysBuilder:
    """Collects the days of article after article."""

    def __init__(self) -> None:
        self.lead: list[tuple[list[int], int]] = []
        self.all: list[tuple[list[int], int]] = []

    def add(self, document: Document) -> None:
        """Add the next article."""
        published = moment(document.article.published)
        today = None if published is None else published.date()
        dates, weekdays = set[int](), 0
        for place, sentence in enumerate(document.sentences):
            if place == LEAD:
                self.lead.append((sorted(dates), weekdays))
            in_sentence, named = days_of(sentence, document.language, today)
            dates |= in_sentence
            for weekday in named:
                weekdays |= 1 << weekday
        self.all.append((sorted(dates), weekdays))
        if len(self.lead) < len(self.all):
            self.lead.append(self.all[-1])

    def build(self) -> Days:
        """The days of all articles."""
        return Days(_matrix(self.lead), _matrix(self.all), _bits(self.lead), _bits(self.all))


def days_of(sentence: str, language: str, published: date | None) -> tuple[set[int], set[int]]:
    """The days of the year, 0 to 365, and the weekdays, 0 to 6, that a sentence speaks of.

    With a date of publication, every date is in the nearest year and has its weekday, and a weekday is the last such
    day and the next, because verbs in the past are not told from those in the future.
    """
    dates, weekdays = set(dates_in(sentence, language)), set(weekdays_in(sentence, language))
    if published is not None:
        days = [day for month_day in dates if (day := _nearest(published, *month_day))]
        days += [published + timedelta(days) for days in relative_days_in(sentence, language)]
        days += [day for number in month_days_in(sentence, language) if (day := _month_day(published, number))]
        candidates = [day for weekday in weekdays for day in _nearest_weekdays(published, weekday)]
        dates |= {(day.month, day.day) for day in (*days, *candidates)}
        weekdays |= {day.weekday() for day in days}
    return {number for month_day in dates if (number := _day_of_year(*month_day)) is not None}, weekdays


def _shared(
    matrix_a: csr_matrix, a: NDArray[np.int64], matrix_b: csr_matrix, b: NDArray[np.int64]
) -> NDArray[np.bool_]:
    return np.asarray(matrix_a[a].multiply(matrix_b[b]).sum(1).A1 > 0)


def _matrix(days: list[tuple[list[int], int]]) -> csr_matrix:
    indptr = np.cumsum([0, *(len(dates) for dates, _ in days)])
    indices = np.array([day for dates, _ in days for day in dates], np.int32)
    return csr_matrix((np.ones(len(indices), np.int8), indices, indptr), (len(days), DAYS_OF_YEAR))


def _bits(days: list[tuple[list[int], int]]) -> NDArray[np.uint8]:
    return np.array([weekdays for _, weekdays in days], np.uint8)


def _day_of_year(month: int, day: int) -> int | None:
    """The number of a day in a leap year; None if the month has no such day."""
    try:
        return (date(_YEAR, month, day) - date(_YEAR, 1, 1)).days
    except ValueError:
        return None


def _nearest(today: date, month: int, day: int) -> date | None:
    """The day that is nearest to today in this year and the years beside it; None if there is none."""
    return min(_in_years(today, month, day), key=lambda other: abs((other - today).days), default=None)


def _in_years(today: date, month: int, day: int) -> list[date]:
    days = []
    for years in _YEARS_BESIDE:
        try:
            days.append(date(today.year + years, month, day))
        except ValueError:
            continue
    return days


def _month_day(today: date, number: int) -> date | None:
    """The last day with this number in its month, up to today or the day after; None if it is over a month ago."""
    candidates = (today + timedelta(days) for days in range(1, -31, -1))
    return next((day for day in candidates if day.day == number), None)


def _nearest_weekdays(today: date, weekday: int) -> tuple[date, ...]:
    """Today if it is this weekday, else the last such day and the next."""
    behind = (today.weekday() - weekday) % _WEEK
    return (today,) if not behind else (today - timedelta(behind), today + timedelta(_WEEK - behind))
