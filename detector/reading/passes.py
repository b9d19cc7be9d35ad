"""The passes over all records: the first collects ids, the last makes articles, and one in between compares versions.

Records of small files are kept after the first pass and so parsed once; those of large files are parsed in each pass.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from detector.execution.record_spool import RecordSpool
from detector.reading.decoding import limits
from detector.reading.file_records import FileRecords
from detector.reading.source import Record, emit_warning
from detector.records import Rejected

T = TypeVar("T")


class Passes:
    """The passes over the records of several inputs. The first one must have ended before another one starts.

    The records of files are kept, in the order of the files, while all of them take less than `KEPT_LIMIT` bytes of
    memory. Inputs that are not files are iterated again: they are in memory, or remembered (see `Replayable`).
    """

    def __init__(self, inputs: Sequence[Iterable[Record | Rejected]]) -> None:
        self._inputs = inputs
        self._kept: list[_KeptRecords | None] = []
        self._room = limits.KEPT_LIMIT

    def first(self) -> Iterator[Record]:
        """The records, but not those of files whose format declares no ids."""
        for records in self._inputs:
            if isinstance(records, FileRecords):
                yield from self._first_of_file(records)
            else:
                self._kept.append(None)
                yield from _only_records(records)

    def first_again(self) -> Iterator[Record]:
        """The same records as in the first pass."""
        for records, kept in zip(self._inputs, self._kept, strict=True):
            if kept is not None:
                yield from _only_records(kept.records)
            elif isinstance(records, FileRecords):
                yield from _only_records(records.first_pass(_ignore_warning))
            else:
                yield from _only_records(records)

    def last(self) -> Iterator[Record | Rejected]:
        """All records, and what could not be read. Warnings about the files are emitted in this pass."""
        for records, kept in zip(self._inputs, self._kept, strict=True):
            if kept is None:
                yield from records
            else:
                for message in kept.warnings:
                    emit_warning(message)
                yield from kept.records

    def _first_of_file(self, file: FileRecords) -> Iterator[Record]:
        kept = _KeptRecords() if file.is_at_most(self._room) else None
        warn = _ignore_warning if kept is None else kept.warnings.append
        for record in file.first_pass(warn):
            if kept is not None:
                is_kept = record is not None and kept.add(record, self._room)
                kept = kept if is_kept else None
            if isinstance(record, Record):
                yield record
        self._room -= 0 if kept is None else kept.size
        self._kept.append(kept)


def _only_records(outcomes: Iterable[Record | Rejected | None]) -> Iterator[Record]:
    return (outcome for outcome in outcomes if isinstance(outcome, Record))


def _ignore_warning(message: str) -> None:
    """For passes before the last one, which emits the warnings."""


@dataclass(slots=True)
class _KeptRecords:
    """The records of one file, the warnings about it, and about how many bytes of memory the records take."""

    records: list[Record | Rejected] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    size: int = 0

    def add(self, record: Record | Rejected, room: int) -> bool:
        """Keep one more record; false if all together take more bytes than `room`."""
        self.records.append(record)
        self.size += _memory_size(record.value if isinstance(record, Record) else record.reason)
        return self.size <= room


def _memory_size(value: object) -> int:
    """About how many bytes of memory a parsed value takes, with everything in it. Never recurses."""
    size = 0
    values = [value]
    while values:
        each = values.pop()
        size += sys.getsizeof(each)
        if isinstance(each, dict):
            values.extend(each)
            values.extend(each.values())
        elif isinstance(each, list):
            values.extend(each)
    return size


class Replayable(Iterable[T]):
    """Remembers the items of an iterator, so that it can be iterated again. remembered: takes the items."""

    def __init__(self, iterator: Iterator[T], remembered: list[T] | RecordSpool[T]) -> None:
        self._iterator = iterator
        self._remembered = remembered

    def __iter__(self) -> Iterator[T]:
        index = 0
        while index < len(self._remembered) or self._remember_next():
            yield self._remembered[index]
            index += 1

    def _remember_next(self) -> bool:
        for item in self._iterator:
            self._remembered.append(item)
            return True
        return False
