"""JSON documents: a list of records, one record, or a list under a name such as "articles"."""

from __future__ import annotations

from collections.abc import Iterator

from detector.reading import limits
from detector.reading.json_values import is_json, parsed, wrapped
from detector.reading.opening import decoded
from detector.reading.raw import Content, Format, Record, Unusable
from detector.reading.wording import size
from detector.records import Rejected


def read(content: Content) -> Iterator[Record | Rejected]:
    """The records of the document, numbered from 1."""
    data = content.stream.read(limits.DOCUMENT_LIMIT + 1)
    if len(data) > limits.DOCUMENT_LIMIT:
        raise Unusable(f"a JSON document over {size(limits.DOCUMENT_LIMIT)}: make it JSON Lines, one record a line")
    value = parsed(decoded(data, content.offset))
    records = value if isinstance(value, list) else wrapped(value)
    for number, record in enumerate([value] if records is None else records, start=1):
        yield Record(content.place, number, record)


FORMAT = Format("JSON", (".json",), fits=is_json, read=read)
