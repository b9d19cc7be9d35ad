"""Facts in which two articles conflict: in matched sentences, and in headline and lead.

Two sentences that match but name other numbers, names, countries or dates fill one form with two contents: two weather
reports, day 11 and day 12 of a count. Reports of one event say the same facts in other words. A fact that is anywhere
in the other article is never in conflict.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from detector.pairs.facts import Facts, Kind

# Sentences of headline and lead.
LEAD = 4


@dataclass(frozen=True, slots=True)
class Matches:
    """Sentences that are matched, each array (matches,).

    pairs: int64, the pair of articles that each match is of. a, b: int64, the rows of the two sentences among all
    sentences of the batch. weights: float64, 0 to 1, how sure each match is: from 0 at the least cosine of a match to 1
    for equal vectors.
    """

    pairs: NDArray[np.int64]
    a: NDArray[np.int64]
    b: NDArray[np.int64]
    weights: NDArray[np.float64]

    @classmethod
    def joined(cls, parts: Sequence[tuple[NDArray[np.int64], Matches]]) -> Matches:
        """The matches of all parts; each part brings the pairs that its own `pairs` count."""
        empty = np.zeros(0, np.int64)
        return cls(
            np.concatenate([empty, *(pairs[matches.pairs] for pairs, matches in parts)]),
            np.concatenate([empty, *(matches.a for _, matches in parts)]),
            np.concatenate([empty, *(matches.b for _, matches in parts)]),
            np.concatenate([np.zeros(0), *(matches.weights for _, matches in parts)]),
        )


@dataclass(frozen=True, slots=True)
class FactFeatures:
    """How much the facts of the articles of each pair conflict, each float64, (pairs,), 0 to below 1.

    conflict: those of matched sentences in conflict. lead_conflict:
    those of headline and lead in conflict. One half is one fact that no article of the background has, in a sure match.
    """

    conflict: NDArray[np.float64]
    lead_conflict: NDArray[np.float64]


def mutual_matches(
    cosines: NDArray[np.float32],
    starts: NDArray[np.int64],
    best_a: NDArray[np.float32],
    rows: tuple[int, NDArray[np.int64]],
    cut: float,
) -> Matches:
    """The sentences of article a and of each article b that are each other's best match.

    cosines: (sentences of a, sentences of all articles b). starts: where each article b begins among the columns.
    best_a: (sentences of a, articles b), the best cosine of each row in each article b. rows: the first sentence of a
    among all sentences of the batch, and the sentence of each column. cut: the least cosine of a match, below
    1. The `pairs` of the result count the articles b. If several sentences are equally near, each is a match.
    """
    best_b = cosines.max(0)
    # Few columns reach the cut, so only these are compared with the best of their rows.
    columns = np.flatnonzero(best_b >= cut)
    article = np.searchsorted(starts, columns, "right") - 1
    chosen = cosines[:, columns]
    found, row = np.nonzero(((chosen == best_b[columns]) & (chosen == best_a[:, article])).T)
    first_a, rows_b = rows
    sure = (best_b[columns[found]].astype(np.float64) - cut) / (1 - cut)
    return Matches(article[found], first_a + row, rows_b[columns[found]], sure.clip(0, 1))


def fact_features(
    facts: Facts,
    offsets: NDArray[np.int64],
    pairs: NDArray[np.int64],
    matches: Matches,
    same_language: NDArray[np.bool_],
) -> FactFeatures:
    """The features of pairs, (pairs, 2), from their matched sentences.

    offsets: int64, (articles + 1,); the sentences of article i are rows offsets[i] to offsets[i + 1]. same_language:
    (pairs,). Swapping the articles of a pair, and the sentences of its matches, changes nothing.
    """
    articles_a, articles_b = pairs[matches.pairs].T
    missing_a, missing_b = _missing(facts, matches.a, articles_b), _missing(facts, matches.b, articles_a)
    conflict = _conflict(missing_a, missing_b, same_language[matches.pairs]) * matches.weights
    lead_a, lead_b = (_lead_missing(facts, offsets, pairs[:, side], pairs[:, 1 - side]) for side in (0, 1))
    return FactFeatures(
        _saturating(np.asarray(np.bincount(matches.pairs, conflict, len(pairs)), np.float64)),
        _saturating(_conflict(lead_a, lead_b, same_language)),
    )


def _conflict(
    missing_a: NDArray[np.float64], missing_b: NDArray[np.float64], same_language: NDArray[np.bool_]
) -> NDArray[np.float64]:
    """The weight of what stands on both sides in the place of something else, (rows,), of weights by kind.

    Names conflict only within one language: across languages a name has too many spellings to be sure that it is
    missing.
    """
    both = np.minimum(missing_a, missing_b)
    both[~same_language, Kind.NAME] = 0
    return np.asarray(both.sum(1))


def _missing(facts: Facts, sentences: NDArray[np.int64], others: NDArray[np.int64]) -> NDArray[np.float64]:
    """The weights of the facts of each sentence that the other article beside it lacks, (sentences, kinds)."""
    index, which = facts.of(sentences)
    missing = ~facts.in_articles(index, others[which])
    return _by_kind(facts, index[missing], which[missing], len(sentences))


def _lead_missing(
    facts: Facts, offsets: NDArray[np.int64], articles: NDArray[np.int64], others: NDArray[np.int64]
) -> NDArray[np.float64]:
    """The weight of the different facts in headline and lead that the other article lacks, (articles, kinds)."""
    sizes = np.minimum(offsets[articles + 1] - offsets[articles], LEAD)
    article = np.repeat(np.arange(len(articles)), sizes)
    sentences = np.arange(len(article)) + np.repeat(offsets[articles] - np.cumsum(sizes) + sizes, sizes)
    index, which = facts.of(sentences)
    missing = ~facts.in_articles(index, others[article[which]])
    index, row = index[missing], article[which[missing]]
    # Headline and lead often say one fact twice.
    _, first = np.unique(row << 31 | facts.columns[index], return_index=True)
    return _by_kind(facts, index[first], row[first], len(articles))


def _by_kind(facts: Facts, index: NDArray[np.int64], rows: NDArray[np.int64], count: int) -> NDArray[np.float64]:
    """The weights of the facts at `index`, added by kind and the row beside each: (count, kinds)."""
    cells = rows * len(Kind) + facts.kinds[index]
    sums = np.bincount(cells, facts.weights[index], count * len(Kind))
    return np.asarray(sums, np.float64).reshape(count, len(Kind))


def _saturating(weights: NDArray[np.float64]) -> NDArray[np.float64]:
    """Weights from 0 as numbers from 0 to below 1; 1 becomes one half."""
    return weights / (weights + 1)
