"""Labelled data: articles with a `story` field, and what of a row no `Article` has a field for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from os import PathLike
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from detector.reading.api import read_records
from detector.reading.mapping.fields import FieldNames
from detector.reading.mapping.summary import Summary
from detector.reading.mapping.validation import Validator
from detector.records import Article, Rejected


@dataclass(frozen=True)
class Labelled:
    """Articles with labels, all (articles,).

    story: the label of the story, else the document. document: the original a translation was made from, else the
    article's id. ambiguous: pairs of different documents in one such group may be answered either way; "" for none.
    """

    name: str
    articles: tuple[Article, ...]
    story: NDArray[np.str_]
    document: NDArray[np.str_]
    ambiguous: NDArray[np.str_]
    rejected: tuple[Rejected, ...] = ()

    def same(self, pairs: NDArray[np.int64]) -> NDArray[np.bool_]:
        """Which pairs, (pairs, 2), are one story by the labels."""
        return np.asarray(self.story[pairs[:, 0]] == self.story[pairs[:, 1]])

    def counted(self, pairs: NDArray[np.int64]) -> NDArray[np.bool_]:
        """Which pairs are scored: all but those of different documents in one ambiguous group."""
        a, b = pairs.T
        unsure = (self.ambiguous[a] == self.ambiguous[b]) & (self.ambiguous[a] != "")
        return np.asarray(~(unsure & (self.document[a] != self.document[b])))

    def counted_matrix(self) -> NDArray[np.bool_]:
        """The same for all pairs: (articles, articles)."""
        every = np.indices((len(self.articles),) * 2).reshape(2, -1).T
        return self.counted(every).reshape((len(self.articles),) * 2)

    def by_document(self) -> Labelled:
        """The same articles with the original as their story; other articles on its event may be answered either way.

        For fitting on translations: they teach what a translation is, and how far apart two documents on one event may
        be is better learned from reports that were written independently.
        """
        return replace(self, story=self.document, ambiguous=self.story)

    def sorted_by_id(self) -> Labelled:
        """The same, in the order in which a `Result` holds its documents."""
        order = sorted(range(len(self.articles)), key=lambda place: self.articles[place].id)
        return Labelled(
            self.name,
            tuple(self.articles[place] for place in order),
            self.story[order],
            self.document[order],
            self.ambiguous[order],
            self.rejected,
        )


def read_labelled(path: str | PathLike[str], need: Sequence[str] = ("story",)) -> Labelled:
    """The articles of a file that have every field in `need`; a row without one is rejected.

    Raises FileNotFoundError where the file does not exist, ValueError where no row can be used.
    """
    names = FieldNames()
    summary = Summary()
    validator = Validator(names, summary)
    articles, rows, rejected = [], [], []
    for record in read_records(path, names):
        outcome = record if isinstance(record, Rejected) else validator.validate(record).outcome
        if isinstance(outcome, Rejected):
            rejected.append(outcome)
            continue
        assert not isinstance(record, Rejected)
        assert isinstance(record.value, Mapping)
        missing = [field for field in need if record.value.get(field) is None]
        if missing:
            rejected.append(record.source.rejected(f"no field {missing[0]!r}", record.number, outcome.id))
            continue
        articles.append(outcome)
        rows.append(record.value)
    summary.warn()
    if not articles:
        raise ValueError(f"{path}: no labelled article; every row needs {', '.join(need)}")
    return Labelled(
        Path(path).name.split(".")[0],
        tuple(articles),
        np.array([str(row["story"] if row.get("story") is not None else row.get("document", "")) for row in rows]),
        np.array([str(row.get("document") or article.id) for row, article in zip(rows, articles, strict=True)]),
        np.array([str(row.get("ambiguous") or "") for row in rows]),
        tuple(rejected),
    )
