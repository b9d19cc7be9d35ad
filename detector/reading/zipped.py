"""Zip archives: the files inside, as if they lay in a folder. Nothing is unpacked to the disk, no name is a path."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Iterator
from itertools import chain
from typing import BinaryIO, cast

from detector.reading.decoding import limits
from detector.reading.decoding.compression import check_growth, packing_of
from detector.reading.decoding.opening import chunks_of, content_of, sought
from detector.reading.mapping.messages import escaped, size
from detector.reading.source import Content, Place, Unusable
from detector.records import Rejected

_MAGIC = b"PK\x03\x04"
_END = b"PK\x05\x06"
# What Office and OpenDocument files are told by.
_DOCUMENTS = frozenset(("[Content_Types].xml", "mimetype"))


def is_zip(content: Content) -> bool:
    """Whether the file is a zip archive for certain."""
    return content.head.startswith((_MAGIC, _END))


def files_in(content: Content) -> Iterator[Content | Rejected]:
    """The files of the archive, sorted by their names, without hidden ones; `Rejected` for one that cannot be read.

    Raises `Unusable` where the archive itself cannot.
    """
    with sought(content) as file:
        try:
            archive = zipfile.ZipFile(cast(BinaryIO, _Bounded(file)))
        except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError):
            raise Unusable("a broken zip archive: its list of files, which stands at the end, is damaged") from None
        entries = sorted(archive.infolist(), key=lambda entry: entry.filename)
        if any(entry.filename in _DOCUMENTS for entry in entries):
            raise Unusable("an office document: save its table as CSV, or its text as plain text")
        files = [entry for entry in entries if not entry.is_dir() and not _is_hidden(entry.filename)]
        if not files:
            raise Unusable("an empty archive: there is no file in it")
        budget = _Budget()
        for entry in files:
            name = entry.filename.rpartition("/")[2]
            place = Place(f"{content.place.shown}/{escaped(entry.filename)}", escaped(name))
            yield _opened(archive, entry, place, content, budget)


def _is_hidden(name: str) -> bool:
    return any(part.startswith((".", "__")) and part not in (".", "..") for part in name.split("/"))


class _Bounded:
    """The file of an archive, whose list of files is read in one go and must not fill the memory."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self.seek, self.tell, self.seekable = file.seek, file.tell, file.seekable

    def read(self, length: int = -1) -> bytes:
        if length > limits.DIRECTORY_LIMIT:
            raise Unusable(f"a zip archive with a list of files over {size(limits.DIRECTORY_LIMIT)}: unpack it")
        return self._file.read(length)


class _Budget:
    """What all files of an archive may come to together."""

    def __init__(self) -> None:
        self.packed = self.given = 0


def _opened(
    archive: zipfile.ZipFile, entry: zipfile.ZipInfo, place: Place, content: Content, budget: _Budget
) -> Content | Rejected:
    if entry.flag_bits & 1:
        return place.rejected("locked with a password: unpack the archive")
    try:
        return content_of(place, content.names, _unpacked(archive, entry, budget))
    except Unusable as flaw:
        return place.rejected(str(flaw))


def _unpacked(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, budget: _Budget) -> Iterator[bytes]:
    try:
        budget.packed += entry.compress_size
        with archive.open(entry) as file:
            chunks = chunks_of(cast(io.BufferedReader, file))
            first = next(chunks, b"")
            if packing_of(first) or first.startswith(_MAGIC):
                raise Unusable("a packed file inside an archive: unpack the archive")
            for chunk in chain([first], chunks):
                budget.given += len(chunk)
                check_growth(budget.packed, budget.given)
                yield chunk
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError):
        raise Unusable("a broken zip archive: what stands behind the damage in this file is lost") from None
    except (NotImplementedError, RuntimeError):
        raise Unusable("packed in a way that cannot be read: unpack the archive") from None
