"""Writes articles in every format that the detector reads: the files on which the speed of reading is measured."""

from __future__ import annotations

import csv
import gzip
import io
import json
import zipfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from email.utils import format_datetime
from importlib.util import find_spec
from itertools import islice
from pathlib import Path
from typing import Any, TypeAlias, TypeVar
from xml.sax.saxutils import escape, quoteattr

from detector.records import Article
from tests.benchmarks.generated_articles import SITE, SOURCE

ENTRIES_PER_FEED = 50
# What surrounds the article on a page: links, and teasers of other articles.
_MENU = "".join(f'<li class="item"><a href="/section/{n}">Section {n}</a></li>' for n in range(60))
_TEASERS = "".join(
    f'<div class="teaser"><a href="/other/{n}"><img src="/{n}.jpg" alt=""/><h3>Another article {n}</h3></a></div>'
    for n in range(30)
)

Write: TypeAlias = Callable[[Path, Iterable[Article]], None]
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class FormatWriter:
    """Writes articles in one format, to a file or folder of this name.

    format: the name of the format in the detector. needs: the packages that writing and reading need.
    """

    format: str
    name: str
    write: Write
    needs: tuple[str, ...] = ()

    @property
    def missing(self) -> list[str]:
        """The packages that are not installed."""
        return [name for name in self.needs if find_spec(name) is None]


def _record(article: Article) -> dict[str, object]:
    """The fields of an article that are not empty."""
    return {name: value for name, value in asdict(article).items() if value}


def json_line(article: Article) -> bytes:
    """An article as a line of JSON Lines."""
    return json.dumps(_record(article), ensure_ascii=False).encode() + b"\n"


def _json_lines(path: Path, articles: Iterable[Article]) -> None:
    with path.open("wb") as file:
        file.writelines(map(json_line, articles))


def _json_lines_in_gzip(path: Path, articles: Iterable[Article]) -> None:
    with gzip.open(path, "wb", compresslevel=6) as file:
        file.writelines(map(json_line, articles))


def _json_lines_in_zstandard(path: Path, articles: Iterable[Article]) -> None:
    import zstandard

    with zstandard.open(path, "wb") as file:
        for article in articles:
            file.write(json_line(article))


def _json(path: Path, articles: Iterable[Article]) -> None:
    with path.open("wb") as file:
        file.write(b'{"status": "ok", "articles": [\n')
        for index, article in enumerate(articles):
            file.write((b",\n" if index else b"") + json_line(article).rstrip())
        file.write(b"\n]}\n")


def _csv(path: Path, articles: Iterable[Article]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, ("id", "title", "text", "published", "source", "url", "language"))
        writer.writeheader()
        writer.writerows(map(_record, articles))


def _parquet(path: Path, articles: Iterable[Article]) -> None:
    import pyarrow.parquet

    pyarrow.parquet.write_table(_table(articles), path)


def _arrow(path: Path, articles: Iterable[Article]) -> None:
    import pyarrow.feather

    pyarrow.feather.write_feather(_table(articles), path)


def _table(articles: Iterable[Article]) -> Any:
    import pyarrow

    return pyarrow.Table.from_pylist(list(map(_record, articles)))


def _ninjs(path: Path, articles: Iterable[Article]) -> None:
    with path.open("w", encoding="utf-8") as file:
        for article in articles:
            item = {
                "uri": article.id,
                "type": "text",
                "pubstatus": "usable",
                "versioncreated": article.published,
                "headline": article.title,
                "body_text": article.text,
                "copyrightholder": article.source,
                "link": article.url,
            }
            file.write(json.dumps(item, ensure_ascii=False) + "\n")


def _newsml(path: Path, articles: Iterable[Article]) -> None:
    with path.open("w", encoding="utf-8") as file:
        file.write('<?xml version="1.0" encoding="UTF-8"?>\n')
        file.write('<newsMessage xmlns="http://iptc.org/std/nar/2006-10-01/"><itemSet>\n')
        for article in articles:
            file.write(
                f'<newsItem guid="{article.id}" version="1" standard="NewsML-G2" conformance="power">'
                f'<itemMeta><itemClass qcode="ninat:text"/><provider literal="{escape(article.source or "")}"/>'
                f"<versionCreated>{article.published}</versionCreated>"
                '<pubStatus qcode="stat:usable"/></itemMeta>'
                f"<contentMeta><headline>{escape(article.title or '')}</headline></contentMeta>"
                '<contentSet><inlineXML contenttype="application/xhtml+xml">'
                f'<html xmlns="http://www.w3.org/1999/xhtml"><body>{_paragraphs(article)}</body></html>'
                "</inlineXML></contentSet></newsItem>\n"
            )
        file.write("</itemSet></newsMessage>\n")


def _rss(folder: Path, articles: Iterable[Article]) -> None:
    for name, entries in _feeds(articles):
        items = "".join(
            f'<item><guid isPermaLink="false">{entry.id}</guid><title>{escape(entry.title or "")}</title>'
            f"<link>{entry.url}</link><pubDate>{_internet_date(entry)}</pubDate>"
            f"<content:encoded>{escape(_paragraphs(entry))}</content:encoded></item>"
            for entry in entries
        )
        _put(
            folder / f"{name}.rss",
            '<?xml version="1.0"?>\n<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/">'
            f"<channel><title>{SOURCE}</title><link>{SITE}</link>{items}</channel></rss>\n",
        )


