"""The formats that are read, and how the format of a file is told: by its content, then by its name."""

from __future__ import annotations

from detector.reading import json_document, json_lines, table, text
from detector.reading.raw import Content, Format, Unusable

FORMATS: tuple[Format, ...] = (
    json_lines.FORMAT,
    json_document.FORMAT,
    table.FORMAT,
    text.FORMAT,
)
"""In the order in which they are tried."""


def format_of(content: Content) -> Format:
    """The format of a file; without any sign it is text if the name has no ending. Raises `Unusable`."""
    for format in FORMATS:
        if format.fits(content):
            return format
    if b"\x00" in content.head:
        raise Unusable("a binary file, not text (or UTF-16 without its mark: save it as UTF-8)")
    for format in FORMATS:
        if content.suffix in format.suffixes:
            return format
    if content.suffix:
        known = " ".join(suffix for format in FORMATS for suffix in format.suffixes)
        raise Unusable(f"not a format that is read; there are {known}, and .gz of each")
    return text.FORMAT
