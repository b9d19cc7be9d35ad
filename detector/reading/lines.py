"""Lines of a file in bounded memory: one that is too long is passed over and the next is read as usual."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass

from detector.reading import limits
from detector.reading.opening import decoded
from detector.reading.raw import Content, Unusable
from detector.reading.wording import size


@dataclass(frozen=True, slots=True)
class Line:
    """A line with its number (from 1) and the place of its first byte; `data` is None where it is over the limit."""

    number: int
    offset: int
    data: bytes | None

    def text(self) -> str:
        """The line as text. Raises `Unusable` where it is too long or not UTF-8."""
        return decoded(self.bytes(), self.offset)

    def bytes(self) -> bytes:
        """The line as it stands. Raises `Unusable` where it is too long."""
        if self.data is None:
            raise Unusable(f"the line is longer than {size(limits.RECORD_LIMIT)}, the most one record may have")
        return self.data


def lines(content: Content) -> Iterator[Line]:
    """Every line, blank ones too. Never more than `RECORD_LIMIT` bytes and one buffer are held."""
    number, offset = 0, content.offset
    while data := content.stream.readline(limits.RECORD_LIMIT + 1):
        number += 1
        whole = len(data) <= limits.RECORD_LIMIT or data.endswith(b"\n")
        yield Line(number, offset, data if whole else None)
        offset += len(data) + (0 if whole else _skip_line(content.stream))


def _skip_line(stream: io.BufferedReader) -> int:
    """Goes to the end of the line; gives the bytes passed over."""
    passed = 0
    while part := stream.readline(limits.HEAD_SIZE):
        passed += len(part)
        if part.endswith(b"\n"):
            break
    return passed
