"""Markers of later versions in headlines."""

from __future__ import annotations

import pytest

from detector.reading.mapping.headlines import has_marker, headline_hash, without_marker

HEADLINE = "Fed raises its rates again"


@pytest.mark.parametrize(
    "title",
    [
        f"UPDATE 2-{HEADLINE}",
        f"CORRECTED-UPDATE 1-{HEADLINE}",
        f"(2nd LD) {HEADLINE}",
        f"{HEADLINE} (1st Ld-Writethru)",
    ],
)
def test_a_marker_is_removed_from_a_headline(title: str) -> None:
    assert has_marker(title)
    assert without_marker(title) == HEADLINE


@pytest.mark.parametrize(
    "title",
    [
        *("Lead poisoning in the town", "Update on the flood", "Correction of the market", "LD50 of a poison", ""),
        *("UPDATED: no marker of an agency", "Police lead", "Two lead (and fail)", "A mislead (Leader)", "12th Leader"),
    ],
)
def test_words_that_only_look_like_markers_stay(title: str) -> None:
    assert without_marker(title) == title


def test_headlines_of_one_source_are_equal_with_and_without_a_marker() -> None:
    expected = headline_hash(HEADLINE, "Reuters")
    assert expected is not None
    assert headline_hash(f"UPDATE 2-{HEADLINE.upper()}!", "reuters") == expected
    assert headline_hash(HEADLINE, "AFP") != expected


@pytest.mark.parametrize(("title", "source"), [(HEADLINE, None), ("UPDATE 2-Fed meets", "Reuters")])
def test_a_headline_without_a_source_or_with_few_words_identifies_nothing(title: str, source: str | None) -> None:
    assert headline_hash(title, source) is None
