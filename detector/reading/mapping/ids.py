"""The ids that the records of one reading declare, collected in a first pass and held in little memory."""

from __future__ import annotations

import hashlib
from array import array
from bisect import bisect_left, bisect_right

import numpy as np


class DeclaredIds:
    """Counts ids by their 64-bit hashes, so an id takes eight bytes whatever its length.

    Fast if all ids are added before the first one is counted.
    """

    def __init__(self) -> None:
        self._hashes = array("Q")
        self._is_sorted = True

    def add(self, id: str) -> None:
        """Count one more record that declares this id."""
        self._hashes.append(hash_64(id))
        self._is_sorted = False

    def count(self, id: str) -> int:
        """How many records declare this id."""
        hashes, key = self._sorted(), hash_64(id)
        return bisect_right(hashes, key) - bisect_left(hashes, key)

    @property
    def has_repeats(self) -> bool:
        """Whether any id is declared more than once."""
        hashes = np.frombuffer(self._sorted(), np.uint64)
        return bool((hashes[1:] == hashes[:-1]).any())

    def _sorted(self) -> array[int]:
        if not self._is_sorted:
            np.frombuffer(self._hashes, np.uint64).sort()
            self._is_sorted = True
        return self._hashes


def hash_64(text: str) -> int:
    """A hash of 64 bits that is the same in every run."""
    return int.from_bytes(hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).digest())
