"""Which ids the records of a reading declare, known from a first look at all of them, in little memory."""

from __future__ import annotations

import hashlib
from array import array
from bisect import bisect_left, bisect_right

import numpy as np


class DeclaredIds:
    """Counts ids by their hashes, eight bytes an id whatever its length; first all are added, then it is asked."""

    def __init__(self) -> None:
        self._hashes = array("Q")
        self._in_order = True

    def add(self, id: str) -> None:
        """One more record declares this id."""
        self._hashes.append(digest(id))
        self._in_order = False

    def times(self, id: str) -> int:
        """How many records declare this id."""
        hashes, key = self._sorted(), digest(id)
        return bisect_right(hashes, key) - bisect_left(hashes, key)

    @property
    def shared(self) -> bool:
        """Whether any id is declared more than once."""
        hashes = np.frombuffer(self._sorted(), np.uint64)
        return bool((hashes[1:] == hashes[:-1]).any())

    def _sorted(self) -> array[int]:
        if not self._in_order:
            np.frombuffer(self._hashes, np.uint64).sort()
            self._in_order = True
        return self._hashes


def digest(text: str) -> int:
    """A hash of 64 bits, the same in every run."""
    return int.from_bytes(hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).digest())
