"""The figures of both levels on labelled articles."""

from __future__ import annotations

import numpy as np
import pytest

from detector.evaluation.evaluate import figures_of, storyline_labels
from detector.evaluation.labelled import Labelled
from tests.test_result import three_stories_and_a_roundup

# The second and third story of the result are one storyline; articles 0 to 5 are in stories of two.
RESULT = three_stories_and_a_roundup([(2, 4), (3, 5)])


def labelled(story: str, storyline: str | None = None) -> Labelled:
    articles = tuple(document.article for document in RESULT.documents)
    ids = np.array([article.id for article in articles])
    lines = None if storyline is None else np.array(list(storyline))
    return Labelled("day", articles, np.array(list(story)), ids, np.array([""] * 7), storyline=lines)


def test_stories_and_storylines_that_are_as_labelled_are_right() -> None:
    figures = figures_of(RESULT, labelled("aabbcca", "AABBBBA"))
    for measure in ("pairwise", "b_cubed", "pairwise_storylines", "b_cubed_storylines"):
        assert figures[measure] == {"f1": 1, "precision": 1, "recall": 1}, measure
    assert (figures["stories_labelled"], figures["storylines_labelled"]) == (3, 2)
    assert (figures["storylines_found"], figures["storyline_threshold"]) == (2, 0.4)


def test_false_links_are_developments_if_the_labels_say_one_affair() -> None:
    figures = figures_of(RESULT, labelled("aabcdda", "AABBCCA"))
    assert figures["false_links"] == {"form": 0, "development": 1, "unrelated": 0}
    figures = figures_of(RESULT, labelled("aabcdda", "AABCDDA"))
    assert figures["false_links"] == {"form": 0, "development": 0, "unrelated": 1}


def test_without_labels_of_storylines_the_scores_say_what_a_false_link_is() -> None:
    figures = figures_of(RESULT, labelled("aabcdda"))
    assert figures["false_links"] == {"form": 0, "development": 1, "unrelated": 0}
    assert not any("storyline" in name for name in figures)


def test_every_document_has_the_storyline_it_is_in() -> None:
    labels = storyline_labels(RESULT)
    assert labels.tolist() == [1, 1, 0, 0, 0, 0, 1]
    assert figures_of(RESULT, labelled("aabbcca", "AABBCCA"))["pairwise_storylines"]["precision"] == pytest.approx(
        5 / 9
    )
