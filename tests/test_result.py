"""The stories and roundups of a result, from features and scores made by hand."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest

from detector.pairs.fallback import batch_scorer
from detector.pairs.features import FEATURES, PairFeatures
from detector.pairs.relations import Thresholds
from detector.pairs.scoring import Scores
from detector.pipeline import ScoredBatch, form_stories
from detector.result import Result
from tests.making import make_batch, make_document, make_embeddings, make_profile


def three_stories_and_a_roundup(follow_ups: Sequence[tuple[int, int]] = ()) -> Result:
    """Three stories of two articles, and one article that all three cover in part.

    follow_ups: pairs of articles that are one affair, but not one event.
    """
    pairs = np.array([(0, 1), (2, 3), (4, 5), *((article, 6) for article in range(6)), *follow_ups], np.int64)
    a, b = pairs.T
    brief, between = b == 6, b - a == 2
    same = ~brief & ~between
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
    probability = np.select([same, between, a < 2], [0.9, 0.1, 0.6], 0.55)
    affair = np.where(between, 0.85, probability)
    documents = [make_document(f"article {index}", "Text.") for index in range(7)]
    scored = ScoredBatch(
        batch=make_batch(documents=documents, raw=make_embeddings(np.random.default_rng(0), [1] * 7)),
        features=features,
        scores=Scores(probability, affair, np.zeros(len(pairs)), probability, np.zeros(len(pairs), np.int64)),
        scorer=batch_scorer(features),
        profile=make_profile(),
        thresholds=Thresholds(story=0.5, storyline=0.4),
    )
    clusters, stories, storylines = form_stories(scored)
    return Result(scored_batch=scored, clusters=clusters, stories=stories, storylines=storylines)


def test_a_roundup_is_marked_in_the_result_and_in_its_story_and_counted() -> None:
    result = three_stories_and_a_roundup()
    assert result.labels.dtype == np.int64
    assert result.labels.tolist() == [0, 0, 1, 1, 2, 2, 0]
    assert result.roundups.tolist() == [False] * 6 + [True]
    assert [story.roundups for story in result.stories] == [("article 6",), (), ()]
    assert result.stories[0].representative.id == "article 0"
    counts = result.counts()
    assert (counts["roundups"], counts["stories"], counts["stories_of_two_or_more"]) == (1, 3, 3)


def test_storylines_join_stories_and_every_article_has_its_story() -> None:
    result = three_stories_and_a_roundup([(2, 4), (3, 5)])
    first, second = result.storylines
    assert sorted(first.article_ids) == [f"article {index}" for index in range(2, 6)]
    assert second.article_ids == ("article 0", "article 1", "article 6")
    assert result.story_of("article 6").storyline == second.id
    assert (result.counts()["storylines"], result.counts()["storylines_of_two_or_more"]) == (2, 1)
    with pytest.raises(KeyError, match="no article 'nowhere' in this result"):
        result.story_of("nowhere")


def test_another_threshold_of_storylines_leaves_the_stories_as_they_are() -> None:
    result = three_stories_and_a_roundup([(2, 4), (3, 5)])
    apart = result.rethreshold(0.5, 0.43)
    assert apart.stories[0].article_ids == result.stories[0].article_ids
    assert len(apart.storylines) == 3
    assert apart.run["options"] == {"threshold": 0.5, "storyline_threshold": 0.43}
    assert apart.rethreshold(0.5).storyline_threshold == 0.43
    with pytest.raises(ValueError, match=r"storyline_threshold is 1\.1; give a probability between 0 and 1"):
        result.rethreshold(0.5, 1.1)
