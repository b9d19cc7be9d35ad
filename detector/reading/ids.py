"""Which ids the records of a reading declare, known from a first look at all of them, in little memory."""

from __future__ import annotations

import hashlib


class DeclaredIds:
    """Counts ids by their hashes, some 100 bytes an id whatever its length."""

    def __init__(self) -> None:
        self._all: set[int] = set()
        self._times: dict[int, int] = {}

    def add(self, id: str) -> None:
        """One more record declares this id."""
        key = digest(id)
        if key in self._all:
            self._times[key] = self._times.get(key, 1) + 1
        else:
            self._all.add(key)

    def times(self, id: str) -> int:
        """How many records declare this id."""
        key = digest(id)
        return self._times.get(key, 1) if key in self._all else 0

    @property
    def shared(self) -> bool:
        """Whether any id is declared more than once."""
        return bool(self._times)


def digest(text: str) -> int:
    """A hash of 64 bits, the same in every run."""
    return int.from_bytes(hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).digest())
