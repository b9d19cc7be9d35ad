"""Facts that matched sentences share, and facts in which they conflict.

Two sentences that match but name other numbers, names, places or dates fill one form with two contents: two weather
reports, day 11 and day 12 of a count. Reports of one event say the same facts in other words.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from detector.pairs.facts import Facts, Kind


@dataclass(frozen=True, slots=True)
class Matches:
    """Sentences that are matched, each array (matches,).

    pairs: int64, which pair of articles each match is of. a, b: int64, the rows of the two sentences among all
    sentences of the batch. cosines: float64, of the two.
    """

    pairs: NDArray[np.int64]
    a: NDArray[np.int64]
    b: NDArray[np.int64]
    cosines: NDArray[np.float64]


def mutual_best(
    cosines: NDArray[np.float32], starts: NDArray[np.int64], best_a: NDArray[np.float32], cut: float
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The rows and columns of sentences that are each other's best match, with a cosine of at least `cut`.

    cosines: (sentences of a, sentences of all articles b). starts: where each article b begins among the columns.
    best_a: (sentences of a, articles b), the best cosine of each row in each article b. Equal sentences all match.
    """
    best_b = cosines.max(0)
    sizes = np.diff(np.append(starts, cosines.shape[1]))
    # Few columns reach the cut, so only these are compared with the best of their rows.
    columns = np.flatnonzero(best_b >= cut)
    article = np.repeat(np.arange(len(starts)), sizes)[columns]
    chosen = cosines[:, columns]
    rows, found = np.nonzero((chosen == best_b[columns]) & (chosen == best_a[:, article]))
    order = np.lexsort((rows, found))
    return rows[order], columns[found[order]]


def fact_weights(
    facts: Facts, pairs: NDArray[np.int64], matches: Matches, same_language: NDArray[np.bool_]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """The weights of the facts that matched sentences share, and of those in conflict: each (pairs, kinds).

    A fact is in conflict if its sentence has it and the matched sentence has another of the kind in its place. A fact
    that is anywhere in the other article is not in conflict. Names conflict only within one language.
    """
    count, kinds = len(matches.pairs), len(Kind)
    a, b = pairs[matches.pairs, 0], pairs[matches.pairs, 1]
    shared_a, missing_a = _one_side(facts, matches.a, matches.b, b)
    shared_b, missing_b = _one_side(facts, matches.b, matches.a, a)
    shared, conflict = (shared_a + shared_b) / 2, np.minimum(missing_a, missing_b)
    conflict[:, Kind.NAME] *= same_language[matches.pairs]
    sums = [np.zeros((len(pairs), kinds)) for _ in range(2)]
    for total, values in zip(sums, (shared, conflict), strict=True):
        for kind in range(kinds if count else 0):
            total[:, kind] = np.bincount(matches.pairs, values[:, kind], len(pairs))
    return sums[0], sums[1]


def _one_side(
    facts: Facts, sentences: NDArray[np.int64], matched: NDArray[np.int64], others: NDArray[np.int64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """For each sentence, the weight of its facts that the matched sentence has, and that the other article lacks.

    Each is (sentences, kinds).
    """
    index, which = facts.of(sentences)
    shared = facts.in_sentences(index, matched[which])
    missing = ~facts.in_articles(index, others[which])
    cell, weights = which * len(Kind) + facts.kinds[index], facts.weights[index].astype(np.float64)
    size = len(sentences) * len(Kind)
    return (
        np.bincount(cell, weights * shared, size).reshape(-1, len(Kind)),
        np.bincount(cell, weights * missing, size).reshape(-1, len(Kind)),
    )
