"""CSV and TSV: the first line names the columns; the delimiter is the one that gives the most known names.

A line "sep=;" before the header, as written by Excel, is understood.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator

from detector.reading.decoding import limits
from detector.reading.decoding.guessing import decode_as
from detector.reading.decoding.lines import RawRecord, read_lines
from detector.reading.decoding.opening import decoding_problem
from detector.reading.mapping.messages import size
from detector.reading.source import Content, Format, Record, Unusable
from detector.records import Rejected

# The last two are those of Hive and ASCII. A colon is left out because it is common in the first lines of prose.
_DELIMITERS = (",", "\t", ";", "|", "^", "~", "¦", "\x01", "\x1f")
_SEPARATOR_LINE = re.compile(r"\Asep=(.)\r?\n", re.IGNORECASE)
_SAMPLE_ROWS = 20


def read(content: Content) -> Iterator[Record | Rejected]:
    """The rows below the header, numbered from 1. Empty rows are skipped."""
    # The limit applies to the process, and its default of 128 KiB rejects long articles. It is only ever raised.
    csv.field_size_limit(max(csv.field_size_limit(), limits.RECORD_LIMIT))
    header: list[str] | None = None
    number = 0
    for row in _table_rows(content):
        if header is None:
            header = _header(content, row)
            continue
        number += 1
        if isinstance(row, str):
            yield content.source.rejected(row, number)
        elif any(row[len(header) :]):
            yield content.source.rejected(_too_many(row, header), number)
        else:
            yield Record(content.source, number, dict(zip(header, row, strict=False)))


def recognizes(content: Content) -> bool:
    """Whether the first line names at least two article fields, including the text or the title."""
    head = _SEPARATOR_LINE.sub("", content.head_text).lstrip("\r\n ")
    known = content.names.fields_of(_cells(head, _delimiter(content)))
    return len(known) > 1 and bool(known & {"text", "title"})


def _table_rows(content: Content) -> Iterator[list[str] | str]:
    """Each row that is not blank, or the reason why it could not be read."""
    lines = read_lines(content)
    if _SEPARATOR_LINE.match(content.head_text):
        next(lines)
    row_lines = _RowLines(lines)
    rows = csv.reader(row_lines, delimiter=_delimiter(content))
    while True:
        row_lines.begin_row()
        try:
            row = next(rows)
        except StopIteration:
            return
        except Unusable as error:
            yield str(error)
        except csv.Error as error:
            yield f"malformed row: {error}"
        else:
            if row_lines.problem or row_lines.ended:
                yield row_lines.problem or "a quotation mark is never closed; the rest of the file is part of this row"
            elif any(cell.strip() for cell in row):
                yield row


class _RowLines:
    """Passes lines to the parser, and limits the bytes of one row."""

    def __init__(self, lines: Iterator[RawRecord]) -> None:
        self._lines = lines
        self.begin_row()

    def begin_row(self) -> None:
        self._row_bytes = 0
        self.problem: str | None = None
        self.ended = False

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = next(self._lines, None)
        if line is None:
            self.ended = True  # if the parser returns a row all the same, the file ended inside quotation marks
            raise StopIteration
        data = line.bytes()
        self._row_bytes += len(data)
        if self._row_bytes > limits.RECORD_LIMIT:
            raise Unusable(f"the row is longer than {size(limits.RECORD_LIMIT)}: is a quotation mark not closed?")
        try:
            return decode_as(data, line.encoding)
        except UnicodeDecodeError as error:
            self.problem = self.problem or decoding_problem(data, line.offset, error)
            return data.decode(line.encoding, "replace")


def _header(content: Content, row: list[str] | str) -> list[str]:
    if isinstance(row, str):
        raise Unusable(f"the header: {row}")
    header = [cell.strip() for cell in row]
    if problem := content.names.header_problem(header):
        raise Unusable(f"{problem} (the first line must name the columns)")
    return header


def _too_many(row: list[str], header: list[str]) -> str:
    return f"{len(row)} cells where the header has {len(header)}: put cells with the delimiter in quotation marks"


def _delimiter(content: Content) -> str:
    """The delimiter that gives the first line the most known names; of several, the one with the most complete rows."""
    if match := _SEPARATOR_LINE.match(content.head_text):
        return match[1]
    head = content.head_text.lstrip("\r\n ")
    present = [delimiter for delimiter in _DELIMITERS if delimiter in head.partition("\n")[0]]
    known = {delimiter: len(content.names.fields_of(_cells(head, delimiter))) for delimiter in present}
    best = [delimiter for delimiter in present if known[delimiter] == max(known.values())]
    return best[0] if len(best) == 1 else max(best, key=lambda delimiter: _complete_rows(head, delimiter), default=",")


def _complete_rows(head: str, delimiter: str) -> int:
    """How many of the first rows have as many cells as the header, 0 if the header has only one."""
    width = len(_cells(head, delimiter))
    return sum(len(_cells(row, delimiter)) == width > 1 for row in head.split("\n", _SAMPLE_ROWS)[1:_SAMPLE_ROWS])


def _cells(text: str, delimiter: str) -> list[str]:
    """The cells of the first line."""
    try:
        return [cell.strip() for cell in next(csv.reader([text.partition("\n")[0]], delimiter=delimiter), [])]
    except csv.Error:
        return []


FORMAT = Format("CSV", (".csv", ".tsv", ".tab"), recognizes, read)
