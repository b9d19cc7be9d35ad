"""Markers of later versions in headlines of news agencies: `UPDATE 2-`, `CORRECTED-`, `(LEAD)`, `1st Ld-Writethru`."""

from __future__ import annotations

import re

from detector.reading.mapping.ids import hash_64
from detector.reading.mapping.values import word_count

# Fewest words of a headline that identifies an item.
_HEADLINE_WORDS = 3
_LEAD = r"(?:lead|ld)(?:[ -]?writethru)?"
_ORDINAL = r"\d{1,2}(?:st|nd|rd|th)[ -]"
_MARKER_BEFORE = re.compile(
    rf"(?:(?:update|corrected|correction|refile|recasts?|rpt)(?:\s\d{{1,2}})?\s*[-–:]\s*|\((?:{_ORDINAL})?{_LEAD}\)\s*"
    rf"|{_ORDINAL}{_LEAD}\s*[-–:]\s*)+",
    re.IGNORECASE,
)
_MARKER_AFTER = re.compile(rf"[\s,]+(?:\((?:{_ORDINAL})?{_LEAD}\)|{_ORDINAL}{_LEAD})\s*\Z", re.IGNORECASE)


def has_marker(title: str) -> bool:
    """Whether a headline has a marker of a later version."""
    return without_marker(title) != title


def without_marker(title: str) -> str:
    """A headline without the markers of a later version."""
    return _MARKER_AFTER.sub("", _MARKER_BEFORE.sub("", title, count=1) if _MARKER_BEFORE.match(title) else title)


def headline_hash(title: str, source: str | None) -> int | None:
    """A hash of a source's headline, equal for all its versions; None if the source is unknown or it has few words."""
    headline = without_marker(title)
    if source is None or word_count(headline, _HEADLINE_WORDS) < _HEADLINE_WORDS:
        return None
    return hash_64(f"{source.casefold()}\n{''.join(filter(str.isalnum, headline.casefold()))}")
