"""Splits a text into lines in bounded memory: a line over the limit is skipped, and the next one is read as usual."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass

from detector.reading.decoding import limits
from detector.reading.decoding.opening import decode_text, text_encoding
from detector.reading.mapping.messages import size
from detector.reading.source import Content, Unusable


@dataclass(frozen=True, slots=True)
class RawRecord:
    """The bytes of one record, such as a line, before they are parsed.

    number: counts from 1. offset: of its first byte in the file. data: None if it is over the limit. encoding: the
    codec of `data`.
    """

    number: int
    offset: int
    data: bytes | None
    encoding: str

    def text(self) -> str:
        """The record as text. Raises `Unusable` if it is too long or in another encoding."""
        return decode_text(self.bytes(), self.offset, self.encoding)

    def bytes(self) -> bytes:
        """The record's bytes. Raises `Unusable` if it is too long."""
        if self.data is None:
            raise Unusable(f"longer than {size(limits.RECORD_LIMIT)}, the limit for one record")
        return self.data


def read_lines(content: Content) -> Iterator[RawRecord]:
    """Every line, blank ones included. Holds at most `RECORD_LIMIT` bytes and one buffer."""
    encoding = text_encoding(content)
    number, offset = 0, content.offset
    while data := content.stream.readline(limits.RECORD_LIMIT + 1):
        number += 1
        is_complete = len(data) <= limits.RECORD_LIMIT or data.endswith(b"\n")
        yield RawRecord(number, offset, data if is_complete else None, encoding)
        offset += len(data) + (0 if is_complete else _skip_line(content.stream))


def _skip_line(stream: io.BufferedReader) -> int:
    """Read to the end of the line; returns the number of bytes skipped."""
    skipped = 0
    while part := stream.readline(limits.HEAD_SIZE):
        skipped += len(part)
        if part.endswith(b"\n"):
            break
    return skipped
