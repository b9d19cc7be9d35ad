"""Cross-fitting: the vectors that a score model learns from come from an encoder that has not seen their articles.

An adapter makes the articles it learned from look better than new ones. A score model fitted on such vectors would be
too sure. So two adapters are learned, each from half of the articles, and each encodes the half it has not seen
(cross-fitting; Chernozhukov et al., Econometrics Journal 21, 2018). What is shipped is their mean.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from detector.encoding.protocol import Encoder
from detector.evaluation.labelled import Labelled
from detector.execution.progress import Stages
from detector.fitting.background import centred
from detector.fitting.language_statistics import Encoded, neutral_profile, with_cuts
from detector.fitting.pair_sets import PairSet, joined
from detector.fitting.training_sets import StorySet, TrainingSet
from detector.pairs.batch import Batch, groups_of
from detector.pairs.space import neutralise
from detector.profile import Profile
from detector.profile.adapter import Adapter
from detector.records import Document, Embeddings

# Translated articles that a language-neutral space is learned from: about ten originals in all languages for a view,
# three times as many for what is shipped. More hardly move the means of the languages.
TRANSLATIONS = 1_300
SHIPPED_TRANSLATIONS = 4_000


@dataclass(frozen=True)
class View:
    """An encoder, and the adapter in it: it may encode the articles that the adapter has not learned from."""

    encoder: Encoder
    adapter: Adapter | None

    def unseen(self, documents: Sequence[Document]) -> NDArray[np.bool_]:
        """Which of the documents the adapter has not learned from: (documents,)."""
        if self.adapter is None:
            return np.ones(len(documents), bool)
        return ~self.adapter.has_seen([" ".join(document.sentences) for document in documents])


def encoded(encoder: Encoder, documents: Sequence[Document], stages: Stages, name: str) -> Encoded:
    """Documents with their raw embeddings."""
    with stages.stage(name, sum(len(document.sentences) for document in documents)) as advance:
        return Encoded(tuple(documents), encoder.encode([document.sentences for document in documents], advance))


def pairs_with_features(
    views: Sequence[View], translations: StorySet, sets: Sequence[TrainingSet], stages: Stages
) -> list[PairSet]:
    """The labelled pairs of all sets with their features: first those of the translations, then of `sets`.

    Each document is seen through the first view that has not learned from it. Pairs of documents in two views, and of
    documents that every adapter has learned from, are left out.
    """
    every: list[TrainingSet] = [translations, *sets]
    free = [np.ones(len(each.documents), bool) for each in every]
    parts: list[list[PairSet]] = [[] for _ in every]
    for number, view in enumerate(views):
        rows = [np.flatnonzero(one & view.unseen(each.documents)) for one, each in zip(free, every, strict=True)]
        rows[0] = some_translations(translations.labelled, rows[0], TRANSLATIONS)
        for one, taken in zip(free, rows, strict=True):
            one[taken] = False
        labelled = translations.labelled.part(rows[0])
        found = _seen_through(view, labelled, every, rows, stages, f"view {number + 1}")
        for part, pairs in zip(parts, found, strict=True):
            part += pairs
    return [joined(part) for part in parts if part]


def some_translations(labelled: Labelled, rows: NDArray[np.int64], most: int) -> NDArray[np.int64]:
    """The translations of as many originals, by falling number of translations, as `most` articles allow."""
    names, counts = np.unique(labelled.document[rows], return_counts=True)
    order = np.lexsort((names, -counts))
    fit = order[: max(1, int((np.cumsum(counts[order]) <= most).sum()))]
    return rows[np.isin(labelled.document[rows], names[fit])]


def space_of(
    name: str, labelled: Labelled, translations: Encoded, real: Sequence[Encoded], counted: Sequence[Document]
) -> Profile:
    """The profile of a view or of the shipped encoder, without a score model.

    labelled: the labels of the translations. real: articles that were not translated; they give the whitening and the
    centre. counted: the documents of the background's frequencies.
    """
    profile = neutral_profile(name, labelled, translations, real, counted)
    uncentred = with_cuts(profile, labelled, translations)
    return with_cuts(centred(uncentred, [neutral_of(each, uncentred) for each in real]), labelled, translations)


def _seen_through(
    view: View,
    labelled: Labelled,
    sets: Sequence[TrainingSet],
    rows: Sequence[NDArray[np.int64]],
    stages: Stages,
    name: str,
) -> list[list[PairSet]]:
    """The pairs among the chosen documents of each set, with features in the space of the view; none without pairs.

    labelled: the labels of the chosen documents of the first set, the translations. rows: the chosen documents.
    """
    documents = [[each.documents[row] for row in chosen.tolist()] for each, chosen in zip(sets, rows, strict=True)]
    parts = [
        encoded(view.encoder, some, stages, f"{name}: {each.name}") for each, some in zip(sets, documents, strict=True)
    ]
    counted = [document for some in documents for document in some]
    profile = space_of(name, labelled, parts[0], [part for part in parts[1:] if part.documents], counted)
    found: list[list[PairSet]] = []
    with stages.stage(f"{name}: features", len(sets)) as advance:
        for each, chosen, part in zip(sets, rows, parts, strict=True):
            pairs = [each.pairs(chosen, neutral_of(part, profile))] if len(chosen) > 1 else []
            batch = Batch.of(part.documents, part.raw, profile)
            found.append([some.with_features(batch) for some in pairs if len(some.pairs)])
            advance(1)
    return found


def neutral_of(part: Encoded, profile: Profile) -> Embeddings:
    """The language-neutral vectors of documents, before the centre is subtracted."""
    return neutralise(part.raw, groups_of(part.documents, profile), profile)
