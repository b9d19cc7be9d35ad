"""TF-IDF: how many words, numbers and names two articles share, weighted by how rare these are.

Each article is a vector of term weights, (1 + log count) × idf, of length 1; two articles are compared by the cosine of
their vectors. The document frequency of a term is counted for each language: "de" is common in French only. It is
counted over the articles of a background, not over those that are compared, so that an article has one vector and two
articles know a common word from a rare one. In a language that the background does not know, all terms are equally
rare.

Terms are hashed, so no dictionary is needed; about one in a million of a batch's terms shares its hash with another.
"""

from __future__ import annotations

import zlib
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from detector.execution.spool import Spool, release
from detector.pairs.shingles import LARGEST_HASH
from detector.pairs.terms import Terms
from detector.profile.background import Background

KINDS = ("words", "numbers", "names")
# Pairs in one step.
SHARD = 1 << 14


@lru_cache(1 << 16)
def term_column(kind: str, term: str) -> int:
    """The column of a term, the same in all languages: 31 bits of its hash."""
    return zlib.crc32(f"{kind}:{term}".encode()) & LARGEST_HASH


@lru_cache(1 << 16)
def term_key(kind: str, language: str, term: str) -> int:
    """The key of a term in a background: a 32-bit hash of the term and its language."""
    return zlib.crc32(f"{kind}:{language}:{term}".encode())


@dataclass(frozen=True)
class Tfidf:
    """The term vectors of a batch: for each kind of term a sparse float32 matrix, (articles, hashes)."""

    vectors: dict[str, csr_matrix]

    @classmethod
    def of(
        cls, terms: Iterable[Terms], languages: Sequence[str], background: Background, folder: Path | None = None
    ) -> Tfidf:
        """The vectors of a batch, from each article's terms and language; large arrays are files in `folder`."""
        vectors = {kind: _TermVectors(kind, background, folder) for kind in KINDS}
        for article, language in zip(terms, languages, strict=True):
            for kind in KINDS:
                vectors[kind].add(getattr(article, kind), language)
        return cls({kind: vectors[kind].matrix() for kind in KINDS})

    def cosines(self, kind: str, pairs: NDArray[np.int64]) -> NDArray[np.float64]:
        """The cosine of each pair, (pairs, 2), in terms of one kind, 0 to 1; 0 if an article has no such terms."""
        matrix = self.vectors[kind]
        cosines = np.zeros(len(pairs))
        for start in range(0, len(pairs), SHARD):
            shard = pairs[start : start + SHARD]
            cosines[start : start + SHARD] = matrix[shard[:, 0]].multiply(matrix[shard[:, 1]]).sum(1).A1
        return cosines.clip(0, 1)

    def shared(self, kind: str, a: int, b: int, terms: Iterable[str]) -> list[str]:
        """Those of the terms that articles a and b share, the heaviest first."""
        both = self.vectors[kind][a].multiply(self.vectors[kind][b]).tocoo()
        weights = dict(zip(both.col.tolist(), both.data.round(6).tolist(), strict=True))
        shared = sorted(term for term in set(terms) if term_column(kind, term) in weights)
        return sorted(shared, key=lambda term: -weights[term_column(kind, term)])

    def release(self) -> None:
        """Hand back the memory of what was read from files."""
        for matrix in self.vectors.values():
            release(matrix.data, matrix.indices)


class _TermVectors:
    """The vectors of one kind of terms, article after article."""

    def __init__(self, kind: str, background: Background, folder: Path | None) -> None:
        self.kind, self.background = kind, background
        self.columns, self.weights = Spool(np.int32, None, folder), Spool(np.float32, None, folder)
        self.offsets = [0]

    def add(self, terms: Counter[str], language: str) -> None:
        """Add the next article: a row of length 1, or 0 if every term of the article is in all articles."""
        # Of two terms in one column, the first counts: a row with both would change the order of the sums of all rows.
        hashes = np.array([term_column(self.kind, term) for term in terms], np.int32)
        columns, first = np.unique(hashes, return_index=True)
        keys = np.array([term_key(self.kind, language, term) for term in terms], np.uint32)[first]
        counts = np.array(list(terms.values()), np.float64)[first]
        total = self.background.articles.get(language, 0)
        rarity = np.log((total + 1) / (self.background.counted(keys) + 0.5)).clip(0)
        weights = (1 + np.log(counts)) * rarity
        length = np.sqrt((weights**2).sum())
        self.columns.append(columns)
        self.weights.append(weights / (length or 1))
        self.offsets.append(self.offsets[-1] + len(columns))

    def matrix(self) -> csr_matrix:
        """The matrix of all articles; call it once, after the last one."""
        shape = (len(self.offsets) - 1, LARGEST_HASH + 1)
        offsets = np.array(self.offsets, np.int64)
        return csr_matrix((self.weights.array(), self.columns.array(), offsets), shape, copy=False)
