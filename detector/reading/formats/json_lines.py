"""JSON Lines: one record a line; a bad line costs only itself."""

from __future__ import annotations

from collections.abc import Iterator

from detector.reading.decoding.lines import lines
from detector.reading.formats.json_values import is_json, is_one_a_line, parsed
from detector.reading.source import Content, Format, Record, Unusable
from detector.records import Rejected

_SUFFIXES = (".jsonl", ".ndjson")


def read(content: Content) -> Iterator[Record | Rejected]:
    """The records, numbered by their line; blank lines are none."""
    for line in lines(content):
        if line.data is not None and not line.data.strip():
            continue
        try:
            yield Record(content.place, line.number, parsed(line.text().rstrip("\r\n")))
        except Unusable as flaw:
            yield content.place.rejected(str(flaw), line.number)


def fits(content: Content) -> bool:
    """Whether the file begins with a JSON object that ends in its line."""
    return is_json(content) and (content.suffix in _SUFFIXES or is_one_a_line(content))


FORMAT = Format("JSON Lines", _SUFFIXES, fits, read)
