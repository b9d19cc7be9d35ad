"""A small valid file of each format, with texts in several scripts: what fuzzing starts from."""

from __future__ import annotations

import csv
import io
import json

import pyarrow as pa
import pyarrow.ipc
import pyarrow.parquet

from tests.reading.pages import CHINESE

RECORDS: tuple[dict[str, str], ...] = (
    {"id": "ru", "title": "Наводнение", "text": "Река поднялась на два метра.", "date": "2026-03-04"},
    {"id": "zh", "title": "水灾", "text": "河水上涨了两米,学校关闭。", "date": "2026-03-05T10:00:00+08:00"},
    {"id": "ar", "title": "فيضان", "text": "ارتفع منسوب النهر مترين.", "date": "2026-03-06"},
    {"id": "vi", "title": "Lũ lụt", "text": "Nước sông dâng cao hai mét, “chưa từng có”.", "date": "2026-03-07"},
)


def json_lines() -> bytes:
    return "".join(json.dumps(record, ensure_ascii=False) + "\n" for record in RECORDS).encode()


def json_document() -> bytes:
    return json.dumps({"status": "ok", "articles": RECORDS}, ensure_ascii=False, indent=1).encode()


def table() -> bytes:
    stream = io.StringIO()
    writer = csv.DictWriter(stream, RECORDS[0], delimiter=";", quoting=csv.QUOTE_ALL)
    writer.writeheader()
    writer.writerows(RECORDS)
    return stream.getvalue().encode()


def text() -> bytes:
    return "\n\n".join(record["text"] for record in RECORDS).encode()


def parquet() -> bytes:
    stream = io.BytesIO()
    pa.parquet.write_table(pa.Table.from_pylist(list(RECORDS)), stream, row_group_size=2)
    return stream.getvalue()


def arrow() -> bytes:
    stream = io.BytesIO()
    rows = pa.Table.from_pylist(list(RECORDS))
    with pa.ipc.new_file(stream, rows.schema) as writer:
        writer.write_table(rows, max_chunksize=2)
    return stream.getvalue()


def html() -> bytes:
    return CHINESE.encode()


def warc() -> bytes:
    page = b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n\r\n" + html()
    record = (
        "WARC/1.0\r\nWARC-Type: response\r\nWARC-Record-ID: <urn:uuid:{0}>\r\nWARC-Date: 2026-03-04T10:00:00Z\r\n"
        "WARC-Target-URI: https://a.example/{0}\r\nContent-Type: application/http; msgtype=response\r\n"
        "Content-Length: {1}\r\n\r\n"
    )
    return b"".join(record.format(n, len(page)).encode() + page + b"\r\n\r\n" for n in range(2))


def newsml() -> bytes:
    items = "".join(
        f"""<newsItem guid="urn:newsml:a.example:{record["id"]}" version="1" standard="NewsML-G2">
        <itemMeta><versionCreated>{record["date"]}</versionCreated><pubStatus qcode="stat:usable"/></itemMeta>
        <contentMeta><language tag="{record["id"]}"/><headline>{record["title"]}</headline></contentMeta>
        <contentSet><inlineXML contenttype="application/xhtml+xml"><html xmlns="http://www.w3.org/1999/xhtml">
        <body><p>{record["text"]}</p></body></html></inlineXML></contentSet></newsItem>"""
        for record in RECORDS
    )
    return f'<newsMessage xmlns="http://iptc.org/std/nar/2006-10-01/"><itemSet>{items}</itemSet></newsMessage>'.encode()


def ninjs() -> bytes:
    return b"".join(
        json.dumps(
            {
                "uri": f"http://a.example/{record['id']}",
                "type": "text",
                "versioncreated": record["date"],
                "pubstatus": "usable",
                "language": record["id"],
                "headline": record["title"],
                "body_text": record["text"],
            }
        ).encode()
        + b"\n"
        for record in RECORDS
    )


def feed() -> bytes:
    items = "".join(
        f"<item><guid>urn:{record['id']}</guid><title>{record['title']}</title><description>{record['text']}</description>"
        "</item>"
        for record in RECORDS
    )
    return f'<?xml version="1.0"?><rss version="2.0"><channel><title>A</title>{items}</channel></rss>'.encode()


SAMPLES: dict[str, bytes] = {
    "Parquet": parquet(),
    "Arrow": arrow(),
    "WARC": warc(),
    "NewsML-G2": newsml(),
    "feed": feed(),
    "HTML": html(),
    "ninjs": ninjs(),
    "JSON Lines": json_lines(),
    "JSON": json_document(),
    "CSV": table(),
    "text": text(),
}
"""By the name of the format; a format that is new in the registry needs one here."""
