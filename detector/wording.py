"""What two articles share word for word: runs of a few words, as in the search for copied text (Broder, 1997).

Embeddings tell what is said, not whether it is said in the same words; a part read without its article has other
vectors, but the same runs of words.
"""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import regex
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from detector.records import Document

# Words of a run. Shorter ones are common phrases, longer ones are broken by every small edit.
RUN = 5
# A word, or a letter of a script that does not part words.
WORD = regex.compile(
    r"[\p{Han}\p{Hiragana}\p{Katakana}\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}\p{Tibetan}]\p{M}*|[\p{L}\p{M}\p{N}]+"
)
STEP = 1 << 14


def word_runs(text: str) -> NDArray[np.int64]:
    """The different runs of words of a text, hashed and sorted; a text of fewer words is one run."""
    words = WORD.findall(text.casefold())
    starts = range(max(len(words) - RUN + 1, min(len(words), 1)))
    return np.unique(np.array([zlib.crc32(" ".join(words[at : at + RUN]).encode()) for at in starts], np.int64))


@dataclass(frozen=True)
class Wording:
    """The runs of words of all articles: one row an article, one column a run, 1 where it stands there."""

    runs: csr_matrix

    @classmethod
    def of(cls, documents: Sequence[Document]) -> Wording:
        """The wording of prepared documents."""
        rows = [word_runs(" ".join(document.sentences)) for document in documents]
        offsets = np.concatenate([[0], np.cumsum([len(row) for row in rows])]).astype(np.int64)
        found, columns = np.unique(np.concatenate([np.zeros(0, np.int64), *rows]), return_inverse=True)
        ones = np.ones(len(columns), np.float32)
        return cls(csr_matrix((ones, columns, offsets), shape=(len(rows), max(len(found), 1))))

    def shared(self, pairs: NDArray[np.int64]) -> NDArray[np.float64]:
        """The share of each article's runs that stand in the other one, of pairs (pairs, 2): (pairs, 2), 0 to 1."""
        own = np.diff(self.runs.indptr).clip(1)[pairs]
        both = np.zeros(len(pairs))
        for start in range(0, len(pairs), STEP):
            part = pairs[start : start + STEP]
            both[start : start + STEP] = self.runs[part[:, 0]].multiply(self.runs[part[:, 1]]).sum(1).A1
        return np.asarray(both[:, None] / own)
