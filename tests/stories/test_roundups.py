"""Roundups, in days made by hand: which articles are roundups, and where they are put."""

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


def day(answered: list[float], home: int | None = None) -> tuple[list[int], Shares]:
    """Stories of two articles that answer each other wholly; the last article is answered so much by each story."""
    labels = [story for story in range(len(answered)) for _ in range(2)]
    shares: Shares = {(2 * story, 2 * story + 1): (1.0, 1.0) for story in range(len(answered))}
    last = len(labels)
    shares |= {(2 * story, last): (0.2, share) for story, share in enumerate(answered)}
    return [*labels, len(answered) if home is None else home], shares


def test_an_article_that_three_strange_stories_answer_evenly_is_a_roundup() -> None:
    assert found(*day([0.25, 0.25, 0.25, 0.25])) == [8]
    assert found(*day([0.4, 0.3, 0.3])) == [6]


def test_it_is_one_too_where_clustering_put_it_into_one_of_them() -> None:
    assert found(*day([0.4, 0.3, 0.3], home=0)) == [6]


@given(st.lists(st.floats(0, 1), min_size=2, max_size=6), st.integers(1, 20), st.integers(0, 5))
def test_it_does_not_matter_how_many_articles_are_looked_at_together(
    answered: list[float], together: int, home: int
) -> None:
    labels, shares = day(answered, home=min(home, len(answered)))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(roundups, "TOGETHER", together)
        in_parts = found(labels, shares)
    assert in_parts == found(labels, shares)


def test_two_stories_make_no_roundup() -> None:
    assert found(*day([0.5, 0.5])) == []


def test_an_article_on_one_story_is_none_though_others_answer_some_of_it() -> None:
    assert found(*day([0.9, 0.3, 0.3], home=0)) == []
    assert found(*day([0.5, 0.2, 0.2], home=0)) == []


def test_an_article_of_which_little_is_answered_is_none() -> None:
    assert found(*day([0.15, 0.15, 0.15])) == []


def test_stories_near_enough_to_be_compared_count_as_one() -> None:
    labels, shares = day([0.4, 0.3, 0.3])
    assert found(labels, shares | {(1, 3): (0.0, 0.0)}) == []
    labels, shares = day([0.4, 0.3, 0.3, 0.3])
    assert found(labels, shares | {(1, 3): (0.0, 0.0)}) == [8]


def test_one_roundup_of_a_day_does_not_hide_another() -> None:
    labels, shares = day([0.3, 0.3, 0.3])
    # The other is answered by a fourth story, too, which no roundup but itself ties to the three.
    labels += [4, 4, 0]
    shares |= {(7, 8): (1.0, 1.0), (7, 9): (0.2, 0.3), **{(2 * story, 9): (0.2, 0.2) for story in range(3)}}
    assert found(labels, shares) == [6, 9]


def test_one_sentence_that_everything_answers_is_no_roundup() -> None:
    assert found(*day([1.0, 1.0, 1.0])) == []


def test_without_articles_or_pairs_nothing_fails() -> None:
    assert found([], {}) == []
    assert found([0, 1], {}) == []


def plainly(labels: list[int], shares: Shares, article: int) -> bool:
    """The definition, word for word, of one that shows while all articles are there."""
    tied = {frozenset((labels[a], labels[b])) for a, b in shares if article not in (a, b)}
    given: dict[int, float] = {}
    for (a, b), both in shares.items():
        if article in (a, b):
            story, share = (labels[b], both[0]) if a == article else (labels[a], both[1])
            given[story] = max(given.get(story, 0.0), share)
    taken: list[int] = []
    for story in sorted(given, key=lambda story: (-given[story], story)):
        if given[story] > 0 and all(frozenset((story, other)) not in tied for other in taken):
            taken.append(story)
    best = [given[story] for story in taken[:3]]
    return len(best) == 3 and sum(best) >= 0.5 and best[0] <= 0.5 and best[0] <= sum(best) / 2


@given(st.integers(4, 9), st.integers(1, 9), st.floats(0.1, 0.9), st.integers(0, 10**6))
def test_it_is_the_definition(count: int, stories: int, share: float, seed: int) -> None:
    generator = np.random.default_rng(seed)
    labels = generator.integers(0, min(stories, count), count).tolist()
    pairs = [pair for pair in combinations(range(count), 2) if generator.random() < share]
    shares = {pair: (float(generator.random()) / 2, float(generator.random()) / 2) for pair in pairs}
    shares = {pair: both if generator.random() < 0.7 else (0.0, 0.0) for pair, both in shares.items()}
    roundups = found(labels, shares)
    expected: list[int] = []
    while shown := [article for article in range(count) if plainly(labels, shares, article)]:
        expected += shown
        shares = {pair: both for pair, both in shares.items() if not set(pair) & set(shown)}
    assert roundups == sorted(expected)


def attached(labels: list[int], roundups: list[int], links: dict[tuple[int, int], float]) -> NDArray[np.int64]:
    pairs = np.array(list(links), np.int64).reshape(-1, 2)
    is_roundup = np.isin(np.arange(len(labels)), roundups)
    return attach(np.array(labels), is_roundup, pairs, np.array(list(links.values()), float), 0.5)


def test_a_roundup_goes_where_its_mean_probability_is_highest() -> None:
    links = {(0, 4): 0.9, (1, 4): 0.3, (2, 4): 0.7, (3, 4): 0.6}
    assert attached([0, 0, 1, 1, 2], [4], links).tolist() == [0, 0, 1, 1, 1]


def test_a_roundup_stays_alone_where_no_mean_is_enough() -> None:
    assert attached([0, 0, 1, 1, 2], [4], {(0, 4): 0.9, (2, 4): 0.4, (3, 4): 0.5}).tolist() == [0, 0, 1, 1, 2]
    assert attached([0, 1], [1], {}).tolist() == [0, 1]


def test_roundups_do_not_draw_each_other() -> None:
    assert attached([0, 1, 2], [1, 2], {(0, 1): 0.6, (1, 2): 1.0}).tolist() == [0, 0, 2]
