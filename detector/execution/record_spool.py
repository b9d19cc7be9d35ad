"""Sequences of records that may be larger than memory: few stay in memory, many go to a file and are read one by one.

As with arrays (see `detector.execution.spool`), the file has no name and disappears with the records. Only this process
writes it, so it is safe to unpickle.
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
    """Records appended one after another, then read as one sequence; `folder` as for `Spool`."""

    def __init__(self, folder: Path | None = None) -> None:
        self._folder = folder
        self._records: list[T] = []
        self._bytes = 0
        self._starts = [0]
        self._file: Any = None

    def __len__(self) -> int:
        return len(self._starts) - 1 if self._file else len(self._records)

    def __getitem__(self, index: int) -> T:
        """The record at this index; more records may be appended afterwards."""
        if self._file is None:
            return self._records[index]
        record: T = _read(self._file, self._starts[index], self._starts[index + 1])
        return record

    def append(self, record: T) -> None:
        """Add a record. Raises `OSError` on a full disk."""
        if self._file is None:
            self._records.append(record)
            self._bytes += len(pickle.dumps(record, pickle.HIGHEST_PROTOCOL))
            if self._bytes > spool.IN_MEMORY:
                self._file = spool.unnamed_file(self._folder)
                for earlier in self._records:
                    self._write(earlier)
                self._records = []
        else:
            self._write(record)

    def records(self, order: NDArray[np.int64] | None = None) -> Sequence[T]:
        """All records, in the order of these indices or as appended; nothing may be appended afterwards."""
        if self._file is None:
            return tuple(self._records if order is None else (self._records[index] for index in order.tolist()))
        ends = np.array(self._starts, np.int64)
        spans = np.stack([ends[:-1], ends[1:]], 1)
        return _RecordsInFile(self._file, spans if order is None else spans[order])

    def _write(self, record: T) -> None:
        # The fastest compression: a document holds its text twice, also as sentences.
        packed = zlib.compress(pickle.dumps(record, pickle.HIGHEST_PROTOCOL), 1)
        self._file.seek(self._starts[-1])
        self._file.write(packed)
        self._starts.append(self._starts[-1] + len(packed))


class _RecordsInFile(Sequence[T]):
    """Records in a file, read at each access. spans: int64, (records, 2), start and end in bytes."""

    def __init__(self, file: Any, spans: NDArray[np.int64]) -> None:
        self._file, self._spans = file, spans
        self._lock = Lock()

    def __len__(self) -> int:
        return len(self._spans)

    @overload
    def __getitem__(self, index: int) -> T: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[T]: ...
    def __getitem__(self, index: int | slice) -> T | Sequence[T]:
        if isinstance(index, slice):
            return _RecordsInFile(self._file, self._spans[index])
        start, end = self._spans[index].tolist()
        with self._lock:
            record: T = _read(self._file, start, end)
        return record

    def __reduce__(self) -> tuple[type[tuple[T, ...]], tuple[list[T]]]:
        """Pickled with all records, because another process cannot read the file."""
        return tuple, (list(self),)


def _read(file: Any, start: int, end: int) -> Any:
    file.seek(start)
    return pickle.loads(zlib.decompress(file.read(end - start)))  # noqa: S301 (written by this process)


class LazyMap(Sequence[S], Generic[T, S]):
    """The results of a function for each record, computed at each access.

    indices: which records, in which order; None: all. Equal to any sequence of the same values.
    """

    def __init__(self, make: Callable[[T], S], records: Sequence[T], indices: Sequence[int] | None = None) -> None:
        self._make, self._records = make, records
        self._indices = range(len(records)) if indices is None else indices

    def __len__(self) -> int:
        return len(self._indices)

    @overload
    def __getitem__(self, index: int) -> S: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[S]: ...
    def __getitem__(self, index: int | slice) -> S | Sequence[S]:
        if isinstance(index, slice):
            return LazyMap(self._make, self._records, self._indices[index])
        return self._make(self._records[self._indices[index]])

    def __iter__(self) -> Iterator[S]:
        return (self._make(self._records[index]) for index in self._indices)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sequence) and len(self) == len(other) and all(map(eq, self, other))

    def __hash__(self) -> int:
        return hash(tuple(self))

    def __repr__(self) -> str:
        return repr(tuple(self))
