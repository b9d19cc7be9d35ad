"""Two articles compared, and given pairs scored; each pair as a report would hold it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from detector.detector import StoryDetector
from detector.pairs.features import pair_features
from detector.pairs.pair_records import pair_record
from detector.reading.given_pairs import GivenPair
from detector.records import Article, Pair


def compare(article_a: Article | str, article_b: Article | str, **options: Any) -> Pair:
    """Compare two articles or texts: a `Pair` with its evidence. `options` are those of `StoryDetector`.

    Raises `ValueError` if one of them cannot be used.

    >>> compare("Il fiume è cresciuto di due metri.", "The river rose by two metres.").probability  # doctest: +SKIP
    0.97
    """
    first, second = (
        item if isinstance(item, Article) else Article(id=name, text=item)
        for item, name in ((article_a, "a"), (article_b, "b"))
    )
    result = StoryDetector(**{"cache": False, **options}).detect([first, second])
    if result.rejected:
        raise ValueError("; ".join(rejected.reason for rejected in result.rejected))
    return result.pair(first.id, second.id)


def score_pairs(pairs: Sequence[GivenPair], **options: Any) -> list[tuple[str, Pair]]:
    """The name and the `Pair` of each given pair, in the order given; `options` are those of `StoryDetector`.

    Raises `ValueError` if there is no pair.
    """
    if not pairs:
        raise ValueError("no pair to score: the input has none that can be used")
    result = StoryDetector(**options).detect([article for pair in pairs for article in (pair.a, pair.b)])
    index = {id: index for index, id in enumerate(result.ids)}
    rows = np.array([sorted((index[pair.a.id], index[pair.b.id])) for pair in pairs], np.int64)
    features = pair_features(result.batch, rows)
    scores = result.scorer.score(features, result.batch.across(rows), result.thresholds)
    return [(pair.name, pair_record(result.batch.table, features, scores, row)) for row, pair in enumerate(pairs)]