def _atom(folder: Path, articles: Iterable[Article]) -> None:
    for name, entries in _feeds(articles):
        items = "".join(
            f"<entry><id>{entry.id}</id><title>{escape(entry.title or '')}</title>"
            f'<link href="{entry.url}"/><published>{entry.published}</published>'
            f'<content type="html">{escape(_paragraphs(entry))}</content></entry>'
            for entry in entries
        )
        _put(
            folder / f"{name}.atom",
            '<?xml version="1.0"?>\n<feed xmlns="http://www.w3.org/2005/Atom">'
            f"<id>{SITE}</id><title>{SOURCE}</title>{items}</feed>\n",
        )


def _feeds(articles: Iterable[Article]) -> Iterator[tuple[str, list[Article]]]:
    rest = iter(articles)
    return enumerated(iter(lambda: list(islice(rest, ENTRIES_PER_FEED)), []))


def _internet_date(article: Article) -> str:
    return format_datetime(datetime.fromisoformat(article.published or ""))


def page(article: Article) -> str:
    """An article as a page with the navigation and teasers of a site around it."""
    title = escape(article.title or "")
    return (
        f'<!DOCTYPE html>\n<html><head><meta charset="utf-8"><title>{title} - {SOURCE}</title>'
        f'<link rel="canonical" href="{article.url}"><meta property="og:site_name" content="{SOURCE}">'
        f'<meta property="og:title" content={quoteattr(article.title or "")}>'
        f'<meta property="article:published_time" content="{article.published}"></head>'
        f"<body><header><nav><ul>{_MENU}</ul></nav></header>"
        f"<main><article><h1>{title}</h1>{_paragraphs(article)}</article></main>"
        f"<aside>{_TEASERS}</aside><footer><p>© {SOURCE}</p></footer></body></html>\n"
    )


def _paragraphs(article: Article) -> str:
    return "".join(f"<p>{escape(line.strip())}</p>" for line in article.text.splitlines() if line.strip())


def _pages(folder: Path, articles: Iterable[Article]) -> None:
    for name, article in enumerated(articles):
        _put(folder / f"{name}.html", page(article))


def _zipped_pages(path: Path, articles: Iterable[Article]) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, article in enumerated(articles):
            archive.writestr(f"pages/{name}.html", page(article))


def _texts(folder: Path, articles: Iterable[Article]) -> None:
    for name, article in enumerated(articles):
        _put(folder / f"{name}.txt", article.text)


def _warc(path: Path, articles: Iterable[Article]) -> None:
    from warcio.statusandheaders import StatusAndHeaders
    from warcio.warcwriter import WARCWriter

    with path.open("wb") as file:
        writer = WARCWriter(file, gzip=True)
        for article in articles:
            headers = StatusAndHeaders("200 OK", [("Content-Type", "text/html; charset=utf-8")], protocol="HTTP/1.1")
            payload = io.BytesIO(page(article).encode())
            writer.write_record(writer.create_warc_record(article.url, "response", payload, http_headers=headers))


def enumerated(items: Iterable[T]) -> Iterator[tuple[str, T]]:
    """The items, each with a file name that keeps their order."""
    return ((f"{index:08}", item) for index, item in enumerate(items))


def _put(path: Path, text: str) -> None:
    path.parent.mkdir(exist_ok=True)
    path.write_text(text, encoding="utf-8")


WRITERS: Mapping[str, FormatWriter] = {
    "JSON Lines": FormatWriter("JSON Lines", "articles.jsonl", _json_lines),
    "JSON Lines in gzip": FormatWriter("JSON Lines", "articles.jsonl.gz", _json_lines_in_gzip),
    "JSON Lines in Zstandard": FormatWriter(
        "JSON Lines", "articles.jsonl.zst", _json_lines_in_zstandard, ("zstandard",)
    ),
    "JSON": FormatWriter("JSON", "articles.json", _json),
    "CSV": FormatWriter("CSV", "articles.csv", _csv),
    "Parquet": FormatWriter("Parquet", "articles.parquet", _parquet, ("pyarrow",)),
    "Arrow": FormatWriter("Arrow", "articles.arrow", _arrow, ("pyarrow",)),
    "ninjs": FormatWriter("ninjs", "articles.jsonl", _ninjs),
    "NewsML-G2": FormatWriter("NewsML-G2", "articles.xml", _newsml),
    "RSS": FormatWriter("feed", "rss", _rss, ("feedparser",)),
    "Atom": FormatWriter("feed", "atom", _atom, ("feedparser",)),
    "HTML pages": FormatWriter("HTML", "pages", _pages, ("trafilatura",)),
    "HTML pages in a zip": FormatWriter("HTML", "pages.zip", _zipped_pages, ("trafilatura",)),
    "WARC in gzip": FormatWriter("WARC", "articles.warc.gz", _warc, ("trafilatura", "fastwarc", "warcio")),
    "text files": FormatWriter("text", "texts", _texts),
}
"""By the name of the row in the table."""
