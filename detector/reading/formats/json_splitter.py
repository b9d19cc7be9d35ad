"""Splits a JSON document of any size into its records without parsing it, by brackets and quotation marks alone.

So a damaged record costs only itself, wherever it is, and at most one record is held in memory.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from detector.reading.decoding import limits
from detector.reading.decoding.lines import RawRecord
from detector.reading.formats.json_values import WRAPPERS
from detector.reading.source import Unusable

_MARK = re.compile(rb'["{}\[\],]')

# Two rules limit the damage of a missing or surplus quotation mark to one record. A string ends at a line break, since
# JSON strings contain none. A string starts only after a bracket, comma, colon or white space, so a surplus mark inside
# a text does not turn the rest of the document inside out.
_BEFORE_STRING = b"[{,: \t\r\n"

# Characters inside a string up to its closing quotation mark, a line break or the end of the chunk. A backslash takes
# the next character with it. "++" and "*+" match without backtracking, which keeps the time linear.
_STRING_CONTENT = rb'(?:[^"\\\n]++|\\.)*+'
_IN_STRING = re.compile(_STRING_CONTENT, re.DOTALL)

# Complete strings and everything else that is neither a quotation mark nor a bracket: skipped inside a record, where
# only brackets matter.
_UP_TO_BRACKET = re.compile(rb'(?:[^"{}\[\]]++|(?<=[\[{,:\s])"' + _STRING_CONTENT + rb'")*+', re.DOTALL)

_WRAPPER_NAMES = frozenset(name.encode() for name in WRAPPERS)
_LONGEST_NAME = max(map(len, _WRAPPER_NAMES))


def split_records(chunks: Iterable[bytes], offset: int) -> Iterator[RawRecord]:
    """The elements of the lists of records in a document. offset: of the first chunk in the file.

    Lists of records are those at the top level, and those in a field of `WRAPPERS`, also inside an object in such a
    field. A top-level value without such a list is a record itself. Raises `Unusable` if the document ends between two
    records.
    """
    splitter = _Splitter(offset)
    for chunk in chunks:
        yield from splitter.split(chunk)
    yield from splitter.end()


class _Splitter:
    """Follows the brackets of the document. The depth is the number of open brackets."""

    def __init__(self, offset: int) -> None:
        self._offset = offset  # of the current chunk
        self._last = b""  # last byte of the previous chunk
        self._depth = 0
        self._in_string = self._after_backslash = False
        self._wrapper_depth = 0  # depth of the object whose fields may hold a list of records
        self._name = b""  # last string at that depth
        self._list_depth: int | None = None  # depth of the elements of the current list of records
        self._is_holding = True  # false between the brackets around a list of records
        self._held = bytearray()  # the current record, one byte more than the limit at most
        self._start = offset
        self._number = 0

    def split(self, chunk: bytes) -> Iterator[RawRecord]:
        """The records that end in this chunk."""
        begin = 0  # of what is not yet in self._held
        at, self._after_backslash = int(self._after_backslash), False
        while at < len(chunk):
            if self._in_string:
                at = self._skip_string(chunk, at)
                continue
            if self._depth > (self._wrapper_depth if self._list_depth is None else self._list_depth):
                at = _match_end(_UP_TO_BRACKET, chunk, at)
            match = _MARK.search(chunk, at)
            if match is None:
                break
            mark, at = match[0], match.end()
            if mark == b'"':
                before = chunk[at - 2 : at - 1] if at > 1 else self._last
                self._in_string = before in _BEFORE_STRING
                self._name = b""
                continue
            if cut := self._cut_at(mark, match.start(), at):
                end, next_begin = cut
                self._hold(chunk[begin:end])
                yield from self._take_record(self._offset + next_begin)
                self._is_holding = self._list_depth is not None or self._depth == 0 or mark == b"{"
                begin = next_begin
        self._hold(chunk[begin:])
        self._offset += len(chunk)
        self._last = chunk[-1:]

    def end(self) -> Iterator[RawRecord]:
        """The last record if the document ends inside it; `Unusable` if it ends between two records."""
        inside_record = self._is_holding and self._depth > (self._list_depth or 0)
        yield from self._take_record(self._offset)
        if self._depth and not inside_record:
            raise Unusable("the JSON document ends early: what follows is missing")

    def _cut_at(self, mark: bytes, start: int, end: int) -> tuple[int, int] | None:
        """Processes a bracket or comma at `start` to `end`; returns where a record ends and the next begins, if so."""
        depth = self._depth
        if mark == b",":
            return (start, end) if depth == (self._list_depth or 0) else None
        if mark in b"[{":
            self._depth += 1
            return None if self._list_depth is not None else self._cut_at_opening(mark, start, end)
        if depth == 0 or (depth == self._list_depth and mark == b"}"):
            return None  # a surplus bracket damages only its own record
        self._depth -= 1
        self._wrapper_depth = min(self._wrapper_depth, self._depth)
        if depth == self._list_depth:
            self._list_depth = None
            return start, end
        return (end, end) if self._depth == 0 and self._list_depth is None else None

    def _cut_at_opening(self, mark: bytes, start: int, end: int) -> tuple[int, int] | None:
        is_outermost = self._depth == 1
        is_named = self._depth == self._wrapper_depth + 1 and self._name in _WRAPPER_NAMES
        if mark == b"[" and (is_outermost or is_named):
            self._is_holding = is_outermost
            self._list_depth = self._depth
            return start, end
        if is_outermost or is_named:
            self._wrapper_depth = self._depth
        return (start, start) if is_outermost else None

    def _skip_string(self, chunk: bytes, start: int) -> int:
        """The position after the string, or after the chunk if it ends first."""
        at = _match_end(_IN_STRING, chunk, start)
        if self._list_depth is None and self._depth == self._wrapper_depth:
            self._name = (self._name + chunk[start:at])[: _LONGEST_NAME + 1]
        self._after_backslash = chunk[at:] == b"\\"
        self._in_string = at == len(chunk) or self._after_backslash
        return at + 1

    def _hold(self, data: bytes) -> None:
        if self._is_holding:
            self._held += data[: limits.RECORD_LIMIT + 1 - len(self._held)]

    def _take_record(self, next_start: int) -> Iterator[RawRecord]:
        """What is held, unless it is empty."""
        if self._is_holding and self._held.strip():
            self._number += 1
            is_complete = len(self._held) <= limits.RECORD_LIMIT
            yield RawRecord(self._number, self._start, bytes(self._held) if is_complete else None, "utf-8")
        self._held.clear()
        self._start = next_start


def _match_end(pattern: re.Pattern[bytes], chunk: bytes, start: int) -> int:
    """Where the match of a pattern ends; `start` if it does not match."""
    match = pattern.match(chunk, start)
    return start if match is None else match.end()
