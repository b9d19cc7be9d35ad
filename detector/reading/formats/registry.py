"""The formats that are read, and how the format of a file is told: by its content, then by its name."""

from __future__ import annotations

import difflib

from detector.reading.formats import (
    columnar,
    feed,
    html_page,
    json_document,
    json_lines,
    newsml,
    ninjs,
    table,
    text,
    warc,
)
from detector.reading.source import PACKED_SUFFIXES, Content, Format, Unusable

FORMATS: tuple[Format, ...] = (
    columnar.PARQUET,
    columnar.ARROW,
    warc.FORMAT,
    newsml.FORMAT,
    feed.FORMAT,
    html_page.FORMAT,
    ninjs.FORMAT,
    json_lines.FORMAT,
    json_document.FORMAT,
    table.FORMAT,
    text.FORMAT,
)
"""In the order in which they are tried."""

# Each file is one article or a crawl, which takes long to read and names no article twice on purpose.
_NAMED_BY_FILE = {"text", "HTML", "WARC"}


def named(name: str) -> Format:
    """The format with this name or ending, such as "JSON Lines", "json-lines" or "jsonl". Raises ValueError."""
    by_name = {_plain(known): format for format in FORMATS for known in (format.name, *format.suffixes)}
    if format := by_name.get(_plain(name)):
        return format
    near = difflib.get_close_matches(_plain(name), by_name, n=1)
    meant = f"; did you mean {by_name[near[0]].name}?" if near else ""
    raise ValueError(f"no format {name!r}: there are {', '.join(format.name for format in FORMATS)}{meant}")


def declares_ids(format: str | None) -> bool:
    """Whether records of the format declare ids that several may share on purpose; those in no file do."""
    return format not in _NAMED_BY_FILE


def format_of(content: Content) -> Format:
    """The format of a file; without any sign it is text if the name has no ending. Raises `Unusable`."""
    for format in FORMATS:
        if format.fits(content):
            return format
    if b"\x00" in content.head:
        raise Unusable("a binary file, not text")
    for format in FORMATS:
        if content.suffix in format.suffixes:
            return format
    if content.suffix:
        known = " ".join(suffix for format in FORMATS for suffix in format.suffixes)
        packed = " ".join((*PACKED_SUFFIXES, ".zip"))
        raise Unusable(f"not a format that is read; there are {known}, each also packed: {packed}")
    return text.FORMAT


def _plain(name: str) -> str:
    return "".join(filter(str.isalnum, name.lower()))
