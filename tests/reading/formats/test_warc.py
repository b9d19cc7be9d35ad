"""Crawls written by warcio: the pages become articles, everything else is rejected with the reason or skipped."""

from __future__ import annotations

import gzip
import io
import sys
import tracemalloc
import zlib
from collections.abc import Callable

import brotli
import pytest
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from detector.reading import Reading, read_articles
from detector.reading.decoding import limits, optional
from detector.records import Rejected
from tests.reading.conftest import Put, Read
from tests.reading.pages import ARABIC, ARABIC_PARAGRAPHS, CHINESE, CHINESE_PARAGRAPHS, FRENCH, english

HTML = [("Content-Type", "text/html; charset=utf-8")]


class Crawl:
    """A WARC file in the making; every record gets a page of its own unless it is given one."""

    def __init__(self, packed: bool = False) -> None:
        self._file = io.BytesIO()
        self._writer = WARCWriter(self._file, gzip=packed)
        self._count = 0

    def record(
        self,
        body: bytes | None = None,
        headers: list[tuple[str, str]] = HTML,
        *,
        status: str = "200 OK",
        kind: str = "response",
        url: str | None = None,
        content_type: str | None = None,
    ) -> Crawl:
        self._count += 1
        http = StatusAndHeaders(status, headers, protocol="HTTP/1.1") if kind in ("response", "revisit") else None
        record = self._writer.create_warc_record(
            url or f"https://a.example/{self._count}",
            kind,
            payload=io.BytesIO(english(self._count).encode() if body is None else body),
            http_headers=http,
            warc_content_type=content_type or "",
            warc_headers_dict={"WARC-Date": "2026-03-09T00:00:00Z"},
        )
        self._writer.write_record(record)
        return self

    def bytes(self) -> bytes:
        return self._file.getvalue()


def titles(reading: Reading) -> list[str | None]:
    return [article.title for article in reading.articles]


def reasons(reading: Reading) -> list[tuple[int | None, str]]:
    return [(each.record, each.reason) for each in reading.rejected]


@pytest.mark.parametrize("packed", [False, True])
def test_pages_become_articles_at_the_url_they_were_fetched_from(packed: bool, read: Read) -> None:
    crawl = Crawl(packed).record(FRENCH.encode(), url="https://courrier.example/crue?utm=x")
    crawl.record(CHINESE.encode("gb18030"), [("Content-Type", "text/html")])
    crawl.record(ARABIC.encode("cp1256"), [("content-type", 'Text/HTML; Charset="windows-1256"')])
    french, chinese, arabic = read("a.warc.gz" if packed else "a.warc", crawl.bytes()).articles
    assert (french.id, french.url) == ("https://courrier.example/crue?utm=x",) * 2
    assert (french.source, french.language) == ("Le Courrier du Fleuve", "fr-FR")
    assert chinese.text.splitlines()[-3:] == list(CHINESE_PARAGRAPHS)
    assert arabic.text.splitlines()[-3:] == list(ARABIC_PARAGRAPHS)
    assert [page.published for page in (french, chinese, arabic)] == [
        "2026-03-04T06:42:00+01:00",
        "2026-03-04T08:30:00",
        "2026-03-04T08:15:00+03:00",
    ]


def test_the_date_of_the_crawl_is_not_that_of_the_article(read: Read) -> None:
    assert [page.published for page in read("a.warc", Crawl().record().bytes()).articles] == [None]


