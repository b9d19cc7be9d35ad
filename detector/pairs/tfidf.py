"""What two articles share in words, numbers and names, weighted by how rare it is.

Each article is a vector of term weights, (1 + log count) × idf, of length 1; what two share is the cosine of their
vectors. How rare a term is belongs to a language: "de" is no name in French. It is counted over the batch and over the
background of the profile together, so that two articles alone know a common word from a rare one.

A term is its hash: one in a million of a batch's terms shares it with another, and no dictionary of terms is held.
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
from detector.pairs.shingles import HASHES
from detector.pairs.terms import Terms
from detector.profile import Profile

KINDS = ("words", "numbers", "names")
# Pairs, or articles, looked at together.
STEP = 1 << 14


@lru_cache(1 << 16)
def term_column(kind: str, term: str) -> int:
    """The column of a term, the same in all languages: 31 bits of its hash."""
    return zlib.crc32(f"{kind}:{term}".encode()) & HASHES


@lru_cache(1 << 16)
def term_key(kind: str, language: str, term: str) -> int:
    """A term of a language as it stands in the background of a profile: a 32-bit hash, since only its count matters."""
    return zlib.crc32(f"{kind}:{language}:{term}".encode())


def background_counts(profile: Profile, keys: NDArray[np.uint32]) -> NDArray[np.float64]:
    """How many background articles hold each term, 0 for those the profile does not list."""
    if not len(profile.background_keys):
        return np.zeros(len(keys))
    places = np.searchsorted(profile.background_keys, keys).clip(max=len(profile.background_keys) - 1)
    listed = profile.background_keys[places] == keys
    return np.where(listed, profile.background_counts[places], 0).astype(np.float64)


@dataclass(frozen=True)
class Tfidf:
    """The term vectors of all articles of a batch: one sparse matrix a kind, float32, (articles, `HASHES`)."""

    vectors: dict[str, csr_matrix]

    @classmethod
    def of(
        cls, terms: Iterable[Terms], languages: Sequence[str], profile: Profile, folder: Path | None = None
    ) -> Tfidf:
        """The vectors of a batch, from the terms and the language of each article; `folder` holds large arrays."""
        counted = {kind: _Counted(kind, folder) for kind in KINDS}
        for article, language in zip(terms, languages, strict=True):
            for kind in KINDS:
                counted[kind].add(getattr(article, kind), language)
        return cls({kind: counted[kind].vectors(languages, profile, folder) for kind in KINDS})

    def cosines(self, kind: str, pairs: NDArray[np.int64]) -> NDArray[np.float64]:
        """What the articles of each pair, (pairs, 2), share of one kind, 0 to 1; 0 where one has none."""
        matrix = self.vectors[kind]
        shared = np.zeros(len(pairs))
        for start in range(0, len(pairs), STEP):
            part = pairs[start : start + STEP]
            shared[start : start + STEP] = matrix[part[:, 0]].multiply(matrix[part[:, 1]]).sum(1).A1
        return shared.clip(0, 1)

    def has(self, kind: str) -> NDArray[np.bool_]:
        """Which articles have any term of the kind."""
        return np.asarray(np.diff(self.vectors[kind].indptr) > 0)

    def shared(self, kind: str, a: int, b: int, terms: Iterable[str]) -> list[str]:
        """Those of the terms that articles a and b share, those that weigh most first."""
        both = self.vectors[kind][a].multiply(self.vectors[kind][b]).tocoo()
        weights = dict(zip(both.col.tolist(), both.data.round(6).tolist(), strict=True))
        held = sorted(term for term in set(terms) if term_column(kind, term) in weights)
        return sorted(held, key=lambda term: -weights[term_column(kind, term)])

    def release(self) -> None:
        """Hand back the memory of what was read from files."""
        for matrix in self.vectors.values():
            release(matrix.data, matrix.indices)


class _Counted:
    """The terms of one kind, article after article, on their way to vectors."""

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
        """The matrix, its rows of length 1 where they hold anything that is not everywhere."""
        columns, keys, counts = self.columns.array(), self.keys.array(), self.counts.array()
        offsets = np.concatenate([[0], np.cumsum(self.sizes)]).astype(np.int64)
        held, articles_holding = _tally(keys, offsets)
        per_language = Counter(languages)
        totals = {code: count + profile.background_articles.get(code, 0) for code, count in per_language.items()}
        articles = np.array([totals[code] for code in languages], np.float64)
        weights = Spool(np.float32, None, folder)
        for start in range(0, len(self.sizes), STEP):
            rows = offsets[start : start + STEP + 1]
            own = keys[rows[0] : rows[-1]]
            places = np.searchsorted(held, own)
            holding = articles_holding[places] + background_counts(profile, own)
            total = np.repeat(articles[start : start + STEP], np.diff(rows))
            weight = (1 + np.log(counts[rows[0] : rows[-1]])) * np.log((total + 1) / (holding + 0.5)).clip(0)
            weights.append(_unit_rows(weight, np.diff(rows)))
        release(columns, keys, counts)
        shape = (len(self.sizes), HASHES + 1)
        return csr_matrix((weights.array(), columns, offsets), shape, copy=False)


def _tally(keys: NDArray[np.uint32], offsets: NDArray[np.int64]) -> tuple[NDArray[np.uint32], NDArray[np.int64]]:
    """The different keys, sorted, and how often each occurs."""
    found, counts = [np.zeros(0, np.uint32)], [np.zeros(0, np.int64)]
    for start in range(0, len(offsets) - 1, STEP):
        rows = offsets[start : start + STEP + 1]
        part, count = np.unique(keys[rows[0] : rows[-1]], return_counts=True)
        found.append(part)
        counts.append(count)
    every, place = np.unique(np.concatenate(found), return_inverse=True)
    return every, np.bincount(place, np.concatenate(counts), len(every)).astype(np.int64)


def _unit_rows(values: NDArray[np.float64], sizes: NDArray[np.int64]) -> NDArray[np.float64]:
    """Values of one row after the other, each row scaled to length 1; a row of zeros stays."""
    row = np.repeat(np.arange(len(sizes)), sizes)
    lengths = np.sqrt(np.bincount(row, values**2, len(sizes)))
    return np.asarray(values / np.where(lengths > 0, lengths, 1)[row])
