"""What one reading met, for people to check: formats, names of fields, reasons, and dates that could not be read."""

from __future__ import annotations

import warnings
from collections import Counter
from collections.abc import Mapping
from typing import Any

from detector.reading.mapping.messages import kind, kind_of_reason, quoted
from detector.reading.source import Place
from detector.records import Rejected


class Summary:
    """Counts while the records of one reading are judged.

    fields: Article field → the name it was read from → how many records. reasons: kind of reason → how many records
    were rejected for it. superseded: how many of them are earlier versions of an article, or the same sent again.
    """

    def __init__(self, columns: Mapping[str, str] | None = None) -> None:
        self.fields: dict[str, Counter[str]] = {}
        self.reasons: Counter[str] = Counter()
        self.superseded = 0
        self.unread_dates = Noted()
        self.cut_texts = Noted()
        self._columns = dict(columns or {})

    def read_from(self, names: Mapping[str, str]) -> None:
        """One more article, whose fields were read from these names."""
        for field, name in names.items():
            self.fields.setdefault(field, Counter())[name] += 1

    def reject(self, rejected: Rejected) -> None:
        """One more record that is no article."""
        self.reasons[kind_of_reason(rejected.reason)] += 1
        self.superseded += rejected.superseded

    def warn(self) -> None:
        """One warning each for dates that could not be read, texts that were cut off and columns that no record has."""
        for noted, said in (
            (
                self.unread_dates,
                "dates that could not be read: {}; give ISO 8601, or declare the language of the article by its code, "
                "such as vi or en-GB",
            ),
            (self.cut_texts, "texts that their source cut off: {}; stories are found less surely by the beginnings"),
        ):
            if noted.count:
                shown = f"{noted.count}, for example {noted.example}"
                warnings.warn(said.format(shown), stacklevel=2)
        for field, column in self._columns.items():
            if self.fields and column not in self.fields.get(field, ()):
                warnings.warn(f"columns: no record has anything in {quoted(column)} for the {field}", stacklevel=2)

    def as_dict(self) -> dict[str, Any]:
        """The counts for run.json, in an order that does not depend on that of the files."""
        return {
            "fields": {field: dict(sorted(names.items())) for field, names in sorted(self.fields.items())},
            "rejected": dict(sorted(self.reasons.items())),
            "superseded": self.superseded,
            "unread_dates": self.unread_dates.count,
            "cut_texts": self.cut_texts.count,
        }


class Noted:
    """How often something was met, and the first example with its file."""

    def __init__(self) -> None:
        self.count = 0
        self.example = ""

    def add(self, value: object, place: Place) -> None:
        """Once more, in this value."""
        self.count += 1
        self.example = self.example or f"{quoted(value) if isinstance(value, str) else kind(value)} in {place.shown}"