def test_records_that_are_not_pages_are_rejected_or_skipped(read: Read) -> None:
    crawl = Crawl()
    crawl.record(b"software: x\r\n", kind="warcinfo", content_type="application/warc-fields")
    crawl.record(b"GET / HTTP/1.1\r\n\r\n", kind="request", content_type="application/http; msgtype=request")
    crawl.record()
    crawl.record(b"fetchTimeMs: 1\r\n", kind="metadata", content_type="application/warc-fields")
    crawl.record(b"\x89PNG", [("Content-Type", "image/png")])
    crawl.record(status="404 Not Found")
    crawl.record(b"", status="301 Moved", headers=[("Location", "/b")])
    crawl.record(b"", kind="revisit")
    crawl.record(b"ns 1.2.3.4", kind="resource", content_type="text/dns", url="dns:a.example")
    crawl.record(kind="resource", content_type="text/html")
    crawl.record(b"The river rose.", kind="conversion", content_type="text/plain")
    crawl.record(headers=[])
    crawl.record(b"what?", headers=[])
    crawl.record(b"<html><body></body></html>")
    reading = read("a.warc", crawl.bytes())
    assert titles(reading) == ["Flood 3 in the town", "Flood 10 in the town", None, "Flood 12 in the town"]
    assert reasons(reading) == [
        (5, "not an HTML page but 'image/png'"),
        (6, "no page: the server answered with status 404"),
        (7, "no page: the server answered with status 301"),
        (8, "a revisit record: the page was unchanged since an earlier crawl and is not stored here"),
        (9, "not an HTML page but 'text/dns'"),
        (13, "not an HTML page; no type is declared"),
        (14, "no main text found: the page holds links or pictures, or is filled by scripts"),
    ]
    assert reading.rejected[0].id == "https://a.example/5"


def chunked(body: bytes) -> bytes:
    parts = [body[:7], body[7:500], body[500:]]
    return b"".join(b"%x;ext=1\r\n%b\r\n" % (len(part), part) for part in parts) + b"0\r\n\r\n"


def bare_deflate(body: bytes) -> bytes:
    packer = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    return packer.compress(body) + packer.flush()


@pytest.mark.parametrize(
    ("header", "value", "pack"),
    [
        ("Transfer-Encoding", "chunked", chunked),
        ("Content-Encoding", "gzip", gzip.compress),
        ("Content-Encoding", "GZIP", gzip.compress),
        ("Content-Encoding", "deflate", zlib.compress),
        ("Content-Encoding", "deflate", bare_deflate),
        ("Content-Encoding", "br", brotli.compress),
        # Crawlers that keep the plain body often keep the header too.
        ("Content-Encoding", "gzip", bytes),
        ("Transfer-Encoding", "chunked", bytes),
    ],
)
def test_a_body_is_decoded(header: str, value: str, pack: Callable[[bytes], bytes], read: Read) -> None:
    crawl = Crawl().record(pack(english(1).encode()), [*HTML, (header, value)])
    assert titles(read("a.warc", crawl.bytes())) == ["Flood 1 in the town"]


def test_a_body_may_be_compressed_and_chunked(read: Read) -> None:
    body = chunked(gzip.compress(english(1).encode()))
    crawl = Crawl().record(body, [*HTML, ("Transfer-Encoding", "chunked"), ("Content-Encoding", "gzip")])
    assert titles(read("a.warc", crawl.bytes())) == ["Flood 1 in the town"]


@pytest.mark.parametrize(
    ("header", "body", "reason"),
    [
        (("Transfer-Encoding", "chunked"), b"ff\r\n<html>", "its body ends inside a chunk"),
        (
            ("Transfer-Encoding", "chunked"),
            b"3\r\nabc\r\nzz\r\n",
            "its body ends inside a chunk",
        ),
        (("Content-Encoding", "gzip"), gzip.compress(b"a" * 99)[:-12], "its 'gzip' body is incomplete"),
        (("Content-Encoding", "gzip"), b"no gzip", "its body is not valid 'gzip'"),
        (("Content-Encoding", "br"), b"\xff\xff\xff\xff", "its body is not valid 'br'"),
    ],
)
def test_a_broken_body_costs_only_itself(header: tuple[str, str], body: bytes, reason: str, read: Read) -> None:
    reading = read("a.warc", Crawl().record(body, [*HTML, header]).record().bytes())
    assert titles(reading) == ["Flood 2 in the town"]
    assert reasons(reading) == [(1, f"broken HTTP response: {reason}")]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("encoding", "pack"), [("gzip", gzip.compress), ("deflate", zlib.compress), ("br", brotli.compress)]
)
def test_a_bomb_is_not_decompressed(encoding: str, pack: Callable[[bytes], bytes], read: Read) -> None:
    bomb = pack(b" " * 200_000_000)
    reading = read("a.warc", Crawl().record(bomb, [*HTML, ("Content-Encoding", encoding)]).record().bytes())
    del bomb
    tracemalloc.start()
    assert reasons(reading) == [(1, "the page is longer than 16 MiB, the limit for one record")]
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 5 * limits.RECORD_LIMIT
    assert len(reading) == 2


