"""What one reading found, for people to check: formats, field names, reasons for rejection, unreadable dates."""

from __future__ import annotations

import warnings
from collections import Counter
from collections.abc import Mapping
from typing import Any

from detector.reading.mapping.messages import kind, kind_of_reason, quoted
from detector.reading.source import Source
from detector.records import Rejected


class Summary:
    """Counts while the records of one reading are validated.

    fields: Article field → the name it was read from → number of articles. reasons: kind of reason → number of records
    rejected for it. superseded: how many of those are earlier versions of an article or were sent again.
    """

    def __init__(self, columns: Mapping[str, str] | None = None) -> None:
        self.fields: dict[str, Counter[str]] = {}
        self.reasons: Counter[str] = Counter()
        self.superseded = 0
        self.unread_dates = Occurrences()
        self.cut_texts = Occurrences()
        self._columns = dict(columns or {})

    def count_fields(self, names: Mapping[str, str]) -> None:
        """Count the names that the fields of one article were read from."""
        for field, name in names.items():
            self.fields.setdefault(field, Counter())[name] += 1

    def count_rejected(self, rejected: Rejected) -> None:
        """Count one rejected record."""
        self.reasons[kind_of_reason(rejected.reason)] += 1
        self.superseded += rejected.superseded

    def warn(self) -> None:
        """Warn about dates that could not be read, texts that were cut off, and columns that no record has."""
        for occurrences, message in (
            (
                self.unread_dates,
                "dates that could not be read: {}; write dates in ISO 8601, or declare the language of the article by "
                "its code, such as vi or en-GB",
            ),
            (self.cut_texts, "texts cut off by their source: {}; stories are found less reliably from a beginning"),
        ):
            if occurrences.count:
                shown = f"{occurrences.count}, for example {occurrences.example}"
                warnings.warn(message.format(shown), stacklevel=2)
        for field, column in self._columns.items():
            if self.fields and column not in self.fields.get(field, ()):
                warnings.warn(f"columns: no record has a value in {quoted(column)} for the {field}", stacklevel=2)

    def as_dict(self) -> dict[str, Any]:
        """The counts for run.json, in an order that does not depend on the order of the files."""
        return {
            "fields": {field: dict(sorted(names.items())) for field, names in sorted(self.fields.items())},
            "rejected": dict(sorted(self.reasons.items())),
            "superseded": self.superseded,
            "unread_dates": self.unread_dates.count,
            "cut_texts": self.cut_texts.count,
        }


class Occurrences:
    """How often something occurred, and the first example with its source."""

    def __init__(self) -> None:
        self.count = 0
        self.example = ""

    def add(self, value: object, source: Source) -> None:
        """Count one more occurrence."""
        self.count += 1
        self.example = self.example or f"{quoted(value) if isinstance(value, str) else kind(value)} in {source.shown}"
