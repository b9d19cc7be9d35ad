"""The labelled files that a score model learns from, each as documents and what is known of their pairs."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from detector.evaluation.labelled import Labelled, read_labelled
from detector.fitting.pair_sets import PairSet, folds
from detector.languages.codes import canonical_language
from detector.pairs.features import dots
from detector.preparing import prepare
from detector.reading.given_pairs import GivenPair, read_pairs
from detector.records import Document, Embeddings

# At most this many articles of a set are used. With more pairs than `ALL_PAIRS`, so many of each kind are sampled.
ARTICLES = 2_000
ALL_PAIRS = 40_000
SAME_PAIRS, NEAREST_UNRELATED, OTHER_UNRELATED = 8_000, 8_000, 8_000
# The largest weight of a pair: one that represents thousands would decide everything.
MOST_WEIGHT = 20.0
# What a label says of each level: same event, same affair.
LABELS = {"same event": (1.0, 1.0), "same storyline": (0.0, 1.0), "alike": (0.0, 0.0), "unrelated": (0.0, 0.0)}
# What a grade from 1 (the same) to 4 makes of each level. Of 20 pairs of the shipped profile's data that have a grade
# and a label, six of ten with a 1 are one event and all are one affair; of nine with a 2 none is, and five are.
GRADES = [1.0, 1.5, 2.0, 2.5, 3.0, 4.0]
SAME_EVENT = [0.6, 0.25, 0.03, 0.01, 0.0, 0.0]
SAME_AFFAIR = [0.98, 0.85, 0.55, 0.3, 0.07, 0.0]


class TrainingSet(Protocol):
    """Documents, and what is known of pairs of them. `documents` are not repeated."""

    @property
    def name(self) -> str:
        """The name of the file up to the first dot."""
        ...

    @property
    def documents(self) -> tuple[Document, ...]:
        """The articles, prepared."""
        ...

    def pairs(self, chosen: NDArray[np.int64], neutral: Embeddings) -> PairSet:
        """The labelled pairs among some of the documents, without features.

        chosen: the indices of these documents; neutral: their vectors, in this order. The pairs are indices into
        `chosen`.
        """
        ...


@dataclass(frozen=True)
class GivenSet:
    """Pairs that people or a careful reader judged.

    rows: (pairs, 2), the indices of their documents. targets, weight: as in `PairSet`. group: what must be in one fold.
    """

    name: str
    documents: tuple[Document, ...]
    rows: NDArray[np.int64]
    targets: dict[str, NDArray[np.float64]]
    weight: NDArray[np.float64]
    group: NDArray[np.str_]

    def pairs(self, chosen: NDArray[np.int64], neutral: Embeddings) -> PairSet:
        """See `TrainingSet`."""
        index = np.full(len(self.documents), -1)
        index[chosen] = np.arange(len(chosen))
        kept = (index[self.rows] >= 0).all(1)
        languages = languages_of(self.documents)[self.rows[kept]]
        fold = folds(self.group.tolist())[kept]
        return PairSet(
            name=self.name,
            pairs=np.sort(index[self.rows[kept]], axis=1),
            targets={curve: target[kept] for curve, target in self.targets.items()},
            weight=self.weight[kept],
            size=np.full(int(kept.sum()), 2),
            across=languages[:, 0] != languages[:, 1],
            fold_a=fold,
            fold_b=fold,
            judged="form" in self.targets,
        )


@dataclass(frozen=True)
class StorySet:
    """Articles with stories; `labelled` are those of the documents, in the same order.

    by_document: of translations, each original is a story, see `Labelled.by_document`.
    """

    labelled: Labelled
    documents: tuple[Document, ...]
    by_document: bool = False

    @property
    def name(self) -> str:
        """The name of the file."""
        return self.labelled.name

    def pairs(self, chosen: NDArray[np.int64], neutral: Embeddings) -> PairSet:
        """See `TrainingSet`. A large set is sampled.

        Pairs of one story are sampled at random, and those of two stories from the nearest ones and from the others.
        Two near stories may well be one affair: that is unknown unless the articles name their storyline.
        """
        data = (self.labelled.by_document() if self.by_document else self.labelled).part(chosen)
        rng = np.random.default_rng(zlib.crc32(self.name.encode()))
        some = np.sort(rng.choice(len(chosen), min(len(chosen), ARTICLES), replace=False))
        pairs = some[np.stack(np.triu_indices(len(some), 1), 1)]
        pairs = pairs[data.counted(pairs)]
        same = data.same(pairs)
        near = nearest(pairs, ~same, neutral.articles, max(1, len(pairs) // 20))
        rows, weight = (
            _sample(same, near, rng) if len(pairs) > ALL_PAIRS else (np.arange(len(pairs)), np.ones(len(pairs)))
        )
        pairs, same, near = pairs[rows], same[rows], near[rows]
        fold = folds(data.story.tolist())
        _, story = np.unique(data.story, return_inverse=True)
        languages = languages_of(self.documents)[chosen]
        return PairSet(
            name=self.name,
            pairs=pairs,
            targets={
                "probability": same.astype(float),
                "storyline": affairs(data, pairs, same, near),
                # Two reports of one event are not of one form, nor are two articles that are far apart.
                "form": np.where(near, np.nan, 0.0),
            },
            weight=weight,
            size=np.bincount(story)[story[pairs[:, 0]]],
            across=languages[pairs[:, 0]] != languages[pairs[:, 1]],
            fold_a=fold[pairs[:, 0]],
            fold_b=fold[pairs[:, 1]],
        )


def affairs(
    data: Labelled, pairs: NDArray[np.int64], same: NDArray[np.bool_], near: NDArray[np.bool_]
) -> NDArray[np.float64]:
    """Which pairs are one affair, (pairs,): 1 or 0, NaN if it is unknown; `near` marks the nearest of two stories."""
    if data.storyline is not None:
        return np.asarray(data.same_storyline(pairs), np.float64)
    return np.where(same, 1.0, np.where(near, np.nan, 0.0))


def read_pair_set(path: Path) -> GivenSet:
    """The pairs of a file that have a grade (`overall`) or a label (`label`, `same_form`).

    A grade gives the similarity; a label gives the levels. Equal articles of several pairs are one document. Raises
    `FileNotFoundError` if the file is missing and `ValueError` if no pair is labelled.
    """
    given, _ = read_pairs(path)
    labelled = [pair for pair in given if pair.grade is not None or pair.label is not None]
    if not labelled:
        raise ValueError(f"{path}: no pair with `overall` or `label`")
    documents: dict[tuple[str | None, str], Document] = {}
    index: dict[tuple[str | None, str], int] = {}
    rows = np.zeros((len(labelled), 2), np.int64)
    for row, pair in enumerate(labelled):
        for side, article in enumerate((pair.a, pair.b)):
            key = article.title, article.text
            if key not in documents:
                index[key], documents[key] = len(documents), prepare(article)
            rows[row, side] = index[key]
    return GivenSet(
        name=path.name.split(".")[0],
        documents=tuple(documents.values()),
        rows=rows,
        targets=_targets(path, labelled),
        weight=np.array([min(pair.weight, MOST_WEIGHT) for pair in labelled]),
        group=_components(rows, len(documents)),
    )


def read_story_set(path: Path) -> StorySet:
    """The articles of a file with a `story` each. Raises `FileNotFoundError`, and `ValueError` if there is none."""
    labelled = read_labelled(path)
    return StorySet(labelled, tuple(map(prepare, labelled.articles)))


def translation_set(translations: Labelled) -> StorySet:
    """Translations as a set of stories, each an original."""
    return StorySet(translations, tuple(as_lines(translations)), by_document=True)


def as_lines(translations: Labelled) -> Iterable[Document]:
    """Translations as documents in the declared language, whose sentences are the title and the lines."""
    for article in translations.articles:
        language = canonical_language(article.language or "")
        if language is None:
            raise ValueError(f"article {article.id!r} has no usable language: {article.language!r}")
        lines = [line.strip() for line in [article.title or "", *article.text.split("\n")] if line.strip()]
        yield Document(article, language, 1.0, tuple(lines), bool(article.title))


def languages_of(documents: Sequence[Document]) -> NDArray[np.str_]:
    """The language of each document, (documents,)."""
    return np.array([document.language for document in documents])


def nearest(
    pairs: NDArray[np.int64], among: NDArray[np.bool_], vectors: NDArray[np.float32], count: int
) -> NDArray[np.bool_]:
    """Which of the pairs are the `count` nearest of those marked by `among`: (pairs,)."""
    rows = np.flatnonzero(among)
    near = np.zeros(len(pairs), bool)
    near[rows[np.argsort(-dots(vectors, *pairs[rows].T), kind="stable")[:count]]] = True
    return near


def _sample(
    same: NDArray[np.bool_], near: NDArray[np.bool_], rng: np.random.Generator
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """The rows of sampled pairs, and how many pairs each represents."""
    chosen, weight = [], []
    for kind, most in ((same, SAME_PAIRS), (near, NEAREST_UNRELATED), (~same & ~near, OTHER_UNRELATED)):
        rows = np.flatnonzero(kind)
        kept = np.sort(rng.choice(rows, min(len(rows), most), replace=False))
        chosen.append(kept)
        weight.append(np.full(len(kept), len(rows) / max(len(kept), 1)))
    return np.concatenate(chosen), np.concatenate(weight)


def _targets(path: Path, given: Sequence[GivenPair]) -> dict[str, NDArray[np.float64]]:
    """The targets that the grades and labels give; a curve of which nothing is known is left out."""
    unknown = [pair.label for pair in given if pair.label is not None and pair.label not in LABELS]
    if unknown:
        raise ValueError(f"{path}: the label {unknown[0]!r} is none of: {', '.join(LABELS)}")
    levels = np.array([_levels(pair) for pair in given])
    form = [np.nan if pair.label is None else pair.same_form and pair.label != "same event" for pair in given]
    targets = {
        "probability": levels[:, 0],
        "storyline": levels[:, 1],
        "form": np.array(form, np.float64),
        "similarity": np.array([np.nan if pair.grade is None else pair.grade for pair in given], np.float64),
    }
    return {curve: target for curve, target in targets.items() if not np.isnan(target).all()}


def _levels(pair: GivenPair) -> tuple[float, float]:
    """How likely a pair is one event and one affair, by its label or, if it has none, by its grade."""
    if pair.label is not None:
        return LABELS[pair.label]
    return float(np.interp(pair.overall or 0.0, GRADES, SAME_EVENT)), float(
        np.interp(pair.overall or 0.0, GRADES, SAME_AFFAIR)
    )


def _components(rows: NDArray[np.int64], count: int) -> NDArray[np.str_]:
    """The connected component of each pair, as the smallest index of its documents: (pairs,)."""
    from scipy.sparse import coo_matrix
    from scipy.sparse.csgraph import connected_components

    graph = coo_matrix((np.ones(len(rows)), tuple(rows.T)), (count, count))
    _, component = connected_components(graph, directed=False)
    return np.array([str(each) for each in component[rows[:, 0]]])
