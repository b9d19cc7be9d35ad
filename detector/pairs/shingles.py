"""Which wording two articles share: shingles, runs of five words, as in the search for copied text (Broder, 1997).

Embeddings show that two texts say the same, but not that they use the same words. Shingles also find a part of an
article, whose vectors differ when it is read without the rest.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import regex
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from detector.execution.spool import Spool, release
from detector.languages.script import WITHOUT_SPACES
from detector.records import Document

# Words of a shingle. Shorter ones are common phrases, longer ones are broken by every small edit.
SIZE = 5
# A word, or a letter with its marks in a script without spaces between words.
WORD = regex.compile(rf"[{WITHOUT_SPACES}]\p{{M}}*|[\p{{L}}\p{{M}}\p{{N}}]+")
# Pairs compared in one step.
SHARD = 1 << 14
# The largest hash of shingles and terms: the columns of sparse matrices have 31 bits.
LARGEST_HASH = (1 << 31) - 1


def shingles_of(text: str) -> NDArray[np.int32]:
    """The different shingles of a text, as 31 bits of their hashes, sorted; a text of fewer words is one shingle."""
    words = WORD.findall(text.casefold())
    starts = range(max(len(words) - SIZE + 1, min(len(words), 1)))
    hashes = [zlib.crc32(" ".join(words[start : start + SIZE]).encode()) for start in starts]
    return np.unique(np.array(hashes, np.int64) & LARGEST_HASH).astype(np.int32)


@dataclass(frozen=True)
class Shingles:
    """The shingles of all articles: a sparse int8 matrix, (articles, shingles), 1 where the article has the shingle."""

    matrix: csr_matrix

    @classmethod
    def of(cls, documents: Iterable[Document], folder: Path | None = None) -> Shingles:
        """The shingles of prepared documents; large arrays are files in `folder`."""
        builder = ShinglesBuilder(folder)
        for document in documents:
            builder.add(document)
        return builder.build()

    def shared(self, pairs: NDArray[np.int64]) -> NDArray[np.float64]:
        """The share of each article's shingles that the other also has, of pairs (pairs, 2): (pairs, 2), 0 to 1."""
        sizes = np.diff(self.matrix.indptr).clip(1)[pairs]
        common = np.zeros(len(pairs))
        for start in range(0, len(pairs), SHARD):
            shard = pairs[start : start + SHARD]
            common[start : start + SHARD] = self.matrix[shard[:, 0]].multiply(self.matrix[shard[:, 1]]).getnnz(1)
        return np.asarray(common[:, None] / sizes)

    def release(self) -> None:
        """Hand back the memory of what was read from files."""
        release(self.matrix.data, self.matrix.indices)


class ShinglesBuilder:
    """Collects the shingles of one document after another; large arrays are files in `folder`."""

    def __init__(self, folder: Path | None = None) -> None:
        self._columns, self._ones = Spool(np.int32, None, folder), Spool(np.int8, None, folder)
        self._sizes = [0]

    def add(self, document: Document) -> None:
        """Add the shingles of the next document."""
        shingles = shingles_of(" ".join(document.sentences))
        self._columns.append(shingles)
        self._ones.append(np.ones(len(shingles), np.int8))
        self._sizes.append(len(shingles))

    def build(self) -> Shingles:
        """The shingles of all documents added so far. Call it once, after the last document."""
        offsets = np.cumsum(self._sizes).astype(np.int64)
        shape = (len(self._sizes) - 1, LARGEST_HASH + 1)
        return Shingles(csr_matrix((self._ones.array(), self._columns.array(), offsets), shape, copy=False))
