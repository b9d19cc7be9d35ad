"""The evidence of one pair for a person to read: matching sentences, and what only one of the articles has."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from detector.execution.threads import on_one_thread
from detector.pairs.batch import Batch
from detector.pairs.clauses import Clauses, only_in_first
from detector.pairs.numbers import shown_number
from detector.pairs.terms import SentenceTerms, Terms, extract_terms
from detector.records import Aligned, Disagreement, Evidence

# Longest list of names shown to a person.
NAMES_SHOWN = 20


def align(cosines: NDArray[np.float32], cut: float) -> list[tuple[int, int]]:
    """Match sentences one to one: pairs of row and column, sorted.

    Greedy competitive linking (Melamed, 2000): the pair with the largest cosine first, each sentence once, none below
    `cut`. Among equal cosines the earlier sentences win.
    """
    rows, columns = np.nonzero(cosines >= cut)
    order = np.lexsort((columns, rows, -cosines[rows, columns]))
    free_a, free_b = np.ones(cosines.shape[0], bool), np.ones(cosines.shape[1], bool)
    found = []
    for row, column in zip(rows[order].tolist(), columns[order].tolist(), strict=True):
        if free_a[row] and free_b[column]:
            free_a[row] = free_b[column] = False
            found.append((row, column))
    return sorted(found)


@on_one_thread
def align_pair(
    batch: Batch, a: int, b: int, shares: dict[str, float], clauses: tuple[Clauses, ...] | None = None
) -> Evidence:
    """The evidence between articles a and b of a batch; `shares` as the scorer gives them.

    clauses: those of a and those of b. With them, additions inside sentences that have a counterpart are found too.
    """
    document_a, document_b = batch.documents[a], batch.documents[b]
    terms_a, terms_b = (_terms(document.sentences, document.language) for document in (document_a, document_b))
    cosines = batch.specific.of(a) @ batch.specific.of(b).T
    aligned = tuple(
        Aligned(
            row,
            column,
            document_a.sentences[row],
            document_b.sentences[column],
            min(round(float(cosines[row, column]), 6), 1.0),
        )
        for row, column in align(cosines, batch.counterpart)
    )
    only_a, only_b = _only(document_a.sentences, document_b.sentences, cosines, aligned, batch.counterpart, clauses)
    return Evidence(
        aligned=aligned,
        only_a=only_a,
        only_b=only_b,
        shared_numbers=tuple(map(shown_number, batch.tfidf.shared("numbers", a, b, terms_a.numbers))),
        shared_names=tuple(
            (terms_a.spelling[name], terms_b.spelling[name])
            for name in batch.tfidf.shared("names", a, b, terms_a.names.keys() & terms_b.names.keys())[:NAMES_SHOWN]
        ),
        disagreements=_disagreements(aligned, document_a.language, document_b.language),
        shares=shares,
    )


def _only(
    sentences_a: tuple[str, ...],
    sentences_b: tuple[str, ...],
    cosines: NDArray[np.float32],
    aligned: tuple[Aligned, ...],
    cut: float,
    clauses: tuple[Clauses, ...] | None,
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """What only a has and what only b has: sentences without a counterpart, and added clauses if clauses are given."""
    unanswered_a, unanswered_b = cosines.max(1) < cut, cosines.max(0) < cut
    if clauses is None:
        return (
            tuple(sentences_a[row] for row in np.flatnonzero(unanswered_a)),
            tuple(sentences_b[row] for row in np.flatnonzero(unanswered_b)),
        )
    clauses_a, clauses_b = clauses
    b_of_a = {pair.place_a: pair.place_b for pair in aligned}
    a_of_b = {pair.place_b: pair.place_a for pair in aligned}
    return (
        only_in_first(clauses_a, clauses_b, unanswered_a, b_of_a, cut),
        only_in_first(clauses_b, clauses_a, unanswered_b, a_of_b, cut),
    )


@lru_cache(512)
def _terms(sentences: tuple[str, ...], language: str) -> Terms:
    """The terms of an article, cached because an article is often explained with several others in turn."""
    return extract_terms(sentences, language)


def _disagreements(aligned: tuple[Aligned, ...], language_a: str, language_b: str) -> tuple[Disagreement, ...]:
    """Aligned sentences that each name something that the other lacks.

    Numbers and countries are compared in any two languages; other names only within one language, because across
    languages a name has too many spellings to be sure that it is missing.
    """
    found = []
    for position, pair in enumerate(aligned):
        first, second = _comparable(pair.text_a, language_a), _comparable(pair.text_b, language_b)
        kinds = ("numbers", "countries", "names") if language_a == language_b else ("numbers", "countries")
        for kind in kinds:
            only_first, only_second = _missing(first[kind], second[kind]), _missing(second[kind], first[kind])
            if only_first and only_second:
                found.append(Disagreement(position, only_first, only_second))
    return tuple(found)


def _comparable(sentence: str, language: str) -> dict[str, list[tuple[tuple[str, ...], str]]]:
    """The numbers, countries and names of a sentence: for each its comparable forms and how it is shown."""
    terms = SentenceTerms.of(sentence, language)
    return {
        "numbers": [(forms, forms[-1]) for forms in terms.numbers],
        "countries": [((form,), shown) for form, shown in terms.countries],
        "names": [((form,), shown) for form, shown in terms.proper_names(language)],
    }


def _missing(
    terms: list[tuple[tuple[str, ...], str]], counterparts: list[tuple[tuple[str, ...], str]]
) -> tuple[str, ...]:
    """The terms, as they are shown, that none of the counterparts equals."""
    return tuple(
        dict.fromkeys(shown for forms, shown in terms if not any(_equal(forms, others) for others, _ in counterparts))
    )


def _equal(forms_a: tuple[str, ...], forms_b: tuple[str, ...]) -> bool:
    """Whether two terms have the same value or, if the value of one is unknown, are written alike."""
    return forms_a[-1] == forms_b[-1] or (min(len(forms_a), len(forms_b)) == 1 and forms_a[0] == forms_b[0])
