"""The types that pass between the steps of reading: where a record comes from, a file's content, a record, a format."""

from __future__ import annotations

import io
import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path, PurePath
from typing import BinaryIO

from detector.reading.decoding import limits
from detector.reading.decoding.guessing import guess_encoding
from detector.reading.mapping.fields import FieldNames
from detector.reading.mapping.messages import escaped, size
from detector.records import Rejected

COMPRESSED_SUFFIXES = (".gz", ".bz2", ".xz", ".zst")


class Unusable(Exception):
    """A file or record that cannot be used. The message is the reason, on one line."""


@dataclass(frozen=True, slots=True)
class Source:
    """A file, or a part of one, that holds records.

    shown: how messages name it. name: what the ids of records without an id start with. Neither contains a line break.
    path: the file to open, None if there is none.
    """

    shown: str
    name: str
    path: Path | None = None

    @classmethod
    def of(cls, path: Path) -> Source:
        """The source of a file."""
        return cls(escaped(str(path)), escaped(path.name), path)

    def rejected(self, reason: str, number: int | None = None, id: str | None = None) -> Rejected:
        """The rejection of one record, or of the entire source if `number` is None."""
        return Rejected(self.shown, reason, number, id)


@dataclass(frozen=True, slots=True)
class Record:
    """One record as its format holds it, before validation. `number` counts from 1, None if the file is the record."""

    source: Source
    number: int | None
    value: object


def emit_warning(message: str) -> None:
    """Warn the caller of the library."""
    warnings.warn(message, stacklevel=2)


@dataclass(frozen=True)
class Content:
    """An opened file: decompressed, without its byte order mark, UTF-16 and UTF-32 converted to UTF-8.

    stream: the bytes from the beginning. head: the first of them, at most `HEAD_SIZE`; `stream` gives them again.
    offset: of the first byte in the (decompressed) file. file: the file itself if it is seekable and not compressed.
    warn: takes warnings about the file, such as a guessed encoding.
    """

    source: Source
    names: FieldNames
    stream: io.BufferedReader
    head: bytes
    offset: int
    file: BinaryIO | None = None
    warn: Callable[[str], None] = emit_warning

    @cached_property
    def suffix(self) -> str:
        """The suffix of the name in lower case, without that of a compression: ".jsonl" for "News.JSONL.gz"."""
        path = PurePath(self.source.name.lower())
        return PurePath(path.stem).suffix if path.suffix in COMPRESSED_SUFFIXES else path.suffix

    @cached_property
    def encoding(self) -> str:
        """The codec of `stream`: UTF-8 after a byte order mark, else guessed from the head.

        Readers of formats that declare no encoding use `opening.text_encoding` instead, which warns about a guess.
        """
        return "utf-8" if self.offset else guess_encoding(self.head)

    @cached_property
    def head_text(self) -> str:
        """The head as text, to detect the format."""
        return self.head.decode(self.encoding, "replace")

    @property
    def ends_in_head(self) -> bool:
        """Whether the head is the entire file."""
        return len(self.head) < limits.HEAD_SIZE

    @property
    def is_blank(self) -> bool:
        """Whether the file is empty or holds only white space."""
        return self.ends_in_head and not self.head.strip()

    def read_all(self, what: str) -> bytes:
        """All bytes of a file that is one record, such as a "page". Raises `Unusable` if it is too long."""
        data = self.stream.read(limits.RECORD_LIMIT + 1)
        if len(data) > limits.RECORD_LIMIT:
            raise Unusable(f"the {what} is longer than {size(limits.RECORD_LIMIT)}, the limit for one record")
        return data


@dataclass(frozen=True, slots=True)
class Format:
    """A file format.

    suffixes: the file names that select the format if no format recognizes the content.
    recognizes: whether the head shows this format for certain, whatever the file's name.
    read: yields the records in order; raises `Unusable` if the rest of the file cannot be read.
    """

    name: str
    suffixes: tuple[str, ...]
    recognizes: Callable[[Content], bool]
    read: Callable[[Content], Iterator[Record | Rejected]]
