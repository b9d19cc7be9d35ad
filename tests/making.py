"""Makes small profiles, adapters, documents, batches, and embeddings of random numbers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from detector.pairs.batch import Batch
from detector.pairs.exact import COARSE, on_grid
from detector.pairs.maxsim import sentence_weights
from detector.pairs.opening import opening_vectors
from detector.pairs.texts import read_texts
from detector.pairs.tfidf import term_key
from detector.preparing.document_table import DocumentTable
from detector.profile import Cuts, Profile, ScoreModel
from detector.profile.adapter import Adapter, LayerChange
from detector.profile.background import Background
from detector.records import Article, Document, Embeddings, unit

DIMENSIONS = 16
# Cuts near those that are fitted.
CUTS = Cuts(same_story=0.9, counterpart=0.5, candidate=0.0)


def random_units(generator: np.random.Generator, *shape: int) -> NDArray[np.float32]:
    """Random vectors of length 1."""
    return unit(generator.normal(size=shape).astype(np.float32))


def on_coarse_grid(vectors: NDArray[np.floating]) -> NDArray[np.float32]:
    """Vectors rounded as those that are compared."""
    return on_grid(vectors, COARSE).astype(np.float32)


def make_embeddings(generator: np.random.Generator, sizes: Sequence[int], dimensions: int = DIMENSIONS) -> Embeddings:
    """Random embeddings of articles with so many sentences."""
    return Embeddings(
        random_units(generator, len(sizes), dimensions),
        random_units(generator, sum(sizes), dimensions),
        np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64),
    )


def make_profile(
    groups: Sequence[str] = ("*",),
    *,
    means: NDArray[np.float32] | None = None,
    bases: NDArray[np.float32] | None = None,
    metric: NDArray[np.float32] | None = None,
    background: Mapping[tuple[str, str, str], int] | None = None,
    background_articles: Mapping[str, int] | None = None,
    centre: NDArray[np.float32] | None = None,
    scoring: ScoreModel | None = None,
    dimensions: int = DIMENSIONS,
) -> Profile:
    """A profile without effect, except what is given; `background` counts articles by kind, language and term."""
    counts = sorted(
        (term_key(kind, language, term), count) for (kind, language, term), count in (background or {}).items()
    )
    return Profile(
        name="random",
        groups=tuple(groups),
        means=np.zeros((len(groups), dimensions), np.float32) if means is None else means,
        bases=np.zeros((len(groups), 1, dimensions), np.float32) if bases is None else bases,
        metric=np.eye(dimensions, dtype=np.float32) if metric is None else metric,
        background=Background(
            name="made",
            centre=np.zeros(dimensions, np.float32) if centre is None else centre,
            keys=np.array([key for key, _ in counts], np.uint32),
            counts=np.array([count for _, count in counts], np.uint32),
            articles=dict(background_articles or {}),
        ),
        cuts=CUTS,
        scoring=scoring,
    )


def make_adapter(
    shapes: Mapping[str, tuple[int, int]],
    *,
    rank: int = 2,
    scale: float = 2.0,
    seed: int = 0,
    provenance: dict[str, Any] | None = None,
) -> Adapter:
    """A random adapter of layers with weights of these shapes, (outputs, inputs)."""
    generator = np.random.default_rng(seed)

    def matrix(*shape: int) -> NDArray[np.float16]:
        return np.asarray(generator.normal(size=shape) / np.sqrt(shape[1]) / 4, np.float16)

    layers = {
        name: LayerChange(matrix(rank, inputs), matrix(outputs, rank)) for name, (outputs, inputs) in shapes.items()
    }
    return Adapter("random", "", scale, layers, provenance or {})


def make_document(id: str, *sentences: str, language: str = "en", published: str | None = None) -> Document:
    """A prepared document of these sentences."""
    return Document(Article(id, " ".join(sentences), published=published), language, 1.0, sentences, titled=False)


def make_batch(
    generator: np.random.Generator | None = None,
    sizes: Sequence[int] = (),
    *,
    documents: Sequence[Document] | None = None,
    raw: Embeddings | None = None,
) -> Batch:
    """A batch of the documents and vectors, neither neutralised nor centred; random ones if not given."""
    if documents is None or raw is None:
        generator = generator or np.random.default_rng(0)
        raw = make_embeddings(generator, sizes)
        documents = [
            make_document(f"{article}", *(f"Sentence {generator.integers(9)} of Baku." for _ in range(size)))
            for article, size in enumerate(sizes)
        ]
    rounded = replace(raw, articles=on_coarse_grid(raw.articles), sentences=on_coarse_grid(raw.sentences))
    texts = read_texts(documents, [document.language for document in documents], make_profile().background)
    table = DocumentTable.of(documents)
    return Batch(
        documents=documents,
        table=table,
        raw=raw,
        neutral=rounded,
        specific=rounded,
        groups=("*",) * len(documents),
        openings=opening_vectors(raw, sentence_weights(table.characters.astype(np.int64))),
        tfidf=texts.tfidf,
        shingles=texts.shingles,
        facts=texts.facts,
        days_named=texts.days,
        counterpart=0.5,
    )
