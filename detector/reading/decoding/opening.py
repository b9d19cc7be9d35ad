"""Opens a source as a stream of bytes: decompressed, without byte order mark, UTF-16 and UTF-32 converted to UTF-8.

Everything is streamed, so readers of formats see the same kind of stream whatever the size of the file.
"""

from __future__ import annotations

import codecs
import io
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from itertools import chain
from typing import TYPE_CHECKING, BinaryIO, cast

from detector.reading.decoding import limits
from detector.reading.decoding.compression import decompress, detect_compression
from detector.reading.decoding.guessing import decode_as, encoding_label, guess_unmarked_utf
from detector.reading.mapping.fields import FieldNames
from detector.reading.mapping.messages import size
from detector.reading.source import Content, Source, Unusable

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

STDIN = Source("-", "stdin")

# UTF-32 before UTF-16, because the little-endian mark of UTF-32 starts with that of UTF-16.
_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)


@contextmanager
def open_source(source: Source, names: FieldNames, warn: Callable[[str], None]) -> Iterator[Content]:
    """The content of a file, or of standard input if the source has no path.

    Raises OSError if it cannot be read and, while it is read, `Unusable` for damaged compression, UTF-16 or UTF-32.
    """
    if source.path is None:
        yield make_content(source, names, read_chunks(cast(io.BufferedReader, sys.stdin.buffer)), warn)
    else:
        with source.path.open("rb") as file:
            yield make_content(source, names, read_chunks(file), warn, file if file.seekable() else None)


def make_content(
    source: Source,
    names: FieldNames,
    chunks: Iterable[bytes],
    warn: Callable[[str], None],
    file: BinaryIO | None = None,
) -> Content:
    """The content made of chunks of bytes. file: where they come from, if it is seekable."""
    head, stream = _peek(chunks)
    if compression := detect_compression(head):
        file = None
        head, stream = _peek(decompress(compression, read_chunks(stream)))
    for mark, encoding in _MARKS:
        if head.startswith(mark):
            stream.read(len(mark))
            if encoding != "utf-8":
                stream = _buffered(to_utf_8(stream, encoding, len(mark)))
            head, stream = _peek(read_chunks(stream))
            return Content(source, names, stream, head, len(mark), warn=warn)
    if guess := guess_unmarked_utf(head):
        warn(_guess_message(source, guess))
        head, stream = _peek(to_utf_8(stream, guess))
        file = None
    return Content(source, names, stream, head, 0, file, warn)


@contextmanager
def seekable_file(content: Content) -> Iterator[BinaryIO]:
    """The content as a seekable file; it is copied to an unnamed temporary file if necessary.

    Raises `Unusable` if the copy would be larger than `SPOOL_LIMIT`.
    """
    if content.file is not None:
        yield content.file
        return
    with tempfile.TemporaryFile() as file:
        for chunk in read_chunks(content.stream):
            file.write(chunk)
            if file.tell() > limits.SPOOL_LIMIT:
                raise Unusable(f"larger than {size(limits.SPOOL_LIMIT)}: decompress the file and give its path")
        file.seek(0)
        yield file


def text_encoding(content: Content) -> str:
    """The codec of a text whose format declares none. Warns if it was guessed."""
    if content.encoding != "utf-8":
        content.warn(_guess_message(content.source, content.encoding))
    return content.encoding


def decode_text(data: bytes, offset: int, encoding: str = "utf-8") -> str:
    """The text of bytes that start at `offset` in the file. Raises `Unusable` with the offset of a bad byte."""
    try:
        return decode_as(data, encoding)
    except UnicodeDecodeError as error:
        raise Unusable(decoding_problem(data, offset, error)) from None


def decoding_problem(data: bytes, offset: int, error: UnicodeDecodeError) -> str:
    """The reason to reject bytes that are not in the encoding of their file."""
    return (
        f"not {encoding_label(error.encoding)} at byte {offset + error.start} (0x{data[error.start]:02x}): "
        "save the file as UTF-8"
    )


def to_utf_8(stream: io.BufferedReader, encoding: str, offset: int = 0) -> Iterator[bytes]:
    """A stream in another encoding converted to UTF-8. Raises `Unusable` at a bad byte, after everything before it."""
    decoder = codecs.getincrementaldecoder(encoding)()
    end = offset
    while True:
        chunk = stream.read1(limits.HEAD_SIZE)
        end += len(chunk)
        try:
            yield decoder.decode(chunk, final=not chunk).encode("utf-8")
        except UnicodeDecodeError as error:
            yield error.object[: error.start].decode(encoding).encode("utf-8")
            position = end - len(error.object) + error.start
            raise Unusable(f"not {encoding_label(encoding)} at byte {position}: save the file as UTF-8") from None
        if not chunk:
            return


def _guess_message(source: Source, encoding: str) -> str:
    return (
        f"{source.shown} declares no encoding; decoded as {encoding_label(encoding)} (guessed). If it looks wrong, "
        "save it as UTF-8."
    )


def read_chunks(file: io.BufferedReader) -> Iterator[bytes]:
    """The bytes of a file as they become available, so that damage loses nothing that was read before it."""
    return iter(lambda: file.read1(limits.HEAD_SIZE), b"")


def _peek(chunks: Iterable[bytes]) -> tuple[bytes, io.BufferedReader]:
    """The head of a stream, and the stream from its beginning. Works for pipes, which cannot seek."""
    rest = iter(chunks)
    parts: list[bytes] = []
    missing = limits.HEAD_SIZE
    errors: list[Unusable] = []
    while missing > 0:
        try:
            chunk = next(rest, None)
        except Unusable as error:  # raised again once everything before the damage has been read
            errors.append(error)
            break
        if chunk is None:
            break
        parts.append(chunk)
        missing -= len(chunk)
    start = b"".join(parts)
    if errors and not start.strip():
        raise errors[0]
    return start[: limits.HEAD_SIZE], _buffered(chain([start], _raising(errors), rest))


def _raising(errors: list[Unusable]) -> Iterator[bytes]:
    """No bytes; raises the first of the errors, if there are any."""
    for error in errors:
        raise error
    yield from ()


def _buffered(chunks: Iterable[bytes]) -> io.BufferedReader:
    return io.BufferedReader(_ChunkStream(chunks), limits.HEAD_SIZE)


class _ChunkStream(io.RawIOBase):
    """A byte stream made of chunks."""

    def __init__(self, chunks: Iterable[bytes]) -> None:
        self._chunks = iter(chunks)
        self._rest = memoryview(b"")

    def readable(self) -> bool:
        """Always true."""
        return True

    def readinto(self, buffer: WriteableBuffer) -> int:
        """Fill the buffer with the next bytes; returns how many there were, 0 at the end."""
        while not self._rest:
            chunk = next(self._chunks, None)
            if chunk is None:
                return 0
            self._rest = memoryview(chunk)
        view = memoryview(buffer).cast("B")
        length = min(len(view), len(self._rest))
        view[:length] = self._rest[:length]
        self._rest = self._rest[length:]
        return length
