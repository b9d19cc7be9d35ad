"""What passes inside this stage, before a record is judged: where it stands, what it holds, and what went wrong."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path, PurePath
from typing import BinaryIO

from detector.reading.decoding import limits
from detector.reading.decoding.guessing import encoding_of
from detector.reading.mapping.fields import FieldNames
from detector.reading.mapping.messages import escaped, size
from detector.records import Rejected

PACKED_SUFFIXES = (".gz", ".bz2", ".xz", ".zst")


class Unusable(Exception):
    """A file or a record that cannot be used; the message is the reason, one line."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where records stand: `shown` in a reason, `name` in the ids of records that have none. Both are on one line."""

    shown: str
    name: str
    path: Path | None = None

    @classmethod
    def of(cls, path: Path) -> Place:
        """The place a file is."""
        return cls(escaped(str(path)), escaped(path.name), path)

    def rejected(self, reason: str, number: int | None = None, id: str | None = None) -> Rejected:
        """The record with this number, or the whole of the place, with the reason it is not used."""
        return Rejected(self.shown, reason, number, id)


@dataclass(frozen=True, slots=True)
class Record:
    """One record as the format holds it, not yet judged. `number` is None where it is the whole file."""

    place: Place
    number: int | None
    value: object


@dataclass(frozen=True)
class Content:
    """The opened file a reader reads: unpacked, without its byte order mark, UTF-16 and UTF-32 turned into UTF-8.

    `head` is the beginning, at most `HEAD_SIZE` bytes, still to come from `stream` too. `offset` is the place of the
    first byte in the (unpacked) file. `file` is the file itself where it may be sought in and is not packed.
    """

    place: Place
    names: FieldNames
    stream: io.BufferedReader
    head: bytes
    offset: int
    file: BinaryIO | None = None

    @cached_property
    def suffix(self) -> str:
        """What the name ends in, in lower case and before any ".gz": ".jsonl" for "News.JSONL.gz"."""
        path = PurePath(self.place.name.lower())
        return PurePath(path.stem).suffix if path.suffix in PACKED_SUFFIXES else path.suffix

    @cached_property
    def encoding(self) -> str:
        """The codec of `stream`: UTF-8 after a mark, else by what the beginning looks like.

        Readers of texts that declare no encoding of their own take it from `opening.text_encoding`, which warns.
        """
        return "utf-8" if self.offset else encoding_of(self.head)

    @cached_property
    def head_text(self) -> str:
        """The beginning as text, for telling the format."""
        return self.head.decode(self.encoding, "replace")

    @property
    def whole_in_head(self) -> bool:
        """Whether the file ends within the head."""
        return len(self.head) < limits.HEAD_SIZE

    def whole(self, what: str) -> bytes:
        """All of it, where it is one record, such as a "page". Raises `Unusable` where it is too long."""
        data = self.stream.read(limits.RECORD_LIMIT + 1)
        if len(data) > limits.RECORD_LIMIT:
            raise Unusable(f"the {what} is longer than {size(limits.RECORD_LIMIT)}, the most one record may have")
        return data

    @property
    def blank(self) -> bool:
        """Whether there is nothing in the file."""
        return self.whole_in_head and not self.head.strip()


@dataclass(frozen=True, slots=True)
class Format:
    """A format that is read.

    fits: whether the beginning of a file shows the format for certain, whatever the name.
    suffixes: the names that settle it where the beginning does not.
    read: the records, in their order; raises `Unusable` where the rest of the file cannot be read.
    """

    name: str
    suffixes: tuple[str, ...]
    fits: Callable[[Content], bool]
    read: Callable[[Content], Iterator[Record | Rejected]]
