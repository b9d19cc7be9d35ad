"""Zip archives: the files inside are read like those of a folder. Nothing is extracted; no name is used as a path."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Iterator
from itertools import chain
from typing import BinaryIO, cast

from detector.reading.decoding import limits
from detector.reading.decoding.compression import check_expansion, detect_compression
from detector.reading.decoding.opening import make_content, read_chunks, seekable_file
from detector.reading.mapping.messages import escaped, size
from detector.reading.source import Content, Source, Unusable
from detector.records import Rejected

_MAGIC = b"PK\x03\x04"
_END = b"PK\x05\x06"
# Files by which documents of Office and OpenDocument are detected.
_OFFICE_FILES = frozenset(("[Content_Types].xml", "mimetype"))


def is_zip(content: Content) -> bool:
    """Whether the file is certainly a zip archive."""
    return content.head.startswith((_MAGIC, _END))


def files_in(content: Content) -> Iterator[Content | Rejected]:
    """The files of the archive, sorted by name, without hidden ones; `Rejected` for a file that cannot be read.

    Raises `Unusable` if the archive itself cannot be read.
    """
    with seekable_file(content) as file:
        try:
            archive = zipfile.ZipFile(cast(BinaryIO, _BoundedReads(file)))
        except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError):
            raise Unusable("broken zip archive: its list of files, at the end, is damaged") from None
        entries = sorted(archive.infolist(), key=lambda entry: entry.filename)
        if any(entry.filename in _OFFICE_FILES for entry in entries):
            raise Unusable("an office document: save its table as CSV, or its text as plain text")
        files = [entry for entry in entries if not entry.is_dir() and not _is_hidden(entry.filename)]
        if not files:
            raise Unusable("empty archive: no files in it")
        budget = _Budget()
        for entry in files:
            name = entry.filename.rpartition("/")[2]
            source = Source(f"{content.source.shown}/{escaped(entry.filename)}", escaped(name))
            yield _open_entry(archive, entry, source, content, budget)


def _is_hidden(name: str) -> bool:
    return any(part.startswith((".", "__")) and part not in (".", "..") for part in name.split("/"))


class _BoundedReads:
    """The file of an archive. `zipfile` reads the list of files at once; this keeps it from filling the memory."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self.seek, self.tell, self.seekable = file.seek, file.tell, file.seekable

    def read(self, length: int = -1) -> bytes:
        if length > limits.DIRECTORY_LIMIT:
            raise Unusable(f"zip archive whose list of files is larger than {size(limits.DIRECTORY_LIMIT)}: unpack it")
        return self._file.read(length)


class _Budget:
    """The bytes of all files of an archive together."""

    def __init__(self) -> None:
        self.compressed = self.decompressed = 0


def _open_entry(
    archive: zipfile.ZipFile, entry: zipfile.ZipInfo, source: Source, content: Content, budget: _Budget
) -> Content | Rejected:
    if entry.flag_bits & 1:
        return source.rejected("locked with a password: unpack the archive")
    try:
        return make_content(source, content.names, _decompress_entry(archive, entry, budget), content.warn)
    except Unusable as error:
        return source.rejected(str(error))


def _decompress_entry(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, budget: _Budget) -> Iterator[bytes]:
    try:
        budget.compressed += entry.compress_size
        with archive.open(entry) as file:
            chunks = read_chunks(cast(io.BufferedReader, file))
            first = next(chunks, b"")
            if detect_compression(first) or first.startswith(_MAGIC):
                raise Unusable("a compressed file inside an archive: unpack the archive")
            for chunk in chain([first], chunks):
                budget.decompressed += len(chunk)
                check_expansion(budget.compressed, budget.decompressed)
                yield chunk
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError):
        raise Unusable("broken zip archive: data after the damage in this file could not be read") from None
    except (NotImplementedError, RuntimeError):
        raise Unusable("compressed in an unsupported way: unpack the archive") from None
