"""WARC, the archives of crawls: every HTML page in them goes to the reader of pages, at the URL it was fetched from.

Records are numbered from 1 as they stand in the file. Those that tell of the crawl itself (warcinfo, request, metadata)
are no articles and are passed over; everything else that is none is rejected. The date of the crawl is not that of the
article, and is not used.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any

from detector.reading.decoding import limits
from detector.reading.decoding.charset import decoded
from detector.reading.decoding.optional import library
from detector.reading.formats.html_page import article, is_html
from detector.reading.formats.http_response import charset_in, media_type, parsed
from detector.reading.mapping.messages import escaped, quoted, size
from detector.reading.source import Content, Format, Record, Unusable
from detector.records import Rejected

_ABOUT_THE_CRAWL = ("warcinfo", "request", "metadata")
_REASONS = {
    "revisit": "a revisit: the page had not changed since it was crawled before, and is not in this record",
    "continuation": "a part of a record that is split over several files: join them first",
}
_HTML = ("text/html", "application/xhtml+xml")


def read(content: Content) -> Iterator[Record | Rejected]:
    """The articles of the pages. Damage costs what stands behind it, once."""
    library("trafilatura", "HTML pages in a crawl", "warc")
    source = _Source(content.stream)
    archive = library("fastwarc.warc", "WARC files", "warc").ArchiveIterator(
        source, parse_http=False, stream_detect=False, strict_mode=False
    )
    number = 0
    while True:
        try:
            record = next(archive, None)
        except OSError as error:
            source.check()
            what = escaped(str(error)).rstrip(".")
            raise Unusable(f"a broken WARC ({what}): what stands behind record {number} is lost") from None
        source.check()
        if record is None:
            return
        number += 1
        if _kind(record) in _ABOUT_THE_CRAWL:
            continue
        url = (record.headers.get("WARC-Target-URI") or "").strip("<>") or None
        try:
            fields = _fields(record, url)
        except Unusable as flaw:
            source.check()
            yield content.place.rejected(str(flaw), number, escaped(url) if url else None)
        else:
            yield Record(content.place, number, fields)


def fits(content: Content) -> bool:
    """Whether the file begins with the version of a WARC record."""
    return content.head.startswith(b"WARC/")


def _fields(record: Any, url: str | None) -> dict[str, object]:
    """The fields of the article in a record. Raises `Unusable` where there is none."""
    kind = _kind(record)
    if kind in _REASONS:
        raise Unusable(_REASONS[kind])
    block = _block(record)
    content_type = record.headers.get("Content-Type") or ""
    if kind == "conversion" and media_type(content_type) == "text/plain":  # the WET files of Common Crawl
        return {"url": url, "text": decoded(block, charset_in(content_type))}
    if kind == "response" and block.startswith(b"HTTP/"):
        response = parsed(block)
        if not 200 <= response.status < 300:
            raise Unusable(f"no page: the server answered with status {response.status}")
        block, content_type = response.body, response.content_type
    elif kind not in ("response", "resource"):
        raise Unusable(f"no page but a record of type {quoted(kind)}")
    found = media_type(content_type)
    if found not in _HTML and (found or not is_html(block[: limits.HEAD_SIZE].decode("utf-8", "replace"))):
        raise Unusable(f"no HTML page but {quoted(found)}" if found else "no HTML page, and no type is declared")
    return article(block, charset_in(content_type), url)


def _kind(record: Any) -> str:
    return (record.headers.get("WARC-Type") or "").strip().lower()


def _block(record: Any) -> bytes:
    """What stands in the record. Raises `Unusable` where it is too long, or the file ends before it does."""
    length = left = record.content_length
    parts = []
    while left and (part := record.reader.read(min(left, limits.MIB))):
        left -= len(part)
        if length <= limits.RECORD_LIMIT:
            parts.append(part)
    if left:
        raise Unusable(f"the file breaks off inside this record: {left} of its {length} bytes are missing")
    if length > limits.RECORD_LIMIT:
        raise Unusable(f"the record is longer than {size(limits.RECORD_LIMIT)}, the most one may have")
    return b"".join(parts)


class _Source:
    """The stream as FastWARC reads it. In there an error would be a panic, so it waits until `check`."""

    def __init__(self, stream: io.BufferedReader) -> None:
        self._stream = stream
        self._place = 0
        self._error: Exception | None = None

    def read(self, size: int = -1) -> bytes:
        if self._error is not None:
            return b""
        try:
            data = self._stream.read1(size)
        except Exception as error:
            self._error = error
            return b""
        self._place += len(data)
        return data

    def tell(self) -> int:
        return self._place

    def check(self) -> None:
        """Raises what went wrong when the stream was read, if anything did."""
        if self._error is not None:
            raise self._error


FORMAT = Format("WARC", (".warc",), fits, read)
