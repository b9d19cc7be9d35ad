"""Text files: the file is the text of one article, and its name is the id."""

from __future__ import annotations

from collections.abc import Iterator

from detector.reading.decoding.opening import decode_text, text_encoding
from detector.reading.source import Content, Format, Record
from detector.records import Rejected


def read(content: Content) -> Iterator[Record | Rejected]:
    """The single record of a text file. The text stays as it is; no title is guessed."""
    data = content.read_all("text")
    if data.strip():
        yield Record(content.source, None, {"text": decode_text(data, content.offset, text_encoding(content))})


FORMAT = Format("text", (".txt", ".md", ".text"), recognizes=lambda content: False, read=read)
