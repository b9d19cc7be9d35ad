"""Roundups: news in brief and tickers, which touch many stories and are none of them.

The probability of its pairs does not give one away: most lie under the threshold, since an article on one story answers
little of a roundup. Coverage does: several stories, which have nothing to do with each other, answer parts of it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

# Two stories may be one article on two matters, such as an event and what led to it; a third is no accident.
STORIES = 3
# "Most" means more than half: no number from data, but the share at which what is answered outweighs what is not.
HALF = 0.5
# Articles looked at together, so that what is held does not grow with the batch.
TOGETHER = 1 << 16


def find_roundups(
    labels: NDArray[np.int64], pairs: NDArray[np.integer], coverage: NDArray[np.floating]
) -> NDArray[np.bool_]:
    """Which articles are roundups, (articles,); the work grows with the pairs.

    labels: (articles,), the story of each article, 0 or more; pairs: (pairs, 2), each once; coverage: (pairs, 2), the
    share of each article's sentences with a counterpart in the other, 0 to 1. A story answers as much of an article as
    that of its articles that answers most. Two stories are tied where, the article in question left out, any pair lies
    between them: they were near enough to be compared. A roundup is answered evenly (see `_evenly`) by three stories,
    of which no two are tied; the strongest are tried first. Those found are left out and it is looked again, since one
    roundup of a day ties the stories of the others.
    """
    roundups = np.zeros(len(labels), np.bool_)
    while True:
        kept = ~roundups[pairs].any(1)
        found = _found(labels, pairs[kept], coverage[kept])
        if not found:
            return roundups
        roundups[found] = True


def _found(labels: NDArray[np.int64], pairs: NDArray[np.integer], coverage: NDArray[np.floating]) -> list[int]:
    """The roundups that show while all articles of the pairs are there."""
    links = _Links.of(labels, pairs)
    found = []
    for start in range(0, len(labels), TOGETHER):
        articles = range(start, min(start + TOGETHER, len(labels)))
        answers = _Answers.of(labels, pairs, coverage, articles)
        for place in np.flatnonzero(_evenly(answers.strongest(STORIES))).tolist():
            shares = _untied(answers.given(place), int(labels[articles[place]]), links)
            if len(shares) == STORIES and _evenly(np.array([shares]))[0]:
                found.append(articles[place])
    return found


def _untied(given: dict[int, tuple[float, int]], home: int, links: _Links) -> list[float]:
    """What the strongest stories that answer an article give, three at most, each tied to none before it.

    given: as `_Answers.given`; home: the article's own story.
    """
    taken: list[int] = []
    for story in given:
        for other in taken:
            # Between the article's own story and another, the article's own links do not tie.
            own = given[other][1] if story == home else given[story][1] if other == home else 0
            if links.between(story, other) > own:
                break
        else:
            taken.append(story)
        if len(taken) == STORIES:
            break
    return [given[story][0] for story in taken]


def _evenly(shares: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Whether stories together answer half of an article or more, and none of them most, nor more than the rest.

    shares: (articles, stories), the greatest first. Where the strongest stories do not answer an article evenly, the
    strongest with weaker ones do not either.
    """
    most, all_of_them = shares[:, 0], shares.sum(1)
    return np.asarray((all_of_them >= HALF) & (most <= HALF) & (most <= HALF * all_of_them))


