"""The records of a JSON document of any size, found without parsing it: by brackets and quotation marks alone.

So a record that is damaged costs only itself, wherever it stands, and never more than one record is held.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from detector.reading.decoding import limits
from detector.reading.decoding.lines import Piece
from detector.reading.formats.json_values import WRAPPERS
from detector.reading.source import Unusable

_MARK = re.compile(rb'["{}\[\],]')
# What damage to a quotation mark costs is no more than its record: no string of JSON holds a line break, so one whose
# end is missing ends there; and none begins behind a letter, so a mark too many in a text does not turn all inside out.
_BEFORE_STRING = b"[{,: \t\r\n"
_IN_STRING = re.compile(rb'(?:[^"\\\n]++|\\.)*+', re.DOTALL)
_UP_TO_BRACKET = re.compile(rb'(?:[^"{}\[\]]++|(?<=[\[{,:\s])"(?:[^"\\\n]++|\\.)*+")*+', re.DOTALL)
_NAMES = frozenset(name.encode() for name in WRAPPERS)
_LONGEST_NAME = max(map(len, _NAMES))


def pieces(chunks: Iterable[bytes], offset: int) -> Iterator[Piece]:
    """The elements of the lists of records in a document, each in a piece with its number and place.

    Lists of records are those at the top and those under one of `WRAPPERS`, in objects under one too. A value at the
    top that holds none is a record itself. Raises `Unusable` where the document breaks off between two records.
    """
    splitter = _Splitter(offset)
    for chunk in chunks:
        yield from splitter.split(chunk)
    yield from splitter.end()


class _Splitter:
    """Goes through the document by its brackets; `depth` is how many are open."""

    def __init__(self, offset: int) -> None:
        self._offset = offset  # of the chunk
        self._last = b""  # byte of the chunk before
        self._depth = 0
        self._in_string = self._after_backslash = False
        self._path = 0  # the depth of the names under which a list of records may stand
        self._name = b""  # the last string there
        self._list: int | None = None  # the depth of the elements of the list of records it is in
        self._holding = True  # not what stands around a list of records
        self._held = bytearray()  # of the record, one byte over the limit at most
        self._start = offset
        self._number = 0

    def split(self, chunk: bytes) -> Iterator[Piece]:
        """The records that end in this chunk."""
        begin = 0  # what stands from here on is not held yet
        at, self._after_backslash = int(self._after_backslash), False
        while at < len(chunk):
            if self._in_string:
                at = self._through_string(chunk, at)
                continue
            if self._depth > (self._path if self._list is None else self._list):
                at = _matched(_UP_TO_BRACKET, chunk, at)
            found = _MARK.search(chunk, at)
            if found is None:
                break
            mark, at = found[0], found.end()
            if mark == b'"':
                self._in_string = (chunk[at - 2 : at - 1] if at > 1 else self._last) in _BEFORE_STRING
                self._name = b""
                continue
            if cut := self._cut_by(mark, found.start(), at):
                end, next_begin = cut
                self._hold(chunk[begin:end])
                yield from self._taken(self._offset + next_begin)
                self._holding = self._list is not None or self._depth == 0 or mark == b"{"
                begin = next_begin
        self._hold(chunk[begin:])
        self._offset += len(chunk)
        self._last = chunk[-1:]

    def end(self) -> Iterator[Piece]:
        """The record that breaks off, if one does; `Unusable` where the document does so between two."""
        inside_record = self._holding and self._depth > (self._list or 0)
        yield from self._taken(self._offset)
        if self._depth and not inside_record:
            raise Unusable("the JSON document breaks off: what stood behind is lost")

    def _cut_by(self, mark: bytes, start: int, end: int) -> tuple[int, int] | None:
        """Takes in a bracket or comma from `start` to `end`; where a record ends by it and the next begins, if so."""
        depth = self._depth
        if mark == b",":
            return (start, end) if depth == (self._list or 0) else None
        if mark in b"[{":
            self._depth += 1
            return None if self._list is not None else self._cut_by_opening(mark, start, end)
        if depth == 0 or (depth == self._list and mark == b"}"):
            return None  # one bracket too many damages the record it stands in
        self._depth -= 1
        self._path = min(self._path, self._depth)
        if depth == self._list:
            self._list = None
            return start, end
        return (end, end) if self._depth == 0 and self._list is None else None

    def _cut_by_opening(self, mark: bytes, start: int, end: int) -> tuple[int, int] | None:
        outermost = self._depth == 1
        named = self._depth == self._path + 1 and self._name in _NAMES
        if mark == b"[" and (outermost or named):
            self._holding = outermost
            self._list = self._depth
            return start, end
        if outermost or named:
            self._path = self._depth
        return (start, start) if outermost else None

    def _through_string(self, chunk: bytes, start: int) -> int:
        """Goes to the end of a string, or of the chunk."""
        at = _matched(_IN_STRING, chunk, start)
        if self._list is None and self._depth == self._path:
            self._name = (self._name + chunk[start:at])[: _LONGEST_NAME + 1]
        self._after_backslash = chunk[at:] == b"\\"
        self._in_string = at == len(chunk) or self._after_backslash
        return at + 1

    def _hold(self, data: bytes) -> None:
        if self._holding:
            self._held += data[: limits.RECORD_LIMIT + 1 - len(self._held)]

    def _taken(self, next_start: int) -> Iterator[Piece]:
        """The record that is held, if it is one."""
        if self._holding and self._held.strip():
            self._number += 1
            whole = len(self._held) <= limits.RECORD_LIMIT
            yield Piece(self._number, self._start, bytes(self._held) if whole else None, "utf-8")
        self._held.clear()
        self._start = next_start


def _matched(pattern: re.Pattern[bytes], chunk: bytes, start: int) -> int:
    """Where the match of a pattern that may match nothing ends."""
    found = pattern.match(chunk, start)
    return start if found is None else found.end()
