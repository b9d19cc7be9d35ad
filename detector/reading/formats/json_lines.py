"""JSON Lines: one record per line; a bad line costs only itself."""

from __future__ import annotations

from collections.abc import Iterator

from detector.reading.decoding.lines import read_lines
from detector.reading.formats.json_values import is_json, is_one_per_line, parse_json
from detector.reading.source import Content, Format, Record, Unusable
from detector.records import Rejected

_SUFFIXES = (".jsonl", ".ndjson")


def read(content: Content) -> Iterator[Record | Rejected]:
    """The records, numbered by their line. Blank lines are skipped."""
    for line in read_lines(content):
        if line.data is not None and not line.data.strip():
            continue
        try:
            yield Record(content.source, line.number, parse_json(line.text().rstrip("\r\n")))
        except Unusable as error:
            yield content.source.rejected(str(error), line.number)


def recognizes(content: Content) -> bool:
    """Whether the file starts with a JSON object on a line of its own."""
    return is_json(content) and (content.suffix in _SUFFIXES or is_one_per_line(content))


FORMAT = Format("JSON Lines", _SUFFIXES, recognizes, read)
