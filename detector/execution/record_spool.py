"""Records that grow past what memory should hold: few stay as they are, many go to a file and are read one by one.

As with arrays (see `detector.execution.spool`), the file loses its name at once and is gone with the records. This
process wrote what it holds, so it is safe to unpickle.
"""

from __future__ import annotations

import pickle
import zlib
from collections.abc import Callable, Iterator, Sequence
from operator import eq
from pathlib import Path
from threading import Lock
from typing import Any, Generic, TypeVar, overload

import numpy as np
from numpy.typing import NDArray

from detector.execution import spool

T = TypeVar("T")
S = TypeVar("S")


class RecordSpool(Generic[T]):
    """Records appended one after the other, then read as one sequence; `folder` as for `Spool`."""

    def __init__(self, folder: Path | None = None) -> None:
        self._folder = folder
        self._held: list[T] = []
        self._bytes = 0
        self._starts = [0]
        self._file: Any = None

    def __len__(self) -> int:
        return len(self._starts) - 1 if self._file else len(self._held)

    def __getitem__(self, place: int) -> T:
        """A record by its place, from 0, while others may still be appended."""
        if self._file is None:
            return self._held[place]
        record: T = _read(self._file, self._starts[place], self._starts[place + 1])
        return record

    def append(self, record: T) -> None:
        """Add a record. Raises `OSError` on a full disk."""
        if self._file is None:
            self._held.append(record)
            self._bytes += len(pickle.dumps(record, pickle.HIGHEST_PROTOCOL))
            if self._bytes > spool.IN_MEMORY:
                self._file = spool.unnamed_file(self._folder)
                for held in self._held:
                    self._write(held)
                self._held = []
        else:
            self._write(record)

    def records(self, order: NDArray[np.int64] | None = None) -> Sequence[T]:
        """All records, in the order of the places given or as they were appended; nothing may be appended after."""
        if self._file is None:
            return tuple(self._held if order is None else (self._held[place] for place in order.tolist()))
        ends = np.array(self._starts, np.int64)
        spans = np.stack([ends[:-1], ends[1:]], 1)
        return _Stored(self._file, spans if order is None else spans[order])

    def _write(self, record: T) -> None:
        # The lightest compression: a text and its sentences say the same twice.
        packed = zlib.compress(pickle.dumps(record, pickle.HIGHEST_PROTOCOL), 1)
        self._file.seek(self._starts[-1])
        self._file.write(packed)
        self._starts.append(self._starts[-1] + len(packed))


class _Stored(Sequence[T]):
    """Records in a file: each is read anew whenever it is asked for. spans: int64, (records, 2), start and end."""

    def __init__(self, file: Any, spans: NDArray[np.int64]) -> None:
        self._file, self._spans = file, spans
        self._reading = Lock()

    def __len__(self) -> int:
        return len(self._spans)

    @overload
    def __getitem__(self, place: int) -> T: ...
    @overload
    def __getitem__(self, place: slice) -> Sequence[T]: ...
    def __getitem__(self, place: int | slice) -> T | Sequence[T]:
        if isinstance(place, slice):
            return _Stored(self._file, self._spans[place])
        start, end = self._spans[place].tolist()
        with self._reading:
            record: T = _read(self._file, start, end)
        return record

    def __reduce__(self) -> tuple[type[tuple[T, ...]], tuple[list[T]]]:
        """Pickled whole: the file stays here."""
        return tuple, (list(self),)


def _read(file: Any, start: int, end: int) -> Any:
    file.seek(start)
    return pickle.loads(zlib.decompress(file.read(end - start)))


class Each(Sequence[S], Generic[T, S]):
    """What a function makes of each of some records, made anew whenever it is asked for.

    Equal to any sequence of the same values.
    """

    def __init__(self, make: Callable[[T], S], records: Sequence[T], places: Sequence[int] | None = None) -> None:
        self._make, self._records = make, records
        self._places = range(len(records)) if places is None else places

    def __len__(self) -> int:
        return len(self._places)

    @overload
    def __getitem__(self, place: int) -> S: ...
    @overload
    def __getitem__(self, place: slice) -> Sequence[S]: ...
    def __getitem__(self, place: int | slice) -> S | Sequence[S]:
        if isinstance(place, slice):
            return Each(self._make, self._records, self._places[place])
        return self._make(self._records[self._places[place]])

    def __iter__(self) -> Iterator[S]:
        return (self._make(self._records[place]) for place in self._places)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sequence) and len(self) == len(other) and all(map(eq, self, other))

    def __hash__(self) -> int:
        return hash(tuple(self))

    def __repr__(self) -> str:
        return repr(tuple(self))
