"""The days that articles speak of, and whether two articles speak of the same."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from detector.pairs.days import LEAD, DaysBuilder, days_of
from tests.making import make_document

WEDNESDAY = date(2026, 3, 4)


def day_numbers(*days: tuple[int, int]) -> set[int]:
    """The numbers of days of a leap year."""
    return {(date(2000, month, day) - date(2000, 1, 1)).days for month, day in days}


def conflict(*articles: tuple[list[str], str | None], language: str = "en") -> float:
    """Whether the days of two articles conflict, each its sentences and its date of publication."""
    builder = DaysBuilder()
    for sentences, published in articles:
        builder.add(make_document("a", *sentences, language=language, published=published))
    return float(builder.build().conflicts(np.array([[0, 1]]))[0])


@pytest.mark.parametrize(
    ("sentence", "language", "days", "weekdays"),
    [
        ("He came yesterday.", "en", [(3, 3)], {1}),
        ("È arrivato oggi.", "it", [(3, 4)], {2}),
        ("He came on Wednesday.", "en", [(3, 4)], {2}),
        ("He came on Monday.", "en", [(3, 2), (3, 9)], {0}),
        ("He came on 30 December.", "en", [(12, 30)], {1}),
        ("新华社3日电", "zh", [(3, 3)], {1}),
        ("新华社28日电", "zh", [(2, 28)], {5}),
        ("He came in May.", "en", [], set()),
    ],
)
def test_the_date_of_publication_resolves_days(
    sentence: str, language: str, days: list[tuple[int, int]], weekdays: set[int]
) -> None:
    assert days_of(sentence, language, WEDNESDAY) == (day_numbers(*days), weekdays)


@pytest.mark.parametrize(
    ("sentence", "days", "weekdays"),
    [
        ("He came yesterday.", [], set()),
        ("He came on Monday, 2 March.", [(3, 2)], {0}),
        ("He came on 29 February.", [(2, 29)], set()),
        ("He came on 31 February.", [], set()),
    ],
)
def test_without_it_only_names_and_dates_are_known(
    sentence: str, days: list[tuple[int, int]], weekdays: set[int]
) -> None:
    assert days_of(sentence, "en", None) == (day_numbers(*days), weekdays)


@pytest.mark.parametrize(
    ("a", "b", "expected"),
    [
        ((["Signed on 3 May."], None), (["Signed on May 3."], None), 0),
        ((["Signed on 3 May."], None), (["Shown on 4 May."], None), 1),
        ((["Signed on 3 May."], None), (["Shown on 4 May.", "Signed on 3 May."], None), 0),
        ((["Signed on 3 May."], None), (["Signed."], None), 0),
        ((["Signed on Monday."], None), (["Signed on Monday."], None), 0),
        ((["Signed on Monday."], None), (["Shown on Tuesday."], None), 1),
        ((["Signed yesterday."], "2026-03-04"), (["Signed today."], "2026-03-03"), 0),
        ((["Signed yesterday."], "2026-03-04"), (["Shown today."], "2026-03-04"), 1),
        ((["To be signed on Friday."], "2026-03-04"), (["Signed on Friday."], "2026-03-07"), 0),
        ((["Signed on Friday."], "2026-03-07"), (["Signed on Friday."], "2026-03-21"), 0),
        ((["Signed yesterday."], "2026-03-04"), (["Signed on Tuesday."], None), 0),
        ((["Signed yesterday."], "2026-03-04"), (["Shown on Friday."], None), 1),
    ],
)
def test_headline_and_lead_may_speak_of_different_days(
    a: tuple[list[str], str | None], b: tuple[list[str], str | None], expected: float
) -> None:
    assert conflict(a, b) == expected
    assert conflict(b, a) == expected


def test_a_day_that_is_anywhere_in_the_other_article_is_no_conflict() -> None:
    quiet = ["Nothing."] * LEAD
    assert conflict((["Signed on 3 May."], None), (["Shown on 4 May.", *quiet, "Signed on 3 May."], None)) == 0
    assert conflict((["Signed on 3 May."], None), ([*quiet, "Shown on 4 May."], None)) == 0


@given(st.lists(st.sampled_from(["Monday", "3 May", "4 May", "today", "Friday", "."]), max_size=5))
def test_an_article_never_conflicts_with_itself(words: list[str]) -> None:
    article = ([f"On {word} it was." for word in words] or ["."], "2026-03-04")
    assert conflict(article, article) == 0
