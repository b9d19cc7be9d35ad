"""Text files: the whole file is one article's text, the file name its id."""

from __future__ import annotations

from collections.abc import Iterator

from detector.reading.decoding.opening import decoded, text_encoding
from detector.reading.source import Content, Format, Record
from detector.records import Rejected


def read(content: Content) -> Iterator[Record | Rejected]:
    """The one record of a text file; its text is as it came, the title is not guessed."""
    data = content.whole("text")
    if data.strip():
        yield Record(content.place, None, {"text": decoded(data, content.offset, text_encoding(content))})


FORMAT = Format("text", (".txt", ".md", ".text"), fits=lambda content: False, read=read)
