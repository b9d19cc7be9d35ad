"""Which articles are roundups and which stories they join, on batches made by hand."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from detector.stories import roundups
from detector.stories.roundups import attach, find_roundups

Shares = dict[tuple[int, int], tuple[float, float]]


def found(labels: list[int], shares: Shares) -> list[int]:
    """The roundups; `shares` holds the coverage of both articles of each pair."""
    pairs = np.array(list(shares), np.int64).reshape(-1, 2)
    coverage = np.array(list(shares.values()), float).reshape(-1, 2)
    return np.flatnonzero(find_roundups(np.array(labels, np.int64), pairs, coverage)).tolist()


def covered(shares_of_last: list[float], home: int | None = None) -> tuple[list[int], Shares]:
    """Stories of two articles that cover each other fully, and an article that each story covers in part."""
    labels = [story for story in range(len(shares_of_last)) for _ in range(2)]
    shares: Shares = {(2 * story, 2 * story + 1): (1.0, 1.0) for story in range(len(shares_of_last))}
    last = len(labels)
    shares |= {(2 * story, last): (0.2, share) for story, share in enumerate(shares_of_last)}
    return [*labels, len(shares_of_last) if home is None else home], shares


def test_an_article_covered_evenly_by_three_unlinked_stories_is_a_roundup() -> None:
    assert found(*covered([0.25, 0.25, 0.25, 0.25])) == [8]
    assert found(*covered([0.4, 0.3, 0.3])) == [6]


def test_a_roundup_is_found_even_if_it_was_clustered_with_one_of_the_stories() -> None:
    assert found(*covered([0.4, 0.3, 0.3], home=0)) == [6]


@given(st.lists(st.floats(0, 1), min_size=2, max_size=6), st.integers(1, 20), st.integers(0, 5))
def test_the_number_of_articles_handled_together_does_not_matter(
    shares_of_last: list[float], together: int, home: int
) -> None:
    labels, shares = covered(shares_of_last, home=min(home, len(shares_of_last)))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(roundups, "TOGETHER", together)
        in_parts = found(labels, shares)
    assert in_parts == found(labels, shares)


def test_two_stories_make_no_roundup() -> None:
    assert found(*covered([0.5, 0.5])) == []


def test_an_article_on_one_story_is_not_a_roundup_if_others_cover_some_of_it() -> None:
    assert found(*covered([0.9, 0.3, 0.3], home=0)) == []
    assert found(*covered([0.5, 0.2, 0.2], home=0)) == []


def test_an_article_of_which_little_is_covered_is_not_a_roundup() -> None:
    assert found(*covered([0.15, 0.15, 0.15])) == []


def test_linked_stories_count_as_one() -> None:
    labels, shares = covered([0.4, 0.3, 0.3])
    assert found(labels, shares | {(1, 3): (0.0, 0.0)}) == []
    labels, shares = covered([0.4, 0.3, 0.3, 0.3])
    assert found(labels, shares | {(1, 3): (0.0, 0.0)}) == [8]


def test_one_roundup_does_not_hide_another() -> None:
    labels, shares = covered([0.3, 0.3, 0.3])
    # The second is also covered by a fourth story, which only the roundups link to the three.
    labels += [4, 4, 0]
    shares |= {(7, 8): (1.0, 1.0), (7, 9): (0.2, 0.3), **{(2 * story, 9): (0.2, 0.2) for story in range(3)}}
    assert found(labels, shares) == [6, 9]


def test_an_article_that_every_story_covers_fully_is_not_a_roundup() -> None:
    assert found(*covered([1.0, 1.0, 1.0])) == []


def test_without_articles_or_pairs_nothing_fails() -> None:
    assert found([], {}) == []
    assert found([0, 1], {}) == []


def by_definition(labels: list[int], shares: Shares, article: int) -> bool:
    """Whether an article is a roundup by the definition, without repeating the search."""
    linked = {frozenset((labels[a], labels[b])) for a, b in shares if article not in (a, b)}
    shares_by_story: dict[int, float] = {}
    for (a, b), both in shares.items():
        if article in (a, b):
            story, share = (labels[b], both[0]) if a == article else (labels[a], both[1])
            shares_by_story[story] = max(shares_by_story.get(story, 0.0), share)
    chosen: list[int] = []
    for story in sorted(shares_by_story, key=lambda story: (-shares_by_story[story], story)):
        if shares_by_story[story] > 0 and all(frozenset((story, earlier)) not in linked for earlier in chosen):
            chosen.append(story)
    best = [shares_by_story[story] for story in chosen[:3]]
    return len(best) == 3 and sum(best) >= 0.5 and best[0] <= 0.5 and best[0] <= sum(best) / 2


@given(st.integers(4, 9), st.integers(1, 9), st.floats(0.1, 0.9), st.integers(0, 10**6))
def test_the_roundups_are_those_of_the_definition(count: int, stories: int, share: float, seed: int) -> None:
    generator = np.random.default_rng(seed)
    labels = generator.integers(0, min(stories, count), count).tolist()
    pairs = [pair for pair in combinations(range(count), 2) if generator.random() < share]
    shares = {pair: (float(generator.random()) / 2, float(generator.random()) / 2) for pair in pairs}
    shares = {pair: both if generator.random() < 0.7 else (0.0, 0.0) for pair, both in shares.items()}
    roundups = found(labels, shares)
    expected: list[int] = []
    while shown := [article for article in range(count) if by_definition(labels, shares, article)]:
        expected += shown
        shares = {pair: both for pair, both in shares.items() if not set(pair) & set(shown)}
    assert roundups == sorted(expected)


def attached(labels: list[int], roundups: list[int], links: dict[tuple[int, int], float]) -> NDArray[np.int64]:
    pairs = np.array(list(links), np.int64).reshape(-1, 2)
    is_roundup = np.isin(np.arange(len(labels)), roundups)
    return attach(np.array(labels), is_roundup, pairs, np.array(list(links.values()), float), 0.5)


def test_a_roundup_joins_the_story_with_the_highest_mean_probability() -> None:
    links = {(0, 4): 0.9, (1, 4): 0.3, (2, 4): 0.7, (3, 4): 0.6}
    assert attached([0, 0, 1, 1, 2], [4], links).tolist() == [0, 0, 1, 1, 1]


def test_a_roundup_stays_alone_if_no_mean_reaches_the_threshold() -> None:
    assert attached([0, 0, 1, 1, 2], [4], {(0, 4): 0.9, (2, 4): 0.4, (3, 4): 0.5}).tolist() == [0, 0, 1, 1, 2]
    assert attached([0, 1], [1], {}).tolist() == [0, 1]


def test_roundups_do_not_join_each_other() -> None:
    assert attached([0, 1, 2], [1, 2], {(0, 1): 0.6, (1, 2): 1.0}).tolist() == [0, 0, 2]
