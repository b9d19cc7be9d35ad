"""The stories and roundups of a result, from features and scores made by hand."""

from __future__ import annotations

from typing import Any

import numpy as np

from detector.pairs.fallback import batch_scorer
from detector.pairs.features import FEATURES, PairFeatures
from detector.pairs.scoring import Scores
from detector.pipeline import ScoredBatch, form_stories
from detector.result import Result
from tests.making import make_batch, make_document, make_embeddings, make_profile


def three_stories_and_a_roundup() -> Result:
    """Three stories of two articles, and one article that all three cover in part."""
    pairs = np.array([(0, 1), (2, 3), (4, 5), *((article, 6) for article in range(6))], np.int64)
    a, b = pairs.T
    same, brief = b < 6, b == 6
    columns: dict[str, Any] = {name: np.zeros(len(pairs)) for name in PairFeatures.__dataclass_fields__}
    features = PairFeatures(
        **columns
        | {
            "pairs": pairs,
            "matrix": np.zeros((len(pairs), len(FEATURES))),
            "coverage_a": np.where(same, 1.0, 0.1 * brief),
            "coverage_b": np.where(same, 1.0, 0.3 * brief),
        }
    )
    probability = np.where(same, 0.9, np.where(a < 2, 0.6, 0.55))
    documents = [make_document(f"article {index}", "Text.") for index in range(7)]
    scored = ScoredBatch(
        batch=make_batch(documents=documents, raw=make_embeddings(np.random.default_rng(0), [1] * 7)),
        features=features,
        scores=Scores(probability, probability, np.zeros(len(pairs), np.int64)),
        scorer=batch_scorer(features),
        profile=make_profile(),
        threshold=0.5,
    )
    clusters, stories = form_stories(scored)
    return Result(scored_batch=scored, clusters=clusters, stories=stories)


def test_a_roundup_is_marked_in_the_result_and_in_its_story_and_counted() -> None:
    result = three_stories_and_a_roundup()
    assert result.labels.dtype == np.int64
    assert result.labels.tolist() == [0, 0, 1, 1, 2, 2, 0]
    assert result.roundups.tolist() == [False] * 6 + [True]
    assert [story.roundups for story in result.stories] == [("article 6",), (), ()]
    assert result.stories[0].representative.id == "article 0"
    counts = result.counts()
    assert (counts["roundups"], counts["stories"], counts["stories_of_two_or_more"]) == (1, 3, 3)
