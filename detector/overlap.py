"""What two articles share in words, numbers and names, weighted by how rare it is.

Each article is a vector of term weights, (1 + log count) × idf, of length 1; what two share is the cosine of their
vectors. How rare a term is belongs to a language: "de" is no name in French. It is counted over the batch and over the
background of the profile together, so that two articles alone know a common word from a rare one.
"""

from __future__ import annotations

import zlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from sklearn.preprocessing import normalize

from detector.profile import Profile
from detector.terms import Terms

KINDS = ("words", "numbers", "names")


def term_keys(kind: str, language: str, terms: Sequence[str]) -> NDArray[np.uint32]:
    """Terms as they stand in the background of a profile: a 32-bit hash, since only their counts matter there."""
    return np.array([zlib.crc32(f"{kind}:{language}:{term}".encode()) for term in terms], np.uint32)


def background_counts(profile: Profile, keys: NDArray[np.uint32]) -> NDArray[np.float64]:
    """How many background articles hold each term, 0 for those the profile does not list."""
    if not len(profile.background_keys):
        return np.zeros(len(keys))
    places = np.searchsorted(profile.background_keys, keys).clip(max=len(profile.background_keys) - 1)
    listed = profile.background_keys[places] == keys
    return np.where(listed, profile.background_counts[places], 0).astype(np.float64)


@dataclass(frozen=True)
class Overlap:
    """The term vectors of all articles of a batch, one sparse matrix a kind, its columns in alphabetical order."""

    vectors: dict[str, csr_matrix]
    vocabulary: dict[str, list[str]]

    @classmethod
    def of(cls, terms: Sequence[Terms], languages: Sequence[str], profile: Profile) -> Overlap:
        """The vectors of a batch, from the terms and the language of each article."""
        vectors, vocabulary = {}, {}
        for kind in KINDS:
            counters: list[Counter[str]] = [getattr(article, kind) for article in terms]
            vectors[kind], vocabulary[kind] = _vectors(kind, counters, np.array(languages), profile)
        return cls(vectors, vocabulary)

    def cosines(self, kind: str, pairs: NDArray[np.int64]) -> NDArray[np.float64]:
        """What the articles of each pair, (pairs, 2), share of one kind, 0 to 1; 0 where one has none."""
        matrix = self.vectors[kind]
        shared = np.zeros(len(pairs))
        step = 1 << 16
        for start in range(0, len(pairs), step):
            part = pairs[start : start + step]
            shared[start : start + step] = matrix[part[:, 0]].multiply(matrix[part[:, 1]]).sum(1).A1
        return shared.clip(0, 1)

    def has(self, kind: str) -> NDArray[np.bool_]:
        """Which articles have any term of the kind."""
        return np.asarray(np.diff(self.vectors[kind].indptr) > 0)

    def shared(self, kind: str, a: int, b: int) -> list[str]:
        """The terms articles a and b share, those that weigh most first."""
        both = self.vectors[kind][a].multiply(self.vectors[kind][b]).tocoo()
        order = np.lexsort((both.col, -both.data.round(9)))
        return [self.vocabulary[kind][column] for column in both.col[order]]


def _vectors(
    kind: str, counters: Sequence[Counter[str]], languages: NDArray[np.str_], profile: Profile
) -> tuple[csr_matrix, list[str]]:
    vocabulary = sorted(set().union(*counters)) if counters else []
    column = {term: place for place, term in enumerate(vocabulary)}
    rows = np.repeat(np.arange(len(counters)), [len(counter) for counter in counters])
    columns = np.array([column[term] for counter in counters for term in sorted(counter)], np.int64)
    counts = np.array([counter[term] for counter in counters for term in sorted(counter)], np.float64)
    weights = 1 + np.log(counts)
    for language in sorted(set(languages.tolist())):
        own = languages[rows] == language
        used, place = np.unique(columns[own], return_inverse=True)
        keys = term_keys(kind, language, [vocabulary[number] for number in used])
        held = np.bincount(place, minlength=len(used)) + background_counts(profile, keys)
        articles = int((languages == language).sum()) + profile.background_articles.get(language, 0)
        weights[own] *= np.log((articles + 1) / (held + 0.5))[place].clip(0)
    matrix = csr_matrix((weights, (rows, columns)), (len(counters), len(vocabulary)))
    # scikit-learn refuses to normalise a matrix without columns: a batch may hold no number at all.
    return normalize(matrix) if vocabulary else matrix, vocabulary
