"""From stories to storylines: stories of one developing affair, joined by average linkage on the storyline probability.

Linkage starts from the stories, so it never splits one, and it takes the mean over all pairs of articles between two
groups of stories. Two instances of one form say nothing for one affair, so their pairs count as probability 0, as do
pairs that were never compared. Roundups and copies do not count: a roundup touches many affairs, a copy adds nothing.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from detector.execution.spool import release
from detector.pairs.near_duplicates import without_copies
from detector.preparing.document_table import DocumentTable
from detector.records import Story, Storyline
from detector.stories.clustering import Clusters, agglomerate, in_order, renumbered, within_reach


@dataclass(frozen=True)
class StoryLinks:
    """The pairs of articles that can join stories.

    stories: int64, (articles,), the story of each article, numbered from 0 in the order of their first articles.
    counted: bool, (articles,), the articles that are neither roundups nor copies. pairs: (pairs, 2), sorted, each of
    two counted articles in different stories and not of one form. probabilities: (pairs,), their storyline
    probabilities.
    """

    stories: NDArray[np.int64]
    counted: NDArray[np.bool_]
    pairs: NDArray[np.integer]
    probabilities: NDArray[np.float64]

    @classmethod
    def of(
        cls,
        clusters: Clusters,
        pairs: NDArray[np.integer],
        probabilities: NDArray[np.float64],
        one_form: NDArray[np.bool_],
        copy_of: NDArray[np.int64] | None = None,
    ) -> StoryLinks:
        """The links among all pairs of a batch, in any order.

        pairs: (pairs, 2); probabilities: (pairs,), storyline probabilities; one_form: (pairs,), which pairs are of one
        form; copy_of: as in `detector.stories.clustering.cluster`.
        """
        labels, counted = clusters.labels, ~clusters.roundups
        given, pairs = pairs, pairs.astype(np.int32, copy=False)
        release(given)
        kept = (labels[pairs[:, 0]] != labels[pairs[:, 1]]) & counted[pairs].all(1) & ~one_form
        if copy_of is not None:
            counted = counted & (copy_of == np.arange(len(copy_of)))
            kept &= without_copies(pairs, copy_of)
        return cls(labels, counted, *in_order(pairs[kept], probabilities[kept]))


def storylines_of(links: StoryLinks, threshold: float) -> NDArray[np.int64]:
    """The storyline of each article, (articles,), numbered from 0 in the order of their first articles.

    Groups of stories whose mean storyline probability is at least the threshold, 0 to 1, are joined, the highest mean
    first, but never at a mean of 0. The result does not depend on the order of the pairs.
    """
    stories = links.stories
    counted = np.flatnonzero(links.counted)
    if not len(counted):
        return stories
    ends = stories[links.pairs]
    near = within_reach(int(stories.max()) + 1, ends, links.probabilities, threshold)
    position = np.cumsum(links.counted) - 1
    joined = agglomerate(
        renumbered(stories[counted]), position[links.pairs[near]], links.probabilities[near], threshold
    )
    # A storyline takes the number of one of its stories; a story of roundups alone keeps its own.
    _, first = np.unique(joined, return_index=True)
    line_of_story = np.arange(int(stories.max()) + 1)
    line_of_story[stories[counted]] = stories[counted[first]][joined]
    return renumbered(line_of_story[stories])


def build_storylines(
    stories: Sequence[Story], table: DocumentTable, links: StoryLinks, labels: NDArray[np.int64]
) -> tuple[list[Story], list[Storyline]]:
    """The stories with the ids of their storylines, in the order given, and the storylines, the biggest first.

    labels: (articles,), as `storylines_of` gives them; table: that of the documents. Storylines with as many articles
    are in the order of how many stories they have, the most first, then of their ids.
    """
    index_of = {id: index for index, id in enumerate(table.ids)}
    firsts = [index_of[story.article_ids[0]] for story in stories]
    _, first = np.unique(labels, return_index=True)
    ids = [storyline_id(table.ids[index]) for index in first.tolist()]
    named = [replace(story, storyline=ids[labels[index]]) for story, index in zip(stories, firsts, strict=True)]
    earliest = np.full(int(links.stories.max(initial=-1)) + 1, np.inf)
    np.minimum.at(earliest, links.stories, np.where(np.isnan(table.days), np.inf, table.days))
    members: dict[int, list[tuple[float, str, Story]]] = {}
    for story, index in zip(named, firsts, strict=True):
        members.setdefault(int(labels[index]), []).append((float(earliest[links.stories[index]]), story.id, story))
    strengths = _strengths(links, labels)
    storylines = [
        Storyline(ids[label], tuple(story for *_, story in sorted(parts, key=lambda part: part[:2])), strengths[label])
        for label, parts in members.items()
    ]
    return named, sorted(storylines, key=lambda line: (-sum(map(len, line.stories)), -len(line), line.id))


def _strengths(links: StoryLinks, labels: NDArray[np.int64]) -> list[float]:
    """For each storyline the mean over the pairs of counted articles in different stories; 1 without such a pair."""
    count = int(labels.max(initial=-1)) + 1
    line = labels[links.pairs[:, 0]]
    inside = line == labels[links.pairs[:, 1]]
    sums = np.bincount(line[inside], links.probabilities[inside], count)
    articles = np.bincount(labels[links.counted], minlength=count)
    sizes = np.bincount(links.stories[links.counted], minlength=int(links.stories.max(initial=-1)) + 1)
    in_one_story = np.zeros(count)
    _, first = np.unique(links.stories, return_index=True)
    np.add.at(in_one_story, labels[first], sizes * (sizes - 1) / 2)
    between = articles * (articles - 1) / 2 - in_one_story
    means = np.where(between > 0, sums / np.maximum(between, 1), 1.0)
    strengths: list[float] = means.tolist()
    return strengths


def storyline_id(first: str) -> str:
    """The id of the storyline whose first article, by id, is `first`; it stays as long as that article is the first."""
    return "sl" + hashlib.sha256(first.encode("utf-8", "surrogatepass")).hexdigest()[:10]
