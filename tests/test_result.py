"""A result's stories and roundups, from evidence made by hand."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any, cast

import numpy as np

from detector.pairs.features import FEATURES, PairFeatures
from detector.pairs.scoring import Scores
from detector.result import Result
from tests.making import make_document

NOTHING = cast(Any, None)


def day() -> Result:
    """Three stories of two articles, and one article that is answered by all three."""
    pairs = np.array([(0, 1), (2, 3), (4, 5), *((article, 6) for article in range(6))], np.int64)
    a, b = pairs.T
    same, brief = b < 6, b == 6
    numbers: dict[str, Any] = {name: np.zeros(len(pairs)) for name in PairFeatures.__dataclass_fields__}
    evidence = PairFeatures(
        **numbers
        | {
            "pairs": pairs,
            "matrix": np.zeros((len(pairs), len(FEATURES))),
            "coverage_a": np.where(same, 1.0, 0.1 * brief),
            "coverage_b": np.where(same, 1.0, 0.3 * brief),
        }
    )
    probability = np.where(same, 0.9, np.where(a < 2, 0.6, 0.55))
    scores = Scores(probability, probability, np.zeros(len(pairs), np.int64))
    documents = tuple(make_document(f"article {place}", "Text.") for place in range(7))
    batch = cast(Any, SimpleNamespace(neutral=SimpleNamespace(sentences=np.zeros((7, 4))), languages=np.full(7, "it")))
    return Result(documents, (), 0.5, {}, batch, evidence, scores, NOTHING)


def test_a_roundup_is_marked_in_the_result_and_in_its_story_and_counted() -> None:
    result = day()
    assert result.labels.dtype == np.int64
    assert result.labels.tolist() == [0, 0, 1, 1, 2, 2, 0]
    assert result.roundups.tolist() == [False] * 6 + [True]
    assert [story.roundups for story in result.stories] == [("article 6",), (), ()]
    assert result.stories[0].representative.id == "article 0"
    counts = result.counts()
    assert (counts["roundups"], counts["stories"], counts["stories_of_two_or_more"]) == (1, 3, 3)
