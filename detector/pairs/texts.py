"""What the features of a pair need of the texts of articles, all taken in one pass over the documents."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from detector.pairs.days import Days, DaysBuilder
from detector.pairs.facts import Facts, FactsBuilder
from detector.pairs.shingles import Shingles, ShinglesBuilder
from detector.pairs.terms import SentenceTerms, Terms, joined_terms
from detector.pairs.tfidf import Tfidf
from detector.profile.background import Background
from detector.records import Document


class Texts(NamedTuple):
    """The weighted terms of articles, their shingles, the facts of their sentences, and the days they speak of."""

    tfidf: Tfidf
    shingles: Shingles
    facts: Facts
    days: Days


def read_texts(
    documents: Iterable[Document],
    languages: Sequence[str],
    background: Background,
    folder: Path | None = None,
    progress: Callable[[int], None] | None = None,
) -> Texts:
    """What is needed of the texts; terms and facts are weighted by the background.

    languages: of each document. Large arrays are files in `folder`; `progress` is called with the number of documents
    read since the last call.
    """
    shingles, facts, days = ShinglesBuilder(folder), FactsBuilder(folder), DaysBuilder()

    def terms() -> Iterator[Terms]:
        for document in documents:
            shingles.add(document)
            days.add(document)
            sentences = [SentenceTerms.of(sentence, document.language) for sentence in document.sentences]
            facts.add(sentences, document.language)
            yield joined_terms(sentences)
            if progress:
                progress(1)

    tfidf = Tfidf.of(terms(), languages, background, folder)
    return Texts(tfidf, shingles.build(), facts.build(background), days.build())