@dataclass(frozen=True)
class _Answers:
    """Of some articles that follow each other, numbered from 0: one row for each article and story that it has pairs
    with, by article, the strongest first; each (rows,).

    share: how much of the article the story answers. links: how many pairs the two have. starts: (articles + 1,), the
    first row of each article.
    """

    article: NDArray[np.int64]
    story: NDArray[np.int64]
    share: NDArray[np.float64]
    links: NDArray[np.int64]
    starts: NDArray[np.int64]

    @classmethod
    def of(
        cls, labels: NDArray[np.int64], pairs: NDArray[np.integer], coverage: NDArray[np.floating], articles: range
    ) -> _Answers:
        inside = (pairs >= articles.start) & (pairs < articles.stop)
        article = np.concatenate([pairs[inside[:, side], side] for side in (0, 1)]) - articles.start
        story = labels[np.concatenate([pairs[inside[:, side], 1 - side] for side in (0, 1)])]
        share = np.concatenate([coverage[inside[:, side], side] for side in (0, 1)])
        order = np.lexsort((-share, story, article))
        article, story, share = article[order], story[order], share[order]
        first = np.flatnonzero((np.diff(article, prepend=-1) != 0) | (np.diff(story, prepend=-1) != 0))
        links = np.diff(first, append=len(article))
        article, story, share = article[first], story[first], share[first]
        order = np.lexsort((story, -share, article))
        starts = np.searchsorted(article, np.arange(len(articles) + 1))
        return cls(article, story[order], share[order], links[order], starts)

    def strongest(self, count: int) -> NDArray[np.float64]:
        """The greatest shares of each article, (articles, count), 0 where there are fewer."""
        strongest = np.zeros((len(self.starts) - 1, count))
        rank = np.arange(len(self.article)) - self.starts[self.article]
        chosen = rank < count
        strongest[self.article[chosen], rank[chosen]] = self.share[chosen]
        return strongest

    def given(self, article: int) -> dict[int, tuple[float, int]]:
        """The share and the links of each story that answers an article, the strongest first."""
        rows = np.arange(self.starts[article], self.starts[article + 1])
        rows = rows[self.share[rows] > 0]
        numbers = zip(self.share[rows].tolist(), self.links[rows].tolist(), strict=True)
        return dict(zip(self.story[rows].tolist(), numbers, strict=True))


@dataclass(frozen=True)
class _Links:
    """How many of the pairs lie between two stories: the two as one number, in rising order, and the counts."""

    stories: int
    keys: NDArray[np.int64]
    counts: NDArray[np.int64]

    @classmethod
    def of(cls, labels: NDArray[np.int64], pairs: NDArray[np.integer]) -> _Links:
        a, b = labels[pairs[:, 0]], labels[pairs[:, 1]]
        stories = len(labels)
        return cls(stories, *np.unique(np.minimum(a, b) * stories + np.maximum(a, b), return_counts=True))

    def between(self, one: int, other: int) -> int:
        """How many pairs lie between two stories."""
        key = min(one, other) * self.stories + max(one, other)
        place = int(np.searchsorted(self.keys, key))
        return int(self.counts[place]) if place < len(self.keys) and self.keys[place] == key else 0


def attach(
    labels: NDArray[np.int64],
    roundups: NDArray[np.bool_],
    pairs: NDArray[np.integer],
    probabilities: NDArray[np.float64],
    least: float,
) -> NDArray[np.int64]:
    """The labels, (articles,), with each roundup in the story it fits best, or as it was where no mean is `least`.

    A story's fit is the mean probability over its articles that are no roundups, a pair that is no candidate counting
    as 0; of equal ones the story with the smaller label. The arrays are as in `find_roundups`; probabilities: (pairs,).
    """
    sizes = np.bincount(labels[~roundups], minlength=labels.max(initial=0) + 1)
    article, other = np.concatenate([pairs, pairs[:, ::-1]]).T
    chosen = roundups[article] & ~roundups[other]
    article, story, probability = article[chosen], labels[other[chosen]], np.tile(probabilities, 2)[chosen]
    keys, row = np.unique(article.astype(np.int64) * len(sizes) + story, return_inverse=True)
    article, story = np.divmod(keys, len(sizes))
    means = np.bincount(row, probability, len(keys)) / sizes[story]
    order = np.lexsort((-story, means, article))
    fits = order[(means[order] >= least) & (means[order] > 0)]
    attached = labels.copy()
    # Of several entries for one article the last, its best, stays.
    attached[article[fits]] = story[fits]
    return attached
