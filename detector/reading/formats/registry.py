"""All file formats, and how the format of a file is detected: by its content, then by its name."""

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
from detector.reading.source import COMPRESSED_SUFFIXES, Content, Format, Unusable

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
"""In the order in which they are tried. A new format is added here."""

# Formats whose records never share an id on purpose: a file is one article, or a crawl.
_WITHOUT_SHARED_IDS = {"text", "HTML", "WARC"}


def format_named(name: str) -> Format:
    """The format with this name or suffix, such as "JSON Lines", "json-lines" or "jsonl". Raises ValueError."""
    by_name = {_simplified(known): format for format in FORMATS for known in (format.name, *format.suffixes)}
    if format := by_name.get(_simplified(name)):
        return format
    close = difflib.get_close_matches(_simplified(name), by_name, n=1)
    suggestion = f"; did you mean {by_name[close[0]].name}?" if close else ""
    raise ValueError(f"unknown format {name!r}; choose from {', '.join(format.name for format in FORMATS)}{suggestion}")


def declares_ids(format: str | None) -> bool:
    """Whether several records of the format may share an id on purpose. True for records that are not from a file."""
    return format not in _WITHOUT_SHARED_IDS


def detect_format(content: Content) -> Format:
    """The format of a file. An unrecognized file without a suffix is text. Raises `Unusable` for other files."""
    for format in FORMATS:
        if format.recognizes(content):
            return format
    if b"\x00" in content.head:
        raise Unusable("a binary file, not text")
    for format in FORMATS:
        if content.suffix in format.suffixes:
            return format
    if content.suffix:
        known = " ".join(suffix for format in FORMATS for suffix in format.suffixes)
        compressed = " ".join((*COMPRESSED_SUFFIXES, ".zip"))
        raise Unusable(f"unsupported file type; supported are {known}, each also compressed: {compressed}")
    return text.FORMAT


def _simplified(name: str) -> str:
    return "".join(filter(str.isalnum, name.lower()))
