"""The specific facts of each sentence: numbers, dates, countries and names, each weighted by how rare it is.

The weight of a fact is its inverse document frequency in the background, as a share of the largest one
possible in its language: 1 if no article of the background has it. It does not depend on the other articles of a batch,
so a pair has the same facts in every batch.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import IntEnum
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from detector.execution.spool import Spool, release
from detector.pairs.ranges import rows_of
from detector.pairs.terms import SentenceTerms
from detector.pairs.tfidf import term_column, term_key
from detector.profile.background import Background

# Bits of a term's column; the index of its article stands above them.
COLUMN_BITS = 31
# Facts that are weighted in one step.
SHARD = 1 << 18


class Kind(IntEnum):
    """What a fact is."""

    NUMBER = 0
    DATE = 1
    COUNTRY = 2
    NAME = 3


# The kind of term in the background that each kind of fact is counted as.
_COUNTED_AS = {Kind.NUMBER: "numbers", Kind.DATE: "numbers", Kind.COUNTRY: "names", Kind.NAME: "names"}


@dataclass(frozen=True)
class Facts:
    """The facts of all sentences of a batch, sentence after sentence.

    columns: int32, (facts,), the hash of each fact, for numbers that of the value. written: int32, (facts,), the hash
    of a number as it is written ("2.5" in "2.5 million"), else as `columns`. kinds: int8, (facts,), a `Kind`. weights:
    float32, (facts,), 0 to 1. offsets: int64, (sentences + 1,); the facts of sentence i are offsets[i] to
    offsets[i + 1]. article_keys: int64, sorted, article << 31 | hash of every form of every fact.
    """

    columns: NDArray[np.int32]
    written: NDArray[np.int32]
    kinds: NDArray[np.int8]
    weights: NDArray[np.float32]
    offsets: NDArray[np.int64]
    article_keys: NDArray[np.int64]

    def of(self, sentences: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """The facts of some sentences, one after the other: their indices, and which of the sentences each is of."""
        sizes = self.offsets[sentences + 1] - self.offsets[sentences]
        which = np.repeat(np.arange(len(sentences)), sizes)
        return rows_of(self.offsets[sentences], sizes), which

    def in_articles(self, facts: NDArray[np.int64], articles: NDArray[np.int64]) -> NDArray[np.bool_]:
        """Whether each of the facts is also in the article beside it, by its value or as it is written: (facts,)."""
        columns, written = self.columns[facts], self.written[facts]
        found = _contains(self.article_keys, articles << COLUMN_BITS | columns)
        two = np.flatnonzero(~found & (written != columns))
        found[two] = _contains(self.article_keys, articles[two] << COLUMN_BITS | written[two])
        return found

    def release(self) -> None:
        """Hand back the memory of what was read from files."""
        release(self.columns, self.written, self.kinds, self.weights, self.article_keys)


class FactsBuilder:
    """Collects the facts of article after article, and makes the `Facts` of all; large arrays are files in `folder`."""

    def __init__(self, folder: Path | None = None) -> None:
        self.folder = folder
        self.columns, self.written = Spool(np.int32, None, folder), Spool(np.int32, None, folder)
        self.kinds, self.keys = Spool(np.int8, None, folder), Spool(np.uint32, None, folder)
        self.article_keys = Spool(np.int64, None, folder)
        self.sizes: list[int] = []
        self.languages: list[str] = []
        self.facts_of_article: list[int] = []

    def add(self, sentences: Sequence[SentenceTerms], language: str) -> None:
        """Add the sentences of the next article."""
        rows: list[tuple[int, int, int, int]] = []
        article: set[int] = set()
        for sentence in sentences:
            facts = sorted(set(_facts(sentence, language)))
            article.update(form for fact in facts for form in fact[:2])
            self.sizes.append(len(facts))
            rows += facts
        columns = np.array(rows, np.int64).reshape(-1, 4)
        self.columns.append(columns[:, 0])
        self.written.append(columns[:, 1])
        self.kinds.append(columns[:, 2])
        self.keys.append(columns[:, 3])
        self.article_keys.append(len(self.languages) << COLUMN_BITS | np.array(sorted(article), np.int64))
        self.languages.append(language)
        self.facts_of_article.append(len(rows))

    def build(self, background: Background) -> Facts:
        """The facts of all articles, weighted by a background."""
        articles = [background.articles.get(language, 0) for language in self.languages]
        totals = np.repeat(np.array(articles, np.float64), self.facts_of_article)
        keys, weights = self.keys.array(), Spool(np.float32, None, self.folder)
        for start in range(0, len(keys), SHARD):
            total, frequency = totals[start : start + SHARD], background.counted(keys[start : start + SHARD])
            rarest = np.log((total + 1) / 0.5)
            weights.append((np.log((total + 1) / (frequency + 0.5)) / rarest).clip(0))
        return Facts(
            columns=self.columns.array(),
            written=self.written.array(),
            kinds=self.kinds.array(),
            weights=weights.array(),
            offsets=np.concatenate([[0], np.cumsum(self.sizes)]).astype(np.int64),
            article_keys=self.article_keys.array(),
        )


def _facts(sentence: SentenceTerms, language: str) -> Iterator[tuple[int, int, int, int]]:
    """The facts of a sentence: the columns of value and written form, kind, and key in the background."""
    for forms in sentence.numbers:
        yield _fact(Kind.NUMBER, forms[-1], language, forms[0])
    for date in sentence.dates:
        yield _fact(Kind.DATE, date, language)
    for code, _ in sentence.countries:
        yield _fact(Kind.COUNTRY, code, language)
    for name, _ in sentence.proper_names(language):
        yield _fact(Kind.NAME, name, language)


def _fact(kind: Kind, form: str, language: str, written: str | None = None) -> tuple[int, int, int, int]:
    counted = _COUNTED_AS[kind]
    column = term_column(counted, form)
    return column, column if written is None else term_column(counted, written), kind, term_key(counted, language, form)


def _contains(keys: NDArray[np.int64], wanted: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Whether each of the wanted keys is among the sorted keys."""
    if not len(keys):
        return np.zeros(len(wanted), bool)
    index = np.searchsorted(keys, wanted).clip(max=len(keys) - 1)
    return np.asarray(keys[index] == wanted)
