"""Stories from labels: order, membership, representative, ids."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from detector.preparing.document_table import DocumentTable
from detector.records import Document, Story
from detector.stories.building import build_stories, story_id
from detector.stories.clustering import Clusters
from tests.making import make_document

Links = dict[tuple[int, int], float]


def documents_of(*languages: str) -> list[Document]:
    return [make_document(f"article {place:02}", "Text.", language=code) for place, code in enumerate(languages)]


def built(documents: list[Document], labels: list[int], links: Links, roundups: tuple[int, ...] = ()) -> list[Story]:
    pairs = np.array(list(links), np.int64).reshape(-1, 2)
    clusters = Clusters(np.array(labels, np.int64), np.isin(np.arange(len(labels)), roundups))
    table = DocumentTable.of(documents)
    return build_stories(documents, table, clusters, pairs, np.array(list(links.values()), float))


@given(st.lists(st.integers(0, 4), max_size=10), st.integers(0, 10**6))
def test_every_article_is_in_exactly_one_story(names: list[int], seed: int) -> None:
    numbers = {name: place for place, name in enumerate(dict.fromkeys(names))}
    labels = [numbers[name] for name in names]
    generator = np.random.default_rng(seed)
    links = {pair: float(generator.random()) for pair in combinations(range(len(labels)), 2)}
    stories = built(documents_of(*["it", "vi", "en", "ja", "ar"] * 2)[: len(labels)], labels, links)
    listed = [article.id for story in stories for article in story.articles]
    assert sorted(listed) == [f"article {place:02}" for place in range(len(labels))]
    for story in stories:
        assert [article.id for article in story.articles] == sorted(article.id for article in story.articles)
        assert len(story.membership) == len(story)
        assert story.representative in story.articles
        assert all(0 <= number <= 1 + 1e-12 for number in (*story.membership, story.strength, story.weakest))
        assert story.weakest <= story.strength + 1e-12
    order = [(-len(story), -len(story.languages), story.id) for story in stories]
    assert order == sorted(order)


def test_stories_are_sorted_by_size_then_by_languages() -> None:
    stories = built(
        documents_of("it", "it", "it", "vi", "en", "en", "en"),
        [0, 0, 1, 1, 2, 2, 2],
        {(0, 1): 1, (2, 3): 1, (4, 5): 1, (4, 6): 1, (5, 6): 1},
    )
    assert [[article.id[-1] for article in story.articles] for story in stories] == [
        ["4", "5", "6"],
        ["2", "3"],
        ["0", "1"],
    ]
    assert [story.languages for story in stories] == [("en",), ("it", "vi"), ("it",)]


def test_membership_strength_and_weakest_pair_come_from_the_pairs_inside() -> None:
    links = {(0, 1): 0.9, (0, 2): 0.8, (1, 2): 0.6, (2, 3): 0.4}
    story, alone = built(documents_of(*["it"] * 4), [0, 0, 0, 1], links)
    assert story.membership == pytest.approx((0.85, 0.75, 0.7))
    assert story.strength == pytest.approx(np.mean([0.9, 0.8, 0.6]))
    assert story.weakest == 0.6
    assert story.representative.id == "article 00"
    assert (alone.strength, alone.weakest, alone.membership) == (1, 1, (0.6,))


def test_a_pair_that_was_never_a_candidate_counts_as_zero() -> None:
    (story,) = built(documents_of(*["it"] * 3), [0, 0, 0], {(0, 1): 1.0, (1, 2): 0.8})
    assert story.membership == pytest.approx((0.5, 0.9, 0.4))
    assert story.weakest == 0
    assert story.representative.id == "article 01"


def test_a_roundup_is_listed_and_represents_no_story_but_its_own() -> None:
    links = {(0, 1): 0.9, (0, 2): 0.9, (1, 2): 0.6}
    story, alone = built(documents_of(*["it"] * 4), [0, 0, 0, 1], links, roundups=(0, 3))
    assert story.roundups == ("article 00",)
    assert story.representative.id == "article 01"
    assert alone.roundups == (alone.representative.id,) == ("article 03",)
    assert built(documents_of("it", "vi"), [0, 0], {(0, 1): 1})[0].roundups == ()


def test_without_pairs_every_article_belongs_to_its_story_for_certain() -> None:
    assert [story.membership for story in built(documents_of("it", "vi"), [0, 1], {})] == [(1.0,), (1.0,)]
    assert built([], [], {}) == []


def test_an_id_stays_when_a_later_article_joins_or_does_not() -> None:
    documents = documents_of("it", "vi", "en")
    (before,) = built(documents[:2], [0, 0], {(0, 1): 1})
    (joined,) = built(documents, [0, 0, 0], {(0, 1): 1, (0, 2): 1, (1, 2): 1})
    beside, _ = built(documents, [0, 0, 1], {(0, 1): 1})
    assert before.id == joined.id == beside.id == story_id("article 00")


def test_ids_are_short_and_different_for_any_article_ids() -> None:
    names = ["a", "b", "", "新闻", "lone \ud800 surrogate"]
    ids = [story_id(name) for name in names]
    assert len(set(ids)) == len(names)
    assert all(len(id) == 11 and id[0] == "s" and id.isalnum() for id in ids)
