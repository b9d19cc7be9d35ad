"""TF-IDF: how many words, numbers and names two articles share, weighted by how rare these are.

Each article is a vector of term weights, (1 + log count) × idf, of length 1; two articles are compared by the cosine of
their vectors. The document frequency of a term is counted for each language: "de" is common in French only. It is
counted over the batch and the background of the profile together, so that even a batch of two articles knows a common
word from a rare one.

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
from detector.profile import Profile

KINDS = ("words", "numbers", "names")
# Pairs, or articles, in one step.
SHARD = 1 << 14


@lru_cache(1 << 16)
def term_column(kind: str, term: str) -> int:
    """The column of a term, the same in all languages: 31 bits of its hash."""
    return zlib.crc32(f"{kind}:{term}".encode()) & LARGEST_HASH


@lru_cache(1 << 16)
def term_key(kind: str, language: str, term: str) -> int:
    """The key of a term in the background of a profile: a 32-bit hash of the term and its language."""
    return zlib.crc32(f"{kind}:{language}:{term}".encode())


def background_counts(profile: Profile, keys: NDArray[np.uint32]) -> NDArray[np.float64]:
    """The number of background articles with each term, 0 for terms that the profile does not list."""
    if not len(profile.background_keys):
        return np.zeros(len(keys))
    index = np.searchsorted(profile.background_keys, keys).clip(max=len(profile.background_keys) - 1)
    listed = profile.background_keys[index] == keys
    return np.where(listed, profile.background_counts[index], 0).astype(np.float64)


@dataclass(frozen=True)
class Tfidf:
    """The term vectors of a batch: for each kind of term a sparse float32 matrix, (articles, hashes)."""

    vectors: dict[str, csr_matrix]

    @classmethod
    def of(
        cls, terms: Iterable[Terms], languages: Sequence[str], profile: Profile, folder: Path | None = None
    ) -> Tfidf:
        """The vectors of a batch, from each article's terms and language; large arrays are files in `folder`."""
        counts = {kind: _TermCounts(kind, folder) for kind in KINDS}
        for article, language in zip(terms, languages, strict=True):
            for kind in KINDS:
                counts[kind].add(getattr(article, kind), language)
        return cls({kind: counts[kind].vectors(languages, profile, folder) for kind in KINDS})

    def cosines(self, kind: str, pairs: NDArray[np.int64]) -> NDArray[np.float64]:
        """The cosine of each pair, (pairs, 2), in terms of one kind, 0 to 1; 0 if an article has no such terms."""
        matrix = self.vectors[kind]
        cosines = np.zeros(len(pairs))
        for start in range(0, len(pairs), SHARD):
            shard = pairs[start : start + SHARD]
            cosines[start : start + SHARD] = matrix[shard[:, 0]].multiply(matrix[shard[:, 1]]).sum(1).A1
        return cosines.clip(0, 1)

    def has(self, kind: str) -> NDArray[np.bool_]:
        """Which articles have any term of the kind."""
        return np.asarray(np.diff(self.vectors[kind].indptr) > 0)

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


class _TermCounts:
    """Counts the terms of one kind, article after article, and makes their vectors."""

    def __init__(self, kind: str, folder: Path | None) -> None:
        self.kind = kind
        self.columns, self.keys = Spool(np.int32, None, folder), Spool(np.uint32, None, folder)
        self.counts = Spool(np.float32, None, folder)
        self.sizes: list[int] = []

    def add(self, terms: Counter[str], language: str) -> None:
        columns = np.array([term_column(self.kind, term) for term in terms], np.int32)
        order = np.argsort(columns, kind="stable")
        self.columns.append(columns[order])
        self.keys.append(np.array([term_key(self.kind, language, term) for term in terms], np.uint32)[order])
        self.counts.append(np.array(list(terms.values()), np.float32)[order])
        self.sizes.append(len(terms))

    def vectors(self, languages: Sequence[str], profile: Profile, folder: Path | None) -> csr_matrix:
        """The matrix; its rows have length 1, or 0 if every term of the article is in all articles."""
        columns, keys, counts = self.columns.array(), self.keys.array(), self.counts.array()
        offsets = np.concatenate([[0], np.cumsum(self.sizes)]).astype(np.int64)
        known, frequencies = _document_frequencies(keys, offsets)
        per_language = Counter(languages)
        totals = {code: count + profile.background_articles.get(code, 0) for code, count in per_language.items()}
        articles = np.array([totals[code] for code in languages], np.float64)
        weights = Spool(np.float32, None, folder)
        for start in range(0, len(self.sizes), SHARD):
            rows = offsets[start : start + SHARD + 1]
            own = keys[rows[0] : rows[-1]]
            frequency = frequencies[np.searchsorted(known, own)] + background_counts(profile, own)
            total = np.repeat(articles[start : start + SHARD], np.diff(rows))
            weight = (1 + np.log(counts[rows[0] : rows[-1]])) * np.log((total + 1) / (frequency + 0.5)).clip(0)
            weights.append(_unit_rows(weight, np.diff(rows)))
        release(columns, keys, counts)
        shape = (len(self.sizes), LARGEST_HASH + 1)
        return csr_matrix((weights.array(), columns, offsets), shape, copy=False)


def _document_frequencies(
    keys: NDArray[np.uint32], offsets: NDArray[np.int64]
) -> tuple[NDArray[np.uint32], NDArray[np.int64]]:
    """The different keys, sorted, and in how many articles each occurs."""
    parts, counts = [np.zeros(0, np.uint32)], [np.zeros(0, np.int64)]
    for start in range(0, len(offsets) - 1, SHARD):
        rows = offsets[start : start + SHARD + 1]
        part, count = np.unique(keys[rows[0] : rows[-1]], return_counts=True)
        parts.append(part)
        counts.append(count)
    known, index = np.unique(np.concatenate(parts), return_inverse=True)
    return known, np.bincount(index, np.concatenate(counts), len(known)).astype(np.int64)


def _unit_rows(values: NDArray[np.float64], sizes: NDArray[np.int64]) -> NDArray[np.float64]:
    """Values of one row after the other, each row scaled to length 1; a row of zeros stays."""
    row = np.repeat(np.arange(len(sizes)), sizes)
    lengths = np.sqrt(np.bincount(row, values**2, len(sizes)))
    return np.asarray(values / np.where(lengths > 0, lengths, 1)[row])
