"""WARC, the archives of web crawls: every HTML page becomes an article with the URL it was fetched from.

Records are numbered from 1 in the order of the file. Records about the crawl itself (warcinfo, request, metadata) are
skipped; all others that are not pages are rejected. The date of the crawl is not used as the date of the article.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any

from detector.reading.decoding import limits
from detector.reading.decoding.charset import decode_page
from detector.reading.decoding.optional import library
from detector.reading.formats.html_page import article_fields, is_html
from detector.reading.formats.http_response import charset_in, media_type, parse_response
from detector.reading.mapping.messages import escaped, quoted, size
from detector.reading.source import Content, Format, Record, Unusable
from detector.records import Rejected

_ABOUT_THE_CRAWL = ("warcinfo", "request", "metadata")
_REASONS = {
    "revisit": "a revisit record: the page was unchanged since an earlier crawl and is not stored here",
    "continuation": "part of a record that is split over several files: join them first",
}
_HTML = ("text/html", "application/xhtml+xml")


def read(content: Content) -> Iterator[Record | Rejected]:
    """The articles of the pages. Data after damage is lost, which is reported once."""
    library("trafilatura", "HTML pages in a crawl", "warc")
    stream = _ErrorHoldingStream(content.stream)
    archive = library("fastwarc.warc", "WARC files", "warc").ArchiveIterator(
        stream, parse_http=False, stream_detect=False, strict_mode=False
    )
    number = 0
    while True:
        try:
            record = next(archive, None)
        except OSError as error:
            stream.raise_error()
            what = escaped(str(error)).rstrip(".")
            raise Unusable(f"broken WARC file ({what}): data after record {number} could not be read") from None
        stream.raise_error()
        if record is None:
            return
        number += 1
        if _kind(record) in _ABOUT_THE_CRAWL:
            continue
        url = (record.headers.get("WARC-Target-URI") or "").strip("<>") or None
        try:
            fields = _page_fields(record, url)
        except Unusable as error:
            stream.raise_error()
            yield content.source.rejected(str(error), number, escaped(url) if url else None)
        else:
            yield Record(content.source, number, fields)


def recognizes(content: Content) -> bool:
    """Whether the file starts with the version line of a WARC record."""
    return content.head.startswith(b"WARC/")


def _page_fields(record: Any, url: str | None) -> dict[str, object]:
    """The fields of the article in a record. Raises `Unusable` if there is none."""
    kind = _kind(record)
    if kind in _REASONS:
        raise Unusable(_REASONS[kind])
    block = _block(record)
    content_type = record.headers.get("Content-Type") or ""
    if kind == "conversion" and media_type(content_type) == "text/plain":  # the WET files of Common Crawl
        return {"url": url, "text": decode_page(block, charset_in(content_type))}
    if kind == "response" and block.startswith(b"HTTP/"):
        response = parse_response(block)
        if not 200 <= response.status < 300:
            raise Unusable(f"no page: the server answered with status {response.status}")
        block, content_type = response.body, response.content_type
    elif kind not in ("response", "resource"):
        raise Unusable(f"not a page but a record of type {quoted(kind)}")
    page_type = media_type(content_type)
    if page_type not in _HTML and (page_type or not is_html(block[: limits.HEAD_SIZE].decode("utf-8", "replace"))):
        what = f"not an HTML page but {quoted(page_type)}" if page_type else "not an HTML page; no type is declared"
        raise Unusable(what)
    return article_fields(block, charset_in(content_type), url)


def _kind(record: Any) -> str:
    return (record.headers.get("WARC-Type") or "").strip().lower()


def _block(record: Any) -> bytes:
    """The content of the record. Raises `Unusable` if it is too long or incomplete."""
    length = missing = record.content_length
    parts = []
    while missing and (part := record.reader.read(min(missing, limits.MIB))):
        missing -= len(part)
        if length <= limits.RECORD_LIMIT:
            parts.append(part)
    if missing:
        raise Unusable(f"the file ends inside this record: {missing} of its {length} bytes are missing")
    if length > limits.RECORD_LIMIT:
        raise Unusable(f"the record is longer than {size(limits.RECORD_LIMIT)}, the limit for one record")
    return b"".join(parts)


class _ErrorHoldingStream:
    """The stream that FastWARC reads. An exception inside FastWARC would abort it, so errors wait for `raise_error`."""

    def __init__(self, stream: io.BufferedReader) -> None:
        self._stream = stream
        self._position = 0
        self._error: Exception | None = None

    def read(self, size: int = -1) -> bytes:
        if self._error is not None:
            return b""
        try:
            data = self._stream.read1(size)
        except Exception as error:
            self._error = error
            return b""
        self._position += len(data)
        return data

    def tell(self) -> int:
        return self._position

    def raise_error(self) -> None:
        """Raises the error that occurred while reading, if any."""
        if self._error is not None:
            raise self._error


FORMAT = Format("WARC", (".warc",), recognizes, read)
