"""Stories from labels: who belongs to each, how firmly, and which article speaks for it."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from operator import attrgetter

import numpy as np
from numpy.typing import NDArray

from detector.execution.record_spool import LazyMap
from detector.pairs.near_duplicates import without_copies
from detector.records import Document, Story
from detector.stories.clustering import Clusters


def build_stories(
    documents: Sequence[Document],
    clusters: Clusters,
    pairs: NDArray[np.int64],
    probabilities: NDArray[np.float64],
    copy_of: NDArray[np.int64] | None = None,
) -> list[Story]:
    """The stories of clustered documents, biggest first, then in most languages, then by id.

    An article's membership is the mean probability of its pairs inside the story, a pair that was never a candidate
    counting as 0; for a story of one it is the probability that no other article belongs to it. If copies were
    collapsed (`copy_of`, as in `detector.stories.clustering.cluster`), a copy has the membership of its original.
    """
    count, labels = len(documents), clusters.labels
    copy_of = np.arange(count) if copy_of is None else copy_of
    copied = ~without_copies(pairs, copy_of)
    first = copy_of == np.arange(count)
    sizes = np.bincount(labels[first], minlength=1)[labels] if count else np.zeros(0, int)
    inside = (labels[pairs[:, 0]] == labels[pairs[:, 1]]) & ~copied
    total, strongest = np.zeros(count), np.zeros(count)
    for side in (0, 1):
        np.add.at(total, pairs[inside, side], probabilities[inside])
        np.maximum.at(strongest, pairs[~copied, side], probabilities[~copied])
    membership = np.where(sizes > 1, total / np.maximum(sizes - 1, 1), 1 - strongest)
    for side in (0, 1):
        # A story of one article and its copies is held together by those pairs alone.
        own = copied & (sizes[pairs[:, side]] == 1)
        membership[pairs[own, side]] = probabilities[own]
    membership = np.where(first | (sizes == 1), membership, membership[copy_of])
    weakest = _weakest(np.where(first, labels, -1), pairs[inside], probabilities[inside], count)
    members: dict[int, list[int]] = {}
    for place, label in enumerate(labels.tolist()):
        members.setdefault(label, []).append(place)
    named = [(document.article.id, document.language) for document in documents]
    stories = [
        _story(documents, named, places, membership, clusters.roundups, weakest[label])
        for label, places in members.items()
    ]
    return sorted(stories, key=lambda story: (-len(story), -len(story.languages), story.id))


def _weakest(
    labels: NDArray[np.int64], pairs: NDArray[np.int64], probabilities: NDArray[np.float64], count: int
) -> NDArray[np.float64]:
    """The smallest probability inside each story, by label; 0 where a pair inside was never a candidate.

    labels: (articles,), −1 for those that are left out.
    """
    least, links = np.ones(count), np.zeros(count)
    owner = labels[pairs[:, 0]]
    np.minimum.at(least, owner, probabilities)
    np.add.at(links, owner, 1)
    sizes = np.bincount(labels[labels >= 0], minlength=count)
    least[links < sizes * (sizes - 1) / 2] = 0
    return least


def _story(
    documents: Sequence[Document],
    named: Sequence[tuple[str, str]],
    places: list[int],
    membership: NDArray[np.float64],
    roundups: NDArray[np.bool_],
    weakest: float,
) -> Story:
    chosen = membership[places]
    # The nearest to all others speaks for the story; a roundup only where there is no other.
    nearest = np.lexsort((-np.round(chosen, 9), roundups[places]))[0]
    ids = [named[place][0] for place in places]
    return Story(
        id=story_id(ids[0]),
        articles=LazyMap(attrgetter("article"), documents, places),
        languages=tuple(sorted({named[place][1] for place in places})),
        strength=float(chosen.mean()) if len(places) > 1 else 1.0,
        weakest=float(weakest) if len(places) > 1 else 1.0,
        representative_place=int(nearest),
        membership=tuple(chosen.tolist()),
        roundups=tuple(id for id, place in zip(ids, places, strict=True) if roundups[place]),
    )


def story_id(first: str) -> str:
    """A name for the story that begins with the article `first`: it stays the same while that article is its first."""
    return "s" + hashlib.sha256(first.encode("utf-8", "surrogatepass")).hexdigest()[:10]
