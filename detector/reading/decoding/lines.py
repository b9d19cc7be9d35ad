"""Lines of a text in bounded memory: one that is too long is passed over and the next is read as usual."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass

from detector.reading.decoding import limits
from detector.reading.decoding.opening import decoded, text_encoding
from detector.reading.mapping.messages import size
from detector.reading.source import Content, Unusable


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of a text, such as a line, that should hold one record; `data` is None where it is over the limit.

    number: from 1. offset: the place of its first byte. encoding: the codec of `data`.
    """

    number: int
    offset: int
    data: bytes | None
    encoding: str

    def text(self) -> str:
        """The piece as text. Raises `Unusable` where it is too long or in another encoding."""
        return decoded(self.bytes(), self.offset, self.encoding)

    def bytes(self) -> bytes:
        """The piece as it stands. Raises `Unusable` where it is too long."""
        if self.data is None:
            raise Unusable(f"longer than {size(limits.RECORD_LIMIT)}, the most one record may have")
        return self.data


def lines(content: Content) -> Iterator[Piece]:
    """Every line, blank ones too. Never more than `RECORD_LIMIT` bytes and one buffer are held."""
    encoding = text_encoding(content)
    number, offset = 0, content.offset
    while data := content.stream.readline(limits.RECORD_LIMIT + 1):
        number += 1
        whole = len(data) <= limits.RECORD_LIMIT or data.endswith(b"\n")
        yield Piece(number, offset, data if whole else None, encoding)
        offset += len(data) + (0 if whole else _skip_line(content.stream))


def _skip_line(stream: io.BufferedReader) -> int:
    """Goes to the end of the line; gives the bytes passed over."""
    passed = 0
    while part := stream.readline(limits.HEAD_SIZE):
        passed += len(part)
        if part.endswith(b"\n"):
            break
    return passed
