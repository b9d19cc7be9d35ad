"""Everything the features of a pair are computed from: documents, language-neutral vectors, terms, shingles, dates."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from detector.execution.spool import release
from detector.execution.threads import on_one_thread
from detector.pairs.days import Days
from detector.pairs.facts import Facts
from detector.pairs.maxsim import sentence_weights
from detector.pairs.opening import opening_vectors
from detector.pairs.shingles import Shingles
from detector.pairs.space import group_of, in_space
from detector.pairs.texts import read_texts
from detector.pairs.tfidf import Tfidf
from detector.preparing.document_table import DocumentTable
from detector.profile import Profile
from detector.records import Document, Embeddings


@dataclass(frozen=True)
class Batch:
    """Everything the features of a pair are computed from.

    table: ids, languages, dates and sizes of the documents. raw: the vectors as the encoder gave them. neutral: without
    what is due to the language and without what all news shares. specific: neutral vectors without what the sentences
    of one article share, for matching sentence with sentence. groups: for each document, the group of the profile whose
    language statistics were used. openings: the vector of the opening of each document, float64, (documents,
    dimensions). days_named: the days that the texts speak of; `days` are those of publication. counterpart: the cosine
    from which a sentence has a counterpart.

    Everything about one document depends on it and the profile alone, never on the other documents (unless the profile
    is made of statistics of the batch, see `detector.pairs.fallback`).
    """

    documents: Sequence[Document]
    table: DocumentTable
    raw: Embeddings
    neutral: Embeddings
    specific: Embeddings
    groups: tuple[str, ...]
    openings: NDArray[np.float64]
    tfidf: Tfidf
    shingles: Shingles
    facts: Facts
    days_named: Days
    counterpart: float

    @classmethod
    @on_one_thread
    def of(
        cls,
        documents: Sequence[Document],
        raw: Embeddings,
        profile: Profile,
        *,
        table: DocumentTable | None = None,
        folder: Path | None = None,
        progress: Callable[[int], None] | None = None,
    ) -> Batch:
        """The batch of some documents, in the space of the profile; `raw` has their vectors in the same order.

        `table` None makes the table of the documents. `folder` is where large arrays are stored; `progress` is called
        with the number of documents read since the last call.
        """
        table = DocumentTable.of(documents, folder) if table is None else table
        groups = _groups(table, profile)
        neutral, specific = in_space(raw, groups, profile, folder)
        texts = read_texts(documents, table.languages.tolist(), profile.background, folder, progress)
        return cls(
            documents=documents,
            table=table,
            raw=raw,
            neutral=neutral,
            specific=specific,
            groups=groups,
            openings=opening_vectors(raw, sentence_weights(table.characters.astype(np.int64)), folder),
            tfidf=texts.tfidf,
            shingles=texts.shingles,
            facts=texts.facts,
            days_named=texts.days,
            counterpart=profile.cuts.counterpart,
        )

    def release(self) -> None:
        """Free the memory of arrays that are stored in files; they are read again when needed."""
        release(self.raw.articles, self.raw.sentences, self.neutral.articles)
        release(self.neutral.sentences, self.specific.sentences)
        release(self.openings)
        self.tfidf.release()
        self.shingles.release()
        self.facts.release()

    @property
    def languages(self) -> NDArray[np.str_]:
        """The language of each document, (documents,)."""
        return self.table.languages

    @property
    def days(self) -> NDArray[np.float64]:
        """The date of each document in days since 1970, float64, (documents,), NaN if unknown."""
        return self.table.days

    @cached_property
    def weights(self) -> NDArray[np.float32]:
        """The weight of each sentence of all documents, (sentences,)."""
        return sentence_weights(self.table.characters.astype(np.int64))

    def across(self, pairs: NDArray[np.int64]) -> NDArray[np.bool_]:
        """Which of the pairs, (pairs, 2), are of two languages: (pairs,)."""
        return np.asarray(self.languages[pairs[:, 0]] != self.languages[pairs[:, 1]])


def groups_of(documents: Iterable[Document], profile: Profile) -> tuple[str, ...]:
    """For each document, the group of the profile whose language statistics are used for it."""
    return _groups(DocumentTable.of(documents), profile)


def _groups(table: DocumentTable, profile: Profile) -> tuple[str, ...]:
    return tuple(
        group_of(language, script, profile.groups)
        for language, script in zip(table.languages.tolist(), table.scripts, strict=True)
    )
