"""The response of a web server as crawls keep it: status, type and charset, and the body made plain."""

from __future__ import annotations

import io
import re
import zlib
from dataclasses import dataclass
from http.client import HTTPException, parse_headers

from detector.reading.decoding import limits
from detector.reading.decoding.optional import library
from detector.reading.formats.xml_safe import root_name
from detector.reading.mapping.messages import quoted, size
from detector.reading.source import Unusable

_STATUS = re.compile(rb"HTTP/[\d.]+\s+(\d{3})\b")
_CHARSET = re.compile(r"""charset\s*=\s*["']?\s*([\w.:-]{1,40})""", re.IGNORECASE)
_CHUNK = re.compile(rb"[ \t]*([0-9A-Fa-f]{1,8})[ \t]*(?:;[^\r\n]*)?\r?\n")
_LONGEST_STATUS_LINE = 8192


@dataclass(frozen=True, slots=True)
class Response:
    """A response. `content_type` is the header as it stands, "" where there is none."""

    status: int
    content_type: str
    body: bytes


def parsed(block: bytes) -> Response:
    """The response in the block of a WARC record. Raises `Unusable` where it is broken or its body is a bomb."""
    stream = io.BytesIO(block)
    status = _STATUS.match(stream.readline(_LONGEST_STATUS_LINE))
    if status is None:
        raise Unusable("no HTTP response: it does not begin with a status")
    try:
        headers = parse_headers(stream)
    except HTTPException as error:
        raise Unusable(f"a broken HTTP response: {type(error).__name__} in its headers") from None
    body = stream.read()
    if "chunked" in (headers.get("Transfer-Encoding") or "").lower():
        body = _dechunked(body)
    for encoding in reversed((headers.get("Content-Encoding") or "").lower().split(",")):
        body = _unpacked(body, encoding.strip())
    return Response(int(status[1]), headers.get("Content-Type") or "", body)


def media_type(content_type: str) -> str:
    """What a Content-Type names: "text/html" for "Text/HTML; charset=utf-8"."""
    return content_type.partition(";")[0].strip().lower()


def charset_in(content_type: str) -> str | None:
    """The charset that a Content-Type names."""
    found = _CHARSET.search(content_type)
    return found[1] if found else None


def _dechunked(body: bytes) -> bytes:
    """The body put together from its chunks; one that was put together already stays as it is."""
    if not _CHUNK.match(body):
        return body
    parts: list[bytes] = []
    place = 0
    while head := _CHUNK.match(body, place):
        length = int(head[1], 16)
        place = head.end() + length
        if length == 0:
            return b"".join(parts)
        if place > len(body):
            break
        parts.append(body[head.end() : place])
        place += 2 if body.startswith(b"\r\n", place) else 1
    raise Unusable("a broken HTTP response: its body breaks off inside the chunks it was sent in")


def _unpacked(body: bytes, encoding: str) -> bytes:
    """The body unpacked; one that was unpacked already stays as it is."""
    if encoding in ("", "identity") or root_name(body[: limits.HEAD_SIZE].decode("ascii", "replace")):
        return body
    try:
        plain, whole = _plain(body, encoding)
    except (zlib.error, ValueError):
        raise Unusable(f"a broken HTTP response: its body is no {quoted(encoding)}") from None
    if len(plain) > limits.RECORD_LIMIT:
        raise Unusable(f"the page is longer than {size(limits.RECORD_LIMIT)}, the most one record may have")
    if not whole:
        raise Unusable(f"a broken HTTP response: its body breaks off, packed as {quoted(encoding)}")
    return plain


def _plain(body: bytes, encoding: str) -> tuple[bytes, bool]:
    """What is packed in the body, as far as it may be read, and whether that is all. Raises zlib.error, ValueError."""
    if encoding in ("gzip", "x-gzip"):
        return _inflated(body, 16 + zlib.MAX_WBITS)
    if encoding == "deflate":  # zlib by the standard, the bare algorithm by what some servers send
        try:
            return _inflated(body, zlib.MAX_WBITS)
        except zlib.error:
            return _inflated(body, -zlib.MAX_WBITS)
    if encoding == "br":
        brotli = library("brotli", "Pages packed by Brotli", "warc")
        unpacker = brotli.Decompressor()
        try:
            return unpacker.process(body, output_buffer_limit=limits.RECORD_LIMIT + 1), unpacker.is_finished()
        except brotli.error:
            raise ValueError from None
    raise Unusable(f"the body is packed in a way that is not read: {quoted(encoding)}")


def _inflated(body: bytes, window: int) -> tuple[bytes, bool]:
    unpacker = zlib.decompressobj(window)
    return unpacker.decompress(body, limits.RECORD_LIMIT + 1), unpacker.eof
