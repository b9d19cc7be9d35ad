"""What two articles share word for word: runs of a few words, as in the search for copied text (Broder, 1997).

Embeddings tell what is said, not whether it is said in the same words; a part read without its article has other
vectors, but the same runs of words.
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

# Words of a run. Shorter ones are common phrases, longer ones are broken by every small edit.
RUN = 5
# A letter of a script without spaces, or a word.
WORD = regex.compile(rf"[{WITHOUT_SPACES}]\p{{M}}*|[\p{{L}}\p{{M}}\p{{N}}]+")
STEP = 1 << 14
# Runs and terms have so many hashes; column numbers of sparse matrices have 31 bits.
HASHES = (1 << 31) - 1


def word_runs(text: str) -> NDArray[np.int32]:
    """The different runs of words of a text, as 31 bits of their hashes, sorted; a text of fewer words is one run."""
    words = WORD.findall(text.casefold())
    starts = range(max(len(words) - RUN + 1, min(len(words), 1)))
    hashes = [zlib.crc32(" ".join(words[at : at + RUN]).encode()) for at in starts]
    return np.unique(np.array(hashes, np.int64) & HASHES).astype(np.int32)


@dataclass(frozen=True)
class Shingles:
    """The runs of words of all articles: one row an article, one column a run, 1 where it stands there; int8."""

    runs: csr_matrix

    @classmethod
    def of(cls, documents: Iterable[Document], folder: Path | None = None) -> Shingles:
        """The wording of prepared documents; `folder` holds large arrays."""
        columns, ones, sizes = Spool(np.int32, None, folder), Spool(np.int8, None, folder), [0]
        for document in documents:
            runs = word_runs(" ".join(document.sentences))
            columns.append(runs)
            ones.append(np.ones(len(runs), np.int8))
            sizes.append(len(runs))
        offsets = np.cumsum(sizes).astype(np.int64)
        return cls(csr_matrix((ones.array(), columns.array(), offsets), (len(sizes) - 1, HASHES + 1), copy=False))

    def shared(self, pairs: NDArray[np.int64]) -> NDArray[np.float64]:
        """The share of each article's runs that stand in the other one, of pairs (pairs, 2): (pairs, 2), 0 to 1."""
        own = np.diff(self.runs.indptr).clip(1)[pairs]
        both = np.zeros(len(pairs))
        for start in range(0, len(pairs), STEP):
            part = pairs[start : start + STEP]
            both[start : start + STEP] = self.runs[part[:, 0]].multiply(self.runs[part[:, 1]]).getnnz(1)
        return np.asarray(both[:, None] / own)

    def release(self) -> None:
        """Hand back the memory of what was read from files."""
        release(self.runs.data, self.runs.indices)