def test_an_incomplete_file_costs_its_last_record(read: Read) -> None:
    complete = Crawl().record().record().bytes()
    reading = read("a.warc", complete[:-100])
    assert titles(reading) == ["Flood 1 in the town"]
    [(number, reason)] = reasons(reading)
    assert number == 2
    assert reason.startswith("the file ends inside this record: ")


def test_an_incomplete_compressed_file_keeps_the_records_before(read: Read) -> None:
    complete = Crawl(packed=True).record().record().bytes()
    reading = read("a.warc.gz", complete[:-100])
    assert titles(reading) == ["Flood 1 in the town"]
    assert [reason for _, reason in reasons(reading)][-1] == "broken gzip file: data after the damage could not be read"


@pytest.mark.parametrize(
    ("length", "expected"),
    [
        (b"10", "broken WARC file (Invalid WARC header): data after record 2 could not be read"),
        (b"-9", "broken WARC file (Invalid WARC header): data after record 2 could not be read"),
        (b"99999999999", "the file ends inside this record: "),
    ],
)
def test_a_wrong_length_is_reported(length: bytes, expected: str, read: Read) -> None:
    first, second, third = (Crawl().record(english(number).encode()).bytes() for number in (1, 2, 3))
    start = second.index(b"Content-Length: ") + len(b"Content-Length: ")
    end = second.index(b"\r\n", start)
    reading = read("a.warc", first + second[:start] + length + second[end:] + third)
    assert titles(reading) == ["Flood 1 in the town"]
    assert reasons(reading)[-1][1].startswith(expected)


@pytest.mark.parametrize(
    "content",
    [
        b"WARC/",
        b"WARC/1.0\r\n",
        b"WARC/1.0\r\n" * 9000,
        b"WARC/1.0\r\nX: " + b"a" * 3_000_000,
        b"WARC/1.1\r\n\r\n\r\n\r\n",
    ],
)
def test_a_file_that_only_starts_as_a_crawl_is_rejected_once(content: bytes, read: Read) -> None:
    [outcome] = read("a.warc", content)
    assert isinstance(outcome, Rejected)


def test_a_record_that_is_too_long_is_skipped(read: Read, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "RECORD_LIMIT", 1500)
    reading = read("a.warc", Crawl().record(b"x" * 1500).record().bytes())
    assert titles(reading) == ["Flood 2 in the town"]
    assert reasons(reading) == [(1, "the record is longer than 1500 bytes, the limit for one record")]


def test_a_crawl_is_streamed(put: Put) -> None:
    crawl = Crawl()
    for _ in range(40):
        crawl.record(b"<html>" + b"<!-- filler -->" * 40_000)
    size = len(crawl.bytes())
    path = put("a.warc", crawl.record().bytes())
    read_articles(put("b.warc", Crawl().record().bytes())).articles  # noqa: B018, the packages are loaded by now
    del crawl
    tracemalloc.start()
    assert titles(read_articles(path)) == ["Flood 41 in the town"]
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < size / 4


@pytest.mark.parametrize("missing", ["fastwarc.warc", "trafilatura"])
def test_without_its_packages_a_crawl_is_rejected_once(
    missing: str, read: Read, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, missing, None)
    optional.library.cache_clear()
    [outcome] = read("a.warc", Crawl().record().record().bytes())
    assert isinstance(outcome, Rejected)
    assert outcome.reason.endswith("need a package: pip install 'detector[warc]'")
    optional.library.cache_clear()
