"""The two passes over all records: a first one that collects ids, and a second one that makes articles.

Records of small files are kept between the passes and so parsed once; those of large files are parsed twice.
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
    """Both passes over the records of several inputs. The second one must start after the first one has ended.

    Files are kept, in their order, as long as their records together take less than `KEPT_LIMIT` bytes of memory.
    Inputs that are not files are gone through again: they are in memory, or remembered (see `Replayable`).
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
                yield from (record for record in records if isinstance(record, Record))

    def second(self) -> Iterator[Record | Rejected]:
        """All records, and what could not be read. Warnings about the files are emitted now."""
        for records, kept in zip(self._inputs, self._kept, strict=True):
            if kept is None:
                yield from records
            else:
                for message in kept.warnings:
                    emit_warning(message)
                yield from kept.records

    def _first_of_file(self, file: FileRecords) -> Iterator[Record]:
        kept = _KeptRecords() if file.is_at_most(self._room) else None
        warnings: list[str] = [] if kept is None else kept.warnings
        for record in file.first_pass(warnings.append):
            if kept is not None:
                is_kept = record is not None and kept.add(record, self._room)
                kept = kept if is_kept else None
            if isinstance(record, Record):
                yield record
        self._room -= 0 if kept is None else kept.size
        self._kept.append(kept)


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
    """Remembers the items of an iterator, so that it can be gone through again. remembered: takes the items."""

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
