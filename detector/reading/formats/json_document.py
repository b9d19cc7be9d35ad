"""JSON documents: a list of records, one record, or a list in a field such as "articles"; several may follow."""

from __future__ import annotations

from collections.abc import Iterator

from detector.reading.decoding.opening import read_chunks, text_encoding, to_utf_8
from detector.reading.formats.json_splitter import split_records
from detector.reading.formats.json_values import is_json, parse_json
from detector.reading.source import Content, Format, Record, Unusable
from detector.records import Rejected


def read(content: Content) -> Iterator[Record | Rejected]:
    """The records of the document, numbered from 1; a bad one costs only itself."""
    encoding = text_encoding(content)
    chunks = read_chunks(content.stream) if encoding == "utf-8" else to_utf_8(content.stream, encoding)
    for raw in split_records(chunks, content.offset):
        try:
            yield Record(content.source, raw.number, parse_json(raw.text().strip()))
        except Unusable as error:
            yield content.source.rejected(str(error), raw.number)


FORMAT = Format("JSON", (".json",), is_json, read)
