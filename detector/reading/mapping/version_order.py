"""The order of two records that may be versions of one item."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from detector._moments import moment
from detector.reading.mapping.headlines import has_marker, without_marker
from detector.reading.mapping.validation import Identity, ValidatedRecord
from detector.records import Article

DAYS = 3
"""Most days between versions that carry different ids."""

# Least share of the shorter beginning's shingles that two versions have in common. Chosen by hand, as an update keeps
# most of its text; of different articles in one language half share less than 0.08, and 99 in 100 less than 0.25.
_SIMILAR = 0.5
_SHINGLE_LETTERS, _COMPARED_CHARACTERS = 5, 4000


@dataclass(frozen=True, slots=True)
class Candidate:
    """A record that became an article and may be a version of an item."""

    record: ValidatedRecord
    article: Article

    @property
    def identity(self) -> Identity:
        """The item of the record, and its version."""
        return self.record.identity


def order_of_versions(a: Candidate, b: Candidate) -> int | None:
    """Positive if `a` is a later version than `b`, negative if it is an earlier one, 0 if both are the same record.

    None if they are not versions of one item.
    """
    same_id = a.article.id == b.article.id
    if same_id and (by_number := _compare_numbers(a.identity, b.identity)):
        return by_number
    if a.article.text == b.article.text and a.article.title == b.article.title:
        return 0 if same_id else None
    order = compare_identities(a.identity, b.identity)
    if order == 0 or not _same_source(a.article, b.article) or not _are_similar(a.article, b.article):
        return None
    later = a if order > 0 else b
    return order if same_id or (_are_close(a.article, b.article) and has_marker(later.article.title or "")) else None


def compare_identities(a: Identity, b: Identity) -> int:
    """Positive if `a` is later than `b` by its version number or else its date, negative if earlier, 0 if unknown."""
    if by_number := _compare_numbers(a, b):
        return by_number
    if a.published is None or b.published is None:
        return 0
    if "T" not in a.published or "T" not in b.published:
        day_a, day_b = a.published[:10], b.published[:10]
        return (day_a > day_b) - (day_a < day_b)
    time_a, time_b = _time_of(a), _time_of(b)
    return (time_a > time_b) - (time_a < time_b)


def _compare_numbers(a: Identity, b: Identity) -> int:
    """The difference of the version numbers, 0 if either has none."""
    numbers = [int(each.version) for each in (a, b) if each.version and re.fullmatch(r"\d{1,18}", each.version)]
    return numbers[0] - numbers[1] if len(numbers) == 2 else 0


def _time_of(dated: Identity | Article) -> datetime:
    return moment(dated.published) or datetime.min.replace(tzinfo=UTC)


def _are_close(a: Article, b: Article) -> bool:
    return abs(_time_of(a) - _time_of(b)) <= timedelta(days=DAYS)


def _same_source(a: Article, b: Article) -> bool:
    """Whether neither the sources nor the languages differ, as far as they are known."""
    languages = {(article.language or "").split("-")[0] for article in (a, b)} - {""}
    return len({a.source, b.source} - {None}) < 2 and len(languages) < 2


def _are_similar(a: Article, b: Article) -> bool:
    """Whether the beginnings of two texts share enough shingles; without texts, whether the headlines are equal."""
    shingles_a, shingles_b = _letter_shingles(a.text), _letter_shingles(b.text)
    fewest = min(len(shingles_a), len(shingles_b))
    if fewest == 0:
        return a.text == b.text and without_marker(a.title or "") == without_marker(b.title or "")
    return len(shingles_a & shingles_b) >= _SIMILAR * fewest


def _letter_shingles(text: str) -> set[str]:
    """All sequences of `_SHINGLE_LETTERS` letters and digits at the beginning of a text."""
    letters = "".join(filter(str.isalnum, text[:_COMPARED_CHARACTERS].casefold()))
    return {letters[start : start + _SHINGLE_LETTERS] for start in range(len(letters) - _SHINGLE_LETTERS + 1)}
