"""The evidence of one pair for a person to read: which sentences answer each other, and what only one article tells."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from detector.execution.threads import on_one_thread
from detector.pairs.batch import Batch
from detector.pairs.clauses import ClauseReader
from detector.pairs.countries import countries_in
from detector.pairs.names import names_in
from detector.pairs.numbers import numbers_and_rest, shown_number
from detector.pairs.terms import Terms, extract_terms
from detector.pairs.words import TOKEN
from detector.records import Aligned, Disagreement, Evidence

# The longest list of names a person reads.
NAMES_SHOWN = 20
# Languages that write every noun with a capital.
CAPITAL_NOUNS = frozenset({"de", "gsw", "lb", "nds"})


def align(cosines: NDArray[np.float32], cut: float) -> list[tuple[int, int]]:
    """Sentences one to one: the best pair first, each sentence once, down to a cosine of `cut`; in the order of a.

    Greedy competitive linking (Melamed, 2000). Ties go to the earlier sentences.
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
def align_pair(batch: Batch, a: int, b: int, shares: dict[str, float], reader: ClauseReader | None = None) -> Evidence:
    """The evidence between articles a and b of a batch; `shares` as the scorer gives them.

    With a reader, what only one article tells is also looked for inside the sentences that have a counterpart.
    """
    one, other = batch.documents[a], batch.documents[b]
    first, second = one.sentences, other.sentences
    terms_a, terms_b = (_terms(document.sentences, document.language) for document in (one, other))
    cosines = batch.specific.of(a) @ batch.specific.of(b).T
    aligned = tuple(
        Aligned(row, column, first[row], second[column], round(float(cosines[row, column]), 6))
        for row, column in align(cosines, batch.counterpart)
    )
    there = {pair.place_a: pair.place_b for pair in aligned}
    back = {place_b: place_a for place_a, place_b in there.items()}
    alone_a, alone_b = cosines.max(1) < batch.counterpart, cosines.max(0) < batch.counterpart
    return Evidence(
        aligned=aligned,
        only_a=reader.only(a, b, alone_a, there) if reader else tuple(first[row] for row in np.flatnonzero(alone_a)),
        only_b=reader.only(b, a, alone_b, back) if reader else tuple(second[row] for row in np.flatnonzero(alone_b)),
        shared_numbers=tuple(map(shown_number, batch.tfidf.shared("numbers", a, b, terms_a.numbers))),
        shared_names=tuple(
            (terms_a.spelling[name], terms_b.spelling[name])
            for name in batch.tfidf.shared("names", a, b, terms_a.names.keys() & terms_b.names.keys())[:NAMES_SHOWN]
        ),
        disagreements=_disagreements(aligned, one.language, other.language),
        shares=shares,
    )


@lru_cache(512)
def _terms(sentences: tuple[str, ...], language: str) -> Terms:
    """The terms of an article, which is often looked at beside one article after the other."""
    return extract_terms(sentences, language)


def _disagreements(aligned: tuple[Aligned, ...], language_a: str, language_b: str) -> tuple[Disagreement, ...]:
    """Aligned sentences that each hold what the other lacks.

    Looked at are the numbers, and the countries named; other names only within one language, since between two a name
    may be spelled in too many ways to say that it is missing.
    """
    found = []
    for place, pair in enumerate(aligned):
        first, second = _comparable(pair.text_a, language_a), _comparable(pair.text_b, language_b)
        kinds = ("numbers", "countries", "names") if language_a == language_b else ("numbers", "countries")
        for kind in kinds:
            only_first, only_second = _missing(first[kind], second[kind]), _missing(second[kind], first[kind])
            if only_first and only_second:
                found.append(Disagreement(place, only_first, only_second))
    return tuple(found)


def _comparable(sentence: str, language: str) -> dict[str, list[tuple[tuple[str, ...], str]]]:
    """What of a sentence can be missing in another: for each number, country and name its forms and how it is shown."""
    numbers, rest = numbers_and_rest(sentence, language)
    tokens = TOKEN.findall(rest)
    # The first word has a capital whatever it is, as has every noun in some languages; some scripts have none.
    capitals = [token for token in tokens[1:] if token[0].isupper()] if language not in CAPITAL_NOUNS else []
    return {
        "numbers": [(forms, forms[-1]) for forms in numbers],
        "countries": [((form,), shown) for form, shown in countries_in(sentence, tokens, language)],
        "names": [((form,), shown) for form, shown in names_in(capitals)],
    }


def _missing(terms: list[tuple[tuple[str, ...], str]], other: list[tuple[tuple[str, ...], str]]) -> tuple[str, ...]:
    return tuple(
        dict.fromkeys(shown for forms, shown in terms if not any(_answers(forms, theirs) for theirs, _ in other))
    )


def _answers(one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    """Whether two terms are one: their values are, or how they are written where the value of one is not known."""
    return one[-1] == other[-1] or (min(len(one), len(other)) == 1 and one[0] == other[0])
