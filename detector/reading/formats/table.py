"""CSV and TSV: the first line names the columns; what separates them is told by the names.

Excel's line "sep=;" before the header is understood.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator

from detector.reading.decoding import limits
from detector.reading.decoding.guessing import decoded_as
from detector.reading.decoding.lines import Piece, lines
from detector.reading.decoding.opening import misread
from detector.reading.mapping.messages import size
from detector.reading.source import Content, Format, Record, Unusable
from detector.records import Rejected

# The last two are Hive's and ASCII's own. A colon stands in too many first lines of prose.
_DELIMITERS = (",", "\t", ";", "|", "^", "~", "¦", "\x01", "\x1f")
_SEPARATOR_LINE = re.compile(r"\Asep=(.)\r?\n", re.IGNORECASE)
_SAMPLE_ROWS = 20


def read(content: Content) -> Iterator[Record | Rejected]:
    """The rows below the header, numbered from 1; rows of empty cells are none."""
    # The limit is the process's, and its default of 128 KiB cuts off long articles: it is only ever raised.
    csv.field_size_limit(max(csv.field_size_limit(), limits.RECORD_LIMIT))
    header: list[str] | None = None
    number = 0
    for row in _rows(content):
        if header is None:
            header = _header(content, row)
            continue
        number += 1
        if isinstance(row, str):
            yield content.place.rejected(row, number)
        elif any(row[len(header) :]):
            yield content.place.rejected(_too_many(row, header), number)
        else:
            yield Record(content.place, number, dict(zip(header, row, strict=False)))


def fits(content: Content) -> bool:
    """Whether the first line names two article fields or more, the text or the title among them."""
    head = _SEPARATOR_LINE.sub("", content.head_text).lstrip("\r\n ")
    known = content.names.known(_cells(head, _delimiter(content)))
    return len(known) > 1 and bool(known & {"text", "title"})


def _rows(content: Content) -> Iterator[list[str] | str]:
    """Each row that is not blank, or the reason why it could not be read."""
    source = lines(content)
    if _SEPARATOR_LINE.match(content.head_text):
        next(source)
    feed = _Feed(source)
    rows = csv.reader(feed, delimiter=_delimiter(content))
    while True:
        feed.begin_row()
        try:
            row = next(rows)
        except StopIteration:
            return
        except Unusable as flaw:
            yield str(flaw)
        except csv.Error as error:
            yield f"malformed row: {error}"
        else:
            if feed.flaw or feed.ended:
                yield feed.flaw or "a quotation mark is opened and never closed; the rest of the file stands inside"
            elif any(cell.strip() for cell in row):
                yield row


class _Feed:
    """The lines the parser asks for. Knows what the present row has taken, so that no row grows without bound."""

    def __init__(self, source: Iterator[Piece]) -> None:
        self._source = source
        self.begin_row()

    def begin_row(self) -> None:
        self._taken = 0
        self.flaw: str | None = None
        self.ended = False

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = next(self._source, None)
        if line is None:
            self.ended = True  # where a row comes of it all the same, the file has ended between quotation marks
            raise StopIteration
        data = line.bytes()
        self._taken += len(data)
        if self._taken > limits.RECORD_LIMIT:
            raise Unusable(f"the row is longer than {size(limits.RECORD_LIMIT)}: is a quotation mark not closed?")
        try:
            return decoded_as(data, line.encoding)
        except UnicodeDecodeError as error:
            self.flaw = self.flaw or misread(data, line.offset, error)
            return data.decode(line.encoding, "replace")


def _header(content: Content, row: list[str] | str) -> list[str]:
    if isinstance(row, str):
        raise Unusable(f"the header: {row}")
    header = [cell.strip() for cell in row]
    if problem := content.names.without_text(header):
        raise Unusable(f"{problem} (the first line has to name the columns)")
    return header


def _too_many(row: list[str], header: list[str]) -> str:
    return f"{len(row)} cells where the header has {len(header)}: put cells with the delimiter in quotation marks"


def _delimiter(content: Content) -> str:
    """The delimiter that makes the first line name the most article fields; then that with the most whole rows."""
    if found := _SEPARATOR_LINE.match(content.head_text):
        return found[1]
    head = content.head_text.lstrip("\r\n ")
    present = [delimiter for delimiter in _DELIMITERS if delimiter in head.partition("\n")[0]]
    known = {delimiter: len(content.names.known(_cells(head, delimiter))) for delimiter in present}
    best = [delimiter for delimiter in present if known[delimiter] == max(known.values())]
    return best[0] if len(best) == 1 else max(best, key=lambda delimiter: _whole_rows(head, delimiter), default=",")


def _whole_rows(head: str, delimiter: str) -> int:
    """How many of the first rows have as many cells as the header, if that has several."""
    width = len(_cells(head, delimiter))
    return sum(len(_cells(row, delimiter)) == width > 1 for row in head.split("\n", _SAMPLE_ROWS)[1:_SAMPLE_ROWS])


def _cells(text: str, delimiter: str) -> list[str]:
    """The cells of the first line."""
    try:
        return [cell.strip() for cell in next(csv.reader([text.partition("\n")[0]], delimiter=delimiter), [])]
    except csv.Error:
        return []


FORMAT = Format("CSV", (".csv", ".tsv", ".tab"), fits, read)
