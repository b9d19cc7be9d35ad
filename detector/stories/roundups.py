"""Roundups: articles such as news in brief and tickers, which touch many stories and belong to none.

The probabilities of its pairs do not reveal a roundup: most are below the threshold, since an article on one story has
counterparts to little of a roundup. Coverage does: several unrelated stories each have counterparts to part of it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

# An article may well be about two matters, such as an event and its cause; three unrelated stories make a roundup.
STORIES = 3
# Half of an article: from here, more of it is covered than is not.
HALF = 0.5
# Articles handled together, so that memory does not grow with the batch.
TOGETHER = 1 << 16


def find_roundups(
    labels: NDArray[np.int64], pairs: NDArray[np.integer], coverage: NDArray[np.floating]
) -> NDArray[np.bool_]:
    """Which articles are roundups, (articles,); the work grows with the pairs.

    labels: (articles,), the story of each article, 0 or more; pairs: (pairs, 2), each once; coverage: (pairs, 2), the
    share of each article's sentences with a counterpart in the other, 0 to 1.

    A story's coverage of an article is the maximum over the story's articles. Two stories are linked if any candidate
    pair joins them, ignoring the article in question. An article is a roundup if three stories, none of them linked to
    another, cover it evenly (see `_evenly`); the stories that cover most are tried first. Roundups found are removed
    and the search repeats, since one roundup links the stories of the others.
    """
    roundups = np.zeros(len(labels), np.bool_)
    while True:
        kept = ~roundups[pairs].any(1)
        found = _found(labels, pairs[kept], coverage[kept])
        if not found:
            return roundups
        roundups[found] = True


def _found(labels: NDArray[np.int64], pairs: NDArray[np.integer], coverage: NDArray[np.floating]) -> list[int]:
    """The roundups that these pairs show, without repeating the search."""
    links = _Links.of(labels, pairs)
    found = []
    for start in range(0, len(labels), TOGETHER):
        articles = range(start, min(start + TOGETHER, len(labels)))
        covering = _CoveringStories.of(labels, pairs, coverage, articles)
        for index in np.flatnonzero(_evenly(covering.largest_shares(STORIES))).tolist():
            shares = _unlinked(covering.of_article(index), int(labels[articles[index]]), links)
            if len(shares) == STORIES and _evenly(np.array([shares]))[0]:
                found.append(articles[index])
    return found


def _unlinked(covering: dict[int, tuple[float, int]], home: int, links: _Links) -> list[float]:
    """The shares of the stories that cover an article most, three at most, each linked to none before it.

    covering: as `_CoveringStories.of_article` gives it; home: the article's own story.
    """
    chosen: list[int] = []
    for story in covering:
        for earlier in chosen:
            # The article's own pairs do not link its story to another.
            own = covering[earlier][1] if story == home else covering[story][1] if earlier == home else 0
            if links.between(story, earlier) > own:
                break
        else:
            chosen.append(story)
        if len(chosen) == STORIES:
            break
    return [covering[story][0] for story in chosen]


def _evenly(shares: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Whether stories together cover at least half of an article, and none covers more than half or than the rest.

    shares: (articles, stories), the largest first. If the stories with the largest shares do not cover an article
    evenly, neither does the largest with any smaller ones.
    """
    largest, total = shares[:, 0], shares.sum(1)
    return np.asarray((total >= HALF) & (largest <= HALF) & (largest <= HALF * total))


@dataclass(frozen=True)
class _CoveringStories:
    """The stories that cover each of some consecutive articles: a row for each article and story with pairs between.

    The rows are sorted by article, numbered from 0, and by falling share; each column is (rows,). share: how much of
    the article the story covers. links: how many pairs the two have. starts: (articles + 1,), the first row of each
    article.
    """

    article: NDArray[np.int64]
    story: NDArray[np.int64]
    share: NDArray[np.float64]
    links: NDArray[np.int64]
    starts: NDArray[np.int64]

    @classmethod
    def of(
        cls, labels: NDArray[np.int64], pairs: NDArray[np.integer], coverage: NDArray[np.floating], articles: range
    ) -> _CoveringStories:
        """The covering stories of the articles in a range; the arrays are as in `find_roundups`."""
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

    def largest_shares(self, count: int) -> NDArray[np.float64]:
        """The largest shares of each article, (articles, count), 0 if it has fewer."""
        largest = np.zeros((len(self.starts) - 1, count))
        rank = np.arange(len(self.article)) - self.starts[self.article]
        chosen = rank < count
        largest[self.article[chosen], rank[chosen]] = self.share[chosen]
        return largest

    def of_article(self, article: int) -> dict[int, tuple[float, int]]:
        """The share and the links of each story that covers an article, the largest share first."""
        rows = np.arange(self.starts[article], self.starts[article + 1])
        rows = rows[self.share[rows] > 0]
        values = zip(self.share[rows].tolist(), self.links[rows].tolist(), strict=True)
        return dict(zip(self.story[rows].tolist(), values, strict=True))


@dataclass(frozen=True)
class _Links:
    """The number of pairs between stories; keys: two stories as a single integer, in rising order."""

    stories: int
    keys: NDArray[np.int64]
    counts: NDArray[np.int64]

    @classmethod
    def of(cls, labels: NDArray[np.int64], pairs: NDArray[np.integer]) -> _Links:
        """The links of the stories in `labels`."""
        a, b = labels[pairs[:, 0]], labels[pairs[:, 1]]
        stories = len(labels)
        return cls(stories, *np.unique(np.minimum(a, b) * stories + np.maximum(a, b), return_counts=True))

    def between(self, story_a: int, story_b: int) -> int:
        """How many pairs there are between two stories."""
        key = min(story_a, story_b) * self.stories + max(story_a, story_b)
        position = int(np.searchsorted(self.keys, key))
        return int(self.counts[position]) if position < len(self.keys) and self.keys[position] == key else 0


def attach(
    labels: NDArray[np.int64],
    roundups: NDArray[np.bool_],
    pairs: NDArray[np.integer],
    probabilities: NDArray[np.float64],
    least: float,
) -> NDArray[np.int64]:
    """The labels, (articles,), with each roundup in the story that it fits best, if it fits one.

    The fit is the mean probability over a story's articles that are not roundups; a pair that is not a candidate counts
    as 0. It must be above 0 and at least `least`, else the roundup keeps its label. Among equal fits the smaller label
    wins. The arrays are as in `find_roundups`; probabilities: (pairs,).
    """
    sizes = np.bincount(labels[~roundups], minlength=labels.max(initial=0) + 1)
    article, neighbour = np.concatenate([pairs, pairs[:, ::-1]]).T
    chosen = roundups[article] & ~roundups[neighbour]
    article, story, probability = article[chosen], labels[neighbour[chosen]], np.tile(probabilities, 2)[chosen]
    keys, row = np.unique(article.astype(np.int64) * len(sizes) + story, return_inverse=True)
    article, story = np.divmod(keys, len(sizes))
    means = np.bincount(row, probability, len(keys)) / sizes[story]
    order = np.lexsort((-story, means, article))
    fits = order[(means[order] >= least) & (means[order] > 0)]
    attached = labels.copy()
    # The best fit of an article comes last and overwrites the others.
    attached[article[fits]] = story[fits]
    return attached
