"""Responses of web servers as crawls store them: status, content type, and the decoded body."""

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
    """A response. content_type: the header as written, "" if it is missing."""

    status: int
    content_type: str
    body: bytes


def parse_response(block: bytes) -> Response:
    """The response in the block of a WARC record. Raises `Unusable` if it is broken or its body is too long."""
    stream = io.BytesIO(block)
    status = _STATUS.match(stream.readline(_LONGEST_STATUS_LINE))
    if status is None:
        raise Unusable("not an HTTP response: no status line")
    try:
        headers = parse_headers(stream)
    except HTTPException as error:
        raise Unusable(f"broken HTTP response: {type(error).__name__} in its headers") from None
    body = stream.read()
    if "chunked" in (headers.get("Transfer-Encoding") or "").lower():
        body = _join_chunks(body)
    for encoding in reversed((headers.get("Content-Encoding") or "").lower().split(",")):
        body = _decode_body(body, encoding.strip())
    return Response(int(status[1]), headers.get("Content-Type") or "", body)


def media_type(content_type: str) -> str:
    """The media type in a Content-Type: "text/html" for "Text/HTML; charset=utf-8"."""
    return content_type.partition(";")[0].strip().lower()


def charset_in(content_type: str) -> str | None:
    """The charset in a Content-Type, if any."""
    match = _CHARSET.search(content_type)
    return match[1] if match else None


def _join_chunks(body: bytes) -> bytes:
    """The body joined from its chunks; a body that the crawler has joined already stays as it is."""
    if not _CHUNK.match(body):
        return body
    parts: list[bytes] = []
    position = 0
    while head := _CHUNK.match(body, position):
        length = int(head[1], 16)
        position = head.end() + length
        if length == 0:
            return b"".join(parts)
        if position > len(body):
            break
        parts.append(body[head.end() : position])
        position += 2 if body.startswith(b"\r\n", position) else 1
    raise Unusable("broken HTTP response: its body ends inside a chunk")


def _decode_body(body: bytes, encoding: str) -> bytes:
    """The body decompressed; a body that the crawler has decompressed already stays as it is."""
    if encoding in ("", "identity") or root_name(body[: limits.HEAD_SIZE].decode("ascii", "replace")):
        return body
    try:
        decoded, is_complete = _decompress_body(body, encoding)
    except (zlib.error, ValueError):
        raise Unusable(f"broken HTTP response: its body is not valid {quoted(encoding)}") from None
    if len(decoded) > limits.RECORD_LIMIT:
        raise Unusable(f"the page is longer than {size(limits.RECORD_LIMIT)}, the limit for one record")
    if not is_complete:
        raise Unusable(f"broken HTTP response: its {quoted(encoding)} body is incomplete")
    return decoded


def _decompress_body(body: bytes, encoding: str) -> tuple[bytes, bool]:
    """The decompressed body, cut above `RECORD_LIMIT`, and whether it is complete. Raises zlib.error or ValueError."""
    if encoding in ("gzip", "x-gzip"):
        return _inflate(body, 16 + zlib.MAX_WBITS)
    if encoding == "deflate":  # zlib by the standard, but some servers send the bare algorithm
        try:
            return _inflate(body, zlib.MAX_WBITS)
        except zlib.error:
            return _inflate(body, -zlib.MAX_WBITS)
    if encoding == "br":
        brotli = library("brotli", "Pages compressed with Brotli", "warc")
        decompressor = brotli.Decompressor()
        try:
            output = decompressor.process(body, output_buffer_limit=limits.RECORD_LIMIT + 1)
        except brotli.error:
            raise ValueError from None
        return output, decompressor.is_finished()
    raise Unusable(f"unsupported Content-Encoding {quoted(encoding)}")


def _inflate(body: bytes, window_bits: int) -> tuple[bytes, bool]:
    decompressor = zlib.decompressobj(window_bits)
    return decompressor.decompress(body, limits.RECORD_LIMIT + 1), decompressor.eof
