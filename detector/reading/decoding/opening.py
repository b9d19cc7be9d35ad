"""Opens a place as plain bytes: unpacks it, takes off the byte order mark, turns UTF-16 and UTF-32 into UTF-8.

Everything is streamed, so a reader sees one kind of bytes whatever the size of the file.
"""

from __future__ import annotations

import codecs
import io
import sys
import tempfile
import warnings
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from itertools import chain
from typing import TYPE_CHECKING, BinaryIO, cast

from detector.reading.decoding import limits
from detector.reading.decoding.compression import packing_of, unpacked
from detector.reading.decoding.guessing import decoded_as, label, unmarked
from detector.reading.mapping.fields import FieldNames
from detector.reading.mapping.messages import size
from detector.reading.source import Content, Place, Unusable

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

STDIN = Place("-", "stdin")

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

    Raises OSError where it cannot be read, and while reading `Unusable` for a damaged archive and a broken UTF-16 or
    UTF-32.
    """
    if place.path is None:
        yield content_of(place, names, chunks_of(cast(io.BufferedReader, sys.stdin.buffer)))
    else:
        with place.path.open("rb") as file:
            yield content_of(place, names, chunks_of(file), file if file.seekable() else None)


def content_of(place: Place, names: FieldNames, chunks: Iterable[bytes], file: BinaryIO | None = None) -> Content:
    """The content made of chunks of bytes; `file` is where they come from, if that may be sought in."""
    head, stream = _looked_into(chunks)
    if packing := packing_of(head):
        file = None
        head, stream = _looked_into(unpacked(packing, chunks_of(stream)))
    for mark, encoding in _MARKS:
        if head.startswith(mark):
            stream.read(len(mark))
            if encoding != "utf-8":
                stream = _stream(recoded(stream, encoding, len(mark)))
            head, stream = _looked_into(chunks_of(stream))
            return Content(place, names, stream, head, len(mark))
    if guess := unmarked(head):
        _tell(place, guess)
        head, stream = _looked_into(recoded(stream, guess))
        file = None
    return Content(place, names, stream, head, 0, file)


@contextmanager
def sought(content: Content) -> Iterator[BinaryIO]:
    """The content as a file that can be sought in; one without a name where it is none. Raises `Unusable` over the
    limit.
    """
    if content.file is not None:
        yield content.file
        return
    with tempfile.TemporaryFile() as file:
        for chunk in chunks_of(content.stream):
            file.write(chunk)
            if file.tell() > limits.SPOOL_LIMIT:
                raise Unusable(f"over {size(limits.SPOOL_LIMIT)}: unpack the file and give it by its path")
        file.seek(0)
        yield file


def text_encoding(content: Content) -> str:
    """The encoding of a text that declares none. What was guessed is told by a warning."""
    if content.encoding != "utf-8":
        _tell(content.place, content.encoding)
    return content.encoding


def decoded(data: bytes, offset: int, encoding: str = "utf-8") -> str:
    """The text of bytes that begin at `offset` in the file. Raises `Unusable` with the offset of the bad byte."""
    try:
        return decoded_as(data, encoding)
    except UnicodeDecodeError as error:
        raise Unusable(misread(data, offset, error)) from None


def misread(data: bytes, offset: int, error: UnicodeDecodeError) -> str:
    """The reason for bytes that are not in the encoding of their file."""
    return (
        f"not {label(error.encoding)} at byte {offset + error.start} (0x{data[error.start]:02x}): "
        "save the file as UTF-8"
    )


def recoded(stream: io.BufferedReader, encoding: str, offset: int = 0) -> Iterator[bytes]:
    """A stream of another encoding as UTF-8; `Unusable` where it breaks, behind what stands before."""
    decoder = codecs.getincrementaldecoder(encoding)()
    taken = offset
    while True:
        chunk = stream.read1(limits.HEAD_SIZE)
        taken += len(chunk)
        try:
            yield decoder.decode(chunk, final=not chunk).encode("utf-8")
        except UnicodeDecodeError as error:
            yield error.object[: error.start].decode(encoding).encode("utf-8")
            place = taken - len(error.object) + error.start
            raise Unusable(f"not {label(encoding)} at byte {place}: save the file as UTF-8") from None
        if not chunk:
            return


def _tell(place: Place, encoding: str) -> None:
    warnings.warn(
        f"{place.shown} says nowhere in which encoding it is; by its letters it was read as {label(encoding)}: save it "
        "as UTF-8 if that is wrong",
        stacklevel=2,
    )


def chunks_of(file: io.BufferedReader) -> Iterator[bytes]:
    """The bytes of a file as they come: nothing that was read is lost to damage behind it."""
    return iter(lambda: file.read1(limits.HEAD_SIZE), b"")


def _looked_into(chunks: Iterable[bytes]) -> tuple[bytes, io.BufferedReader]:
    """The beginning of a stream, and the stream from its beginning; works for pipes, which cannot go back."""
    rest = iter(chunks)
    parts: list[bytes] = []
    missing = limits.HEAD_SIZE
    flaw: list[Unusable] = []
    while missing > 0:
        try:
            chunk = next(rest, None)
        except Unusable as damage:  # comes again when what stands before it was read
            flaw.append(damage)
            break
        if chunk is None:
            break
        parts.append(chunk)
        missing -= len(chunk)
    start = b"".join(parts)
    if flaw and not start.strip():
        raise flaw[0]
    return start[: limits.HEAD_SIZE], _stream(chain([start], _raised(flaw), rest))


def _raised(flaws: list[Unusable]) -> Iterator[bytes]:
    for flaw in flaws:
        raise flaw
    yield from ()


def _stream(chunks: Iterable[bytes]) -> io.BufferedReader:
    return io.BufferedReader(_ByteStream(chunks), limits.HEAD_SIZE)


class _ByteStream(io.RawIOBase):
    """A byte stream made of chunks."""

    def __init__(self, chunks: Iterable[bytes]) -> None:
        self._chunks = iter(chunks)
        self._left = memoryview(b"")

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: WriteableBuffer) -> int:
        while not self._left:
            chunk = next(self._chunks, None)
            if chunk is None:
                return 0
            self._left = memoryview(chunk)
        view = memoryview(buffer).cast("B")
        length = min(len(view), len(self._left))
        view[:length] = self._left[:length]
        self._left = self._left[length:]
        return length
