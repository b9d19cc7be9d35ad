"""The evidence of one pair for a person to read: which sentences answer each other, and what only one article tells."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from detector.batch import Batch
from detector.determinism import on_one_thread
from detector.records import Aligned, Evidence
from detector.terms import extract_terms, numbers_of

# The longest list of names a person reads.
NAMES_SHOWN = 20


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
def explain(batch: Batch, a: int, b: int, shares: dict[str, float]) -> Evidence:
    """The evidence between articles a and b of a batch; `shares` as the scorer gives them."""
    first, second = batch.documents[a].sentences, batch.documents[b].sentences
    cosines = batch.specific.of(a) @ batch.specific.of(b).T
    aligned = tuple(
        Aligned(row, column, first[row], second[column], round(float(cosines[row, column]), 6))
        for row, column in align(cosines, batch.counterpart)
    )
    return Evidence(
        aligned=aligned,
        only_a=tuple(first[row] for row in np.flatnonzero(cosines.max(1) < batch.counterpart)),
        only_b=tuple(second[column] for column in np.flatnonzero(cosines.max(0) < batch.counterpart)),
        shared_numbers=tuple(batch.overlap.shared("numbers", a, b)),
        shared_names=_shared_names(batch, a, b),
        disagreements=_disagreements(aligned),
        shares=shares,
    )


def _shared_names(batch: Batch, a: int, b: int) -> tuple[tuple[str, str], ...]:
    """Names both articles hold, each as it is spelled in a and in b, the rarest first."""
    first, second = (extract_terms(batch.documents[article].sentences).spelling for article in (a, b))
    return tuple((first[name], second[name]) for name in batch.overlap.shared("names", a, b)[:NAMES_SHOWN])


def _disagreements(aligned: tuple[Aligned, ...]) -> tuple[tuple[int, tuple[str, ...], tuple[str, ...]], ...]:
    """Aligned sentences that each hold a number the other lacks: (place, numbers of a only, numbers of b only)."""
    found = []
    for place, pair in enumerate(aligned):
        first, second = numbers_of(pair.text_a), numbers_of(pair.text_b)
        only_first = tuple(number for number in dict.fromkeys(first) if number not in second)
        only_second = tuple(number for number in dict.fromkeys(second) if number not in first)
        if only_first and only_second:
            found.append((place, only_first, only_second))
    return tuple(found)
