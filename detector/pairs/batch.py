"""A batch made ready for evidence: documents, embeddings with the language taken out, terms and days."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from detector._moments import days_since_epoch
from detector.execution.spool import release
from detector.execution.threads import on_one_thread
from detector.languages.script import script_of
from detector.pairs.maxsim import sentence_weights
from detector.pairs.shingles import Shingles
from detector.pairs.space import group_of, in_space
from detector.pairs.terms import Terms, extract_terms
from detector.pairs.tfidf import Tfidf
from detector.profile import Profile
from detector.records import Document, Embeddings


@dataclass(frozen=True)
class Batch:
    """All that evidence is gathered from.

    raw: as the encoder gave them. neutral: with the language and what the whole batch shares taken out. specific: the
    same, with what the sentences of an article share taken out of each, for matching sentence to sentence. groups: for
    each document, the group of the profile whose language statistics were used. days: float64, one a document, in days
    since 1970, NaN where unknown. counterpart: the cosine from which a sentence has a counterpart. batch_mean:
    float32, (dimensions,), the mean that was subtracted.
    """

    documents: Sequence[Document]
    raw: Embeddings
    neutral: Embeddings
    specific: Embeddings
    batch_mean: NDArray[np.float32]
    groups: tuple[str, ...]
    tfidf: Tfidf
    shingles: Shingles
    days: NDArray[np.float64]
    counterpart: float

    @classmethod
    @on_one_thread
    def of(
        cls,
        documents: Sequence[Document],
        raw: Embeddings,
        profile: Profile,
        *,
        folder: Path | None = None,
        progress: Callable[[int], None] | None = None,
    ) -> Batch:
        """The batch of documents, as the profile says; the documents and the vectors are in the same order.

        `folder` is where large arrays lie; `progress` is called with the number of documents read since the last call.
        """
        groups = groups_of(documents, profile)
        languages = [document.language for document in documents]
        return cls(
            documents,
            raw,
            *in_space(raw, groups, profile, folder),
            groups,
            Tfidf.of(_terms(documents, progress), languages, profile, folder),
            Shingles.of(documents, folder),
            np.array([days_since_epoch(document.article.published) for document in documents]),
            profile.cuts.counterpart,
        )

    @on_one_thread
    def in_space_of(self, profile: Profile) -> Batch:
        """The same batch in the space of another profile of the same groups; its terms are not weighed again."""
        neutral, specific, batch_mean = in_space(self.raw, self.groups, profile)
        return replace(self, neutral=neutral, specific=specific, batch_mean=batch_mean)

    def release(self) -> None:
        """Hand back the memory of what was read from files; it is read again where it is wanted."""
        release(self.raw.articles, self.raw.sentences, self.neutral.articles)
        release(self.neutral.sentences, self.specific.sentences)
        self.tfidf.release()
        self.shingles.release()

    @cached_property
    def languages(self) -> NDArray[np.str_]:
        """The language of each document, (documents,)."""
        return np.array([document.language for document in self.documents])

    @cached_property
    def weights(self) -> NDArray[np.float32]:
        """The weight of each sentence of all documents, (sentences,)."""
        lengths = (len(sentence) for document in self.documents for sentence in document.sentences)
        return sentence_weights(np.fromiter(lengths, np.int64))

    def across(self, pairs: NDArray[np.int64]) -> NDArray[np.bool_]:
        """Which pairs, (pairs, 2), join two languages."""
        return np.asarray(self.languages[pairs[:, 0]] != self.languages[pairs[:, 1]])


def _terms(documents: Sequence[Document], progress: Callable[[int], None] | None) -> Iterator[Terms]:
    for document in documents:
        yield extract_terms(document.sentences, document.language)
        if progress:
            progress(1)


def groups_of(documents: Sequence[Document], profile: Profile) -> tuple[str, ...]:
    """For each document, the group of the profile whose language statistics serve it."""
    return tuple(
        group_of(document.language, script_of(" ".join(document.sentences)), profile.groups) for document in documents
    )
