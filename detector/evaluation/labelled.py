"""Labelled data: articles with a `story` field, and the labels for which `Article` has no field."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from os import PathLike
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from detector.reading.api import read_records
from detector.reading.mapping.fields import FieldNames
from detector.reading.mapping.summary import Summary
from detector.reading.mapping.validation import Validator
from detector.reading.source import Record
from detector.records import Article, Rejected

# Pairs that people graded (0 to 1) count as one story from this grade: 2 or better on the scale from 1 to 4.
SAME_GRADE = 2 / 3 - 1e-9


@dataclass(frozen=True)
class Labelled:
    """Articles with labels; every array is (articles,).

    story: the label of the story; for a file without stories, the document. document: the original that a translation
    was made from, else the article's id. ambiguous: a group label, "" for none; two different documents in one group
    may count as one story or as two, so their pairs are not scored. storyline: the label of the affair, which for an
    article without one is its story; None if no article has one. topic: what alike stories have in common, "" for none;
    None if it was not read.
    """

    name: str
    articles: tuple[Article, ...]
    story: NDArray[np.str_]
    document: NDArray[np.str_]
    ambiguous: NDArray[np.str_]
    rejected: tuple[Rejected, ...] = ()
    storyline: NDArray[np.str_] | None = None
    topic: NDArray[np.str_] | None = None

    def part(self, rows: NDArray[np.int64]) -> Labelled:
        """Some of the articles, given by their indices, in this order."""
        return replace(
            self,
            articles=tuple(self.articles[row] for row in rows.tolist()),
            story=self.story[rows],
            document=self.document[rows],
            ambiguous=self.ambiguous[rows],
            storyline=None if self.storyline is None else self.storyline[rows],
            topic=None if self.topic is None else self.topic[rows],
        )

    def same_storyline(self, pairs: NDArray[np.int64]) -> NDArray[np.bool_]:
        """Which pairs, (pairs, 2), are one storyline by the labels; without labels of storylines, one story."""
        label = self.story if self.storyline is None else self.storyline
        return np.asarray(label[pairs[:, 0]] == label[pairs[:, 1]])

    def same(self, pairs: NDArray[np.int64]) -> NDArray[np.bool_]:
        """Which pairs, (pairs, 2), are one story by the labels."""
        return np.asarray(self.story[pairs[:, 0]] == self.story[pairs[:, 1]])

    def counted(self, pairs: NDArray[np.int64]) -> NDArray[np.bool_]:
        """Which pairs, (pairs, 2), are scored: all but two different documents in one ambiguous group."""
        a, b = pairs.T
        ambiguous = (self.ambiguous[a] == self.ambiguous[b]) & (self.ambiguous[a] != "")
        return np.asarray(~(ambiguous & (self.document[a] != self.document[b])))

    def counted_matrix(self) -> NDArray[np.bool_]:
        """`counted` for every pair: (articles, articles)."""
        every = np.indices((len(self.articles),) * 2).reshape(2, -1).T
        return self.counted(every).reshape((len(self.articles),) * 2)

    def by_document(self) -> Labelled:
        """The same articles with the original as their story; pairs of two originals on one event are not scored.

        For fitting on translations. They teach what a translation is. How far apart two documents on one event may be
        is better learned from reports that were written independently.
        """
        return replace(self, story=self.document, ambiguous=self.story)

    def sorted_by_id(self) -> Labelled:
        """The same articles in the order in which a `Result` holds its documents."""
        order = sorted(range(len(self.articles)), key=lambda index: self.articles[index].id)
        return self.part(np.array(order, np.int64))


@dataclass(frozen=True, slots=True)
class _Row:
    """An article and the fields of its record."""

    article: Article
    fields: Mapping[str, Any]

    def label(self, *names: str, default: str = "") -> str:
        """The value of the first of these fields that the record has."""
        return next((str(self.fields[name]) for name in names if self.fields.get(name) not in (None, "")), default)


def read_labelled(path: str | PathLike[str], need: Sequence[str] = ("story",)) -> Labelled:
    """The articles of a file whose records have every field in `need`; a record without one is rejected.

    Raises FileNotFoundError if the file does not exist, ValueError if no record can be used.
    """
    names = FieldNames()
    summary = Summary()
    validator = Validator(names, summary)
    rows: list[_Row] = []
    rejected: list[Rejected] = []
    for record in read_records(path, names):
        row = record if isinstance(record, Rejected) else _row(record, validator, need)
        if isinstance(row, Rejected):
            rejected.append(row)
        else:
            rows.append(row)
    summary.warn()
    if not rows:
        raise ValueError(f"{path}: no labelled article; every row needs {', '.join(need)}")
    return Labelled(
        name=Path(path).name.split(".")[0],
        articles=tuple(row.article for row in rows),
        story=np.array([row.label("story", "document") for row in rows]),
        document=np.array([row.label("document", default=row.article.id) for row in rows]),
        ambiguous=np.array([row.label("ambiguous") for row in rows]),
        rejected=tuple(rejected),
        storyline=_storylines(rows),
        topic=np.array([row.label("topic") for row in rows]),
    )


def _storylines(rows: Sequence[_Row]) -> NDArray[np.str_] | None:
    labels = [row.label("storyline") for row in rows]
    if not any(labels):
        return None
    # Labels of stories and of storylines must not meet.
    own = [f"story {row.label('story', 'document')}" for row in rows]
    return np.array([f"storyline {label}" if label else other for label, other in zip(labels, own, strict=True)])


def _row(record: Record, validator: Validator, need: Sequence[str]) -> _Row | Rejected:
    outcome = validator.validate(record).outcome
    if isinstance(outcome, Rejected):
        return outcome
    # Plain text and pages have no fields, and so no labels.
    fields = record.value if isinstance(record.value, Mapping) else {}
    missing = [field for field in need if fields.get(field) is None]
    if missing:
        return record.source.rejected(f"no field {missing[0]!r}", record.number, outcome.id)
    return _Row(outcome, fields)
