"""Storylines: stories joined by the mean over their articles, never split, never through forms or roundups."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from detector.preparing.document_table import DocumentTable
from detector.records import Story, Storyline
from detector.stories.building import build_stories
from detector.stories.clustering import Clusters, renumbered
from detector.stories.storylines import StoryLinks, build_storylines, storyline_id, storylines_of
from tests.making import make_document

Pairs = dict[tuple[int, int], float]


def make_links(
    stories: list[int],
    pairs: Pairs,
    *,
    forms: tuple[tuple[int, int], ...] = (),
    roundups: tuple[int, ...] = (),
    copy_of: list[int] | None = None,
) -> StoryLinks:
    clusters = Clusters(np.array(stories, np.int64), np.isin(np.arange(len(stories)), roundups))
    return StoryLinks.of(
        clusters,
        np.array(list(pairs), np.int64).reshape(-1, 2),
        np.array(list(pairs.values()), np.float64),
        np.array([pair in forms for pair in pairs], bool),
        None if copy_of is None else np.array(copy_of, np.int64),
    )


def storylines(stories: list[int], pairs: Pairs, threshold: float = 0.5, **options: object) -> list[int]:
    labels: list[int] = storylines_of(make_links(stories, pairs, **options), threshold).tolist()  # type: ignore[arg-type]
    return labels


def test_stories_are_joined_if_the_mean_over_all_pairs_of_their_articles_reaches_the_threshold() -> None:
    between = {(0, 2): 0.9, (0, 3): 0.5, (1, 2): 0.4, (1, 3): 0.2}
    assert storylines([0, 0, 1, 1], between) == [0, 0, 0, 0]
    assert storylines([0, 0, 1, 1], {**between, (0, 2): 0.8}) == [0, 0, 1, 1]


def test_a_pair_that_was_never_compared_counts_as_0() -> None:
    assert storylines([0, 0, 1], {(0, 2): 0.9}) == [0, 0, 1]
    assert storylines([0, 0, 1], {(0, 2): 0.9}, threshold=0.45) == [0, 0, 0]


def test_a_story_is_never_split_however_weak_it_is_inside() -> None:
    assert storylines([0, 0], {(0, 1): 0.01}) == [0, 0]


def test_stories_are_not_joined_through_pairs_of_one_form() -> None:
    assert storylines([0, 1], {(0, 1): 0.99}) == [0, 0]
    assert storylines([0, 1], {(0, 1): 0.99}, forms=((0, 1),)) == [0, 1]


def test_a_roundup_joins_no_storylines_and_weakens_none() -> None:
    """Article 1 is a roundup in the story of article 0; article 3 is one alone."""
    pairs = {(0, 2): 0.6, (1, 2): 0.9, (1, 4): 0.9, (3, 4): 0.9}
    assert storylines([0, 0, 1, 2, 3], pairs, roundups=(1, 3)) == [0, 0, 0, 1, 2]


def test_copies_change_no_storyline() -> None:
    pairs = {(0, 1): 0.9, (0, 2): 0.6, (1, 2): 0.1}
    assert storylines([0, 0, 1], pairs) == [0, 0, 1]
    assert storylines([0, 0, 1], pairs, copy_of=[0, 0, 2]) == [0, 0, 0]


@pytest.mark.parametrize("roundups", [(), (0,)])
def test_articles_without_pairs_have_a_storyline_each(roundups: tuple[int, ...]) -> None:
    assert storylines([0, 1, 2], {}, roundups=roundups) == [0, 1, 2]
    assert storylines([], {}) == []
    assert storylines([0], {}, threshold=0.0, roundups=(0,)) == [0]


@st.composite
def batches(draw: st.DrawFn) -> tuple[list[int], Pairs, tuple[tuple[int, int], ...], tuple[int, ...]]:
    count = draw(st.integers(1, 7))
    stories = renumbered(np.array(draw(st.lists(st.integers(0, 3), min_size=count, max_size=count)))).tolist()
    every = list(combinations(range(count), 2))
    known = draw(st.lists(st.sampled_from(every), unique=True)) if every else []
    pairs = {pair: draw(st.sampled_from([0.0, 0.2, 0.4, 0.5, 0.6, 0.8, 1.0])) for pair in known}
    forms = tuple(draw(st.lists(st.sampled_from(known), unique=True))) if known else ()
    return stories, pairs, forms, tuple(draw(st.sets(st.integers(0, count - 1))))


@given(batches(), st.sampled_from([0.0, 0.2, 0.4, 0.5, 0.7, 1.0]))
def test_storylines_are_those_of_a_slow_average_linkage(
    batch: tuple[list[int], Pairs, tuple[tuple[int, int], ...], tuple[int, ...]], threshold: float
) -> None:
    stories, pairs, forms, roundups = batch
    expected = slow_storylines(stories, pairs, forms, roundups, threshold)
    assert storylines(stories, pairs, threshold, forms=forms, roundups=roundups) == expected


def slow_storylines(
    stories: list[int], pairs: Pairs, forms: tuple[tuple[int, int], ...], roundups: tuple[int, ...], threshold: float
) -> list[int]:
    """Joins the two groups with the highest mean, the smallest indices first, until none reaches the threshold."""
    counted = [article for article in range(len(stories)) if article not in roundups]
    groups = [[a for a in counted if stories[a] == story] for story in sorted({stories[a] for a in counted})]

    def mean(first: list[int], second: list[int]) -> float:
        ends = [(min(a, b), max(a, b)) for a in first for b in second]
        values = [0.0 if end in forms else pairs.get(end, 0.0) for end in ends]
        return sum(values) / len(values)

    while len(groups) > 1:
        groups.sort()
        best = max(
            combinations(range(len(groups)), 2),
            key=lambda two: (round(mean(groups[two[0]], groups[two[1]]), 9), -two[0], -two[1]),
        )
        highest = mean(groups[best[0]], groups[best[1]])
        if highest <= 0 or highest < threshold - 1e-9:
            break
        groups[best[0]] = sorted(groups[best[0]] + groups.pop(best[1]))
    line = {stories[a]: min(stories[b] for b in group) for group in groups for a in group}
    return list(renumbered(np.array([line.get(story, story + 100) for story in stories])).tolist())


@given(st.integers(0, 2**32 - 1))
def test_the_order_of_the_pairs_changes_nothing(seed: int) -> None:
    generator = np.random.default_rng(seed)
    stories = renumbered(generator.integers(0, 5, 9)).tolist()
    pairs = {pair: float(generator.random()) for pair in combinations(range(9), 2)}
    shuffled = list(pairs.items())
    generator.shuffle(shuffled)
    turned = {((b, a) if generator.random() < 0.5 else (a, b)): value for (a, b), value in shuffled}
    assert storylines(stories, pairs, 0.5) == storylines(stories, turned, 0.5)


def built(
    published: list[str | None], stories: list[int], pairs: Pairs, **options: tuple[int, ...]
) -> tuple[list[Story], list[Storyline]]:
    documents = [make_document(f"article {index}", "Text.", published=day) for index, day in enumerate(published)]
    table = DocumentTable.of(documents)
    links = make_links(stories, pairs, **options)  # type: ignore[arg-type]
    clusters = Clusters(links.stories, ~links.counted)
    given: NDArray[np.int64] = np.array(list(pairs), np.int64).reshape(-1, 2)
    made = build_stories(documents, table, clusters, given, np.array(list(pairs.values())))
    return build_storylines(made, table, links, storylines_of(links, 0.5))


def test_the_stories_of_a_storyline_are_in_order_of_time_with_undated_ones_last() -> None:
    everything = dict.fromkeys(combinations(range(4), 2), 0.9)
    _, [line] = built(["2026-03-04", None, "2026-03-01T09:00:00Z", "2026-03-02"], [0, 1, 2, 2], everything)
    assert [story.article_ids for story in line.stories] == [("article 2", "article 3"), ("article 0",), ("article 1",)]
    assert line.article_ids == ("article 2", "article 3", "article 0", "article 1")
    assert [article.id for article in line.articles] == list(line.article_ids)
    assert line.languages == ("en",)
    assert line.id == storyline_id("article 0")


def test_every_story_names_its_storyline_and_stands_in_it() -> None:
    stories, lines = built([None] * 4, [0, 0, 1, 2], {(0, 2): 0.9, (1, 2): 0.7})
    assert [len(line.article_ids) for line in lines] == [3, 1]
    for line in lines:
        assert all(story.storyline == line.id for story in line.stories)
    assert sorted(story.id for line in lines for story in line.stories) == sorted(story.id for story in stories)


def test_the_strength_is_the_mean_over_the_pairs_between_the_stories() -> None:
    pairs = {(0, 1): 0.1, (0, 2): 0.9, (1, 2): 0.7}
    _, [line] = built([None] * 3, [0, 0, 1], pairs)
    assert line.strength == pytest.approx(0.8)
    _, [single] = built([None] * 2, [0, 0], {(0, 1): 0.1})
    assert single.strength == 1
    _, [line] = built([None] * 4, [0, 0, 1, 0], {**pairs, (2, 3): 0.1}, roundups=(3,))
    assert line.strength == pytest.approx(0.8)
