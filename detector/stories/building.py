"""Stories from labels: their articles, how firmly each belongs, and the article that represents them."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from detector.execution.record_spool import LazyMap
from detector.pairs.near_duplicates import without_copies
from detector.preparing.document_table import DocumentTable
from detector.records import Document, Story
from detector.stories.clustering import Clusters


def build_stories(
    documents: Sequence[Document],
    table: DocumentTable,
    clusters: Clusters,
    pairs: NDArray[np.int64],
    probabilities: NDArray[np.float64],
    copy_of: NDArray[np.int64] | None = None,
) -> list[Story]:
    """The stories of clustered documents: the biggest first, then those in most languages, then by id.

    No document is opened; `table` is theirs. An article's membership is the mean probability of its pairs inside the
    story, where a pair that was never a candidate counts as 0. In a story of one it is the probability that no other
    article belongs to it. If copies were collapsed (`copy_of`, as in `detector.stories.clustering.cluster`), a copy has
    the membership of its original.
    """
    count, labels = len(documents), clusters.labels
    copy_of = np.arange(count) if copy_of is None else copy_of
    original = copy_of == np.arange(count)
    membership = _membership(labels, pairs, probabilities, copy_of)
    inside = (labels[pairs[:, 0]] == labels[pairs[:, 1]]) & without_copies(pairs, copy_of)
    weakest = _weakest(np.where(original, labels, -1), pairs[inside], probabilities[inside], count)
    members: dict[int, list[int]] = {}
    for index, label in enumerate(labels.tolist()):
        members.setdefault(label, []).append(index)
    stories = [
        _story(documents, table, indices, membership, clusters.roundups, weakest[label])
        for label, indices in members.items()
    ]
    return sorted(stories, key=lambda story: (-len(story), -len(story.languages), story.id))


def _membership(
    labels: NDArray[np.int64],
    pairs: NDArray[np.int64],
    probabilities: NDArray[np.float64],
    copy_of: NDArray[np.int64],
) -> NDArray[np.float64]:
    """Each article's probability of belonging to its story, (articles,); see `build_stories`."""
    count = len(labels)
    copied = ~without_copies(pairs, copy_of)
    original = copy_of == np.arange(count)
    sizes = np.bincount(labels[original], minlength=1)[labels] if count else np.zeros(0, int)
    inside = (labels[pairs[:, 0]] == labels[pairs[:, 1]]) & ~copied
    total, strongest = np.zeros(count), np.zeros(count)
    for side in (0, 1):
        np.add.at(total, pairs[inside, side], probabilities[inside])
        np.maximum.at(strongest, pairs[~copied, side], probabilities[~copied])
    membership = np.where(sizes > 1, total / np.maximum(sizes - 1, 1), 1 - strongest)
    for side in (0, 1):
        # The only pairs in a story of one article and its copies are those between them.
        own = copied & (sizes[pairs[:, side]] == 1)
        membership[pairs[own, side]] = probabilities[own]
    return np.where(original | (sizes == 1), membership, membership[copy_of])


def _weakest(
    labels: NDArray[np.int64], pairs: NDArray[np.int64], probabilities: NDArray[np.float64], count: int
) -> NDArray[np.float64]:
    """The smallest probability inside each story, by label; 0 if a pair inside was never a candidate.

    labels: (articles,), −1 for articles to ignore.
    """
    least, links = np.ones(count), np.zeros(count)
    story = labels[pairs[:, 0]]
    np.minimum.at(least, story, probabilities)
    np.add.at(links, story, 1)
    sizes = np.bincount(labels[labels >= 0], minlength=count)
    least[links < sizes * (sizes - 1) / 2] = 0
    return least


def _story(
    documents: Sequence[Document],
    table: DocumentTable,
    indices: list[int],
    membership: NDArray[np.float64],
    roundups: NDArray[np.bool_],
    weakest: float,
) -> Story:
    own = membership[indices]
    # The highest membership; rounded, so that the earlier id wins among equals. Roundups come last.
    representative = np.lexsort((-np.round(own, 9), roundups[indices]))[0]
    ids = tuple(table.ids[index] for index in indices)
    return Story(
        id=story_id(ids[0]),
        documents=LazyMap(_unchanged, documents, indices),
        article_ids=ids,
        languages=tuple(sorted(set(table.languages[indices].tolist()))),
        strength=float(own.mean()) if len(indices) > 1 else 1.0,
        weakest=float(weakest) if len(indices) > 1 else 1.0,
        representative_index=int(representative),
        membership=tuple(own.tolist()),
        roundups=tuple(id for id, index in zip(ids, indices, strict=True) if roundups[index]),
    )


def _unchanged(document: Document) -> Document:
    return document


def story_id(first: str) -> str:
    """The id of the story whose first article is `first`; it stays the same as long as that article is its first."""
    return "s" + hashlib.sha256(first.encode("utf-8", "surrogatepass")).hexdigest()[:10]
