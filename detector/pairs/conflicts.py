"""Facts in which headline and lead of two articles conflict.

Two articles of one form fill it with two contents: two weather reports, day 11 and day 12 of a count. Their leads name
other numbers, names, countries or dates in the same place. Reports of one event say the same facts in other words.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from detector.pairs.facts import Facts, Kind
from detector.pairs.ranges import rows_of

# Sentences of headline and lead.
LEAD = 4


def lead_conflicts(
    facts: Facts, offsets: NDArray[np.int64], pairs: NDArray[np.int64], same_language: NDArray[np.bool_]
) -> NDArray[np.float64]:
    """How much the facts of headline and lead conflict in each pair, (pairs, 2): (pairs,), 0 to below 1.

    A fact does not conflict if the other article has it anywhere. For each kind of fact, the weights of those that only
    one article has are added up, and the smaller of both sums counts. One half is one fact that no article of the
    background has. Names conflict only within one language: across languages a name has too many spellings to be
    sure that it is missing. offsets: int64, (articles + 1,); the sentences of article i are rows offsets[i] to
    offsets[i + 1]. same_language: (pairs,). Swapping the articles of a pair changes nothing.
    """
    missing_a, missing_b = (_lead_missing(facts, offsets, pairs[:, side], pairs[:, 1 - side]) for side in (0, 1))
    both = np.minimum(missing_a, missing_b)
    both[~same_language, Kind.NAME] = 0
    weights = both.sum(1)
    return np.asarray(weights / (weights + 1))


def _lead_missing(
    facts: Facts, offsets: NDArray[np.int64], articles: NDArray[np.int64], others: NDArray[np.int64]
) -> NDArray[np.float64]:
    """The weight of the different facts in headline and lead that the other article lacks, (articles, kinds)."""
    sizes = np.minimum(offsets[articles + 1] - offsets[articles], LEAD)
    article = np.repeat(np.arange(len(articles)), sizes)
    index, which = facts.of(rows_of(offsets[articles], sizes))
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
