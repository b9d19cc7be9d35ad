"""JSON documents: a list of records, one record, or a list under a name such as "articles"; several may follow."""

from __future__ import annotations

from collections.abc import Iterator

from detector.reading.decoding.opening import chunks_of, recoded, text_encoding
from detector.reading.formats.json_pieces import pieces
from detector.reading.formats.json_values import is_json, parsed
from detector.reading.source import Content, Format, Record, Unusable
from detector.records import Rejected


def read(content: Content) -> Iterator[Record | Rejected]:
    """The records of the document, numbered from 1; a bad one costs only itself."""
    encoding = text_encoding(content)
    chunks = chunks_of(content.stream) if encoding == "utf-8" else recoded(content.stream, encoding)
    for piece in pieces(chunks, content.offset):
        try:
            yield Record(content.place, piece.number, parsed(piece.text().strip()))
        except Unusable as flaw:
            yield content.place.rejected(str(flaw), piece.number)


FORMAT = Format("JSON", (".json",), fits=is_json, read=read)
