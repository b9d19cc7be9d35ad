"""Opens a place as plain UTF-8 bytes: unpacks gzip, takes off the byte order mark, turns UTF-16 and UTF-32 into UTF-8.

Everything is streamed, so a reader sees one kind of bytes whatever the size of the file.
"""

from __future__ import annotations

import codecs
import gzip
import io
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from itertools import chain
from typing import TYPE_CHECKING, BinaryIO

from detector.reading import limits
from detector.reading.fields import FieldNames
from detector.reading.raw import Content, Place, Unusable

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

STDIN = Place("-", "stdin")

_GZIP_MAGIC = b"\x1f\x8b"
# UTF-32 before UTF-16: the mark of the one begins with the mark of the other.
_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)


@contextmanager
def opened(place: Place, names: FieldNames) -> Iterator[Content]:
    """The content of a file, or of standard input where the place has no path.

    Raises OSError where it cannot be read, while reading EOFError or zlib.error for a broken gzip, and `Unusable` for
    a broken UTF-16 or UTF-32.
    """
    if place.path is None:
        yield _content(place, names, sys.stdin.buffer)
    else:
        with place.path.open("rb") as file:
            yield _content(place, names, file)


def decoded(data: bytes, offset: int) -> str:
    """The text of UTF-8 bytes that begin at `offset` in the file. Raises `Unusable` with the offset of the bad byte."""
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise Unusable(not_utf8(data, offset, error)) from None


def not_utf8(data: bytes, offset: int, error: UnicodeDecodeError) -> str:
    """The reason for bytes that are not UTF-8."""
    return f"not UTF-8 at byte {offset + error.start} (0x{data[error.start]:02x}): save the file as UTF-8"


def _content(place: Place, names: FieldNames, file: BinaryIO) -> Content:
    head, stream = _looked_into(file)
    if head.startswith(_GZIP_MAGIC):
        head, stream = _looked_into(gzip.GzipFile(fileobj=stream))
    for mark, encoding in _MARKS:
        if head.startswith(mark):
            stream.read(len(mark))
            head, stream = _looked_into(stream if encoding == "utf-8" else _stream(_recoded(stream, mark, encoding)))
            return Content(place, names, stream, head, len(mark))
    return Content(place, names, stream, head, 0)


def _looked_into(file: BinaryIO | gzip.GzipFile) -> tuple[bytes, io.BufferedReader]:
    """The beginning of a stream, and the stream from its beginning; works for pipes, which cannot go back."""
    head = _read_fully(file, limits.HEAD_SIZE)
    return head, _stream(chain([head], iter(lambda: file.read(limits.HEAD_SIZE), b"")))


def _read_fully(file: BinaryIO | gzip.GzipFile, size: int) -> bytes:
    parts = []
    while size > 0 and (part := file.read(size)):
        parts.append(part)
        size -= len(part)
    return b"".join(parts)


def _recoded(stream: io.BufferedReader, mark: bytes, encoding: str) -> Iterator[bytes]:
    decoder = codecs.getincrementaldecoder(encoding)()
    taken = len(mark)
    while True:
        chunk = stream.read(limits.HEAD_SIZE)
        taken += len(chunk)
        try:
            yield decoder.decode(chunk, final=not chunk).encode("utf-8")
        except UnicodeDecodeError as error:
            place = taken - len(error.object) + error.start
            raise Unusable(f"not {encoding[:-3].upper()} at byte {place}: save the file as UTF-8") from None
        if not chunk:
            return


def _stream(chunks: Iterable[bytes]) -> io.BufferedReader:
    return io.BufferedReader(_Chunks(chunks), limits.HEAD_SIZE)


class _Chunks(io.RawIOBase):
    """A byte stream made of chunks."""

    def __init__(self, chunks: Iterable[bytes]) -> None:
        self._chunks = iter(chunks)
        self._left = b""

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: WriteableBuffer) -> int:
        while not self._left:
            chunk = next(self._chunks, None)
            if chunk is None:
                return 0
            self._left = chunk
        view = memoryview(buffer).cast("B")
        length = min(len(view), len(self._left))
        view[:length] = self._left[:length]
        self._left = self._left[length:]
        return length
